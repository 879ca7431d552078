"""Verification: what is genuine passes every check, whatever was touched fails a named one."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from certificates.credential import Credential
from certificates.errors import UnreadableCertificate
from certificates.keys import KeyStore
from certificates.report import StatusEntry
from certificates.signing import issue_pdf
from certificates.trust import TrustStore, export_trust_bundle
from certificates.verification import verify_certificate
from tests.unit.certificates.conftest import BASE, MakeCredential

CHECKS = (
    "single_revision",
    "signature_covers_file",
    "contents_padding",
    "signature_intact",
    "signer_pinned",
    "signer_validity",
    "credential_present",
    "credential_schema",
    "id_check_symbols",
    "page_matches_credential",
    "glyphs_match_font",
    "qr_matches_credential",
    "revocation",
    "expiry",
)


def test_genuine_certificate_passes_every_check(
    pdf: bytes, trust: TrustStore, issued_at: datetime, credential: Credential
) -> None:
    entry = StatusEntry(credential.credential_id, revoked=False, checked_at=issued_at)
    report = verify_certificate(pdf, trust, now=issued_at, status=entry)
    assert report.status == "valid"
    assert tuple(check.name for check in report.checks) == CHECKS
    assert {check.result for check in report.checks} == {"passed"}
    assert all(check.reason and check.clause for check in report.checks)
    assert report.credential == credential
    assert len(report.pdf_sha256) == 64


def test_bundle_from_disk_is_as_good(
    pdf: bytes, key_store: KeyStore, tmp_path: Path, issued_at: datetime
) -> None:
    export_trust_bundle(key_store, tmp_path)
    report = verify_certificate(pdf, TrustStore.load([tmp_path]), now=issued_at)
    assert report.status == "valid"
    assert report.check("revocation").result == "skipped"
    assert "no status" in report.check("revocation").reason


@pytest.mark.parametrize("area", ["file", "contents"])
def test_no_single_flipped_bit_is_accepted(
    pdf: bytes, trust: TrustStore, issued_at: datetime, area: str
) -> None:
    source = random.Random(20261120)
    start = pdf.index(b"/Contents <")
    low, high = (0, len(pdf)) if area == "file" else (start, start + 16_400)
    for _ in range(400):
        changed = bytearray(pdf)
        changed[source.randrange(low, high)] ^= 1 << source.randrange(8)
        report = verify_certificate(bytes(changed), trust, now=issued_at)
        assert report.status == "invalid"
        assert any(check.result == "failed" for check in report.checks)


@pytest.mark.parametrize("cut", [1, 7, 200, 50_000])
def test_truncated_file_is_invalid(
    pdf: bytes, trust: TrustStore, issued_at: datetime, cut: int
) -> None:
    assert verify_certificate(pdf[:-cut], trust, now=issued_at).status == "invalid"


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04" + bytes(100), bytes(5000)])
def test_what_is_no_pdf_is_unreadable(data: bytes, trust: TrustStore, issued_at: datetime) -> None:
    with pytest.raises(UnreadableCertificate, match="not a PDF"):
        verify_certificate(data, trust, now=issued_at)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"])
def test_foreign_pdf_is_invalid(data: bytes, trust: TrustStore, issued_at: datetime) -> None:
    report = verify_certificate(data, trust, now=issued_at)
    assert report.status == "invalid"
    assert report.credential is None


def test_revoked_certificate_is_revoked_even_when_expired(
    pdf: bytes, trust: TrustStore, issued_at: datetime, credential: Credential
) -> None:
    entry = StatusEntry(
        credential.credential_id,
        revoked=True,
        checked_at=issued_at,
        revoked_at=issued_at,
        reason="exam impersonation",
    )
    for now in (issued_at, issued_at + timedelta(days=2000)):
        report = verify_certificate(pdf, trust, now=now, status=entry)
        assert report.status == "revoked"
        assert "exam impersonation" in report.check("revocation").reason


def test_status_of_another_credential_says_nothing(
    pdf: bytes, trust: TrustStore, issued_at: datetime
) -> None:
    entry = StatusEntry("0" * 20, revoked=True, checked_at=issued_at)
    report = verify_certificate(pdf, trust, now=issued_at, status=entry)
    assert report.check("revocation").result == "skipped"


def test_expired_certificate_is_expired(
    pdf: bytes, trust: TrustStore, credential: Credential
) -> None:
    assert credential.valid_until is not None
    before = credential.valid_until - timedelta(seconds=1)
    assert verify_certificate(pdf, trust, now=before).status == "valid"
    assert verify_certificate(pdf, trust, now=credential.valid_until).status == "expired"


def test_certificate_without_end_outlives_its_seal(
    make_credential: MakeCredential, key_store: KeyStore, trust: TrustStore, issued_at: datetime
) -> None:
    data = issue_pdf(make_credential(valid_until=None), key_store, BASE, issued_at)
    late = datetime(2046, 1, 1, tzinfo=UTC)
    assert verify_certificate(data, trust, now=late).status == "valid"


def test_clock_behind_the_signing_time_leaves_it_open(
    pdf: bytes, trust: TrustStore, issued_at: datetime
) -> None:
    report = verify_certificate(pdf, trust, now=issued_at - timedelta(days=1))
    assert report.status == "cannot_tell"
    assert "clock" in report.check("signer_validity").reason


def test_without_any_trusted_issuer_nothing_can_be_told(pdf: bytes, issued_at: datetime) -> None:
    report = verify_certificate(pdf, TrustStore(()), now=issued_at)
    assert report.status == "cannot_tell"
    assert report.check("signature_intact").result == "passed"
    assert report.credential is None


def test_names_at_the_edge_of_the_layout_verify(
    make_credential: MakeCredential, key_store: KeyStore, trust: TrustStore, issued_at: datetime
) -> None:
    for name in ("𬱖", "W" * 50, "阿" * 45):
        data = issue_pdf(make_credential(holder_name=name), key_store, BASE, issued_at)
        assert verify_certificate(data, trust, now=issued_at).status == "valid"
