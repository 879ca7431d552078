"""The QR code: what it says, that it is signed, that it can be drawn."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.credential import Credential
from certificates.errors import QrContentError, VerifyAddressError
from certificates.qr import (
    CAPACITY,
    QUIET_ZONE,
    SIZE,
    build_qr_content,
    parse_qr_content,
    qr_rectangles,
)

BASE = "https://certify.example.com/v/"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DAY = date(2026, 11, 20)


@pytest.fixture
def content(credential: Credential) -> str:
    return build_qr_content(BASE, credential.credential_id, credential.canonical_sha256(), DAY, KEY)


def test_content_says_what_was_put_in(content: str, credential: Credential) -> None:
    claim = parse_qr_content(content)
    assert claim.base == "HTTPS://CERTIFY.EXAMPLE.COM/V"
    assert claim.credential_id == credential.credential_id
    assert claim.issued_on == DAY
    assert credential.canonical_sha256().startswith(claim.credential_sha256_start)
    assert claim.is_signed_by({claim.key_id: KEY.public_key()})


def test_content_stays_in_the_alphanumeric_set_of_a_version_7_code(content: str) -> None:
    assert set(content) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(content) <= CAPACITY


def test_every_changed_character_breaks_the_code(content: str) -> None:
    key_id = parse_qr_content(content).key_id
    for index, character in enumerate(content):
        for other in {"A", "B", "2", "/"} - {character}:
            changed = content[:index] + other + content[index + 1 :]
            try:
                claim = parse_qr_content(changed)
            except QrContentError:
                continue
            assert not claim.is_signed_by({key_id: KEY.public_key()}), changed


def test_unknown_key_is_no_signature(content: str) -> None:
    other = Ed25519PrivateKey.generate().public_key()
    claim = parse_qr_content(content)
    assert not claim.is_signed_by({})
    assert not claim.is_signed_by({claim.key_id: other})


@pytest.mark.parametrize("text", ["", "hello", "A/B/C", "HTTPS://X/V/00000000000000000000/"])
def test_foreign_code_is_refused(text: str) -> None:
    with pytest.raises(QrContentError):
        parse_qr_content(text)


@pytest.mark.parametrize(
    "base", ["ftp://x", "https://x/v?id=", "https://证书.example", "https://" + "x" * 80]
)
def test_address_that_does_not_fit_is_refused(base: str, credential: Credential) -> None:
    with pytest.raises(VerifyAddressError):
        build_qr_content(base, credential.credential_id, "0" * 64, DAY, KEY)


def test_modules_stay_inside_the_quiet_zone_and_show_the_finders(content: str) -> None:
    bars = qr_rectangles(content)
    assert SIZE == 53
    assert all(
        QUIET_ZONE <= column < column + length <= SIZE - QUIET_ZONE for column, _, length in bars
    )
    top = [(column, length) for column, row, length in bars if row == SIZE - 1 - QUIET_ZONE]
    assert top[0] == (QUIET_ZONE, 7)
    assert top[-1] == (SIZE - QUIET_ZONE - 7, 7)
