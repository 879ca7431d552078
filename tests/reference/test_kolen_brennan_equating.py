"""Observed-score equating of the ACT mathematics forms, and of two forms with an anchor.

Kolen & Brennan (2004), Test Equating, Scaling, and Linking: form X (N = 4,329) and form Y
(N = 4,152) of 40 items, frequencies as in the R package equate (ACTmath); equivalents of tables 2.7
and 3.3. Anchor design: moments and results of chapter 4 (36 items, 12 of them common, w1 = 1).
"""

import numpy as np
import pytest

from certify.psychometrics.anchor_equating import (
    AnchorMethod,
    GroupMoments,
    linear_anchor_equating,
)
from certify.psychometrics.equating import (
    equipercentile_equating,
    linear_equating,
    mean_equating,
    score_moments,
)

X = [
    0, 1, 1, 3, 9, 18, 59, 67, 91, 144, 149, 192, 192, 192, 201, 204, 217, 181, 184, 170, 201,
    147, 163, 147, 140, 147, 126, 113, 100, 106, 107, 91, 83, 73, 72, 75, 50, 37, 38, 23, 15,
]  # fmt: skip
Y = [
    0, 1, 3, 13, 42, 59, 95, 131, 158, 161, 194, 164, 166, 197, 177, 158, 169, 132, 158, 151, 134,
    137, 122, 110, 116, 132, 104, 104, 114, 97, 107, 88, 80, 79, 70, 61, 48, 47, 29, 32, 12,
]  # fmt: skip


def test_moments_of_the_forms() -> None:
    x, y = score_moments(X), score_moments(Y)
    found = (x.mean, x.sd, x.skewness, x.kurtosis)
    assert found == pytest.approx((19.8524, 8.2116, 0.3753, 2.3024), abs=6e-5)
    found = (y.mean, y.sd, y.skewness, y.kurtosis)
    assert found == pytest.approx((18.9798, 8.9393, 0.3527, 2.1464), abs=6e-5)


def test_mean_linear_and_equipercentile_equivalents() -> None:
    expected = [
        [-0.8726, -2.6319, 0.0000],
        [0.1274, -1.5432, 0.9796],
        [1.1274, -0.4546, 1.6462],
        [2.1274, 0.6340, 2.2856],
        [3.1274, 1.7226, 2.8932],
        [4.1274, 2.8112, 3.6205],
    ]
    methods = (mean_equating, linear_equating, equipercentile_equating)
    found = np.column_stack([method(X, Y).equivalents[:6] for method in methods])
    np.testing.assert_allclose(found, expected, atol=6e-5)


def test_equipercentile_equivalents_after_loglinear_presmoothing_of_degree_six() -> None:
    found = equipercentile_equating(X, Y, x_degree=6, y_degree=6)
    np.testing.assert_allclose(found.equivalents[:3], [-0.4384, 0.1239, 0.9293], atol=6e-5)
    assert np.isnan(found.se).all()


@pytest.mark.parametrize(
    ("method", "slope", "intercept"),
    [(AnchorMethod.TUCKER, 1.0289, 0.5370), (AnchorMethod.LEVINE_INTERNAL, 1.0112, 0.2517)],
)
def test_linear_anchor_methods(method: AnchorMethod, slope: float, intercept: float) -> None:
    group_1 = GroupMoments(1655, 15.8205, 6.5278, 5.1063, 2.3760, 13.4088)
    group_2 = GroupMoments(1638, 18.6728, 6.8784, 5.8626, 2.4515, 14.7603)
    found = linear_anchor_equating(group_1, group_2, method)
    # the book works with moments of four decimals
    assert (found.slope, found.intercept) == pytest.approx((slope, intercept), abs=6e-4)
