"""The invigilator's board: who sits where and how far, and what may be done about it.

The board tells how many answers are saved, never whether one is right nor to which item. Every
action is noted in the audit trail, with the attempt it changed.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from certify.errors import InvalidField, NotFound, Phrase
from certify.exams.attempt import Attempt, AttemptState, EndReason
from certify.exams.commands import Transition
from certify.exams.errors import AttemptEnded, AttemptNotRunning
from certify.exams.exam_session import ExamSession
from certify.services.context import ServiceContext
from certify.services.delivering import change
from certify.services.ports import Person, SeatEntry, SessionNotice, UnitOfWork
from certify.services.scheduling import kept_session
from certify.services.versioning import note_event

EXPECTED: Final = "expected"
"""The state of a seat whose candidate has not entered."""
CONNECTED_FOR: Final = dt.timedelta(seconds=120)
"""Pages ask at least every minute; after two without a sign they count as gone."""
LONGEST_TEXT: Final = 300
MOST_MINUTES: Final = 240


class BoardAction(StrEnum):
    """What an invigilator may do to exams."""

    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    END = "end"


@dataclass(frozen=True, slots=True)
class SeatStatus:
    """One seat. `answered` counts saved answers; `remaining_seconds` is None before the start."""

    candidate_id: str
    admission_number: str
    name: str
    room: str
    seat: str
    state: str
    is_connected: bool
    answered: int
    remaining_seconds: float | None
    granted_seconds: int


@dataclass(frozen=True, slots=True)
class Board:
    """A room, or all rooms, at one moment. `counts` says how many seats are in each state."""

    session: ExamSession
    room: str
    seats: tuple[SeatStatus, ...]
    counts: Mapping[str, int]
    connected: int
    notices: tuple[SessionNotice, ...]
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many exams were changed, and how many could not be."""

    done: int
    skipped: int


def view_board(context: ServiceContext, session_id: str, by: Person, *, room: str = "") -> Board:
    """The board of a room; an empty or unknown room means all. Raises NotFound."""
    now = context.clock()
    with context.database.reading() as work:
        session = kept_session(work, session_id, by)
        chosen = room if session.room(room) else ""
        entries = work.sessions.entries(session_id, room=chosen)
        notices = work.sessions.notices(session_id)
    seats = tuple(_status(entry, now) for entry in entries)
    return Board(
        session=session,
        room=chosen,
        seats=seats,
        counts=Counter(seat.state for seat in seats),
        connected=sum(seat.is_connected for seat in seats),
        notices=tuple(n for n in notices if not chosen or n.room in ("", chosen)),
        now=now,
    )


def act_on_exams(
    context: ServiceContext,
    session_id: str,
    by: Person,
    action: BoardAction,
    *,
    candidate_ids: Sequence[str] = (),
    room: str = "",
    minutes: int = 0,
    reason: str = "",
) -> Outcome:
    """Pause, resume, extend or end the exams of some candidates; none named means all of a room.

    An exam that the action does not fit, because it has not begun or is over, is skipped. Raises
    NotFound or InvalidField.
    """
    reason = _clean(reason, "reason", is_needed=action is not BoardAction.RESUME)
    if action is BoardAction.EXTEND and not 1 <= minutes <= MOST_MINUTES:
        expected = Phrase("{lowest} to {highest}", {"lowest": 1, "highest": MOST_MINUTES})
        raise InvalidField(field="minutes", expected=expected, found=minutes)
    with context.database.reading() as work:
        kept_session(work, session_id, by)
        entries = work.sessions.entries(session_id, room=room)
    wanted = set(candidate_ids)
    if wanted - {entry.seat.candidate_id for entry in entries}:
        raise NotFound(kind="Person", identifier=", ".join(sorted(wanted))[:80])
    chosen = [e for e in entries if not wanted or e.seat.candidate_id in wanted]
    step = _STEPS[action](reason, by.username, minutes * 60)
    done = sum(
        _change(context, entry.attempt, action, step, reason, by)
        for entry in chosen
        if entry.attempt is not None and _may_change(entry.attempt)
    )
    return Outcome(done, len(chosen) - done)


def broadcast(
    context: ServiceContext, session_id: str, by: Person, text: str, *, room: str = ""
) -> None:
    """Say something to all candidates of a room. Raises NotFound or InvalidField."""
    _notice(context, session_id, by, text, room=room, is_public=True)


def note_incident(
    context: ServiceContext,
    session_id: str,
    by: Person,
    text: str,
    *,
    room: str = "",
    candidate_id: str = "",
) -> None:
    """Write down what happened; candidates never see it. Raises NotFound or InvalidField."""
    _notice(context, session_id, by, text, room=room, candidate_id=candidate_id, is_public=False)


def _notice(
    context: ServiceContext,
    session_id: str,
    by: Person,
    text: str,
    *,
    room: str,
    is_public: bool,
    candidate_id: str = "",
) -> None:
    text = _clean(text, "text", is_needed=True)
    with context.database.writing() as work:
        session = kept_session(work, session_id, by)
        if room and session.room(room) is None:
            raise NotFound(kind="Room", identifier=room[:80])
        if candidate_id and work.sessions.seat(session_id, candidate_id) is None:
            raise NotFound(kind="Person", identifier=candidate_id[:80])
        notice = SessionNotice(
            id=context.new_id(),
            session_id=session_id,
            at=context.clock(),
            author=by.username,
            is_public=is_public,
            room=room,
            candidate_id=candidate_id,
            text=text,
        )
        work.sessions.add_notice(notice)
        action = "session.broadcast" if is_public else "session.incident"
        note_event(context, work, by.username, action, session_id, text)
        work.commit()


Step = Callable[[Transition], None]
_STEPS: Final[Mapping[BoardAction, Callable[[str, str, int], Step]]] = {
    BoardAction.PAUSE: lambda reason, by, _: lambda exam: exam.pause(reason, by),
    BoardAction.RESUME: lambda _, by, __: lambda exam: exam.resume(by),
    BoardAction.EXTEND: lambda reason, by, seconds: lambda exam: exam.extend(seconds, reason, by),
    BoardAction.END: lambda _, by, __: lambda exam: exam.end(EndReason.ENDED_BY_INVIGILATOR, by),
}


def _change(
    context: ServiceContext,
    attempt: Attempt,
    action: BoardAction,
    step: Step,
    reason: str,
    by: Person,
) -> bool:
    """Whether the action changed the exam."""
    changed = False

    def act(work: UnitOfWork, transition: Transition) -> None:
        nonlocal changed
        before = len(transition.events)
        step(transition)
        changed = len(transition.events) > before
        if changed:
            kind = f"attempt.{action.value}"
            note_event(context, work, by.username, kind, attempt.id, reason)

    try:
        change(context, attempt.id, act)
    except (AttemptEnded, AttemptNotRunning):
        return False
    return changed


def _may_change(attempt: Attempt) -> bool:
    return attempt.started_at is not None and not attempt.is_over


def _status(entry: SeatEntry, now: dt.datetime) -> SeatStatus:
    attempt, seat = entry.attempt, entry.seat
    started = attempt is not None and attempt.started_at is not None
    return SeatStatus(
        candidate_id=seat.candidate_id,
        admission_number=seat.admission_number,
        name=entry.display_name,
        room=seat.room,
        seat=seat.seat,
        state=attempt.state_at(now).value if attempt else EXPECTED,
        is_connected=_is_connected(entry, now),
        answered=len(attempt.answers) if attempt else 0,
        remaining_seconds=attempt.remaining_seconds(now) if attempt and started else None,
        granted_seconds=seat.extra_seconds + (attempt.added_seconds if attempt else 0),
    )


def _is_connected(entry: SeatEntry, now: dt.datetime) -> bool:
    """Whether a page asked, or an answer came, a short while ago; never once it is over."""
    attempt = entry.attempt
    if attempt is None or attempt.state_at(now) in _OVER:
        return False
    signs = [answer.received_at for answer in attempt.answers.values()]
    signs += [at for at in (entry.seen_at, attempt.started_at) if at is not None]
    return bool(signs) and now - max(signs) <= CONNECTED_FOR


_OVER: Final = (AttemptState.HANDED_IN, AttemptState.CLOSED, AttemptState.VOIDED)


def _clean(text: str, name: str, *, is_needed: bool) -> str:
    """One line of text. Raises InvalidField."""
    clean = " ".join(text.split())
    if len(clean) > LONGEST_TEXT or (is_needed and not clean) or not clean.isprintable():
        expected = Phrase("1 to {highest} characters", {"highest": LONGEST_TEXT})
        raise InvalidField(field=name, expected=expected, found=repr(clean[:80]))
    return clean
