"""Geometry of the charts that pages draw as inline SVG: radar, level ladder and histogram.

Only numbers and coordinates; colours and words belong to the templates and the style
sheet. The scale of the radar is ability (theta, logits), from -3 at the inner ring to 3 at
the rim; the band is the estimate plus and minus one standard error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from certify.web.errors import WrongDimensions
from certify.web.vocabulary import DIMENSIONS, LEVELS

THETA_MINIMUM = -3.0
THETA_MAXIMUM = 3.0
SIZE = 400.0
CENTRE = SIZE / 2
RIM_RADIUS = 158.0
# The lowest ability stands off the centre, so that a low value is not mistaken for none.
INNER_RADIUS = 20.0
LABEL_RADIUS = RIM_RADIUS + 25.0

Evidence = Literal["full", "limited", "none"]


@dataclass(frozen=True, slots=True)
class DimensionEstimate:
    """What is known about one dimension; `theta` is None when it was not assessed."""

    code: str
    theta: float | None
    se: float | None
    evidence_count: int
    limited: bool = False

    @property
    def evidence(self) -> Evidence:
        if self.theta is None or self.se is None:
            return "none"
        return "limited" if self.limited else "full"


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class RadarAxis:
    """One spoke: its end, the place of its letter, and the estimate on it if there is one."""

    estimate: DimensionEstimate
    end: Point
    label: Point
    dot: Point | None
    band_inner: Point | None
    band_outer: Point | None


@dataclass(frozen=True, slots=True)
class RadarRing:
    theta: float
    points: str
    label: Point
    level: str | None


@dataclass(frozen=True, slots=True)
class RadarSegment:
    start: Point
    end: Point
    dashed: bool


@dataclass(frozen=True, slots=True)
class RadarChart:
    size: float
    centre: Point
    rings: tuple[RadarRing, ...]
    axes: tuple[RadarAxis, ...]
    segments: tuple[RadarSegment, ...]
    band_path: str


@dataclass(frozen=True, slots=True)
class LadderRung:
    """One level with its posterior probability; `width` is a share of 100."""

    level: str
    probability: float
    width: float
    decided: bool


def radar_chart(
    estimates: Sequence[DimensionEstimate], cuts: Mapping[str, float] | None = None
) -> RadarChart:
    """Lay out six dimensions in their fixed order, starting at the top, clockwise.

    `cuts` are the cut scores (level code -> theta) to be drawn as named rings.
    Raises WrongDimensions unless each dimension is given once, in order.
    """
    found = tuple(estimate.code for estimate in estimates)
    if found != DIMENSIONS:
        raise WrongDimensions(expected=" ".join(DIMENSIONS), found=" ".join(found))
    axes = tuple(lay_out_axis(index, estimate) for index, estimate in enumerate(estimates))
    return RadarChart(
        size=SIZE,
        centre=Point(CENTRE, CENTRE),
        rings=lay_out_rings(cuts or {}),
        axes=axes,
        segments=lay_out_segments(axes),
        band_path=lay_out_band(axes),
    )


def radius_of(theta: float) -> float:
    """Distance from the centre; abilities beyond the scale stay on its ends."""
    share = (theta - THETA_MINIMUM) / (THETA_MAXIMUM - THETA_MINIMUM)
    return INNER_RADIUS + min(1.0, max(0.0, share)) * (RIM_RADIUS - INNER_RADIUS)


def place(index: float, radius: float) -> Point:
    """The point on spoke `index` (0 is up, clockwise, 60 degrees apart)."""
    angle = math.radians(60 * index - 90)
    return Point(
        round(CENTRE + radius * math.cos(angle), 2), round(CENTRE + radius * math.sin(angle), 2)
    )


def lay_out_axis(index: int, estimate: DimensionEstimate) -> RadarAxis:
    dot = band_inner = band_outer = None
    if estimate.theta is not None and estimate.se is not None:
        dot = place(index, radius_of(estimate.theta))
        band_inner = place(index, radius_of(estimate.theta - estimate.se))
        band_outer = place(index, radius_of(estimate.theta + estimate.se))
    return RadarAxis(
        estimate=estimate,
        end=place(index, RIM_RADIUS),
        label=place(index, LABEL_RADIUS),
        dot=dot,
        band_inner=band_inner,
        band_outer=band_outer,
    )


def lay_out_rings(cuts: Mapping[str, float]) -> tuple[RadarRing, ...]:
    whole = [(float(theta), None) for theta in range(-3, 4)]
    named = [(theta, level) for level, theta in cuts.items()]
    return tuple(lay_out_ring(theta, level) for theta, level in [*whole, *named])


def lay_out_ring(theta: float, level: str | None) -> RadarRing:
    radius = radius_of(theta)
    corners = [place(index, radius) for index in range(6)]
    # Level names sit on the middle of the upper left edge, numbers beside the top spoke.
    label = place(5.5, radius * math.cos(math.radians(30))) if level else place(0, radius)
    return RadarRing(theta, points_text(corners), label, level)


def lay_out_segments(axes: Sequence[RadarAxis]) -> tuple[RadarSegment, ...]:
    """Lines between assessed neighbours; dashed where either end has limited evidence."""
    segments = []
    for axis, following in neighbours(axes):
        if axis.dot is None or following.dot is None:
            continue
        dashed = "limited" in (axis.estimate.evidence, following.estimate.evidence)
        segments.append(RadarSegment(axis.dot, following.dot, dashed))
    return tuple(segments)


def lay_out_band(axes: Sequence[RadarAxis]) -> str:
    """One SVG path: a ring when all are assessed, else one strip per run of neighbours.

    Runs are drawn whole because strips that only touch show hairlines between them. The
    ring needs the even-odd fill rule.
    """
    if all(axis.dot is not None for axis in axes):
        outer = [axis.band_outer for axis in axes if axis.band_outer]
        inner = [axis.band_inner for axis in axes if axis.band_inner]
        return f"M{points_text(outer)}Z M{points_text(inner)}Z"
    strips = []
    for run in assessed_runs(axes):
        outward = [axis.band_outer for axis in run if axis.band_outer]
        back = [axis.band_inner for axis in reversed(run) if axis.band_inner]
        if len(run) > 1:
            strips.append(f"M{points_text([*outward, *back])}Z")
    return " ".join(strips)


def assessed_runs(axes: Sequence[RadarAxis]) -> list[list[RadarAxis]]:
    """Runs of assessed neighbours around the circle; at least one axis is a gap."""
    first_gap = next(index for index, axis in enumerate(axes) if axis.dot is None)
    runs: list[list[RadarAxis]] = [[]]
    for axis in [*axes[first_gap:], *axes[:first_gap]]:
        if axis.dot is None:
            runs.append([])
        else:
            runs[-1].append(axis)
    return [run for run in runs if run]


def neighbours(axes: Sequence[RadarAxis]) -> list[tuple[RadarAxis, RadarAxis]]:
    return list(zip(axes, [*axes[1:], axes[0]], strict=True))


def points_text(points: Sequence[Point]) -> str:
    return " ".join(f"{point.x:g},{point.y:g}" for point in points)


def level_ladder(probabilities: Mapping[str, float], decided: str) -> tuple[LadderRung, ...]:
    """The four levels from the highest down, each with its posterior probability."""
    rungs = []
    for level in reversed(LEVELS):
        probability = min(1.0, max(0.0, probabilities.get(level, 0.0)))
        rungs.append(LadderRung(level, probability, round(100 * probability, 2), level == decided))
    return tuple(rungs)


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """One range of points: where its bar stands, and whether its label has room on a phone."""

    x: float
    y: float
    width: float
    height: float
    centre: float
    count: int
    label: str
    is_major: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    width: float
    height: float
    ground: float
    bars: tuple[HistogramBar, ...]


HISTOGRAM_WIDTH, HISTOGRAM_HEIGHT = 800.0, 270.0
HISTOGRAM_TOP, HISTOGRAM_GROUND = 36.0, 232.0
BAR_SHARE = 0.86
MAJOR_LABELS = 5


def score_histogram(counts: Sequence[int], labels: Sequence[str]) -> Histogram:
    """Bars of equal width whose height is the count; the highest fills the frame."""
    slot = HISTOGRAM_WIDTH / max(len(counts), 1)
    highest = max([*counts, 1])
    step = max(1, -(-len(counts) // MAJOR_LABELS))
    bars = []
    for place_number, (count, label) in enumerate(zip(counts, labels, strict=True)):
        height = count / highest * (HISTOGRAM_GROUND - HISTOGRAM_TOP)
        bars.append(
            HistogramBar(
                x=round((place_number + (1 - BAR_SHARE) / 2) * slot, 2),
                y=round(HISTOGRAM_GROUND - height, 2),
                width=round(BAR_SHARE * slot, 2),
                height=round(height, 2),
                centre=round((place_number + 0.5) * slot, 2),
                count=count,
                label=label,
                is_major=place_number % step == 0,
            )
        )
    return Histogram(HISTOGRAM_WIDTH, HISTOGRAM_HEIGHT, HISTOGRAM_GROUND, tuple(bars))
