"""From a finished attempt to a score report: composite, dimensions, course of the estimate."""

from dataclasses import dataclass
from typing import Literal

from certify.exams.adaptive import eap_of, estimate_composite, scored_responses, served_indices
from certify.exams.attempt import AttemptRecord
from certify.exams.blueprint import ExamBlueprint
from certify.exams.pool import ItemPool
from question_bank.interactions import is_blank

Evidence = Literal["sufficient", "limited", "not_assessed"]
"""How far a dimension's estimate may be relied on."""

LIMITED_EVIDENCE_SE = 0.6
"""A dimension whose standard error is above this is reported as limited evidence."""


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """EAP of one dimension from its own items; theta and se are None where nothing was asked."""

    code: str
    theta: float | None
    se: float | None
    items: int
    correct: int
    share: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Step:
    """The estimate after one item: position from 1, the item, 1 or 0, theta, reported se."""

    position: int
    item_id: str
    correct: bool
    theta: float
    se: float


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """Theta and standard errors as reported (inflated while parameters are provisional)."""

    theta: float
    se: float
    dimensions: tuple[DimensionScore, ...]
    steps: tuple[Step, ...]
    correct: int
    answered: int
    items: int
    parameter_status: Literal["provisional", "calibrated"]
    blueprint_kept: bool


def score_attempt(record: AttemptRecord, pool: ItemPool, blueprint: ExamBlueprint) -> ScoreReport:
    """Score what was served; an item without an answer counts as wrong."""
    administered = served_indices(record, pool)
    scores = scored_responses(record, pool)
    steps = tuple(
        _step(record, pool, administered[:count], scores[:count])
        for count in range(1, len(administered) + 1)
    )
    theta, se = estimate_composite(pool, administered, scores)
    factor = pool.se_factor(administered)
    dimensions = tuple(
        _dimension_score(code, pool, blueprint, administered, scores) for code in pool.dimensions
    )
    return ScoreReport(
        theta=theta,
        se=se * factor,
        dimensions=dimensions,
        steps=steps,
        correct=int(sum(scores)),
        answered=sum(not is_blank(raw) for raw in record.counted_responses().values()),
        items=len(administered),
        parameter_status="calibrated" if factor == 1.0 else "provisional",
        blueprint_kept=all(
            score.items >= blueprint.least_items(score.code) for score in dimensions
        ),
    )


def _step(
    record: AttemptRecord, pool: ItemPool, administered: list[int], scores: list[float]
) -> Step:
    theta, se = estimate_composite(pool, administered, scores)
    served = record.served[len(administered) - 1]
    reported_se = se * pool.se_factor(administered)
    return Step(served.position, served.item_id, scores[-1] == 1.0, theta, reported_se)


def _dimension_score(
    code: str,
    pool: ItemPool,
    blueprint: ExamBlueprint,
    administered: list[int],
    scores: list[float],
) -> DimensionScore:
    number = pool.dimensions.index(code)
    own = [
        (index, value)
        for index, value in zip(administered, scores, strict=True)
        if pool.dimension_index[index] == number
    ]
    share = float(blueprint.shares.get(code, 0))
    if not own:
        return DimensionScore(code, None, None, 0, 0, share, "not_assessed")
    indices, values = zip(*own, strict=True)
    estimate = eap_of(pool, indices, values)
    se = float(estimate.se[0]) * pool.se_factor(indices)
    return DimensionScore(
        code=code,
        theta=float(estimate.theta[0]),
        se=se,
        items=len(own),
        correct=int(sum(values)),
        share=share,
        evidence="sufficient" if se <= LIMITED_EVIDENCE_SE else "limited",
    )
