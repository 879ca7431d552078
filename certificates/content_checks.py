"""Checks on what a sealed file says: its credential, its page, its QR code.

The page is drawn again from the embedded credential and compared object by object: a name, a
level, a date or a code that differs from the credential is found even where the file is
perfectly signed. Runs only behind an accepted signature.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from certificates.canonical import canonical_bytes
from certificates.credential import Credential
from certificates.credential_id import parse_credential_id
from certificates.errors import CertificateError, CredentialIdError, QrContentError
from certificates.fonts import FontChain
from certificates.pdf.design import DESIGN
from certificates.pdf.document import build_document
from certificates.pdf.reading import READ_ERRORS, SealedFile, differences
from certificates.pdf.wording import certificate_date
from certificates.qr import QrClaim, parse_qr_content
from certificates.report import Check, CheckResult
from certificates.trust import TrustAnchor

_CLAUSE = {
    "credential_present": "ISO 32000-2 14.13 (associated files)",
    "credential_schema": "Open Badges 3.0 B.1; RFC 8785",
    "id_check_symbols": "Reed-Solomon RS(20,18) over GF(32)",
    "page_matches_credential": "page drawn again from the credential",
    "glyphs_match_font": "ISO 32000-2 9.9 (embedded font programs)",
    "qr_matches_credential": "RFC 8032 (Ed25519); ISO/IEC 18004",
}
_QR_PLACES = ("/Pages/Kids/0/Contents/2", "/Pages/Kids/0/Annots/0")
# What may differ when another edition of the same font is installed here.
_EDITION_MARKS = ("/FontDescriptor", "/BaseFont")


@dataclass(frozen=True, slots=True)
class ContentFindings:
    checks: tuple[Check, ...]
    credential: Credential | None


def _check(name: str, result: CheckResult, reason: str) -> Check:
    return Check(name, result, reason, _CLAUSE[name])


def skipped_content_checks(reason: str, names: Sequence[str] = tuple(_CLAUSE)) -> tuple[Check, ...]:
    return tuple(_check(name, "skipped", reason) for name in names)


def check_content(file: SealedFile, anchor: TrustAnchor, fonts: FontChain) -> ContentFindings:
    """All content checks of one file sealed by an anchor's key."""
    try:
        attachment = file.attachment
        document = json.loads(attachment)
    except (*READ_ERRORS, RecursionError) as error:
        missing = _check("credential_present", "failed", f"no credential inside: {error}")
        rest = skipped_content_checks("there is no credential", tuple(_CLAUSE)[1:])
        return ContentFindings((missing, *rest), None)
    present = _check("credential_present", "passed", "the PDF carries its credential")
    id_check = _check_id(document)
    try:
        credential = _read_credential(document, attachment, anchor)
    except (CertificateError, RecursionError) as error:
        broken = _check("credential_schema", "failed", str(error))
        rest = skipped_content_checks("the credential cannot be read", tuple(_CLAUSE)[3:])
        return ContentFindings((present, broken, id_check, *rest), None)
    schema = _check("credential_schema", "passed", "the credential is complete and canonical")
    page_checks = _check_page(file, credential, anchor, fonts)
    return ContentFindings((present, schema, id_check, *page_checks), credential)


def _check_id(document: Any) -> Check:
    name = "id_check_symbols"
    record = document.get("certifyRecord") if isinstance(document, dict) else None
    text = record.get("credential_id") if isinstance(record, dict) else None
    try:
        parse_credential_id(str(text))
    except CredentialIdError as error:
        return _check(name, "failed", str(error))
    return _check(name, "passed", "the check symbols of the ID agree")


def _read_credential(document: Any, attachment: bytes, anchor: TrustAnchor) -> Credential:
    credential = Credential.from_document(document)
    if canonical_bytes(document) != attachment:
        raise CertificateError(reason="The embedded credential is not in canonical form (RFC 8785)")
    if anchor.is_test and not credential.is_test:
        raise CertificateError(reason="A test issuer sealed a credential not marked as a test")
    return credential


def _check_page(
    file: SealedFile, credential: Credential, anchor: TrustAnchor, fonts: FontChain
) -> tuple[Check, ...]:
    names = ("page_matches_credential", "glyphs_match_font", "qr_matches_credential")
    try:
        claim = parse_qr_content(file.qr_content)
        design, signed_at = file.design, file.signed_at
    except (*READ_ERRORS, QrContentError) as error:
        qr_check = _check(names[2], "failed", f"the QR content cannot be read: {error}")
        return (*skipped_content_checks("the QR content is needed first", names[:2]), qr_check)
    if design != DESIGN:
        return skipped_content_checks(f"this version cannot draw the design {design!r}", names)
    try:
        unsigned = build_document(credential, file.qr_content, signed_at, fonts)
    except CertificateError as error:
        return skipped_content_checks(f"the page cannot be drawn here: {error}", names)
    expected = SealedFile(unsigned.data, unsigned.gap)
    try:
        places = differences(expected, file)
        names_differ = expected.font_names != file.font_names
    except READ_ERRORS as error:
        broken = _check(names[0], "failed", f"the page cannot be read: {error}")
        return (broken, *skipped_content_checks("the page cannot be read", names[1:]))
    qr_places = [place for place in places if place.startswith(_QR_PLACES)]
    others = [place for place in places if place not in qr_places]
    return (
        *_judge_page(others, names_differ=names_differ),
        _judge_qr(claim, credential, anchor, qr_places),
    )


def _judge_page(places: list[str], *, names_differ: bool) -> tuple[Check, Check]:
    page, glyphs = "page_matches_credential", "glyphs_match_font"
    fonts = [place for place in places if any(mark in place for mark in _EDITION_MARKS)]
    rest = [place for place in places if place not in fonts]
    if names_differ:
        reason = "the certificate was made with another edition of its font"
        glyph_check = _check(glyphs, "skipped", reason)
        if rest:
            return _check(page, "skipped", f"{reason}, and the page differs"), glyph_check
    elif fonts:
        glyph_check = _check(glyphs, "failed", f"the embedded font differs at {fonts[0]}")
    else:
        glyph_check = _check(glyphs, "passed", "every letter has the shape it has in its font")
    if rest:
        reason = f"the page does not show what the credential says (at {rest[0]})"
        return _check(page, "failed", reason), glyph_check
    return _check(page, "passed", "the page shows exactly what the credential says"), glyph_check


def _judge_qr(
    claim: QrClaim, credential: Credential, anchor: TrustAnchor, places: list[str]
) -> Check:
    name = "qr_matches_credential"
    if claim.credential_id != credential.credential_id:
        return _check(name, "failed", "the QR code belongs to another certificate")
    if not credential.canonical_sha256().startswith(claim.credential_sha256_start):
        return _check(name, "failed", "the QR code quotes another credential")
    if claim.issued_on != certificate_date(credential.issued_at):
        return _check(name, "failed", "the QR code has another date of issue")
    if not claim.is_signed_by(anchor.qr_keys):
        return _check(name, "failed", "the QR code is not signed by a key of this issuer")
    if places:
        return _check(name, "failed", f"the drawn QR code says something else (at {places[0]})")
    return _check(name, "passed", "the QR code is signed and belongs to this credential")
