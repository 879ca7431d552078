"""Bytes to text, with the decision stated.

The order is byte order mark, strict UTF-8, GB18030 (a superset of GBK and GB2312). Nothing
is replaced or ignored: a file that fits none of these is refused with its line and byte.
"""

import codecs
from dataclasses import dataclass
from typing import Final

from certify.grading.errors import EmptyFile, EncodingUndecidable, NotATextFile

# UTF-32 LE begins with the UTF-16 LE mark, so it is looked for first.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8-bom"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_SIGNATURES: Final = (
    (b"PK\x03\x04", "an XLSX, ODS or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an XLS file"),
    (b"%PDF", "a PDF file"),
)
_TEXT_CONTROLS: Final = frozenset("\t\n\r\x0b\x0c\x1a")
# In real GB18030 text hardly any pair of bytes is a valid UTF-8 sequence; in damaged UTF-8
# nearly all are. Ten to one tells them apart with a wide margin.
_DAMAGED_RATIO: Final = 10


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text without its mark; `encoding` is utf-8, utf-8-bom, utf-16, utf-32 or gb18030."""

    text: str
    encoding: str


def decode(data: bytes, file: str) -> DecodedText:
    """Decode a whole file.

    Raises EmptyFile, NotATextFile or EncodingUndecidable.
    """
    if not data.strip():
        raise EmptyFile(file=file)
    for signature, found in _SIGNATURES:
        if data.startswith(signature):
            raise NotATextFile(file=file, found=found)
    decoded = _decode_marked(data, file) or _decode_unmarked(data, file)
    if any(char < " " and char not in _TEXT_CONTROLS for char in set(decoded.text)):
        raise NotATextFile(file=file, found="binary data or UTF-16 without a byte order mark")
    if not decoded.text.strip():
        raise EmptyFile(file=file)
    return decoded


def _decode_marked(data: bytes, file: str) -> DecodedText | None:
    for mark, codec, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return DecodedText(data.decode(codec), encoding)
            except UnicodeDecodeError as error:
                raise _undecidable(data, error, file) from error
    return None


def _decode_unmarked(data: bytes, file: str) -> DecodedText:
    try:
        return DecodedText(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            raise _undecidable(data, error, file) from error
    if b"\x00" in data:
        raise NotATextFile(file=file, found="binary data or UTF-16 without a byte order mark")
    try:
        return DecodedText(data.decode("gb18030"), "gb18030")
    except UnicodeDecodeError as error:
        raise _undecidable(data, error, file) from error


def _is_damaged_utf8(data: bytes) -> bool:
    lenient = data.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    whole = sum(1 for char in lenient if char >= "\x80") - broken
    return whole >= _DAMAGED_RATIO * broken


def _undecidable(data: bytes, error: UnicodeDecodeError, file: str) -> EncodingUndecidable:
    return EncodingUndecidable(
        file=file, row=data.count(b"\n", 0, error.start) + 1, position=error.start
    )
