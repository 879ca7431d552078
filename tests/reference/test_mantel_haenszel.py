"""Mantel-Haenszel statistics against R's `mantelhaen.test` on the UCBAdmissions data.

Bickel, Hammel & O'Connell (1975), Science 187:398-403: admissions by sex in six departments.
R prints X-squared = 1.4269, p = 0.2323, common odds ratio 0.9046968 with the 95 % interval
0.7719074 to 1.0603298.
"""

import numpy as np
import pytest

from certify.psychometrics.dif import mantel_haenszel

# admitted and rejected men, admitted and rejected women, by department
DEPARTMENTS = [
    (512, 313, 89, 19),
    (353, 207, 17, 8),
    (120, 205, 202, 391),
    (138, 279, 131, 244),
    (53, 138, 94, 299),
    (22, 351, 24, 317),
]


def test_statistic_odds_ratio_and_its_interval() -> None:
    admitted = np.concatenate([np.repeat([1, 0, 1, 0], row) for row in DEPARTMENTS])
    is_woman = np.concatenate([np.repeat([0, 0, 1, 1], row) for row in DEPARTMENTS])
    department = np.repeat(np.arange(6), [sum(row) for row in DEPARTMENTS])
    found = mantel_haenszel(admitted[:, None], is_woman, matching=department)
    assert found.chi_square[0] == pytest.approx(1.4269, abs=1e-4)
    assert found.p_value[0] == pytest.approx(0.2323, abs=1e-4)
    assert found.odds_ratio[0] == pytest.approx(0.9046968, abs=1e-7)
    half = 1.959963985 * found.se[0] / 2.35
    interval = np.exp(np.log(found.odds_ratio[0]) + np.array([-half, half]))
    assert interval == pytest.approx([0.7719074, 1.0603298], abs=1e-6)
    assert found.ets_class == ("A",)
