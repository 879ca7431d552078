"""The chart of abilities: to the right before, upwards after, everything inside the frame."""

from __future__ import annotations

from certify.exams.rescore_comparison import Placing, RescoredExam
from certify.web.rescoring_chart import FAR, NEAR, across, along, rescoring_chart


def exam(before: float, after: float, *, level: str = "novice") -> RescoredExam:
    first = Placing("novice", "none", before, 0.3, {}, is_provisional=True)
    second = Placing(level, "none", after, 0.3, {}, is_provisional=False)
    return RescoredExam("a", "novice", first, second)


def test_an_exam_that_did_not_move_stands_on_the_diagonal() -> None:
    (dot,) = rescoring_chart([exam(1.0, 1.0)], {}).dots
    assert dot.x - NEAR == FAR - dot.y and not dot.changed


def test_higher_is_to_the_right_and_upwards() -> None:
    assert along(-3.0) == NEAR and along(3.0) == FAR
    assert across(-3.0) == FAR and across(3.0) == NEAR
    assert along(-9.0) == NEAR and across(9.0) == NEAR


def test_equal_dots_are_drawn_once_and_changed_ones_last() -> None:
    exams = [exam(0.5, 0.9, level="elite"), exam(0.1, 0.1), exam(0.1, 0.1), exam(0.0, 0.2)]
    chart = rescoring_chart(exams, {"novice": -0.8})
    assert [dot.changed for dot in chart.dots] == [False, False, True]
    assert [line.text for line in chart.cuts] == ["novice"]
    assert len(chart.ticks) == 7
