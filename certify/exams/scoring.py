"""From a finished attempt to a score report: composite, dimensions, course of the estimate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from certify.exams.adaptive import AdaptiveExam
from certify.exams.attempt import Attempt, ServedItem
from certify.exams.estimation import (
    AbilityState,
    Evidence,
    estimate_ability,
    evidence_of,
    scored_items,
)
from certify.exams.form_scoring import FormScore, score_forms
from question_bank.interactions import is_blank

Sufficiency = Literal["sufficient", "limited", "not_assessed"]
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
    evidence: Sufficiency


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
    """Theta and standard errors as reported (inflated while parameters are provisional).

    `items` and `correct` count this attempt's scored items; `pooled_items` those of earlier
    attempts that count as evidence, `pretest_items` those tried out. `not_eligible` items were
    given although the exposure plan had not drawn them, as nothing else was left; `max_exposure`
    is the plan's maximum. `least_responses`: of the item calibrated on the fewest responses, 0
    while one is provisional. `nodes_not_covered` are nodes of the exam without an item. `forms`
    are the raw scores of the form parts; theta rests on their answers as on all others.
    """

    theta: float
    se: float
    dimensions: tuple[DimensionScore, ...]
    steps: tuple[Step, ...]
    correct: int
    answered: int
    items: int
    pooled_items: int
    pretest_items: int
    parameter_status: Literal["provisional", "calibrated"]
    least_responses: int
    blueprint_kept: bool
    not_eligible: int
    max_exposure: float | None
    nodes_not_covered: tuple[str, ...]
    forms: tuple[FormScore, ...] = ()


def count_answered(attempt: Attempt) -> int:
    """Scored items with an answer that says something; a blank one is served, not answered."""
    answers = (attempt.answers.get(served.position) for served in scored_items(attempt))
    return sum(answer is not None and not is_blank(answer.response) for answer in answers)


def score_attempt(attempt: Attempt, exam: AdaptiveExam) -> ScoreReport:
    """Score what was served; an item without an answer counts as wrong."""
    pool, blueprint = exam.pool, exam.blueprint
    evidence = evidence_of(attempt, pool)
    states = [
        estimate_ability(pool, blueprint, _first(evidence, count))
        for count in range(len(evidence.indices) + 1)
    ]
    dimensions = tuple(
        _dimension_score(number, exam, evidence, states[-1])
        for number in range(len(pool.dimensions))
    )
    used = [pool.items[index] for index in evidence.all_indices]
    responses = [item.calibration.responses if item.calibration else 0 for item in used]
    covered = {pool.items[index].node for index in evidence.indices}
    asked = {
        item.node for item, usable in zip(pool.items, exam.rules.usable, strict=True) if usable
    }
    return ScoreReport(
        theta=states[-1].composite_theta,
        se=states[-1].composite_se * pool.se_factor(evidence.all_indices),
        dimensions=dimensions,
        steps=tuple(_steps(scored_items(attempt), evidence, states, exam)),
        correct=sum(evidence.scores),
        answered=count_answered(attempt),
        items=len(evidence.indices),
        pooled_items=len(evidence.earlier_indices),
        pretest_items=len(attempt.served) - len(evidence.indices),
        parameter_status="provisional" if 0 in responses or not responses else "calibrated",
        least_responses=min(responses, default=0),
        blueprint_kept=all(
            score.items >= blueprint.least_items(score.code) for score in dimensions
        ),
        not_eligible=_not_eligible(attempt, evidence, states, exam),
        max_exposure=exam.plan.maximum if exam.plan else None,
        nodes_not_covered=tuple(sorted(asked - covered)),
        forms=score_forms(attempt, exam.forms, pool.by_id),
    )


def _first(evidence: Evidence, count: int) -> Evidence:
    """The evidence as it stood after the first items of this attempt."""
    return replace(evidence, indices=evidence.indices[:count], scores=evidence.scores[:count])


def _steps(
    served: Sequence[ServedItem],
    evidence: Evidence,
    states: Sequence[AbilityState],
    exam: AdaptiveExam,
) -> Iterator[Step]:
    for number, (item, score) in enumerate(zip(served, evidence.scores, strict=True), start=1):
        factor = exam.pool.se_factor(_first(evidence, number).all_indices)
        state = states[number]
        yield Step(
            item.position,
            item.item_id,
            score == 1,
            state.composite_theta,
            state.composite_se * factor,
        )


def _not_eligible(
    attempt: Attempt, evidence: Evidence, states: Sequence[AbilityState], exam: AdaptiveExam
) -> int:
    """Items that the plan had not drawn where the estimate was when they were chosen.

    Those of a form were chosen long before; no plan draws them.
    """
    if exam.plan is None or attempt.terms is None:
        return 0
    seed, plan, parts = attempt.terms.seed, exam.plan, attempt.terms.parts
    chosen = [parts[served.part].is_adaptive for served in scored_items(attempt)]
    return sum(
        is_chosen and not plan.eligible(seed, state.composite_theta)[index]
        for is_chosen, index, state in zip(chosen, evidence.indices, states, strict=False)
    )


def _dimension_score(
    number: int, exam: AdaptiveExam, evidence: Evidence, state: AbilityState
) -> DimensionScore:
    pool = exam.pool
    code = pool.dimensions[number]
    own = [
        score
        for index, score in zip(evidence.all_indices, evidence.all_scores, strict=True)
        if pool.dimension_index[index] == number
    ]
    share = float(exam.blueprint.shares.get(code, 0))
    if not own:
        # the other dimensions say something about it, but nothing that a profile should show
        return DimensionScore(code, None, None, 0, 0, share, "not_assessed")
    se = float(state.se[number]) * pool.se_factor(evidence.all_indices)
    return DimensionScore(
        code=code,
        theta=float(state.theta[number]),
        se=se,
        items=len(own),
        correct=sum(own),
        share=share,
        evidence="sufficient" if se <= LIMITED_EVIDENCE_SE else "limited",
    )
