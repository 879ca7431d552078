"""The graded response model of the Science data against R mirt 1.47."""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.irt import ItemParameters
from certify.psychometrics.likelihood import GridLikelihood
from certify.psychometrics.parametrisation import graded_from_intercepts, intercepts
from certify.psychometrics.responses import checked
from tests.reference.reference_data import table

ITEMS = ItemParameters.graded(
    [1.040641584, 1.225832710, 2.300594358, 1.093799537],
    [
        [-4.672811174, -2.5360933515, 1.4082241907],
        [-2.385317639, -0.7351170800, 1.8488898966],
        [-2.279921491, -0.9643779423, 0.8552119923],
        [-3.059870146, -0.9063997038, 1.5428155819],
    ],
)
PRINTED_INTERCEPTS = [
    [4.863, 2.639, -1.465],
    [2.924, 0.901, -2.266],
    [5.245, 2.219, -1.967],
    [3.347, 0.991, -1.688],
]


def test_pattern_frequencies_add_up_to_the_category_counts() -> None:
    data = table("science_patterns")
    counts = [
        [int(data[data[:, item] == category, 4].sum()) for item in range(4)]
        for category in range(1, 5)
    ]
    assert counts == [[5, 33, 14, 21], [32, 98, 72, 100], [266, 206, 210, 193], [89, 55, 96, 78]]


def test_marginal_log_likelihood_agrees() -> None:
    data = table("science_patterns")
    grid = AbilityGrid.normal()
    matrix = checked(data[:, :4] - 1, ITEMS)
    likelihood = np.exp(GridLikelihood.of(ITEMS, grid.points).log_likelihood(matrix))
    found = data[:, 4] @ np.log(likelihood @ grid.weights)
    assert found == pytest.approx(-1608.86941312, abs=1e-5)


def test_intercepts_agree() -> None:
    assert intercepts(ITEMS) == pytest.approx(np.array(PRINTED_INTERCEPTS), abs=6e-4)
    back = graded_from_intercepts(ITEMS.a, intercepts(ITEMS))
    assert back.thresholds == pytest.approx(ITEMS.thresholds, abs=1e-12)
