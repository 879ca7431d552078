"""Candidates into a session from a file: checked first, then seats and, where missing, accounts.

Sending the same file again changes nothing. A row that does not fit is reported and left out; the
others are taken over.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from certify.errors import SessionStarted
from certify.exams.exam_session import ExamSession, SessionSeat, SessionState
from certify.grading.problems import shown
from certify.grading.roster import (
    ADMISSION_NUMBER,
    EXTRA,
    LEVEL,
    NAME,
    ROOM,
    SEAT,
    USERNAME,
    Roster,
    RosterProblem,
    RosterRow,
    read_roster,
)
from certify.services.administering import find_faults
from certify.services.context import ServiceContext
from certify.services.ports import Person, SeatEntry, UnitOfWork
from certify.services.scheduling import kept_session
from certify.services.versioning import note_event
from question_bank.exchange.workbook.sheets import guarded

STUDENT: Final = "student"
PASSWORD_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # noqa: S105 - letters only
PASSWORD_LENGTH: Final = 10
"""31 ** 10 possibilities; it is meant to be changed."""
ACCOUNT_TEMPLATES: Final[Mapping[str, str]] = {
    "unknown_room": "'{value}' is no room of this session: add the room or correct the cell",
    "room_full": "room '{value}' has {seats} seats and more candidates: use another room",
    "seat_taken": "seat '{value}' belongs to somebody who is not in this file: use another seat",
    "bad_username": "'{value}' is no user name: 2 to 64 letters, digits or . _ @ -",
    "other_name": "the account '{value}' has another name: use another user name",
    "not_student": "the account '{value}' is closed or no student's: use another user name",
    "number_taken": "'{value}' is the number of another candidate of this session: correct it",
    "level_not_offered": "this level is not sat in the session: choose another one",
    "already_started": "the exam of this candidate has begun: extend it on the board instead",
}
"""Every problem that only the session and the accounts show, in English."""


@dataclass(frozen=True, slots=True)
class RosterLine:
    """What becomes of a row: `outcome` is "added", "changed" or "unchanged"."""

    row: RosterRow
    username: str
    outcome: str
    makes_account: bool


@dataclass(frozen=True, slots=True)
class InitialPassword:
    """An account that was just made. Its password is told once and kept nowhere."""

    admission_number: str
    name: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What a file does, or in a dry run would do."""

    lines: tuple[RosterLine, ...]
    problems: tuple[RosterProblem, ...]
    passwords: tuple[InitialPassword, ...] = ()

    def count(self, outcome: str) -> int:
        """How many rows have this outcome."""
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def rows_left_out(self) -> int:
        """How many rows were not taken over."""
        return len({problem.row for problem in self.problems if problem.fatal})


@dataclass(frozen=True, slots=True)
class _Plan:
    lines: tuple[RosterLine, ...]
    problems: tuple[RosterProblem, ...]
    people: Mapping[str, Person]
    """By user name as it stands in the plan."""


def check_roster(
    context: ServiceContext, session_id: str, data: bytes, file: str, *, by: Person
) -> RosterImport:
    """What importing the file would do; nothing is changed.

    Raises NotFound, SessionStarted for a closed session, or what `read_roster` does.
    """
    roster = read_roster(data, file)
    with context.database.reading() as work:
        plan = _plan(work, _open_to_import(work, session_id, by), roster)
    return RosterImport(plan.lines, plan.problems)


def import_roster(
    context: ServiceContext, session_id: str, data: bytes, file: str, *, by: Person
) -> RosterImport:
    """Take the rows over that fit; the passwords of new accounts come back this once.

    Raises as `check_roster` does.
    """
    roster = read_roster(data, file)
    with context.database.reading() as work:
        expected = _plan(work, _open_to_import(work, session_id, by), roster)
    # hashing is slow on purpose, so it is done before anything is locked
    drawn = {
        line.username: _draw_password(context) for line in expected.lines if line.makes_account
    }
    hashes = {name: context.hasher.hash(password) for name, password in drawn.items()}
    with context.database.writing() as work:
        session = _open_to_import(work, session_id, by, lock=True)
        plan = _plan(work, session, roster)
        made = []
        people = dict(plan.people)
        for line in plan.lines:
            if line.makes_account and line.username not in hashes:
                drawn[line.username] = _draw_password(context)
                hashes[line.username] = context.hasher.hash(drawn[line.username])
            if line.makes_account:
                people[line.username] = _make_account(
                    context, work, line, hashes[line.username], by
                )
                made.append(_password_of(line, drawn[line.username]))
        _store_seats(context, work, session, plan, people)
        detail = f"{file[:80]}: {len(plan.lines)} seats, {len(made)} accounts"
        note_event(context, work, by.username, "session.import", session_id, detail)
        if made:
            note_event(context, work, by.username, "session.passwords", session_id, str(len(made)))
        work.commit()
    return RosterImport(plan.lines, plan.problems, tuple(made))


def list_candidates(
    context: ServiceContext, session_id: str, *, by: Person
) -> tuple[SeatEntry, ...]:
    """Who sits where, by room and seat. Raises NotFound."""
    with context.database.reading() as work:
        kept_session(work, session_id, by)
        return work.sessions.entries(session_id)


def password_list(passwords: tuple[InitialPassword, ...]) -> bytes:
    """The list as CSV with a byte order mark, for Excel and WPS."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["准考证号", "姓名", "用户名", "初始密码"])
    for entry in passwords:
        cells = (entry.admission_number, entry.name, entry.username, entry.password)
        writer.writerow([guarded(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def roster_template() -> bytes:
    """An empty file with the headings and one row to show them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([ADMISSION_NUMBER, NAME, USERNAME, ROOM, SEAT, EXTRA, LEVEL])
    writer.writerow(["202611200101", "张三", "", "第一考场", "1", "0", ""])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _open_to_import(
    work: UnitOfWork, session_id: str, by: Person, *, lock: bool = False
) -> ExamSession:
    session = kept_session(work, session_id, by, lock=lock)
    if session.state is SessionState.CLOSED:
        raise SessionStarted()
    return session


def _plan(work: UnitOfWork, session: ExamSession, roster: Roster) -> _Plan:
    """What becomes of every row, by what is stored now."""
    entries = work.sessions.entries(session.id)
    by_candidate = {entry.seat.candidate_id: entry for entry in entries}
    numbers = {entry.seat.admission_number: entry.seat.candidate_id for entry in entries}
    lines, problems, people = [], list(roster.problems), {}
    for row in roster.rows:
        username = row.username or row.admission_number
        found = work.people.find(username)
        person = found[0] if found else None
        faults = list(_faults_of(session, row, username, person))
        owner = numbers.get(row.admission_number)
        if owner is not None and (person is None or owner != person.id):
            faults.append(_problem(row, ADMISSION_NUMBER, "number_taken", row.admission_number))
        entry = by_candidate.get(person.id) if person else None
        outcome = "added"
        if entry is not None and person is not None:
            same = _seat(session, row, person.id, entry.seat.attempt_id) == entry.seat
            outcome = "unchanged" if same else "changed"
            has_begun = entry.attempt is not None and entry.seat.extra_seconds != (
                row.extra_minutes * 60
            )
            if has_begun:
                faults.append(_problem(row, EXTRA, "already_started", ""))
        if faults:
            problems += faults
            continue
        if person is not None:
            people[username] = person
        lines.append(RosterLine(row, username, outcome, person is None))
    kept, crowded = _within_rooms(session, lines, people, [entry.seat for entry in entries])
    ordered = sorted([*problems, *crowded], key=lambda problem: problem.row)
    return _Plan(tuple(kept), tuple(ordered), people)


def _faults_of(
    session: ExamSession, row: RosterRow, username: str, person: Person | None
) -> Iterator[RosterProblem]:
    """What the session and the account of a row refuse."""
    if session.room(row.room) is None:
        yield _problem(row, ROOM, "unknown_room", row.room)
    if row.level and row.level not in session.levels:
        yield _problem(row, LEVEL, "level_not_offered", row.level)
    if person is None:
        faults = find_faults(
            username=username, display_name=row.name, roles=(STUDENT,), experience_months=0
        )
        if any(fault.params["field"] == "username" for fault in faults):
            yield _problem(row, USERNAME, "bad_username", username)
        return
    if STUDENT not in person.roles or not person.is_active:
        yield _problem(row, USERNAME, "not_student", username)
    elif person.display_name != row.name:
        yield _problem(row, USERNAME, "other_name", username)


def _within_rooms(
    session: ExamSession,
    lines: list[RosterLine],
    people: Mapping[str, Person],
    stored: list[SessionSeat],
) -> tuple[list[RosterLine], list[RosterProblem]]:
    """Rows whose seat is free and whose room still has one, and problems of the others."""
    moving = {people[line.username].id for line in lines if line.username in people}
    staying = [seat for seat in stored if seat.candidate_id not in moving]
    used = Counter(seat.room for seat in staying)
    taken = {(seat.room, seat.seat) for seat in staying}
    kept, problems = [], []
    for line in lines:
        room = session.room(line.row.room)
        if (line.row.room, line.row.seat) in taken:
            problems.append(_problem(line.row, SEAT, "seat_taken", line.row.seat))
        elif room is not None and used[room.name] >= room.seats:
            problems.append(_problem(line.row, ROOM, "room_full", room.name, seats=room.seats))
        else:
            used[line.row.room] += 1
            kept.append(line)
    return kept, problems


def _store_seats(
    context: ServiceContext,
    work: UnitOfWork,
    session: ExamSession,
    plan: _Plan,
    people: Mapping[str, Person],
) -> None:
    attempt_ids = {seat.candidate_id: seat.attempt_id for seat in work.sessions.seats(session.id)}
    new = []
    for line in plan.lines:
        candidate_id = people[line.username].id
        if line.outcome == "added":
            new.append(_seat(session, line.row, candidate_id, context.new_id()))
        elif line.outcome == "changed":
            seat = _seat(session, line.row, candidate_id, attempt_ids[candidate_id])
            work.sessions.update_seat(seat)
    work.sessions.add_seats(new)


def _seat(session: ExamSession, row: RosterRow, candidate_id: str, attempt_id: str) -> SessionSeat:
    return SessionSeat(
        session_id=session.id,
        candidate_id=candidate_id,
        admission_number=row.admission_number,
        room=row.room,
        seat=row.seat,
        extra_seconds=row.extra_minutes * 60,
        level=row.level,
        attempt_id=attempt_id,
    )


def _make_account(
    context: ServiceContext, work: UnitOfWork, line: RosterLine, password_hash: str, by: Person
) -> Person:
    person = Person(
        id=context.new_id(),
        username=line.username,
        display_name=line.row.name,
        roles=frozenset({STUDENT}),
        experience_months=0,
        is_active=True,
        created_at=context.clock(),
    )
    work.people.add(person, password_hash)
    note_event(context, work, by.username, "person.add", person.username, "")
    return person


def _password_of(line: RosterLine, password: str) -> InitialPassword:
    return InitialPassword(line.row.admission_number, line.row.name, line.username, password)


def _draw_password(context: ServiceContext) -> str:
    drawn = int.from_bytes(context.random_bytes(16))
    letters = []
    for _ in range(PASSWORD_LENGTH):
        drawn, letter = divmod(drawn, len(PASSWORD_LETTERS))
        letters.append(PASSWORD_LETTERS[letter])
    return "".join(letters)


def _problem(row: RosterRow, column: str, code: str, value: str, **params: object) -> RosterProblem:
    return RosterProblem(row.row, column, code, {"value": shown(value), **params})
