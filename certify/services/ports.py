"""What the use cases need from storage, as protocols, and the plain records that cross over.

Storage implements these; content (items, transcripts, credentials) crosses as bytes or JSON-able
values, so that storage knows no domain logic.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from certify.services.bank_ports import (
    ITEM_SORTS,
    RELEASED_STATUSES,
    RETIRED_STATUS,
    CommentRepository,
    FileRepository,
    ItemEntry,
    ItemFilter,
    ItemRepository,
    ListedItem,
    NewVersion,
    ReleaseRepository,
    StoredComment,
    StoredFile,
    StoredItem,
    StoredRelease,
    WorkingCopy,
    WorkingCopyRepository,
)
from certify.services.calibration_ports import (
    CalibrationRepository,
    CalibrationRun,
    RescoredResult,
    RunStage,
    RunState,
    StoredCalibration,
)
from certify.services.exam_ports import (
    AttemptEntry,
    AttemptRepository,
    ExposurePlanRepository,
    ResultRepository,
    SatAttempt,
    StoredPlan,
    StoredResult,
)
from certify.services.integrity_ports import (
    IntegrityNote,
    IntegrityRepository,
    PageEvent,
    StoredIntegrityReport,
)
from certify.services.pages import Page
from certify.services.paper_ports import (
    BlueprintRepository,
    FormRepository,
    StoredBlueprint,
    StoredForm,
)
from certify.services.practice_ports import PracticeRepository, StoredPracticeAnswer
from certify.services.session_ports import (
    SeatEntry,
    SessionCount,
    SessionNotice,
    SessionRepository,
)
from certify.services.upload_ports import StoredUpload, UploadedFile, UploadRepository

__all__ = [
    "ITEM_SORTS",
    "RELEASED_STATUSES",
    "RETIRED_STATUS",
    "ROLES",
    "AttemptEntry",
    "AttemptRepository",
    "AuditEvent",
    "AuditRepository",
    "BatchRepository",
    "BlueprintRepository",
    "CalibrationRepository",
    "CalibrationRun",
    "CommentRepository",
    "CredentialFilter",
    "CredentialRepository",
    "Database",
    "ExposurePlanRepository",
    "FileRepository",
    "FormRepository",
    "IntegrityNote",
    "IntegrityRepository",
    "ItemEntry",
    "ItemFilter",
    "ItemRepository",
    "ListedCredential",
    "ListedItem",
    "NewVersion",
    "Page",
    "PageEvent",
    "PasswordHasher",
    "PeopleRepository",
    "Person",
    "PracticeRepository",
    "ReleaseRepository",
    "RescoredResult",
    "ResultRepository",
    "RunStage",
    "RunState",
    "SatAttempt",
    "SeatEntry",
    "SessionCount",
    "SessionNotice",
    "SessionRepository",
    "StoredBatch",
    "StoredBlueprint",
    "StoredCalibration",
    "StoredComment",
    "StoredCredential",
    "StoredFile",
    "StoredForm",
    "StoredIntegrityReport",
    "StoredItem",
    "StoredPlan",
    "StoredPracticeAnswer",
    "StoredRelease",
    "StoredResult",
    "StoredUpload",
    "UnitOfWork",
    "UploadRepository",
    "UploadedFile",
    "WorkingCopy",
    "WorkingCopyRepository",
]

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
    def comments(self) -> CommentRepository: ...
    @property
    def files(self) -> FileRepository: ...
    @property
    def working_copies(self) -> WorkingCopyRepository: ...
    @property
    def uploads(self) -> UploadRepository: ...
    @property
    def attempts(self) -> AttemptRepository: ...
    @property
    def exposure_plans(self) -> ExposurePlanRepository: ...
    @property
    def results(self) -> ResultRepository: ...
    @property
    def calibrations(self) -> CalibrationRepository: ...
    @property
    def credentials(self) -> CredentialRepository: ...
    @property
    def batches(self) -> BatchRepository: ...
    @property
    def blueprints(self) -> BlueprintRepository: ...
    @property
    def forms(self) -> FormRepository: ...
    @property
    def sessions(self) -> SessionRepository: ...
    @property
    def practice(self) -> PracticeRepository: ...
    @property
    def integrity(self) -> IntegrityRepository: ...
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
