"""The font chain: for each character the first font that can print it.

Noto Sans SC from the package zhplot comes first and covers all 8,105 通用规范汉字; fonts of the
system follow where they are installed. No shaping: scripts that need it have no glyph here and
are refused, with their code point, like every other missing character.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from certificates.errors import FontMissingError, GlyphMissingError
from certificates.pdf.truetype import TrueTypeError, TrueTypeTables

# TrueType outlines only. Names as Debian installs them; absent ones are simply not in the chain.
SYSTEM_FONTS = (
    Path("/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf"),
    Path("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf"),
    Path("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"),
)


class FontFace:
    """One font file, opened once: which characters it has, how wide they are."""

    def __init__(self, path: Path) -> None:
        try:
            data = path.read_bytes()
            self.tables = TrueTypeTables(data)
            self._characters = self.tables.characters()
        except (OSError, TrueTypeError) as error:
            raise FontMissingError(font=path, reason=str(error)) from error
        self.name = path.stem
        self._data_sha256 = hashlib.sha256(data).digest()

    @cached_property
    def edition(self) -> str:
        """Six letters that differ between editions of the font file (a PDF subset tag)."""
        return "".join(chr(65 + byte % 26) for byte in self._data_sha256[:6])

    def glyph(self, character: str) -> int:
        """The glyph number, 0 where the font cannot print the character.

        A glyph without an outline counts only for a blank: anything else would vanish.
        """
        glyph = self._characters.get(ord(character), 0)
        if glyph and not character.isspace() and not self.tables.outline(glyph):
            return 0
        return glyph

    def advance(self, character: str) -> int:
        """Width in thousandths of the em."""
        return self.tables.advance(self.glyph(character))


class FontChain:
    """Fonts in order of preference."""

    def __init__(self, faces: Sequence[FontFace]) -> None:
        self.faces = tuple(faces)
        self._face_of: dict[str, int] = {}

    def face_index(self, character: str) -> int:
        """Index of the first face that prints the character; raises GlyphMissingError."""
        index = self._face_of.get(character)
        if index is None:
            able = (i for i, face in enumerate(self.faces) if face.glyph(character))
            index = next(able, None)
            if index is None:
                raise GlyphMissingError(character=character, code_point=f"U+{ord(character):04X}")
            self._face_of[character] = index
        return index

    def width(self, text: str, size: float) -> float:
        """Width of the text in points at a size in points."""
        advances = (self.faces[self.face_index(c)].advance(c) for c in text)
        return sum(advances) * size / 1000


@lru_cache(maxsize=1)
def default_font_path() -> Path:
    """Noto Sans SC inside the installed package zhplot (found, not imported)."""
    spec = importlib.util.find_spec("zhplot")
    if spec is None or not spec.submodule_search_locations:
        raise FontMissingError(font="NotoSansSC-Regular.ttf", reason="zhplot is not installed")
    return Path(spec.submodule_search_locations[0]) / "fonts" / "NotoSansSC-Regular.ttf"


@lru_cache(maxsize=4)
def open_font_chain(paths: tuple[Path, ...]) -> FontChain:
    return FontChain([FontFace(path) for path in paths])


def default_font_chain(further: Iterable[Path] = SYSTEM_FONTS) -> FontChain:
    """The chain of this machine; each file is read once per process."""
    return open_font_chain((default_font_path(), *(path for path in further if path.is_file())))
