"""What the exam use cases need from storage: attempts, exposure plans and decided results."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from certify.exams.attempt import Attempt
from certify.exams.events import AttemptEvent


@dataclass(frozen=True, slots=True)
class AttemptEntry:
    """An attempt with what it is an attempt at; known before it starts."""

    attempt: Attempt
    programme_code: str
    programme_version: int
    level: str
    registered_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """The exposure plan of one exam of a release; `digest` is the SHA-256 of `content`."""

    digest: str
    release_digest: str
    programme_code: str
    programme_version: int
    level: str
    created_at: dt.datetime
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredResult:
    """The outcome of a finished attempt; `calibration_digest` where it was decided again."""

    attempt_id: str
    transcript: bytes
    transcript_sha256: str
    decision: Mapping[str, Any]
    decided_at: dt.datetime
    calibration_digest: str = ""


@dataclass(frozen=True, slots=True)
class SatAttempt:
    """A decided attempt as statistics read it: who sat for which level, and what happened."""

    attempt_id: str
    candidate_id: str
    level: str
    transcript: bytes


class AttemptRepository(Protocol):
    """Attempts as append-only events with the state they add up to."""

    def create(self, entry: AttemptEntry, events: Sequence[AttemptEvent]) -> bool:
        """Store a new attempt; False where the candidate has a running one of the programme."""
        ...

    def append(self, attempt: Attempt, events: Sequence[AttemptEvent]) -> bool:
        """Add events; False where others were added since, or a key is stored already."""
        ...

    def get(self, attempt_id: str) -> Attempt | None: ...
    def entry(self, attempt_id: str) -> AttemptEntry | None: ...
    def events(self, attempt_id: str) -> tuple[AttemptEvent, ...]: ...
    def event_of_key(self, attempt_id: str, idempotency_key: str) -> AttemptEvent | None: ...
    def running_of(self, candidate_id: str, programme_code: str) -> str | None: ...
    def of_candidate(self, candidate_id: str) -> tuple[AttemptEntry, ...]: ...
    def of_session(self, session_id: str) -> tuple[AttemptEntry, ...]: ...
    def due(self, now: dt.datetime, limit: int) -> tuple[str, ...]: ...


class ExposurePlanRepository(Protocol):
    """Exposure plans, one for each exam of a release."""

    def add(self, plan: StoredPlan) -> bool:
        """Store a plan; False where the release's exam has one already, which stays."""
        ...

    def digest_for(
        self, release_digest: str, programme_code: str, programme_version: int, level: str
    ) -> str | None: ...
    def newest(
        self, programme_code: str, programme_version: int, level: str
    ) -> tuple[str, str] | None:
        """Digests of the newest release on which an exam is planned, and of the plan, or None."""
        ...

    def content(self, digest: str) -> bytes | None: ...


class ResultRepository(Protocol):
    """Decided results; where one was decided again and accepted, that one counts."""

    def add(self, result: StoredResult) -> bool:
        """Store it; False where the attempt has one already, which stays."""
        ...

    def get(self, attempt_id: str) -> StoredResult | None: ...
    def of_attempts(self, attempt_ids: Sequence[str]) -> Mapping[str, StoredResult]: ...
    def provisional(self, attempt_ids: Sequence[str]) -> Mapping[str, StoredResult]:
        """As they were decided first, whatever was accepted since."""
        ...

    def posteriors_of_session(self, session_id: str) -> tuple[Mapping[str, float], ...]:
        """The probabilities of the levels in each result of a session; voided ones left out."""
        ...

    def newest(self, limit: int) -> Iterator[SatAttempt]:
        """The attempts decided last, newest first, a few at a time; voided ones are left out."""
        ...

    def undecided(self, limit: int) -> tuple[str, ...]:
        """Ended attempts without a result, the longest ended first; voided ones are left out."""
        ...

    def decided(self) -> tuple[str, ...]:
        """The attempts that have a result, the one decided first first."""
        ...
