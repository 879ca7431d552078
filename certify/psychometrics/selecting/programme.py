"""A set of constraints as one 0/1 programme: a sparse matrix by columns, with bounds of its rows.

Columns are the items, then what constraints add of their own (item sets). The programme is data;
`shadow` and `assembly` solve it, `conflicts` finds out why it has no solution.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.constraints import Constraint, IndexArray, Row

ROW_TOLERANCE = 1e-9
"""By how much of its largest coefficient a row may be missed: rounding of sums, nothing else."""


@dataclass(frozen=True, slots=True)
class RowLabel:
    """Which constraint a row states, and about which category or set."""

    name: str
    part: int | str | None

    def __str__(self) -> str:
        """The name, with the part if there is one."""
        return self.name if self.part is None else f"{self.name} {self.part}"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One side of a row."""

    label: RowLabel
    is_minimum: bool
    bound: float

    def __str__(self) -> str:
        """For example: element 3: at least 1."""
        return f"{self.label}: at {'least' if self.is_minimum else 'most'} {self.bound:g}"


@dataclass(frozen=True)
class Programme:
    """Rows over 0/1 columns, of which the first `n_items` are the items.

    Column j has the coefficients values[starts[j]:starts[j + 1]] in the rows `row_index` of the
    same slice. `lower` and `upper` (-inf, inf: none) and `labels` belong to the rows.
    """

    n_items: int
    n_columns: int
    starts: IndexArray
    row_index: IndexArray
    values: FloatArray
    lower: FloatArray
    upper: FloatArray
    labels: tuple[RowLabel, ...]

    @classmethod
    def of(cls, n_items: int, constraints: Sequence[Constraint]) -> "Programme":
        """Raises ValueError where a constraint does not fit `n_items` items."""
        rows: list[Row] = []
        n_columns = n_items
        for constraint in constraints:
            rows.extend(constraint.rows(n_items, n_columns))
            n_columns += constraint.n_own_columns()
        return cls.of_rows(n_items, n_columns, rows)

    @classmethod
    def of_rows(cls, n_items: int, n_columns: int, rows: Sequence[Row]) -> "Programme":
        """From rows over `n_columns` columns."""
        empty = [np.empty(0, dtype=np.intp)]
        columns = np.concatenate([row.columns for row in rows] or empty)
        index = np.repeat(np.arange(len(rows), dtype=np.intp), [len(row.columns) for row in rows])
        values = np.concatenate([row.values for row in rows] or [np.empty(0)])
        order = np.argsort(columns, kind="stable")
        counts = np.bincount(columns, minlength=n_columns)
        return cls(
            n_items=n_items,
            n_columns=n_columns,
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.intp),
            row_index=index[order],
            values=values[order],
            lower=np.array([row.lower for row in rows], dtype=np.float64),
            upper=np.array([row.upper for row in rows], dtype=np.float64),
            labels=tuple(RowLabel(row.name, row.part) for row in rows),
        )

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.labels)

    @cached_property
    def column_index(self) -> IndexArray:
        """The column of each coefficient."""
        return np.repeat(np.arange(self.n_columns, dtype=np.intp), np.diff(self.starts))

    @cached_property
    def slack_allowed(self) -> FloatArray:
        """Rounding that each row is allowed."""
        largest = np.ones(self.n_rows)
        np.maximum.at(largest, self.row_index, np.abs(self.values))
        return ROW_TOLERANCE * largest

    def activity(self, x: FloatArray) -> FloatArray:
        """Value of each row at `x`, shape (n_columns,)."""
        weighted = self.values * x[self.column_index]
        return np.bincount(self.row_index, weighted, self.n_rows).astype(np.float64, copy=False)

    def broken_rows(self, x: FloatArray) -> IndexArray:
        """The rows that `x` breaks."""
        value = self.activity(x)
        low, high = self.lower - self.slack_allowed, self.upper + self.slack_allowed
        return np.flatnonzero(~((value >= low) & (value <= high)))

    def requirements(self) -> list[tuple[int, Requirement]]:
        """Each finite side of each row, with the row's index."""
        found = []
        for at, label in enumerate(self.labels):
            if self.lower[at] > -np.inf:
                found.append((at, Requirement(label, True, float(self.lower[at]))))
            if self.upper[at] < np.inf:
                found.append((at, Requirement(label, False, float(self.upper[at]))))
        return found

    def reduced(self, kept: IndexArray, fixed: FloatArray) -> "Programme":
        """The programme in the columns `kept` alone, the others staying at `fixed`.

        `fixed`, shape (n_columns,), is 0 in the columns kept. All its columns count as items.
        """
        lengths = np.diff(self.starts)[kept]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.intp)
        shift = np.repeat(self.starts[kept] - starts[:-1], lengths)
        source = np.arange(starts[-1], dtype=np.intp) + shift
        used = self.activity(fixed)
        return Programme(
            n_items=len(kept),
            n_columns=len(kept),
            starts=starts,
            row_index=self.row_index[source],
            values=self.values[source],
            lower=self.lower - used,
            upper=self.upper - used,
            labels=self.labels,
        )

    def with_sides(self, is_kept: NDArray[np.bool_]) -> "Programme":
        """Only the requirements chosen by `is_kept`, in the order of `requirements`."""
        lower, upper = np.full(self.n_rows, -np.inf), np.full(self.n_rows, np.inf)
        for keep, (at, requirement) in zip(is_kept, self.requirements(), strict=True):
            if keep and requirement.is_minimum:
                lower[at] = requirement.bound
            elif keep:
                upper[at] = requirement.bound
        return Programme(
            self.n_items,
            self.n_columns,
            self.starts,
            self.row_index,
            self.values,
            lower,
            upper,
            self.labels,
        )
