"""Shadow tests: the best test that holds what was given already and meets every constraint.

van der Linden & Reese (1998), Applied Psychological Measurement 22:259-270: before each item a
full test is assembled that holds the administered items; the next item is its best free one.
Each shadow test is an exact optimum, and the same arguments give the same test in every process.
Choosing among its items, exposure and stopping are elsewhere.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.errors import ConflictingRequirements
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.conflicts import smallest_conflict
from certify.psychometrics.selecting.constraints import Constraint, IndexArray
from certify.psychometrics.selecting.integer_search import (
    NODE_LIMIT,
    Certificate,
    IntegerOptimum,
    IntegerSearch,
)
from certify.psychometrics.selecting.programme import Programme


@dataclass(frozen=True, slots=True)
class ShadowTest:
    """`items` of the test by falling value, the administered ones included; `free`: without them.

    `value`: the sum over all its items; `relaxed_value`: that of the linear relaxation, never less.
    `certificate`: the proof that there is no better test. `is_eligibility_dropped`: no test of
    eligible items exists, and this one holds as few others as possible.
    """

    items: IndexArray
    free: IndexArray
    value: float
    relaxed_value: float
    certificate: Certificate
    is_eligibility_dropped: bool = False


class ShadowAssembler:
    """Assembles shadow tests from one bank under one set of constraints; build it per release.

    `anchor`, shape (n_items,): typical values, such as the information at the prior mean, from
    whose optimum every search sets out. Safe to share between threads: they take turns.
    """

    def __init__(
        self,
        n_items: int,
        constraints: Sequence[Constraint],
        anchor: FloatArray,
        *,
        node_limit: int = NODE_LIMIT,
    ) -> None:
        self.programme = Programme.of(n_items, constraints)
        self._search = IntegerSearch(
            self.programme, self._on_columns(anchor), node_limit=node_limit
        )
        self._turn = threading.Lock()

    def assemble(
        self,
        values: FloatArray,
        administered: ArrayLike = (),
        eligible: NDArray[np.bool_] | None = None,
    ) -> ShadowTest:
        """The test of the largest sum of `values`, shape (n_items,), holding `administered`.

        Items that are not `eligible` are left out; where no such test exists, as few of them as
        possible are taken. Raises ConflictingRequirements, naming a smallest set of requirements
        that cannot be met together, and SolverFailed.
        """
        given = np.asarray(administered, dtype=np.intp)
        lower, upper = np.zeros(self.programme.n_columns), np.ones(self.programme.n_columns)
        lower[given] = 1.0
        gain = self._on_columns(values)
        with self._turn:
            if eligible is not None:
                barred = np.flatnonzero(~eligible)
                upper[barred] = 0.0
                upper[given] = 1.0
                found = self._search.best(gain, lower, upper)
                if found is not None:
                    return _shadow_test(found, values, given, is_eligibility_dropped=False)
                upper[barred] = 1.0
                # one of these items fewer outweighs all that the values can differ by
                gain[np.setdiff1d(barred, given)] -= 1.0 + 2.0 * np.abs(values).sum()
            found = self._search.best(gain, lower, upper)
        if found is None:
            conflict = smallest_conflict(self.programme, lower, upper)
            raise ConflictingRequirements(requirements="; ".join(map(str, conflict)))
        return _shadow_test(found, values, given, is_eligibility_dropped=eligible is not None)

    def _on_columns(self, values: FloatArray) -> FloatArray:
        """Values of the items, and 0 for the columns that constraints added."""
        if values.shape != (self.programme.n_items,):
            raise ValueError(
                f"expected a value for each of {self.programme.n_items} items, "
                f"found shape {values.shape}"
            )
        return np.concatenate([values, np.zeros(self.programme.n_columns - len(values))])


def _shadow_test(
    found: IntegerOptimum,
    values: FloatArray,
    given: IndexArray,
    *,
    is_eligibility_dropped: bool,
) -> ShadowTest:
    chosen = np.flatnonzero(found.x[: len(values)])
    items = chosen[np.argsort(-values[chosen], kind="stable")]
    free = items[~np.isin(items, given)]
    value = float(values[items].sum())
    # where values were lowered for items not eligible, the relaxation's value is lowered, too
    lowered = value - found.value
    return ShadowTest(
        items,
        free,
        value,
        max(value, found.relaxed_value + lowered),
        found.certificate,
        is_eligibility_dropped,
    )
