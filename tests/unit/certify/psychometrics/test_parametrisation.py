"""Slopes and intercepts, and changes of scale: there and back, with the same probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.irt import ItemParameters, category_probabilities
from certify.psychometrics.parametrisation import (
    dichotomous_from_intercept,
    graded_from_intercepts,
    intercepts,
    partial_credit_from_intercepts,
    rescaled,
)

THETA = np.linspace(-3, 3, 7)
BANK = ItemParameters.concatenate(
    [
        ItemParameters.of([1.2, -0.7], [0.3, 1.0], [0.2, 0.0], [0.95, 1.0]),
        ItemParameters.graded([1.1, 0.5], [[-1.0, 0.0, 2.0], [-0.5, 1.0]]),
        ItemParameters.partial_credit([1.3], [[0.5, -0.2, 0.4]]),
    ]
)


def test_intercepts_of_each_model() -> None:
    nan = np.nan
    expected = [
        [-0.36, nan, nan],
        [0.7, nan, nan],
        [1.1, 0.0, -2.2],
        [0.25, -0.5, nan],
        [-0.65, -0.39, -0.91],
    ]
    assert intercepts(BANK) == pytest.approx(np.array(expected), nan_ok=True)
    assert intercepts(ItemParameters.of([2.0], [0.5])).tolist() == [[-1.0]]


def test_intercepts_lead_back_to_the_items() -> None:
    table = intercepts(BANK)
    a = BANK.a
    back = ItemParameters.concatenate(
        [
            dichotomous_from_intercept(a[:2], table[:2, 0], BANK.c[:2], BANK.d[:2]),
            graded_from_intercepts(a[2:4], table[2:4]),
            partial_credit_from_intercepts(a[4:], table[4:]),
        ]
    )
    assert back.b == pytest.approx(BANK.b)
    assert back.thresholds == pytest.approx(BANK.thresholds, nan_ok=True)


def test_partial_credit_numerators_are_k_a_theta_plus_d() -> None:
    a, d = 0.9, np.array([0.4, -0.3])
    numerator = np.exp(np.array([0.0, a * 0.7 + d[0], 2 * a * 0.7 + d[1]]))
    items = partial_credit_from_intercepts([a], d[None, :])
    assert category_probabilities(0.7, items)[0] == pytest.approx(numerator / numerator.sum())


def test_other_scale_leaves_the_probabilities() -> None:
    moved = rescaled(BANK, 1.3, -0.4)
    assert category_probabilities(1.3 * THETA - 0.4, moved) == pytest.approx(
        category_probabilities(THETA, BANK)
    )


def test_scale_must_keep_its_direction() -> None:
    with pytest.raises(ValueError, match="slope of the scale above 0, found -1"):
        rescaled(BANK, -1.0, 0.0)


@pytest.mark.parametrize("slope", [0.0, np.nan, np.inf])
def test_slope_without_a_difficulty_is_named(slope: float) -> None:
    with pytest.raises(ValueError, match="item 1: expected a finite slope"):
        dichotomous_from_intercept([1.0, slope], [0.0, 0.0])
