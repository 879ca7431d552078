"""Accuracy and consistency: definitions, limits, and agreement with simulated decisions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.accuracy import lee, of_posterior, rudner
from certify.psychometrics.irt import category_probabilities
from certify.psychometrics.item_parameters import ItemParameters

CUTS = [-0.8, 0.3, 1.3]
MIXED = ItemParameters.concatenate(
    [
        ItemParameters.of([1.0, 1.4, 0.8], [-1.0, 0.0, 1.0], [0.0, 0.2, 0.0]),
        ItemParameters.graded([1.2], [[-0.5, 0.7]]),
    ]
)


def test_estimate_at_a_cut_belongs_to_the_level_above() -> None:
    found = rudner([0.3], [0.0], CUTS)
    assert found.accuracy.tolist() == [1.0]
    assert found.cut_accuracy.tolist() == [[1.0, 1.0, 1.0]]


def test_at_a_cut_the_decision_is_a_coin_toss() -> None:
    found = rudner([0.3], [0.01], [0.3])
    assert found.accuracy == pytest.approx([0.5])
    assert found.consistency == pytest.approx([0.5])


@given(theta=st.floats(-4, 4), se=st.floats(0.01, 2))
def test_all_cuts_together_are_no_easier_than_each_one(theta: float, se: float) -> None:
    found = rudner([theta], [se], CUTS)
    assert found.accuracy[0] <= found.cut_accuracy[0].min() + 1e-12
    assert found.consistency[0] <= found.cut_consistency[0].min() + 1e-12


def test_lee_agrees_with_simulated_raw_scores() -> None:
    source = np.random.default_rng(1)
    theta, cuts = np.array([-0.6, 0.9]), [2.0, 4.0]
    found = lee(theta, MIXED, cuts)
    for at, ability in enumerate(theta):
        p = category_probabilities(ability, MIXED)
        draws = source.random((2, 200_000, 4, 1))
        scores = (draws > np.cumsum(p, axis=1)[None, None]).sum(axis=3).sum(axis=2)
        levels = np.searchsorted(cuts, scores, side="right")
        true_score = (p @ np.arange(3)).sum()
        level = np.searchsorted(cuts, true_score, side="right")
        assert found.accuracy[at] == pytest.approx((levels[0] == level).mean(), abs=0.005)
        assert found.consistency[at] == pytest.approx((levels[0] == levels[1]).mean(), abs=0.005)
        for cut in range(2):
            is_right = (scores[0] >= cuts[cut]) == (true_score >= cuts[cut])
            assert found.cut_accuracy[at, cut] == pytest.approx(is_right.mean(), abs=0.005)


def test_raw_score_at_a_cut_reaches_it() -> None:
    certain = ItemParameters.of([1.0, 1.0], [-60.0, 60.0])
    assert lee([0.0], certain, [1.0]).accuracy == pytest.approx([1.0])
    assert lee([0.0], certain, [1.5]).cut_consistency == pytest.approx(np.array([[1.0]]))


def test_decision_by_posterior_is_right_with_its_probability() -> None:
    found = of_posterior([[0.05, 0.15, 0.7, 0.1], [0.4, 0.3, 0.2, 0.1]])
    assert found.accuracy == pytest.approx([0.7, 0.4])
    assert found.consistency == pytest.approx([0.525, 0.30])
    assert found.cut_accuracy == pytest.approx(np.array([[0.95, 0.8, 0.9], [0.6, 0.7, 0.9]]))
    assert found.cut_consistency[0, 0] == pytest.approx(0.95**2 + 0.05**2)


def test_exam_is_the_mean_over_candidates_or_over_the_population() -> None:
    found = rudner([-1.0, 0.0, 1.0], [0.3, 0.3, 0.3], CUTS)
    assert found.averaged().accuracy == pytest.approx(found.accuracy.mean())
    weighted = found.averaged([1.0, 2.0, 1.0])
    assert weighted.cut_accuracy == pytest.approx(np.array([0.25, 0.5, 0.25]) @ found.cut_accuracy)


def test_cuts_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="rising cuts"):
        rudner([0.0], [0.3], [0.3, -0.8])


def test_raw_scores_of_several_dimensions_are_refused() -> None:
    items = ItemParameters.of([1.0, 1.0], [0.0, 0.0], dimension=[0, 1])
    with pytest.raises(ValueError, match="one dimension"):
        lee([0.0], items, [1.0])
