"""Just enough TrueType (glyf outlines) to measure text and to cut a font down to its glyphs.

Reads the tables straight from the file's bytes: a font of 30,000 glyphs is cut to 200 in about
a millisecond. No shaping, no hinting decisions, no CFF outlines. Format: ISO/IEC 14496-22.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

# head.flags and friends stay as they are; only what the glyph numbering touches is rewritten.
_COPIED = ("cvt ", "fpgm", "prep")
_ARGS_ARE_WORDS, _HAS_SCALE, _MORE = 0x0001, 0x0008, 0x0020
_HAS_XY_SCALE, _HAS_MATRIX = 0x0040, 0x0080
_CHECKSUM_MAGIC = 0xB1B0AFBA


class TrueTypeError(ValueError):
    """The bytes are not a TrueType font with glyf outlines."""


class Metrics(NamedTuple):
    """Font-wide measures in thousandths of the em, as a PDF font descriptor wants them."""

    ascent: int
    descent: int
    box: tuple[int, int, int, int]


class TrueTypeTables:
    """The tables of one font file, read once."""

    def __init__(self, data: bytes) -> None:
        if data[:4] not in (b"\x00\x01\x00\x00", b"true"):
            raise TrueTypeError("no TrueType outlines")
        self._tables: dict[str, bytes] = {}
        for index in range(struct.unpack_from(">H", data, 4)[0]):
            tag, _, offset, length = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
            self._tables[tag.decode("latin-1")] = data[offset : offset + length]
        try:
            self.units_per_em: int = struct.unpack_from(">H", self._tables["head"], 18)[0]
            self.glyph_count: int = struct.unpack_from(">H", self._tables["maxp"], 4)[0]
            self._metric_count: int = struct.unpack_from(">H", self._tables["hhea"], 34)[0]
            long_offsets = struct.unpack_from(">h", self._tables["head"], 50)[0] == 1
            code, size = ("L", 1) if long_offsets else ("H", 2)
            count = self.glyph_count + 1
            self._offsets = [
                size * value
                for value in struct.unpack_from(f">{count}{code}", self._tables["loca"])
            ]
        except (KeyError, struct.error) as error:
            raise TrueTypeError(f"damaged or missing table: {error}") from error

    def characters(self) -> dict[int, int]:
        """Code point -> glyph number, from the full-repertoire cmap subtable (format 12)."""
        table = self._tables.get("cmap", b"")
        try:
            for index in range(struct.unpack_from(">H", table, 2)[0]):
                start = struct.unpack_from(">L", table, 8 + 8 * index)[0]
                if struct.unpack_from(">H", table, start)[0] == 12:
                    return _segments(table, start)
        except struct.error as error:
            raise TrueTypeError(f"damaged cmap: {error}") from error
        raise TrueTypeError("no cmap of format 12")

    def _horizontal(self, glyph: int) -> tuple[int, int]:
        """Advance width and left side bearing in font units (hmtx)."""
        table = self._tables["hmtx"]
        if glyph < self._metric_count:
            advance, bearing = struct.unpack_from(">Hh", table, 4 * glyph)
        else:
            advance = struct.unpack_from(">H", table, 4 * (self._metric_count - 1))[0]
            rest = 4 * self._metric_count + 2 * (glyph - self._metric_count)
            bearing = struct.unpack_from(">h", table, rest)[0]
        return advance, bearing

    def advance(self, glyph: int) -> int:
        """Advance width in thousandths of the em."""
        return round(self._horizontal(glyph)[0] * 1000 / self.units_per_em)

    def outline(self, glyph: int) -> bytes:
        return self._tables["glyf"][self._offsets[glyph] : self._offsets[glyph + 1]]

    def metrics(self) -> Metrics:
        scale = 1000 / self.units_per_em
        ascent, descent = struct.unpack_from(">hh", self._tables["hhea"], 4)
        x0, y0, x1, y1 = struct.unpack_from(">hhhh", self._tables["head"], 36)
        box = (round(x0 * scale), round(y0 * scale), round(x1 * scale), round(y1 * scale))
        return Metrics(round(ascent * scale), round(descent * scale), box)

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """A font whose glyph i is this font's glyphs[i]; glyphs[0] must be 0 (.notdef).

        Parts of composite glyphs are appended behind. Carries the tables that ISO 32000-2
        section 9.9.1 asks of a CIDFontType2 program, and nothing else.
        """
        order = list(glyphs)
        outlines = []
        place = 0
        while place < len(order):  # order grows while composites name their parts
            outlines.append(_renumbered(self.outline(order[place]), order))
            place += 1
        offsets, glyf = [0], bytearray()
        for outline in outlines:
            glyf += outline + bytes(-len(outline) % 4)
            offsets.append(len(glyf))
        head = bytearray(self._tables["head"])
        struct.pack_into(">L", head, 8, 0)
        struct.pack_into(">h", head, 50, 1)
        hhea = bytearray(self._tables["hhea"])
        struct.pack_into(">H", hhea, 34, len(order))
        maxp = bytearray(self._tables["maxp"])
        struct.pack_into(">H", maxp, 4, len(order))
        tables = {
            "glyf": bytes(glyf),
            "head": bytes(head),
            "hhea": bytes(hhea),
            "hmtx": b"".join(struct.pack(">Hh", *self._horizontal(glyph)) for glyph in order),
            "loca": struct.pack(f">{len(offsets)}L", *offsets),
            "maxp": bytes(maxp),
        }
        tables |= {tag: self._tables[tag] for tag in _COPIED if tag in self._tables}
        return _assemble(tables)


def _segments(table: bytes, start: int) -> dict[int, int]:
    characters: dict[int, int] = {}
    for index in range(struct.unpack_from(">L", table, start + 12)[0]):
        first, last, glyph = struct.unpack_from(">LLL", table, start + 16 + 12 * index)
        characters.update((code, code - first + glyph) for code in range(first, last + 1))
    return characters


def _renumbered(outline: bytes, order: list[int]) -> bytes:
    """Point the parts of a composite glyph at their new numbers, adding new parts to order."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return outline
    result = bytearray(outline)
    place, flags = 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", outline, place)
        if part not in order:
            order.append(part)
        struct.pack_into(">H", result, place + 2, order.index(part))
        place += 8 if flags & _ARGS_ARE_WORDS else 6
        if flags & _HAS_SCALE:
            place += 2
        elif flags & _HAS_XY_SCALE:
            place += 4
        elif flags & _HAS_MATRIX:
            place += 8
    return bytes(result)


def _checksum(data: bytes) -> int:
    padded = data + bytes(-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF


def _assemble(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(
        ">4sHHHH",
        b"\x00\x01\x00\x00",
        count,
        16 * power,
        power.bit_length() - 1,
        16 * (count - power),
    )
    directory, body = b"", bytearray()
    start = len(header) + 16 * count
    head_at = 0
    for tag in sorted(tables):
        if tag == "head":
            head_at = start + len(body)
        place = start + len(body)
        data = tables[tag]
        directory += struct.pack(">4sLLL", tag.encode(), _checksum(data), place, len(data))
        body += data + bytes(-len(data) % 4)
    font = bytearray(header + directory + body)
    struct.pack_into(
        ">L", font, head_at + 8, (_CHECKSUM_MAGIC - _checksum(bytes(font))) & 0xFFFFFFFF
    )
    return bytes(font)
