"""A page's content stream, written operator by operator (ISO 32000-2, sections 8 and 9).

Every number and every character code depends only on what is drawn, in order, so the same
drawing gives the same bytes in every version of every library: a verifier can draw a
certificate again and compare. Knows lines, curves and text; where they go is design.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from certificates.fonts import FontChain
from certificates.pdf.palette import Colour

Point = tuple[float, float]
# A circle as four Bezier quarters: 4/3 * (sqrt(2) - 1).
_QUARTER = 0.5523


def number_text(value: float) -> str:
    """At most three decimals, no exponent, no negative zero."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _numbers(values: Iterable[float]) -> str:
    return " ".join(number_text(value) for value in values)


class FontUse:
    """Which characters a page prints, per face of the chain, in order of first use.

    The character code in the page (and the glyph number in the embedded subset) is the
    position in that order, counted from 1.
    """

    def __init__(self, chain: FontChain) -> None:
        self.chain = chain
        self.characters: dict[int, dict[str, int]] = {}

    def encode(self, text: str) -> list[tuple[int, str]]:
        """Runs of one face each: (face index, hex codes)."""
        runs: list[tuple[int, str]] = []
        for character in text:
            face = self.chain.face_index(character)
            codes = self.characters.setdefault(face, {})
            code = f"{codes.setdefault(character, len(codes) + 1):04x}"
            if runs and runs[-1][0] == face:
                runs[-1] = (face, runs[-1][1] + code)
            else:
                runs.append((face, code))
        return runs


class Canvas:
    """Collects operators; points, origin at the lower left."""

    def __init__(self, fonts: FontUse) -> None:
        self.fonts = fonts
        self._operators: list[str] = []

    def content(self) -> bytes:
        return ("q\n" + "\n".join(self._operators) + "\nQ\n").encode("ascii")

    def _add(self, operator: str) -> None:
        self._operators.append(operator)

    def pen(self, colour: Colour, width: float, dash: Sequence[float] = ()) -> None:
        self._add(f"{_numbers(colour)} RG {number_text(width)} w [{_numbers(dash)}] 0 d")

    def ink(self, colour: Colour) -> None:
        self._add(f"{_numbers(colour)} rg")

    def line(self, start: Point, end: Point) -> None:
        self._add(f"{_numbers(start)} m {_numbers(end)} l S")

    def rectangle(self, x: float, y: float, width: float, height: float) -> None:
        """Filled and stroked."""
        self._add(f"{_numbers((x, y, width, height))} re B")

    def rectangles(self, boxes: Iterable[tuple[float, float, float, float]]) -> None:
        """Filled boxes in one path."""
        for box in boxes:
            self._add(f"{_numbers(box)} re")
        self._add("f")

    def circle(self, centre: Point, radius: float, *, paint: str) -> None:
        x, y = centre
        r, k = radius, radius * _QUARTER
        quarters = (
            (x + r, y + k, x + k, y + r, x, y + r),
            (x - k, y + r, x - r, y + k, x - r, y),
            (x - r, y - k, x - k, y - r, x, y - r),
            (x + k, y - r, x + r, y - k, x + r, y),
        )
        path = " ".join(f"{_numbers(quarter)} c" for quarter in quarters)
        self._add(f"{_numbers((x + r, y))} m {path} {paint}")

    def rounded(self, x: float, y: float, width: float, height: float, radius: float) -> None:
        """A filled and stroked box with round corners."""
        r, k = radius, radius * (1 - _QUARTER)
        right, top = x + width, y + height
        path = [
            f"{_numbers((x + r, y))} m {_numbers((right - r, y))} l",
            f"{_numbers((right - k, y, right, y + k, right, y + r))} c",
            f"{_numbers((right, top - r))} l",
            f"{_numbers((right, top - k, right - k, top, right - r, top))} c",
            f"{_numbers((x + r, top))} l",
            f"{_numbers((x + k, top, x, top - k, x, top - r))} c",
            f"{_numbers((x, y + r))} l",
            f"{_numbers((x, y + k, x + k, y, x + r, y))} c h B",
        ]
        self._add(" ".join(path))

    def text(self, x: float, y: float, text: str, size: float, *, spacing: float = 0.0) -> None:
        """One line of text from the left; spacing is added after each character (points)."""
        self._add(f"BT {number_text(spacing)} Tc {_numbers((x, y))} Td")
        for face, codes in self.fonts.encode(text):
            self._add(f"/F{face} {number_text(size)} Tf <{codes}> Tj")
        self._add("ET")

    def width(self, text: str, size: float, *, spacing: float = 0.0) -> float:
        return self.fonts.chain.width(text, size) + spacing * max(len(text) - 1, 0)

    def centred(self, x: float, y: float, text: str, size: float, *, spacing: float = 0.0) -> None:
        self.text(x - self.width(text, size, spacing=spacing) / 2, y, text, size, spacing=spacing)

    def right(self, x: float, y: float, text: str, size: float) -> None:
        self.text(x - self.width(text, size), y, text, size)

    def fitting(self, text: str, size: float, *, limit: float, least: float) -> float | None:
        """The largest size up to `size` at which the text is within limit; None below least."""
        width = self.width(text, size)
        fitted = size if width <= limit else size * limit / width
        return fitted if fitted >= least else None
