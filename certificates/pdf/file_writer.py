"""A PDF file of one revision, written from numbered objects (ISO 32000-2, section 7.5).

One body, one cross-reference table, one startxref, one %%EOF. Knows syntax, not content.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
TAIL = b"%%EOF\n"
_COMPRESSION = 6


def text_string(text: str) -> str:
    """A text string in UTF-16BE with byte order mark, as hex (section 7.9.2.2)."""
    return f"<feff{text.encode('utf-16-be').hex()}>"


def date_string(instant: datetime) -> str:
    """Section 7.9.4, in UTC and to the second."""
    return instant.astimezone(UTC).strftime("(D:%Y%m%d%H%M%SZ)")


def compressed_stream(entries: str, data: bytes) -> bytes:
    return plain_stream(f"{entries}/Filter/FlateDecode", zlib.compress(data, _COMPRESSION))


def plain_stream(entries: str, data: bytes) -> bytes:
    head = f"<<{entries}/Length {len(data)}>>\nstream\n"
    return head.encode("ascii") + data + b"\nendstream"


class FileWriter:
    """Collects objects; numbers are handed out in order, so references can come first."""

    def __init__(self) -> None:
        self._objects: list[bytes | None] = []

    def reserve(self) -> int:
        self._objects.append(None)
        return len(self._objects)

    def fill(self, number: int, body: str | bytes) -> None:
        self._objects[number - 1] = body.encode("ascii") if isinstance(body, str) else body

    def add(self, body: str | bytes) -> int:
        number = self.reserve()
        self.fill(number, body)
        return number

    def serialise(self, root: int, info: int, identifier: bytes) -> bytes:
        """The whole file; identifier is the 16-byte file identifier of the trailer."""
        out = bytearray(HEADER)
        offsets = []
        for number, body in enumerate(self._objects, start=1):
            if body is None:
                raise ValueError(f"object {number} was reserved and never written")
            offsets.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        table = len(out)
        size = len(offsets) + 1
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size
        for offset in offsets:
            out += b"%010d 00000 n \n" % offset
        mark = identifier.hex()
        out += (
            f"trailer\n<</Size {size}/Root {root} 0 R/Info {info} 0 R"
            f"/ID[<{mark}><{mark}>]>>\nstartxref\n{table}\n"
        ).encode("ascii")
        return bytes(out + TAIL)
