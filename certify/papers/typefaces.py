"""The fonts of a paper: for each character the first of some font files that can print it.

The files are named by the caller; nothing is searched for here.
"""

import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REPLACEMENT = "□"
"""Printed in place of a character that no font has, so that its absence is seen."""
_lock = threading.Lock()


class Typefaces:
    """Fonts in order of preference; at least the first has all common Chinese characters."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._known = [pdfmetrics.getFont(name).face.charToGlyph for name in names]

    @property
    def main(self) -> str:
        """The name of the first font."""
        return self._names[0]

    def name_of(self, character: str) -> str:
        """The font of a character; the main one where none has it."""
        code = ord(character)
        able = (name for name, known in zip(self._names, self._known, strict=True) if code in known)
        return next(able, self.main)

    def printable(self, text: str) -> str:
        """The text with every character that no font has replaced visibly."""
        return "".join(c if self._has(c) else REPLACEMENT for c in text)

    def runs(self, text: str) -> Iterator[tuple[str, str]]:
        """Pieces of one font each: (font name, text)."""
        for name, characters in groupby(self.printable(text), self.name_of):
            yield name, "".join(characters)

    def width(self, text: str, size: float) -> float:
        """In points."""
        return sum(
            float(pdfmetrics.stringWidth(piece, name, size)) for name, piece in self.runs(text)
        )

    def _has(self, character: str) -> bool:
        return any(ord(character) in known for known in self._known)


@lru_cache(maxsize=4)
def open_typefaces(paths: tuple[Path, ...]) -> Typefaces:
    """Fonts from TrueType files; each is read once per process."""
    with _lock:
        names = []
        for path in paths:
            name = f"paper-{path.stem}"
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, str(path)))
            names.append(name)
    return Typefaces(names)
