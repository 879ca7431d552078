"""Response matrices as calibration needs them: checked, small, and without repeated patterns.

Cells are int8: the category 0..K, or -1 for not administered. Identical rows of a group become one
pattern with a count. Items that cannot be calibrated are left out and named.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.calibrating.bank_plan import IndexArray, ItemType
from certify.psychometrics.item_parameters import FloatArray, ItemModel

Cells = NDArray[np.int8]
MISSING = -1
HIGHEST = 100
SAMPLE = 1024
"""So many rows tell whether patterns repeat often enough to look for them all."""
EXACT_CODE = 2.0**62


@dataclass(frozen=True, slots=True)
class ExcludedItem:
    """A column that was left out of the calibration, and why."""

    item: int
    reason: str


@dataclass(frozen=True)
class CodedResponses:
    """Distinct response patterns: `cells` (patterns, items), `counts`, `group` of each pattern."""

    cells: Cells
    counts: FloatArray
    group: IndexArray
    n_groups: int

    @property
    def n_persons(self) -> int:
        """Persons behind the patterns."""
        return round(float(self.counts.sum()))

    def every(self, step: int) -> "CodedResponses":
        """Each `step`-th pattern."""
        return CodedResponses(
            self.cells[::step], self.counts[::step], self.group[::step], self.n_groups
        )


def coded_cells(responses: ArrayLike) -> Cells:
    """Categories as int8, -1 where NaN. Raises ValueError naming row and column of a bad cell."""
    given = np.asarray(responses)
    if given.ndim != 2:
        raise ValueError(f"expected responses of shape (persons, items), found {given.shape}")
    if given.dtype == np.bool_:
        return given.astype(np.int8)
    if given.dtype.kind in "iu":
        if given.size and (given.min() < 0 or given.max() > HIGHEST):
            _refuse_cell(given.astype(np.float64))
        return given.astype(np.int8)
    values = given.astype(np.float64)
    missing = np.isnan(values)
    whole = np.where(missing, MISSING, values)
    in_range = (whole >= 0) & (whole <= HIGHEST) & (whole == np.floor(whole))
    if not (in_range | missing).all():
        _refuse_cell(values)
    return whole.astype(np.int8)


def _refuse_cell(values: FloatArray) -> None:
    good = np.isnan(values) | ((values >= 0) & (values <= HIGHEST) & (values == np.floor(values)))
    row, column = (int(at) for at in np.argwhere(~good)[0])
    raise ValueError(
        f"row {row}, column {column}: expected a category 0 to {HIGHEST} as a whole number, or "
        f"NaN for not administered, found {values[row, column]:g}"
    )


def category_totals(cells: Cells, counts: FloatArray | None = None) -> FloatArray:
    """How often each category 0..K was given, shape (items, K + 1); `counts` of the rows."""
    highest = max(1, int(cells.max(initial=1)))
    weights = np.ones(len(cells)) if counts is None else counts
    table = np.empty((cells.shape[1], highest + 1))
    if highest == 1 and cells.min(initial=0) >= 0:
        table[:, 1] = weights @ cells.astype(np.float64)
        table[:, 0] = weights.sum() - table[:, 1]
        return table
    for item, column in enumerate(cells.T):
        found = np.bincount(column.astype(np.intp) + 1, weights, highest + 2)
        table[item] = found[1:]
    return table


def check_categories(cells: Cells, highest: Sequence[int | None]) -> None:
    """Raise ValueError for a category above the highest one that an item can have."""
    for column, top in enumerate(highest):
        if top is not None and cells[:, column].max(initial=MISSING) > top:
            row = int(np.argmax(cells[:, column] > top))
            raise ValueError(
                f"row {row}, column {column}: expected a response coded 0 to {top} or NaN, "
                f"found {cells[row, column]}"
            )


def unusable_items(
    totals: FloatArray, types: Sequence[ItemType], is_known: NDArray[np.bool_]
) -> tuple[ExcludedItem, ...]:
    """Columns without information: nobody answered, all answers alike, or a category unused.

    Known items need no information.
    """
    excluded = []
    for column, (found, kind) in enumerate(zip(totals, types, strict=True)):
        reason = None if is_known[column] else _reason(found, kind)
        if reason:
            excluded.append(ExcludedItem(column, reason))
    return tuple(excluded)


def _reason(found: FloatArray, kind: ItemType) -> str | None:
    used = np.flatnonzero(found)
    if not len(used):
        return "nobody answered it"
    if len(used) == 1:
        return f"all {found[used[0]]:.0f} answers are {used[0]}"
    if kind.family is not ItemModel.DICHOTOMOUS and len(used) <= used[-1]:
        return f"nobody is in category {int(np.argmin(found > 0))} of 0..{used[-1]}"
    return None


def collapsed(cells: Cells, group: IndexArray, n_groups: int) -> CodedResponses:
    """Distinct patterns with counts, if they repeat; the rows ordered by group in any case."""
    if n_groups > 1:
        order = np.argsort(group, kind="stable")
        cells, group = cells[order], group[order]
    code = _codes(cells, group, n_groups) if _repeats(cells) else None
    if code is None:
        return CodedResponses(np.ascontiguousarray(cells), np.ones(len(cells)), group, n_groups)
    _, first, counts = np.unique(code, return_index=True, return_counts=True)
    # in order of first appearance, so that the order of the persons decides nothing else
    order = np.lexsort((first, group[first]))
    chosen = first[order]
    return CodedResponses(cells[chosen], counts[order].astype(np.float64), group[chosen], n_groups)


def _repeats(cells: Cells) -> bool:
    sample = np.ascontiguousarray(cells[:: max(1, len(cells) // SAMPLE)])
    if not sample.size:
        return False
    rows = sample.view(np.dtype((np.void, sample.shape[1]))).ravel()
    return len(np.unique(rows)) < 0.9 * len(sample)


def _codes(cells: Cells, group: IndexArray, n_groups: int) -> NDArray[np.generic]:
    radix = cells.max(axis=0).astype(np.float64) + 2.0
    if np.prod(radix) * n_groups < EXACT_CODE:
        code = group.astype(np.int64)
        for column, base in zip(cells.T, radix.astype(np.int64), strict=True):
            code = code * base + (column + 1)
        return code
    wide = np.column_stack([group.astype(np.int64).view(np.int8).reshape(len(cells), 8), cells])
    rows = np.ascontiguousarray(wide)
    return np.asarray(rows.view(np.dtype((np.void, rows.shape[1]))).ravel())
