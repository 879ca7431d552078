"""Tail probabilities against scipy 1.17.1 (twelve digits) and against identities."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.distributions import (
    chi_square_upper_tail,
    gamma_lower,
    gamma_upper,
    noncentral_chi_square_cdf,
    noncentrality_with_cdf,
    normal_two_sided,
    normal_upper_tail,
)

CHI_SQUARE = [
    (0.5, 1, 0.479500122187),
    (3.841458820694124, 1, 0.05),
    (11.938412, 5, 0.0356414932852),
    (60, 20, 7.12175086282e-06),
    (400, 100, 1.69279799589e-37),
    (0.001, 3, 0.999991592081),
    (5000, 4800, 0.0216739892003),
    (1400, 3, 2.94561936102e-303),
]
NORMAL = [
    (-3, 0.998650101968),
    (0, 0.5),
    (1, 0.158655253931),
    (1.6448536269514722, 0.05),
    (5, 2.86651571879e-07),
    (12, 1.77648211208e-33),
    (30, 4.90671392715e-198),
]
NONCENTRAL = [
    (3, 2, 1.5, 0.551314141394),
    (40, 5, 20, 0.930090033777),
    (500, 300, 150, 0.922178728622),
    (1, 10, 4, 2.74102032682e-05),
    (2000, 1175, 900, 0.165565958025),
]


@pytest.mark.parametrize(("x", "df", "tail"), CHI_SQUARE)
def test_chi_square_tail_agrees_with_scipy(x: float, df: float, tail: float) -> None:
    assert chi_square_upper_tail(x, df) == pytest.approx(tail, rel=1e-10)


@pytest.mark.parametrize(("z", "tail"), NORMAL)
def test_normal_tail_agrees_with_scipy(z: float, tail: float) -> None:
    assert normal_upper_tail(z) == pytest.approx(tail, rel=1e-11)


@pytest.mark.parametrize(("x", "df", "noncentrality", "cdf"), NONCENTRAL)
def test_noncentral_chi_square_agrees_with_scipy(
    x: float, df: float, noncentrality: float, cdf: float
) -> None:
    assert noncentral_chi_square_cdf(x, df, noncentrality) == pytest.approx(cdf, abs=1e-10)


@given(st.floats(0.05, 300.0), st.floats(0.0, 600.0))
def test_both_tails_of_the_gamma_function_add_up(a: float, x: float) -> None:
    assert gamma_lower(a, x) + gamma_upper(a, x) == pytest.approx(1.0, abs=1e-12)


@given(st.floats(0.0, 200.0))
def test_two_degrees_of_freedom_are_an_exponential(x: float) -> None:
    assert chi_square_upper_tail(x, 2) == pytest.approx(math.exp(-x / 2), rel=1e-11)


@given(st.floats(0.0, 30.0))
def test_one_degree_of_freedom_is_a_squared_normal(z: float) -> None:
    assert chi_square_upper_tail(z * z, 1) == pytest.approx(float(normal_two_sided(z)), rel=1e-9)


@given(st.floats(1.0, 300.0), st.floats(1.0, 80.0), st.sampled_from([0.05, 0.5, 0.95]))
def test_noncentrality_inverts_the_distribution(x: float, df: float, level: float) -> None:
    found = noncentrality_with_cdf(x, df, level)
    reached = noncentral_chi_square_cdf(x, df, found)
    assert reached == pytest.approx(level, abs=1e-7) or (found == 0.0 and reached <= level)


def test_no_statistic_or_no_degrees_of_freedom_has_no_p_value() -> None:
    assert np.isnan(chi_square_upper_tail([np.nan, 3.0, 3.0], [1, 0, -2])).all()


def test_infinite_values_have_no_tail() -> None:
    assert chi_square_upper_tail(np.inf, 3) == 0.0
    assert gamma_lower(2.0, math.inf) == 1.0
    assert gamma_lower(2.0, -1.0) == 0.0
