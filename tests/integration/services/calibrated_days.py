"""A closed session that waits for its calibration, sat by many at once.

The exams go through the pure engine and are stored whole: what is tested begins after the end.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from random import Random

from certify.exams.adaptive import AdaptiveExam, NextItem, next_step
from certify.exams.attempt import Attempt
from certify.exams.commands import Transition
from certify.exams.exam_session import ExamRoom, ExamSession, ResultMode, SessionSeat
from certify.exams.terms import ExamTerms, PartTerms
from certify.services.context import ServiceContext
from certify.services.deciding import decide_if_ended
from certify.services.examining import exam_of
from certify.services.planning_exposure import plan_digest
from certify.services.ports import AttemptEntry, Person, StoredRelease
from certify.services.releasing import newest_release
from certify.services.scheduling import close_session, create_session, open_session
from question_bank.bank import compose_release
from question_bank.item import Item, ItemStatus
from tests.factories import Candidate, answer, serve
from tests.fakes import FakeClock
from tests.integration.services.session_days import PROGRAMME, make_draft

LEVEL = "proficient"
EXPERTS_ERR = 0.7
FEW = {"novice": 9, "proficient": 12, "elite": 5}
"""Items of each dimension and level in the release."""
TITLE = "校准"
ITEMS = 32
"""After so many items everybody hands in."""


def sat_session(
    context: ServiceContext,
    centre: Person,
    clock: FakeClock,
    *,
    candidates: int = 40,
    first: int = 0,
    title: str = "十一月第一场",
) -> ExamSession:
    """A session of the mode "calibrate", held, sat and closed."""
    draft = make_draft(
        context,
        centre,
        title=title,
        result_mode=ResultMode.CALIBRATE,
        rooms=(ExamRoom("第一考场", 500),),
    )
    session = create_session(context, draft, centre)
    publish_few_items(context)
    seats = [seat_candidate(context, session, first + number) for number in range(candidates)]
    session = open_session(context, session.id, centre)
    clock.now = session.starts_at
    for number, seat in enumerate(seats):
        store_exam(context, session, seat, first + number)
    clock.now = session.ends_at + dt.timedelta(minutes=1)
    return close_session(context, session.id, centre)


def publish_few_items(context: ServiceContext) -> None:
    """A release of a part of the bank, so that few candidates answer each item often enough."""
    with context.database.reading() as work:
        newest = newest_release(work)
        if newest.title == TITLE:
            return
        whole = context.shelf.release(work, newest.digest, context.skill_model)
    taken: Counter[tuple[str, str]] = Counter()
    chosen = []
    for version in whole.items:
        place = (version.item.dimension, version.item.level)
        if version.status is ItemStatus.OPERATIONAL and taken[place] < FEW[version.item.level]:
            taken[place] += 1
            chosen.append(version)
    release = compose_release(
        chosen, title=TITLE, created_at=context.clock(), model=context.skill_model
    )
    stored = StoredRelease(release.digest, TITLE, len(chosen), release.created_at, "zhang")
    with context.database.writing() as work:
        held = [(one.item.id, one.version, one.status.value) for one in release.items]
        work.releases.add(stored, release.content, held)
        work.commit()


def seat_candidate(context: ServiceContext, session: ExamSession, number: int) -> SessionSeat:
    """An account that nobody signs in to, and its seat."""
    person = Person(
        id=f"candidate-{number:04d}",
        username=f"candidate-{number:04d}",
        display_name=f"考生{number:04d}",
        roles=frozenset({"student"}),
        experience_months=12,
        is_active=True,
        created_at=context.clock(),
    )
    seat = SessionSeat(
        session_id=session.id,
        candidate_id=person.id,
        admission_number=f"2026{number:08d}",
        room="第一考场",
        seat=str(number + 1),
        extra_seconds=0,
        level=LEVEL,
        attempt_id=f"attempt-{number:04d}",
    )
    with context.database.writing() as work:
        if work.people.get(person.id) is None:
            work.people.add(person, "")
        work.sessions.add_seats([seat])
        work.commit()
    return seat


def store_exam(
    context: ServiceContext, session: ExamSession, seat: SessionSeat, number: int
) -> None:
    """One whole exam, answered with items harder or easier than the experts think, and decided."""
    programme = context.programmes[PROGRAMME]
    with context.database.reading() as work:
        plan = plan_digest(context, work, programme, LEVEL, session.release_digest)
        terms = ExamTerms(
            programme_code=programme.code,
            programme_version=programme.version,
            level=LEVEL,
            release_digest=session.release_digest,
            seed=f"{number:032x}",
            parts=(PartTerms("theory", 7200),),
            exposure_digest=plan,
        )
        exam = exam_of(context, work, terms)
    attempt = Attempt(seat.attempt_id, seat.candidate_id)
    transition = Transition(attempt, context.clock())
    transition.register(session.id, 0, seat.candidate_id)
    transition.admit(seat.candidate_id)
    transition.start(terms)
    answers_rightly = candidate_of(exam, number)
    while len(transition.attempt.served) < ITEMS:
        step = next_step(transition.attempt, exam)
        assert isinstance(step, NextItem)
        serve(transition, step.item, is_pretest=step.is_pretest)
        answer(transition, step.item, answers_rightly(step.item))
    transition.hand_in()
    entry = AttemptEntry(transition.attempt, programme.code, programme.version, LEVEL)
    with context.database.writing() as work:
        assert work.attempts.create(entry, transition.events)
        work.commit()
    assert decide_if_ended(context, seat.attempt_id)


def candidate_of(exam: AdaptiveExam, number: int) -> Candidate:
    """Answers by an ability of one's own, to items as they really are."""
    random, pool = Random(number), exam.pool
    theta = random.gauss(0.4, 0.8)

    def answers_rightly(item: Item) -> bool:
        if item.id not in pool.index_of:
            return random.random() < 0.5
        index = pool.index_of[item.id]
        b = float(pool.parameters.b[index]) + Random(item.id).gauss(0.0, EXPERTS_ERR)
        c = float(pool.parameters.c[index])
        return random.random() < c + (1.0 - c) / (1.0 + math.exp(-1.2 * (theta - b)))

    return answers_rightly
