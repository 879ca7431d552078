"""Fit of a common-slope model to LSAT section 6 against the R package mirt.

Data: Bock & Lieberman (1970), Psychometrika 35:179-197, five items, N = 1000, frequencies of the
patterns 00000 to 11111 in binary order. Estimates (three decimals), M2 and S-X2 as printed in
mirt's documentation of the data. Here score groups are small enough to be merged.
"""

import numpy as np
import pytest

from certify.psychometrics.diagnosing.limited_information import Slopes, m2
from certify.psychometrics.diagnosing.summed_score_fit import s_x2
from certify.psychometrics.parametrisation import dichotomous_from_intercept

FREQUENCIES = (
    3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15,
    10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298,
)  # fmt: skip
RESPONSES = np.repeat(
    [[int(bit) for bit in f"{pattern:05b}"] for pattern in range(32)], FREQUENCIES, axis=0
)
ITEMS = dichotomous_from_intercept(np.full(5, 0.755), [2.730, 0.999, 0.240, 1.307, 2.100])


def test_data_have_the_published_shares() -> None:
    assert RESPONSES.mean(axis=0) == pytest.approx([0.924, 0.709, 0.553, 0.763, 0.870])


def test_m2_of_one_common_slope() -> None:
    fit = m2(RESPONSES, ITEMS, slopes=Slopes.EQUAL)
    assert fit.df == 9
    assert fit.statistic == pytest.approx(5.292566, abs=5e-3)
    assert (fit.rmsea, fit.rmsea_low) == (0.0, 0.0)
    assert fit.rmsea_high == pytest.approx(0.0225, abs=2e-4)
    assert fit.srmsr == pytest.approx(0.02242, abs=1e-4)
    assert fit.tli == pytest.approx(1.0725, abs=1e-3)
    assert fit.cfi == 1.0


def test_s_x2_with_merged_groups() -> None:
    fit = s_x2(RESPONSES, ITEMS)
    np.testing.assert_allclose(fit.s_x2, [0.436, 1.576, 0.871, 0.190, 0.190], atol=5e-3)
    assert fit.df.tolist() == [2, 2, 1, 2, 2]
    np.testing.assert_allclose(fit.p_value, [0.804, 0.455, 0.351, 0.909, 0.909], atol=3e-3)
