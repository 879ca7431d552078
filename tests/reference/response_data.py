"""One row per person of the data in `reference_data`, for statistics that need whole samples."""

import numpy as np

from certify.psychometrics.item_parameters import ItemParameters
from tests.reference.reference_data import lsat7_items, table

_LSAT7 = table("lsat7_patterns").astype(int)
_SCIENCE = table("science_patterns").astype(int)

LSAT7 = np.repeat(_LSAT7[:, :-1], _LSAT7[:, -1], axis=0)
LSAT7_2PL = lsat7_items()
SCIENCE = np.repeat(_SCIENCE[:, :-1], _SCIENCE[:, -1], axis=0)
SCIENCE = SCIENCE - SCIENCE.min()
SCIENCE_GRM = ItemParameters.graded(
    [1.040641584, 1.225832710, 2.300594358, 1.093799537],
    [
        [-4.672811174, -2.5360933515, 1.4082241907],
        [-2.385317639, -0.7351170800, 1.8488898966],
        [-2.279921491, -0.9643779423, 0.8552119923],
        [-3.059870146, -0.9063997038, 1.5428155819],
    ],
)
