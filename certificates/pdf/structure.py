"""The file's outer form, judged on its bytes alone, before anything in it is believed.

One revision, one signature, the signature over everything but its own contents. Readers
forgive much here, and published attacks live on that (shadow attacks, incremental saving,
signature wrapping: pdf-insecurity.org); so this accepts only what file_writer.py writes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from certificates.pdf.file_writer import HEADER

_BYTE_RANGE = re.compile(rb"/ByteRange \[(\d{1,10}) (\d{1,10}) (\d{1,10}) (\d{1,10})\]")
_END = re.compile(rb"\nstartxref\n(\d{1,10})\n%%EOF\n\Z")
_HEX_CONTENTS = re.compile(rb"<(?:[0-9a-f]{2})+>")


class StructureError(ValueError):
    """The outer form is not that of a sealed certificate; the text says where."""


@dataclass(frozen=True, slots=True)
class SignatureGap:
    """Where /Contents stands: data[start:end], angle brackets included."""

    start: int
    end: int


def looks_like_pdf(data: bytes) -> bool:
    """A damaged PDF is still one: any of its marks is enough."""
    return b"%PDF-" in data[:1024] or b"%%EOF" in data or b"startxref" in data


def require_single_revision(data: bytes) -> None:
    """One header, one body, one cross-reference table, one end, nothing before or behind.

    Marks are counted with their line breaks, so that compressed bytes cannot look like one.
    """
    if not data.startswith(HEADER):
        raise StructureError("the file does not begin as our files do")
    end = _END.search(data)
    if end is None:
        raise StructureError("the file does not end with startxref and %%EOF: bytes follow or lack")
    if data.count(b"startxref") != 1 or len(re.findall(rb"[\r\n]%%EOF", data)) != 1:
        raise StructureError("the file has more than one revision")
    table = int(end.group(1))
    if data[table : table + 5] != b"xref\n" or data.count(b"\ntrailer\n") != 1:
        raise StructureError("startxref does not point to the one cross-reference table")
    if b"/Prev" in data[table:] or b"/XRefStm" in data[table:]:
        raise StructureError("the trailer points to another revision")


def find_gap(data: bytes) -> SignatureGap:
    """The gap of the one signature; raises unless the byte range covers all the rest."""
    ranges = _BYTE_RANGE.findall(data)
    if len(ranges) != 1 or data.count(b"/ByteRange") != 1:
        raise StructureError(f"expected one signature, found {data.count(b'/ByteRange')}")
    start, first, second, rest = (int(number) for number in ranges[0])
    if start != 0 or second + rest != len(data) or not 0 < first < second <= len(data):
        raise StructureError("the signature does not cover the whole file")
    if data[first - 10 : first] != b"/Contents " or data[second : second + 2] != b">>":
        raise StructureError("the gap in the signature is not its /Contents")
    if data[first : first + 1] != b"<" or data[second - 1 : second] != b">":
        raise StructureError("the gap in the signature is not one hexadecimal string")
    return SignatureGap(first, second)


def read_contents(data: bytes, gap: SignatureGap) -> bytes:
    """The DER value in /Contents; raises unless it is lower-case hex with zero padding."""
    if not _HEX_CONTENTS.fullmatch(data, gap.start, gap.end):
        raise StructureError("/Contents is not lower-case hexadecimal")
    raw = bytes.fromhex(data[gap.start + 1 : gap.end - 1].decode("ascii"))
    size = _der_size(raw)
    if size > len(raw) or any(raw[size:]):
        raise StructureError("/Contents is padded with something else than zeros")
    return raw[:size]


def signed_digest(data: bytes, gap: SignatureGap) -> bytes:
    """SHA-256 of everything but the gap (ISO 32000-2, section 12.8.1)."""
    state = hashlib.sha256(data[: gap.start])
    state.update(data[gap.end :])
    return state.digest()


def _der_size(raw: bytes) -> int:
    """Size of the first DER value, header included (X.690 section 8.1.3)."""
    if len(raw) < 4 or raw[0] != 0x30:
        raise StructureError("/Contents does not begin with a DER sequence")
    if raw[1] < 0x80:
        return 2 + raw[1]
    count = raw[1] & 0x7F
    if not 1 <= count <= 3:
        raise StructureError("/Contents has no definite length")
    return 2 + count + int.from_bytes(raw[2 : 2 + count], "big")
