"""Exact bounds against known binomial tails."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.quality.chance import chance_bounds


def tail_below(least: int, n: int, share: float) -> float:
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(least))


@pytest.mark.parametrize(
    ("n", "numerator", "denominator", "bounds"),
    [(0, 1, 4, (0, 0)), (10, 1, 2, (1, 9)), (40, 1, 4, (4, 17))],
)
def test_known_bounds(n: int, numerator: int, denominator: int, bounds: tuple[int, int]) -> None:
    assert chance_bounds(n, numerator, denominator) == bounds


@given(n=st.integers(1, 120), numerator=st.integers(1, 3))
def test_each_tail_is_below_half_a_percent_and_the_next_count_is_not(
    n: int, numerator: int
) -> None:
    least, most = chance_bounds(n, numerator, 4)
    share = numerator / 4
    assert tail_below(least, n, share) <= 0.005 + 1e-12
    assert tail_below(least + 1, n, share) > 0.005 - 1e-12
    assert tail_below(n - most, n, 1 - share) <= 0.005 + 1e-12
