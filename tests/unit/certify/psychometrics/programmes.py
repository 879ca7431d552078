"""Programmes and oracles for the tests of shadow tests, conflicts and assembly."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.constraints import (
    AttributeTotal,
    CategoryCounts,
    Constraint,
    EnemyItems,
    ItemSets,
    TestLength,
)
from certify.psychometrics.selecting.programme import Programme


def dense(programme: Programme) -> FloatArray:
    matrix = np.zeros((programme.n_rows, programme.n_columns))
    matrix[programme.row_index, programme.column_index] = programme.values
    return matrix


def best_by_scipy(
    programme: Programme,
    gain: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    *,
    is_whole: bool = True,
) -> float | None:
    """The largest gain'x of a 0/1 (or any) point, or None when there is no such point."""
    found = milp(
        -gain,
        constraints=LinearConstraint(dense(programme), programme.lower, programme.upper),
        integrality=np.full(programme.n_columns, int(is_whole)),
        bounds=Bounds(lower, upper),
        options={"mip_rel_gap": 0.0},
    )
    return None if found.x is None else float(-found.fun)


@st.composite
def constraint_sets(
    draw: st.DrawFn, n_items: int, *, with_sets: bool = True
) -> tuple[Constraint, ...]:
    """Constraints of every kind, drawn so that about half of the programmes have a solution."""
    length = draw(st.integers(2, n_items // 3))
    source = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    seconds = source.uniform(20.0, 100.0, n_items)
    kinds: list[Constraint] = [
        TestLength(length, length),
        CategoryCounts.of("dimension", source.integers(0, 3, n_items), 0, length - 1),
        CategoryCounts.of(
            "element", source.integers(0, 5, n_items), [1, 0, 0, 0, 0], draw(st.integers(1, 4))
        ),
        AttributeTotal("seconds", seconds, maximum=draw(st.floats(40.0, 70.0)) * length),
        EnemyItems.of([source.choice(n_items, 3, replace=False) for _ in range(3)]),
    ]
    if with_sets:
        codes = np.where(source.random(n_items) < 0.5, source.integers(0, 3, n_items), -1)
        kinds.append(ItemSets(codes, 2, 3, draw(st.integers(0, 1)), 2))
    return tuple(kinds)
