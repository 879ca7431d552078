"""From a finished attempt to a score report."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from certify.exams.attempt import Attempt, fold
from certify.exams.commands import Transition
from certify.exams.estimation import Evidence, estimate_ability, evidence_of
from certify.exams.exposure_plan import ExposurePlan
from certify.exams.pool import ItemPool
from certify.exams.scoring import LIMITED_EVIDENCE_SE, ScoreReport, count_answered, score_attempt
from certify.exams.terms import EarlierAnswer
from certify.psychometrics.provisional import SE_INFLATION
from tests.factories import (
    DIMENSIONS,
    answer,
    begin,
    calibrated,
    make_answer,
    make_exam,
    make_item,
    make_items,
    make_pool,
    serve,
    simulated_candidate,
    sit,
)

POOL = make_pool()
PROVISIONAL = make_pool(make_items(30, calibrate=False))
EXAM = make_exam(min_items=20)


def sat(pool: ItemPool = POOL, theta: float = 0.4, **changes: object) -> Transition:
    exam = make_exam(pool, min_items=20)
    return sit(begin(**changes), exam, simulated_candidate(theta, pool, 7))


def cut_short(transition: Transition, length: int) -> Attempt:
    """The attempt as it stood after its first answers."""
    # one start, then an item and an answer each
    return fold("attempt-1", "candidate-1", transition.events[: 1 + 2 * length])


def score(attempt: Attempt, pool: ItemPool = POOL, plan: ExposurePlan | None = None) -> ScoreReport:
    return score_attempt(attempt, make_exam(pool, plan, min_items=20))


def test_report_is_the_estimate_of_all_items_and_of_each_dimension() -> None:
    attempt = sat().attempt
    report = score(attempt)
    evidence = evidence_of(attempt, POOL)
    state = estimate_ability(POOL, EXAM.blueprint, evidence)
    assert (report.theta, report.se) == (state.composite_theta, state.composite_se)
    assert (report.items, report.correct) == (20, sum(evidence.scores))
    assert [dimension.code for dimension in report.dimensions] == list(DIMENSIONS)
    for number, dimension in enumerate(report.dimensions):
        own = [n for n, i in enumerate(evidence.indices) if POOL.dimension_index[i] == number]
        if not own:
            continue
        assert dimension.theta == float(state.theta[number])
        assert dimension.se == float(state.se[number])
        assert dimension.items == len(own)
        assert dimension.correct == sum(evidence.scores[n] for n in own)
        assert dimension.share == float(EXAM.blueprint.shares[dimension.code])


def test_every_step_is_the_report_of_the_exam_so_far() -> None:
    transition = sat()
    report = score(transition.attempt)
    assert [step.position for step in report.steps] == list(range(1, 21))
    for length, step in enumerate(report.steps, start=1):
        short = cut_short(transition, length)
        so_far = score(short)
        assert (step.theta, step.se) == (so_far.theta, so_far.se)
        assert step.item_id == short.served[-1].item_id


def test_evidence_is_limited_above_the_limit_and_absent_without_items() -> None:
    shares = {"T": Fraction(9, 10), "S": Fraction(1, 10)}
    uneven = make_exam(shares=shares, min_items=20)
    attempt = sit(begin(), uneven, simulated_candidate(0.4, POOL, 7)).attempt
    report = score_attempt(attempt, uneven)
    for dimension in report.dimensions:
        if dimension.se is None:
            continue
        expected = "sufficient" if dimension.se <= LIMITED_EVIDENCE_SE else "limited"
        assert dimension.evidence == expected
    evidence = {dimension.code: dimension.evidence for dimension in report.dimensions}
    assert evidence["M"] == "not_assessed"
    assert {"sufficient", "limited"} >= {evidence["T"], evidence["S"]}
    one = begin()
    serve(one, POOL.items[0])
    absent = [d for d in score(one.attempt).dimensions if d.items == 0]
    assert len(absent) == 5
    assert all((d.theta, d.se, d.evidence) == (None, None, "not_assessed") for d in absent)


def test_nothing_served_reports_the_prior() -> None:
    report = score(begin().attempt)
    assert (report.items, report.correct, report.steps) == (0, 0, ())
    assert report.theta == pytest.approx(0, abs=1e-9)
    # the variance of the weighted sum of dimensions that correlate by .6
    squares = sum(float(share) ** 2 for share in EXAM.blueprint.shares.values())
    assert report.se == pytest.approx(math.sqrt(0.6 + 0.4 * squares), abs=1e-6)
    assert not report.blueprint_kept
    assert (report.parameter_status, report.least_responses) == ("provisional", 0)


def test_item_without_an_answer_counts_as_wrong() -> None:
    item = POOL.items[0]
    silent, wrong, right = begin(), begin(), begin()
    for transition in (silent, wrong, right):
        serve(transition, item)
    answer(wrong, item, False)
    answer(right, item, True)
    reports = [score(transition.attempt) for transition in (silent, wrong, right)]
    assert [report.answered for report in reports] == [0, 1, 1]
    assert replace(reports[0], answered=1) == reports[1]
    assert reports[0].theta < reports[2].theta


def test_a_blank_answer_and_one_to_a_pretest_item_are_not_counted() -> None:
    transition = begin()
    serve(transition, POOL.items[0])
    transition.answer(make_answer(1, ()), 0)
    serve(transition, make_item("01-p1"), is_pretest=True)
    transition.answer(make_answer(2), 1)
    assert count_answered(transition.attempt) == 0
    serve(transition, POOL.items[1])
    transition.answer(make_answer(3), 0)
    assert count_answered(transition.attempt) == 1


def test_standard_errors_are_inflated_while_parameters_are_provisional() -> None:
    attempt = sat(PROVISIONAL).attempt
    report = score(attempt, PROVISIONAL)
    plain = estimate_ability(PROVISIONAL, EXAM.blueprint, evidence_of(attempt, PROVISIONAL))
    assert (report.parameter_status, report.least_responses) == ("provisional", 0)
    assert report.se == plain.composite_se * SE_INFLATION
    assert report.steps[-1].se == report.se
    assert report.theta == plain.composite_theta


def test_calibrated_parameters_tell_on_how_many_responses() -> None:
    report = score(sat().attempt)
    assert (report.parameter_status, report.least_responses) == ("calibrated", 400)


def test_one_provisional_item_makes_the_result_provisional() -> None:
    items = [
        replace(item, calibration=None) if n < 1 else item for n, item in enumerate(POOL.items)
    ]
    pool = make_pool(items)
    transition = begin()
    for item in pool.items[:3]:
        serve(transition, item)
    assert score(transition.attempt, pool).parameter_status == "provisional"


def test_blueprint_is_kept_by_a_whole_exam_and_not_by_a_short_one() -> None:
    transition = sat()
    assert score(transition.attempt).blueprint_kept
    assert not score(cut_short(transition, 5)).blueprint_kept


def test_abler_candidate_gets_the_higher_theta() -> None:
    thetas = [score(sat(POOL, theta).attempt).theta for theta in (-2, 0, 2)]
    assert thetas == sorted(thetas)
    assert thetas[2] - thetas[0] > 2


def test_a_dimension_borrows_strength_from_the_others() -> None:
    """With correlated dimensions its standard error is smaller than from its own items alone."""
    evidence = evidence_of(sat().attempt, POOL)
    whole = estimate_ability(POOL, EXAM.blueprint, evidence)
    for number in range(len(DIMENSIONS)):
        own = [n for n, i in enumerate(evidence.indices) if POOL.dimension_index[i] == number]
        indices = tuple(evidence.indices[n] for n in own)
        scores = tuple(evidence.scores[n] for n in own)
        alone = estimate_ability(POOL, EXAM.blueprint, Evidence(indices, scores))
        assert whole.se[number] < alone.se[number]


# --- what else is printed --------------------------------------------------------------------


def test_earlier_answers_count_as_evidence_and_not_as_items() -> None:
    earlier = tuple(EarlierAnswer(item.id, 1) for item in POOL.items[:10])
    attempt = sat(earlier=earlier).attempt
    report = score(attempt)
    assert (report.items, report.pooled_items) == (20, 10)
    assert len(report.steps) == 20
    own = score(fold_without_earlier(attempt))
    assert own.pooled_items == 0
    assert own.se > report.se
    # a dimension's items are all that its estimate rests on
    assert sum(dimension.items for dimension in report.dimensions) == 30


def fold_without_earlier(attempt: Attempt) -> Attempt:
    return replace(attempt, terms=replace(attempt.started_terms, earlier=()))


def test_nodes_without_an_item_are_listed() -> None:
    report = score(begin().attempt)
    assert report.nodes_not_covered == tuple(sorted({item.node for item in POOL.items}))
    assert score(sat().attempt).nodes_not_covered == ()


def test_items_beyond_the_exposure_plan_are_counted() -> None:
    def plan(share: float) -> ExposurePlan:
        count = len(POOL.items)
        ids = tuple(item.id for item in POOL.items)
        return ExposurePlan(ids, (), np.full((1, count), share), np.arange(count), 0.25)

    attempt = sat().attempt
    assert score(attempt).max_exposure is None
    assert score(attempt, POOL, plan(1.0)).not_eligible == 0
    assert score(attempt, POOL, plan(0.0)).not_eligible == 20
    assert score(attempt, POOL, plan(1.0)).max_exposure == 0.25


def test_least_responses_are_those_of_the_items_that_were_used() -> None:
    items = [
        replace(item, calibration=calibrated(b=0.1) if n else replace(calibrated(), responses=50))
        for n, item in enumerate(POOL.items)
    ]
    pool = make_pool(items)
    transition = begin()
    serve(transition, pool.items[1])
    assert score(transition.attempt, pool).least_responses == 400
    serve(transition, pool.items[0])
    assert score(transition.attempt, pool).least_responses == 50
