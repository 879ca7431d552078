"""Calibration of the LSAT section 7 data against the R package mirt.

Data: Bock, R. D. & Lieberman, M. (1970), Fitting a response model for n dichotomously scored items,
Psychometrika 35:179-197 (five items, N = 1000). Numbers: R 4.2.2, mirt 1.47, EM with 61 equally
spaced points from -6 to 6, tolerance 1e-9, logit = a1 theta + d; standard errors by Oakes's
identity, the same matrix as Louis's. The one-slope model: mirt's own test file (tolerance 1e-2).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from certify.psychometrics.calibration import Calibration
from certify.psychometrics.parametrisation import intercepts

FREQUENCIES = [
    *(12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28),
    *(7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32, 308),
]
"""Of the patterns 00000, 00001, 00010, ..., 11111."""
RESPONSES = np.repeat(np.array(list(product((0, 1), repeat=5))), FREQUENCIES, axis=0)

SLOPES = [0.987546, 1.080837, 1.707478, 0.764990, 0.735673]
INTERCEPTS = [1.855856, 0.807970, 1.805206, 0.486000, 1.854458]
SLOPE_ERRORS = [0.17719, 0.16876, 0.32108, 0.13412, 0.15113]
INTERCEPT_ERRORS = [0.13145, 0.09125, 0.20483, 0.07491, 0.11441]
RASCH_INTERCEPTS = [1.868260, 0.791004, 1.460976, 0.521505, 1.992970]
RASCH_VARIANCE = 1.022647


def test_the_data_are_the_thousand_persons() -> None:
    assert RESPONSES.shape == (1000, 5)


def test_2pl() -> None:
    fit = Calibration("2pl").fit(RESPONSES)
    assert fit.log_likelihood_ == pytest.approx(-2658.805113632, abs=1e-5)
    assert fit.params_.a == pytest.approx(SLOPES, abs=1e-5)
    assert intercepts(fit.params_)[:, 0] == pytest.approx(INTERCEPTS, abs=1e-5)
    assert fit.report_.aic == pytest.approx(5337.610227, abs=1e-4)
    assert fit.report_.n_patterns == 32


def test_2pl_standard_errors() -> None:
    fit = Calibration("2pl").fit(RESPONSES)
    assert fit.se_.a == pytest.approx(SLOPE_ERRORS, abs=2e-5)
    assert fit.se_.intercepts[:, 0] == pytest.approx(INTERCEPT_ERRORS, abs=2e-5)


def test_rasch_with_free_variance() -> None:
    fit = Calibration("rasch").fit(RESPONSES)
    assert fit.log_likelihood_ == pytest.approx(-2664.900890955, abs=1e-5)
    assert intercepts(fit.params_)[:, 0] == pytest.approx(RASCH_INTERCEPTS, abs=1e-4)
    assert fit.population_.covariances[0, 0, 0] == pytest.approx(RASCH_VARIANCE, abs=1e-4)


def test_one_common_slope() -> None:
    fit = Calibration("1pl").fit(RESPONSES)
    assert fit.params_.a == pytest.approx(np.full(5, 1.011), abs=1e-3)
    assert intercepts(fit.params_)[:, 0] == pytest.approx(
        [1.868, 0.791, 1.461, 0.521, 1.993], abs=1e-3
    )
