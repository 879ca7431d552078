"""Calibrations: one worker a run, one accepted result an attempt, and what was first stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from certify.exams.exam_session import ExamRoom, ExamSession
from certify.services.ports import (
    CalibrationRun,
    RescoredResult,
    RunStage,
    RunState,
    SatAttempt,
    StoredCalibration,
)
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import AT, DIGEST, add_attempts, begin, later, make_result

RUN = CalibrationRun(
    id="r1",
    session_ids=("s1", "s2"),
    release_digest=DIGEST,
    programme_code="cbec",
    programme_version=1,
    options={"least_responses": 30},
    author="root",
    requested_at=AT,
)
CALIBRATION = StoredCalibration("c" * 64, DIGEST, "root", AT, "e" * 64, b'{"items":[]}')


def rescored(attempt_id: str = "a1", run_id: str = "r1", **changes: Any) -> RescoredResult:
    values: dict[str, Any] = {
        "run_id": run_id,
        "attempt_id": attempt_id,
        "calibration_digest": CALIBRATION.digest,
        "placings": {"before": {"theta": 0.1}, "after": {"theta": 0.2}},
        "transcript": b'{"again":true}',
        "transcript_sha256": "f" * 64,
        "decision": {"placed_level": "elite"},
        "decided_at": later(60),
    }
    return RescoredResult(**{**values, **changes})


@pytest.fixture
def filled(database: SqlDatabase) -> SqlDatabase:
    """Two sessions, two decided attempts, a run."""
    transitions = (begin("a1"), begin("a2", "p2"))
    for transition in transitions:
        transition.hand_in()
    add_attempts(database, *transitions)
    with database.writing() as work:
        for session_id in RUN.session_ids:
            work.sessions.add(make_session(session_id), AT)
        for attempt_id in ("a1", "a2"):
            assert work.results.add(make_result(attempt_id))
        work.calibrations.add_run(RUN)
        assert work.calibrations.add(CALIBRATION)
        work.commit()
    return database


def make_session(session_id: str) -> ExamSession:
    return ExamSession(
        id=session_id,
        title="第一场",
        centre_id="p1",
        programme_code="cbec",
        programme_version=1,
        levels=("novice",),
        starts_at=AT,
        ends_at=later(3600),
        late_seconds=0,
        rooms=(ExamRoom("1", 10),),
        access_code="ABCDEF",
    )


def test_a_run_comes_back_with_its_sessions(filled: SqlDatabase) -> None:
    with filled.reading() as work:
        assert work.calibrations.run("r1") == RUN
        assert work.calibrations.run("unknown") is None
        assert work.calibrations.runs_of("s2") == (RUN,)
        assert work.calibrations.runs_of("s3") == ()
        assert work.calibrations.content(CALIBRATION.digest) == CALIBRATION.content
        assert work.calibrations.content("0" * 64) is None


def test_a_calibration_is_stored_once(filled: SqlDatabase) -> None:
    with filled.writing() as work:
        assert not work.calibrations.add(replace(CALIBRATION, author="other"))
        work.commit()


def test_one_worker_at_a_time_and_another_once_it_is_silent(filled: SqlDatabase) -> None:
    with filled.writing() as work:
        runs = work.calibrations
        assert runs.to_work_on(AT) == ("r1",)
        assert runs.claim("r1", "w1", AT, later(60))
        assert not runs.claim("r1", "w2", later(59), later(120))
        assert runs.to_work_on(later(59)) == ()
        assert runs.report("r1", "w1", RunStage.ESTIMATING, 3, 0, later(100))
        assert not runs.claim("r1", "w2", later(61), later(120))
        assert runs.to_work_on(later(101)) == ("r1",)
        assert runs.claim("r1", "w2", later(101), later(160))
        assert not runs.report("r1", "w1", RunStage.ESTIMATING, 4, 0, later(200))
        found = runs.run("r1", lock=True)
        assert found is not None and found.state is RunState.RUNNING
        assert (found.stage, found.done, found.total) == (RunStage.ESTIMATING, 3, 0)
        work.commit()


def test_a_worker_hears_that_it_is_to_stop(filled: SqlDatabase) -> None:
    with filled.writing() as work:
        runs = work.calibrations
        assert runs.claim("r1", "w1", AT, later(60))
        runs.change("r1", is_to_stop=True)
        assert not runs.report("r1", "w1", RunStage.RESCORING, 1, 2, later(60))
        runs.change("r1", state=RunState.STOPPED.value, is_to_stop=False)
        assert runs.to_work_on(later(600)) == ()
        assert not runs.claim("r1", "w1", later(600), later(700))
        runs.change("r1", state=RunState.WAITING.value)
        assert runs.claim("r1", "w1", later(600), later(700))
        work.commit()


def test_a_result_counts_once_it_is_accepted_and_the_first_one_stays(filled: SqlDatabase) -> None:
    with filled.writing() as work:
        work.calibrations.add_results([rescored()])
        work.commit()
    with filled.reading() as work:
        assert work.calibrations.rescored_ids("r1") == {"a1"}
        assert list(work.calibrations.results("r1")) == [rescored()]
        assert work.calibrations.placings("r1") == (("a1", rescored().placings),)
        assert work.results.get("a1") == make_result("a1")
    with filled.writing() as work:
        assert work.calibrations.accept_results("r1", later(90)) == 1
        assert work.calibrations.accept_results("r1", later(95)) == 0
        work.commit()
    with filled.reading() as work:
        found = work.results.get("a1")
        assert found is not None and found.calibration_digest == CALIBRATION.digest
        assert found.transcript == b'{"again":true}' and found.decided_at == later(60)
        assert found.decision == {"placed_level": "elite"}
        assert work.results.get("a2") == make_result("a2")
        assert work.results.provisional(["a1"]) == {"a1": make_result("a1")}
        assert work.results.provisional([]) == {}
        newest = list(work.results.newest(9))
    assert SatAttempt("a1", "p1", "novice", b'{"again":true}') in newest


def test_an_attempt_has_one_accepted_result(filled: SqlDatabase) -> None:
    with filled.writing() as work:
        work.calibrations.add_run(replace(RUN, id="r2", session_ids=("s1",)))
        work.calibrations.add_results([rescored(), rescored(run_id="r2")])
        work.calibrations.accept_results("r1", AT)
        work.commit()
    with filled.writing() as work, pytest.raises(IntegrityError):
        work.calibrations.accept_results("r2", AT)


def test_an_attempt_is_decided_again_once_a_run(filled: SqlDatabase) -> None:
    with filled.writing() as work, pytest.raises(IntegrityError):
        work.calibrations.add_results([rescored(), rescored()])


def test_posteriors_of_a_session_are_those_that_count(filled: SqlDatabase) -> None:
    voided = begin("a3", "p3")
    voided.hand_in()
    voided.void("copied", "ann")
    add_attempts(filled, voided)
    for_both = [rescored(one, decision={"posterior": {"none": 1.0}}) for one in ("a1", "a2", "a3")]
    with filled.writing() as work:
        assert work.results.add(make_result("a3"))
        work.calibrations.add_results(for_both)
        work.calibrations.accept_results("r1", AT)
        work.commit()
    with filled.reading() as work:
        # the attempts were sat outside of sessions
        assert work.results.posteriors_of_session("") == ({"none": 1.0},) * 2
        assert work.results.posteriors_of_session("s1") == ()
