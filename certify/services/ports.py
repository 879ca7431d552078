"""What the use cases need from storage, as protocols, and the plain records that cross over.

Storage implements these; content (items, transcripts, credentials) crosses as bytes or JSON-able
values, so that storage knows no domain logic.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from certify.exams.attempt import AttemptRecord, EndReason, RecordedResponse, ServedItem

ROLES = ("student", "teacher", "auditor", "centre", "administrator")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `experience_months` is declared work experience."""

    id: str
    username: str
    display_name: str
    roles: frozenset[str]
    experience_months: int
    is_active: bool
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a longer list; `number` counts from 1."""

    rows: tuple[Any, ...]
    total: int
    number: int
    size: int

    @property
    def count(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One version of an item; `content` is the mapping of `question_bank.exchange.native`."""

    item_id: str
    version: int
    node: str
    dimension: str
    level: str
    type: str
    status: str
    stem: str
    content: Mapping[str, Any]
    author: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Conditions that listed items meet; an empty one means any."""

    text: str = ""
    node: str = ""
    dimension: str = ""
    level: str = ""
    type: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A published release without its content."""

    digest: str
    title: str
    item_count: int
    created_at: dt.datetime
    author: str


@dataclass(frozen=True, slots=True)
class StoredResult:
    """The outcome of a finished attempt."""

    attempt_id: str
    transcript: bytes
    transcript_sha256: str
    decision: Mapping[str, Any]
    decided_at: dt.datetime


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """An issued credential; `document` is its canonical JSON, `pdf` the signed file."""

    credential_id: str
    attempt_id: str
    holder_id: str
    document: bytes
    pdf: bytes
    pdf_sha256: str
    issued_at: dt.datetime
    revoked_at: dt.datetime | None
    revocation_reason: str


@dataclass(frozen=True, slots=True)
class CredentialFilter:
    """Conditions that listed credentials meet; an empty one means any.

    `text` stands in the id or in a name of the holder. Issued from `issued_from` on and before
    `issued_before`. `status` is "revoked" or "standing".
    """

    text: str = ""
    issued_from: dt.datetime | None = None
    issued_before: dt.datetime | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class ListedCredential:
    """An issued credential without its file; `holder_name` is the holder's present name."""

    credential_id: str
    attempt_id: str
    holder_name: str
    username: str
    document: bytes
    issued_at: dt.datetime
    revoked_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """One graded upload of a centre."""

    id: str
    owner_id: str
    answers_name: str
    key_name: str
    summary: Mapping[str, Any]
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to what, and when."""

    at: dt.datetime
    actor: str
    action: str
    subject: str
    detail: str


class PeopleRepository(Protocol):
    """People and their password hashes."""

    def add(self, person: Person, password_hash: str) -> None: ...
    def get(self, person_id: str) -> Person | None: ...
    def login(self, person_id: str) -> tuple[Person, str] | None:
        """The person of this id with the password hash."""
        ...

    def find(self, username: str) -> tuple[Person, str] | None: ...
    def update(self, person: Person) -> None: ...
    def set_password_hash(self, person_id: str, password_hash: str) -> None: ...
    def page(self, *, text: str, role: str, number: int, size: int) -> Page: ...


class ItemRepository(Protocol):
    """Item versions; the newest of each item is listed."""

    def add_version(self, item: StoredItem, *, previous: int) -> bool:
        """Store a version if the newest one is still `previous` (0: none); else False."""
        ...

    def latest(self, item_id: str) -> StoredItem | None: ...
    def history(self, item_id: str) -> tuple[StoredItem, ...]: ...
    def page(self, conditions: ItemFilter, *, number: int, size: int) -> Page: ...
    def all_latest(self, status: str) -> tuple[StoredItem, ...]: ...
    def tally(self, status: str) -> Mapping[tuple[str, str], int]:
        """How many items there are of each dimension and level; an empty status means any."""
        ...

    def ids_of_node(self, node: str) -> tuple[str, ...]: ...
    def count(self) -> int: ...


class ReleaseRepository(Protocol):
    """Published releases; they are never changed."""

    def add(self, release: StoredRelease, content: bytes) -> None: ...
    def content(self, digest: str) -> bytes | None: ...
    def newest(self) -> StoredRelease | None: ...
    def list(self) -> tuple[StoredRelease, ...]: ...


class AttemptRepository(Protocol):
    """Attempts as append-only records."""

    def add(self, record: AttemptRecord) -> bool:
        """Store a new attempt; False where the candidate already has a running one of the kind."""
        ...

    def get(self, attempt_id: str, *, lock: bool = False) -> AttemptRecord | None: ...
    def running_of(self, candidate_id: str, programme_code: str) -> str | None: ...
    def of_candidate(self, candidate_id: str) -> tuple[AttemptRecord, ...]: ...
    def overdue(self, now: dt.datetime, limit: int) -> tuple[str, ...]: ...
    def append_served(self, attempt_id: str, served: ServedItem) -> None: ...
    def append_response(self, attempt_id: str, response: RecordedResponse) -> None: ...
    def end(self, attempt_id: str, at: dt.datetime, reason: EndReason) -> None: ...


class ResultRepository(Protocol):
    """Decided results."""

    def add(self, result: StoredResult) -> None: ...
    def get(self, attempt_id: str) -> StoredResult | None: ...
    def of_attempts(self, attempt_ids: Sequence[str]) -> Mapping[str, StoredResult]: ...


class CredentialRepository(Protocol):
    """Issued credentials: at most one an attempt."""

    def add(self, credential: StoredCredential) -> bool:
        """Store it; False where the attempt already has one."""
        ...

    def get(self, credential_id: str) -> StoredCredential | None: ...
    def of_attempt(self, attempt_id: str) -> StoredCredential | None: ...
    def of_attempts(self, attempt_ids: Sequence[str]) -> Mapping[str, str]: ...
    def of_file(self, pdf_sha256: str) -> str | None:
        """The id of the credential whose PDF has this hash, or None."""
        ...

    def page(self, conditions: CredentialFilter, *, number: int, size: int) -> Page:
        """Credentials as `ListedCredential`, the one issued last first."""
        ...

    def revoke(self, credential_id: str, at: dt.datetime, reason: str) -> bool: ...


class BatchRepository(Protocol):
    """Graded uploads and their files."""

    def add(self, batch: StoredBatch, files: Mapping[str, bytes]) -> None: ...
    def get(self, batch_id: str) -> StoredBatch | None: ...
    def file(self, batch_id: str, name: str) -> bytes | None: ...
    def file_names(self, batch_id: str) -> tuple[str, ...]: ...
    def of_owner(self, owner_id: str, *, number: int, size: int) -> Page: ...


class AuditRepository(Protocol):
    """The audit trail."""

    def add(self, event: AuditEvent) -> None: ...
    def page(self, *, number: int, size: int, about: Sequence[str] = (), action: str = "") -> Page:
        """Events, newest first: with one of `about` as actor or subject, of the kind `action`.

        A kind is an action, or the part before its point. Empty means any.
        """
        ...


class UnitOfWork(Protocol):
    """One transaction: everything is rolled back unless `commit` is reached."""

    @property
    def people(self) -> PeopleRepository: ...
    @property
    def items(self) -> ItemRepository: ...
    @property
    def releases(self) -> ReleaseRepository: ...
    @property
    def attempts(self) -> AttemptRepository: ...
    @property
    def results(self) -> ResultRepository: ...
    @property
    def credentials(self) -> CredentialRepository: ...
    @property
    def batches(self) -> BatchRepository: ...
    @property
    def audit(self) -> AuditRepository: ...

    def commit(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Database(Protocol):
    """Opens units of work. `writing` takes its locks at the start, so that it cannot deadlock."""

    def reading(self) -> UnitOfWork: ...
    def writing(self) -> UnitOfWork: ...


class PasswordHasher(Protocol):
    """Turns passwords into hashes and checks them."""

    def __hash__(self) -> int: ...
    def hash(self, password: str) -> str: ...
    def verify(self, password_hash: str, password: str) -> bool: ...
