"""Sealing: from a credential to the signed PDF (PAdES baseline B-B, ECDSA P-256, SHA-256).

Takes no timestamp and asks no network.
"""

from __future__ import annotations

from datetime import datetime

from certificates.cms import sign_cms
from certificates.credential import Credential
from certificates.errors import IssuedInFutureError, SealNotValidError, TestIssuerError
from certificates.fonts import FontChain, default_font_chain
from certificates.keys import KeyStore
from certificates.pdf.document import build_document
from certificates.pdf.wording import certificate_date
from certificates.qr import build_qr_content
from certificates.x509_making import CLOCK_ALLOWANCE


def issue_pdf(
    credential: Credential,
    key_store: KeyStore,
    verify_url_base: str,
    now: datetime,
    *,
    fonts: FontChain | None = None,
) -> bytes:
    """The signed certificate.

    verify_url_base: address to which /ID/PROOF is appended; it stands in the QR code in upper
    case. now: aware UTC, the signing time. fonts: the machine's default chain where None.
    Raises SealNotValidError, IssuedInFutureError, TestIssuerError, GlyphMissingError,
    LayoutError and VerifyAddressError; in each case nothing was signed.
    """
    seal = key_store.seal_certificate
    if not seal.not_valid_before_utc <= now <= seal.not_valid_after_utc:
        raise SealNotValidError(
            not_before=seal.not_valid_before_utc, not_after=seal.not_valid_after_utc, now=now
        )
    if credential.issued_at > now + CLOCK_ALLOWANCE:
        raise IssuedInFutureError(issued_at=credential.issued_at, now=now)
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
    cms = sign_cms(seal, [key_store.root_certificate], key_store.seal_key, document.digest())
    return document.with_signature(cms)
