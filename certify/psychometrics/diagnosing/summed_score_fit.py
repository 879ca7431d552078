"""Item fit in groups of equal raw score: S-X2.

Orlando & Thissen (2000), Applied Psychological Measurement 24:50-64; Kang & Chen (2008), Journal
of Educational Measurement 45:391-406, for polytomous items. Observed and expected shares of each
category are compared within each raw score, 0 and the maximum left out. Complete responses only.

Sparse cells are merged in this order, which is that of the R package mirt; a different order gives
another, equally valid statistic:

1. score groups in which a category is impossible go, from both ends, into the first full group;
2. groups nobody is in are left out, groups of one person go into the next (the last into the one
   before it);
3. in items of more than two categories, the smallest expected cell of a group that has any below
   the minimum is added to its smaller neighbour until two are left or none is too small (which
   groups these are is read before step 2 moves the rows, as in mirt), the cells then stand at the
   left of the row;
4. a last column that is rare over all groups, or a column used by less than 5 % of the groups,
   joins its left neighbour;
5. a group that still has an expected cell below the minimum joins the neighbour with fewer persons.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics import irt
from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.distributions import chi_square_upper_tail
from certify.psychometrics.estimating.sum_scores import score_distribution
from certify.psychometrics.item_parameters import FloatArray, ItemModel, ItemParameters
from certify.psychometrics.responses import checked

RARE_COLUMN = 0.05


@dataclass(frozen=True, slots=True)
class SummedScoreFit:
    """Per item, shape (n_items,): the statistic, its degrees of freedom, p-value and RMSEA.

    NaN where it cannot be had, with the cause in `reasons` (empty where it can).
    RMSEA = sqrt(max(S-X2 / df - 1, 0) / (N - 1)).
    """

    s_x2: FloatArray
    df: NDArray[np.intp]
    p_value: FloatArray
    rmsea: FloatArray
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FitTable:
    """Observed and expected counts, shape (groups, cells); an expected 0 is no cell at all."""

    observed: FloatArray
    expected: FloatArray


def estimated_parameters(items: ItemParameters) -> NDArray[np.intp]:
    """How many parameters an item has by its look: slope, thresholds, asymptotes off 0 and 1."""
    is_single = items.model == ItemModel.DICHOTOMOUS
    asymptotes = (items.c > 0).astype(np.intp) + (items.d < 1)
    return np.asarray(1 + items.max_category + np.where(is_single, asymptotes, 0))


def s_x2(
    responses: ArrayLike,
    items: ItemParameters,
    grid: AbilityGrid | None = None,
    *,
    estimated: ArrayLike | None = None,
    minimum_expected: float = 1.0,
) -> SummedScoreFit:
    """S-X2 of each item. `grid` is the population (default N(0, 1) on 61 points, -6 to 6).

    `estimated`: number of estimated parameters per item (default `estimated_parameters`; 0 for
    parameters known beforehand). Raises ValueError for missing responses or several dimensions.
    """
    matrix = checked(responses, items)
    if matrix.observed is not None:
        person, item = (int(at) for at in np.argwhere(~matrix.observed)[0])
        raise ValueError(
            f"person {person}, item {item}: raw scores need complete responses, found a missing "
            "one; leave the person or the item out"
        )
    population = AbilityGrid.normal() if grid is None else grid
    free = estimated_parameters(items) if estimated is None else np.asarray(estimated)
    tables = [] if len(matrix) < MINIMUM_PERSONS else _tables(matrix.values, items, population)
    values = np.full(len(items), np.nan)
    degrees = np.zeros(len(items), dtype=np.intp)
    reasons = [f"fewer than {MINIMUM_PERSONS} persons"] * len(items)
    for item, table in enumerate(tables):
        merged = collapsed(table, minimum_expected)
        values[item], degrees[item], reasons[item] = _statistic(merged, int(free[item]))
    ratio = values / np.maximum(degrees, 1)
    rmsea = np.sqrt(np.maximum(ratio - 1.0, 0.0) / max(len(matrix) - 1, 1))
    return SummedScoreFit(
        values, degrees, chi_square_upper_tail(values, degrees), rmsea, tuple(reasons)
    )


def _statistic(table: FitTable | None, free: int) -> tuple[float, int, str]:
    if table is None:
        return float("nan"), 0, "the score groups are too small to compare"
    is_cell = table.expected > 0
    df = int(is_cell.sum()) - len(table.expected) - free
    if df <= 0:
        return float("nan"), 0, "no degrees of freedom left after merging small cells"
    gap = (table.observed - table.expected)[is_cell]
    return float((gap**2 / table.expected[is_cell]).sum()), df, ""


def _tables(values: FloatArray, items: ItemParameters, grid: AbilityGrid) -> list[FitTable]:
    p = irt.category_probabilities(grid.points, items)
    highest = items.max_category
    total = int(highest.sum())
    raw = values.sum(axis=1).astype(np.intp)
    persons = np.bincount(raw, minlength=total + 1).astype(np.float64)
    marginal = grid.weights @ score_distribution(grid.points, items)
    tables = []
    for item in range(len(items)):
        others = np.delete(np.arange(len(items)), item)
        rest = score_distribution(grid.points, items.take(others))
        width = int(highest[item]) + 1
        expected = np.zeros((total + 1, width))
        observed = np.zeros((total + 1, width))
        for category in range(width):
            joint = grid.weights @ (rest * p[:, item, category, None])
            rows = slice(category, category + rest.shape[1])
            expected[rows, category] = persons[rows] * joint / marginal[rows]
            chosen = raw[values[:, item] == category]
            observed[:, category] = np.bincount(chosen, minlength=total + 1)
        tables.append(_without_impossible(observed, expected, total))
    return tables


def _without_impossible(observed: FloatArray, expected: FloatArray, total: int) -> FitTable:
    """Steps 1: scores 1..total - 1, those where a category is impossible merged inwards."""
    edge = expected.shape[1] - 1
    if total - 2 * edge < 0:
        return FitTable(observed[:0], expected[:0])
    rows = []
    for table in (observed, expected):
        inner = table[edge : total - edge + 1].copy()
        inner[0] += table[1:edge].sum(axis=0)
        inner[-1] += table[total - edge + 1 : total].sum(axis=0)
        rows.append(inner)
    return FitTable(rows[0], rows[1])


def collapsed(table: FitTable, minimum: float) -> FitTable | None:
    """Steps 2 to 5 of the rule above; None when fewer than two groups are left."""
    is_used = table.observed.sum(axis=1) > 0
    observed, expected = table.observed[is_used], table.expected[is_used]
    is_sparse = (expected < minimum).any(axis=1)
    observed, expected = _without_singles(observed, expected)
    if expected.shape[1] > 2:
        for row in range(len(expected)):
            if is_sparse[row]:
                _merge_cells(observed[row], expected[row], minimum)
        observed, expected = _without_rare_columns(observed, expected, minimum)
    return _merge_groups(observed, expected, minimum)


def _without_singles(observed: FloatArray, expected: FloatArray) -> tuple[FloatArray, FloatArray]:
    keep = np.ones(len(observed), dtype=bool)
    for row in range(len(observed) - 1):
        if observed[row].sum() == 1:
            keep[row] = False
            observed[row + 1] += observed[row]
            expected[row + 1] += expected[row]
    observed, expected = observed[keep], expected[keep]
    if len(observed) > 1 and observed[-1].sum() == 1:
        observed[-2] += observed[-1]
        expected[-2] += expected[-1]
        observed, expected = observed[:-1], expected[:-1]
    return observed, expected


def _merge_cells(observed: FloatArray, expected: FloatArray, minimum: float) -> None:
    """Step 3 in place: the cells that are left come first, zeros after them."""
    seen, due = observed.tolist(), expected.tolist()
    while len(due) > 2 and min(due) < minimum:
        at = max(place for place, value in enumerate(due) if value == min(due))
        if at == 0 or (at < len(due) - 1 and due[at + 1] < due[at - 1]):
            into = at + 1
        else:
            into = at - 1
        seen[into] += seen[at]
        due[into] += due[at]
        del seen[at], due[at]
    for target, source in ((observed, seen), (expected, due)):
        target[:] = 0.0
        target[: len(source)] = source


def _without_rare_columns(
    observed: FloatArray, expected: FloatArray, minimum: float
) -> tuple[FloatArray, FloatArray]:
    least = minimum * np.ceil(len(expected) * 0.1)
    while expected.shape[1] > 2 and expected[:, -1].sum() < least:
        observed, expected = _last_column_merged(observed), _last_column_merged(expected)
    keep = np.ones(expected.shape[1], dtype=bool)
    for column in range(expected.shape[1] - 1, 0, -1):
        if (expected[:, column] > 0).mean() < RARE_COLUMN:
            keep[column] = False
            observed[:, column - 1] += observed[:, column]
            expected[:, column - 1] += expected[:, column]
    return observed[:, keep], expected[:, keep]


def _last_column_merged(table: FloatArray) -> FloatArray:
    merged = table[:, :-1].copy()
    merged[:, -1] += table[:, -1]
    return merged


def _merge_groups(observed: FloatArray, expected: FloatArray, minimum: float) -> FitTable | None:
    while len(expected) > 1:
        is_small = ((expected < minimum) & (expected != 0)).any(axis=1)
        if not is_small.any():
            return FitTable(observed, expected)
        row = int(np.argmax(is_small))
        if row == 0:
            into = 1
        elif row == len(expected) - 1:
            into = row - 1
        else:
            before, after = observed[row - 1].sum(), observed[row + 1].sum()
            into = row - 1 if before <= after else row + 1
        observed[into] += observed[row]
        expected[into] += expected[row]
        observed = np.delete(observed, row, axis=0)
        expected = np.delete(expected, row, axis=0)
    return None
