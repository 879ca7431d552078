"""Verification for strangers: by file, by id, by QR code, and whether a name is the holder's."""

import datetime as dt
import hmac
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from certificates.canonical import canonical_bytes
from certificates.credential import Credential, DimensionResult
from certificates.credential_id import parse_credential_id
from certificates.errors import (
    CertificateFileMissing,
    CredentialIdError,
    QrContentError,
    VerifyAddressError,
)
from certificates.qr import QrClaim, normal_address, parse_qr_content
from certificates.report import StatusEntry, VerificationReport
from certificates.trust import BUNDLE, TrustStore
from certificates.verification import verify_certificate
from certify.services.context import ServiceContext
from certify.services.ports import StoredCredential

QrResult = Literal["passed", "failed", "unreadable"]
_LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
FILE_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class QrProof:
    """Whether a scanned code was signed by a key that is trusted here; needs no record.

    `issued_on` is the date that a signed code states, None for any other.
    """

    result: QrResult
    issued_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """What anybody may see by the id alone: no name but its first character."""

    credential_id: str
    status: str
    programme_title_zh: str
    programme_title_en: str
    level_title_zh: str
    level_title_en: str
    masked_name: str
    issued_at: dt.datetime
    valid_until: dt.datetime | None
    revoked_at: dt.datetime | None
    revocation_reason: str
    is_test: bool
    is_provisional: bool


def verify_file(context: ServiceContext, data: bytes) -> VerificationReport:
    """All checks of a PDF, with this issuer's keys and its revocation record.

    Raises UnreadableCertificate when the bytes are no PDF.
    """
    trust, now = context.open_trust(), context.clock()
    report = verify_certificate(data, trust, now=now)
    if report.credential is None:
        return report
    with context.database.reading() as work:
        stored = work.credentials.get(report.credential.credential_id)
    status = _status_entry(stored, now) if stored else None
    return verify_certificate(data, trust, now=now, status=status) if status else report


def read_certificate_file(path: Path) -> bytes:
    """The bytes of a file to verify. Raises CertificateFileMissing when they cannot be had."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CertificateFileMissing(reason=error.strerror or type(error).__name__) from error


def verify_offline(data: bytes, trust_dirs: Iterable[Path], now: dt.datetime) -> VerificationReport:
    """All checks that need no database, against every issuer bundle below `trust_dirs`.

    Raises UnreadableCertificate, or TrustBundleError for a damaged bundle.
    """
    bundles = [path.parent for root in trust_dirs for path in sorted(root.rglob(BUNDLE))]
    return verify_certificate(data, TrustStore.load(bundles), now=now)


def read_id(text: str) -> str:
    """The plain form of a typed id, without a look-up. Raises CredentialIdError."""
    return parse_credential_id(text)


def find_public(context: ServiceContext, text: str) -> PublicCertificate | None:
    """The public facts of a certificate, or None for an unknown or mistyped id."""
    try:
        credential_id = parse_credential_id(text)
    except CredentialIdError:
        return None
    with context.database.reading() as work:
        stored = work.credentials.get(credential_id)
    # an unknown id costs the same time as a known one
    found = _public(stored or _stand_in(), context.clock())
    return None if stored is None else found


def find_by_hash(context: ServiceContext, pdf_sha256: str) -> PublicCertificate | None:
    """The certificate whose file has this SHA-256 (hex), byte for byte; None for any other."""
    if not FILE_HASH.fullmatch(pdf_sha256):
        return None
    with context.database.reading() as work:
        credential_id = work.credentials.of_file(pdf_sha256)
    return None if credential_id is None else find_public(context, credential_id)


def check_qr(
    context: ServiceContext, credential_id: str, proof: str, *, scanned_address: str = ""
) -> QrProof:
    """Check a QR code's signature with the trusted keys alone.

    The signature covers the address in the code: this issuer's, or the one that was scanned
    where the site is reached under another name.
    """
    claims = [
        claim
        for address in (context.issuer.verify_url, scanned_address)
        if address and (claim := _read_qr(address, credential_id, proof)) is not None
    ]
    anchors = context.open_trust().anchors
    for claim in claims:
        if any(claim.is_signed_by(anchor.qr_keys) for anchor in anchors):
            return QrProof("passed", claim.issued_on)
    return QrProof("failed" if claims else "unreadable")


def _read_qr(address: str, credential_id: str, proof: str) -> QrClaim | None:
    try:
        base = normal_address(address)
        return parse_qr_content(f"{base}/{parse_credential_id(credential_id)}/{proof}")
    except (CredentialIdError, QrContentError, VerifyAddressError):
        return None


def confirm_name(context: ServiceContext, text: str, name: str) -> bool:
    """Whether `name` is the holder's, blanks and width aside. False for an unknown id too."""
    try:
        credential_id = parse_credential_id(text)
    except CredentialIdError:
        return False
    with context.database.reading() as work:
        stored = work.credentials.get(credential_id)
    holder = _credential(stored).holder_name if stored else ""
    same = hmac.compare_digest(_plain_name(holder).encode(), _plain_name(name).encode())
    return same and stored is not None


def mask_name(name: str) -> str:
    """First character and two stars: 张**; as many stars for every length."""
    return f"{name[:1]}**"


def _public(stored: StoredCredential, now: dt.datetime) -> PublicCertificate:
    credential = _credential(stored)
    expired = credential.valid_until is not None and now >= credential.valid_until
    return PublicCertificate(
        credential_id=stored.credential_id,
        status="revoked" if stored.revoked_at else "expired" if expired else "valid",
        programme_title_zh=credential.programme_title_zh,
        programme_title_en=credential.programme_title_en,
        level_title_zh=credential.level_title_zh,
        level_title_en=credential.level_title_en,
        masked_name=mask_name(credential.holder_name),
        issued_at=credential.issued_at,
        valid_until=credential.valid_until,
        revoked_at=stored.revoked_at,
        revocation_reason=stored.revocation_reason,
        is_test=credential.is_test,
        is_provisional=credential.parameter_status == "provisional",
    )


@cache
def _stand_in() -> StoredCredential:
    """A made-up certificate that is read where there is none."""
    credential = Credential(
        credential_id="00000000000000000000",
        holder_name="无",
        programme_code="none",
        programme_version="1",
        programme_title_zh="无",
        programme_title_en="none",
        level_code="none",
        level_title_zh="无",
        level_title_en="none",
        level_probability=0.0,
        theta=0.0,
        se=1.0,
        dimensions=tuple(
            DimensionResult(code, "无", "none", 0.0, 1.0, 1, "limited") for code in "eSTORM"
        ),
        issuer_name_zh="无",
        issuer_name_en="none",
        issuer_url="http://localhost",
        issued_at=_LONG_AGO,
        valid_until=_LONG_AGO + dt.timedelta(days=1),
        transcript_sha256="0" * 64,
        release_digest="0" * 64,
        parameter_status="provisional",
        is_test=True,
        salt="0" * 32,
    )
    return StoredCredential(
        credential_id=credential.credential_id,
        attempt_id="",
        holder_id="",
        document=canonical_bytes(credential.to_document()),
        pdf=b"",
        pdf_sha256="",
        issued_at=credential.issued_at,
        revoked_at=None,
        revocation_reason="",
    )


def _credential(stored: StoredCredential) -> Credential:
    return Credential.from_document(json.loads(stored.document))


def _plain_name(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _status_entry(stored: StoredCredential, checked_at: dt.datetime) -> StatusEntry:
    return StatusEntry(
        credential_id=stored.credential_id,
        revoked=stored.revoked_at is not None,
        checked_at=checked_at,
        revoked_at=stored.revoked_at,
        reason=stored.revocation_reason,
    )
