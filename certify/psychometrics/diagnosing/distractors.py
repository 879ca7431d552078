"""What the options of choice items do: shares, correlations, curves, and alarms about the key.

Haladyna & Rodriguez (2013), Developing and Validating Test Items, chapter 18 (option tables and
curves). The total of an item's table is the number of right answers on the other items, so that
the key judged does not vote for itself. Single-choice items; an omitted answer is -1 and wrong.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.classical import EXTREME_SHARE, MINIMUM_PERSONS, top_weights
from certify.psychometrics.diagnosing.option_choice import Choices, checked_choices, checked_key

FloatArray = NDArray[np.float64]

CURVE_GROUPS: Final = 5
ALARM_Z: Final = 1.645
"""One-sided 5 %: how surely an option must beat the key before it is reported."""


@dataclass(frozen=True, slots=True)
class OptionTable:
    """Statistics of every option; arrays (items, options), NaN below 20 persons.

    `share` of all persons; `rest_mean`: mean rest score of those who chose it (NaN: nobody);
    `point_biserial`: correlation of choosing it with the rest score, NaN if either is constant;
    `upper` and `lower`: share among the best and the worst 27 % by rest score; `omitted` (items,).
    """

    count: NDArray[np.intp]
    share: FloatArray
    rest_mean: FloatArray
    point_biserial: FloatArray
    upper: FloatArray
    lower: FloatArray
    omitted: FloatArray


@dataclass(frozen=True, slots=True)
class OptionCurves:
    """Share of each option within groups of rising rest score: (items, groups, options).

    `rest_score` (items, groups): mean of the group. Groups hold equal numbers of persons, ties at
    a border divided among them so that the order of the rows does not matter.
    """

    share: FloatArray
    rest_score: FloatArray


@dataclass(frozen=True, slots=True)
class KeyAlarm:
    """An option that goes with ability better than the keyed one: the key may be wrong.

    `z` tests the difference of the two point-biserial correlations.
    """

    item: int
    option: int
    key: int
    option_correlation: float
    key_correlation: float
    z: float


def option_table(
    choices: ArrayLike, answer_key: ArrayLike, *, options: int | None = None
) -> OptionTable:
    """Distractor table of each item; raises ValueError for a bad cell or key."""
    table, key, count = _checked(choices, answer_key, options)
    persons, items = table.shape
    chosen = _one_hot(table, count)
    counts = chosen.sum(axis=0).astype(np.intp)
    parts = np.full((5, items, count), np.nan)
    omitted = np.full(items, np.nan)
    if persons >= MINIMUM_PERSONS:
        size = round(EXTREME_SHARE * persons)
        for item, rest in enumerate(_rest_scores(table, key).T):
            picks = chosen[:, item]
            parts[0, item] = picks.mean(axis=0)
            total = rest @ picks
            np.divide(total, counts[item], out=parts[1, item], where=counts[item] > 0)
            parts[2, item] = _correlations(picks, rest)
            parts[3, item] = top_weights(rest, size) @ picks / size
            parts[4, item] = top_weights(-rest, size) @ picks / size
            omitted[item] = (table[:, item] < 0).mean()
    share, rest_mean, correlation, upper, lower = parts
    return OptionTable(counts, share, rest_mean, correlation, upper, lower, omitted)


def option_curves(
    choices: ArrayLike,
    answer_key: ArrayLike,
    *,
    options: int | None = None,
    groups: int = CURVE_GROUPS,
) -> OptionCurves:
    """Option curves over `groups` of equal size; NaN below 20 persons or fewer than `groups`."""
    table, key, count = _checked(choices, answer_key, options)
    persons, items = table.shape
    share = np.full((items, groups, count), np.nan)
    level = np.full((items, groups), np.nan)
    if persons >= max(MINIMUM_PERSONS, groups):
        chosen = _one_hot(table, count)
        for item, rest in enumerate(_rest_scores(table, key).T):
            # cumulative weights of the best 0, n/g, 2n/g, ... persons; their differences are groups
            sizes = persons * np.arange(groups, -1, -1) / groups
            tops = np.array([top_weights(rest, size) for size in sizes])
            weights = (tops[:-1] - tops[1:]) * groups / persons
            share[item] = weights @ chosen[:, item]
            level[item] = weights @ rest
    return OptionCurves(share, level)


def key_alarms(
    choices: ArrayLike,
    answer_key: ArrayLike,
    *,
    options: int | None = None,
    least_z: float = ALARM_Z,
) -> tuple[KeyAlarm, ...]:
    """Options that beat the key: a higher point-biserial, by at least `least_z` standard errors.

    The standard error comes from the influence values of the two correlations, which share their
    persons. None below 20 persons. The surest alarm comes first.
    """
    table, key, count = _checked(choices, answer_key, options)
    if len(table) < MINIMUM_PERSONS:
        return ()
    chosen = _one_hot(table, count)
    alarms = []
    for item, rest in enumerate(_rest_scores(table, key).T):
        correlations = _correlations(chosen[:, item], rest)
        influence = _influence(chosen[:, item], rest, correlations)
        keyed = int(key[item])
        # a key that nobody or everybody chose has no correlation; it cannot defend itself
        defence = 0.0 if np.isnan(correlations[keyed]) else float(correlations[keyed])
        for option in range(count):
            if option == keyed or not correlations[option] > max(defence, 0.0):
                continue
            gap = np.nan_to_num(influence[:, option]) - np.nan_to_num(influence[:, keyed])
            error = float(gap.std() / np.sqrt(len(gap)))
            z = (float(correlations[option]) - defence) / error if error > 0 else np.inf
            if z >= least_z:
                own = float(correlations[option])
                alarms.append(KeyAlarm(item, option, keyed, own, float(correlations[keyed]), z))
    return tuple(sorted(alarms, key=lambda alarm: -alarm.z))


def _checked(
    choices: ArrayLike, answer_key: ArrayLike, options: int | None
) -> tuple[Choices, Choices, int]:
    table, count = checked_choices(choices, options)
    return table, checked_key(answer_key, table.shape[1], count), count


def _one_hot(table: Choices, options: int) -> FloatArray:
    return np.asarray(table[..., None] == np.arange(options), dtype=np.float64)


def _rest_scores(table: Choices, key: Choices) -> FloatArray:
    right = (table == key).astype(np.float64)
    return np.asarray(right.sum(axis=1, keepdims=True) - right)


def _correlations(picks: FloatArray, rest: FloatArray) -> FloatArray:
    """Correlation of each column with the rest score; NaN for a constant column or score."""
    result = np.full(picks.shape[1], np.nan)
    if np.ptp(rest) == 0.0:
        return result
    varies = np.ptp(picks, axis=0) > 0.0
    centred = picks[:, varies] - picks[:, varies].mean(axis=0)
    score = rest - rest.mean()
    result[varies] = score @ centred / np.sqrt((score @ score) * (centred**2).sum(axis=0))
    return result


def _influence(picks: FloatArray, rest: FloatArray, correlations: FloatArray) -> FloatArray:
    """Influence of each person on each correlation: z_x z_y - r (z_x^2 + z_y^2) / 2."""
    with np.errstate(invalid="ignore", divide="ignore"):
        x = (picks - picks.mean(axis=0)) / picks.std(axis=0)
        y = ((rest - rest.mean()) / rest.std())[:, None]
    return np.asarray(x * y - correlations * (x**2 + y**2) / 2.0)
