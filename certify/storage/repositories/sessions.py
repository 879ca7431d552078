"""Exam sessions with their seats, and what invigilators said and noted."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from certify.exams.attempt_head import attempt_from_head
from certify.exams.exam_session import ExamRoom, ExamSession, ResultMode, SessionSeat
from certify.exams.session_paper import SessionPaper
from certify.services.ports import Page
from certify.services.session_ports import SeatEntry, SessionCount, SessionNotice
from certify.storage.repositories.paging import fetch_page
from certify.storage.rows.exams import attempt as attempts
from certify.storage.rows.people import person as people
from certify.storage.rows.sessions import exam_session as sessions
from certify.storage.rows.sessions import session_notice as notices
from certify.storage.rows.sessions import session_seat as seats

_SEAT = (
    seats.c.session_id,
    seats.c.candidate_id,
    seats.c.admission_number,
    seats.c.room,
    seats.c.seat,
    seats.c.extra_seconds,
    seats.c.level,
    seats.c.attempt_id,
)


class SqlSessions:
    """Implements `SessionRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, session: ExamSession, at: dt.datetime) -> None:
        """Store a new session."""
        self._connection.execute(insert(sessions).values(**_values(session), created_at=at))

    def update(self, session: ExamSession) -> None:
        """Change all but id and creation."""
        statement = update(sessions).where(sessions.c.id == session.id).values(**_values(session))
        self._connection.execute(statement)

    def get(self, session_id: str, *, lock: bool = False) -> ExamSession | None:
        """The session of this id, or None."""
        statement = select(sessions).where(sessions.c.id == session_id)
        row = self._connection.execute(statement.with_for_update() if lock else statement).first()
        return None if row is None else _session(row)

    def page(self, *, centre_id: str, number: int, size: int) -> Page:
        """Sessions of a centre, or of all, the one that begins last first."""
        statement = select(sessions)
        if centre_id:
            statement = statement.where(sessions.c.centre_id == centre_id)
        return fetch_page(
            self._connection,
            statement,
            order=[sessions.c.starts_at.desc(), sessions.c.id],
            number=number,
            size=size,
            read=lambda rows: [_session(row) for row in rows],
        )

    def of_candidate(self, candidate_id: str) -> tuple[tuple[ExamSession, SessionSeat], ...]:
        """The candidate's sessions with the seat in each, the one that begins last first."""
        mine = select(*_SEAT).where(seats.c.candidate_id == candidate_id)
        found = {row.session_id: _seat(row) for row in self._connection.execute(mine)}
        if not found:
            return ()
        statement = (
            select(sessions)
            .where(sessions.c.id.in_(list(found)))
            .order_by(sessions.c.starts_at.desc(), sessions.c.id)
        )
        rows = self._connection.execute(statement)
        return tuple((_session(row), found[row.id]) for row in rows)

    def of_release(self, release_digest: str) -> tuple[ExamSession, ...]:
        """The sessions that were opened on a release, the one that began first first."""
        statement = (
            select(sessions)
            .where(sessions.c.release_digest == release_digest)
            .order_by(sessions.c.starts_at, sessions.c.id)
        )
        return tuple(map(_session, self._connection.execute(statement)))

    def holding(self, session_ids: Sequence[str]) -> frozenset[str]:
        """Those of the sessions that hold their results back."""
        if not session_ids:
            return frozenset()
        statement = select(sessions.c.id).where(
            sessions.c.id.in_(list(session_ids)),
            sessions.c.result_mode != ResultMode.AT_ONCE.value,
            sessions.c.released_at.is_(None),
        )
        return frozenset(self._connection.scalars(statement))

    def add_seats(self, new: Sequence[SessionSeat]) -> None:
        """Store new seats."""
        if new:
            self._connection.execute(insert(seats), [asdict(seat) for seat in new])

    def update_seat(self, seat: SessionSeat) -> None:
        """Change a seat; its candidate and its attempt stay."""
        self._connection.execute(
            update(seats)
            .where(seats.c.session_id == seat.session_id)
            .where(seats.c.candidate_id == seat.candidate_id)
            .values(
                admission_number=seat.admission_number,
                room=seat.room,
                seat=seat.seat,
                extra_seconds=seat.extra_seconds,
                level=seat.level,
            )
        )

    def seat(self, session_id: str, candidate_id: str, *, lock: bool = False) -> SessionSeat | None:
        """A candidate's seat, or None."""
        statement = select(*_SEAT).where(
            seats.c.session_id == session_id, seats.c.candidate_id == candidate_id
        )
        row = self._connection.execute(statement.with_for_update() if lock else statement).first()
        return None if row is None else _seat(row)

    def seats(self, session_id: str) -> tuple[SessionSeat, ...]:
        """All seats, by admission number."""
        statement = (
            select(*_SEAT)
            .where(seats.c.session_id == session_id)
            .order_by(seats.c.admission_number)
        )
        return tuple(map(_seat, self._connection.execute(statement)))

    def entries(self, session_id: str, *, room: str = "") -> tuple[SeatEntry, ...]:
        """Seats with names and attempts, by room and seat, in one statement."""
        statement = (
            select(
                *_SEAT, seats.c.seen_at, people.c.username, people.c.display_name, attempts.c.head
            )
            .join(people, people.c.id == seats.c.candidate_id)
            .outerjoin(attempts, attempts.c.id == seats.c.attempt_id)
            .where(seats.c.session_id == session_id)
        )
        if room:
            statement = statement.where(seats.c.room == room)
        found = [_entry(row) for row in self._connection.execute(statement)]
        return tuple(sorted(found, key=_place))

    def count(self, session_id: str) -> SessionCount:
        """How many have a seat, started, and are over."""
        statement = (
            select(func.count(), func.count(attempts.c.started_at), func.count(attempts.c.ended_at))
            .select_from(seats)
            .outerjoin(attempts, attempts.c.id == seats.c.attempt_id)
            .where(seats.c.session_id == session_id)
        )
        total, started, ended = self._connection.execute(statement).one()
        return SessionCount(total, started, ended)

    def note_seen(self, attempt_id: str, at: dt.datetime) -> None:
        """Remember when a page of the candidate last asked."""
        statement = update(seats).where(seats.c.attempt_id == attempt_id).values(seen_at=at)
        self._connection.execute(statement)

    def seen_at(self, attempt_id: str) -> dt.datetime | None:
        """When a page of the candidate last asked, or None."""
        statement = select(seats.c.seen_at).where(seats.c.attempt_id == attempt_id)
        return self._connection.scalar(statement)

    def add_notice(self, notice: SessionNotice) -> None:
        """Store what was said or noted."""
        self._connection.execute(insert(notices).values(**asdict(notice)))

    def notices(self, session_id: str, *, public_only: bool = False) -> tuple[SessionNotice, ...]:
        """Newest first."""
        statement = select(notices).where(notices.c.session_id == session_id)
        if public_only:
            statement = statement.where(notices.c.is_public)
        ordered = statement.order_by(notices.c.at.desc(), notices.c.id)
        return tuple(SessionNotice(**row._mapping) for row in self._connection.execute(ordered))


def _values(session: ExamSession) -> dict[str, Any]:
    return {
        **asdict(session),
        "levels": list(session.levels),
        "rooms": [[room.name, room.seats, room.access_code] for room in session.rooms],
        "networks": list(session.networks),
        "config_keys": list(session.config_keys),
        "exam_keys": list(session.exam_keys),
        "result_mode": session.result_mode.value,
        "release_digest": session.release_digest or None,
    }


def _session(row: Row[Any]) -> ExamSession:
    values = {name: value for name, value in row._mapping.items() if name != "created_at"}
    values |= {
        "rooms": tuple(ExamRoom(*room) for room in row.rooms),
        "result_mode": ResultMode(row.result_mode),
        "paper": _paper(row.paper),
        "release_digest": row.release_digest or "",
        **{
            name: tuple(values[name]) for name in ("levels", "networks", "config_keys", "exam_keys")
        },
    }
    return ExamSession(**values)


def _paper(stored: Mapping[str, Any] | None) -> SessionPaper | None:
    return None if stored is None else SessionPaper(**{**stored, "forms": tuple(stored["forms"])})


def _seat(row: Any) -> SessionSeat:
    return SessionSeat(*(getattr(row, column.name) for column in _SEAT))


def _entry(row: Any) -> SeatEntry:
    attempt = attempt_from_head(row.attempt_id, row.candidate_id, row.head) if row.head else None
    return SeatEntry(_seat(row), row.username, row.display_name, row.seen_at, attempt)


def _place(entry: SeatEntry) -> tuple[str, int, str, str]:
    """By room, then seat: seat 2 comes before seat 10."""
    seat = entry.seat
    number = int(seat.seat) if seat.seat.isascii() and seat.seat.isdigit() else 0
    return seat.room, number, seat.seat, seat.admission_number
