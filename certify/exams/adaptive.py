"""The next item of an adaptive exam, or the reason to stop. A pure function of the record.

Selection: the dimension whose share calls for it next; within it the most informative items for the
time they cost at the current estimate of that dimension; among the best few a draw that depends
only on the attempt's seed and the position, so that a replay serves the same items.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.exams.attempt import AttemptRecord, EndReason
from certify.exams.blueprint import ExamBlueprint
from certify.exams.estimation import (
    estimate_ability,
    scored_responses,
    served_indices,
    share_vector,
)
from certify.exams.pool import ItemPool
from certify.psychometrics.irt import FloatArray
from certify.psychometrics.selection import (
    best_indices,
    information_for_time,
    neediest_category,
)
from certify.psychometrics.stopping import confidence_in_side
from question_bank.item import Item
from question_bank.skills import level_rank


@dataclass(frozen=True, slots=True)
class NextItem:
    """Serve this item next."""

    item: Item


@dataclass(frozen=True, slots=True)
class Stop:
    """Serve nothing more."""

    reason: EndReason


def next_step(record: AttemptRecord, pool: ItemPool, blueprint: ExamBlueprint) -> NextItem | Stop:
    """What follows once every served item has its final answer."""
    administered = served_indices(record, pool)
    if len(administered) >= blueprint.max_items:
        return Stop(EndReason.MAX_ITEMS)
    state = estimate_ability(pool, blueprint, administered, scored_responses(record, pool))
    if len(administered) >= blueprint.min_items:
        reported_se = state.composite_se * pool.se_factor(administered)
        confidence = confidence_in_side(state.composite_theta, reported_se, blueprint.applied_cut)
        if confidence >= blueprint.stop_confidence:
            return Stop(EndReason.CONFIDENT)
    index = _select(record.seed, state.theta, pool, blueprint, administered)
    return Stop(EndReason.POOL_EXHAUSTED) if index is None else NextItem(pool.items[index])


def _select(
    seed: str,
    theta: FloatArray,
    pool: ItemPool,
    blueprint: ExamBlueprint,
    administered: Sequence[int],
) -> int | None:
    eligible = _eligible(pool, blueprint, administered)
    count = len(pool.dimensions)
    shares = share_vector(pool, blueprint)
    given = np.bincount(pool.dimension_index[list(administered)], minlength=count)
    left = np.bincount(pool.dimension_index[eligible], minlength=count) > 0
    available = left & (shares > 0)
    if not available.any():
        return None
    dimension = neediest_category(shares, given, available)
    candidates = np.flatnonzero(eligible & (pool.dimension_index == dimension))
    value = information_for_time(
        float(theta[dimension]),
        pool.parameters.take(candidates).on_one_dimension(),
        pool.expected_seconds[candidates],
    )
    best = candidates[best_indices(value, np.ones(len(candidates), np.bool_), blueprint.best_of)]
    return int(best[seeded_draw(seed, len(administered) + 1, len(best))])


def _eligible(
    pool: ItemPool, blueprint: ExamBlueprint, administered: Sequence[int]
) -> NDArray[np.bool_]:
    eligible = pool.level_ranks <= level_rank(blueprint.level)
    for index in administered:
        eligible[index] = False
        for enemy in pool.enemies_of[pool.items[index].id]:
            if enemy in pool.index_of:
                eligible[pool.index_of[enemy]] = False
    return eligible


def seeded_draw(seed: str, position: int, size: int, purpose: str = "item") -> int:
    """A number in [0, size) that depends only on its arguments, the same on every machine."""
    digest = hashlib.sha256(f"{seed}/{position}/{purpose}".encode()).digest()
    return int.from_bytes(digest, "big") % size
