"""The logistic model against plain Python, numeric derivatives, and its limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.irt import ItemParameters, information, log_probability, probability

THETAS = st.floats(-4, 4)
SLOPES = st.floats(0.2, 4)
DIFFICULTIES = st.floats(-4, 4)
GUESSING = st.floats(0, 0.5)


def plain_probability(theta: float, a: float, b: float, c: float) -> float:
    return c + (1 - c) / (1 + math.exp(-a * (theta - b)))


@given(theta=THETAS, a=SLOPES, b=DIFFICULTIES, c=GUESSING)
def test_probability_is_the_three_parameter_logistic(
    theta: float, a: float, b: float, c: float
) -> None:
    found = probability(theta, ItemParameters.of([a], [b], [c]))
    assert found.shape == (1,)
    assert found[0] == pytest.approx(plain_probability(theta, a, b, c), rel=1e-12)


def test_probability_at_the_difficulty_is_half_way_above_guessing() -> None:
    items = ItemParameters.of([0.7, 1.9], [1.5, 1.5], [0.0, 0.2])
    assert probability(1.5, items) == pytest.approx([0.5, 0.6])


def test_shape_is_persons_by_items() -> None:
    items = ItemParameters.of([1, 1, 1], [-1, 0, 1])
    assert probability(np.zeros(5), items).shape == (5, 3)
    assert information(np.zeros(5), items).shape == (5, 3)
    assert [part.shape for part in log_probability(np.zeros(5), items)] == [(5, 3), (5, 3)]


@given(theta=THETAS, a=SLOPES, b=DIFFICULTIES, c=GUESSING)
def test_information_is_the_squared_derivative_over_the_variance(
    theta: float, a: float, b: float, c: float
) -> None:
    step = 1e-5
    slope = (
        plain_probability(theta + step, a, b, c) - plain_probability(theta - step, a, b, c)
    ) / (2 * step)
    right = plain_probability(theta, a, b, c)
    expected = slope**2 / (right * (1 - right))
    found = information(theta, ItemParameters.of([a], [b], [c]))[0]
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-9)


def test_information_without_guessing_peaks_at_the_difficulty() -> None:
    items = ItemParameters.of([1.6], [0.4])
    curve = information(np.array([0.3, 0.4, 0.5]), items)[:, 0]
    assert curve[1] == pytest.approx(1.6**2 / 4)
    assert curve[1] > max(curve[0], curve[2])


@given(theta=st.floats(-40, 40), a=st.floats(0.01, 30), b=st.floats(-10, 10), c=GUESSING)
def test_far_from_every_item_all_values_stay_in_range(
    theta: float, a: float, b: float, c: float
) -> None:
    items = ItemParameters.of([a], [b], [c])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        right, told = probability(theta, items)[0], information(theta, items)[0]
        log_right, log_wrong = log_probability(theta, items)
    assert c <= right <= 1
    assert math.isfinite(told)
    assert told >= 0
    assert math.isfinite(log_right[0])
    assert math.isfinite(log_wrong[0])


@pytest.mark.parametrize("theta", [-40.0, 40.0])
def test_theta_of_forty_gives_the_asymptotes(theta: float) -> None:
    items = ItemParameters.of([1.0, 2.5, 1.0], [0.0, -1.0, 2.0], [0.0, 0.2, 0.25])
    expected = items.c if theta < 0 else np.ones(3)
    assert probability(theta, items) == pytest.approx(expected, abs=1e-15)
    assert information(theta, items) == pytest.approx(np.zeros(3), abs=1e-12)


@given(theta=THETAS, a=SLOPES, b=DIFFICULTIES, c=GUESSING)
def test_log_probabilities_are_the_logarithms(theta: float, a: float, b: float, c: float) -> None:
    log_right, log_wrong = log_probability(theta, ItemParameters.of([a], [b], [c]))
    right = plain_probability(theta, a, b, c)
    assert log_right[0] == pytest.approx(math.log(right), rel=1e-9, abs=1e-12)
    assert math.exp(log_wrong[0]) == pytest.approx(1 - right, rel=1e-9, abs=1e-15)


def test_log_probability_keeps_its_digits_where_the_probability_rounds_to_one() -> None:
    _, log_wrong = log_probability(6.0, ItemParameters.of([5.0], [-4.0]))
    assert log_wrong[0] == pytest.approx(-50.0)


@pytest.mark.parametrize(
    ("a", "b", "c", "message"),
    [
        ([1, 0], [0, 0], [0, 0], "item 1: expected a finite a other than 0, found 0.0"),
        ([math.nan, 1], [0, 0], [0, 0], "item 0: expected a finite a other than 0, found nan"),
        ([math.inf, 1], [0, 0], [0, 0], "item 0: expected a finite a other than 0, found inf"),
        ([1, 1], [0, math.inf], [0, 0], "item 1: expected finite b, found inf"),
        ([1, 1], [0, math.nan], [0, 0], "item 1: expected finite b, found nan"),
        ([1, 1], [0, 0], [0, 1], "item 1: expected 0 <= c < 1, found 1.0"),
        ([1, 1], [0, 0], [-0.1, 0], "item 0: expected 0 <= c < 1, found -0.1"),
        ([1, 1], [0, 0], [0, math.nan], "item 1: expected 0 <= c < 1, found nan"),
        ([1, 1], [0], [0, 0], "expected vectors of one length"),
        ([[1, 1]], [[0, 0]], [0, 0], "expected vectors of one length"),
    ],
)
def test_parameter_out_of_range_is_named(
    a: list[float], b: list[float], c: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ItemParameters.of(a, b, c)


def test_one_guessing_value_serves_all_items() -> None:
    items = ItemParameters.of([1, 2, 3], [0, 0, 0], 0.25)
    assert len(items) == 3
    assert items.c.tolist() == [0.25, 0.25, 0.25]


def test_take_keeps_the_order_asked_for() -> None:
    items = ItemParameters.of([1, 2, 3], [-1, 0, 1], [0, 0.1, 0.2]).take([2, 0])
    assert (items.a.tolist(), items.b.tolist(), items.c.tolist()) == ([3, 1], [1, -1], [0.2, 0])


def test_take_of_nothing_is_an_empty_set_of_items() -> None:
    assert len(ItemParameters.of([1, 2], [0, 0]).take([])) == 0
