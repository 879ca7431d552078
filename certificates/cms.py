"""The signature container: a detached CMS SignedData in exactly one form.

RFC 5652 with the signed attributes of PAdES baseline B-B (ETSI EN 319 142-1, table 1):
contentType, messageDigest, signingCertificateV2; ECDSA P-256 with SHA-256. It is written in
DER by hand because the form never varies: a verifier builds it again from the certificates,
the digest and the signature, and accepts nothing but the same bytes. So no bit outside the
signed attributes (certificates, versions, algorithm fields) can be changed unseen either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import cms as asn1_cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

_INTEGER, _OCTETS, _OID, _SEQUENCE, _SET, _CONTEXT_0 = 0x02, 0x04, 0x06, 0x30, 0x31, 0xA0
# Object identifiers in DER: 1.2.840.113549.1.7.1 and .7.2, .1.9.3, .1.9.4, .1.9.16.2.47,
# 2.16.840.1.101.3.4.2.1 (SHA-256), 1.2.840.10045.4.3.2 (ecdsa-with-SHA256).
_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_SHA256 = bytes.fromhex("300b0609608648016503040201")
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_VERSION_1 = bytes.fromhex("020101")
# RFC 6979: a signature needs no randomness, and the same file gets the same seal.
_ALGORITHM = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class CmsFormError(ValueError):
    """The container is not in the one form that this module writes."""


@dataclass(frozen=True, slots=True)
class ReadCms:
    """A container that has the right form; whether its signature holds is still open."""

    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]
    signature: bytes
    signed_attributes: bytes

    def signature_holds(self) -> bool:
        try:
            public_key = self.signer.public_key()
            if not isinstance(public_key, ec.EllipticCurvePublicKey):
                return False
            public_key.verify(self.signature, self.signed_attributes, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, UnsupportedAlgorithm, ValueError):
            return False
        return True


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def _attributes(signer_der: bytes, digest: bytes) -> bytes:
    """The content of the SET of signed attributes, sorted as DER asks."""
    certificate_id = _der(_SEQUENCE, _der(_OCTETS, hashlib.sha256(signer_der).digest()))
    signing_certificate = _der(_SEQUENCE, _der(_SEQUENCE, certificate_id))
    attributes = (
        _der(_SEQUENCE, _CONTENT_TYPE, _der(_SET, _DATA)),
        _der(_SEQUENCE, _MESSAGE_DIGEST, _der(_SET, _der(_OCTETS, digest))),
        _der(_SEQUENCE, _SIGNING_CERTIFICATE_V2, _der(_SET, signing_certificate)),
    )
    return b"".join(sorted(attributes))


def _container(
    signer: x509.Certificate,
    others: Sequence[x509.Certificate],
    attributes: bytes,
    signature: bytes,
) -> bytes:
    serial = signer.serial_number
    identifier = _der(
        _SEQUENCE,
        signer.issuer.public_bytes(),
        _der(_INTEGER, serial.to_bytes(serial.bit_length() // 8 + 1, "big")),
    )
    signer_info = _der(
        _SEQUENCE,
        _VERSION_1,
        identifier,
        _SHA256,
        _der(_CONTEXT_0, attributes),
        _ECDSA_SHA256,
        _der(_OCTETS, signature),
    )
    certificates = sorted(one.public_bytes(Encoding.DER) for one in (signer, *others))
    signed_data = _der(
        _SEQUENCE,
        _VERSION_1,
        _der(_SET, _SHA256),
        _der(_SEQUENCE, _DATA),
        _der(_CONTEXT_0, *certificates),
        _der(_SET, signer_info),
    )
    return _der(_SEQUENCE, _SIGNED_DATA, _der(_CONTEXT_0, signed_data))


def sign_cms(
    signer: x509.Certificate,
    others: Sequence[x509.Certificate],
    private_key: ec.EllipticCurvePrivateKey,
    digest: bytes,
) -> bytes:
    """Sign a SHA-256 digest; `others` are carried along for readers that build a chain."""
    attributes = _attributes(signer.public_bytes(Encoding.DER), digest)
    signature = private_key.sign(_der(_SET, attributes), _ALGORITHM)
    return _container(signer, others, attributes, signature)


def _certificate(parsed: asn1_x509.Certificate) -> x509.Certificate:
    if parsed["tbs_certificate"]["serial_number"].native <= 0:
        raise CmsFormError("a certificate has no positive serial number (RFC 5280 4.1.2.2)")
    return x509.load_der_x509_certificate(parsed.dump())


def read_cms(data: bytes, digest: bytes) -> ReadCms:
    """Read a container over a digest; raises CmsFormError unless it is byte for byte ours.

    A container over another digest has another form, too: messageDigest is part of it.
    """
    try:
        content = asn1_cms.ContentInfo.load(data, strict=True)["content"]
        (signer_info,) = content["signer_infos"]
        signature = bytes(signer_info["signature"].native)
        serial = signer_info["sid"].chosen["serial_number"].native
        certificates = [_certificate(choice.chosen) for choice in content["certificates"]]
        (signer,) = (one for one in certificates if one.serial_number == serial)
        others = tuple(one for one in certificates if one is not signer)
        attributes = _attributes(signer.public_bytes(Encoding.DER), digest)
        expected = _container(signer, others, attributes, signature)
    except (ValueError, TypeError, KeyError, AttributeError, x509.InvalidVersion) as error:
        raise CmsFormError(f"no signature container: {error}") from error
    if expected != data:
        raise CmsFormError("its digest, its certificates or its form differ")
    return ReadCms(signer, others, signature, _der(_SET, attributes))
