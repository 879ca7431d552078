"""Geometry of the option curves of an item, drawn as inline SVG. Numbers and places only.

Groups of rising ability stand at equal distances; the height is the share of a group that gave an
answer. Every line ends in its letter, so that none is told by its colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certify.services.item_statistics import ObservedItem
from certify.web.charts import Point, points_text

WIDTH, HEIGHT = 720.0, 340.0
LEFT, RIGHT, TOP, GROUND = 72.0, 76.0, 20.0, 258.0
LABEL_GAP = 24.0
"""Least distance between the letters at the ends of lines."""
PATTERNS = 5


@dataclass(frozen=True, slots=True)
class OptionCurve:
    """One line: its letter, where that stands, and which of the dash patterns it is drawn in."""

    letter: str
    is_right: bool
    pattern: int
    line: str
    dots: tuple[Point, ...]
    label: Point
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CurveGroup:
    """One group on the axis."""

    at: float
    theta: float
    persons: float


@dataclass(frozen=True, slots=True)
class CurveChart:
    """Lines over groups; `up` are heights and shares of the grid."""

    width: float
    height: float
    left: float
    right: float
    ground: float
    up: tuple[tuple[float, float], ...]
    groups: tuple[CurveGroup, ...]
    curves: tuple[OptionCurve, ...]


def curve_chart(
    observed: ObservedItem, letters: Sequence[str], right_letter: str
) -> CurveChart | None:
    """The chart, or None without groups; `letters` name the answers that have a line.

    Items that are not chosen from options have one line, of the right responses.
    """
    if not observed.groups:
        return None
    places = _places(len(observed.groups))
    lines = [
        (letter, answer.is_right, answer.group_shares)
        for letter, answer in zip(letters, observed.answers, strict=False)
        if letter
    ]
    if not observed.has_options or not lines:
        lines = [(right_letter, True, tuple(group.right for group in observed.groups))]
    ends = _spread([_height(shares[-1]) for _, _, shares in lines])
    return CurveChart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        ground=GROUND,
        up=tuple((_height(share), share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
        groups=tuple(
            CurveGroup(at, group.theta, group.persons)
            for at, group in zip(places, observed.groups, strict=True)
        ),
        curves=tuple(
            _curve(letter, is_right, number, shares, places, end)
            for number, ((letter, is_right, shares), end) in enumerate(
                zip(lines, ends, strict=True)
            )
        ),
    )


def _curve(
    letter: str,
    is_right: bool,
    number: int,
    shares: tuple[float, ...],
    places: Sequence[float],
    end: float,
) -> OptionCurve:
    dots = tuple(Point(at, _height(share)) for at, share in zip(places, shares, strict=True))
    return OptionCurve(
        letter=letter,
        is_right=is_right,
        pattern=number % PATTERNS,
        line=points_text(dots),
        dots=dots,
        label=Point(WIDTH - RIGHT + 14.0, end),
        shares=shares,
    )


def _places(count: int) -> list[float]:
    """Middles of equal slots between the ends of the axis."""
    slot = (WIDTH - LEFT - RIGHT) / count
    return [round(LEFT + (number + 0.5) * slot, 2) for number in range(count)]


def _height(share: float) -> float:
    return round(GROUND - share * (GROUND - TOP), 2)


def _spread(heights: Sequence[float]) -> list[float]:
    """The heights moved apart where letters would cover one another, within the frame."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    moved = list(heights)
    lowest = TOP
    for at in order:
        moved[at] = max(heights[at], lowest)
        lowest = moved[at] + LABEL_GAP
    highest = GROUND + LABEL_GAP
    for at in reversed(order):
        moved[at] = round(min(moved[at], highest), 2)
        highest = moved[at] - LABEL_GAP
    return moved
