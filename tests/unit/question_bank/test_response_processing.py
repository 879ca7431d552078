"""From a response to points: all or nothing, exact at the bounds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.answer_key import NumericKey
from question_bank.errors import MalformedResponse
from question_bank.interactions import ChoiceResponse, NumericResponse, parse_response
from question_bank.response_processing import score
from question_bank.scoring_rules import within_tolerance
from tests.factories import make_item, right_response, wrong_response

TYPES = ("single", "multiple", "true_false", "numeric")


def points(item_type: str, raw: Any, **changes: Any) -> Fraction:
    item = make_item(item_type=item_type, **changes)
    return score(item, parse_response(item, raw)).points


@pytest.mark.parametrize("item_type", TYPES)
def test_right_answer_earns_the_point_and_a_wrong_one_nothing(item_type: str) -> None:
    item = make_item(item_type=item_type)
    right = score(item, parse_response(item, right_response(item)))
    wrong = score(item, parse_response(item, wrong_response(item)))
    assert (right.points, right.max_points, right.is_correct) == (1, 1, True)
    assert (wrong.points, wrong.max_points, wrong.is_correct) == (0, 1, False)


@pytest.mark.parametrize("item_type", TYPES)
def test_no_answer_earns_nothing(item_type: str) -> None:
    found = score(make_item(item_type=item_type), None)
    assert (found.points, found.is_correct) == (0, False)


@pytest.mark.parametrize(
    "chosen", [["a", "c"], ["a", "c", "e", "b"], [], ["a", "b", "c", "d", "e"], ["b", "d"]]
)
def test_multiple_choice_is_all_or_nothing(chosen: list[str]) -> None:
    assert points("multiple", chosen) == 0


def test_order_of_the_options_chosen_does_not_matter() -> None:
    assert points("multiple", ["e", "c", "a"]) == 1


@pytest.mark.parametrize(
    ("typed", "earned"),
    [
        ("12", 1),
        ("12.00", 1),
        ("12.005", 1),
        ("11.995", 1),
        ("12.0050000000000000000000001", 0),
        ("11.9949999999999999999999999", 0),
        ("１２．００５", 1),
        ("12.01", 0),
        ("-12", 0),
        ("twelve", 0),
        ("", 0),
    ],
)
def test_bounds_of_the_tolerance_are_inclusive_and_exact(typed: str, earned: int) -> None:
    assert points("numeric", {"value": typed}) == earned


def test_tolerance_of_zero_accepts_the_value_alone() -> None:
    key = NumericKey(Decimal("0.3"), Decimal(0), 1)
    assert points("numeric", {"value": "0.30"}, answer_key=key) == 1
    assert points("numeric", {"value": "0.3000001"}, answer_key=key) == 0


@given(
    value=st.decimals(-(10**6), 10**6, places=4),
    tolerance=st.decimals(0, 10, places=4),
    step=st.decimals("0.0001", 1, places=4),
)
def test_answer_counts_up_to_the_tolerance_on_both_sides(
    value: Decimal, tolerance: Decimal, step: Decimal
) -> None:
    key = NumericKey(value, tolerance, 4)
    for side in (1, -1):
        assert within_tolerance(value + side * tolerance, key)
        assert not within_tolerance(value + side * (tolerance + step), key)


def test_tolerance_is_exact_beyond_28_digits() -> None:
    key = NumericKey(Decimal(10**31), Decimal("0.001"), 3)
    assert within_tolerance(Decimal(f"{10**31}.001"), key)
    assert not within_tolerance(Decimal(f"{10**31}.0011"), key)


@pytest.mark.parametrize(
    ("item_type", "response"),
    [
        ("single", NumericResponse("1", Decimal(1))),
        ("numeric", ChoiceResponse(frozenset("a"))),
    ],
)
def test_response_of_another_kind_than_the_key_is_refused(item_type: str, response: Any) -> None:
    with pytest.raises(MalformedResponse, match="Item 01-001: expected a response for"):
        score(make_item(item_type=item_type), response)


def test_answered_item_without_a_key_is_refused() -> None:
    with pytest.raises(MalformedResponse, match="01-001"):
        score(make_item(answer_key=None), ChoiceResponse(frozenset("a")))
