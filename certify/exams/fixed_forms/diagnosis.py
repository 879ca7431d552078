"""Whether a bank can give the papers of a blueprint, and if not, which requirements collide.

First counting alone: a rule that asks for more than there is needs no solver. Then the 0/1
programme: a smallest set of requirements that no choice of items meets together. Several parallel
forms are judged by their sum: papers that together need more of something than all uses of all
items give cannot be had; whether the sum can be divided shows when they are assembled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from certify.exams.fixed_forms.blueprint import Attribute, FormBlueprint
from certify.exams.fixed_forms.candidates import Candidates
from certify.exams.fixed_forms.demands import (
    FACTS,
    Demand,
    DemandKind,
    constraints_of,
    read_row_name,
)
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.conflicts import smallest_conflict
from certify.psychometrics.selecting.programme import Programme, Requirement
from certify.psychometrics.selecting.relaxation import DUAL_SIMPLEX, LinearRelaxation

ROUNDS = 40
"""Of the search for the smallest conflict; beyond, one without superfluous parts will do."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A requirement in the way.

    `present`: what all candidates together have of it; `possible`: the nearest to the bound that
    can be had while the other requirements of the same conflict are kept. In items; seconds for
    the time; stimuli for blocks. None: not a matter of numbers.
    """

    demand: Demand
    present: int | None = None
    possible: int | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`conflicts`: each a set of requirements that cannot be met together; none: satisfiable.

    `forms`: for how many papers together the numbers of the conflicts are meant. `counts`: how
    many candidates there are by attribute and value.
    """

    candidates: int
    blocks: int
    counts: Mapping[Attribute, Mapping[str, int]]
    conflicts: tuple[tuple[Shortfall, ...], ...] = ()
    missing: tuple[str, ...] = ()
    forms: int = 1

    @property
    def is_satisfiable(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.conflicts and not self.missing


def diagnose(blueprint: FormBlueprint, candidates: Candidates) -> Diagnosis:
    """Judge a blueprint without faults. `missing` are required items that are no candidates."""
    counts = {attribute: candidates.count(attribute) for attribute in Attribute}
    missing = tuple(sorted(blueprint.required - candidates.index_of.keys()))
    conflicts: tuple[tuple[Shortfall, ...], ...] = ()
    forms = 1
    if not missing:
        conflicts = _by_counting(blueprint, candidates, counts)
        for forms in dict.fromkeys((1, blueprint.forms)):
            if conflicts:
                break
            conflicts = _by_programme(blueprint, candidates, forms)
    return Diagnosis(
        candidates=len(candidates.items),
        blocks=len(candidates.blocks),
        counts=counts,
        conflicts=conflicts,
        missing=missing,
        forms=forms if conflicts else blueprint.forms,
    )


def _by_counting(
    blueprint: FormBlueprint,
    candidates: Candidates,
    counts: Mapping[Attribute, Mapping[str, int]],
) -> tuple[tuple[Shortfall, ...], ...]:
    """Requirements that ask for more than all candidates together are."""
    wanted = [
        (Demand(DemandKind.COUNT, rule.attribute, rule.value, True, low), present)
        for rule in blueprint.rules
        for low in [rule.bounds(blueprint.length)[0]]
        for present in [counts[rule.attribute].get(rule.value, 0)]
    ]
    length = Demand(DemandKind.LENGTH, "", "", True, blueprint.length)
    blocks = Demand(DemandKind.BLOCKS, "", "", True, blueprint.blocks.least)
    wanted += [(length, len(candidates.items)), (blocks, len(candidates.blocks))]
    return tuple(
        (Shortfall(demand, present, present),)
        for demand, present in wanted
        if present < demand.bound
    )


def _by_programme(
    blueprint: FormBlueprint, candidates: Candidates, forms: int
) -> tuple[tuple[Shortfall, ...], ...]:
    programme = Programme.of(len(candidates.items), constraints_of(blueprint, candidates))
    if forms > 1:
        programme = _summed(programme, forms)
    lower, upper = np.zeros(programme.n_columns), np.ones(programme.n_columns)
    if forms > 1:
        upper[:] = float(forms)
        upper[: programme.n_items] = [
            forms if item.id in blueprint.required else min(blueprint.uses, forms)
            for item in candidates.items
        ]
    found = smallest_conflict(programme, lower, upper, max_rounds=ROUNDS, facts=FACTS)
    if not found:
        return ()
    return (tuple(_shortfall(programme, lower, upper, side, found) for side in found),)


def _summed(programme: Programme, forms: int) -> Programme:
    """What the sum of several papers must meet; only sums over forms, no single paper."""
    return Programme(
        programme.n_items,
        programme.n_columns,
        programme.starts,
        programme.row_index,
        programme.values,
        programme.lower * forms,
        programme.upper * forms,
        programme.labels,
    )


def _shortfall(
    programme: Programme,
    lower: FloatArray,
    upper: FloatArray,
    side: Requirement,
    conflict: Sequence[Requirement],
) -> Shortfall:
    kind, attribute, value = read_row_name(side.label.name)
    demand = Demand(kind, attribute, value, side.is_minimum, side.bound)
    if kind in (DemandKind.TRUTH, DemandKind.REQUIRED):
        return Shortfall(demand)
    row = programme.labels.index(side.label)
    gain = np.zeros(programme.n_columns)
    is_here = programme.row_index == row
    gain[programme.column_index[is_here]] = programme.values[is_here]
    present = round(float(gain @ upper))
    possible = _reachable(programme, lower, upper, side, conflict, gain)
    return Shortfall(demand, None if kind is DemandKind.TIME else present, possible)


def _reachable(
    programme: Programme,
    lower: FloatArray,
    upper: FloatArray,
    side: Requirement,
    conflict: Sequence[Requirement],
    amount: FloatArray,
) -> int | None:
    """The most of a minimum, or the least of a maximum, beside the rest of the conflict."""
    rest = {(other.label, other.is_minimum) for other in conflict} - {(side.label, side.is_minimum)}
    kept = np.array(
        [
            (one.label, one.is_minimum) in rest or one.label.name in FACTS
            for _, one in programme.requirements()
        ]
    )
    gain = amount if side.is_minimum else -amount
    relaxation = LinearRelaxation(programme.with_sides(kept), gain, strategy=DUAL_SIMPLEX)
    relaxation.limit(2.0, 0.5)
    found = relaxation.whole_optimum(lower, upper)
    return None if found is None else round(float(amount @ found.x))
