"""Classification accuracy and consistency by Rudner's formula, worked out independently.

Four 1PL items b = -2, 1, 0, 1; 40 abilities from -4 to 4 with normal weights; cuts -0.5 and 1.5.
"""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.accuracy import rudner
from certify.psychometrics.estimating.sum_scores import score_distribution
from certify.psychometrics.irt import ItemParameters, test_information

ITEMS = ItemParameters.of(np.ones(4), [-2.0, 1.0, 0.0, 1.0])
POINTS = np.linspace(-4.0, 4.0, 40)
WEIGHTS = np.exp(-0.5 * POINTS**2)


def test_standard_errors() -> None:
    found = test_information([-1.0, 0.0, 1.0], ITEMS) ** -0.5
    assert found == pytest.approx([1.287553727, 1.156075195, 1.161074066], abs=1e-8)


def test_raw_scores_at_zero() -> None:
    expected = [0.03185380090, 0.2906600396, 0.4362923982, 0.2093399604, 0.03185380090]
    assert score_distribution(0.0, ITEMS) == pytest.approx(expected, abs=1e-9)


def test_accuracy_and_consistency() -> None:
    se = test_information(POINTS, ITEMS) ** -0.5
    found = rudner(POINTS, se, [-0.5, 1.5]).averaged(WEIGHTS)
    assert found.cut_accuracy == pytest.approx([0.7369991907, 0.8504432702], abs=1e-9)
    assert found.cut_consistency == pytest.approx([0.6510634016, 0.7827314304], abs=1e-9)
    assert found.accuracy == pytest.approx(0.6004267443, abs=1e-9)
    assert found.consistency == pytest.approx(0.4874308969, abs=1e-9)
