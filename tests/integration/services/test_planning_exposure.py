"""Exposure plans: one for every exam of a release, whoever asks first, whatever goes wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certify.exams import exposure_tuning
from certify.exams.errors import BlueprintNotSatisfiable, CorruptExposurePlan
from certify.exams.exposure_plan import read_plan
from certify.services import planning_exposure
from certify.services.context import ServiceContext
from certify.services.delivering import start_attempt, view_attempt
from certify.services.examining import OPEN, exam_of
from certify.services.planning_exposure import plan_newest_release, plan_release
from certify.services.ports import Person
from certify.services.release_shelf import ReleaseShelf
from certify.services.releasing import list_releases, publish_release
from certify.storage.database import SqlDatabase
from certify.storage.rows.exams import exposure_plan
from tests.authors import WRITER
from tests.fakes import FakeClock
from tests.integration.services.sitting import PROGRAMME


@pytest.fixture(autouse=True)
def few_examinees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposure_tuning, "EXAMINEES", 300)
    monkeypatch.setattr(exposure_tuning, "_TUNED", {})


def restarted(context: ServiceContext) -> ServiceContext:
    """As another process sees the same installation."""
    return replace(context, shelf=ReleaseShelf())


def exams_of(context: ServiceContext) -> int:
    return sum(len(p.exams) for p in context.programmes.values() if p.status == OPEN)


def test_every_exam_of_a_release_is_planned_once(context: ServiceContext) -> None:
    (release,) = list_releases(context)
    assert plan_newest_release(context) == exams_of(context) > 1
    assert plan_newest_release(context) == plan_release(context, release.digest) == 0
    with context.database.reading() as work:
        for programme in context.programmes.values():
            for level in programme.exams if programme.status == OPEN else ():
                place = (release.digest, programme.code, programme.version, level)
                digest = work.exposure_plans.digest_for(*place)
                assert digest is not None
                content = work.exposure_plans.content(digest)
                assert content is not None
                assert read_plan(content, digest).digest == digest


def test_without_a_release_there_is_nothing_to_plan(context: ServiceContext) -> None:
    (release,) = list_releases(context)
    with context.database.writing() as work:
        assert work.releases.delete(release.digest)
        work.commit()
    assert plan_newest_release(context) == 0


def test_an_attempt_is_drawn_by_the_plan_that_its_terms_name(
    context: ServiceContext, student: Person
) -> None:
    attempt_id = start_attempt(context, student.id, PROGRAMME, "novice")
    with context.database.reading() as work:
        attempt = work.attempts.get(attempt_id)
        assert attempt is not None
        terms = attempt.started_terms
        stored = work.exposure_plans.digest_for(
            terms.release_digest, terms.programme_code, terms.programme_version, terms.level
        )
        exam = exam_of(restarted(context), work, terms)
    assert terms.exposure_digest == stored
    assert exam.plan is not None
    assert exam.plan.digest == stored


def test_a_release_of_the_same_items_can_be_sat_as_well(
    context: ServiceContext, student: Person, people: dict[str, Person], clock: FakeClock
) -> None:
    """Its plan has the content, and so the digest, of the first release's."""
    first = start_attempt(context, student.id, PROGRAMME, "novice")
    clock.advance(seconds=1)
    publish_release(context, title="次日", actor=WRITER)
    plan_newest_release(context)
    second = start_attempt(context, people["teacher"].id, PROGRAMME, "novice")
    with context.database.reading() as work:
        terms = [work.attempts.get(one).started_terms for one in (first, second)]  # type: ignore[union-attr]
    assert terms[0].release_digest != terms[1].release_digest
    assert terms[0].exposure_digest == terms[1].exposure_digest


def test_a_newer_release_waits_until_its_exams_are_planned(
    context: ServiceContext,
    student: Person,
    people: dict[str, Person],
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A teacher publishes while a whole room starts: nobody waits for the tuning of its plans."""
    first = start_attempt(context, student.id, PROGRAMME, "novice")
    clock.advance(seconds=1)
    published = publish_release(context, title="考试当中", actor=WRITER)
    with monkeypatch.context() as patch:
        patch.setattr(planning_exposure, "tune_plan", fail)
        second = start_attempt(context, people["teacher"].id, PROGRAMME, "novice")
    plan_newest_release(context)
    third = start_attempt(context, people["auditor"].id, PROGRAMME, "novice")
    with context.database.reading() as work:
        releases = [
            attempt.started_terms.release_digest
            for attempt in map(work.attempts.get, (first, second, third))
            if attempt is not None
        ]
    assert releases[0] == releases[1] != published.digest
    assert releases[2] == published.digest


def test_a_plan_of_a_start_that_failed_is_not_relied_on(
    context: ServiceContext, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was rolled back must not be named by the attempts that follow."""
    with pytest.raises(RuntimeError), monkeypatch.context() as patch:
        patch.setattr("certify.services.delivering.note", fail)
        start_attempt(context, student.id, PROGRAMME, "novice")
    attempt_id = start_attempt(context, student.id, PROGRAMME, "novice")
    assert view_attempt(restarted(context), student.id, attempt_id).item is not None


def fail(*_: object) -> None:
    raise RuntimeError("the power is gone")


def test_an_exam_that_the_release_cannot_give_is_refused_and_left_out(
    context: ServiceContext, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BlueprintNotSatisfiable(where="exam", dimension="T", needed=9, found=0)

    monkeypatch.setattr(planning_exposure, "check_satisfiable", refuse)
    assert plan_newest_release(context) == 0
    with pytest.raises(BlueprintNotSatisfiable):
        start_attempt(context, student.id, PROGRAMME, "novice")
    with context.database.reading() as work:
        assert work.attempts.of_candidate(student.id) == ()


def test_an_altered_plan_is_not_used(context: ServiceContext, student: Person) -> None:
    attempt_id = start_attempt(context, student.id, PROGRAMME, "novice")
    database = context.database
    assert isinstance(database, SqlDatabase)
    with database.writing() as work:
        work._connection.execute(exposure_plan.update().values(content=b"{}"))
        work.commit()
    with pytest.raises(CorruptExposurePlan):
        view_attempt(restarted(context), student.id, attempt_id)
