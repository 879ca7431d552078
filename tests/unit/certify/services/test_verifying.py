"""What strangers may ask: by id, by hash, by QR code; and nothing beyond that."""

from __future__ import annotations

import datetime as dt

import pytest

from certificates.errors import CredentialIdChecksumError
from certificates.qr import build_qr_content
from certify.services import verifying
from certify.services.issuing import revoke_credential
from certify.services.verifying import (
    check_qr,
    confirm_name,
    find_by_hash,
    find_public,
    read_id,
    verify_file,
)
from tests.examined import Examined

UNKNOWN = "0" * 20


def qr_proof(examined: Examined, base: str = "") -> str:
    """The third part of the code on the certificate."""
    content = build_qr_content(
        base or examined.context.issuer.verify_url,
        examined.credential_id,
        "ab" * 32,
        dt.date(2027, 3, 1),
        examined.context.open_keys().qr_key,
    )
    return content.rsplit("/", 1)[1]


def test_typed_id_is_forgiven_its_form(examined: Examined) -> None:
    typed = " ".join(examined.credential_id.lower()).replace("0", "o").replace("1", "l")
    assert read_id(typed) == examined.credential_id
    found = find_public(examined.context, typed)
    assert found is not None
    assert found.credential_id == examined.credential_id


def test_typing_error_is_named() -> None:
    with pytest.raises(CredentialIdChecksumError):
        read_id("0000-0000-0000-0000-0001")


def test_public_facts_hold_no_full_name(examined: Examined) -> None:
    found = find_public(examined.context, examined.credential_id)
    assert found is not None
    assert found.masked_name == "林**"
    assert examined.people["student"].display_name not in repr(found)
    assert (found.status, found.is_test, found.is_provisional) == ("valid", True, True)


def test_status_follows_the_clock_and_the_record(examined: Examined) -> None:
    stored = find_public(examined.context, examined.credential_id)
    assert stored is not None
    if stored.valid_until is not None:
        examined.clock.now = stored.valid_until
        expired = find_public(examined.context, examined.credential_id)
        assert expired is not None
        assert expired.status == "expired"
    revoke_credential(examined.context, examined.credential_id, reason="冒名", actor="admin")
    revoked = find_public(examined.context, examined.credential_id)
    assert revoked is not None
    assert (revoked.status, revoked.revocation_reason) == ("revoked", "冒名")


def test_unknown_id_costs_as_much_reading_as_a_known_one(
    examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    really = verifying._credential
    monkeypatch.setattr(
        verifying, "_credential", lambda s: read.append(s.credential_id) or really(s)
    )
    assert find_public(examined.context, UNKNOWN) is None
    assert len(read) == 1
    assert find_public(examined.context, examined.credential_id) is not None
    assert len(read) == 2


@pytest.mark.parametrize(
    ("name", "agrees"),
    [("林晓雨", True), (" 林 晓 雨 ", True), ("林晓", False), ("林**", False), ("", False)],
)
def test_name_is_confirmed_and_nothing_else(examined: Examined, name: str, agrees: bool) -> None:
    assert confirm_name(examined.context, examined.credential_id, name) is agrees
    assert confirm_name(examined.context, UNKNOWN, name) is False


def test_file_is_known_by_its_hash_alone(examined: Examined) -> None:
    stored = examined.stored
    found = find_by_hash(examined.context, stored.pdf_sha256)
    assert found is not None
    assert found.credential_id == examined.credential_id
    for other in ("0" * 64, stored.pdf_sha256.upper(), "", "x" * 64):
        assert find_by_hash(examined.context, other) is None


def test_qr_code_of_the_certificate_is_signed_by_a_trusted_key(examined: Examined) -> None:
    proof = check_qr(examined.context, examined.credential_id, qr_proof(examined))
    assert (proof.result, proof.issued_on) == ("passed", dt.date(2027, 3, 1))
    assert check_qr(examined.context, examined.credential_id, qr_proof(examined).lower()) == proof


def test_qr_code_is_checked_under_the_address_that_was_scanned(examined: Examined) -> None:
    proof = qr_proof(examined, "https://old.example.org/v")
    assert check_qr(examined.context, examined.credential_id, proof).result == "failed"
    seen = "https://old.example.org/v"
    checked = check_qr(examined.context, examined.credential_id, proof, scanned_address=seen)
    assert checked.result == "passed"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda credential_id, proof: (UNKNOWN, proof), "failed"),
        (lambda credential_id, proof: (credential_id, "A" * len(proof)), "unreadable"),
        (lambda credential_id, proof: (credential_id, proof[:40]), "unreadable"),
        (lambda credential_id, proof: ("nonsense", proof), "unreadable"),
        (lambda credential_id, proof: (credential_id, "%/../Ü"), "unreadable"),
    ],
    ids=["other certificate", "zero bytes", "cut off", "no id", "foreign symbols"],
)
def test_forged_qr_code_is_not_accepted(examined: Examined, change: object, expected: str) -> None:
    credential_id, proof = change(examined.credential_id, qr_proof(examined))  # type: ignore[operator]
    found = check_qr(examined.context, credential_id, proof)
    assert (found.result, found.issued_on) == (expected, None)


def test_qr_code_of_another_issuer_is_not_accepted(
    examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = qr_proof(examined)
    monkeypatch.setattr(type(examined.context.open_trust()), "anchors", (), raising=False)
    assert check_qr(examined.context, examined.credential_id, proof).result == "failed"


def test_file_report_follows_a_revocation(examined: Examined) -> None:
    pdf = examined.stored.pdf
    assert verify_file(examined.context, pdf).status == "valid"
    revoke_credential(examined.context, examined.credential_id, reason="冒名", actor="admin")
    report = verify_file(examined.context, pdf)
    assert report.status == "revoked"
    assert "冒名" in report.check("revocation").reason
