"""The two X.509 certificates of a self-made issuer: an offline root and a yearly seal.

Makes certificates only; where keys live is keys.py, whom a verifier trusts is trust.py.
Profile: RFC 5280; the seal carries digitalSignature and nonRepudiation (ETSI EN 319 412-2) and
the document-signing purpose of RFC 9336, so that no other key under the root can seal a PDF.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT_YEARS = 20
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_YEAR = timedelta(days=365)
# Clocks of readers differ; a seal made now must be valid for a reader a little behind.
CLOCK_ALLOWANCE = timedelta(minutes=10)


def _name(issuer_name: str, role: str, *, is_test: bool) -> x509.Name:
    common = f"{role} (TEST)" if is_test else role
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, issuer_name),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=not is_ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, years: int, *, is_ca: bool
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_ALLOWANCE)
        .not_valid_after(now + years * _YEAR)
        .add_extension(
            x509.BasicConstraints(ca=is_ca, path_length=0 if is_ca else None), critical=True
        )
        .add_extension(_usage(is_ca=is_ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def make_root_certificate(
    key: ec.EllipticCurvePrivateKey, issuer_name: str, now: datetime, *, is_test: bool
) -> x509.Certificate:
    """A self-signed root that may sign end-entity certificates only."""
    name = _name(issuer_name, "Certificate Root", is_test=is_test)
    builder = _builder(name, key.public_key(), now, ROOT_YEARS, is_ca=True)
    return builder.issuer_name(name).sign(key, hashes.SHA256())


def make_seal_certificate(
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    years: int,
) -> x509.Certificate:
    """The certificate of the key that seals PDFs, named after the root and the year."""
    organisation = root.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value
    is_test = str(root.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value).endswith(
        "(TEST)"
    )
    subject = _name(str(organisation), f"Certificate Seal {now.year}", is_test=is_test)
    return (
        _builder(subject, key, now, years, is_ca=False)
        .issuer_name(root.subject)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
