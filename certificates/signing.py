"""Sealing: from a credential to the signed PDF (PAdES baseline B-B, ECDSA P-256, SHA-256).

The CMS is made by pyHanko over a file that document.py wrote in one revision. Takes no
timestamp and asks no network.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import lru_cache

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.credential import Credential
from certificates.errors import SealNotValidError, TestIssuerError
from certificates.fonts import FontChain, default_font_chain
from certificates.keys import KeyStore
from certificates.pdf.document import build_document
from certificates.pdf.wording import certificate_date
from certificates.qr import build_qr_content

_DIGEST = "sha256"
# RFC 6979: a signature needs no randomness, and the same file gets the same seal.
_ECDSA = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class _SealSigner(Signer):  # type: ignore[misc]
    """pyHanko's CMS builder with the key kept open (its own signer parses it each time)."""

    def __init__(self, key_store: KeyStore) -> None:
        self._private_key = key_store.seal_key
        registry = SimpleCertificateStore()
        registry.register(_asn1(key_store.root_certificate.public_bytes(Encoding.DER)))
        seal = _asn1(key_store.seal_certificate.public_bytes(Encoding.DER))
        super().__init__(signing_cert=seal, cert_registry=registry, embed_roots=True)

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return self._private_key.sign(data, _ECDSA)


def _asn1(der: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(der)


@lru_cache(maxsize=4)
def _signer(key_store: KeyStore) -> _SealSigner:
    return _SealSigner(key_store)


def issue_pdf(
    credential: Credential,
    key_store: KeyStore,
    verify_url_base: str,
    now: datetime,
    *,
    fonts: FontChain | None = None,
) -> bytes:
    """The signed certificate.

    verify_url_base: address to which /ID is appended; it stands in the QR code in upper case.
    now: aware UTC, the signing time. fonts: the machine's default chain where None.
    Raises SealNotValidError, TestIssuerError, GlyphMissingError, LayoutError and
    VerifyAddressError; in each case nothing was signed.
    """
    seal = key_store.seal_certificate
    if not seal.not_valid_before_utc <= now <= seal.not_valid_after_utc:
        raise SealNotValidError(
            not_before=seal.not_valid_before_utc, not_after=seal.not_valid_after_utc, now=now
        )
    if key_store.is_test and not credential.is_test:
        raise TestIssuerError(issuer=key_store.issuer_name)
    qr_content = build_qr_content(
        verify_url_base,
        credential.credential_id,
        credential.canonical_sha256(),
        certificate_date(credential.issued_at),
        key_store.qr_key,
    )
    document = build_document(credential, qr_content, now, fonts or default_font_chain())
    return document.with_signature(_cms(key_store, document.digest()))


def _cms(key_store: KeyStore, digest: bytes) -> bytes:
    """A detached SignedData with contentType, messageDigest and signingCertificateV2."""
    cms = asyncio.run(
        _signer(key_store).async_sign(
            digest,
            _DIGEST,
            use_pades=True,
            signed_attr_settings=PdfCMSSignedAttributes(),
        )
    )
    encoded: bytes = cms.dump()
    return encoded
