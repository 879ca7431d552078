"""Shares with intervals, correlations with ability, curves over groups, change of shares."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.diagnosing.ability_groups import (
    ability_correlations,
    ability_curves,
    change_of_share,
    wilson_interval,
)


def test_the_interval_is_wilsons() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 81 of 263, 15 of 148, 0 of 20
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share(right: int, wrong: int) -> None:
    low, high = wilson_interval(right, right + wrong)
    assert 0.0 <= low <= high <= 1.0
    if right + wrong:
        assert low <= right / (right + wrong) <= high


@pytest.mark.parametrize("count", [-1, 6])
def test_a_count_beyond_the_total_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="expected a count from 0 to 5"):
        wilson_interval(count, 5)


def test_correlations_agree_with_the_definition() -> None:
    random = np.random.default_rng(1)
    theta = random.normal(size=200)
    chosen = np.column_stack([random.random(200) < 0.5, theta > 0, np.ones(200)]).astype(float)
    found = ability_correlations(chosen, theta)
    assert found[0] == pytest.approx(np.corrcoef(chosen[:, 0], theta)[0, 1])
    assert found[1] == pytest.approx(np.corrcoef(chosen[:, 1], theta)[0, 1])
    assert np.isnan(found[2])


def test_equal_abilities_and_few_persons_have_no_correlation() -> None:
    chosen = np.arange(40).reshape(-1, 1) % 2
    assert np.isnan(ability_correlations(chosen, np.zeros(40))).all()
    assert np.isnan(ability_correlations(chosen[:19], np.arange(19))).all()


@given(st.integers(20, 120), st.integers(0, 1000))
def test_groups_rise_share_all_persons_and_keep_the_order_of_rows_out(
    persons: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    theta = np.round(random.normal(size=persons), 1)
    answers = np.eye(4)[random.integers(0, 4, persons)]
    curves = ability_curves(answers, theta)
    assert 2 <= len(curves.theta) <= 5
    assert curves.persons.sum() == pytest.approx(persons)
    assert (np.diff(curves.theta) >= -1e-9).all()
    assert curves.share.sum(axis=1) == pytest.approx(1.0)
    # weighted by their sizes, the groups give the shares of all
    assert curves.persons @ curves.share / persons == pytest.approx(answers.mean(axis=0))
    mixed = random.permutation(persons)
    again = ability_curves(answers[mixed], theta[mixed])
    assert again.share == pytest.approx(curves.share)


def test_below_twenty_persons_there_is_no_curve() -> None:
    curves = ability_curves(np.ones((19, 2)), np.arange(19.0))
    assert curves.share.shape == (0, 2)
    assert len(curves.theta) == 0


def test_a_change_of_shares_in_standard_errors() -> None:
    assert change_of_share((40, 100), (60, 100)) == pytest.approx(0.2 / math.sqrt(0.25 * 0.02))
    assert change_of_share((60, 100), (40, 100)) < 0
    assert math.isnan(change_of_share((0, 0), (4, 9)))
    assert math.isnan(change_of_share((5, 5), (7, 7)))


def test_shapes_and_gaps_are_refused() -> None:
    with pytest.raises(ValueError, match="found shapes"):
        ability_curves(np.ones((5, 2)), np.zeros(4))
    with pytest.raises(ValueError, match="finite"):
        ability_correlations(np.ones((2, 1)), [0.0, math.nan])
