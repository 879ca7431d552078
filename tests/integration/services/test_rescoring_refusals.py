"""What may become of a calibration: rejected, stopped, failed, and who may do what."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from certify.errors import (
    InvalidField,
    NotFound,
    NotPermitted,
    ResultHeld,
    RunNotReady,
    SessionNotCalibratable,
)
from certify.exams.exam_session import ExamSession, ResultMode
from certify.services.accepting_calibrations import (
    abandon_calibration,
    accept_calibration,
    reject_calibration,
)
from certify.services.acting import Actor, acting
from certify.services.calibrating_sessions import (
    get_run,
    list_calibratable,
    list_runs,
    request_calibration,
    resume_calibration,
    stop_calibration,
    work_on,
    work_on_waiting,
)
from certify.services.concluding import conclude_ended_attempts, concluded_result
from certify.services.context import ServiceContext
from certify.services.delivering import change
from certify.services.ports import Person, RescoredResult, RunState
from certify.services.preparing import prepare_bank, prepare_demo_people
from certify.services.replaying import replay_record
from certify.services.rescoring import view_cohort
from certify.services.scheduling import list_sessions, release_results
from tests.fakes import FakeClock, context_at, make_installation
from tests.integration.services.calibrated_days import sat_session

People = dict[str, Person]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dt.datetime]:
    """A folder with an installation whose session waits for its calibration, and its time."""
    folder = tmp_path_factory.mktemp("calibrated")
    installation, clock = make_installation(folder), FakeClock(dt.datetime.now(dt.UTC))
    prepared = context_at(installation, clock)
    prepare_bank(prepared)
    people = {next(iter(person.roles)): person for person in prepare_demo_people(prepared)}
    sat_session(prepared, people["centre"], clock)
    installation.database.close()
    return folder, clock.now


@pytest.fixture
def clock(template: tuple[Path, dt.datetime]) -> FakeClock:
    return FakeClock(template[1])


@pytest.fixture
def context(
    template: tuple[Path, dt.datetime], tmp_path: Path, clock: FakeClock
) -> Iterator[ServiceContext]:
    shutil.copytree(template[0], tmp_path, dirs_exist_ok=True)
    installation = make_installation(tmp_path)
    yield context_at(installation, clock)
    installation.database.close()


@pytest.fixture
def session(context: ServiceContext, people: People) -> ExamSession:
    (found,) = list_sessions(context, people["administrator"]).rows
    return found


@pytest.fixture
def root(people: People) -> Actor:
    return acting(people["administrator"])


def ask(context: ServiceContext, session: ExamSession, actor: Actor) -> str:
    return request_calibration(context, [session.id], least_responses=10, actor=actor)


def results_of(context: ServiceContext, run_id: str) -> list[RescoredResult]:
    with context.database.reading() as work:
        return list(work.calibrations.results(run_id))


def test_replay_recomputes_both_decisions_bit_for_bit(
    context: ServiceContext, session: ExamSession, root: Actor
) -> None:
    assert replay_record(context, "attempt-0003").is_same
    run_id = ask(context, session, root)
    work_on(context, run_id)
    accept_calibration(context, run_id, actor=root)
    replayed = replay_record(context, "attempt-0003")
    assert replayed.is_same, replayed.differences
    result = concluded_result(context, "candidate-0003", "attempt-0003")
    assert replayed.report == result.report


def test_a_run_is_stopped_and_goes_on(
    context: ServiceContext, session: ExamSession, root: Actor
) -> None:
    run_id = ask(context, session, root)

    def stop(done: int, total: int) -> None:
        if done == 5:
            stop_calibration(context, run_id, actor=root)

    assert not work_on(context, run_id, stop)
    assert get_run(context, run_id, actor=root).state is RunState.STOPPED
    assert work_on_waiting(context) == 0
    with pytest.raises(RunNotReady):
        accept_calibration(context, run_id, actor=root)
    with pytest.raises(RunNotReady):
        stop_calibration(context, run_id, actor=root)
    resume_calibration(context, run_id, actor=root)
    with pytest.raises(RunNotReady):
        resume_calibration(context, run_id, actor=root)
    assert work_on_waiting(context) == 1
    assert get_run(context, run_id, actor=root).state is RunState.READY


def test_a_rejected_calibration_changes_nothing_and_leaves_the_way_open(
    context: ServiceContext, session: ExamSession, root: Actor, people: People
) -> None:
    run_id = ask(context, session, root)
    with pytest.raises(RunNotReady):
        reject_calibration(context, run_id, reason="太早", actor=root)
    with pytest.raises(SessionNotCalibratable):
        ask(context, session, root)
    with pytest.raises(RunNotReady):
        abandon_calibration(context, session.id, reason="太早", actor=root)
    work_on(context, run_id)
    with pytest.raises(InvalidField):
        reject_calibration(context, run_id, reason=" ", actor=root)
    rejected = reject_calibration(context, run_id, reason="作答太少", actor=root)
    assert (rejected.state, rejected.reason) == (RunState.REJECTED, "作答太少")
    with pytest.raises(RunNotReady):
        accept_calibration(context, run_id, actor=root)
    with pytest.raises(ResultHeld):
        concluded_result(context, "candidate-0000", "attempt-0000")

    held = abandon_calibration(context, session.id, reason="人数不足", actor=root)
    assert held.result_mode is ResultMode.HELD
    release_results(context, session.id, people["centre"])
    assert concluded_result(context, "candidate-0000", "attempt-0000").calibration_digest == ""


def test_voided_exams_are_left_out(
    context: ServiceContext, session: ExamSession, root: Actor
) -> None:
    change(context, "attempt-0001", lambda work, transition: transition.void("copied", "ann"))
    run_id = ask(context, session, root)
    work_on(context, run_id)
    cohort = view_cohort(context, run_id, actor=root)
    assert cohort.record is not None and cohort.record.fit.attempts == 39
    assert "attempt-0001" not in {one.attempt_id for one in results_of(context, run_id)}
    accept_calibration(context, run_id, actor=root)


def test_too_few_candidates_are_said_and_can_be_joined_by_another_session(
    context: ServiceContext, people: People, clock: FakeClock, root: Actor
) -> None:
    small = sat_session(context, people["centre"], clock, candidates=12, first=200, title="小场")
    run_id = ask(context, small, root)
    assert work_on(context, run_id)
    failed = get_run(context, run_id, actor=root)
    assert failed.state is RunState.FAILED and failed.problem is not None
    assert "cannot be calibrated" in str(failed.problem["template"])
    other = sat_session(context, people["centre"], clock, candidates=25, first=300, title="第二场")
    fit = list_calibratable(context, small.id, actor=root)
    assert [one.title for one in fit] == ["小场", "十一月第一场", "第二场"]
    found = [small, other]
    both = request_calibration(context, [one.id for one in found], least_responses=10, actor=root)
    assert work_on(context, both)
    assert view_cohort(context, both, actor=root).run.state is RunState.READY
    accept_calibration(context, both, actor=root)
    for attempt in ("0200", "0300"):
        assert concluded_result(context, f"candidate-{attempt}", f"attempt-{attempt}")
    assert [run.id for run in list_runs(context, small.id, actor=root)] == [both, run_id]


def test_an_error_nobody_foresaw_is_told_and_keeps_the_results_held(
    context: ServiceContext,
    session: ExamSession,
    root: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_id = ask(context, session, root)

    def break_off(*_: object) -> None:
        raise KeyError("something")

    monkeypatch.setattr("certify.services.calibrating_sessions.calibrate_items", break_off)
    assert work_on(context, run_id)
    monkeypatch.undo()
    failed = get_run(context, run_id, actor=root)
    assert failed.state is RunState.FAILED and failed.problem is not None
    assert "broke off" in str(failed.problem["template"])
    assert work_on(context, ask(context, session, root))


def test_only_administrators_calibrate(
    context: ServiceContext, session: ExamSession, root: Actor, people: People
) -> None:
    run_id = ask(context, session, root)
    for role in ("student", "teacher", "auditor", "centre"):
        actor = acting(people[role])
        for attempt in (
            lambda who=actor: ask(context, session, who),
            lambda who=actor: list_runs(context, session.id, actor=who),
            lambda who=actor: list_calibratable(context, session.id, actor=who),
            lambda who=actor: get_run(context, run_id, actor=who),
            lambda who=actor: view_cohort(context, run_id, actor=who),
            lambda who=actor: stop_calibration(context, run_id, actor=who),
            lambda who=actor: resume_calibration(context, run_id, actor=who),
            lambda who=actor: accept_calibration(context, run_id, actor=who),
            lambda who=actor: reject_calibration(context, run_id, reason="x", actor=who),
            lambda who=actor: abandon_calibration(context, session.id, reason="x", actor=who),
        ):
            with pytest.raises(NotPermitted):
                attempt()
    with pytest.raises(NotFound):
        get_run(context, "unknown", actor=root)
    with pytest.raises(NotFound):
        request_calibration(context, ["unknown"], actor=root)
    with pytest.raises(InvalidField):
        request_calibration(context, [], actor=root)
    with pytest.raises(InvalidField):
        request_calibration(context, [session.id], least_responses=1, actor=root)
    with pytest.raises(InvalidField):
        abandon_calibration(context, session.id, reason="", actor=root)


def test_provisional_decisions_go_on_being_taken_by_the_job(
    context: ServiceContext, session: ExamSession
) -> None:
    """Held results issue no certificate, however they are decided."""
    assert conclude_ended_attempts(context) == 0
    with context.database.reading() as work:
        assert work.results.get("attempt-0005") is not None
        assert work.credentials.of_attempt("attempt-0005") is None


def test_an_altered_calibration_is_refused(
    context: ServiceContext, session: ExamSession, root: Actor
) -> None:
    run_id = ask(context, session, root)
    work_on(context, run_id)
    accept_calibration(context, run_id, actor=root)
    fresh = replace(context, calibrations=type(context.calibrations)())
    record = view_cohort(context, run_id, actor=root).record
    assert record is not None
    with pytest.raises(NotFound), fresh.database.reading() as work:
        fresh.calibrations.record(work, "0" * 64)
    assert replay_record(fresh, "attempt-0000").is_same
