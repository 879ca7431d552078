"""How likely each person is to choose each option of each item, for statistics of copying.

The right option has the probability of the item's response model; the wrong ones share the rest
as they do among the persons of similar ability who were wrong (a nested model: Suh & Bolt 2010,
Psychometrika 75:454-473, with observed shares in place of a logit). No nominal response model is
estimated; anybody who has one may hand its probabilities to `similarity` directly.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics import irt
from certify.psychometrics.item_parameters import FloatArray, ItemParameters

Choices = NDArray[np.intp]

NO_CHOICE: Final = -1
GROUPS: Final = 3
PRIOR_CHOICES: Final = 1.0


def checked_choices(choices: ArrayLike, options: int | None = None) -> tuple[Choices, int]:
    """Choices 0..options - 1, -1 for none, as integers, and the number of options.

    Raises ValueError naming the first bad cell.
    """
    table = np.asarray(choices)
    if table.ndim != 2:
        raise ValueError(f"expected choices of shape (persons, items), found {table.ndim} axes")
    whole = np.asarray(table, dtype=np.float64)
    count = int(np.nanmax(whole, initial=0.0)) + 1 if options is None else options
    good = (whole >= NO_CHOICE) & (whole < count) & (whole == np.floor(whole))
    if not good.all():
        person, item = (int(at) for at in np.argwhere(~good)[0])
        raise ValueError(
            f"person {person}, item {item}: expected an option from 0 to {count - 1}, or -1 for "
            f"none, found {whole[person, item]:g}"
        )
    return whole.astype(np.intp), count


def checked_key(answer_key: ArrayLike, items: int, options: int) -> Choices:
    """The right option of each item. Raises ValueError naming the first that is no option."""
    key = np.asarray(answer_key)
    if key.shape != (items,):
        raise ValueError(f"expected an answer key of {items} items, found shape {key.shape}")
    good = (key >= 0) & (key < options) & (key == np.floor(key))
    if not good.all():
        item = int(np.argmin(good))
        raise ValueError(f"item {item}: expected a key from 0 to {options - 1}, found {key[item]}")
    return key.astype(np.intp)


def option_probabilities(
    choices: ArrayLike,
    answer_key: ArrayLike,
    items: ItemParameters,
    theta: ArrayLike,
    *,
    options: int | None = None,
    groups: int = GROUPS,
) -> FloatArray:
    """P(person chooses option), shape (persons, items, options), each row summing to one.

    Shares among the wrong are counted in `groups` of equal size by theta, each mixed with the
    share over all groups at the weight of one choice, and that with an equal share likewise, so
    that no option has probability 0.
    """
    table, count = checked_choices(choices, options)
    key = checked_key(answer_key, table.shape[1], count)
    ability = np.asarray(theta, dtype=np.float64)
    if ability.shape != (len(table),) or not np.isfinite(ability).all():
        raise ValueError(f"expected a finite theta for each of {len(table)} persons")
    if len(items) != table.shape[1]:
        raise ValueError(f"expected choices on {len(items)} items, found {table.shape[1]}")
    if count < 2:
        raise ValueError(f"expected at least two options, found {count}")
    right = irt.probability(ability, items)
    rank = np.argsort(np.argsort(ability, kind="stable"), kind="stable")
    group = rank * groups // max(len(table), 1)
    one_hot = table[..., None] == np.arange(count)
    one_hot[:, np.arange(len(key)), key] = False
    wrong = np.ones((len(key), count))
    wrong[np.arange(len(key)), key] = 0.0
    overall = _mixed(one_hot.sum(axis=0), wrong / (count - 1))
    p = np.empty((len(table), len(key), count))
    for g in range(groups):
        members = group == g
        shares = _mixed(one_hot[members].sum(axis=0), overall)
        p[members] = (1.0 - right[members])[..., None] * shares
    p[:, np.arange(len(key)), key] = right
    return p


def _mixed(counts: NDArray[np.intp], prior: FloatArray) -> FloatArray:
    total = counts.sum(axis=1, keepdims=True) + PRIOR_CHOICES
    return np.asarray((counts + PRIOR_CHOICES * prior) / total)
