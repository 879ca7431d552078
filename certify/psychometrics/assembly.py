"""Parallel fixed forms by 0/1 programming: the same constraints, the same target information.

van der Linden (2005), Linear Models for Optimal Test Design, chapters 5 and 6. Each form meets
every constraint; the largest distance between a form's information and the target, over all forms
and abilities, is as small as the solver can prove within its time. Items may be shared by as many
forms as allowed. Common sets for linking and the printing of forms are elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.errors import ConflictingRequirements
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.conflicts import smallest_conflict
from certify.psychometrics.selecting.constraints import Constraint, IndexArray, Row
from certify.psychometrics.selecting.programme import Programme
from certify.psychometrics.selecting.relaxation import DUAL_SIMPLEX, LinearRelaxation

USES = "uses of item"
CONFLICT_ROUNDS = 40
"""The forms together have many rows: fewer rounds than for a single test."""


@dataclass(frozen=True, slots=True)
class TargetInformation:
    """`information`, shape (n_items, points), at some abilities, and the `target` there (points,).

    `weights`, shape (points,), multiply the distances: a higher one asks for more precision.
    """

    information: FloatArray
    target: FloatArray
    weights: FloatArray

    @classmethod
    def of(
        cls, information: ArrayLike, target: ArrayLike, weights: ArrayLike = 1.0
    ) -> "TargetInformation":
        """Raises ValueError unless every ability has a target and a weight of 0 or more."""
        table = np.asarray(information, dtype=np.float64)
        goal = np.asarray(target, dtype=np.float64)
        if table.ndim != 2 or goal.shape != table.shape[1:]:
            raise ValueError(
                f"expected information of shape (items, {goal.size}), found {table.shape}"
            )
        weight = np.broadcast_to(np.asarray(weights, dtype=np.float64), goal.shape)
        if not (weight >= 0).all():
            raise ValueError("expected weights of 0 or more")
        return cls(table, goal, weight)


@dataclass(frozen=True, slots=True)
class ParallelForms:
    """`forms`: the item indices of each; `information`, shape (forms, points).

    `distance`: the largest weighted distance from the target; `distance_bound`: no forms have a
    smaller one. Equal, up to rounding, where the optimum was proved.
    """

    forms: tuple[IndexArray, ...]
    information: FloatArray
    distance: float
    distance_bound: float


def assemble_forms(
    constraints: Sequence[Constraint],
    target: TargetInformation,
    n_forms: int,
    *,
    max_uses: ArrayLike = 1,
    available: NDArray[np.bool_] | None = None,
    time_limit_seconds: float = 30.0,
    tolerance: float = 0.05,
) -> ParallelForms:
    """`n_forms` forms that meet `constraints`, every item in at most `max_uses` of them.

    `max_uses` may differ by item, shape (n_items,): anchor items stand in every form.
    The search ends when the distance is within `tolerance` of the smallest possible one, or at the
    time limit with the best forms found. Raises ConflictingRequirements naming what cannot be met
    together while items are used so often, and SolverFailed when time ran out without any forms.
    """
    n_items = len(target.information)
    uses = np.broadcast_to(np.asarray(max_uses, dtype=np.float64), (n_items,))
    if n_forms < 1 or uses.min(initial=1.0) < 1:
        raise ValueError(f"expected at least one form and use, found {n_forms} and {max_uses!r}")
    single = Programme.of(n_items, constraints)
    rows = [*_repeated(single, n_forms), *_uses(single, n_forms, uses)]
    width = single.n_columns * n_forms
    lower, upper = np.zeros(width + 1), np.ones(width + 1)
    upper[width] = np.inf
    if available is not None:
        barred = np.append(~available, np.zeros(single.n_columns - n_items, dtype=bool))
        upper[:width][np.tile(barred, n_forms)] = 0.0
    whole = Programme.of_rows(width, width + 1, [*rows, *_distances(single, target, n_forms)])
    gain = np.zeros(width + 1)
    gain[width] = -1.0
    relaxation = LinearRelaxation(whole, gain, strategy=DUAL_SIMPLEX)
    relaxation.limit(time_limit_seconds, tolerance)
    found = relaxation.whole_optimum(lower, upper, width)
    if found is None:
        _explain(single, Programme.of_rows(width, width, rows), lower[:width], upper[:width])
    chosen = found.x[:width].reshape(n_forms, single.n_columns)[:, :n_items] > 0.5
    reached = chosen @ target.information
    distance = float((np.abs(reached - target.target) * target.weights).max())
    return ParallelForms(
        tuple(np.flatnonzero(form) for form in chosen),
        reached,
        distance,
        min(distance, -relaxation.proven_bound()),
    )


def _explain(
    single: Programme, together: Programme, lower: FloatArray, upper: FloatArray
) -> NoReturn:
    """Raise with what contradicts in a single form already, or else between the forms."""
    count = single.n_columns
    conflict = smallest_conflict(single, lower[:count], upper[:count]) or smallest_conflict(
        together, lower, upper, max_rounds=CONFLICT_ROUNDS, facts=frozenset({USES})
    )
    raise ConflictingRequirements(requirements="; ".join(map(str, conflict)))


def _repeated(single: Programme, n_forms: int) -> list[Row]:
    """The rows of one form for each form, in columns of its own."""
    rows = []
    for form in range(n_forms):
        first = form * single.n_columns
        for at, label in enumerate(single.labels):
            is_here = single.row_index == at
            rows.append(
                Row(
                    f"form {form + 1}, {label.name}" if n_forms > 1 else label.name,
                    label.part,
                    single.column_index[is_here] + first,
                    single.values[is_here],
                    float(single.lower[at]),
                    float(single.upper[at]),
                )
            )
    return rows


def _uses(single: Programme, n_forms: int, most: FloatArray) -> list[Row]:
    first = np.arange(n_forms, dtype=np.intp) * single.n_columns
    ones = np.ones(n_forms)
    return [
        Row(USES, item, first + item, ones, -np.inf, float(most[item]))
        for item in range(single.n_items)
        if most[item] < n_forms
    ]


def _distances(single: Programme, target: TargetInformation, n_forms: int) -> list[Row]:
    """Information of each form within y of the target, y being the last column."""
    distance_column = single.n_columns * n_forms
    rows = []
    for form in range(n_forms):
        columns = np.arange(single.n_items, dtype=np.intp) + form * single.n_columns
        for point, goal in enumerate(target.target):
            weight = target.weights[point]
            values = weight * target.information[:, point]
            for sign in (-1.0, 1.0):
                rows.append(
                    Row(
                        "information",
                        point,
                        np.append(columns, distance_column),
                        np.append(values, sign),
                        -np.inf if sign < 0 else weight * goal,
                        weight * goal if sign < 0 else np.inf,
                    )
                )
    return rows
