"""Adjusted p-values against values worked by hand, and their order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.multiple_testing import ErrorRate, adjusted


def test_holm_by_hand() -> None:
    found = adjusted([0.01, 0.04, 0.03], ErrorRate.FAMILYWISE)
    # sorted .01 x 3, .03 x 2, .04 x 1, made monotone
    assert found == pytest.approx([0.03, 0.06, 0.06])


def test_benjamini_hochberg_by_hand() -> None:
    found = adjusted([0.01, 0.04, 0.03, 0.5], ErrorRate.FALSE_DISCOVERY)
    assert found == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_tests_beyond_those_handed_in_count() -> None:
    assert adjusted([1e-5], ErrorRate.FAMILYWISE, tests=1000) == pytest.approx([0.01])


def test_missing_tests_stay_missing_and_count_for_nothing() -> None:
    found = adjusted([np.nan, 0.02], ErrorRate.FAMILYWISE)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(0.02)


def test_fewer_tests_than_p_values_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 2 tests"):
        adjusted([0.1, 0.2], ErrorRate.FAMILYWISE, tests=1)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20), st.sampled_from(list(ErrorRate)))
def test_adjusting_never_lowers_a_p_value_and_keeps_the_order(
    p_values: list[float], control: ErrorRate
) -> None:
    found = adjusted(p_values, control)
    assert (found >= np.array(p_values) - 1e-15).all()
    assert (found <= 1.0).all()
    assert (np.diff(found[np.argsort(p_values)]) >= -1e-12).all()
