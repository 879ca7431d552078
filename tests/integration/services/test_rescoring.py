"""Held, calibrated, scored again: all of it counts or nothing, whatever dies in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from certify.errors import (
    ResultHeld,
    SessionAwaitsCalibration,
    SessionNotCalibratable,
)
from certify.exams.exam_session import ExamSession
from certify.services import holding_runs
from certify.services.accepting_calibrations import accept_calibration, reject_calibration
from certify.services.acting import Actor, acting
from certify.services.calibrating_sessions import (
    get_run,
    list_calibratable,
    request_calibration,
    work_on,
    work_on_waiting,
)
from certify.services.concluding import concluded_result
from certify.services.context import ServiceContext
from certify.services.ports import Person, RescoredResult, RunState
from certify.services.replaying import replay_record
from certify.services.rescoring import view_cohort
from certify.services.scheduling import release_results
from tests.fakes import FakeClock
from tests.integration.services.calibrated_days import sat_session

People = dict[str, Person]


class Killed(BaseException):
    """The process dies: nothing that comes after is run."""


@pytest.fixture
def session(context: ServiceContext, people: People, clock: FakeClock) -> ExamSession:
    return sat_session(context, people["centre"], clock)


@pytest.fixture
def root(people: People) -> Actor:
    return acting(people["administrator"])


def results_of(context: ServiceContext, run_id: str) -> list[RescoredResult]:
    with context.database.reading() as work:
        return list(work.calibrations.results(run_id))


def dying_after(steps: int) -> Callable[[int, int], None]:
    """Progress whose listener is killed after some steps."""
    told = 0

    def progress(done: int, total: int) -> None:
        nonlocal told
        told += 1
        if told == steps:
            raise Killed()

    return progress


def ask(context: ServiceContext, session: ExamSession, actor: Actor) -> str:
    return request_calibration(context, [session.id], least_responses=10, actor=actor)


def test_a_session_is_calibrated_accepted_and_released(
    context: ServiceContext, session: ExamSession, root: Actor, people: People
) -> None:
    with pytest.raises(ResultHeld):
        concluded_result(context, "candidate-0000", "attempt-0000")
    with pytest.raises(SessionAwaitsCalibration):
        release_results(context, session.id, people["administrator"])
    assert [one.id for one in list_calibratable(context, session.id, actor=root)] == [session.id]
    run_id = ask(context, session, root)
    assert work_on_waiting(context) == 1
    assert work_on_waiting(context) == 0
    cohort = view_cohort(context, run_id, actor=root)
    assert cohort.run.state is RunState.READY and cohort.run.problem is None
    assert cohort.record is not None and cohort.comparison is not None
    assert cohort.record.author == root.name
    assert cohort.record.fit.attempts == 40 and len(cohort.comparison.exams) == 40
    assert len(cohort.record.estimates) > 30
    assert set(cohort.record.kept.values()) >= {"few_responses"}
    assert sum(cohort.comparison.moves.values()) == 40
    assert cohort.comparison.changed == sum(
        count for (before, after), count in cohort.comparison.moves.items() if before != after
    )
    assert cohort.comparison.spread > 0
    # until somebody accepts it, nothing counts and nobody sees it
    with pytest.raises(ResultHeld):
        concluded_result(context, "candidate-0000", "attempt-0000")
    with context.database.reading() as work:
        first = work.results.get("attempt-0000")
    assert first is not None and first.calibration_digest == ""

    accept_calibration(context, run_id, actor=root)
    again = accept_calibration(context, run_id, actor=root)
    assert again.state is RunState.ACCEPTED and again.decided_by == root.name
    result = concluded_result(context, "candidate-0000", "attempt-0000")
    assert result.calibration_digest == cohort.record.digest
    exam = next(one for one in cohort.comparison.exams if one.attempt_id == "attempt-0000")
    assert (result.report.theta, result.report.se) == (exam.after.theta, exam.after.se)
    assert result.report.theta != exam.before.theta
    assert result.cohort is not None and result.cohort.exams == 40
    assert result.cohort.accuracy == pytest.approx(cohort.comparison.after.accuracy)
    assert result.cohort.consistency == pytest.approx(cohort.comparison.after.consistency)
    assert 0 < result.uncalibrated < result.report.items
    assert result.report.se < exam.before.se * 1.1
    assert result.decision.placed_level == exam.after.placed
    with context.database.reading() as work:
        assert work.results.provisional(["attempt-0000"])["attempt-0000"] == first
        actions = {event.action for event in work.audit.page(number=1, size=50).rows}
    assert {
        "calibration.request",
        "calibration.ready",
        "calibration.accept",
        "session.release",
    } <= actions
    assert list_calibratable(context, session.id, actor=root) == ()
    with pytest.raises(SessionNotCalibratable):
        ask(context, session, root)


def test_a_killed_run_goes_on_where_it_was_and_comes_to_the_same(
    context: ServiceContext, session: ExamSession, root: Actor, clock: FakeClock
) -> None:
    whole = ask(context, session, root)
    assert work_on(context, whole)
    expected = results_of(context, whole)
    reject_calibration(context, whole, reason="只是比较", actor=root)

    run_id = ask(context, session, root)
    # 40 exams are looked at first; then the estimation, then the first 25 exams
    for steps in (41, 42):
        with pytest.raises(Killed):
            work_on(context, run_id, dying_after(steps))
        assert not work_on(context, run_id)
        clock.now += holding_runs.SILENCE + dt.timedelta(seconds=1)
        assert get_run(context, run_id, actor=root).state is RunState.RUNNING
    run = get_run(context, run_id, actor=root)
    while not run.calibration_digest or not results_of(context, run_id):
        with pytest.raises(Killed):
            steps += 1
            work_on(context, run_id, dying_after(steps))
        clock.now += holding_runs.SILENCE + dt.timedelta(seconds=1)
        run = get_run(context, run_id, actor=root)
    assert 0 < len(results_of(context, run_id)) < 40
    assert work_on(context, run_id)
    assert [plain(one) for one in results_of(context, run_id)] == [plain(one) for one in expected]
    accept_calibration(context, run_id, actor=root)
    assert replay_record(context, "attempt-0000").is_same


def plain(one: RescoredResult) -> tuple[object, ...]:
    """What does not depend on when it was asked for."""
    return one.attempt_id, dict(one.decision)


def test_two_workers_never_score_an_exam_twice(
    context: ServiceContext, session: ExamSession, root: Actor, clock: FakeClock
) -> None:
    run_id = ask(context, session, root)
    overtaken = False

    def overtake(done: int, total: int) -> None:
        nonlocal overtaken
        if done == 25 and total == 40 and not overtaken and results_of(context, run_id):
            overtaken = True
            clock.now += holding_runs.SILENCE + dt.timedelta(seconds=1)
            assert work_on(context, run_id)

    assert not work_on(context, run_id, overtake)
    assert overtaken
    assert get_run(context, run_id, actor=root).state is RunState.READY
    assert len(results_of(context, run_id)) == 40
