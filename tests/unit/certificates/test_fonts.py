"""The font chain: every common character, and a refusal by code point for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from certificates.errors import FontMissingError, GlyphMissingError
from certificates.fonts import FontChain, FontFace, default_font_chain, default_font_path


def test_default_font_prints_every_character_of_gb2312() -> None:
    chain = default_font_chain(further=())
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                character = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            assert chain.face_index(character) == 0


@pytest.mark.parametrize("character", ["·", "é", "𬱖", "𫍯", "龘", "（"])
def test_default_font_prints_what_names_contain(character: str) -> None:
    assert default_font_chain(further=()).face_index(character) == 0


@pytest.mark.parametrize(
    ("character", "code_point"), [("م", "U+0645"), ("\U0001f600", "U+1F600"), ("𠮷", "U+20BB7")]
)
def test_missing_character_is_refused_with_its_code_point(character: str, code_point: str) -> None:
    chain = default_font_chain(further=())
    with pytest.raises(GlyphMissingError) as caught:
        chain.width(f"张{character}", 40)
    assert code_point in str(caught.value)
    assert character in str(caught.value)


def test_font_is_read_once_per_process() -> None:
    assert default_font_chain() is default_font_chain()


def test_width_grows_with_size_and_text() -> None:
    chain = default_font_chain(further=())
    assert chain.width("张三", 40) == pytest.approx(80)
    assert 0 < chain.width("i", 10) < chain.width("W", 10)


def test_second_face_is_asked_for_what_the_first_lacks() -> None:
    class Nothing(FontFace):
        def glyph(self, character: str) -> int:
            return 0

    chain = FontChain([Nothing(default_font_path()), FontFace(default_font_path())])
    assert chain.face_index("张") == 1


def test_missing_or_foreign_font_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontMissingError, match=r"absent\.ttf"):
        FontFace(tmp_path / "absent.ttf")
    foreign = tmp_path / "foreign.ttf"
    foreign.write_bytes(b"OTTO" + bytes(40))
    with pytest.raises(FontMissingError, match="no TrueType outlines"):
        FontFace(foreign)
