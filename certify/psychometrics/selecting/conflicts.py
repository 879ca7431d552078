"""Why no test exists: a smallest set of requirements that cannot be met together.

Every conflict shares a requirement with every set of requirements whose absence leaves the others
feasible (a correction set). So the smallest set that hits all correction sets known so far is
either a conflict, then a smallest one, or a test exists that meets it, and what that test breaks
is a correction set more. Ignatiev et al. (2015), Principles and Practice of Constraint
Programming, LNCS 9255:173-182; the tests come from the elastic programme of Chinneck (2008),
Feasibility and Infeasibility in Optimization, chapter 6, which breaks as little as possible.

Items already given and items not available are taken as facts, not as requirements.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.constraints import Row
from certify.psychometrics.selecting.programme import ROW_TOLERANCE, Programme, Requirement
from certify.psychometrics.selecting.relaxation import DUAL_SIMPLEX, LinearRelaxation

MAX_ROUNDS = 200
"""Correction sets collected before the search settles for a conflict without superfluous parts."""
BROKEN = 1e-6

BoolArray = NDArray[np.bool_]


def smallest_conflict(
    programme: Programme,
    lower: FloatArray,
    upper: FloatArray,
    *,
    max_rounds: int = MAX_ROUNDS,
    facts: frozenset[str] = frozenset(),
) -> tuple[Requirement, ...]:
    """Requirements that no 0/1 point with lower <= x <= upper meets together; empty if one does.

    As few as possible; after `max_rounds` correction sets, a set of which none can be left out.
    Fractional points are tried first: where even they fail, the answer is quick. Constraints named
    in `facts` hold, and are never part of the answer.
    """
    elastic = _Elastic.of(programme, lower, upper, facts)
    every = np.ones(len(elastic.requirements), dtype=bool)
    for is_whole in (False, True):
        if elastic.broken(every, is_whole=is_whole) is None:
            found = _smallest(elastic, is_whole, max_rounds)
            return tuple(elastic.requirements[at] for at in np.flatnonzero(found))
    return ()


@dataclass(frozen=True)
class _Elastic:
    """The programme with one more column for each requirement: by how much it is broken."""

    requirements: tuple[Requirement, ...]
    relaxation: LinearRelaxation
    lower: FloatArray
    upper: FloatArray
    is_fact: BoolArray

    @classmethod
    def of(
        cls, programme: Programme, lower: FloatArray, upper: FloatArray, facts: frozenset[str]
    ) -> "_Elastic":
        sides = programme.requirements()
        rows = []
        scale = ROW_TOLERANCE / programme.slack_allowed
        for number, (at, side) in enumerate(sides):
            is_here = programme.row_index == at
            sign = 1.0 if side.is_minimum else -1.0
            rows.append(
                Row(
                    side.label.name,
                    side.label.part,
                    np.append(programme.column_index[is_here], programme.n_columns + number),
                    np.append(programme.values[is_here] * scale[at], sign),
                    side.bound * scale[at] if side.is_minimum else -np.inf,
                    np.inf if side.is_minimum else side.bound * scale[at],
                )
            )
        total = programme.n_columns + len(sides)
        elastic = Programme.of_rows(programme.n_columns, total, rows)
        gain = np.concatenate([np.zeros(programme.n_columns), -np.ones(len(sides))])
        relaxation = LinearRelaxation(elastic, gain, strategy=DUAL_SIMPLEX)
        is_fact = np.array([side.label.name in facts for _, side in sides], dtype=bool)
        return cls(tuple(side for _, side in sides), relaxation, lower, upper, is_fact)

    def broken(self, required: BoolArray, *, is_whole: bool) -> BoolArray | None:
        """What a point that meets `required` breaks of the rest; None: no point meets them."""
        lower = np.concatenate([self.lower, np.zeros(len(required))])
        upper = np.concatenate([self.upper, np.where(required | self.is_fact, 0.0, np.inf)])
        if is_whole:
            found = self.relaxation.whole_optimum(lower, upper, len(self.lower))
        else:
            found = self.relaxation.optimum(lower, upper)
        return None if found is None else np.asarray(found.x[len(self.lower) :] > BROKEN)


def _smallest(elastic: _Elastic, is_whole: bool, max_rounds: int) -> BoolArray:
    corrections: list[BoolArray] = []
    required = np.zeros(len(elastic.requirements), dtype=bool)
    for _ in range(max_rounds):
        broken = elastic.broken(required, is_whole=is_whole)
        if broken is None:
            return required
        corrections.append(broken)
        required = _hitting_set(corrections)
    return _without_superfluous(elastic, is_whole)


def _hitting_set(sets: list[BoolArray]) -> BoolArray:
    """As few positions as possible with at least one in each of `sets`."""
    count = len(sets[0])
    rows = [
        Row("hit", at, np.flatnonzero(one), np.ones(np.count_nonzero(one)), 1.0, np.inf)
        for at, one in enumerate(sets)
    ]
    programme = Programme.of_rows(count, count, rows)
    relaxation = LinearRelaxation(programme, -np.ones(count), strategy=DUAL_SIMPLEX)
    found = relaxation.whole_optimum(np.zeros(count), np.ones(count))
    if found is None:
        raise AssertionError("a set of broken requirements was empty")
    return np.asarray(found.x > 0.5)


def _without_superfluous(elastic: _Elastic, is_whole: bool) -> BoolArray:
    """Deletion filter (Chinneck): drop whatever the conflict does not need."""
    required = ~elastic.is_fact
    for at in np.flatnonzero(required):
        required[at] = False
        if elastic.broken(required, is_whole=is_whole) is not None:
            required[at] = True
    return required
