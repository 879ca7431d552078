"""Where the lines and letters of option curves stand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.services.observed_item import (
    AbilityGroup,
    AnswerStatistics,
    ObservedItem,
    describe_item,
)
from certify.web.option_curves import GROUND, HEIGHT, LABEL_GAP, TOP, curve_chart
from tests.factories import make_item

NOBODY = describe_item(make_item(), [], 0, ())


def observed(*shares: tuple[float, ...], has_options: bool = True) -> ObservedItem:
    groups = tuple(AbilityGroup(float(n), 10.0, 0.1 * n) for n in range(len(shares[0])))
    answers = tuple(
        AnswerStatistics(letter, 1, 0.1, 0.0, letter == "b", share)
        for letter, share in zip("abcdef", shares, strict=False)
    )
    return replace(NOBODY, has_options=has_options, groups=groups, answers=answers)


def test_no_groups_no_chart() -> None:
    assert curve_chart(NOBODY, [], "Right") is None


def test_the_height_is_the_share() -> None:
    chart = curve_chart(observed((0.0, 1.0), (0.5, 0.25)), ["A", "B"], "Right")
    assert chart is not None
    first, second = chart.curves
    assert [dot.y for dot in first.dots] == [GROUND, TOP]
    assert [dot.y for dot in second.dots] == pytest.approx([139, 198.5])
    assert (first.is_right, second.is_right) == (False, True)
    assert first.pattern != second.pattern
    assert chart.groups[0].at < chart.groups[1].at


def test_answers_without_a_letter_have_no_line() -> None:
    chart = curve_chart(observed((0.1, 0.2), (0.3, 0.4)), ["A", ""], "Right")
    assert chart is not None
    assert [curve.letter for curve in chart.curves] == ["A"]


def test_typed_answers_give_one_line_of_the_right_ones() -> None:
    chart = curve_chart(observed((0.5, 0.5), has_options=False), ["A"], "Right")
    assert chart is not None
    (line,) = chart.curves
    assert (line.letter, line.is_right, line.shares) == ("Right", True, (0.0, 0.1))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_letters_do_not_cover_one_another(ends: list[float]) -> None:
    chart = curve_chart(observed(*((end, end) for end in ends)), "ABCDEF"[: len(ends)], "Right")
    assert chart is not None
    heights = sorted(curve.label.y for curve in chart.curves)
    assert all(0 < height < HEIGHT for height in heights)
    for one, other in itertools.pairwise(heights):
        assert other - one >= LABEL_GAP - 0.02
