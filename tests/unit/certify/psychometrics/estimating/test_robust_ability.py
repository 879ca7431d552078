"""Robust estimates: surprising responses count for less."""

from __future__ import annotations

import math

import numpy as np
import pytest

from certify.psychometrics.ability import AbilityFlag
from certify.psychometrics.estimating.ability_modes import maximum_likelihood
from certify.psychometrics.estimating.robust_ability import RobustWeight, robust_likelihood
from certify.psychometrics.irt import ItemParameters

ITEMS = ItemParameters.of(np.full(21, 1.5), np.linspace(-3, 3, 21))
ORDERLY = np.repeat([1.0, 0.0], [11, 10])


@pytest.mark.parametrize("weight", list(RobustWeight))
def test_with_a_wide_tuning_it_is_maximum_likelihood(weight: RobustWeight) -> None:
    found = robust_likelihood([ORDERLY], ITEMS, weight, tuning=1e4)
    plain = maximum_likelihood([ORDERLY], ITEMS)
    assert found.theta[0] == pytest.approx(plain.theta[0], abs=1e-6)
    assert found.se[0] == pytest.approx(plain.se[0], rel=1e-6)


@pytest.mark.parametrize("weight", list(RobustWeight))
def test_careless_slips_on_easy_items_pull_less(weight: RobustWeight) -> None:
    slips = ORDERLY.copy()
    slips[:2] = 0.0
    orderly = maximum_likelihood([ORDERLY], ITEMS).theta[0]
    plain = maximum_likelihood([slips], ITEMS).theta[0]
    robust = robust_likelihood([slips], ITEMS, weight, tuning=2.0).theta[0]
    assert abs(robust - orderly) < abs(plain - orderly)


def test_constant_patterns_end_at_the_bounds() -> None:
    found = robust_likelihood([[0.0] * 21, [1.0] * 21], ITEMS, bounds=(-3.5, 3.5))
    assert found.theta.tolist() == [-3.5, 3.5]
    assert found.has(AbilityFlag.AT_BOUND).all()


def test_missing_responses_are_left_out() -> None:
    gaps = ORDERLY.copy()
    gaps[::3] = np.nan
    kept = np.flatnonzero(~np.isnan(gaps))
    found = robust_likelihood([gaps, [np.nan] * 21], ITEMS)
    short = robust_likelihood([gaps[kept]], ITEMS.take(kept))
    assert found.theta[0] == pytest.approx(short.theta[0])
    assert found.se[0] == pytest.approx(short.se[0])
    assert math.isnan(found.theta[1])


def test_tuning_must_be_positive() -> None:
    with pytest.raises(ValueError, match="tuning > 0"):
        robust_likelihood([ORDERLY], ITEMS, tuning=0.0)
