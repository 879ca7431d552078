"""Raw-score distribution and standard error of four items, computed by formula.

Items a = 1, b = -2, 1, 0, 1, c = 0, D = 1 (Lord & Wingersky 1984; the SEM is 1 / sqrt(test
information)). The R package cacIRT ignores D on some paths and is no reference here.
"""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.estimating.sum_scores import score_distribution
from certify.psychometrics.irt import ItemParameters, test_information

ITEMS = ItemParameters.of(np.ones(4), [-2.0, 1.0, 0.0, 1.0])


def test_standard_error_of_measurement() -> None:
    sem = test_information([-1.0, 0.0, 1.0], ITEMS) ** -0.5
    assert sem == pytest.approx([1.287553727, 1.156075195, 1.161074066], abs=1e-9)


def test_distribution_of_the_raw_score() -> None:
    expected = [0.03185380090, 0.2906600396, 0.4362923982, 0.2093399604, 0.03185380090]
    assert score_distribution(0.0, ITEMS) == pytest.approx(expected, abs=1e-9)
