"""What a file is by its first bytes, and whether it may be shown: pictures, sound, film, PDF.

The name and the sender's word count for nothing. A drawing (SVG) that could run or fetch
something is refused, not mended. What is none of these is kept as an attachment to download.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from question_bank.errors import OversizedFile, UnfitFile, UnsafeDrawing

OPAQUE = "application/octet-stream"
"""A file of no known kind: it is downloaded and never shown."""
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
PLAYED = ("audio/mpeg", "audio/ogg", "audio/wav", "audio/mp4", "video/mp4", "video/webm")
DOCUMENTS = ("application/pdf",)
SHOWN = (*PICTURES, *PLAYED)
"""Kinds that a page may show in place."""
MEGABYTE = 1024 * 1024
LARGEST_PICTURE = 5 * MEGABYTE
LARGEST_FILE = 50 * MEGABYTE

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_SVG = "http://www.w3.org/2000/svg"
_SVG_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE|(?:[\w.]+:)?svg)", re.I)
_HARMLESS = frozenset(
    (
        *("svg", "g", "defs", "title", "desc", "symbol", "use", "path", "rect", "circle"),
        *("ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath", "marker"),
        *("linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "metadata"),
        *("filter", "feGaussianBlur", "feOffset", "feBlend", "feMerge", "feMergeNode"),
        *("feColorMatrix", "feFlood", "feComposite", "style"),
    )
)
_ACTIVE = re.compile("xhtml|MathML|smil", re.IGNORECASE)
_FETCHING = re.compile(
    r"url\s*\(\s*['\"]?\s*[^#'\"\s]|@import|expression\s*\(|javascript:|\\", re.IGNORECASE
)
"""What a style or an attribute says to fetch or run; a backslash could hide any of it."""


def media_type_of(content: bytes) -> str:
    """The kind of a file by its content; OPAQUE for anything unknown or not fit to be shown."""
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12], OPAQUE)
    if content[4:8] == b"ftyp":
        return "audio/mp4" if content[8:11] == b"M4A" else "video/mp4"
    return "image/svg+xml" if next(_faults_of_svg(content), None) is None else OPAQUE


def check_upload(name: str, content: bytes) -> str:
    """The media type of a file that somebody adds to an item.

    Raises UnfitFile for a kind that items do not have, UnsafeDrawing, or OversizedFile.
    """
    media_type = media_type_of(content)
    if media_type == OPAQUE:
        part = next(_faults_of_svg(content), "")
        raise UnsafeDrawing(name=name, part=part) if part else UnfitFile(name=name)
    check_size(name, content, LARGEST_PICTURE if media_type in PICTURES else LARGEST_FILE)
    return media_type


def check_size(name: str, content: bytes, most: int = LARGEST_FILE) -> None:
    """Raises OversizedFile."""
    if len(content) > most:
        raise OversizedFile(name=name, most=most // MEGABYTE)


def _faults_of_svg(content: bytes) -> Iterator[str]:
    """What a drawing holds that it must not; one empty word for what is no drawing at all."""
    if not _SVG_START.match(content[:200]) or len(content) > LARGEST_PICTURE:
        yield ""
        return
    checker = _DrawingChecker()
    try:
        checker.read(content)
    except (expat.ExpatError, ValueError, LookupError):
        checker.faults.append("")
    yield from checker.faults


class _DrawingChecker:
    """Reads a drawing from beginning to end and notes what it must not hold."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._depth = 0
        self._in_style = False

    def read(self, content: bytes) -> None:
        """Raises ExpatError for what is no XML."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        # a style in pieces could be cut in the middle of a word
        parser.buffer_text = True
        parser.buffer_size = LARGEST_PICTURE
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        parser.Parse(content, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if self._depth == 0 and (namespace, name) != (_SVG, "svg"):
            self.faults.append("")
        # elements of other languages are not drawn, but for HTML's and MathML's
        if (namespace == _SVG and name not in _HARMLESS) or _ACTIVE.search(namespace):
            self.faults.append(f"<{name[:40]}>")
        for attribute, value in attributes.items():
            self._check(attribute.rpartition(" ")[2].lower()[:40], value)
        self._depth += 1
        self._in_style = name == "style"

    def _check(self, attribute: str, value: str) -> None:
        leads_outside = attribute in ("href", "src") and not value.strip().startswith("#")
        if leads_outside or attribute.startswith("on") or _FETCHING.search(value):
            self.faults.append(attribute)

    def _end(self, _tag: str) -> None:
        self._depth -= 1
        self._in_style = False

    def _text(self, data: str) -> None:
        if self._in_style and _FETCHING.search(data):
            self.faults.append("<style>")

    def _doctype(self, *_details: Any) -> None:
        self.faults.append("<!DOCTYPE>")
        # what it may declare is not even read
        raise ValueError("no document type")

    def _instruction(self, target: str, _data: str) -> None:
        self.faults.append(f"<?{target[:40]}>")
