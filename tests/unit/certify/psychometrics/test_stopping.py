"""Probabilities of one side of a cut against the normal distribution of the standard library."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.stopping import confidence_in_side, probability_at_or_above

THETAS = st.floats(-4, 4)
ERRORS = st.floats(0.05, 2)


@given(theta=THETAS, se=ERRORS, cut=THETAS)
def test_probability_is_the_upper_tail_of_the_posterior(
    theta: float, se: float, cut: float
) -> None:
    expected = 1 - NormalDist(theta, se).cdf(cut)
    assert probability_at_or_above(theta, se, cut) == pytest.approx(expected, abs=1e-12)


def test_estimate_on_the_cut_is_even() -> None:
    assert probability_at_or_above(0.3, 0.4, 0.3) == 0.5
    assert confidence_in_side(0.3, 0.4, 0.3) == 0.5


@given(theta=THETAS, se=ERRORS, cut=THETAS)
def test_confidence_is_that_of_the_likelier_side(theta: float, se: float, cut: float) -> None:
    above = probability_at_or_above(theta, se, cut)
    assert confidence_in_side(theta, se, cut) == pytest.approx(max(above, 1 - above))
    assert 0.5 <= confidence_in_side(theta, se, cut) <= 1


@given(distance=st.floats(0, 3), se=ERRORS)
def test_confidence_is_the_same_on_both_sides(distance: float, se: float) -> None:
    below, above = confidence_in_side(-distance, se, 0), confidence_in_side(distance, se, 0)
    assert below == pytest.approx(above)


def test_ninety_five_percent_needs_1_645_standard_errors() -> None:
    assert confidence_in_side(0.3 + 1.6448536 * 0.25, 0.25, 0.3) == pytest.approx(0.95, abs=1e-7)


@pytest.mark.parametrize("se", [0.0, -0.1, math.nan])
def test_standard_error_of_zero_or_less_is_refused(se: float) -> None:
    with pytest.raises(ValueError, match="expected a standard error above 0"):
        probability_at_or_above(0.0, se, 0.0)
