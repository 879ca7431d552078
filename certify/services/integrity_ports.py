"""What integrity reports need from storage: page logs, reports, notes; records and protocol."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from certify.exams.events import AttemptEvent


@dataclass(frozen=True, slots=True)
class PageEvent:
    """What an exam page told about its window or its connection, or the server saw of it.

    `key` is the page's own, so that a repetition is known; `seconds` is how long it lasted, for
    kinds that last; `detail` tells origins apart and is no address.
    """

    key: str
    kind: str
    at: dt.datetime
    seconds: float
    detail: str


@dataclass(frozen=True, slots=True)
class StoredIntegrityReport:
    """The report of a session as it was computed; `content` is JSON."""

    id: str
    session_id: str
    computed_at: dt.datetime
    author: str
    content: bytes


@dataclass(frozen=True, slots=True)
class IntegrityNote:
    """What a person who looked at the evidence of a candidate came to."""

    id: str
    session_id: str
    candidate_id: str
    at: dt.datetime
    author: str
    outcome: str
    text: str


class IntegrityRepository(Protocol):
    """Page logs and notes are only ever added; what is too old is deleted as a whole."""

    def add_page_events(
        self, attempt_id: str, events: Sequence[PageEvent], at: dt.datetime, *, most: int
    ) -> int:
        """Store what is new, up to `most` of the attempt in all; how many were stored."""
        ...

    def page_events(self, attempt_ids: Sequence[str]) -> Mapping[str, tuple[PageEvent, ...]]:
        """By attempt, in the order of time; attempts without any are left out."""
        ...

    def attempt_events(
        self, attempt_ids: Sequence[str]
    ) -> Iterator[tuple[str, tuple[AttemptEvent, ...]]]:
        """All events of each attempt, one attempt after the other."""
        ...

    def add_report(self, report: StoredIntegrityReport) -> None: ...
    def newest_report(self, session_id: str) -> StoredIntegrityReport | None: ...
    def add_note(self, note: IntegrityNote) -> None: ...
    def notes(self, session_id: str) -> tuple[IntegrityNote, ...]:
        """Newest first."""
        ...

    def delete_before(self, moment: dt.datetime) -> int:
        """Delete page logs received and reports computed before; how many rows."""
        ...
