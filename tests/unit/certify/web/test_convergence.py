"""Geometry of the convergence chart at its edges."""

from __future__ import annotations

from certify.exams.scoring import Step
from certify.web.convergence import BOTTOM, LEFT, RIGHT, TOP, convergence_chart, item_numbers, x_of

CUTS = {"novice": -0.8, "proficient": 0.3, "elite": 1.3}


def steps(*estimates: tuple[float, float]) -> list[Step]:
    return [Step(n, f"01-{n:03d}", True, theta, se) for n, (theta, se) in enumerate(estimates, 1)]


def test_no_items_give_no_chart() -> None:
    assert convergence_chart([], CUTS) is None


def test_items_stand_from_edge_to_edge() -> None:
    assert (x_of(1, 40), x_of(40, 40)) == (LEFT, RIGHT)


def test_a_single_item_stands_in_the_middle() -> None:
    chart = convergence_chart(steps((0.0, 0.5)), CUTS)
    assert chart is not None
    assert chart.last.x == (LEFT + RIGHT) / 2


def test_estimates_beyond_the_scale_stay_on_its_edges() -> None:
    chart = convergence_chart(steps((5.0, 1.0), (-5.0, 1.0)), CUTS)
    assert chart is not None
    assert chart.line == f"{LEFT:g},{TOP:g} {RIGHT:g},{BOTTOM:g}"


def test_the_band_goes_out_and_back() -> None:
    chart = convergence_chart(steps((0.0, 1.0), (0.5, 0.5)), CUTS)
    assert chart is not None
    assert len(chart.band.split()) == 4
    assert [cut.level for cut in chart.cuts] == list(CUTS)


def test_item_numbers_never_crowd() -> None:
    assert item_numbers(4) == [1]
    assert item_numbers(40) == [1, 5, 10, 15, 20, 25, 30, 35, 40]
    assert item_numbers(120) == [1, *range(10, 121, 10)]
