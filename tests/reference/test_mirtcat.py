"""Three dimensions, items that measure two of them, against R mirtCAT 1.14.

State: items 1 and 2 administered, answered right and wrong; prior N(0, S) with correlations .5, .3,
.4; MAP. The rules are Segall's (1996), Psychometrika 61:331-354: determinant of the information
after one more item, without and with the prior's precision.
"""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.multidimensional_map import maximum_a_posteriori
from certify.psychometrics.irt import ItemParameters, information
from tests.reference.reference_data import table

TABLE = table("mirtcat_items")
LOADINGS, INTERCEPTS = TABLE[:, 1:4], TABLE[:, 4]
BANK = ItemParameters.of(np.ones(24), -INTERCEPTS)
PRIOR = MultivariatePrior.of([[1.0, 0.5, 0.3], [0.5, 1.0, 0.4], [0.3, 0.4, 1.0]])
RESPONSES = np.array([[1.0, 0.0] + [np.nan] * 22])

DETERMINANT_WITH_PRIOR = """
2.941599 3.044626 3.355225 2.887095 2.682168 3.319834 3.408644 3.403056 3.855532 3.248507 2.708159
3.335454 4.079335 3.942548 4.349326 3.869043 2.753392 3.267387 4.668243 4.672102 4.845655 4.775928
2.836914 3.208212
"""
DETERMINANT = {3: 0.014743, 6: 0.014124, 9: 0.023489, 12: 0.014397, 15: 0.032122, 18: 0.013207}
DETERMINANT |= {21: 0.040799, 24: 0.012173}


def after_one_more(base: np.ndarray, theta: np.ndarray) -> np.ndarray:
    told = np.array([information(LOADINGS[i] @ theta, BANK.take([i]))[0] for i in range(24)])
    outer = LOADINGS[:, :, None] * LOADINGS[:, None, :]
    return np.linalg.det(base + told[:, None, None] * outer)


def test_posterior_mode_agrees_with_mirtcat() -> None:
    found = maximum_a_posteriori(RESPONSES, BANK, PRIOR, loadings=LOADINGS)
    assert found.theta[0] == pytest.approx([-0.20225254, -0.70401047, -0.39308078], abs=1e-5)


def test_determinants_agree_with_mirtcat() -> None:
    found = maximum_a_posteriori(RESPONSES, BANK, PRIOR, loadings=LOADINGS)
    posterior_information = np.linalg.inv(found.covariance[0])
    with_prior = after_one_more(posterior_information, found.theta[0])
    assert with_prior == pytest.approx([float(v) for v in DETERMINANT_WITH_PRIOR.split()], abs=1e-5)
    without = after_one_more(posterior_information - PRIOR.precision, found.theta[0])
    printed = [DETERMINANT.get(item, 0.0) for item in range(1, 25)]
    assert without == pytest.approx(printed, abs=1e-6)
