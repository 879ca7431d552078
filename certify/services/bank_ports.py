"""What the use cases of the item bank need from storage: records and protocols.

`ports` hands these on together with everybody else's.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from certify.services.pages import Page

RELEASED_STATUSES = ("operational", "pretest")
"""A version of these is the one that the next release takes, until another or a retired one."""
RETIRED_STATUS = "retired"
ITEM_SORTS = ("", "id", "changed", "node", "level", "type", "status")
"""Orders of a list of items; the empty one is by rank where a text is searched, else by id."""


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One version of an item; `content` is the mapping of `question_bank.exchange.native`.

    `action` is what made the version (`question_bank.lifecycle`), `note` what its author said
    about it, `based_on` the version that it was made from, 0 for none.
    """

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
    action: str = "edit"
    note: str = ""
    based_on: int = 0


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """What lists and the search know of an item's newest version beside its row.

    `text` is all that is searched besides id and stem. `errors` and `warnings` count findings,
    None where nobody judged the item yet. `files` are digests.
    """

    bloom: str = ""
    work_area: str = ""
    chapter: str = ""
    stimulus: str = ""
    text: str = ""
    errors: int | None = None
    warnings: int | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to store if the newest one is still `previous` (0: none)."""

    item: StoredItem
    previous: int
    entry: ItemEntry = field(default_factory=ItemEntry)


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Conditions that listed items meet; an empty one means any.

    `author` wrote any version of the item. `findings` is "errors", "warnings", "any" or "none".
    `release` is the digest of a release that holds the item. `in_use` asks for items of which the
    next release takes a version, whatever their newest one is.
    """

    text: str = ""
    node: str = ""
    dimension: str = ""
    level: str = ""
    type: str = ""
    status: str = ""
    bloom: str = ""
    work_area: str = ""
    chapter: str = ""
    author: str = ""
    stimulus: str = ""
    findings: str = ""
    untagged: bool = False
    open_comments: bool = False
    in_use: bool = False
    release: str = ""
    changed_since: dt.datetime | None = None
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One line of the list: the newest version without its content.

    `released_version` is the version that the next release takes, None for none.
    """

    item_id: str
    version: int
    released_version: int | None
    node: str
    dimension: str
    level: str
    type: str
    status: str
    bloom: str
    work_area: str
    chapter: str
    stimulus: str
    stem: str
    author: str
    changed_at: dt.datetime
    errors: int | None
    warnings: int | None
    open_comments: int


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A published release without its content; `item_count` counts pretest items too."""

    digest: str
    title: str
    item_count: int
    created_at: dt.datetime
    author: str


@dataclass(frozen=True, slots=True)
class StoredComment:
    """One comment on an item, made at a version of it; a reply names the comment it answers."""

    id: int
    item_id: str
    version: int
    reply_to: int | None
    author: str
    text: str
    created_at: dt.datetime
    resolved_at: dt.datetime | None
    resolved_by: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the bank by its SHA-256; its media type is what its content shows it to be."""

    digest: str
    media_type: str
    size: int
    author: str
    added_at: dt.datetime


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """What somebody typed and did not save yet; no version.

    `place` is the id of the item, or a word of the page's for an item not stored yet. `content`
    is whatever the page wants back.
    """

    place: str
    author: str
    content: Mapping[str, Any]
    based_on: int
    updated_at: dt.datetime


class ItemRepository(Protocol):
    """Item versions; the newest of each item is listed."""

    def add_version(
        self, item: StoredItem, *, previous: int, entry: ItemEntry | None = None
    ) -> bool:
        """Store a version if the newest one is still `previous` (0: none); else False."""
        ...

    def add_versions(self, versions: Sequence[NewVersion]) -> bool:
        """Store many versions; False where one was overtaken, and then nothing may be kept."""
        ...

    def latest(self, item_id: str) -> StoredItem | None: ...
    def latest_of(
        self, item_ids: Sequence[str], *, lock: bool = False
    ) -> Mapping[str, StoredItem]: ...
    def version(self, item_id: str, version: int) -> StoredItem | None: ...
    def history(self, item_id: str) -> tuple[StoredItem, ...]: ...
    def histories(self, item_ids: Sequence[str]) -> Mapping[str, tuple[StoredItem, ...]]:
        """All versions of several items without their content, newest first."""
        ...

    def page(self, conditions: ItemFilter, *, number: int, size: int) -> Page: ...
    def listed(self, conditions: ItemFilter, *, number: int, size: int) -> Page:
        """Items as `ListedItem`."""
        ...

    def ids(self, conditions: ItemFilter, limit: int) -> tuple[str, ...]: ...
    def all_latest(self, status: str) -> tuple[StoredItem, ...]: ...
    def released(self) -> tuple[StoredItem, ...]:
        """The versions that the next release takes, by item id."""
        ...

    def released_version(self, item_id: str) -> int | None: ...
    def counts(self, column: str) -> Mapping[str, int]:
        """How many items have each value of a column of `ListedItem` in their newest version."""
        ...

    def combinations(self, columns: Sequence[str]) -> Mapping[tuple[str, ...], int]:
        """The same for several columns at once."""
        ...

    def touched_by_others(self, author: str) -> frozenset[str]:
        """Items of which somebody else wrote a version."""
        ...

    def unjudged(self, limit: int) -> tuple[StoredItem, ...]: ...
    def set_findings(self, counts: Mapping[str, tuple[int, int]]) -> None:
        """Errors and warnings of items' newest versions."""
        ...

    def ids_of_node(self, node: str) -> tuple[str, ...]: ...
    def count(self) -> int: ...


class ReleaseRepository(Protocol):
    """Published releases; they are never changed."""

    def add(
        self, release: StoredRelease, content: bytes, items: Sequence[tuple[str, int, str]] = ()
    ) -> None:
        """Store a release; `items` are id, version and status of what it holds."""
        ...

    def content(self, digest: str) -> bytes | None: ...
    def get(self, digest: str) -> StoredRelease | None: ...
    def beginning(self, digest: str) -> tuple[StoredRelease, ...]:
        """Releases whose digest begins so."""
        ...

    def newest(self) -> StoredRelease | None: ...
    def items_in_use(self, now: dt.datetime) -> frozenset[str]:
        """Items of the newest release, of those on which somebody sits, and of sessions to come."""
        ...

    def list(self) -> tuple[StoredRelease, ...]: ...
    def attempts(self, digest: str) -> int:
        """How many attempts run or ran on a release."""
        ...

    def delete(self, digest: str) -> bool:
        """Remove a release without attempts; False where it has some or is not there."""
        ...


class CommentRepository(Protocol):
    """Comments on items; nothing but their state changes."""

    def add(self, comment: StoredComment) -> StoredComment:
        """Store it; the id is chosen."""
        ...

    def get(self, comment_id: int) -> StoredComment | None: ...
    def of_item(self, item_id: str) -> tuple[StoredComment, ...]:
        """Oldest first."""
        ...

    def set_resolved(self, comment_id: int, at: dt.datetime | None, by: str) -> None: ...


class FileRepository(Protocol):
    """Pictures and attachments by the digest of their content."""

    def add(self, file: StoredFile, content: bytes) -> bool:
        """Store it; False where it is there already."""
        ...

    def get(self, digest: str) -> StoredFile | None: ...
    def content(self, digest: str) -> bytes | None: ...
    def known(self, digests: Sequence[str]) -> frozenset[str]: ...
    def delete_unused(self, before: dt.datetime) -> int:
        """Remove files added before an instant that no version of any item names."""
        ...


class WorkingCopyRepository(Protocol):
    """One unsaved text for each person and place."""

    def save(self, copy: WorkingCopy) -> None: ...
    def get(self, author: str, place: str) -> WorkingCopy | None: ...
    def of_author(self, author: str) -> tuple[WorkingCopy, ...]: ...
    def discard(self, author: str, place: str) -> bool: ...
