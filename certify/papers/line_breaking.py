"""Where lines of Chinese text with Latin words in it may end, and where they do.

A line may end between Chinese characters and at blanks, never within a Latin word or a number;
closing punctuation does not begin a line, opening punctuation does not end one (GB/T 15834).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from certify.papers.text_runs import TextRun

CLOSING = frozenset("，。；：？！、）》”’」』】〕…—％%,.;:?!)]}·~～℃")
OPENING = frozenset("（《“‘「『【〔([{")
BESIDE_LATIN = 0.14
"""Ems of air between a Chinese character and a Latin one; no blank is typed there."""
_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff“”‘’…—]")
_PIECE = re.compile(f"\\s+|{_CHINESE.pattern}|(?:(?!{_CHINESE.pattern})\\S)+")


@dataclass(frozen=True, slots=True)
class Piece:
    """What stays on one line: a character, a word or a blank; `before`: points of air in front."""

    runs: tuple[TextRun, ...]
    width: float
    before: float = 0.0
    is_blank: bool = False

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces from left to right; `is_last` of its paragraph, or before a forced break."""

    pieces: tuple[Piece, ...]
    width: float
    is_last: bool


Measure = Callable[[str, float], float]
"""Width of a text in points at a share of the size."""


def break_lines(
    runs: Sequence[TextRun], measure: Measure, size: float, limit: float, indent: float = 0.0
) -> list[Line]:
    """Lines of at most `limit` points, the first one shorter by `indent`."""
    lines: list[Line] = []
    line: list[Piece] = []
    used = indent
    for pieces in _units(runs, measure, size):
        if not pieces:
            lines.append(_line(line, is_last=True))
            line, used = [], 0.0
            continue
        if line and used + _width(pieces) > limit and not all(one.is_blank for one in pieces):
            lines.append(_line(line, is_last=False))
            line, used = [], 0.0
        if not line:
            pieces = _without_air(pieces)
        line += pieces
        used += _width(pieces)
    lines.append(_line(line, is_last=True))
    return lines


def _line(pieces: list[Piece], *, is_last: bool) -> Line:
    while pieces and pieces[-1].is_blank:
        pieces = pieces[:-1]
    return Line(tuple(pieces), _width(pieces), is_last)


def _width(pieces: Sequence[Piece]) -> float:
    return sum(piece.width + piece.before for piece in pieces)


def _without_air(pieces: list[Piece]) -> list[Piece]:
    """As a line begins: no blank and no air in front."""
    while pieces and pieces[0].is_blank:
        pieces = pieces[1:]
    return [replace(pieces[0], before=0.0), *pieces[1:]] if pieces else []


def _units(runs: Sequence[TextRun], measure: Measure, size: float) -> Iterator[list[Piece]]:
    """Pieces that must not be parted; an empty list is a forced break."""
    unit: list[Piece] = []
    for piece in _pieces(runs, measure, size):
        if piece is None:
            if unit:
                yield unit
            yield []
            unit = []
            continue
        stays = unit and (
            piece.text[:1] in CLOSING
            or unit[-1].text[-1:] in OPENING
            or piece.runs[0].rise
            # a Latin word goes on in the next run: emphasis within it is no place to part it
            or not (
                piece.is_blank or unit[-1].is_blank or _is_chinese(piece) or _is_chinese(unit[-1])
            )
        )
        if unit and not stays:
            yield unit
            unit = []
        unit.append(piece)
    if unit:
        yield unit


def _pieces(runs: Sequence[TextRun], measure: Measure, size: float) -> Iterator[Piece | None]:
    former: Piece | None = None
    for run in runs:
        if run.is_break:
            former = None
            yield None
            continue
        if run.gap:
            former = Piece((run,), run.gap * size)
            yield former
            continue
        for text in _short(_PIECE.findall(run.text)):
            one = replace(run, text=text)
            piece = Piece((one,), measure(text, run.scale), is_blank=text.isspace())
            if former is not None and _needs_air(former, piece):
                piece = replace(piece, before=BESIDE_LATIN * size)
            former = piece
            yield piece


def _short(texts: Sequence[str], longest: int = 36) -> Iterator[str]:
    """A word longer than any line, such as an address, is cut."""
    for text in texts:
        for start in range(0, len(text), longest):
            yield text[start : start + longest]


def _is_chinese(piece: Piece) -> bool:
    return bool(piece.text) and _CHINESE.fullmatch(piece.text[:1]) is not None


def _needs_air(former: Piece, piece: Piece) -> bool:
    pair = former.text[-1:] + piece.text[:1]
    if len(pair) < 2 or former.is_blank or piece.is_blank:
        return False
    # signs such as / stand close on both sides; letters and digits want air
    return pair[0].isalnum() and pair[1].isalnum() and _is_chinese(former) != _is_chinese(piece)
