"""The signature container: one form, and nothing beside it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from asn1crypto import cms as asn1_cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from certificates.cms import CmsFormError, read_cms, sign_cms
from certificates.keys import KeyStore

CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
DIGEST = hashlib.sha256(b"a file").digest()


@pytest.fixture
def container(key_store: KeyStore) -> bytes:
    return sign_cms(
        key_store.seal_certificate, [key_store.root_certificate], key_store.seal_key, DIGEST
    )


def test_container_reads_back_and_holds(container: bytes, key_store: KeyStore) -> None:
    cms = read_cms(container, DIGEST)
    assert cms.signer == key_store.seal_certificate
    assert cms.others == (key_store.root_certificate,)
    assert cms.signature_holds()


def test_another_reader_finds_the_baseline_attributes(container: bytes) -> None:
    content = asn1_cms.ContentInfo.load(container)["content"]
    (signer_info,) = content["signer_infos"]
    names = {attribute["type"].dotted for attribute in signer_info["signed_attrs"]}
    assert names == {CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2}
    assert signer_info["unsigned_attrs"].native is None
    assert content["encap_content_info"]["content"].native is None


def test_same_file_gets_the_same_signature(container: bytes, key_store: KeyStore) -> None:
    again = sign_cms(
        key_store.seal_certificate, [key_store.root_certificate], key_store.seal_key, DIGEST
    )
    assert again == container


def test_other_digest_is_refused(container: bytes) -> None:
    with pytest.raises(CmsFormError):
        read_cms(container, hashlib.sha256(b"another file").digest())


def test_no_single_bit_can_change(container: bytes, key_store: KeyStore) -> None:
    trusted = {key_store.seal_certificate, key_store.root_certificate}
    for index in range(len(container)):
        changed = bytearray(container)
        changed[index] ^= 1 << (index % 8)
        try:
            cms = read_cms(bytes(changed), DIGEST)
        except CmsFormError:
            continue
        # A changed certificate keeps the form; it is then no longer one that is trusted.
        assert not cms.signature_holds() or {cms.signer, *cms.others} != trusted


def test_negative_serial_number_is_refused(container: bytes, key_store: KeyStore) -> None:
    number = key_store.seal_certificate.serial_number
    serial = number.to_bytes(number.bit_length() // 8 + 1, "big")
    negative = container.replace(serial, bytes((0xFF,)) + serial[1:])
    assert container.count(serial) == 2
    with pytest.raises(CmsFormError):
        read_cms(negative, DIGEST)


def test_key_of_another_kind_signs_nothing(key_store: KeyStore, issued_at: datetime) -> None:
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Somebody")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(issued_at)
        .not_valid_after(issued_at + timedelta(days=9))
        .sign(key, None)
    )
    foreign = sign_cms(certificate, [], key_store.seal_key, DIGEST)
    assert not read_cms(foreign, DIGEST).signature_holds()
