"""What exam sessions need from storage: sessions, seats, notices; records and protocol."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from certify.exams.attempt import Attempt
from certify.exams.exam_session import ExamSession, SessionSeat
from certify.services.pages import Page


@dataclass(frozen=True, slots=True)
class SeatEntry:
    """A seat with its candidate's names and, once there is one, the attempt.

    `seen_at` is when a page of the candidate last asked for the state; None for never.
    """

    seat: SessionSeat
    username: str
    display_name: str
    seen_at: dt.datetime | None
    attempt: Attempt | None


@dataclass(frozen=True, slots=True)
class SessionNotice:
    """A message to a room's candidates (`is_public`) or an incident noted by an invigilator.

    An empty room means the whole session, an empty candidate nobody in particular.
    """

    id: str
    session_id: str
    at: dt.datetime
    author: str
    is_public: bool
    room: str
    candidate_id: str
    text: str


@dataclass(frozen=True, slots=True)
class SessionCount:
    """How many have a seat, and how many of them an attempt that was started, or is over."""

    seats: int
    started: int
    ended: int


class SessionRepository(Protocol):
    """Exam sessions, the seats in them and what was said there."""

    def add(self, session: ExamSession, at: dt.datetime) -> None: ...
    def update(self, session: ExamSession) -> None: ...
    def get(self, session_id: str, *, lock: bool = False) -> ExamSession | None:
        """With `lock`, other writers that lock it wait until this unit of work ends."""
        ...

    def page(self, *, centre_id: str, number: int, size: int) -> Page:
        """Sessions of a centre (empty: of all), the one that begins last first."""
        ...

    def of_candidate(self, candidate_id: str) -> tuple[tuple[ExamSession, SessionSeat], ...]:
        """The candidate's sessions with the seat in each, the one that begins last first."""
        ...

    def of_release(self, release_digest: str) -> tuple[ExamSession, ...]:
        """The sessions that were opened on a release, the one that began first first."""
        ...

    def holding(self, session_ids: Sequence[str]) -> frozenset[str]:
        """Those of the sessions that hold their results back."""
        ...

    def add_seats(self, seats: Sequence[SessionSeat]) -> None: ...
    def update_seat(self, seat: SessionSeat) -> None: ...
    def seat(self, session_id: str, candidate_id: str, *, lock: bool = False) -> SessionSeat | None:
        """With `lock`, another request for the seat waits until this unit of work ends."""
        ...

    def seats(self, session_id: str) -> tuple[SessionSeat, ...]: ...
    def entries(self, session_id: str, *, room: str = "") -> tuple[SeatEntry, ...]:
        """Seats with names and attempts, by room and seat; an empty room means all."""
        ...

    def count(self, session_id: str) -> SessionCount: ...
    def note_seen(self, attempt_id: str, at: dt.datetime) -> None: ...
    def seen_at(self, attempt_id: str) -> dt.datetime | None: ...
    def add_notice(self, notice: SessionNotice) -> None: ...
    def notices(self, session_id: str, *, public_only: bool = False) -> tuple[SessionNotice, ...]:
        """Newest first."""
        ...
