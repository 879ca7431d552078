"""Linking of two forms of 36 items by 12 common ones.

Data: Kolen & Brennan (2004), Test Equating, Scaling, and Linking, table 6.5 (three-parameter items,
D = 1.7); here every third item of both forms, the common ones. Mean/mean and mean/sigma: R package
plink 1.5-1, old form as base. Haebara and Stocking-Lord: minima of the criteria of plink (default
weights, non-symmetric), found here by a derivative-free search that shares no code with ours.
"""

import numpy as np
import pytest

from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.linking import haebara, mean_mean, mean_sigma, stocking_lord

NEW = [
    (0.4551, -0.7101, 0.2087), (0.5839, -0.8567, 0.2038), (0.7544, 0.0212, 0.1600),
    (0.6633, 0.0506, 0.1240), (1.0690, 0.9610, 0.2986), (0.9672, 0.1950, 0.0535),
    (0.3479, 2.2768, 0.1489), (1.4579, 1.0241, 0.2453), (1.8811, 1.4062, 0.1992),
    (0.7020, 2.2401, 0.0853), (1.4080, 1.5556, 0.0789), (1.2993, 2.1589, 0.1075),
]  # fmt: skip
OLD = [
    (0.4416, -1.3349, 0.1559), (0.5730, -1.3210, 0.1913), (0.5987, -0.7098, 0.1177),
    (0.6041, -0.3539, 0.0818), (0.9902, 0.5320, 0.3024), (0.8081, -0.1156, 0.0648),
    (0.4140, 2.5538, 0.2410), (1.3554, 0.5811, 0.2243), (1.0417, 0.9392, 0.1651),
    (0.6336, 1.8960, 0.0794), (1.1347, 1.0790, 0.0630), (0.9255, 2.1337, 0.1259),
]  # fmt: skip


def calibrated(rows: list[tuple[float, float, float]]) -> ItemParameters:
    a, b, c = np.array(rows).T
    return ItemParameters.of(1.7 * a, b, c)


NEW_ITEMS, OLD_ITEMS = calibrated(NEW), calibrated(OLD)


def test_moment_methods() -> None:
    found = mean_mean(NEW_ITEMS, OLD_ITEMS)
    assert (found.slope, found.intercept) == pytest.approx((1.217266, -0.557155), abs=2e-6)
    found = mean_sigma(NEW_ITEMS, OLD_ITEMS)
    assert (found.slope, found.intercept) == pytest.approx((1.168892, -0.515543), abs=2e-6)


def test_characteristic_curve_methods() -> None:
    found = haebara(NEW_ITEMS, OLD_ITEMS)
    assert (found.slope, found.intercept) == pytest.approx((1.093598, -0.458292), abs=2e-6)
    found = stocking_lord(NEW_ITEMS, OLD_ITEMS)
    assert (found.slope, found.intercept) == pytest.approx((1.101953, -0.477016), abs=2e-6)
    assert found.converged
