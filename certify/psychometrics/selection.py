"""Which item to give next: maximum information for the time it costs, randomesque among the best.

Randomesque exposure control: Kingsbury & Zara (1989), Applied Measurement in Education 2:359-375.
Content balance: the dimension furthest below its share comes first (the same paper, section on
constrained CAT).
"""

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.irt import FloatArray, ItemParameters, information

TIME_WEIGHT = 0.5
"""Exponent of 1 / expected seconds: half way between information per item and per second."""


def information_for_time(
    theta: float, items: ItemParameters, expected_seconds: FloatArray
) -> FloatArray:
    """I(theta) * (1 / expected seconds)^0.5, shape (n_items,)."""
    return np.asarray(information(theta, items) * expected_seconds ** (-TIME_WEIGHT))


def best_indices(values: FloatArray, eligible: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    """Up to `count` eligible indices by falling value; ties go to the lower index."""
    candidates = np.flatnonzero(eligible)
    order = np.argsort(-values[candidates], kind="stable")
    return candidates[order[:count]]


def neediest_category(
    shares: FloatArray, administered: NDArray[np.int64], available: NDArray[np.bool_]
) -> int:
    """The available category furthest below its share of the next length; ties to the lower index.

    `shares` sum to one. Following this rule keeps every count within one of its share as long as
    all categories stay available. Raises ValueError when none is available.
    """
    if not available.any():
        raise ValueError("no category has an item left")
    deficit = shares * (administered.sum() + 1) - administered
    return int(np.argmax(np.where(available, deficit, -np.inf)))
