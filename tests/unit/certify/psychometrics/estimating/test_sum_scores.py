"""Raw-score distributions against enumeration of every pattern."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from certify.psychometrics.ability import AbilityGrid, eap
from certify.psychometrics.estimating.sum_scores import eap_from_sum_scores, score_distribution
from certify.psychometrics.irt import ItemParameters, category_probabilities, expected_score

GRID = AbilityGrid.normal()
MIXED = ItemParameters.concatenate(
    [
        ItemParameters.of([1.2, 0.8], [0.3, -1.0], [0.2, 0.0]),
        ItemParameters.graded([1.1], [[-1.0, 0.0, 2.0]]),
        ItemParameters.partial_credit([1.3], [[0.5, -0.2]]),
    ]
)


def test_distribution_is_the_sum_over_all_patterns() -> None:
    theta = np.array([-1.0, 0.4])
    p = category_probabilities(theta, MIXED)
    expected = np.zeros((2, 8))
    for pattern in product(range(2), range(2), range(4), range(3)):
        expected[:, sum(pattern)] += p[:, range(4), pattern].prod(axis=1)
    found = score_distribution(theta, MIXED)
    assert found == pytest.approx(expected)
    assert found @ np.arange(8) == pytest.approx(expected_score(theta, MIXED).sum(axis=1))


def test_under_rasch_the_sum_score_says_all() -> None:
    items = ItemParameters.of(np.ones(5), [-1.5, -0.5, 0.0, 0.4, 1.2])
    patterns = np.tril(np.ones((6, 5)), -1)
    single = eap(patterns, items, GRID)
    table = eap_from_sum_scores(items, GRID)
    assert table.theta == pytest.approx(single.theta, abs=1e-12)
    assert table.se == pytest.approx(single.se, abs=1e-10)
    assert table.probability.sum() == pytest.approx(1)


def test_estimate_rises_with_the_score() -> None:
    assert (np.diff(eap_from_sum_scores(MIXED, GRID).theta) > 0).all()


def test_no_items_have_no_scores() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        eap_from_sum_scores(MIXED.take([]), GRID)
    assert score_distribution(0.0, MIXED.take([])).tolist() == [1.0]


def test_several_dimensions_have_no_common_table() -> None:
    with pytest.raises(ValueError, match="items of one dimension, found 2"):
        eap_from_sum_scores(ItemParameters.of([1, 1], [0, 0], dimension=[0, 1]), GRID)
