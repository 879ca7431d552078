"""Geometry of the chart of abilities before and after a calibration, one dot an exam.

Only numbers and coordinates, as in `certify.web.charts`. Both scales are theta from -3 to 3; what
lies beyond stays on the edge. Dots that would cover one another are drawn once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from certify.exams.rescore_comparison import RescoredExam
from certify.web.charts import THETA_MAXIMUM, THETA_MINIMUM

SIZE = 460.0
NEAR, FAR = 52.0, 410.0
"""Where the scales begin and end."""


@dataclass(frozen=True, slots=True)
class Dot:
    """An exam, or several at one place; `changed` where a level changed."""

    x: int
    y: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A value of theta with its place along and across."""

    text: str
    along: float
    across: float


@dataclass(frozen=True, slots=True)
class RescoringChart:
    """`ticks` are whole thetas, `cuts` those of the levels."""

    size: float
    near: float
    far: float
    ticks: tuple[Line, ...]
    cuts: tuple[Line, ...]
    dots: tuple[Dot, ...]


def rescoring_chart(exams: Sequence[RescoredExam], cuts: Mapping[str, float]) -> RescoringChart:
    """Lay out all exams: before to the right, after upwards."""
    dots = {
        Dot(
            round(along(one.before.theta)),
            round(across(one.after.theta)),
            one.before.placed != one.after.placed,
        )
        for one in exams
    }
    whole = range(int(THETA_MINIMUM), int(THETA_MAXIMUM) + 1)
    return RescoringChart(
        size=SIZE,
        near=NEAR,
        far=FAR,
        ticks=tuple(Line(str(theta), along(theta), across(theta)) for theta in whole),
        cuts=tuple(Line(code, along(theta), across(theta)) for code, theta in cuts.items()),
        # changed ones last, so that they lie on top
        dots=tuple(sorted(dots, key=lambda dot: (dot.changed, dot.x, dot.y))),
    )


def along(theta: float) -> float:
    """From left to right."""
    return round(NEAR + _share(theta) * (FAR - NEAR), 1)


def across(theta: float) -> float:
    """From bottom to top."""
    return round(FAR - _share(theta) * (FAR - NEAR), 1)


def _share(theta: float) -> float:
    share = (theta - THETA_MINIMUM) / (THETA_MAXIMUM - THETA_MINIMUM)
    return min(1.0, max(0.0, share))
