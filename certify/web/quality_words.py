"""The words of the quality audit: severities, places, findings. Decides nothing."""

from __future__ import annotations

from flask_babel import LazyString, gettext, lazy_gettext

from certify.web.item_words import found_words
from certify.web.vocabulary import LEVEL_NAMES, level_name
from question_bank.quality.report import AuditFinding, AuditSeverity

SEVERITY_NAMES: dict[str, LazyString] = {
    AuditSeverity.SEVERE: lazy_gettext("Severe"),
    AuditSeverity.MODERATE: lazy_gettext("Moderate"),
    AuditSeverity.MINOR: lazy_gettext("Minor"),
}


def severity_name(severity: str) -> str:
    return str(SEVERITY_NAMES[severity])


def place_words(place: str) -> str:
    """The whole bank, a node, a node at a level, or a programme at a level."""
    if place == "bank":
        return gettext("Whole bank")
    part, _, level = place.partition("/")
    return f"{part} · {level_name(level)}" if level in LEVEL_NAMES else part


def audit_words(found: AuditFinding) -> str:
    """What is wrong and what to do, in the language of the page."""
    params = dict(found.params)
    if "blueprint" in params:
        params["blueprint"] = place_words(str(params["blueprint"]))
    return found_words(found.template, params)
