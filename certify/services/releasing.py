"""Releases: frozen from what the bank holds ready, listed, compared, and kept while in use."""

from dataclasses import dataclass

from certify.errors import (
    AmbiguousRelease,
    InvalidField,
    NoRelease,
    NotFound,
    Phrase,
    ReleaseInUse,
    ReleasePrinted,
)
from certify.services.acting import ADMINISTRATOR, TEACHER, Actor
from certify.services.context import ServiceContext
from certify.services.examining import unsatisfiable_exams
from certify.services.ports import StoredRelease, UnitOfWork
from certify.services.versioning import note_event, read_version
from question_bank.bank import BankRelease, compose_release
from question_bank.differences import FieldDifference, compare_items
from question_bank.item import ItemVersion
from question_bank.practice import load_practice_ids

__all__ = [
    "FieldDifference",
    "ReleaseComparison",
    "ReleasedChange",
    "compare_releases",
    "count_attempts",
    "delete_release",
    "find_release",
    "get_release",
    "list_releases",
    "newest_release",
    "next_versions",
    "publish_release",
]

LONGEST_TITLE = 80
SHORTEST_DIGEST = 6
"""Characters of a digest that may stand for all of it."""


@dataclass(frozen=True, slots=True)
class ReleasedChange:
    """An item that two releases hold in different states, and what differs in what it says."""

    before: ItemVersion
    after: ItemVersion
    differences: tuple[FieldDifference, ...]

    @property
    def item_id(self) -> str:
        """The item."""
        return self.after.item.id


@dataclass(frozen=True, slots=True)
class ReleaseComparison:
    """What changed from one release to another, each list by item id."""

    first: StoredRelease
    second: StoredRelease
    added: tuple[ItemVersion, ...]
    removed: tuple[ItemVersion, ...]
    changed: tuple[ReleasedChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both hold the same."""
        return not (self.added or self.removed or self.changed)


def publish_release(context: ServiceContext, *, title: str, actor: Actor) -> StoredRelease:
    """Freeze the version that the next release takes of every item.

    Raises NotPermitted, InvalidField for an unfit title, EmptyRelease, InvalidRelease, or
    BlueprintNotSatisfiable when an open programme could not be examined from it: that shows
    before the exam day.
    """
    actor.require(TEACHER)
    title = " ".join(title.split())
    if not 0 < len(title) <= LONGEST_TITLE or not title.isprintable():
        expected = Phrase("1 to {highest} characters", {"highest": LONGEST_TITLE})
        raise InvalidField(field="title", expected=expected, found=repr(title[:LONGEST_TITLE]))
    with context.database.writing() as work:
        versions = next_versions(context, work)
        release = compose_release(
            versions, title=title, created_at=context.clock(), model=context.skill_model
        )
        lacking = unsatisfiable_exams(context.programmes, release.operational, context.skill_model)
        if lacking:
            raise lacking[0]
        stored = StoredRelease(
            release.digest, title, len(release.items), release.created_at, actor.name
        )
        held = [(one.item.id, one.version, one.status.value) for one in release.items]
        work.releases.add(stored, release.content, held)
        note_event(context, work, actor.name, "release.publish", release.digest, title)
        work.commit()
    return stored


def next_versions(context: ServiceContext, work: UnitOfWork) -> list[ItemVersion]:
    """The versions that a release published now would hold, by item id.

    Items for practice are left out: whoever practises sees their keys.
    """
    practised = load_practice_ids()
    return [
        read_version(context, stored)
        for stored in work.items.released()
        if stored.item_id not in practised
    ]


def list_releases(context: ServiceContext) -> tuple[StoredRelease, ...]:
    """All releases, newest first."""
    with context.database.reading() as work:
        return work.releases.list()


def get_release(context: ServiceContext, digest: str) -> BankRelease:
    """A release with its items. Raises NotFound or CorruptRelease."""
    with context.database.reading() as work:
        return context.shelf.release(work, digest, context.skill_model)


def count_attempts(context: ServiceContext, digest: str) -> int:
    """How many attempts run or ran on a release; with any it can never be deleted."""
    with context.database.reading() as work:
        return work.releases.attempts(digest)


def newest_release(work: UnitOfWork) -> StoredRelease:
    """The release that new attempts use. Raises NoRelease."""
    newest = work.releases.newest()
    if newest is None:
        raise NoRelease()
    return newest


def compare_releases(context: ServiceContext, first: str, second: str) -> ReleaseComparison:
    """What changed between two releases, each named by its digest or the beginning of it.

    Raises NotFound, AmbiguousRelease or CorruptRelease.
    """
    with context.database.reading() as work:
        found = [find_release(work, name) for name in (first, second)]
        old, new = (
            {
                version.item.id: version
                for version in context.shelf.release(work, one.digest, context.skill_model).items
            }
            for one in found
        )
    both = [ReleasedChange(old[i], new[i], _differences(old[i], new[i])) for i in new if i in old]
    return ReleaseComparison(
        first=found[0],
        second=found[1],
        added=tuple(version for item_id, version in new.items() if item_id not in old),
        removed=tuple(version for item_id, version in old.items() if item_id not in new),
        changed=tuple(
            one for one in both if one.differences or one.before.status is not one.after.status
        ),
    )


def find_release(work: UnitOfWork, name: str) -> StoredRelease:
    """The release of a digest, or of at least six characters that it alone begins with.

    Raises NotFound or AmbiguousRelease.
    """
    exact = work.releases.get(name)
    if exact is not None:
        return exact
    found = work.releases.beginning(name) if len(name) >= SHORTEST_DIGEST else ()
    if not found:
        raise NotFound(kind="Bank release", identifier=name)
    if len(found) > 1:
        raise AmbiguousRelease(found=name, count=len(found))
    return found[0]


def delete_release(context: ServiceContext, digest: str, *, actor: Actor) -> None:
    """Remove a release on which nobody ever sat.

    Raises NotPermitted, NotFound, ReleaseInUse or ReleasePrinted.
    """
    actor.require(ADMINISTRATOR)
    with context.database.writing() as work:
        stored = work.releases.get(digest)
        if stored is None:
            raise NotFound(kind="Bank release", identifier=digest)
        papers = work.forms.of_release(digest)
        if papers:
            raise ReleasePrinted(digest=digest[:12], count=papers)
        if not work.releases.delete(digest):
            raise ReleaseInUse(digest=digest[:12], count=work.releases.attempts(digest))
        note_event(context, work, actor.name, "release.delete", digest, stored.title)
        work.commit()


def _differences(before: ItemVersion, after: ItemVersion) -> tuple[FieldDifference, ...]:
    if before.item == after.item:
        return ()
    return compare_items(before.item, after.item)
