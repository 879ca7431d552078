"""Person scores of the LSAT section 7 data against R mirt 1.47 (R 4.2.2) and PyPI mirt 1.2.0.

Model: the 2PL of `reference_data`; prior N(0, 1); EAP on 61 equally spaced points from -6 to 6.
"""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.ability import AbilityFlag, AbilityGrid, eap
from certify.psychometrics.estimating.ability_modes import (
    StandardError,
    maximum_a_posteriori,
    maximum_likelihood,
    weighted_likelihood,
)
from certify.psychometrics.estimating.sum_scores import eap_from_sum_scores
from certify.psychometrics.irt import ItemParameters
from certify.psychometrics.likelihood import GridLikelihood
from certify.psychometrics.responses import checked
from tests.reference.reference_data import lsat7_items, table

ITEMS = lsat7_items()
GRID = AbilityGrid.normal(lower=-6.0, upper=6.0, count=61)
SCORES = table("lsat7_scores")
PATTERNS = SCORES[:, :5]

# mirt takes the Hessian of a mode by finite differences (R's nlm). Its standard errors of modes
# are therefore off in the fifth decimal; the formulas they approximate are compared with the next
# digits below, and with catR, which evaluates them, in test_tcals.
FINITE_DIFFERENCES = 1e-4


def test_every_pattern_of_five_items_is_covered() -> None:
    assert len({tuple(pattern) for pattern in PATTERNS}) == 32


def test_eap_agrees_with_mirt() -> None:
    found = eap(PATTERNS, ITEMS, GRID)
    assert found.theta == pytest.approx(SCORES[:, 5], abs=1e-5)
    assert found.se == pytest.approx(SCORES[:, 6], abs=1e-5)


@pytest.mark.parametrize("row", range(32))
def test_eap_of_one_person_is_that_of_the_batch(row: int) -> None:
    found = eap(PATTERNS[row : row + 1], ITEMS, GRID)
    assert found.theta[0] == pytest.approx(SCORES[row, 5], abs=1e-5)


def test_map_agrees_with_mirt() -> None:
    found = maximum_a_posteriori(PATTERNS, ITEMS)
    assert found.theta == pytest.approx(SCORES[:, 7], abs=1e-5)
    assert found.se == pytest.approx(SCORES[:, 8], abs=2e-5)


def test_ml_agrees_with_mirt_and_is_infinite_for_constant_patterns() -> None:
    found = maximum_likelihood(PATTERNS, ITEMS)
    assert found.theta == pytest.approx(SCORES[:, 9], abs=1e-5)
    assert found.se == pytest.approx(SCORES[:, 10], abs=FINITE_DIFFERENCES, nan_ok=True)
    assert found.has(AbilityFlag.INFINITE).tolist() == np.isinf(SCORES[:, 9]).tolist()


def test_wle_agrees_with_mirt() -> None:
    found = weighted_likelihood(PATTERNS, ITEMS, standard_error=StandardError.OBSERVED)
    assert found.theta == pytest.approx(SCORES[:, 11], abs=1e-5)
    assert found.se == pytest.approx(SCORES[:, 12], abs=FINITE_DIFFERENCES)


def test_wle_standard_error_by_information_agrees_with_the_python_package() -> None:
    rows = [[0, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 1, 1, 1], [1, 1, 1, 1, 1]]
    found = weighted_likelihood(rows, ITEMS)
    assert found.se == pytest.approx([1.9573, 1.1463, 0.8341, 1.6378], abs=5e-5)


def test_eap_from_sum_scores_agrees_with_mirt() -> None:
    """The numbers that mirt's own tests print, and the population's expected counts."""
    found = eap_from_sum_scores(ITEMS, GRID)
    # printed from a fit that was stopped at a tolerance of 1e-2 on the parameters
    printed = [-1.86979, -1.431861, -0.9488463, -0.4131963, 0.1517289, 0.7271877]
    assert found.theta == pytest.approx(printed, abs=1e-5)
    assert found.se == pytest.approx([0.6927, 0.6839, 0.6942, 0.7211, 0.7588, 0.8009], abs=5e-5)
    expected = [10.090, 44.659, 109.773, 207.738, 319.186, 308.554]
    assert 1000 * found.probability == pytest.approx(expected, abs=1e-3)


def test_empirical_reliability_of_sum_scores_agrees_with_mirt() -> None:
    """var(theta) / (var(theta) + mean(se^2)) over the 1,000 persons of the data."""
    data = table("lsat7_patterns")
    score = np.repeat(data[:, :5].sum(axis=1).astype(int), data[:, 5].astype(int))
    found = eap_from_sum_scores(ITEMS, GRID)
    spread = found.theta[score].var(ddof=1)
    reliability = spread / (spread + np.mean(found.se[score] ** 2))
    assert reliability == pytest.approx(0.4319948, abs=1e-5)


@pytest.mark.parametrize(
    ("items", "sd", "log_likelihood"),
    [
        (ITEMS, 1.0, -2658.805113632),
        (
            ItemParameters.of(np.ones(5), [-1.868260, -0.791004, -1.460976, -0.521505, -1.992970]),
            np.sqrt(1.022647),
            -2664.900890955,
        ),
    ],
    ids=["2PL", "Rasch"],
)
def test_marginal_log_likelihood_agrees_with_mirt(
    items: ItemParameters, sd: float, log_likelihood: float
) -> None:
    data = table("lsat7_patterns")
    grid = AbilityGrid.normal(0.0, sd)
    matrix = checked(data[:, :5], items)
    likelihood = np.exp(GridLikelihood.of(items, grid.points).log_likelihood(matrix))
    assert data[:, 5] @ np.log(likelihood @ grid.weights) == pytest.approx(log_likelihood, abs=1e-6)
