"""What the answers so far say about a candidate: six correlated abilities and their composite.

The posterior mean (EAP) under the pool's correlated normal prior; the composite is the sum of the
dimension abilities weighted by the shares of the level applied for. Standard errors are not
inflated here: `ItemPool.se_factor` does that for provisional parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from certify.exams.attempt import AttemptRecord
from certify.exams.blueprint import ExamBlueprint
from certify.exams.pool import ItemPool
from certify.psychometrics.estimating.multidimensional_eap import eap
from certify.psychometrics.irt import FloatArray
from question_bank.interactions import parse_response
from question_bank.response_processing import score


@dataclass(frozen=True)
class AbilityState:
    """`theta` and `se` per dimension, shape (dimensions,); the composite as plain numbers."""

    theta: FloatArray
    se: FloatArray
    composite_theta: float
    composite_se: float


def estimate_ability(
    pool: ItemPool,
    blueprint: ExamBlueprint,
    administered: Sequence[int],
    scores: Sequence[float],
) -> AbilityState:
    """The state after some items (pool indices) with their scores, 1 or 0; the prior after none."""
    items = pool.parameters.take(np.array(administered, dtype=np.intp))
    estimate = eap(np.array([scores], dtype=np.float64), items, pool.prior)
    composite = estimate.composite(share_vector(pool, blueprint))
    return AbilityState(
        theta=estimate.theta[0],
        se=estimate.se[0],
        composite_theta=float(composite.theta[0]),
        composite_se=float(composite.se[0]),
    )


def share_vector(pool: ItemPool, blueprint: ExamBlueprint) -> FloatArray:
    """The blueprint's shares in the pool's order of dimensions, shape (dimensions,)."""
    return np.array([float(blueprint.shares.get(code, 0)) for code in pool.dimensions])


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
