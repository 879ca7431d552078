"""Geometry of the convergence chart: how the estimate of ability settled, item by item.

Only numbers and coordinates, as in `certify.web.charts`. The vertical scale is theta from -3 to
3; an estimate or band beyond it stays on its edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from certify.exams.scoring import Step
from certify.web.charts import THETA_MAXIMUM, THETA_MINIMUM, Point, points_text

WIDTH = 720.0
HEIGHT = 320.0
LEFT = 40.0
# Room for the names of the cuts at the end of their lines.
RIGHT = WIDTH - 84.0
TOP = 14.0
BOTTOM = HEIGHT - 34.0
MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class AxisTick:
    value: int
    at: float


@dataclass(frozen=True, slots=True)
class CutLine:
    level: str
    y: float


@dataclass(frozen=True, slots=True)
class ConvergenceChart:
    width: float
    height: float
    left: float
    right: float
    bottom: float
    theta_ticks: tuple[AxisTick, ...]
    item_ticks: tuple[AxisTick, ...]
    cuts: tuple[CutLine, ...]
    line: str
    band: str
    last: Point


def convergence_chart(steps: Sequence[Step], cuts: Mapping[str, float]) -> ConvergenceChart | None:
    """Lay out the estimates after each item; None when no item was served."""
    if not steps:
        return None
    count = len(steps)
    line = [Point(x_of(n, count), y_of(step.theta)) for n, step in enumerate(steps, 1)]
    upper = [Point(x_of(n, count), y_of(s.theta + s.se)) for n, s in enumerate(steps, 1)]
    lower = [Point(x_of(n, count), y_of(s.theta - s.se)) for n, s in enumerate(steps, 1)]
    whole = range(int(THETA_MINIMUM), int(THETA_MAXIMUM) + 1)
    return ConvergenceChart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        bottom=BOTTOM,
        theta_ticks=tuple(AxisTick(theta, y_of(theta)) for theta in whole),
        item_ticks=tuple(AxisTick(n, x_of(n, count)) for n in item_numbers(count)),
        cuts=tuple(CutLine(level, y_of(theta)) for level, theta in cuts.items()),
        line=points_text(line),
        band=points_text([*upper, *reversed(lower)]),
        last=line[-1],
    )


def x_of(position: int, count: int) -> float:
    """Items stand at equal distances; a single one stands in the middle."""
    share = (position - 1) / (count - 1) if count > 1 else 0.5
    return round(LEFT + share * (RIGHT - LEFT), 2)


def y_of(theta: float) -> float:
    share = (theta - THETA_MINIMUM) / (THETA_MAXIMUM - THETA_MINIMUM)
    return round(BOTTOM - min(1.0, max(0.0, share)) * (BOTTOM - TOP), 2)


def item_numbers(count: int) -> list[int]:
    """The first item and every fifth or tenth, so that the numbers never touch."""
    every = 5 if count <= 5 * MOST_TICKS else 10
    return [1, *range(every, count + 1, every)]
