"""lz and lz* against the R package PerFit (functions lz and lzstar, WL weights, four decimals)."""

import numpy as np

from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.person_fit import Estimator, lz, lz_star

ITEMS = ItemParameters.of(
    [1, 1.2, 0.8, 1.5, 1, 0.9, 1.3, 1.1, 0.7, 1.4],
    [-2, -1.5, -1, -0.5, 0, 0.3, 0.7, 1, 1.5, 2],
)
RESPONSES = [
    [int(bit) for bit in pattern]
    for pattern in ("1111100000", "0000011111", "1011010100", "1101111001")
]
THETA = [-0.2, 0.1, 0.15, 0.8]


def test_lz() -> None:
    found = lz(RESPONSES, ITEMS, THETA).statistic
    np.testing.assert_allclose(found, [1.3397, -6.4577, -0.7750, -0.8357], atol=6e-5)


def test_lz_star_with_warms_weights() -> None:
    found = lz_star(RESPONSES, ITEMS, THETA, Estimator.WLE).statistic
    np.testing.assert_allclose(found, [1.3462, -6.4618, -0.7772, -0.9047], atol=6e-5)
