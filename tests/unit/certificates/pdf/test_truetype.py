"""The font cut down to its glyphs: readable by others, same shapes, same widths."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from certificates.fonts import FontFace, default_font_path
from certificates.pdf.truetype import TrueTypeError, TrueTypeTables

TEXT = "张三é·𬱖W"


@pytest.fixture(scope="module")
def face() -> FontFace:
    return FontFace(default_font_path())


def test_characters_agree_with_another_reader(face: FontFace) -> None:
    with TTFont(default_font_path(), lazy=True) as font:
        expected = {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    assert face.tables.characters() == expected


def test_subset_is_a_sound_font_with_the_same_outlines(face: FontFace) -> None:
    glyphs = [0, *(face.glyph(character) for character in TEXT)]
    data = face.tables.subset(glyphs)
    assert len(data) < 10_000
    subset = TTFont(io.BytesIO(data), checkChecksums=2)
    assert subset["maxp"].numGlyphs == len(glyphs)
    with TTFont(default_font_path(), lazy=True) as whole:
        for place, glyph in enumerate(glyphs):
            cut, full = subset.getGlyphName(place), whole.getGlyphName(glyph)
            assert subset["glyf"][cut] == whole["glyf"][full]
            assert subset["hmtx"][cut] == whole["hmtx"][full]


@pytest.mark.parametrize("data", [b"", b"OTTO", b"\0\1\0\0\0\0" + bytes(20), b"<html>"])
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(TrueTypeError):
        TrueTypeTables(data)


def composite_glyph(part: int, *, more: bool) -> bytes:
    """A composite of one or two parts with byte offsets."""
    flags = 0x0020 if more else 0
    entry = flags.to_bytes(2, "big") + part.to_bytes(2, "big") + b"\0\0"
    tail = b"\0\0" + part.to_bytes(2, "big") + b"\5\5" if more else b""
    return b"\xff\xff" + bytes(8) + entry + tail


def test_parts_of_composites_come_along(face: FontFace, monkeypatch: pytest.MonkeyPatch) -> None:
    part, whole = face.glyph("三"), face.glyph("张")
    real = TrueTypeTables.outline

    def outline(tables: TrueTypeTables, glyph: int) -> bytes:
        return composite_glyph(part, more=True) if glyph == whole else real(tables, glyph)

    monkeypatch.setattr(TrueTypeTables, "outline", outline)
    subset = TTFont(io.BytesIO(face.tables.subset([0, whole])))
    assert subset["maxp"].numGlyphs == 3
    glyph = subset["glyf"][subset.getGlyphName(1)]
    assert [component.glyphName for component in glyph.components] == [subset.getGlyphName(2)] * 2
