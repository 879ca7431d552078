"""EAP scores of the LSAT section 7 data against the R package mirt.

Data and model: Bock, R. D. & Lieberman, M. (1970), Fitting a response model for n dichotomously
scored items, Psychometrika 35:179-197 (LSAT section 7, five items, N = 1000).
Numbers: R 4.2.2, mirt 1.47. Slopes and intercepts of the two-parameter model by marginal maximum
likelihood (EM, 61 equally spaced points from -6 to 6, tolerance 1e-9), logit = a1 theta + d;
person scores by `fscores(method = "EAP")` on the same points with the prior N(0, 1).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from certify.psychometrics.ability import AbilityGrid, eap
from certify.psychometrics.irt import ItemParameters

SLOPES = np.array([0.987546, 1.080837, 1.707478, 0.764990, 0.735673])
INTERCEPTS = np.array([1.855856, 0.807970, 1.805206, 0.486000, 1.854458])
ITEMS = ItemParameters.of(SLOPES, -INTERCEPTS / SLOPES)
GRID = AbilityGrid.normal(lower=-6.0, upper=6.0, count=61)

EAP_BY_PATTERN = [
    ("00000", -1.869784, 0.692700),
    ("00001", -1.527258, 0.673627),
    ("00010", -1.513966, 0.673081),
    ("00011", -1.185504, 0.665174),
    ("00100", -1.094040, 0.665024),
    ("00101", -0.766180, 0.672125),
    ("00110", -0.752925, 0.672658),
    ("00111", -0.411279, 0.692204),
    ("01000", -1.371960, 0.668304),
    ("01001", -1.045801, 0.665320),
    ("01010", -1.032822, 0.665445),
    ("01011", -0.703437, 0.674804),
    ("01100", -0.608613, 0.679599),
    ("01101", -0.257391, 0.704148),
    ("01110", -0.242830, 0.705360),
    ("01111", 0.141150, 0.741019),
    ("10000", -1.413700, 0.669503),
    ("10001", -1.087078, 0.665050),
    ("10010", -1.074110, 0.665115),
    ("10011", -0.745800, 0.672951),
    ("10100", -0.651554, 0.677319),
    ("10101", -0.303400, 0.700407),
    ("10110", -0.288994, 0.701564),
    ("10111", 0.090272, 0.735979),
    ("11000", -0.934065, 0.667008),
    ("11001", -0.601339, 0.680002),
    ("11010", -0.587767, 0.680768),
    ("11011", -0.234991, 0.706017),
    ("11100", -0.130589, 0.715109),
    ("11101", 0.265418, 0.753566),
    ("11110", 0.282104, 0.755270),
    ("11111", 0.727185, 0.800932),
]
"""Responses to items 1 to 5, EAP, its standard error."""


def test_every_pattern_of_five_items_is_covered() -> None:
    patterns = {pattern for pattern, _, _ in EAP_BY_PATTERN}
    assert patterns == {"".join(bits) for bits in product("01", repeat=5)}


@pytest.mark.parametrize(("pattern", "theta", "se"), EAP_BY_PATTERN)
def test_eap_agrees_with_mirt(pattern: str, theta: float, se: float) -> None:
    found = eap([[int(bit) for bit in pattern]], ITEMS, GRID)
    assert found.theta[0] == pytest.approx(theta, abs=1e-5)
    assert found.se[0] == pytest.approx(se, abs=1e-5)


def test_all_patterns_at_once_give_the_same_as_one_by_one() -> None:
    together = eap([[int(bit) for bit in p] for p, _, _ in EAP_BY_PATTERN], ITEMS, GRID)
    assert together.theta == pytest.approx([theta for _, theta, _ in EAP_BY_PATTERN], abs=1e-5)
    assert together.se == pytest.approx([se for _, _, se in EAP_BY_PATTERN], abs=1e-5)
