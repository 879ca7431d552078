"""Parameters from experts' guesses: anchored on the cut, with an honest slope."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from certify.psychometrics.irt import ItemParameters, probability
from certify.psychometrics.provisional import attenuated_slope, difficulty_from_share


@given(share=st.floats(0.05, 0.98), cut=st.floats(-2, 2), a=st.floats(0.3, 3), c=st.floats(0, 0.5))
def test_just_qualified_people_answer_rightly_with_the_expected_share(
    share: float, cut: float, a: float, c: float
) -> None:
    assume(share > c + 0.01)
    b = difficulty_from_share(share, cut, a, c)
    assert probability(cut, ItemParameters.of([a], [b], [c]))[0] == pytest.approx(share)


def test_easier_item_has_the_lower_difficulty() -> None:
    easy, hard = (difficulty_from_share(share, 0.3, 1.2, 0.25) for share in (0.8, 0.5))
    assert easy < 0.3 < hard


@pytest.mark.parametrize("share", [0.25, 0.2, 0.0, 1.0, 1.1, math.nan])
def test_share_at_or_below_chance_or_of_one_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=r"expected a share between chance 0\.25 and 1"):
        difficulty_from_share(share, 0.3, 1.2, 0.25)


def test_slope_is_attenuated_by_the_published_factor() -> None:
    expected = 1.2 / math.sqrt(1 + 0.346 * 1.2**2 * 0.65**2)
    assert attenuated_slope(1.2, 0.65) == pytest.approx(expected, rel=1e-3)


def test_known_difficulty_leaves_the_slope_alone() -> None:
    assert attenuated_slope(1.2, 0.0) == 1.2


def test_attenuated_curve_is_close_to_the_mixture_over_the_error() -> None:
    """The approximation that the formula rests on, checked by numeric integration."""
    errors = np.linspace(-6, 6, 2001) * 0.65
    weights = np.exp(-0.5 * (errors / 0.65) ** 2)
    weights /= weights.sum()
    flat = ItemParameters.of([attenuated_slope(1.2, 0.65)], [0.0])
    for theta in (-2.0, -1.0, 0.5, 1.5):
        mixture = float(weights @ (1 / (1 + np.exp(-1.2 * (theta - errors)))))
        assert probability(theta, flat)[0] == pytest.approx(mixture, abs=0.01)
