"""A paragraph that flows over pages: lines of Chinese and Latin text, drawn by our own rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable

from certify.papers.line_breaking import Line, Piece, break_lines
from certify.papers.text_runs import TextRun
from certify.papers.typefaces import Typefaces

MOST_STRETCH = 0.12
"""Ems that a justified line may gain between two pieces; a looser line stays ragged."""
UNDERLINE_DEPTH, UNDERLINE_WIDTH = 0.16, 0.6
FEWEST_LINES = 2
"""Of a paragraph at the foot or at the head of a page."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Sizes in points. `hanging`: how far all lines but the label stand in."""

    size: float = 10.5
    leading: float = 17.0
    hanging: float = 0.0
    space_before: float = 0.0
    space_after: float = 2.0
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    align: str = "justify"


class FlowText(Flowable):  # type: ignore[misc]
    """`label` (a number, a letter) stands in the margin that `hanging` leaves free."""

    def __init__(
        self,
        runs: Sequence[TextRun],
        style: TextStyle,
        faces: Typefaces,
        label: str = "",
        lines: Sequence[Line] | None = None,
    ) -> None:
        super().__init__()
        self.runs, self.style, self.faces, self.label = list(runs), style, faces, label
        self._given = None if lines is None else list(lines)
        self._lines: list[Line] = []

    def getSpaceBefore(self) -> float:  # noqa: N802 - the library's name
        return self.style.space_before

    def getSpaceAfter(self) -> float:  # noqa: N802 - the library's name
        return self.style.space_after

    def natural_width(self) -> float:
        """Points that the text takes on one line."""
        lines = break_lines(self.runs, self._measure, self.style.size, 1e6)
        return self.style.hanging + max(line.width for line in lines)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        limit = max(width - self.style.hanging, 4 * self.style.size)
        self._lines = self._given or break_lines(self.runs, self._measure, self.style.size, limit)
        self.height = len(self._lines) * self.style.leading
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        fit = int(height // self.style.leading)
        fit = min(fit, len(self._lines) - FEWEST_LINES)
        if fit < FEWEST_LINES:
            return []
        first = FlowText(self.runs, self.style, self.faces, self.label, self._lines[:fit])
        return [first, FlowText(self.runs, self.style, self.faces, "", self._lines[fit:])]

    def draw(self) -> None:
        size, leading = self.style.size, self.style.leading
        base = self.height - leading + (leading - size) / 2 + 0.12 * size
        self.canv.setFillColorRGB(*self.style.colour)
        self.canv.setStrokeColorRGB(*self.style.colour)
        if self.label:
            self._text(0, base, self.label, size)
        for number, line in enumerate(self._lines):
            self._draw_line(line, base - number * leading)

    def _draw_line(self, line: Line, base: float) -> None:
        room = self.width - self.style.hanging - line.width
        x = self.style.hanging
        stretch = 0.0
        if self.style.align == "center":
            x += room / 2
        elif self.style.align == "right":
            x += room
        elif not line.is_last and len(line.pieces) > 1:
            each = room / (len(line.pieces) - 1)
            stretch = each if 0 < each <= MOST_STRETCH * self.style.size else 0.0
        for number, piece in enumerate(line.pieces):
            x += piece.before + (stretch if number else 0.0)
            self._draw_piece(piece, x, base)
            x += piece.width

    def _draw_piece(self, piece: Piece, x: float, base: float) -> None:
        size = self.style.size
        for run in piece.runs:
            if run.text:
                self._text(x, base + run.rise * size, run.text, size * run.scale)
            if run.is_underlined or run.gap:
                self.canv.setLineWidth(UNDERLINE_WIDTH)
                y = base - UNDERLINE_DEPTH * size
                self.canv.line(x, y, x + piece.width, y)

    def _text(self, x: float, y: float, text: str, size: float) -> None:
        for name, characters in self.faces.runs(text):
            self.canv.setFont(name, size)
            self.canv.drawString(x, y, characters)
            x += self.canv.stringWidth(characters, name, size)

    def _measure(self, text: str, scale: float) -> float:
        return self.faces.width(text, self.style.size * scale)
