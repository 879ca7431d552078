"""D-rule and posterior D-rule in three dimensions against R mirtCAT 1.14.

State and items of `test_mirtcat`: items 1 and 2 administered, answered right and wrong, MAP.
"""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.irt import ItemParameters
from certify.psychometrics.selecting.multidimensional_selection import (
    LoadedItems,
    d_gains,
    determinants,
)
from certify.psychometrics.selecting.multidimensional_tracking import TrackedAbility
from tests.reference.reference_data import table

TABLE = table("mirtcat_items")
ITEMS = LoadedItems.of(ItemParameters.of(np.ones(24), -TABLE[:, 4]), TABLE[:, 1:4])
PRIOR = MultivariatePrior.of([[1.0, 0.5, 0.3], [0.5, 1.0, 0.4], [0.3, 0.4, 1.0]])

WITH_PRIOR = """
2.941599 3.044626 3.355225 2.887095 2.682168 3.319834 3.408644 3.403056 3.855532 3.248507 2.708159
3.335454 4.079335 3.942548 4.349326 3.869043 2.753392 3.267387 4.668243 4.672102 4.845655 4.775928
2.836914 3.208212
"""
WITHOUT_PRIOR = {3: 0.014743, 6: 0.014124, 9: 0.023489, 12: 0.014397, 15: 0.032122, 18: 0.013207}
WITHOUT_PRIOR |= {21: 0.040799, 24: 0.012173}


@pytest.fixture
def state() -> TrackedAbility:
    tracked = TrackedAbility(ITEMS, PRIOR, 2)
    tracked.record(0, 1)
    tracked.record(1, 0)
    return tracked


def test_posterior_mode(state: TrackedAbility) -> None:
    assert state.theta == pytest.approx([-0.20225254, -0.70401047, -0.39308078], abs=1e-5)


def test_posterior_d_rule(state: TrackedAbility) -> None:
    precision = np.linalg.inv(state.covariance)
    expected = [float(value) for value in WITH_PRIOR.split()]
    assert determinants(ITEMS, state.theta, precision) == pytest.approx(expected, abs=1e-5)
    gains = d_gains(ITEMS, state.theta, state.covariance)
    assert (1 + gains) * np.linalg.det(precision) == pytest.approx(expected, abs=1e-5)
    assert np.argmax(gains) + 1 == 21


def test_d_rule_without_the_prior(state: TrackedAbility) -> None:
    information = np.linalg.inv(state.covariance) - PRIOR.precision
    found = determinants(ITEMS, state.theta, information)
    expected = [WITHOUT_PRIOR.get(item, 0.0) for item in range(1, 25)]
    assert found == pytest.approx(expected, abs=1e-6)
    assert np.argmax(found) + 1 == 21
