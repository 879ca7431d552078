"""What the checks of a certificate ask and found, in sentences for people who verify one.

The check's own reason, which may quote values, stands beside the sentence and is not replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

from certificates.report import Check, CheckResult

Kind = str


@dataclass(frozen=True, slots=True)
class News:
    """One answer: how it is signalled, as a word, and what it means."""

    kind: Kind
    word: LazyString
    meaning: LazyString


STATUS_NEWS: dict[str, News] = {
    "valid": News(
        "success",
        lazy_gettext("Valid"),
        lazy_gettext("The issuer's records hold this certificate, and it is in force."),
    ),
    "revoked": News(
        "error",
        lazy_gettext("Revoked"),
        lazy_gettext("The issuer has withdrawn this certificate. Do not rely on it."),
    ),
    "expired": News(
        "warning",
        lazy_gettext("Expired"),
        lazy_gettext("The certificate was genuine; its validity has ended."),
    ),
    "unknown": News(
        "error",
        lazy_gettext("Not found"),
        lazy_gettext(
            "The issuer's records hold no certificate with this ID. "
            "Compare each group with the certificate."
        ),
    ),
}

VERDICT_NEWS: dict[str, News] = {
    "valid": News(
        "success",
        lazy_gettext("Valid"),
        lazy_gettext("The file is genuine and unchanged, and the certificate is in force."),
    ),
    "revoked": News(
        "error",
        lazy_gettext("Revoked"),
        lazy_gettext("The file is genuine, but the issuer has withdrawn the certificate."),
    ),
    "expired": News(
        "warning",
        lazy_gettext("Expired"),
        lazy_gettext("The file is genuine; the certificate's validity has ended."),
    ),
    "invalid": News(
        "error",
        lazy_gettext("Not valid"),
        lazy_gettext(
            "The file failed a check: it was changed, or it is no certificate of this issuer. "
            "Do not rely on it. Ask its holder for the original file."
        ),
    ),
    "cannot_tell": News(
        "warning",
        lazy_gettext("Cannot be decided"),
        lazy_gettext(
            "No check failed, but some could not be made, so nothing can be promised. "
            "Check the ID instead, or ask the issuer."
        ),
    ),
}

RESULT_NEWS: dict[CheckResult, tuple[Kind, LazyString]] = {
    "passed": ("success", lazy_gettext("Passed")),
    "failed": ("error", lazy_gettext("Failed")),
    "skipped": ("neutral", lazy_gettext("Not checked")),
}


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What a check asks, and a sentence for each result."""

    title: LazyString
    passed: LazyString
    failed: LazyString
    skipped: LazyString


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check as the report prints it."""

    name: str
    kind: Kind
    word: LazyString
    title: LazyString
    sentence: LazyString
    reason: str
    clause: str


NO_SEAL = lazy_gettext("Could not be checked, because the seal could not be read.")
NOT_TRUSTED = lazy_gettext("Was not examined: the file carries no seal that is trusted here.")
NOT_COMPARED = lazy_gettext(
    "Was not compared: the file carries no trusted seal, or this system cannot draw the page."
)

CHECK_WORDS: dict[str, CheckWords] = {
    "single_revision": CheckWords(
        lazy_gettext("One version only"),
        lazy_gettext("Nothing was added to the file after it was made."),
        lazy_gettext("Something was added to the file after it was made."),
        NO_SEAL,
    ),
    "signature_covers_file": CheckWords(
        lazy_gettext("The seal covers the whole file"),
        lazy_gettext("The seal covers every byte of the file."),
        lazy_gettext("The file has no seal, or a part of it lies outside the seal."),
        NO_SEAL,
    ),
    "contents_padding": CheckWords(
        lazy_gettext("Nothing hidden beside the seal"),
        lazy_gettext("The place of the seal holds the seal and nothing else."),
        lazy_gettext("The place of the seal holds something besides the seal."),
        NO_SEAL,
    ),
    "signature_intact": CheckWords(
        lazy_gettext("Unchanged since it was sealed"),
        lazy_gettext("The file is exactly as it was sealed."),
        lazy_gettext("The file was changed after it was sealed."),
        NO_SEAL,
    ),
    "signer_pinned": CheckWords(
        lazy_gettext("Sealed by a known issuer"),
        lazy_gettext("The seal belongs to an issuer that is trusted here."),
        lazy_gettext("The seal belongs to nobody who is trusted here."),
        lazy_gettext("There is no intact seal whose owner could be looked up."),
    ),
    "signer_validity": CheckWords(
        lazy_gettext("Sealed in the seal's time"),
        lazy_gettext("The seal was valid when it was set, and the dates agree."),
        lazy_gettext("The seal was not valid when it was set, or the dates contradict it."),
        NOT_TRUSTED,
    ),
    "credential_present": CheckWords(
        lazy_gettext("Data inside the file"),
        lazy_gettext("The file carries the certificate's data in readable form."),
        lazy_gettext("The file lacks the certificate's data."),
        NOT_TRUSTED,
    ),
    "credential_schema": CheckWords(
        lazy_gettext("The data are complete"),
        lazy_gettext("The data are complete and in their exact form."),
        lazy_gettext("The data are incomplete or not in their exact form."),
        NOT_TRUSTED,
    ),
    "id_check_symbols": CheckWords(
        lazy_gettext("The ID is well formed"),
        lazy_gettext("The check symbols of the ID agree."),
        lazy_gettext("The check symbols of the ID do not agree."),
        NOT_TRUSTED,
    ),
    "page_matches_credential": CheckWords(
        lazy_gettext("The page says what the data say"),
        lazy_gettext("Name, level, dates and drawing agree with the data, point by point."),
        lazy_gettext("The page shows something else than the data say."),
        NOT_COMPARED,
    ),
    "glyphs_match_font": CheckWords(
        lazy_gettext("The letters are genuine"),
        lazy_gettext("Every letter has the shape that it has in its font."),
        lazy_gettext("A letter was given another shape: the text may read differently."),
        NOT_COMPARED,
    ),
    "qr_matches_credential": CheckWords(
        lazy_gettext("The QR code belongs to it"),
        lazy_gettext("The QR code is signed by the issuer and belongs to this certificate."),
        lazy_gettext("The QR code is not signed by the issuer or belongs to another certificate."),
        NOT_COMPARED,
    ),
    "revocation": CheckWords(
        lazy_gettext("Not revoked"),
        lazy_gettext("According to the issuer's records the certificate was not revoked."),
        lazy_gettext("The issuer has revoked the certificate."),
        lazy_gettext("Could not be looked up here. Ask the issuer whether it was revoked."),
    ),
    "expiry": CheckWords(
        lazy_gettext("Not expired"),
        lazy_gettext("The certificate is within its validity, or has no end."),
        lazy_gettext("The validity of the certificate has ended."),
        lazy_gettext("There are no data that state a validity."),
    ),
}

_ORDER: dict[CheckResult, int] = {"failed": 0, "skipped": 1, "passed": 2}


def check_lines(checks: Sequence[Check]) -> list[CheckLine]:
    """The checks in words, failed ones first; within one result in the order they were made."""
    return [check_line(check) for check in sorted(checks, key=lambda c: _ORDER[c.result])]


def check_line(check: Check) -> CheckLine:
    words = CHECK_WORDS[check.name]
    kind, word = RESULT_NEWS[check.result]
    sentence: LazyString = getattr(words, check.result)
    return CheckLine(check.name, kind, word, words.title, sentence, check.reason, check.clause)
