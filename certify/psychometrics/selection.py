"""Which item to give next, from what each item is worth: the best, one of the best, or by chance.

The worth itself: information for the time it costs here, criteria over the whole posterior in
`posterior_criteria`, several dimensions in `multidimensional_selection`, whole tests in `shadow`.
Randomesque exposure control: Kingsbury & Zara (1989), Applied Measurement in Education 2:359-375.
Progressive: Revuelta & Ponsoda (1998), Journal of Educational Measurement 35:311-327, with the
acceleration of Barrada et al. (2008), British Journal of Mathematical and Statistical Psychology
61:493-513.
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


def one_of_best(
    values: FloatArray, eligible: NDArray[np.bool_], count: int, uniforms: FloatArray
) -> NDArray[np.intp]:
    """Randomesque for many persons: one of the `count` best eligible items of each row.

    `values` and `eligible`, shape (persons, n_items); `uniforms` in [0, 1), shape (persons,),
    choose among the best. -1 where nothing is eligible.
    """
    masked = np.where(eligible, values, -np.inf)
    width = min(count, masked.shape[1])
    best = np.argpartition(-masked, width - 1, axis=1)[:, :width]
    worth = np.take_along_axis(masked, best, axis=1)
    order = np.lexsort((best, -worth))
    best = np.take_along_axis(best, order, axis=1)
    available = np.minimum(eligible.sum(axis=1), width)
    place = np.minimum((uniforms * available).astype(np.intp), np.maximum(available - 1, 0))
    chosen = np.take_along_axis(best, place[:, None], axis=1)[:, 0]
    return np.where(available > 0, chosen, -1)


def progressive_share(position: int, length: int, acceleration: float = 1.0) -> float:
    """Weight of information at `position` 1..length: 0 at the first item, 1 at the last.

    sum_{f=1}^{position} (f - 1)^k / sum_{f=1}^{length} (f - 1)^k; with k = 0 it rises in equal
    steps, with a larger k it stays with chance for longer. Raises ValueError for a position
    outside the exam.
    """
    if not 1 <= position <= length:
        raise ValueError(f"expected a position from 1 to {length}, found {position}")
    if position == 1:
        return float(length == 1)
    passed = np.arange(1.0, length) ** acceleration
    return float(passed[: position - 1].sum() / passed.sum())


def progressive_values(
    values: FloatArray, eligible: NDArray[np.bool_], share: float, uniforms: FloatArray
) -> FloatArray:
    """(1 - share) R + share x value, R uniform from 0 to the largest eligible value.

    All arrays (n_items,) or (persons, n_items), `uniforms` in [0, 1).
    """
    highest = np.where(eligible, values, 0.0).max(axis=-1, keepdims=True)
    return np.asarray((1.0 - share) * uniforms * highest + share * values)
