"""Fit of the graded response model to the Science data against the R package mirt.

C2, Q3 and LD as printed in mirt's documentation of `M2` and `residuals` (version 1.40 and later);
its estimates there stop at a tolerance of 1e-4, ours are those of a converged run, so the numbers
agree to the last digit but one.
"""

import numpy as np
import pytest

from certify.psychometrics.ability import AbilityGrid, eap
from certify.psychometrics.diagnosing.limited_information import Moments, m2
from certify.psychometrics.diagnosing.local_dependence import pair_dependence, q3
from certify.psychometrics.diagnosing.summed_score_fit import s_x2
from tests.reference.response_data import SCIENCE, SCIENCE_GRM


def test_data_have_the_published_margins() -> None:
    counts = [np.bincount(column, minlength=4).tolist() for column in SCIENCE.T]
    assert counts == [[5, 32, 266, 89], [33, 98, 206, 55], [14, 72, 210, 96], [21, 100, 193, 78]]


def test_c2_and_its_indices() -> None:
    fit = m2(SCIENCE, SCIENCE_GRM, moments=Moments.CATEGORIES)
    assert fit.df == 2
    assert fit.statistic == pytest.approx(19.17929, abs=5e-3)
    assert fit.rmsea == pytest.approx(0.1482174, abs=1e-4)
    assert (fit.rmsea_low, fit.rmsea_high) == pytest.approx((0.09234204, 0.2116368), abs=1e-4)
    assert fit.srmsr == pytest.approx(0.07257313, abs=1e-4)
    assert (fit.tli, fit.cfi) == pytest.approx((0.7300952, 0.9100317), abs=1e-4)


def test_q3() -> None:
    theta = eap(SCIENCE, SCIENCE_GRM, AbilityGrid.normal()).theta
    expected = [
        [1.000, -0.203, -0.252, 0.085],
        [-0.203, 1.000, -0.208, -0.242],
        [-0.252, -0.208, 1.000, -0.320],
        [0.085, -0.242, -0.320, 1.000],
    ]
    np.testing.assert_allclose(q3(SCIENCE, SCIENCE_GRM, theta), expected, atol=2e-3)


def test_pair_dependence_of_the_first_pair() -> None:
    found = pair_dependence(SCIENCE, SCIENCE_GRM)
    assert found.x2[0, 1] == pytest.approx(25.512, abs=0.05)
    assert found.df[0, 1] == 9
    assert found.residual[0, 1] == pytest.approx(-0.147, abs=1e-3)
    assert found.p_value[0, 1] == pytest.approx(0.00245, abs=1e-4)


def test_s_x2_has_cells_enough_after_merging() -> None:
    fit = s_x2(SCIENCE, SCIENCE_GRM)
    assert (fit.df > 0).all()
    assert (fit.p_value > 0.05).all()
