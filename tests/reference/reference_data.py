"""The data of the published examples; each file is named after its source.

lsat7_patterns: Bock & Lieberman (1970), Psychometrika 35:179-197. lsat7_scores: R mirt 1.47 on the
2PL of these data. science_patterns: the Science data of the R packages ltm and mirt (four items of
the Eurobarometer 38.1, 1992). tcals: the item bank of the R package catR 3.17 (Raiche, TCALS II).
mirtcat_items: a three-dimensional bank, scored with R mirtCAT 1.14.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.irt import ItemParameters

DATA = Path(__file__).parent / "data"

LSAT7_SLOPES = np.array([0.987546, 1.080837, 1.707478, 0.764990, 0.735673])
LSAT7_INTERCEPTS = np.array([1.855856, 0.807970, 1.805206, 0.486000, 1.854458])
"""Marginal maximum likelihood, EM on 61 points from -6 to 6, tolerance 1e-9 (R mirt 1.47)."""


def table(name: str) -> NDArray[np.float64]:
    """The numbers of one file, without its header."""
    return np.loadtxt(DATA / f"{name}.csv", delimiter=",", skiprows=1)


def lsat7_items() -> ItemParameters:
    """The 2PL items of LSAT section 7."""
    return ItemParameters.of(LSAT7_SLOPES, -LSAT7_INTERCEPTS / LSAT7_SLOPES)


def tcals_items() -> ItemParameters:
    """The 85 items of the TCALS bank (3PL)."""
    return ItemParameters.of(*table("tcals").T[1:])
