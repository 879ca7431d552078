"""The audit trail and the chain of a certificate in words; codes without words stay as they are."""

from __future__ import annotations

from flask_babel import LazyString, gettext, lazy_gettext

from certify.services.ports import ROLES, AuditEvent
from certify.web.display import number
from certify.web.student_words import (
    ReasonLine,
    below_threshold,
    dimension_below_minimum,
    months,
    threshold_reached,
)
from certify.web.vocabulary import level_name, role_name
from rubrics.level_decision import Reason

ACTION_NAMES: dict[str, LazyString] = {
    "person.add": lazy_gettext("Account created"),
    "person.change": lazy_gettext("Account changed"),
    "person.password": lazy_gettext("Password reset"),
    "item.save": lazy_gettext("Item saved"),
    "release.publish": lazy_gettext("Release published"),
    "attempt.admit": lazy_gettext("Let into a session"),
    "attempt.pause": lazy_gettext("Attempt paused"),
    "attempt.resume": lazy_gettext("Attempt goes on"),
    "attempt.extend": lazy_gettext("More time given"),
    "attempt.start": lazy_gettext("Attempt begun"),
    "attempt.end": lazy_gettext("Attempt ended"),
    "attempt.void": lazy_gettext("Attempt voided"),
    "credential.issue": lazy_gettext("Certificate issued"),
    "credential.revoke": lazy_gettext("Certificate revoked"),
    "session.create": lazy_gettext("Session planned"),
    "session.edit": lazy_gettext("Session changed"),
    "session.open": lazy_gettext("Session opened"),
    "session.close": lazy_gettext("Session closed"),
    "session.release": lazy_gettext("Results released"),
    "session.import": lazy_gettext("Candidates imported"),
    "session.passwords": lazy_gettext("Initial passwords handed out"),
    "session.tickets": lazy_gettext("Admission tickets printed"),
    "session.broadcast": lazy_gettext("Message to candidates"),
    "session.incident": lazy_gettext("Incident noted"),
    "integrity.compute": lazy_gettext("Integrity report computed"),
    "integrity.note": lazy_gettext("Note on integrity evidence"),
    "batch.grade": lazy_gettext("Answer sheets graded"),
}

KIND_NAMES: dict[str, LazyString] = {
    "person": lazy_gettext("Accounts"),
    "item": lazy_gettext("Items"),
    "release": lazy_gettext("Releases"),
    "attempt": lazy_gettext("Attempts"),
    "session": lazy_gettext("Exam sessions"),
    "integrity": lazy_gettext("Integrity reports"),
    "credential": lazy_gettext("Certificates"),
    "batch": lazy_gettext("Grading"),
}

ACTOR_NAMES: dict[str, LazyString] = {
    "system": lazy_gettext("the system"),
    "command line": lazy_gettext("the command line"),
    "shipped": lazy_gettext("supplied with the product"),
}

FIELD_NAMES: dict[str, LazyString] = {
    "display_name": lazy_gettext("Name"),
    "roles": lazy_gettext("Roles"),
    "experience_months": lazy_gettext("Months of experience"),
    "is_active": lazy_gettext("Account open"),
}

LINK_WORDS: dict[str, tuple[LazyString, LazyString]] = {
    "release": (
        lazy_gettext("Certificate and attempt name the same release"),
        lazy_gettext("The digest in the certificate is that of the bank the exam ran on."),
    ),
    "transcript": (
        lazy_gettext("The transcript has the recorded hash"),
        lazy_gettext("SHA-256 of the stored transcript, computed just now."),
    ),
    "credential": (
        lazy_gettext("The certificate quotes this transcript"),
        lazy_gettext("The hash in the certificate is that of the transcript."),
    ),
    "file": (
        lazy_gettext("The PDF has the recorded hash"),
        lazy_gettext("SHA-256 of the stored file, computed just now."),
    ),
    "seal": (
        lazy_gettext("The PDF passes every check"),
        lazy_gettext("The same checks that a visitor gets for an uploaded file."),
    ),
    "content": (
        lazy_gettext("The PDF holds this certificate"),
        lazy_gettext("The data inside the file are those of the record."),
    ),
}


def action_name(action: str) -> str:
    return str(ACTION_NAMES.get(action, action))


def actor_name(actor: str) -> str:
    return str(ACTOR_NAMES.get(actor, actor))


def event_detail(event: AuditEvent) -> str:
    """What was recorded; changes of an account with the names of its fields."""
    if event.action != "person.change":
        return event.detail
    return "; ".join(change_words(change) for change in event.detail.split("; "))


def change_words(change: str) -> str:
    name, colon, values = change.partition(": ")
    before, arrow, after = values.partition(" -> ")
    if name not in FIELD_NAMES or not colon or not arrow:
        return change
    return f"{FIELD_NAMES[name]}: {value_words(name, before)} → {value_words(name, after)}"


def value_words(name: str, value: str) -> str:
    if name == "roles":
        codes = value.split(", ")
        return ", ".join(role_name(code) if code in ROLES else code for code in codes)
    if name == "is_active":
        return gettext("yes") if value == "True" else gettext("no")
    return value


def experience_missing(reason: Reason) -> str:
    return gettext(
        "“%(level)s”: %(required)s of work experience are asked, the account showed %(found)s.",
        level=level_name(reason.level),
        required=months(round(reason.required or 0.0)),
        found=months(round(reason.value or 0.0)),
    )


REASON_SENTENCES = {
    "threshold_reached": threshold_reached,
    "below_threshold": below_threshold,
    "experience_missing": experience_missing,
    "dimension_below_minimum": dimension_below_minimum,
}


def audit_reason(reason: Reason) -> ReasonLine:
    """One step of the decision for somebody it is not about."""
    sentence = REASON_SENTENCES.get(reason.code)
    text = sentence(reason) if sentence else other_reason(reason)
    return ReasonLine(text, reason.code == "threshold_reached")


def other_reason(reason: Reason) -> str:
    value = "" if reason.value is None else number(reason.value, 2)
    return " ".join(part for part in (reason.code, level_name(reason.level), value) if part)
