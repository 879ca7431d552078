"""From a response matrix and wishes to a problem that can be solved, or a message why not.

Everything is checked before anything is computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.calibrating import coded_responses
from certify.psychometrics.calibrating.bank_plan import (
    BankPlan,
    BoolArray,
    IndexArray,
    ItemType,
    SlopeRule,
    item_types,
)
from certify.psychometrics.calibrating.coded_responses import (
    CodedResponses,
    ExcludedItem,
    category_totals,
)
from certify.psychometrics.calibrating.fitting import Estimates, Problem
from certify.psychometrics.calibrating.item_priors import ItemPriors
from certify.psychometrics.calibrating.population import Population, PopulationPlan
from certify.psychometrics.item_parameters import FloatArray, ItemModel, ItemParameters

FEWEST_PERSONS = 10

PopulationRule = Literal["auto", "standard", "free"]
"""Whether known items and unit slopes free the first group's mean and variance, nothing does, or
both are free throughout, where priors of the difficulties hold the scale."""


@dataclass(frozen=True)
class FixedItems:
    """Items with known parameters: `columns` of the response matrix and their `items`."""

    columns: Sequence[int] | NDArray[np.intp]
    items: ItemParameters


@dataclass(frozen=True)
class Prepared:
    """A solvable problem; `kept` are the columns in it, `excluded` those that are not."""

    problem: Problem
    data: CodedResponses
    kept: IndexArray
    excluded: tuple[ExcludedItem, ...]


def prepared(
    responses: ArrayLike,
    model: str | Sequence[str],
    priors: ItemPriors,
    *,
    groups: ArrayLike | None,
    dimension: ArrayLike | None,
    fixed: FixedItems | None,
    population: PopulationRule = "auto",
) -> Prepared:
    """Check and code everything. Raises ValueError as `Calibration.fit` says."""
    if population == "free" and priors.difficulty is None:
        raise ValueError("expected a prior of the difficulties where the population is free")
    cells = coded_responses.coded_cells(responses)
    n_items = cells.shape[1]
    types = list(item_types(model, n_items))
    is_known = _known(fixed, types)
    highest = [1 if one.family is ItemModel.DICHOTOMOUS else None for one in types]
    coded_responses.check_categories(cells, highest)
    group, index = _indices(groups, len(cells), "row"), _indices(dimension, n_items, "column")
    answered = cells.max(axis=1, initial=coded_responses.MISSING) != coded_responses.MISSING
    if not answered.all():
        cells, group = cells[answered], group[answered]
    totals = category_totals(cells)
    excluded = coded_responses.unusable_items(totals, types, is_known)
    left_out = {one.item for one in excluded}
    kept = np.array([item for item in range(n_items) if item not in left_out], dtype=np.intp)
    _check_persons(group, _count(groups, group))
    _check_items(kept, index, types, is_known, excluded)
    if len(kept) < n_items:
        cells, totals = cells[:, kept], totals[kept]
    kinds, n_groups = [types[item] for item in kept], _count(groups, group)
    plan = _plan(kinds, totals, index[kept], int(index.max(initial=0)) + 1, is_known[kept], fixed)
    values = plan.starting_values(_widened(totals, plan.n_thresholds + 1))
    if fixed is not None:
        order = np.argsort(np.asarray(fixed.columns))
        values[is_known[kept]] = plan.working_values(fixed.items.take(order))
    start = Estimates(values, Population.standard(n_groups, plan.n_dimensions))
    population_plan = _population_plan(kinds, plan, is_known[kept], n_groups, population)
    data = coded_responses.collapsed(cells, group, n_groups)
    problem = Problem(plan, population_plan, priors.of_items(kept), start)
    return Prepared(problem, data, kept, excluded)


def _known(fixed: FixedItems | None, types: list[ItemType]) -> BoolArray:
    """Which columns are known; their types follow their parameters."""
    known = np.zeros(len(types), dtype=np.bool_)
    if fixed is None:
        return known
    columns = np.asarray(fixed.columns, dtype=np.intp)
    if len(columns) != len(fixed.items) or len(np.unique(columns)) != len(columns):
        raise ValueError(
            f"expected a different column for each of {len(fixed.items)} fixed items, "
            f"found {columns.tolist()}"
        )
    if columns.size and (columns.min() < 0 or columns.max() >= len(types)):
        raise ValueError(f"expected fixed columns 0 to {len(types) - 1}, found {columns.tolist()}")
    known[columns] = True
    for column, family in zip(columns, fixed.items.model, strict=True):
        types[column] = ItemType(ItemModel(family), SlopeRule.FREE)
    return known


def _indices(given: ArrayLike | None, n: int, what: str) -> IndexArray:
    if given is None:
        return np.zeros(n, dtype=np.intp)
    values = np.asarray(given)
    if values.shape != (n,) or values.dtype.kind not in "iu" or (n and values.min() < 0):
        raise ValueError(f"expected an index 0, 1, ... for each {what} ({n}), found {values!r}")
    return values.astype(np.intp)


def _count(given: ArrayLike | None, group: IndexArray) -> int:
    """Number of groups, those without an answering person included."""
    return 1 if given is None else int(np.asarray(given).max(initial=0)) + 1


def _check_persons(group: IndexArray, n_groups: int) -> None:
    for index, count in enumerate(np.bincount(group, minlength=n_groups)):
        if count < FEWEST_PERSONS:
            where = f" in group {index}" if n_groups > 1 else ""
            raise ValueError(
                f"expected at least {FEWEST_PERSONS} persons with answers{where}, found {count}: "
                "too few to fit anything"
            )


def _check_items(
    kept: IndexArray,
    dimension: IndexArray,
    types: Sequence[ItemType],
    is_known: BoolArray,
    excluded: Sequence[ExcludedItem],
) -> None:
    several = int(dimension.max(initial=0)) > 0
    for d in range(int(dimension.max(initial=0)) + 1):
        chosen = [item for item in kept if dimension[item] == d]
        free = any(types[i].slope is SlopeRule.FREE and not is_known[i] for i in chosen)
        needed = 3 if free and not several else 2
        if is_known[chosen].any() and len(chosen) > 0:
            needed = 1
        if len(chosen) < needed:
            where = f" in dimension {d}" if several else ""
            reasons = "; ".join(f"column {one.item}: {one.reason}" for one in excluded)
            raise ValueError(
                f"expected at least {needed} items that can be calibrated{where}, "
                f"found {len(chosen)}" + (f" ({reasons})" if reasons else "")
            )


def _plan(
    kinds: Sequence[ItemType],
    totals: FloatArray,
    dimension: IndexArray,
    n_dimensions: int,
    is_known: BoolArray,
    fixed: FixedItems | None,
) -> BankPlan:
    top = np.array([np.flatnonzero(found).max(initial=1) for found in totals], dtype=np.intp)
    if fixed is not None:
        order = np.argsort(np.asarray(fixed.columns))
        top[is_known] = np.maximum(top[is_known], fixed.items.max_category[order])
        for column, known, seen in zip(
            np.flatnonzero(is_known), fixed.items.max_category[order], top[is_known], strict=True
        ):
            if seen > known:
                raise ValueError(
                    f"fixed item at position {column}: expected categories 0 to {known}, "
                    f"found {seen}"
                )
    return BankPlan.of(kinds, top, dimension, n_dimensions, is_known)


def _population_plan(
    kinds: Sequence[ItemType],
    plan: BankPlan,
    is_known: BoolArray,
    n_groups: int,
    rule: PopulationRule,
) -> PopulationPlan:
    """Group 0 is standard normal where nothing else sets the scale of a dimension."""
    free_means = np.ones((n_groups, plan.n_dimensions), dtype=np.bool_)
    free_variances = free_means.copy()
    has_unit_slope = np.array([kind.slope is SlopeRule.ONE for kind in kinds])
    for d in range(plan.n_dimensions):
        here = plan.dimension == d
        anchored = bool(is_known[here].any())
        unit = bool(has_unit_slope[here].all())
        if rule != "free":
            free_means[0, d] = anchored and rule == "auto"
            free_variances[0, d] = (anchored or unit) and rule == "auto"
    return PopulationPlan(free_means, free_variances)


def _widened(totals: FloatArray, n_categories: int) -> FloatArray:
    return np.pad(totals[:, :n_categories], ((0, 0), (0, max(0, n_categories - totals.shape[1]))))
