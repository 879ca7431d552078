"""Curves of mixed banks: plain formulas, derivatives, tails, and the rules of probability."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics import irt
from certify.psychometrics.irt import ItemParameters, category_curves, category_probabilities

THETAS = st.floats(-6, 6)
SLOPES = st.floats(0.2, 4)
PLACES = st.lists(st.floats(-4, 4), min_size=1, max_size=5)


def rising(places: list[float]) -> list[float]:
    """Thresholds in order, at least a little apart."""
    return [place + 0.05 * index for index, place in enumerate(sorted(places))]


@st.composite
def banks(draw: st.DrawFn) -> ItemParameters:
    """One item of each model."""
    c = draw(st.floats(0, 0.4))
    return ItemParameters.concatenate(
        [
            ItemParameters.of([draw(SLOPES)], [draw(st.floats(-4, 4))], c, draw(st.floats(0.6, 1))),
            ItemParameters.graded([draw(SLOPES)], [rising(draw(PLACES))]),
            ItemParameters.partial_credit([draw(SLOPES)], [draw(PLACES)]),
            ItemParameters.of([-draw(SLOPES)], [draw(st.floats(-4, 4))], c),
        ]
    )


def plain_graded(theta: float, a: float, thresholds: list[float]) -> list[float]:
    at_least = [1.0, *(1 / (1 + math.exp(-a * (theta - b))) for b in thresholds), 0.0]
    return [upper - lower for upper, lower in pairwise(at_least)]


def plain_partial_credit(theta: float, a: float, steps: list[float]) -> list[float]:
    sums = [0.0]
    for b in steps:
        sums.append(sums[-1] + a * (theta - b))
    weights = [math.exp(value) for value in sums]
    return [weight / math.fsum(weights) for weight in weights]


@given(theta=THETAS, a=SLOPES, places=PLACES)
def test_graded_categories_are_differences_of_logistics(
    theta: float, a: float, places: list[float]
) -> None:
    found = category_probabilities(theta, ItemParameters.graded([a], [rising(places)]))[0]
    assert found == pytest.approx(plain_graded(theta, a, rising(places)), abs=1e-12)


@given(theta=THETAS, a=SLOPES, steps=PLACES)
def test_partial_credit_categories_are_shares_of_exponentials(
    theta: float, a: float, steps: list[float]
) -> None:
    found = category_probabilities(theta, ItemParameters.partial_credit([a], [steps]))[0]
    assert found == pytest.approx(plain_partial_credit(theta, a, steps), rel=1e-9, abs=1e-12)


@given(theta=THETAS, a=SLOPES, b=st.floats(-4, 4))
def test_one_threshold_makes_both_models_the_logistic_one(theta: float, a: float, b: float) -> None:
    plain = category_probabilities(theta, ItemParameters.of([a], [b]))
    for other in (ItemParameters.graded([a], [[b]]), ItemParameters.partial_credit([a], [[b]])):
        assert category_probabilities(theta, other) == pytest.approx(plain, abs=1e-14)
        assert irt.information(theta, other) == pytest.approx(
            irt.information(theta, ItemParameters.of([a], [b])), rel=1e-9
        )


@given(bank=banks(), theta=THETAS)
def test_category_probabilities_sum_to_one(bank: ItemParameters, theta: float) -> None:
    p = category_probabilities(theta, bank)
    assert p.sum(axis=-1) == pytest.approx(np.ones(4), abs=1e-12)
    assert (p >= 0).all()
    beyond = np.arange(bank.n_categories) > bank.max_category[:, None]
    assert (p[beyond] == 0).all()


@given(bank=banks(), theta=THETAS)
def test_derivatives_are_those_of_the_probabilities(bank: ItemParameters, theta: float) -> None:
    step = 1e-5
    here, before, after = (category_curves(theta + d, bank) for d in (0.0, -step, step))
    chain = [
        (lambda c: c.p, here.p * here.first),
        (lambda c: c.p * c.first, here.p * here.second),
        (lambda c: c.p * c.second, here.p * here.third),
        (lambda c: c.information(), here.information_slope()),
        (lambda c: c.information_slope(), here.information_curvature()),
        (lambda c: c.bias_numerator(), here.bias_numerator_slope()),
    ]
    for function, derivative in chain:
        numeric = (function(after) - function(before)) / (2 * step)
        assert derivative == pytest.approx(numeric, rel=1e-5, abs=1e-6)


@given(bank=banks(), theta=THETAS, data=st.data())
def test_response_ratios_are_those_of_the_observed_category(
    bank: ItemParameters, theta: float, data: st.DataObject
) -> None:
    row = np.array([data.draw(st.integers(0, int(top))) for top in bank.max_category], dtype=float)
    first, second = irt.response_ratios(row, theta, bank)
    curves = category_curves(theta, bank)
    chosen = (range(4), row.astype(int))
    assert first == pytest.approx(curves.first[chosen], rel=1e-9, abs=1e-12)
    assert second == pytest.approx(curves.second[chosen], rel=1e-9, abs=1e-10)
    logs = irt.log_response_probability_at(row, np.array([theta]), bank)
    assert logs == pytest.approx(curves.log_p[chosen], rel=1e-12)


@given(bank=banks(), theta=st.floats(-300, 300))
def test_far_from_every_item_all_values_stay_in_range(bank: ItemParameters, theta: float) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        curves = category_curves(theta, bank)
        told = irt.information(theta, bank)
    assert (told >= 0).all()
    assert np.isfinite(curves.information_slope()).all()
    assert np.isfinite(curves.bias_numerator()).all()
    assert (np.diff(np.isfinite(curves.log_p).astype(int), axis=-1) <= 0).all()


@given(bank=banks(), theta=THETAS)
def test_information_is_the_expected_curvature(bank: ItemParameters, theta: float) -> None:
    curves = category_curves(theta, bank)
    curvature = (curves.p * (curves.first**2 - curves.second)).sum(axis=-1)
    assert irt.information(theta, bank) == pytest.approx(curvature, rel=1e-8, abs=1e-10)


def test_expected_score_runs_from_zero_to_the_highest_category() -> None:
    bank = ItemParameters.concatenate(
        [
            ItemParameters.graded([1.0], [[-1.0, 0.0, 2.0]]),
            ItemParameters.partial_credit([0.8], [[0.5, -0.5]]),
        ]
    )
    curve = irt.expected_score(np.array([-60.0, 0.0, 60.0]), bank)
    assert curve[0] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert curve[2] == pytest.approx([3.0, 2.0])
    assert irt.test_characteristic_curve([-60.0, 60.0], bank) == pytest.approx([0.0, 5.0])
    assert curve[1, 0] == pytest.approx(
        sum(1 / (1 + math.exp(threshold)) for threshold in (-1.0, 0.0, 2.0))
    )


def test_each_item_of_a_multidimensional_bank_meets_its_own_ability() -> None:
    bank = ItemParameters.of([1.0, 2.0, 0.5], [0.1, 0.2, 0.3], dimension=[1, 0, 1])
    theta = np.array([[0.4, -1.0], [2.0, 0.0]])
    flat = bank.on_one_dimension()
    expected = [irt.probability(theta[:, d], flat.take([i]))[:, 0] for i, d in enumerate([1, 0, 1])]
    assert irt.probability(theta, bank) == pytest.approx(np.array(expected).T)
    with pytest.raises(ValueError, match="theta of 2 dimensions on its last axis"):
        irt.probability(np.zeros((2, 3)), bank)
    with pytest.raises(ValueError, match="information of several dimensions is a matrix"):
        irt.test_information(theta, bank)


def test_right_and_wrong_mean_nothing_for_an_item_with_thresholds() -> None:
    bank = ItemParameters.concatenate(
        [ItemParameters.of([1], [0]), ItemParameters.graded([1], [[0.0, 1.0]])]
    )
    with pytest.raises(ValueError, match="item 1: expected a dichotomous item"):
        irt.probability(0.0, bank)


def test_missing_responses_have_no_ratio() -> None:
    first, second = irt.response_ratios(np.array([np.nan]), 0.0, ItemParameters.of([1], [0]))
    assert (first[0], second[0]) == (0.0, 0.0)
