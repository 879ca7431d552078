"""What persons of known ability did on one item: shares with intervals, correlations, curves.

The criterion is a given ability (theta), for exams in which everybody meets other items, so that no
rest score can be compared. Where theta was estimated with the item in it, correlations are a little
too high; where only persons of like ability met the item, as in an adaptive exam, they are too low.

Sources: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212 (interval of a share); Haladyna & Rodriguez
(2013), Developing and Validating Test Items, chapter 18 (option curves).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.classical import MINIMUM_PERSONS, top_weights

FloatArray = NDArray[np.float64]

NORMAL_95: Final = 1.959963984540054
"""The normal quantile that leaves 2.5 % above it."""
MOST_GROUPS: Final = 5
PERSONS_PER_GROUP: Final = 7


@dataclass(frozen=True, slots=True)
class AbilityCurves:
    """Share of the persons in each group of rising ability who chose each answer.

    `share` (groups, answers); `theta` and `persons` (groups,): mean ability and size. Groups are
    equally large; persons who tie at a border are divided among both sides.
    """

    share: FloatArray
    theta: FloatArray
    persons: FloatArray


def wilson_interval(count: int, total: int, z: float = NORMAL_95) -> tuple[float, float]:
    """Score interval of the share count / total; (0, 1) of nothing. Raises ValueError."""
    if not 0 <= count <= total:
        raise ValueError(f"expected a count from 0 to {total}, found {count}")
    if total == 0:
        return 0.0, 1.0
    p, shift = count / total, z * z / total
    centre = (p + shift / 2) / (1 + shift)
    half = z / (1 + shift) * math.sqrt(p * (1 - p) / total + shift / (4 * total))
    # at the ends the formula gives 0 and 1 but for rounding
    low = 0.0 if count == 0 else centre - half
    return low, 1.0 if count == total else centre + half


def ability_correlations(chosen: ArrayLike, theta: ArrayLike) -> FloatArray:
    """Point-biserial correlation of each column of 0 and 1, shape (persons, answers), with theta.

    NaN below 20 persons, for a constant column, or where theta does not vary.
    """
    table, ability = _checked(chosen, theta)
    result = np.full(table.shape[1], np.nan)
    if len(table) < MINIMUM_PERSONS or np.ptp(ability) == 0.0:
        return result
    varies = np.ptp(table, axis=0) > 0.0
    picks = table[:, varies] - table[:, varies].mean(axis=0)
    centred = ability - ability.mean()
    result[varies] = centred @ picks / np.sqrt((centred @ centred) * (picks**2).sum(axis=0))
    return result


def ability_curves(chosen: ArrayLike, theta: ArrayLike) -> AbilityCurves:
    """Curves over as many groups as there are persons for: 2 to 5; none below 20 persons."""
    table, ability = _checked(chosen, theta)
    persons = len(table)
    if persons < MINIMUM_PERSONS:
        return AbilityCurves(np.zeros((0, table.shape[1])), np.zeros(0), np.zeros(0))
    groups = min(MOST_GROUPS, persons // PERSONS_PER_GROUP)
    # cumulative weights of the best 0, n/g, 2n/g, ... persons; their differences are the groups
    sizes = persons * np.arange(groups, -1, -1) / groups
    tops = np.array([top_weights(ability, size) for size in sizes])
    weights = (tops[:-1] - tops[1:]) * groups / persons
    return AbilityCurves(
        np.asarray(weights @ table), weights @ ability, np.full(groups, persons / groups)
    )


def change_of_share(before: tuple[int, int], after: tuple[int, int]) -> float:
    """z of the difference of two shares, each (count, total), with their pooled variance.

    Positive where the share rose; NaN where it is undefined: nothing on one side, or all alike.
    """
    (first, first_total), (second, second_total) = before, after
    if min(first_total, second_total) == 0:
        return math.nan
    pooled = (first + second) / (first_total + second_total)
    variance = pooled * (1 - pooled) * (1 / first_total + 1 / second_total)
    if variance == 0.0:
        return math.nan
    return (second / second_total - first / first_total) / math.sqrt(variance)


def _checked(chosen: ArrayLike, theta: ArrayLike) -> tuple[FloatArray, FloatArray]:
    table, ability = (np.asarray(values, dtype=np.float64) for values in (chosen, theta))
    if table.ndim != 2 or ability.shape != table.shape[:1]:
        raise ValueError(
            f"expected answers of shape (persons, answers) and a theta for each person, found "
            f"shapes {table.shape} and {ability.shape}"
        )
    if not np.isfinite(ability).all():
        raise ValueError("expected finite abilities")
    return table, ability
