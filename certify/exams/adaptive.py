"""The next item of an adaptive exam, or the reason to stop. A pure function of the record.

Selection: the dimension whose share calls for it next; within it the most informative items for the
time they cost at the current estimate; among the best few a draw that depends only on the
attempt's seed and the position, so that a replay serves the same items.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.exams.attempt import AttemptRecord, EndReason
from certify.exams.blueprint import ExamBlueprint
from certify.exams.pool import ItemPool
from certify.psychometrics.ability import AbilityEstimate, AbilityGrid, eap
from certify.psychometrics.irt import FloatArray
from certify.psychometrics.selection import (
    best_indices,
    information_for_time,
    neediest_category,
)
from certify.psychometrics.stopping import confidence_in_side
from question_bank.interactions import parse_response
from question_bank.item import Item
from question_bank.response_processing import score
from question_bank.skills import level_rank

POPULATION_GRID = AbilityGrid.normal()
"""Prior N(0, 1) of the candidate population on 61 points from -6 to 6."""


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
    theta, se = estimate_composite(pool, administered, scored_responses(record, pool))
    if len(administered) >= blueprint.min_items:
        confidence = confidence_in_side(
            theta, se * pool.se_factor(administered), blueprint.applied_cut
        )
        if confidence >= blueprint.stop_confidence:
            return Stop(EndReason.CONFIDENT)
    index = _select(record.seed, theta, pool, blueprint, administered)
    return Stop(EndReason.POOL_EXHAUSTED) if index is None else NextItem(pool.items[index])


def served_indices(record: AttemptRecord, pool: ItemPool) -> list[int]:
    """Pool indices of the served items, in order."""
    return [pool.index_of[served.item_id] for served in record.served]


def scored_responses(record: AttemptRecord, pool: ItemPool) -> list[float]:
    """1.0 or 0.0 per served item, in order; an item without an answer scores 0."""
    counted = record.counted_responses()
    scores = []
    for served in record.served:
        item = pool.items[pool.index_of[served.item_id]]
        raw = counted.get(served.position)
        response = None if raw is None else parse_response(item, raw)
        scores.append(float(score(item, response).is_correct))
    return scores


def estimate_composite(
    pool: ItemPool, administered: Sequence[int], scores: Sequence[float]
) -> tuple[float, float]:
    """EAP and its standard error (not inflated) from the items given so far."""
    estimate = eap_of(pool, administered, scores)
    return float(estimate.theta[0]), float(estimate.se[0])


def eap_of(pool: ItemPool, administered: Sequence[int], scores: Sequence[float]) -> AbilityEstimate:
    """EAP of one candidate on the population grid."""
    parameters = pool.parameters.take(np.array(administered, dtype=np.intp))
    return eap(np.array([scores], dtype=np.float64), parameters, POPULATION_GRID)


def _select(
    seed: str,
    theta: float,
    pool: ItemPool,
    blueprint: ExamBlueprint,
    administered: Sequence[int],
) -> int | None:
    eligible = _eligible(pool, blueprint, administered)
    count = len(pool.dimensions)
    shares: FloatArray = np.array(
        [float(blueprint.shares.get(code, 0)) for code in pool.dimensions], dtype=np.float64
    )
    given = np.bincount(pool.dimension_index[list(administered)], minlength=count)
    left = np.bincount(pool.dimension_index[eligible], minlength=count) > 0
    available = left & (shares > 0)
    if not available.any():
        return None
    dimension = neediest_category(shares, given, available)
    value = information_for_time(theta, pool.parameters, pool.expected_seconds)
    best = best_indices(value, eligible & (pool.dimension_index == dimension), blueprint.best_of)
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
