"""One scheduled sitting of many (考试批次/场次), and who is let in when, where and by which code.

Nothing here reads a clock or stores anything. Times are aware; a check raises the reason for which
a candidate is refused, and returns where the candidate may go on.
"""

import datetime as dt
import hashlib
import hmac
import ipaddress
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from certify.exams.admission_errors import (
    EntryTooEarly,
    EntryTooLate,
    LevelNotOffered,
    SecureBrowserMismatch,
    SecureBrowserMissing,
    SessionNotOpen,
    SessionOver,
    StartTooEarly,
    WrongAccessCode,
    WrongNetwork,
)
from certify.exams.session_paper import SessionPaper

ENTRY_LEAD = dt.timedelta(minutes=30)
"""How long before the beginning candidates may enter and wait."""


class SessionState(StrEnum):
    """Where a session stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class ResultMode(StrEnum):
    """When candidates see their results."""

    AT_ONCE = "at_once"
    HELD = "held"
    CALIBRATE = "calibrate"
    """Held until the items are calibrated on the responses, and everybody is scored again."""


@dataclass(frozen=True, slots=True)
class ExamRoom:
    """A room (考场) with its number of seats. Its own access code takes the session's place."""

    name: str
    seats: int
    access_code: str = ""


@dataclass(frozen=True, slots=True)
class ExamSession:
    """A session. `release_digest` is empty until it is opened, from then on it is pinned.

    `networks` are CIDR blocks, none for any place: a school's computers share one address, so an
    address is never counted. `config_keys` and `exam_keys` are those of Safe Exam Browser, none
    where any browser will do. A candidate may enter until `late_seconds` after the beginning.
    Without a `paper` the exam is adaptive.
    """

    id: str
    title: str
    centre_id: str
    programme_code: str
    programme_version: int
    levels: tuple[str, ...]
    starts_at: dt.datetime
    ends_at: dt.datetime
    late_seconds: int
    rooms: tuple[ExamRoom, ...]
    access_code: str
    networks: tuple[str, ...] = ()
    config_keys: tuple[str, ...] = ()
    exam_keys: tuple[str, ...] = ()
    result_mode: ResultMode = ResultMode.AT_ONCE
    paper: SessionPaper | None = None
    release_digest: str = ""
    opened_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    released_at: dt.datetime | None = None

    @property
    def state(self) -> SessionState:
        """Planned, then open, then closed."""
        if self.closed_at is not None:
            return SessionState.CLOSED
        return SessionState.PLANNED if self.opened_at is None else SessionState.OPEN

    @property
    def holds_results(self) -> bool:
        """Whether candidates must wait for their results."""
        return self.result_mode is not ResultMode.AT_ONCE and self.released_at is None

    @property
    def needs_secure_browser(self) -> bool:
        """Whether only Safe Exam Browser is let in."""
        return bool(self.config_keys or self.exam_keys)

    @property
    def entry_from(self) -> dt.datetime:
        """When the doors open."""
        return self.starts_at - ENTRY_LEAD

    @property
    def entry_until(self) -> dt.datetime:
        """After this instant nobody new is let in."""
        return min(self.starts_at + dt.timedelta(seconds=self.late_seconds), self.ends_at)

    def room(self, name: str) -> ExamRoom | None:
        """The room of this name, or None."""
        return next((room for room in self.rooms if room.name == name), None)

    def code_of(self, room_name: str) -> str:
        """The access code that holds in a room."""
        room = self.room(room_name)
        return (room.access_code if room else "") or self.access_code


@dataclass(frozen=True, slots=True)
class SessionSeat:
    """A candidate's place in a session. An empty level is chosen at entry.

    `attempt_id` names the one attempt of this seat, before there is any: two doors opened at
    once lead to the same attempt.
    """

    session_id: str
    candidate_id: str
    admission_number: str
    room: str
    seat: str
    extra_seconds: int
    level: str
    attempt_id: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a request comes from: address, absolute URL without fragment, and SEB's headers."""

    address: str
    url: str
    config_key_hash: str = ""
    exam_key_hash: str = ""


def check_place(session: ExamSession, visit: Visit) -> None:
    """Raises WrongNetwork, SecureBrowserMissing or SecureBrowserMismatch."""
    if session.networks and not _stands_in(visit.address, session.networks):
        raise WrongNetwork(address=visit.address)
    for keys, sent in (
        (session.config_keys, visit.config_key_hash),
        (session.exam_keys, visit.exam_key_hash),
    ):
        if not keys:
            continue
        if not sent:
            raise SecureBrowserMissing()
        if not _matches_key(visit.url, keys, sent):
            raise SecureBrowserMismatch()


def check_entry(
    session: ExamSession, seat: SessionSeat, visit: Visit, code: str, now: dt.datetime
) -> None:
    """Whether a candidate may enter now, here and with this code.

    Raises the AdmissionRefused that the candidate can do most about: time first, then the place,
    then the code.
    """
    check_time(session, now)
    if now > session.entry_until:
        raise EntryTooLate(minutes=session.late_seconds // 60)
    check_place(session, visit)
    expected = _folded(session.code_of(seat.room))
    if not expected or not hmac.compare_digest(_folded(code), expected):
        raise WrongAccessCode()


def check_time(session: ExamSession, now: dt.datetime) -> None:
    """Raises SessionOver, SessionNotOpen or EntryTooEarly."""
    if session.state is SessionState.CLOSED or now >= session.ends_at:
        raise SessionOver()
    if session.state is SessionState.PLANNED:
        raise SessionNotOpen()
    if now < session.entry_from:
        raise EntryTooEarly(minutes=int(ENTRY_LEAD.total_seconds()) // 60)


def check_start(session: ExamSession, visit: Visit, now: dt.datetime) -> None:
    """Whether an admitted candidate may start; however late, the window's end stays."""
    check_time(session, now)
    if now < session.starts_at:
        raise StartTooEarly()
    check_place(session, visit)


def level_of(session: ExamSession, seat: SessionSeat, chosen: str) -> str:
    """The level that is sat: the seat's, the session's only one, or the candidate's choice.

    Raises LevelNotOffered.
    """
    if seat.level:
        return seat.level
    if len(session.levels) == 1:
        return session.levels[0]
    if chosen not in session.levels:
        raise LevelNotOffered()
    return chosen


def browser_hash(url: str, key: str) -> str:
    """What Safe Exam Browser sends: SHA-256 of URL and key one after the other, in hex.

    The same rule for the Config Key (header X-SafeExamBrowser-ConfigKeyHash) and the Browser Exam
    Key (X-SafeExamBrowser-RequestHash), https://safeexambrowser.org/developer/seb-config-key.html.
    The URL stands without its fragment.
    """
    return hashlib.sha256(f"{url.partition('#')[0]}{key}".encode()).hexdigest()


def _matches_key(url: str, keys: Sequence[str], sent: str) -> bool:
    given = sent.strip().lower().encode()
    return any(hmac.compare_digest(browser_hash(url, key).encode(), given) for key in keys)


def _stands_in(address: str, networks: Sequence[str]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in ipaddress.ip_network(block) for block in networks)


def _folded(code: str) -> bytes:
    """A code as it is compared: neither case, width nor blanks and hyphens count."""
    plain = unicodedata.normalize("NFKC", code).casefold()
    return "".join(char for char in plain if char.isalnum()).encode()
