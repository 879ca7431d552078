"""Read a sealed file's objects and compare them with a file drawn again.

Only for bytes whose signature has been accepted: it parses and decompresses.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.pdf.structure import SignatureGap

# These lead back up; what they lead to is compared from above.
_UPWARD = {"/Parent", "/P"}
# A signature cannot be drawn again; these two are judged on the raw bytes.
_SIGNATURE = {"/Contents", "/ByteRange"}
# How a stream was packed, not what it says.
_TRANSPORT = {"/Length", "/Filter", "/DecodeParms"}
READ_ERRORS = (PdfError, KeyError, TypeError, ValueError, AttributeError, IndexError)


class SealedFile:
    """The objects of one certificate file. Raises one of READ_ERRORS where they are damaged."""

    def __init__(self, data: bytes, gap: SignatureGap) -> None:
        # The signature was judged on the raw bytes, and its 16,000 hex digits would take the
        # reader half its time; a comment of the same length is skipped much faster.
        blank = b"<>%".ljust(gap.end - gap.start - 1, b"-") + b"\n"
        readable = data[: gap.start] + blank + data[gap.end :]
        reader = PdfFileReader(io.BytesIO(readable), strict=True)
        self.root: Any = reader.root
        self.info: Any = reader.trailer["/Info"]

    @property
    def design(self) -> str:
        return str(self.info["/Design"])

    @property
    def attachment(self) -> bytes:
        data: bytes = self.root["/AF"][0]["/EF"]["/F"].data
        return data

    @property
    def qr_content(self) -> str:
        return str(self.root["/Pages"]["/Kids"][0]["/Annots"][0]["/A"]["/URI"])

    @property
    def signed_at(self) -> datetime:
        text = str(self.root["/Perms"]["/DocMDP"].raw_get("/M"))
        return datetime.strptime(text, "D:%Y%m%d%H%M%SZ").replace(tzinfo=UTC)

    @property
    def font_names(self) -> list[str]:
        fonts = self.root["/Pages"]["/Kids"][0]["/Resources"]["/Font"]
        return [str(fonts[name]["/BaseFont"]) for name in sorted(fonts)]


def differences(expected: SealedFile, found: SealedFile) -> list[str]:
    """The places, as paths from the root, where two files say different things."""
    paths = list(_compare(expected.root, found.root, ""))
    return paths + list(_compare(expected.info, found.info, "/Info"))


def _resolved(value: Any) -> Any:
    target: Any = value
    return target.get_object() if isinstance(value, generic.IndirectObject) else value


def _compare(expected: Any, found: Any, path: str) -> Iterator[str]:
    expected, found = _resolved(expected), _resolved(found)
    if type(expected) is not type(found):
        yield path
    elif isinstance(expected, generic.DictionaryObject):
        yield from _compare_dictionaries(expected, found, path)
    elif isinstance(expected, generic.ArrayObject):
        if len(expected) != len(found):
            yield path
        for index, (one, other) in enumerate(zip(expected, found, strict=False)):
            yield from _compare(one, other, f"{path}/{index}")
    elif expected != found:
        yield path


def _compare_dictionaries(expected: Any, found: Any, path: str) -> Iterator[str]:
    skipped = set(_UPWARD)
    if isinstance(expected, generic.StreamObject):
        skipped |= _TRANSPORT
        if expected.data != found.data:
            yield path
    if expected.get("/Type") == "/Sig":
        skipped |= _SIGNATURE
    for key in sorted({*expected, *found} - skipped):
        if key not in expected or key not in found:
            yield path + key
        else:
            yield from _compare(expected.raw_get(key), found.raw_get(key), path + key)
