"""Items calibrated on a cohort: nearer to the truth, honest about what it could not tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from certify.exams.calibration_record import (
    CALIBRATED_BEFORE,
    FEW_ITEMS,
    FEW_RESPONSES,
    MISFIT,
    ONE_ANSWER,
    REVERSED,
    CalibrationRecord,
    read_calibration,
)
from certify.exams.cohort_responses import CohortResponses, cohort_responses
from certify.exams.errors import CalibrationImpossible, CorruptCalibration
from certify.exams.item_calibration import STANDARD_OPTIONS, Estimated, calibrate_items
from certify.exams.pool import ItemPool
from certify.exams.rescoring import calibrated_exam, rescore_attempt
from certify.exams.scoring import score_attempt
from certify.exams.transcript import compose_transcript, read_transcript, replay
from tests.factories import (
    AT,
    CORRELATION,
    DIMENSIONS,
    LEVEL_CUTS,
    answer,
    begin,
    build_pool,
    calibrated,
    make_exam,
    serve,
)
from tests.unit.certify.exams.cohorts import Cohort, judged_items, sit_all, true_pool


def ignore_passes(passes: int) -> None:
    """Nobody looks on."""


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return sit_all(240, 24, 9, min_items=36, max_items=36)


@pytest.fixture(scope="module")
def estimated(cohort: Cohort) -> Estimated:
    return calibrate_items(
        cohort.exam.pool, frozenset(), responses_of(cohort), STANDARD_OPTIONS, ignore_passes
    )


def responses_of(cohort: Cohort) -> CohortResponses:
    return cohort_responses(cohort.attempts, [item.id for item in cohort.exam.pool.items])


def record_of(cohort: Cohort, estimated: Estimated) -> CalibrationRecord:
    return CalibrationRecord(
        release_digest="0" * 64,
        programme_code="estorm-comprehensive",
        programme_version=1,
        session_ids=("s1", "s2"),
        author="root",
        requested_at=AT,
        data_digest=responses_of(cohort).digest,
        options=STANDARD_OPTIONS,
        fit=estimated.fit,
        cohort=estimated.cohort,
        items=estimated.items,
    )


def given(pool: ItemPool, persons: int, seed: int) -> np.ndarray:
    """Responses of everybody to everything, by the pool's own parameters."""
    rng = np.random.default_rng(seed)
    spread = CORRELATION * np.ones((6, 6)) + (1 - CORRELATION) * np.eye(6)
    theta = rng.multivariate_normal(np.zeros(6), spread, size=persons)[:, pool.dimension_index]
    a, b, c = pool.parameters.a, pool.parameters.b, pool.parameters.c
    chance = c + (1 - c) / (1 + np.exp(-a * (theta - b)))
    return (rng.random(chance.shape) < chance).astype(float)


def answered(pool: ItemPool, values: np.ndarray) -> CohortResponses:
    ids = tuple(f"a{row:03d}" for row in range(len(values)))
    return CohortResponses(ids, tuple(item.id for item in pool.items), values)


def judged_pool(per_dimension: int = 5) -> tuple[ItemPool, ItemPool]:
    items, b = judged_items(per_dimension, 3)
    pool = build_pool(items, DIMENSIONS, LEVEL_CUTS, CORRELATION)
    return pool, true_pool(pool, b, 4)


def test_decisions_agree_with_the_truth_more_often_than_before(
    cohort: Cohort, estimated: Estimated
) -> None:
    found = calibrated_exam(cohort.exam, record_of(cohort, estimated).estimates)
    before = np.array([score_attempt(one, cohort.exam).theta for one in cohort.attempts])
    after = np.array([rescore_attempt(one, cohort.exam, found).theta for one in cohort.attempts])
    cuts = list(LEVEL_CUTS.values())
    true_level = np.searchsorted(cuts, cohort.composite, side="right")

    def agreement(theta: np.ndarray) -> float:
        return float((np.searchsorted(cuts, theta, side="right") == true_level).mean())

    def error(theta: np.ndarray) -> float:
        return float(np.sqrt(((theta - cohort.composite) ** 2).mean()))

    assert agreement(after) > agreement(before) + 0.03
    assert error(after) < 0.9 * error(before)


def test_difficulties_come_nearer_to_the_truth(cohort: Cohort, estimated: Estimated) -> None:
    truth, before = cohort.truth.parameters.b, cohort.exam.pool.parameters.b
    found = [index for index, item in enumerate(estimated.items) if not item.kept_because]
    assert len(found) > 80
    errors = np.array([estimated.items[index].b - truth[index] for index in found])
    assert np.sqrt((errors**2).mean()) < 0.7 * np.sqrt(((before - truth)[found] ** 2).mean())
    assert all((estimated.items[index].se_b or 0) > 0 for index in found)


def test_the_same_responses_give_the_same_record(cohort: Cohort, estimated: Estimated) -> None:
    again = calibrate_items(
        cohort.exam.pool, frozenset(), responses_of(cohort), STANDARD_OPTIONS, ignore_passes
    )
    record = record_of(cohort, estimated)
    assert record_of(cohort, again).digest == record.digest
    shuffled = replace(cohort, attempts=cohort.attempts[::-1])
    assert responses_of(shuffled).digest == record.data_digest


def test_a_record_reads_back_and_an_altered_one_is_refused(
    cohort: Cohort, estimated: Estimated
) -> None:
    record = record_of(cohort, estimated)
    assert read_calibration(record.content, record.digest) == record
    altered = record.content.replace(b'"root"', b'"boot"')
    with pytest.raises(CorruptCalibration):
        read_calibration(altered, record.digest)


def test_a_transcript_names_its_calibration_and_replays(
    cohort: Cohort, estimated: Estimated
) -> None:
    record = record_of(cohort, estimated)
    exam, attempt = make_exam(cohort.exam.pool), None
    transition = begin()
    for item in exam.pool.items[:3]:
        serve(transition, item)
        answer(transition, item, is_right=True)
    transition.hand_in()
    attempt = transition.attempt
    found = calibrated_exam(exam, record.estimates)
    report = rescore_attempt(attempt, exam, found)
    stored = compose_transcript(attempt, transition.events, report, record.digest)
    assert read_transcript(stored).calibration == record.digest
    assert replay(stored, exam, found).report == report
    assert not [d for d in replay(stored, exam, found).differences if d.startswith("theta")]
    # under other parameters another result comes out
    assert [d for d in replay(stored, exam, exam).differences if d.startswith("theta")]
    plain = compose_transcript(attempt, transition.events, score_attempt(attempt, exam))
    assert b"calibration" not in plain and read_transcript(plain).calibration == ""


def test_items_that_the_responses_say_too_little_about_keep_what_they_had() -> None:
    pool, truth = judged_pool()
    values = given(truth, 80, 5)
    values[25:, 0] = np.nan
    values[:, 1] = 1.0
    last = np.flatnonzero(pool.dimension_index == 5)
    values[:, last[2:]] = np.nan
    found = calibrate_items(
        pool, frozenset({pool.items[2].id}), answered(pool, values), STANDARD_OPTIONS, ignore_passes
    )
    reasons = [item.kept_because for item in found.items]
    assert reasons[0] == FEW_RESPONSES and found.items[0].responses == 25
    assert reasons[1] == ONE_ANSWER
    assert [reasons[index] for index in last[:2]] == [FEW_ITEMS, FEW_ITEMS]
    assert found.items[0].b == pool.parameters.b[0] and found.items[0].moved == 0
    assert found.items[2].is_pretest and not found.items[3].is_pretest
    assert pool.dimensions[5] not in found.cohort.dimensions


def test_items_calibrated_before_stay_and_hold_the_scale() -> None:
    items, b = judged_items(5, 3)
    anchored = [
        replace(item, calibration=calibrated(1.2, b[index], 0.0)) if index % 2 else item
        for index, item in enumerate(items)
    ]
    pool = build_pool(anchored, DIMENSIONS, LEVEL_CUTS, CORRELATION)
    values = given(true_pool(pool, b, 4), 120, 6)
    found = calibrate_items(
        pool, frozenset(), answered(pool, values), STANDARD_OPTIONS, ignore_passes
    )
    assert [item.kept_because for item in found.items[1::2]] == [CALIBRATED_BEFORE] * 15
    assert [item.b for item in found.items[1::2]] == pool.parameters.b[1::2].tolist()
    assert not any(item.kept_because for item in found.items[::2])


def test_an_item_with_a_wrong_key_is_flagged() -> None:
    pool, truth = judged_pool()
    values = given(truth, 300, 7)
    easy = int(np.argmin(np.abs(values.mean(axis=0) - 0.6)))
    values[:, easy] = 1.0 - values[:, easy]
    found = calibrate_items(
        pool, frozenset(), answered(pool, values), STANDARD_OPTIONS, ignore_passes
    )
    assert REVERSED in found.items[easy].flags or MISFIT in found.items[easy].flags
    assert sum(bool(item.flags) for item in found.items) <= 3


def test_too_little_to_calibrate_is_said() -> None:
    pool, truth = judged_pool()
    with pytest.raises(CalibrationImpossible, match="0 item"):
        calibrate_items(
            pool,
            frozenset(),
            answered(pool, given(truth, 20, 8)),
            STANDARD_OPTIONS,
            ignore_passes,
        )


def test_an_item_never_reached_is_no_response() -> None:
    exam = make_exam()
    transition = begin()
    for item in exam.pool.items[:3]:
        serve(transition, item)
    answer(transition, exam.pool.items[2], is_right=True)
    serve(transition, exam.pool.items[3])
    transition.hand_in()
    ids = [item.id for item in exam.pool.items[:5]]
    found = cohort_responses([transition.attempt], ids)
    assert found.values[0, :3].tolist() == [0.0, 0.0, 1.0]
    assert np.isnan(found.values[0, 3:]).all()
