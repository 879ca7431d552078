"""Verification for strangers: by file, by id, and whether a typed name is the holder's."""

import datetime as dt
import hmac
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from certificates.credential import Credential
from certificates.credential_id import parse_credential_id
from certificates.errors import CredentialIdError, UnreadableCertificate
from certificates.report import StatusEntry, VerificationReport
from certificates.trust import BUNDLE, TrustStore
from certificates.verification import verify_certificate
from certify.services.context import ServiceContext
from certify.services.ports import StoredCredential


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
    """The bytes of a file to verify. Raises UnreadableCertificate when they cannot be had."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableCertificate(reason=error.strerror or type(error).__name__) from error


def verify_offline(data: bytes, trust_dirs: Iterable[Path], now: dt.datetime) -> VerificationReport:
    """All checks that need no database, against every issuer bundle below `trust_dirs`.

    Raises UnreadableCertificate, or TrustBundleError for a damaged bundle.
    """
    bundles = [path.parent for root in trust_dirs for path in sorted(root.rglob(BUNDLE))]
    return verify_certificate(data, TrustStore.load(bundles), now=now)


def find_public(context: ServiceContext, text: str) -> PublicCertificate | None:
    """The public facts of a certificate, or None for an unknown or mistyped id."""
    try:
        credential_id = parse_credential_id(text)
    except CredentialIdError:
        return None
    with context.database.reading() as work:
        stored = work.credentials.get(credential_id)
    return None if stored is None else _public(stored, context.clock())


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
