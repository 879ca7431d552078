"""Level scales and what a normal posterior says about their bands."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.errors import MalformedDefinition, UnknownLevel
from rubrics.level_scale import BELOW, Level, LevelScale, upper_tail


def make_scale(
    *cuts: float, codes: tuple[str, ...] = ("novice", "proficient", "elite")
) -> LevelScale:
    levels = tuple(Level(code, code, code, cut, 0) for code, cut in zip(codes, cuts, strict=False))
    return LevelScale("test", 1, "provisional", "未达标", "Not yet reached", 0.6, levels)


SCALE = make_scale(-0.8, 0.3, 1.3)
THETAS = st.floats(-5, 5)
ERRORS = st.floats(0.05, 2)


@given(theta=THETAS, se=ERRORS)
def test_posterior_is_the_differences_of_normal_tails(theta: float, se: float) -> None:
    posterior = SCALE.posterior(theta, se)
    cumulative = [0.0, *(NormalDist(theta, se).cdf(cut) for cut in (-0.8, 0.3, 1.3)), 1.0]
    expected = [high - low for low, high in pairwise(cumulative)]
    assert list(posterior) == ["none", "novice", "proficient", "elite"]
    assert list(posterior.values()) == pytest.approx(expected, abs=1e-12)


@given(theta=THETAS, se=ERRORS)
def test_posterior_sums_to_one(theta: float, se: float) -> None:
    posterior = SCALE.posterior(theta, se)
    assert math.fsum(posterior.values()) == pytest.approx(1, abs=1e-12)
    assert min(posterior.values()) >= 0


@given(theta=THETAS, se=ERRORS)
def test_higher_level_is_never_more_probable_to_be_reached(theta: float, se: float) -> None:
    reached = [SCALE.probability_at_or_above(level.code, theta, se) for level in SCALE.levels]
    assert reached == sorted(reached, reverse=True)


def test_upper_tail_of_the_standard_normal() -> None:
    assert upper_tail(0) == 0.5
    assert upper_tail(1.959964) == pytest.approx(0.025, abs=1e-7)


@pytest.mark.parametrize("se", [0.0, -0.3, math.nan])
def test_standard_error_of_zero_or_less_is_refused(se: float) -> None:
    with pytest.raises(ValueError, match="a standard error above 0, found"):
        SCALE.posterior(0.0, se)


@pytest.mark.parametrize(
    "cuts",
    [
        (),
        (0.3, 0.3),
        (0.3, -0.8, 1.3),
        (-0.8, 0.3, 0.2),
        (-0.8, math.nan, 1.3),
        (math.nan,),
        (-0.8, math.inf),
    ],
)
def test_cuts_that_do_not_rise_are_refused(cuts: tuple[float, ...]) -> None:
    with pytest.raises(MalformedDefinition, match="level scale test: expected levels with rising"):
        make_scale(*cuts)


@pytest.mark.parametrize("codes", [("novice", "novice"), ("none", "elite")])
def test_level_code_used_twice_is_refused(codes: tuple[str, ...]) -> None:
    """`none` is the code of the band below every cut."""
    with pytest.raises(MalformedDefinition, match="expected each level code once"):
        make_scale(-0.8, 0.3, codes=codes)


def test_levels_are_ranked_from_below_upward() -> None:
    codes = (BELOW, "novice", "proficient", "elite")
    assert [SCALE.rank(code) for code in codes] == [0, 1, 2, 3]
    assert SCALE.cuts == {"novice": -0.8, "proficient": 0.3, "elite": 1.3}


@pytest.mark.parametrize("ask", [SCALE.level, SCALE.rank])
def test_unknown_level_is_named_with_the_known_ones(ask: object) -> None:
    with pytest.raises(UnknownLevel, match="Level master is not one of novice, proficient, elite"):
        ask("master")  # type: ignore[operator]
