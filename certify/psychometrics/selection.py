"""Which item to give next: maximum information for the time it costs, randomesque among the best.

Randomesque exposure control: Kingsbury & Zara (1989), Applied Measurement in Education 2:359-375.
Content balance: the quota method of Balinski & Young (1975), American Mathematical Monthly
82:701-730. Taking the category furthest below its share (Kingsbury & Zara, section on constrained
CAT) can leave small categories behind by more than one item once there are four of them.
"""

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.irt import FloatArray, ItemParameters, information

TIME_WEIGHT = 0.5
"""Exponent of 1 / expected seconds: half way between information per item and per second."""
ROUNDING = 1e-9
"""A share times a length may miss a whole number by this much through rounding alone."""


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
    """The available category that its share calls for next; ties to the lower index.

    `shares` sum to one. Among the categories whose count is still below their share of the next
    length, the one whose share is largest for its count plus one. Following this rule keeps every
    count less than one from its share as long as all categories stay available. Once only
    categories above their share are left, the same ratio decides among them. Raises ValueError
    when none is available.
    """
    if not available.any():
        raise ValueError("no category has an item left")
    is_below = available & (administered < shares * (administered.sum() + 1) - ROUNDING)
    candidates = is_below if is_below.any() else available
    ratio = shares / (administered + 1)
    best = np.max(ratio[candidates])
    # equal ratios of different counts may differ in the last digit
    return int(np.flatnonzero(candidates & (ratio >= best - ROUNDING))[0])
