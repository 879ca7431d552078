"""From a finished attempt to a score report."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest

from certify.exams.attempt import AttemptRecord
from certify.exams.estimation import estimate_ability, served_indices
from certify.exams.pool import ItemPool
from certify.exams.scoring import LIMITED_EVIDENCE_SE, score_attempt
from certify.psychometrics.provisional import SE_INFLATION
from tests.factories import (
    DIMENSIONS,
    answer,
    make_attempt,
    make_blueprint,
    make_items,
    make_pool,
    serve,
    simulated_candidate,
    sit,
)

POOL = make_pool()
PROVISIONAL = make_pool(make_items(30, calibrate=False))
BLUEPRINT = make_blueprint()


def sat(pool: ItemPool = POOL, theta: float = 0.4) -> AttemptRecord:
    blueprint = make_blueprint(min_items=20)
    return sit(make_attempt(), pool, blueprint, simulated_candidate(theta, pool, 7))


def test_report_is_the_estimate_of_all_items_and_of_each_dimension() -> None:
    record = sat()
    report = score_attempt(record, POOL, BLUEPRINT)
    indices = served_indices(record, POOL)
    scores = [float(step.correct) for step in report.steps]
    state = estimate_ability(POOL, BLUEPRINT, indices, scores)
    assert (report.theta, report.se) == (state.composite_theta, state.composite_se)
    assert (report.items, report.correct) == (20, int(sum(scores)))
    assert [dimension.code for dimension in report.dimensions] == list(DIMENSIONS)
    for number, dimension in enumerate(report.dimensions):
        own = [n for n, i in enumerate(indices) if POOL.items[i].dimension == dimension.code]
        assert dimension.theta == float(state.theta[number])
        assert dimension.se == float(state.se[number])
        assert dimension.items == len(own)
        assert dimension.correct == int(sum(scores[n] for n in own))
        assert dimension.share == float(BLUEPRINT.shares[dimension.code])


def test_every_step_is_the_report_of_the_exam_so_far() -> None:
    record = sat()
    report = score_attempt(record, POOL, BLUEPRINT)
    assert [step.position for step in report.steps] == list(range(1, 21))
    for length, step in enumerate(report.steps, start=1):
        served, responses = record.served[:length], record.responses[:length]
        short = make_attempt(served=served, responses=responses)
        so_far = score_attempt(short, POOL, BLUEPRINT)
        assert (step.theta, step.se) == (so_far.theta, so_far.se)
        assert step.item_id == served[-1].item_id


def test_evidence_is_limited_above_the_limit_and_absent_without_items() -> None:
    uneven = make_blueprint(shares={"T": Fraction(9, 10), "S": Fraction(1, 10)}, min_items=20)
    record = sit(make_attempt(), POOL, uneven, simulated_candidate(0.4, POOL, 7))
    report = score_attempt(record, POOL, uneven)
    for dimension in report.dimensions:
        if dimension.se is None:
            continue
        expected = "sufficient" if dimension.se <= LIMITED_EVIDENCE_SE else "limited"
        assert dimension.evidence == expected
    evidence = {dimension.code: dimension.evidence for dimension in report.dimensions}
    assert (evidence["T"], evidence["S"], evidence["M"]) == (
        "sufficient",
        "limited",
        "not_assessed",
    )
    one = serve(make_attempt(), POOL.items[0])
    report = score_attempt(one, POOL, BLUEPRINT)
    absent = [d for d in report.dimensions if d.items == 0]
    assert len(absent) == 5
    assert all((d.theta, d.se, d.evidence) == (None, None, "not_assessed") for d in absent)


def test_nothing_served_reports_the_prior() -> None:
    report = score_attempt(make_attempt(), POOL, BLUEPRINT)
    assert (report.items, report.correct, report.steps) == (0, 0, ())
    assert report.theta == pytest.approx(0, abs=1e-9)
    # the variance of the weighted sum of dimensions that correlate by .6
    squares = sum(float(share) ** 2 for share in BLUEPRINT.shares.values())
    assert report.se == pytest.approx(math.sqrt(0.6 + 0.4 * squares), abs=1e-6)
    assert not report.blueprint_kept


def test_item_without_an_answer_counts_as_wrong() -> None:
    item = POOL.items[0]
    silent = score_attempt(serve(make_attempt(), item), POOL, BLUEPRINT)
    wrong = score_attempt(answer(serve(make_attempt(), item), item, False), POOL, BLUEPRINT)
    right = score_attempt(answer(serve(make_attempt(), item), item, True), POOL, BLUEPRINT)
    assert (silent.answered, wrong.answered) == (0, 1)
    assert replace(silent, answered=1) == wrong
    assert silent.theta < right.theta


def test_standard_errors_are_inflated_while_parameters_are_provisional() -> None:
    record = sat(PROVISIONAL)
    report = score_attempt(record, PROVISIONAL, BLUEPRINT)
    scores = [float(step.correct) for step in report.steps]
    indices = served_indices(record, PROVISIONAL)
    plain = estimate_ability(PROVISIONAL, BLUEPRINT, indices, scores)
    assert report.parameter_status == "provisional"
    assert report.se == plain.composite_se * SE_INFLATION
    assert report.steps[-1].se == report.se
    assert report.theta == plain.composite_theta
    assert score_attempt(sat(), POOL, BLUEPRINT).parameter_status == "calibrated"


def test_blueprint_is_kept_by_a_whole_exam_and_not_by_a_short_one() -> None:
    record = sat()
    assert score_attempt(record, POOL, BLUEPRINT).blueprint_kept
    short = make_attempt(served=record.served[:5], responses=record.responses[:5])
    assert not score_attempt(short, POOL, BLUEPRINT).blueprint_kept


def test_abler_candidate_gets_the_higher_theta() -> None:
    thetas = [score_attempt(sat(POOL, theta), POOL, BLUEPRINT).theta for theta in (-2, 0, 2)]
    assert thetas == sorted(thetas)
    assert thetas[2] - thetas[0] > 2


def test_a_dimension_borrows_strength_from_the_others() -> None:
    """With correlated dimensions its standard error is smaller than from its own items alone."""
    record = sat()
    indices = served_indices(record, POOL)
    scores = [float(step.correct) for step in score_attempt(record, POOL, BLUEPRINT).steps]
    whole = estimate_ability(POOL, BLUEPRINT, indices, scores)
    for number in range(len(DIMENSIONS)):
        own = [n for n, i in enumerate(indices) if POOL.dimension_index[i] == number]
        alone = estimate_ability(
            POOL, BLUEPRINT, [indices[n] for n in own], [scores[n] for n in own]
        )
        assert whole.se[number] < alone.se[number]
