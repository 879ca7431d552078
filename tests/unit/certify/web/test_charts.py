"""Geometry of the radar chart, the level ladder and the histogram."""

from __future__ import annotations

import math

import pytest

from certify.web.charts import (
    CENTRE,
    HISTOGRAM_TOP,
    INNER_RADIUS,
    MAJOR_LABELS,
    RIM_RADIUS,
    DimensionEstimate,
    Point,
    level_ladder,
    radar_chart,
    radius_of,
    score_histogram,
)
from certify.web.errors import WrongDimensions


def estimates(**changes: DimensionEstimate) -> list[DimensionEstimate]:
    return [changes.get(code, DimensionEstimate(code, 0.0, 0.3, 8)) for code in "eSTORM"]


def not_assessed(code: str) -> DimensionEstimate:
    return DimensionEstimate(code, None, None, 0)


def distance(point: Point) -> float:
    return math.hypot(point.x - CENTRE, point.y - CENTRE)


def test_the_scale_runs_from_the_inner_ring_to_the_rim() -> None:
    assert radius_of(-3) == INNER_RADIUS
    assert radius_of(3) == RIM_RADIUS
    assert radius_of(0) == pytest.approx((INNER_RADIUS + RIM_RADIUS) / 2)


def test_abilities_beyond_the_scale_stay_on_its_ends() -> None:
    assert radius_of(-9) == INNER_RADIUS
    assert radius_of(9) == RIM_RADIUS


def test_the_first_axis_points_up_and_the_next_is_clockwise() -> None:
    axes = radar_chart(estimates()).axes
    assert axes[0].end == Point(CENTRE, CENTRE - RIM_RADIUS)
    assert axes[1].end.x > CENTRE
    assert axes[1].end.y < CENTRE
    assert axes[3].end == Point(CENTRE, CENTRE + RIM_RADIUS)


def test_the_band_reaches_one_standard_error_to_each_side() -> None:
    axis = radar_chart(estimates(S=DimensionEstimate("S", 1.0, 0.5, 8))).axes[1]
    assert axis.dot and axis.band_inner and axis.band_outer
    assert distance(axis.dot) == pytest.approx(radius_of(1.0), abs=0.02)
    assert distance(axis.band_inner) == pytest.approx(radius_of(0.5), abs=0.02)
    assert distance(axis.band_outer) == pytest.approx(radius_of(1.5), abs=0.02)


def test_a_full_profile_has_a_closed_line_and_a_ring_as_band() -> None:
    chart = radar_chart(estimates())
    assert len(chart.segments) == 6
    assert chart.band_path.count("M") == 2
    assert not any(segment.dashed for segment in chart.segments)


def test_limited_evidence_dashes_the_lines_on_both_sides() -> None:
    chart = radar_chart(estimates(T=DimensionEstimate("T", 0.0, 0.6, 2, limited=True)))
    assert [segment.dashed for segment in chart.segments] == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_dimension_not_assessed_leaves_a_gap() -> None:
    chart = radar_chart(estimates(O=not_assessed("O")))
    assert chart.axes[3].dot is None
    assert len(chart.segments) == 4
    assert chart.band_path.count("M") == 1


def test_a_dimension_between_two_gaps_has_neither_line_nor_band() -> None:
    chart = radar_chart(estimates(e=not_assessed("e"), T=not_assessed("T")))
    assert len(chart.segments) == 2
    assert chart.band_path.count("M") == 1
    assert chart.axes[1].dot is not None


def test_nothing_assessed_draws_no_profile() -> None:
    chart = radar_chart([not_assessed(code) for code in "eSTORM"])
    assert chart.segments == ()
    assert chart.band_path == ""


def test_cut_scores_become_named_rings() -> None:
    chart = radar_chart(estimates(), {"novice": -0.8, "elite": 1.7})
    assert [ring.level for ring in chart.rings if ring.level] == ["novice", "elite"]
    assert len(chart.rings) == 9


def test_dimensions_in_another_order_are_refused() -> None:
    with pytest.raises(WrongDimensions, match="S e T O R M"):
        radar_chart([DimensionEstimate(code, 0.0, 0.3, 8) for code in "SeTORM"])


def test_the_ladder_stands_with_the_highest_level_on_top() -> None:
    rungs = level_ladder({"none": 0.1, "novice": 0.2, "proficient": 0.7}, "proficient")
    assert [rung.level for rung in rungs] == ["elite", "proficient", "novice", "none"]
    assert [rung.width for rung in rungs] == [0, 70, 20, 10]
    assert [rung.decided for rung in rungs] == [False, True, False, False]


def test_bars_of_a_histogram_stand_on_the_ground_and_keep_their_proportions() -> None:
    chart = score_histogram([0, 5, 10], ["0", "1", "2"])
    assert [bar.y + bar.height for bar in chart.bars] == [chart.ground] * 3
    low, high = chart.bars[1].height, chart.bars[2].height
    assert (chart.bars[0].height, high) == (0, 2 * low)
    assert high == chart.ground - HISTOGRAM_TOP
    assert [bar.centre for bar in chart.bars] == pytest.approx([400 / 3, 400, 2000 / 3], abs=0.01)


def test_a_histogram_without_candidates_or_ranges_is_drawn_flat() -> None:
    assert {bar.height for bar in score_histogram([0, 0], ["0", "1"]).bars} == {0}
    assert score_histogram([], []).bars == ()


def test_a_phone_shows_at_most_five_labels() -> None:
    for count in (1, 5, 6, 21):
        chart = score_histogram([1] * count, [str(n) for n in range(count)])
        assert 1 <= sum(bar.is_major for bar in chart.bars) <= MAJOR_LABELS
