"""The next item on the TCALS bank (85 items, 3PL) against R catR 3.17.

catR integrates on 33 points from -4 to 4 by the trapezoidal rule; after item 63 was answered wrong
it evaluates the criteria at the weighted likelihood estimate, expected responses included.
"""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.estimating.ability_modes import weighted_likelihood
from certify.psychometrics.irt import information, probability
from certify.psychometrics.selecting.information_table import InformationTable
from certify.psychometrics.selecting.posterior_criteria import PosteriorCriteria
from certify.psychometrics.selection import best_indices
from tests.reference.reference_data import tcals_items

BANK = tcals_items()
POINTS = np.linspace(-4.0, 4.0, 33)
DENSITY = np.exp(-0.5 * POINTS**2) / np.sqrt(2 * np.pi)
TRAPEZOID = np.full(33, 0.25)
TRAPEZOID[[0, -1]] /= 2
CRITERIA = PosteriorCriteria.of(BANK, POINTS)
LIKELIHOOD = 1.0 - probability(POINTS, BANK)[:, 62]
THETA = float(weighted_likelihood([[0.0]], BANK.take([62])).theta[0])
OTHERS = np.arange(85) != 62


def number(index: int) -> int:
    """Items are counted from 1 in the source."""
    return index + 1


@pytest.mark.parametrize(("given", "expected"), [([], 63), ([63], 10), ([63, 10], 62)])
def test_maximum_information(given: list[int], expected: int) -> None:
    available = ~np.isin(np.arange(85) + 1, given)
    values = information(0.0, BANK)
    assert number(best_indices(values, available, 1)[0]) == expected
    assert number(InformationTable.of(BANK).best(0.0, available)[0]) == expected


def test_kullback_leibler_weighted_by_the_likelihood() -> None:
    values = CRITERIA.kullback_leibler(THETA, LIKELIHOOD * TRAPEZOID)
    best = best_indices(values, OTHERS, 1)[0]
    assert number(best) == 19
    assert values[best] == pytest.approx(3.86766823, abs=1e-6)


def test_kullback_leibler_weighted_by_the_posterior() -> None:
    values = CRITERIA.kullback_leibler(THETA, LIKELIHOOD * DENSITY * TRAPEZOID)
    best = best_indices(values, OTHERS, 1)[0]
    assert number(best) == 44
    assert values[best] == pytest.approx(0.18523228, abs=1e-7)


def test_minimum_expected_posterior_variance() -> None:
    weights = LIKELIHOOD * AbilityGrid.of(POINTS, DENSITY).weights
    values = CRITERIA.expected_posterior_variance(weights, THETA)
    best = best_indices(-values, OTHERS, 1)[0]
    assert number(best) == 19
    assert values[best] == pytest.approx(0.31870726, abs=1e-6)
