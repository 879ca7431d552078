"""What the answers so far say about a candidate: six correlated abilities and their composite.

The posterior mean (EAP) under the pool's correlated normal prior; the composite is the sum of the
dimension abilities weighted by the shares of the level applied for. Answers of earlier attempts
count as well (retakes pool the evidence), answers to pretest items never. Standard errors are not
inflated here: `ItemPool.se_factor` does that for provisional parameters.
"""

from dataclasses import dataclass

import numpy as np

from certify.exams.attempt import Attempt, ServedItem
from certify.exams.blueprint import ExamBlueprint
from certify.exams.errors import ItemMissingFromRelease
from certify.exams.pool import ItemPool
from certify.psychometrics.irt import FloatArray


@dataclass(frozen=True)
class Evidence:
    """Pool indices and scores (1 or 0): `indices` and `scores` of this attempt, in order."""

    indices: tuple[int, ...]
    scores: tuple[int, ...]
    earlier_indices: tuple[int, ...] = ()
    earlier_scores: tuple[int, ...] = ()

    @property
    def all_indices(self) -> tuple[int, ...]:
        """Earlier attempts first."""
        return self.earlier_indices + self.indices

    @property
    def all_scores(self) -> tuple[int, ...]:
        """Earlier attempts first."""
        return self.earlier_scores + self.scores


@dataclass(frozen=True)
class AbilityState:
    """`theta`, shape (dims,), and `covariance`, (dims, dims); the composite as plain numbers."""

    theta: FloatArray
    covariance: FloatArray
    composite_theta: float
    composite_se: float

    @property
    def se(self) -> FloatArray:
        """Standard error per dimension, shape (dims,)."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance)))


def evidence_of(attempt: Attempt, pool: ItemPool) -> Evidence:
    """What was served and scored; an item without an answer scores 0.

    Answers of earlier attempts to items that the release no longer has are left out. Raises
    ItemMissingFromRelease for an item of this attempt.
    """
    scored = scored_items(attempt)
    for served in scored:
        if served.item_id not in pool.index_of:
            raise ItemMissingFromRelease(
                attempt_id=attempt.id, position=served.position, item_id=served.item_id
            )
    earlier = [
        (pool.index_of[answer.item_id], answer.correct)
        for answer in (attempt.terms.earlier if attempt.terms else ())
        if answer.item_id in pool.index_of
    ]
    return Evidence(
        indices=tuple(pool.index_of[served.item_id] for served in scored),
        scores=tuple(score_of(attempt, served) for served in scored),
        earlier_indices=tuple(index for index, _ in earlier),
        earlier_scores=tuple(score for _, score in earlier),
    )


def scored_items(attempt: Attempt) -> tuple[ServedItem, ...]:
    """The served items that count, in order."""
    return tuple(served for served in attempt.served if not served.is_pretest)


def score_of(attempt: Attempt, served: ServedItem) -> int:
    """1 for full marks, else 0."""
    answer = attempt.answers.get(served.position)
    return 0 if answer is None else answer.correct


def estimate_ability(pool: ItemPool, blueprint: ExamBlueprint, evidence: Evidence) -> AbilityState:
    """The state after all the evidence; the prior after none."""
    estimate = pool.tables.estimate(evidence.all_indices, evidence.all_scores)
    theta, se = estimate.composite(share_vector(pool, blueprint))
    return AbilityState(estimate.theta, estimate.covariance, theta, se)


def share_vector(pool: ItemPool, blueprint: ExamBlueprint) -> FloatArray:
    """The blueprint's shares in the pool's order of dimensions, shape (dims,)."""
    return np.array([blueprint.weights.get(code, 0.0) for code in pool.dimensions])
