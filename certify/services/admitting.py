"""A candidate at the door of a session: enters with the access code, waits, starts, and is seen.

The attempt's id stands in the seat from the beginning, so that a repeated step leads to the same
attempt. What is refused uses nothing up.
"""

import datetime as dt
from dataclasses import dataclass

from certify.errors import NotFound
from certify.exams.admission_errors import NotAdmitted, OtherExamRunning, SessionNotOpen
from certify.exams.attempt import Attempt, AttemptState
from certify.exams.commands import Transition
from certify.exams.exam_session import (
    ExamSession,
    SessionSeat,
    Visit,
    check_entry,
    check_place,
    check_start,
    level_of,
)
from certify.exams.terms import ExamTerms, PartTerms
from certify.services.context import ServiceContext
from certify.services.delivering import change_own, let_time_pass, note, own_attempt
from certify.services.examining import programme_of
from certify.services.planning_exposure import plan_digest
from certify.services.ports import AttemptEntry, SessionNotice, UnitOfWork
from certify.services.retaking import earlier_answers
from certify.services.serving import is_break_over
from certify.services.session_papers import has_adaptive_part, parts_of
from rubrics.catalogue import Programme

SEEN_EVERY = dt.timedelta(seconds=60)
"""How often a candidate's presence is written down at most."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session as its candidate sees it. `state` is None before entry.

    `parts` are those of the seat's level, else of the session's first.
    """

    session: ExamSession
    seat: SessionSeat
    programme: Programme
    state: AttemptState | None
    now: dt.datetime
    parts: tuple[PartTerms, ...]


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a waiting or running page asks every few seconds: state, time, and what was said."""

    state: AttemptState
    remaining_seconds: float
    messages: tuple[SessionNotice, ...]


def list_sittings(context: ServiceContext, candidate_id: str) -> tuple[Sitting, ...]:
    """The candidate's sessions, the one that begins last first."""
    now = context.clock()
    with context.database.reading() as work:
        return tuple(
            _sitting(context, work, session, seat, now)
            for session, seat in work.sessions.of_candidate(candidate_id)
        )


def view_sitting(context: ServiceContext, candidate_id: str, session_id: str) -> Sitting:
    """One of the candidate's sessions. Raises NotFound for any other."""
    with context.database.reading() as work:
        session, seat = _own_seat(work, candidate_id, session_id)
        return _sitting(context, work, session, seat, context.clock())


def enter_session(
    context: ServiceContext,
    candidate_id: str,
    session_id: str,
    visit: Visit,
    *,
    code: str,
    level: str = "",
) -> None:
    """Register and admit; entering again changes nothing. Raises NotFound or AdmissionRefused."""
    with context.database.writing() as work:
        session, seat = _own_seat(work, candidate_id, session_id, lock=True)
        if work.attempts.get(seat.attempt_id) is not None:
            return
        now = context.clock()
        check_entry(session, seat, visit, code, now)
        chosen = level_of(session, seat, level)
        transition = Transition(Attempt(seat.attempt_id, candidate_id), now)
        transition.register(session.id, seat.extra_seconds, candidate_id)
        transition.admit(candidate_id)
        entry = AttemptEntry(
            transition.attempt, session.programme_code, session.programme_version, chosen
        )
        work.attempts.create(entry, transition.events)
        work.sessions.note_seen(seat.attempt_id, now)
        note(context, work, candidate_id, "attempt.admit", seat.attempt_id)
        work.commit()


def start_sitting(context: ServiceContext, candidate_id: str, session_id: str, visit: Visit) -> str:
    """Start the clock, or give the attempt that was started before; its id.

    The release is the session's; who starts late ends with the window. Raises NotFound or
    AdmissionRefused.
    """
    with context.database.reading() as work:
        session, seat = _own_seat(work, candidate_id, session_id)
        entry = work.attempts.entry(seat.attempt_id)
    if entry is None:
        raise NotAdmitted()
    if entry.attempt.started_at is not None:
        check_place(session, visit)
        return seat.attempt_id
    check_start(session, visit, context.clock())

    def begin(work: UnitOfWork, transition: Transition) -> None:
        if transition.attempt.started_at is not None:
            return
        if work.attempts.running_of(candidate_id, session.programme_code) is not None:
            raise OtherExamRunning()
        transition.start(_terms(context, work, session, seat, entry.level))
        note(context, work, candidate_id, "attempt.start", seat.attempt_id)

    change_own(context, candidate_id, seat.attempt_id, begin)
    return seat.attempt_id


def begin_part(context: ServiceContext, candidate_id: str, attempt_id: str) -> None:
    """End a break early; outside of a break nothing changes. Raises NotFound."""

    def begin(work: UnitOfWork, transition: Transition) -> None:
        transition.close_if_due()
        if transition.attempt.break_since is None or transition.attempt.is_over:
            return
        transition.start_part()

    change_own(context, candidate_id, attempt_id, begin)


def check_visit(context: ServiceContext, candidate_id: str, attempt_id: str, visit: Visit) -> None:
    """Whether an exam may be gone on with at this place; an exam outside sessions may anywhere.

    Raises NotFound unless it is the candidate's own, or what `check_place` does.
    """
    with context.database.reading() as work:
        attempt = own_attempt(work, candidate_id, attempt_id)
        session = work.sessions.get(attempt.session_id) if attempt.session_id else None
    if session is not None:
        check_place(session, visit)


def take_pulse(context: ServiceContext, candidate_id: str, attempt_id: str) -> Pulse:
    """State, time and messages; the candidate counts as seen. Raises NotFound."""
    now = context.clock()
    with context.database.reading() as work:
        attempt = own_attempt(work, candidate_id, attempt_id)
        messages: tuple[SessionNotice, ...] = ()
        seen_at = None
        if attempt.session_id:
            seat = work.sessions.seat(attempt.session_id, candidate_id)
            said = work.sessions.notices(attempt.session_id, public_only=True)
            room = seat.room if seat else ""
            messages = tuple(notice for notice in said if notice.room in ("", room))
            seen_at = work.sessions.seen_at(attempt_id)
    if attempt.session_id and (seen_at is None or now - seen_at >= SEEN_EVERY):
        with context.database.writing() as work:
            work.sessions.note_seen(attempt_id, now)
            work.commit()
    if is_break_over(attempt, now):
        attempt = change_own(context, candidate_id, attempt_id, let_time_pass)
    return Pulse(attempt.state_at(now), attempt.remaining_seconds(now), messages)


def _terms(
    context: ServiceContext,
    work: UnitOfWork,
    session: ExamSession,
    seat: SessionSeat,
    level: str,
) -> ExamTerms:
    if not session.release_digest:
        raise SessionNotOpen()
    release = session.release_digest
    programme = programme_of(context, session.programme_code, session.programme_version)
    seed = context.random_bytes(16).hex()
    form = session.paper.form_of(session.id, seat.room, seat.seat, seed) if session.paper else ""
    parts = parts_of(context, work, session, programme, level, form)
    # an item that is on the form counts as it is answered now
    answered_now = context.shelf.item_ids(work, form) if form else frozenset()
    earlier = earlier_answers(work, seat.candidate_id, programme.code, context.clock())
    return ExamTerms(
        programme_code=programme.code,
        programme_version=programme.version,
        level=level,
        release_digest=release,
        seed=seed,
        parts=parts,
        window_end=session.ends_at,
        exposure_digest=plan_digest(context, work, programme, level, release)
        if has_adaptive_part(session)
        else "",
        earlier=tuple(answer for answer in earlier if answer.item_id not in answered_now),
    )


def _sitting(
    context: ServiceContext,
    work: UnitOfWork,
    session: ExamSession,
    seat: SessionSeat,
    now: dt.datetime,
) -> Sitting:
    attempt = work.attempts.get(seat.attempt_id)
    programme = programme_of(context, session.programme_code, session.programme_version)
    state = attempt.state_at(now) if attempt else None
    # parallel forms are equally long
    form = session.paper.forms[0] if session.paper else ""
    parts = parts_of(context, work, session, programme, seat.level or session.levels[0], form)
    return Sitting(session, seat, programme, state, now, parts)


def _own_seat(
    work: UnitOfWork, candidate_id: str, session_id: str, *, lock: bool = False
) -> tuple[ExamSession, SessionSeat]:
    """A session without a seat for the candidate looks exactly like none."""
    session = work.sessions.get(session_id)
    seat = work.sessions.seat(session_id, candidate_id, lock=lock)
    if session is None or seat is None:
        raise NotFound(kind="Exam session", identifier=session_id)
    return session, seat
