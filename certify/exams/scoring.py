"""From a finished attempt to a score report: composite, dimensions, course of the estimate."""

from dataclasses import dataclass
from typing import Literal

from certify.exams.attempt import AttemptRecord
from certify.exams.blueprint import ExamBlueprint
from certify.exams.estimation import (
    AbilityState,
    estimate_ability,
    scored_responses,
    served_indices,
)
from certify.exams.pool import ItemPool
from question_bank.interactions import is_blank

Evidence = Literal["sufficient", "limited", "not_assessed"]
"""How far a dimension's estimate may be relied on."""

LIMITED_EVIDENCE_SE = 0.6
"""A dimension whose standard error is above this is reported as limited evidence."""


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """EAP of one dimension given all answers; theta and se are None where nothing was asked."""

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


def count_answered(record: AttemptRecord) -> int:
    """Items with an answer in time that says something; a blank one is served, not answered."""
    return sum(not is_blank(raw) for raw in record.counted_responses().values())


def score_attempt(record: AttemptRecord, pool: ItemPool, blueprint: ExamBlueprint) -> ScoreReport:
    """Score what was served; an item without an answer counts as wrong."""
    administered = served_indices(record, pool)
    scores = scored_responses(record, pool)
    states = [
        estimate_ability(pool, blueprint, administered[:count], scores[:count])
        for count in range(len(administered) + 1)
    ]
    factor = pool.se_factor(administered)
    dimensions = tuple(
        _dimension_score(number, pool, blueprint, administered, scores, states[-1])
        for number in range(len(pool.dimensions))
    )
    return ScoreReport(
        theta=states[-1].composite_theta,
        se=states[-1].composite_se * factor,
        dimensions=dimensions,
        steps=tuple(
            Step(
                position=served.position,
                item_id=served.item_id,
                correct=value == 1.0,
                theta=state.composite_theta,
                se=state.composite_se * pool.se_factor(administered[: served.position]),
            )
            for served, value, state in zip(record.served, scores, states[1:], strict=True)
        ),
        correct=int(sum(scores)),
        answered=count_answered(record),
        items=len(administered),
        parameter_status="calibrated" if factor == 1.0 else "provisional",
        blueprint_kept=all(
            score.items >= blueprint.least_items(score.code) for score in dimensions
        ),
    )


def _dimension_score(
    number: int,
    pool: ItemPool,
    blueprint: ExamBlueprint,
    administered: list[int],
    scores: list[float],
    state: AbilityState,
) -> DimensionScore:
    code = pool.dimensions[number]
    own = [
        value
        for index, value in zip(administered, scores, strict=True)
        if pool.dimension_index[index] == number
    ]
    share = float(blueprint.shares.get(code, 0))
    if not own:
        # the other dimensions say something about it, but nothing that a profile should show
        return DimensionScore(code, None, None, 0, 0, share, "not_assessed")
    se = float(state.se[number]) * pool.se_factor(administered)
    return DimensionScore(
        code=code,
        theta=float(state.theta[number]),
        se=se,
        items=len(own),
        correct=int(sum(own)),
        share=share,
        evidence="sufficient" if se <= LIMITED_EVIDENCE_SE else "limited",
    )
