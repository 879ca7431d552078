"""Geometry of the information curve of a paper, drawn as inline SVG. Numbers and places only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certify.web.charts import Point, points_text

WIDTH, HEIGHT = 720.0, 300.0
LEFT, RIGHT, TOP, GROUND = 52.0, 20.0, 18.0, 252.0
MOST_STEPS = 6


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis with its number."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class TargetMark:
    """At one ability: information reached, and wanted where a number was given."""

    theta: float
    reached: float
    wanted: float | None
    place: Point
    goal: Point | None


@dataclass(frozen=True, slots=True)
class InformationChart:
    """A curve over ability; `cut` is where the level's cut stands."""

    width: float
    height: float
    left: float
    right: float
    top: float
    ground: float
    line: str
    cut: float
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    marks: tuple[TargetMark, ...]


def information_chart(
    curve: Sequence[tuple[float, float]],
    cut: float,
    thetas: Sequence[float],
    reached: Sequence[float],
    wanted: Sequence[float] = (),
) -> InformationChart:
    """Lay out (theta, information) pairs in rising order of theta."""
    low, high = curve[0][0], curve[-1][0]
    highest = max([value for _, value in curve] + list(wanted) + [1.0])
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50, 100, 1e9) if highest / s <= MOST_STEPS)
    top = step * (int(highest / step) + 1)

    def place(theta: float, value: float) -> Point:
        x = LEFT + (theta - low) / (high - low) * (WIDTH - LEFT - RIGHT)
        return Point(round(x, 2), round(GROUND - value / top * (GROUND - TOP), 2))

    goals: Sequence[float | None] = list(wanted) or [None] * len(thetas)
    whole = range(int(low // 1) + 1, int(high // 1) + 1)
    return InformationChart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        ground=GROUND,
        line=points_text([place(theta, value) for theta, value in curve]),
        cut=place(cut, 0).x,
        across=tuple(Tick(place(theta, 0).x, float(theta)) for theta in whole),
        up=tuple(Tick(place(low, n * step).y, n * step) for n in range(round(top / step) + 1)),
        marks=tuple(
            TargetMark(
                theta,
                value,
                goal,
                place(theta, value),
                None if goal is None else place(theta, goal),
            )
            for theta, value, goal in zip(thetas, reached, goals, strict=True)
        ),
    )
