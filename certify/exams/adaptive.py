"""The next item of an adaptive part, or the reason to stop. A pure function of the attempt.

Selection: among the dimensions that the shares allow next (`content_rules`) and the items that the
exposure plan makes eligible, the item that adds most to the determinant of the posterior precision
(Segall's D-rule) for the square root of the time it costs decides which dimension comes next; of
the best few of that dimension a draw is made that depends only on the attempt's seed and the
position, so that a replay serves the same items. Items of one case follow one another as far as the
shares allow. Items to be tried out take positions drawn beforehand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from certify.exams.attempt import Attempt, EndReason
from certify.exams.blueprint import ExamBlueprint, check_satisfiable
from certify.exams.content_rules import HURRY, ContentRules
from certify.exams.draws import seeded_draw, seeded_uniforms
from certify.exams.estimation import (
    AbilityState,
    Evidence,
    estimate_ability,
    evidence_of,
)
from certify.exams.exposure_plan import ExposurePlan
from certify.exams.fixed_forms.form import ExamForm
from certify.exams.pool import ItemPool
from certify.exams.pretest import pretest_item_at
from certify.psychometrics.irt import FloatArray
from certify.psychometrics.selecting.multidimensional_selection import d_gains
from certify.psychometrics.selection import best_indices
from certify.psychometrics.stopping import confidence_in_side
from question_bank.item import Item

BoolArray = NDArray[np.bool_]
IndexArray = NDArray[np.intp]
EQUAL_WORTH = 0.01
"""Items whose worth differs by less than this share may come in any order."""


@dataclass(frozen=True, slots=True)
class NextItem:
    """Serve this item next; `is_pretest`: to try it out, unscored."""

    item: Item
    is_pretest: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """Serve nothing more."""

    reason: EndReason


@dataclass(frozen=True)
class AdaptiveExam:
    """What the items of an attempt are chosen from, and by which rules.

    `forms` are the fixed forms of its other parts by digest; their items are never chosen.
    """

    pool: ItemPool
    blueprint: ExamBlueprint
    plan: ExposurePlan | None = None
    forms: Mapping[str, ExamForm] = field(default_factory=dict)

    @cached_property
    def on_forms(self) -> tuple[str, ...]:
        """The ids of all items of the forms."""
        return tuple(entry.item_id for form in self.forms.values() for entry in form.items)

    @cached_property
    def rules(self) -> ContentRules:
        """What the exam must contain."""
        return ContentRules(self.pool, self.blueprint)

    @cached_property
    def is_satisfiable(self) -> bool:
        """True; raises BlueprintNotSatisfiable for the first dimension that lacks items."""
        check_satisfiable(self.blueprint, self.pool)
        return True


def next_step(attempt: Attempt, exam: AdaptiveExam) -> NextItem | Stop:
    """What follows once every served item has its final answer."""
    pool, blueprint = exam.pool, exam.blueprint
    tried_out = pretest_item_at(attempt, pool, blueprint)
    if tried_out is not None:
        return NextItem(tried_out, is_pretest=True)
    evidence = evidence_of(attempt, pool)
    if len(evidence.indices) >= blueprint.max_items:
        return Stop(EndReason.MAX_ITEMS)
    state = estimate_ability(pool, blueprint, evidence)
    if is_decided(state, evidence, exam):
        return Stop(EndReason.CONFIDENT)
    index = _select(attempt, state, evidence, exam)
    return Stop(EndReason.POOL_EXHAUSTED) if index is None else NextItem(pool.items[index])


def is_decided(state: AbilityState, evidence: Evidence, exam: AdaptiveExam) -> bool:
    """Whether the evidence suffices: length, blueprint minima, the side of the cut, precision."""
    pool, blueprint = exam.pool, exam.blueprint
    if len(evidence.indices) < blueprint.min_items or not minima_met(evidence, pool, blueprint):
        return False
    factor = pool.se_factor(evidence.all_indices)
    if float(state.se.max()) * factor > blueprint.max_dimension_se:
        return False
    confidence = confidence_in_side(
        state.composite_theta, state.composite_se * factor, blueprint.applied_cut
    )
    return confidence >= blueprint.stop_confidence


def minima_met(evidence: Evidence, pool: ItemPool, blueprint: ExamBlueprint) -> bool:
    """Whether every dimension has at least its share of the shortest exam, rounded down."""
    given = _given(pool, evidence.indices)
    return all(
        given[place] >= blueprint.least_items(code) for place, code in enumerate(pool.dimensions)
    )


def _select(
    attempt: Attempt, state: AbilityState, evidence: Evidence, exam: AdaptiveExam
) -> int | None:
    terms = attempt.started_terms
    free = _free(attempt, evidence, exam)
    eligible = _eligible(terms.seed, state, free, exam)
    of_case = eligible[np.isin(eligible, _mates(evidence, exam.pool))]
    candidates = of_case if len(of_case) else eligible
    if not len(candidates):
        return None
    value = (_values(state, exam.pool) * _nearly_one(terms.seed, exam.pool))[candidates]
    best_of_all = candidates[int(np.argmax(value))]
    dimension = exam.pool.dimension_index[best_of_all]
    is_there = exam.pool.dimension_index[candidates] == dimension
    best = candidates[best_indices(value, is_there, exam.blueprint.best_of)]
    return int(best[seeded_draw(terms.seed, len(attempt.served) + 1, len(best))])


def _values(state: AbilityState, pool: ItemPool) -> FloatArray:
    """Gain of the D-rule, hurrying to what is known least, for the time; shape (n_items,)."""
    variance = np.diagonal(state.covariance) ** (HURRY - 1.0)
    gains = d_gains(pool.loaded, state.theta, state.covariance)
    return np.asarray(gains * variance[pool.dimension_index] * pool.time_factor)


def _nearly_one(seed: str, pool: ItemPool) -> FloatArray:
    """Factors that let items of equal worth (provisional ones often are) take turns."""
    return 1.0 + EQUAL_WORTH * seeded_uniforms(seed, len(pool.items), "turn")


def _free(attempt: Attempt, evidence: Evidence, exam: AdaptiveExam) -> BoolArray:
    """Items that the rules allow next and that were not given, nor their enemies, here or earlier.

    Nor may they stand on a form of the same attempt. Where the bank has run out of what the shares
    allow, any free item of the exam.
    """
    pool, rules = exam.pool, exam.rules
    free = rules.usable.copy()
    seen = [served.item_id for served in attempt.served]
    seen += [pool.items[index].id for index in evidence.earlier_indices]
    seen += exam.on_forms
    for item_id in seen:
        for barred in (item_id, *pool.enemies_of.get(item_id, ())):
            if barred in pool.index_of:
                free[pool.index_of[barred]] = False
    given = list(evidence.indices)
    nodes = np.bincount(rules.node_index[given], minlength=len(rules.most_per_node))
    types = np.bincount(rules.type_index[given], minlength=len(rules.most_per_type))
    uncrowded = free & (nodes < rules.most_per_node)[rules.node_index]
    uncrowded &= (types < rules.most_per_type)[rules.type_index]
    dimensions = rules.allowed(_given(pool, given))
    in_shares = uncrowded & dimensions[pool.dimension_index]
    for choice in (in_shares, free & dimensions[pool.dimension_index], uncrowded):
        if choice.any():
            return np.asarray(choice)
    return np.asarray(free)


def _mates(evidence: Evidence, pool: ItemPool) -> tuple[int, ...]:
    """The items of the case last shown."""
    last = pool.items[evidence.indices[-1]].stimulus if evidence.indices else None
    return pool.stimulus_mates[last.id] if last is not None else ()


def _eligible(seed: str, state: AbilityState, free: BoolArray, exam: AdaptiveExam) -> IndexArray:
    """Free items that the exposure plan allows; all free ones rather than none."""
    if exam.plan is None:
        return np.flatnonzero(free)
    allowed = np.flatnonzero(free & exam.plan.eligible(seed, state.composite_theta))
    return allowed if len(allowed) else np.flatnonzero(free)


def _given(pool: ItemPool, indices: Sequence[int]) -> NDArray[np.int64]:
    """Items given of each dimension."""
    return np.bincount(pool.dimension_index[list(indices)], minlength=len(pool.dimensions))
