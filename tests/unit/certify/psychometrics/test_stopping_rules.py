"""Rules to stop by, one at a time and combined, for one exam and for many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.stopping import (
    LengthReached,
    LevelDecided,
    PreciseEnough,
    Progress,
    SideDecided,
    StoppingRule,
    TimeUsed,
    level_probabilities,
    level_probabilities_on_grid,
    probabilities_at_or_above,
    probability_at_or_above,
)

CUTS = (-0.8, 0.3, 1.3)
THREE = Progress.of(
    [24, 40, 60],
    [0.3, 1.2, -1.5],
    [0.3, 0.25, 0.2],
    seconds=[1000.0, 3500.0, 3600.0],
    dimension_se=[[0.5, 0.7], [0.5, 0.6], [0.4, 0.4]],
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (LengthReached(40), [False, True, True]),
        (PreciseEnough(se=0.25), [False, True, True]),
        (PreciseEnough(dimension_se=0.6), [False, True, True]),
        (PreciseEnough(0.22, 0.6), [False, False, True]),
        (TimeUsed(3600.0), [False, False, True]),
        (TimeUsed(3600.0, 120.0), [False, True, True]),
        (SideDecided(0.3, 0.95), [False, True, True]),
        (LevelDecided(CUTS, 0.95), [False, False, True]),
        (LengthReached(24) & SideDecided(0.3, 0.95), [False, True, True]),
        (LengthReached(60) | TimeUsed(3000.0), [False, True, True]),
        (LengthReached(50) & TimeUsed(3000.0) | SideDecided(0.3, 0.5), [True, True, True]),
    ],
)
def test_rule_says_stop_for_each_person(rule: StoppingRule, expected: list[bool]) -> None:
    assert rule.holds(THREE).tolist() == expected


def test_rule_for_a_single_exam() -> None:
    progress = Progress.of(30, 1.0, 0.2)
    assert bool(SideDecided(0.3, 0.95).holds(progress))
    assert bool(PreciseEnough(0.2, 0.6).holds(progress))
    assert not bool(TimeUsed(60.0).holds(progress))


@given(theta=st.floats(-5, 5), se=st.floats(0.01, 3))
def test_probabilities_of_levels_sum_to_one(theta: float, se: float) -> None:
    found = level_probabilities(theta, se, CUTS)
    assert found.sum() == pytest.approx(1.0)
    assert (found >= -1e-15).all()
    above = [probability_at_or_above(theta, se, cut) for cut in CUTS]
    assert probabilities_at_or_above(theta, se, CUTS) == pytest.approx(above)
    assert np.cumsum(found[::-1])[-2::-1] == pytest.approx(above)


def test_without_error_the_level_is_certain() -> None:
    assert level_probabilities([0.3, 0.29], [0.0, 0.0], CUTS).tolist() == [
        [0.0, 0.0, 1.0, 0.0],
        [0.0, 1.0, 0.0, 0.0],
    ]


def test_posterior_on_a_grid_is_taken_as_it_is() -> None:
    grid = AbilityGrid.normal(0.4, 0.5, count=2001)
    found = level_probabilities_on_grid(grid.points, grid.weights, CUTS)
    assert found == pytest.approx(level_probabilities(0.4, 0.5, CUTS), abs=3e-3)


def test_negative_standard_error_is_refused() -> None:
    with pytest.raises(ValueError, match="standard errors of 0 or more"):
        level_probabilities(0.0, [-0.1], CUTS)


@pytest.mark.parametrize("cuts", [[], [0.3, 0.3], [1.0, 0.0]])
def test_cuts_that_do_not_rise_are_refused(cuts: list[float]) -> None:
    with pytest.raises(ValueError, match="rising cuts"):
        level_probabilities(0.0, 0.3, cuts)
