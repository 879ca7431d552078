"""Exam sessions: planned and changed until they are opened, then open, closed, results released.

Centres keep their own sessions, administrators all of them; somebody else's session looks exactly
like none.
"""

import datetime as dt
import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from certify.errors import (
    InvalidField,
    NotFound,
    Phrase,
    SessionAwaitsCalibration,
    SessionRunning,
    SessionStarted,
    SessionWithoutCandidates,
)
from certify.exams.admission_errors import SessionOver
from certify.exams.exam_session import ExamRoom, ExamSession, ResultMode, SessionState
from certify.exams.session_paper import SessionPaper
from certify.services.acting import ADMINISTRATOR
from certify.services.context import ServiceContext
from certify.services.delivering import close_if_due
from certify.services.examining import open_programme_of
from certify.services.planning_exposure import plan_digest, plan_release
from certify.services.ports import Page, Person, SessionCount, UnitOfWork
from certify.services.releasing import newest_release
from certify.services.session_papers import find_paper_faults, has_adaptive_part, release_of
from certify.services.versioning import note_event

CENTRE = "centre"
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are mistaken for one another on a blackboard."""
CODE_LENGTH = 6
LONGEST_TITLE = 80
LONGEST_ROOM = 40
MOST_ROOMS, MOST_SEATS = 200, 1000
MOST_LATE_MINUTES = 240
LONGEST_SESSION = dt.timedelta(hours=24)
MOST_ENTRIES = 50
"""Of networks and of keys."""
MOST_CENTRES = 500
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """What the planner of a session decides."""

    title: str
    centre_id: str
    programme_code: str
    levels: tuple[str, ...]
    starts_at: dt.datetime
    ends_at: dt.datetime
    late_minutes: int
    rooms: tuple[ExamRoom, ...]
    networks: tuple[str, ...] = ()
    config_keys: tuple[str, ...] = ()
    exam_keys: tuple[str, ...] = ()
    result_mode: ResultMode = ResultMode.AT_ONCE
    paper: SessionPaper | None = None


def list_centres(context: ServiceContext) -> tuple[Person, ...]:
    """Everybody who keeps sessions of a test centre, by user name."""
    with context.database.reading() as work:
        page = work.people.page(text="", role=CENTRE, number=1, size=MOST_CENTRES)
    return tuple(person for person in page.rows if person.is_active)


def list_sessions(context: ServiceContext, by: Person, *, number: int = 1, size: int = 20) -> Page:
    """The sessions that somebody keeps, the one that begins last first."""
    centre_id = "" if ADMINISTRATOR in by.roles else by.id
    with context.database.reading() as work:
        return work.sessions.page(centre_id=centre_id, number=number, size=size)


def get_session(context: ServiceContext, session_id: str, by: Person) -> ExamSession:
    """A session that somebody keeps. Raises NotFound."""
    with context.database.reading() as work:
        return kept_session(work, session_id, by)


def count_session(context: ServiceContext, session_id: str, by: Person) -> SessionCount:
    """How many have a seat, started and are over. Raises NotFound."""
    with context.database.reading() as work:
        return work.sessions.count(kept_session(work, session_id, by).id)


def kept_session(
    work: UnitOfWork, session_id: str, by: Person, *, lock: bool = False
) -> ExamSession:
    """The session if `by` keeps it. Raises NotFound."""
    session = work.sessions.get(session_id, lock=lock)
    is_own = session is not None and CENTRE in by.roles and session.centre_id == by.id
    if session is None or not (is_own or ADMINISTRATOR in by.roles):
        raise NotFound(kind="Exam session", identifier=session_id)
    return session


def create_session(context: ServiceContext, draft: SessionDraft, by: Person) -> ExamSession:
    """Plan a session; its access codes are drawn here. Raises InvalidField."""
    draft = _owned(draft, by)
    _check(context, draft)
    session = _planned(context, draft, context.new_id(), None)
    with context.database.writing() as work:
        work.sessions.add(session, context.clock())
        note_event(context, work, by.username, "session.create", session.id, session.title)
        work.commit()
    return session


def edit_session(
    context: ServiceContext, session_id: str, draft: SessionDraft, by: Person
) -> ExamSession:
    """Change a planned session; codes stay. Raises NotFound, SessionStarted or InvalidField."""
    draft = _owned(draft, by)
    _check(context, draft)
    with context.database.writing() as work:
        before = kept_session(work, session_id, by, lock=True)
        _require_planned(before)
        session = _planned(context, draft, before.id, before)
        missing = {seat.room for seat in work.sessions.seats(session_id)} - {
            room.name for room in session.rooms
        }
        if missing:
            raise _unfit("rooms", "the rooms that candidates sit in", "、".join(sorted(missing)))
        work.sessions.update(session)
        note_event(context, work, by.username, "session.edit", session.id, session.title)
        work.commit()
    return session


def open_session(context: ServiceContext, session_id: str, by: Person) -> ExamSession:
    """Pin the newest release, or the paper's, and let candidates in from the time of entry on.

    Raises NotFound, SessionStarted, SessionWithoutCandidates, SessionOver, NoRelease or
    BlueprintNotSatisfiable.
    """
    with context.database.reading() as work:
        planned = kept_session(work, session_id, by)
        _require_planned(planned)
        release = _release_for(work, planned)
    if has_adaptive_part(planned):
        # tuning takes seconds, and nothing is locked meanwhile
        plan_release(context, release)
    with context.database.writing() as work:
        session = kept_session(work, session_id, by, lock=True)
        _require_planned(session)
        if not work.sessions.count(session_id).seats:
            raise SessionWithoutCandidates()
        now = context.clock()
        if now >= session.ends_at:
            raise SessionOver()
        programme = open_programme_of(context, session.programme_code)
        release = _release_for(work, session)
        for level in session.levels if has_adaptive_part(session) else ():
            plan_digest(context, work, programme, level, release)
        opened = replace(
            session,
            opened_at=now,
            release_digest=release,
            programme_version=programme.version,
        )
        work.sessions.update(opened)
        note_event(context, work, by.username, "session.open", session_id, release)
        work.commit()
    return opened


def close_session(context: ServiceContext, session_id: str, by: Person) -> ExamSession:
    """Nobody is let in any more. Raises NotFound, SessionStarted or SessionRunning."""
    with context.database.reading() as work:
        kept_session(work, session_id, by)
        running = [
            entry.attempt.id
            for entry in work.sessions.entries(session_id)
            if entry.attempt and entry.attempt.started_at and not entry.attempt.is_over
        ]
    still = [attempt_id for attempt_id in running if not close_if_due(context, attempt_id)]
    if still:
        raise SessionRunning(count=len(still))
    with context.database.writing() as work:
        session = kept_session(work, session_id, by, lock=True)
        if session.state is not SessionState.OPEN:
            raise SessionStarted()
        closed = replace(session, closed_at=context.clock())
        work.sessions.update(closed)
        note_event(context, work, by.username, "session.close", session_id, session.title)
        work.commit()
    return closed


def release_results(context: ServiceContext, session_id: str, by: Person) -> ExamSession:
    """Let candidates see held results; repeating it changes nothing.

    Raises NotFound or SessionAwaitsCalibration.
    """
    with context.database.writing() as work:
        session = kept_session(work, session_id, by, lock=True)
        if not session.holds_results:
            return session
        if session.result_mode is ResultMode.CALIBRATE:
            raise SessionAwaitsCalibration()
        released = replace(session, released_at=context.clock())
        work.sessions.update(released)
        note_event(context, work, by.username, "session.release", session_id, session.title)
        work.commit()
    return released


def find_draft_faults(context: ServiceContext, draft: SessionDraft) -> tuple[InvalidField, ...]:
    """Every field that does not fit, so that one correction is enough."""
    return tuple(_faults(context, draft))


def _faults(context: ServiceContext, draft: SessionDraft) -> Iterator[InvalidField]:
    if not 0 < len(draft.title) <= LONGEST_TITLE or not draft.title.isprintable():
        expected = Phrase("1 to {highest} characters", {"highest": LONGEST_TITLE})
        yield InvalidField(field="title", expected=expected, found=repr(draft.title[:90]))
    with context.database.reading() as work:
        centre = work.people.get(draft.centre_id)
    if centre is None or CENTRE not in centre.roles:
        yield _unfit("centre_id", "a test centre", draft.centre_id)
    programme = {p.code: p for p in context.programmes.values()}.get(draft.programme_code)
    if programme is None or not draft.levels or set(draft.levels) - set(programme.exams):
        yield _unfit("levels", "levels of the programme", ", ".join(draft.levels))
    if not draft.starts_at < draft.ends_at <= draft.starts_at + LONGEST_SESSION:
        yield _unfit("ends_at", "an end within 24 hours of the beginning", draft.ends_at)
    if not 0 <= draft.late_minutes <= MOST_LATE_MINUTES:
        expected = Phrase("{lowest} to {highest}", {"lowest": 0, "highest": MOST_LATE_MINUTES})
        yield InvalidField(field="late_minutes", expected=expected, found=draft.late_minutes)
    if not _are_rooms(draft.rooms):
        yield _unfit("rooms", "rooms with different names and their seats", len(draft.rooms))
    if len(draft.networks) > MOST_ENTRIES or not all(map(_is_network, draft.networks)):
        yield _unfit("networks", "networks such as 10.1.0.0/16", ", ".join(draft.networks)[:90])
    for name, keys in (("config_keys", draft.config_keys), ("exam_keys", draft.exam_keys)):
        if len(keys) > MOST_ENTRIES or not all(map(_KEY.fullmatch, keys)):
            yield _unfit(name, "keys of 64 hexadecimal digits", ", ".join(keys)[:90])
    if draft.paper is not None and programme is not None:
        with context.database.reading() as work:
            yield from find_paper_faults(context, work, draft.paper, programme, draft.levels)


def _release_for(work: UnitOfWork, session: ExamSession) -> str:
    """The digest of the release that the exams of a session are sat on. Raises NoRelease."""
    return release_of(work, session.paper) if session.paper else newest_release(work).digest


def _check(context: ServiceContext, draft: SessionDraft) -> None:
    for fault in _faults(context, draft):
        raise fault


def _owned(draft: SessionDraft, by: Person) -> SessionDraft:
    """A centre plans its own sessions only."""
    return draft if ADMINISTRATOR in by.roles else replace(draft, centre_id=by.id)


def _planned(
    context: ServiceContext, draft: SessionDraft, session_id: str, before: ExamSession | None
) -> ExamSession:
    programme = open_programme_of(context, draft.programme_code)
    codes = {room.name: room.access_code for room in before.rooms} if before else {}
    rooms = tuple(
        replace(room, access_code=codes.get(room.name) or draw_code(context))
        for room in draft.rooms
    )
    return ExamSession(
        id=session_id,
        title=draft.title,
        centre_id=draft.centre_id,
        programme_code=programme.code,
        programme_version=programme.version,
        levels=draft.levels,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        late_seconds=draft.late_minutes * 60,
        rooms=rooms,
        access_code=before.access_code if before else draw_code(context),
        networks=draft.networks,
        config_keys=draft.config_keys,
        exam_keys=draft.exam_keys,
        result_mode=draft.result_mode,
        paper=draft.paper,
    )


def draw_code(context: ServiceContext) -> str:
    """An access code; nobody guesses one of 900 million under the limit of tries."""
    drawn = int.from_bytes(context.random_bytes(16))
    letters = []
    for _ in range(CODE_LENGTH):
        drawn, letter = divmod(drawn, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[letter])
    return "".join(letters)


def _require_planned(session: ExamSession) -> None:
    if session.state is not SessionState.PLANNED:
        raise SessionStarted()


def _are_rooms(rooms: Sequence[ExamRoom]) -> bool:
    names = {room.name for room in rooms}
    return (
        0 < len(rooms) <= MOST_ROOMS
        and len(names) == len(rooms)
        and all(0 < len(name) <= LONGEST_ROOM and name.isprintable() for name in names)
        and all(0 < room.seats <= MOST_SEATS for room in rooms)
    )


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _unfit(name: str, expected: str, found: object) -> InvalidField:
    return InvalidField(field=name, expected=Phrase(expected), found=found)
