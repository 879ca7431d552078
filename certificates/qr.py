"""The QR code: a verification address that also carries an offline signature.

Content: BASE/ID/PROOF, all in the QR alphanumeric set. PROOF is base 32 (RFC 4648, unpadded) of

    1 byte format, 2 bytes day of issue (days since 2000-01-01), 4 bytes key id,
    16 bytes of the credential's SHA-256, 64 bytes Ed25519 signature (RFC 8032)

and the signature covers everything before it, the address included. A phone that knows the
issuer's public key can check it without a network. Reads no images.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from certificates.credential_id import parse_credential_id
from certificates.errors import CredentialIdError, QrContentError, VerifyAddressError
from certificates.keys import qr_key_id

VERSION = 7
CAPACITY = 224  # alphanumeric characters of version 7 at level L (ISO/IEC 18004, table 7)
MASK = 2  # fixed: the same content always gives the same modules
QUIET_ZONE = 4  # modules of white around the symbol (ISO/IEC 18004, section 6.3.8)
SIZE = 17 + 4 * VERSION + 2 * QUIET_ZONE
_FORMAT = 1
_HEADER = struct.Struct(">BH4s16s")
_EPOCH = date(2000, 1, 1)
_DOMAIN = b"certify credential QR 1\0"
_ADDRESS = re.compile(r"HTTPS?://[A-Z0-9.:/-]+")


@dataclass(frozen=True, slots=True)
class QrClaim:
    """What a QR code says; worth nothing before is_signed_by has accepted it."""

    base: str
    credential_id: str
    issued_on: date
    key_id: str
    credential_sha256_start: str
    signature: bytes
    signed_bytes: bytes

    def is_signed_by(self, public_keys: Mapping[str, Ed25519PublicKey]) -> bool:
        """True where the key that the code names is among the trusted ones and agrees."""
        public_key = public_keys.get(self.key_id)
        if public_key is None:
            return False
        try:
            public_key.verify(self.signature, self.signed_bytes)
        except InvalidSignature:
            return False
        return True


def normal_address(base: str) -> str:
    """The verification address as it stands in the code: upper case, no slash at the end.

    Raises VerifyAddressError for characters outside the QR alphanumeric set: they would push
    the code into a larger, coarser version.
    """
    address = base.upper().rstrip("/")
    if not _ADDRESS.fullmatch(address):
        raise VerifyAddressError(
            address=base, reason="use http(s)://, letters, digits and the signs . : / - only"
        )
    return address


def build_qr_content(
    base: str,
    credential_id: str,
    credential_sha256: str,
    issued_on: date,
    private_key: Ed25519PrivateKey,
) -> str:
    """The signed content; raises VerifyAddressError where the address leaves no room."""
    address = normal_address(base)
    header = _HEADER.pack(
        _FORMAT,
        (issued_on - _EPOCH).days,
        bytes.fromhex(qr_key_id(private_key.public_key())),
        bytes.fromhex(credential_sha256)[:16],
    )
    signature = private_key.sign(_signed_bytes(address, credential_id, header))
    proof = base64.b32encode(header + signature).decode().rstrip("=")
    content = "/".join((address, credential_id, proof))
    if len(content) > CAPACITY:
        room = CAPACITY - (len(content) - len(address))
        raise VerifyAddressError(address=base, reason=f"it is longer than {room} characters")
    return content


def parse_qr_content(content: str) -> QrClaim:
    """Take a scanned code apart; raises QrContentError. Checks no signature."""
    pieces = content.strip().upper().rsplit("/", 2)
    if len(pieces) != 3:
        raise QrContentError(reason="it is not an address with an ID and a proof")
    base, credential_id, proof = pieces
    try:
        if parse_credential_id(credential_id) != credential_id:
            raise QrContentError(reason="its ID is not in the plain form")
        raw = base64.b32decode(proof + "=" * (-len(proof) % 8))
        header, signature = raw[: _HEADER.size], raw[_HEADER.size :]
        form, days, key_id, start = _HEADER.unpack(header)
    except (CredentialIdError, binascii.Error, struct.error) as error:
        raise QrContentError(reason=str(error)) from error
    if form != _FORMAT or len(signature) != 64:
        raise QrContentError(reason=f"its proof has format {form} and {len(raw)} bytes")
    if base64.b32encode(raw).decode().rstrip("=") != proof:
        raise QrContentError(reason="its proof is not in the plain form")
    return QrClaim(
        base=base,
        credential_id=credential_id,
        issued_on=_EPOCH + timedelta(days=days),
        key_id=key_id.hex(),
        credential_sha256_start=start.hex(),
        signature=signature,
        signed_bytes=_signed_bytes(base, credential_id, header),
    )


def _signed_bytes(address: str, credential_id: str, header: bytes) -> bytes:
    return _DOMAIN + f"{address}/{credential_id}/".encode() + header


def qr_rectangles(content: str) -> list[tuple[int, int, int]]:
    """The dark modules as horizontal bars (column, row, length), quiet zone included.

    Row 0 is the lowest; the whole code is SIZE modules wide and high.
    """
    symbol = segno.make_qr(
        content, version=VERSION, error="L", mode="alphanumeric", mask=MASK, boost_error=False
    )
    bars: list[tuple[int, int, int]] = []
    for index, row in enumerate(symbol.matrix):
        height = SIZE - 1 - QUIET_ZONE - index
        column = 0
        while column < len(row):
            length = 0
            while column + length < len(row) and row[column + length]:
                length += 1
            if length:
                bars.append((column + QUIET_ZONE, height, length))
            column += max(length, 1)
    return bars
