"""Items and releases: what teachers write, and what exams are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certify.errors import EditConflict, InvalidField, ItemNotReady, NoRelease, NotFound, Phrase
from certify.services.context import ServiceContext
from certify.services.examining import unsatisfiable_exams
from certify.services.ports import (
    AuditEvent,
    ItemFilter,
    Page,
    StoredItem,
    StoredRelease,
    UnitOfWork,
)
from question_bank.bank import BankRelease, compose_release
from question_bank.exchange.native import item_from_mapping, item_to_mapping, read_content
from question_bank.findings import Finding, Severity
from question_bank.item import Item, ItemStatus, ItemVersion
from question_bank.shipped import load_shipped_items
from question_bank.skills import load_skill_model
from question_bank.validation import find_unknown_enemies, validate_bank, validate_item
from rubrics.catalogue import load_programme_versions, newest_versions

SHIPPED = "shipped"
"""Author of items that came with the product."""
LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class BankReport:
    """What is wrong with a bank; `blueprints` are the exams that it cannot give, one line each."""

    items: int
    findings: tuple[Finding, ...]
    blueprints: tuple[str, ...]

    @property
    def errors(self) -> int:
        """How many findings forbid a release."""
        severe = sum(finding.severity is Severity.ERROR for finding in self.findings)
        return severe + len(self.blueprints)

    @property
    def warnings(self) -> int:
        """How many findings advise."""
        return sum(finding.severity is Severity.WARNING for finding in self.findings)


def list_items(
    context: ServiceContext, conditions: ItemFilter, *, number: int = 1, size: int = 50
) -> Page:
    """The newest version of each item that meets the conditions, ordered by id."""
    with context.database.reading() as work:
        return work.items.page(conditions, number=number, size=size)


def get_item(context: ServiceContext, item_id: str) -> ItemVersion:
    """The newest version of an item. Raises NotFound."""
    with context.database.reading() as work:
        return read_version(context, _stored(work, item_id))


def list_versions(context: ServiceContext, item_id: str) -> tuple[ItemVersion, ...]:
    """All versions of an item, newest first. Raises NotFound."""
    with context.database.reading() as work:
        _stored(work, item_id)
        return tuple(read_version(context, stored) for stored in work.items.history(item_id))


def list_stored_versions(context: ServiceContext, item_id: str) -> tuple[StoredItem, ...]:
    """All versions of an item as they are stored, newest first. Raises NotFound."""
    with context.database.reading() as work:
        _stored(work, item_id)
        return work.items.history(item_id)


def count_items(context: ServiceContext, status: ItemStatus) -> Mapping[tuple[str, str], int]:
    """How many items of a status there are by dimension and level; empty pairs are left out."""
    with context.database.reading() as work:
        return work.items.tally(status)


def check_item(context: ServiceContext, data: Mapping[str, Any]) -> tuple[Item, list[Finding]]:
    """Read an item from its mapping and judge it; one not stored yet needs no id.

    Raises MalformedItem for a wrong shape.
    """
    item = item_from_mapping({"id": "", **data}, context.skill_model, "item")
    return item, judge_item(context, item)


def judge_item(context: ServiceContext, item: Item) -> list[Finding]:
    """What is wrong with an item, errors first; its enemies must be stored items."""
    findings = validate_item(item, context.skill_model)
    if item.enemies:
        with context.database.reading() as work:
            known = [enemy for enemy in item.enemies if work.items.latest(enemy)]
        findings += find_unknown_enemies(item, known)
    return findings


def keep_calibration(before: Item, data: Mapping[str, Any], after: Item) -> dict[str, Any]:
    """The mapping of an edited item, with the calibration of the version it was edited from.

    Estimates stay true only while candidates see the same and the key is the same: `after`, the
    item read from the mapping, must agree with `before` in that.
    """
    asked = [(item.stem, item.options, item.answer_key) for item in (before, after)]
    if before.calibration is None or asked[0] != asked[1]:
        return dict(data)
    return {**data, "calibration": item_to_mapping(before)["calibration"]}


def check_bank(folder: Path | None = None) -> BankReport:
    """Judge the items below a folder, or the shipped ones, against rules and open programmes.

    Raises UnreadableContent, MalformedItem or DuplicateItem for files that cannot be read.
    """
    model = load_skill_model()
    items = read_content(folder, model) if folder else load_shipped_items()
    return BankReport(
        items=len(items),
        findings=tuple(validate_bank(items, model)),
        blueprints=tuple(
            str(error)
            for error in unsatisfiable_exams(
                newest_versions(load_programme_versions()), items, model
            )
        ),
    )


def next_item_id(context: ServiceContext, node: str) -> str:
    """The first free identifier of a node, such as 01-008."""
    with context.database.reading() as work:
        return _free_id(work, node)


def save_item(
    context: ServiceContext,
    data: Mapping[str, Any],
    *,
    status: ItemStatus,
    based_on: int,
    actor: str,
) -> ItemVersion:
    """Store the next version of an item; `based_on` is the version it was edited from, 0 for new.

    An id that is missing is chosen. Findings do not hinder saving a draft. Raises MalformedItem
    for a wrong shape, ItemNotReady for an operational item with errors, and EditConflict when
    somebody saved in between.
    """
    if status is ItemStatus.OPERATIONAL:
        _check_ready(context, data)
    with context.database.writing() as work:
        item_id = data.get("id") or _free_id(work, str(data.get("node", "")))
        item = item_from_mapping({**data, "id": item_id}, context.skill_model, "item")
        version = ItemVersion(item, based_on + 1, status, actor, context.clock())
        if not work.items.add_version(_to_stored(version), previous=based_on):
            newest = work.items.latest(item.id)
            found = newest.version if newest else 0
            raise EditConflict(item_id=item.id, expected=based_on, found=found)
        event = AuditEvent(context.clock(), actor, "item.save", item.id, f"v{version.version}")
        work.audit.add(event)
        work.commit()
    return version


def load_shipped_bank(context: ServiceContext) -> int:
    """Store shipped items that the bank does not have yet; how many were new."""
    added = 0
    with context.database.writing() as work:
        if work.items.count() and work.releases.newest():
            known = {stored.item_id for stored in work.items.all_latest("")}
        else:
            known = set()
        for item in load_shipped_items():
            if item.id in known:
                continue
            version = ItemVersion(item, 1, ItemStatus.OPERATIONAL, SHIPPED, context.clock())
            added += work.items.add_version(_to_stored(version), previous=0)
        work.commit()
    return added


def publish_release(context: ServiceContext, *, title: str, actor: str) -> StoredRelease:
    """Freeze all operational items.

    Raises InvalidField for an unfit title, EmptyRelease, InvalidRelease, or BlueprintNotSatisfiable
    when an open programme could not be examined from it: that shows before the exam day.
    """
    title = " ".join(title.split())
    if not 0 < len(title) <= LONGEST_TITLE or not title.isprintable():
        expected = Phrase("1 to {highest} characters", {"highest": LONGEST_TITLE})
        raise InvalidField(field="title", expected=expected, found=repr(title[:LONGEST_TITLE]))
    with context.database.writing() as work:
        versions = [
            read_version(context, stored)
            for stored in work.items.all_latest(ItemStatus.OPERATIONAL)
        ]
        release = compose_release(
            versions, title=title, created_at=context.clock(), model=context.skill_model
        )
        items = [version.item for version in release.items]
        lacking = unsatisfiable_exams(context.programmes, items, context.skill_model)
        if lacking:
            raise lacking[0]
        stored = StoredRelease(release.digest, title, len(release.items), release.created_at, actor)
        work.releases.add(stored, release.content)
        event = AuditEvent(context.clock(), actor, "release.publish", release.digest, title)
        work.audit.add(event)
        work.commit()
    return stored


def list_releases(context: ServiceContext) -> tuple[StoredRelease, ...]:
    """All releases, newest first."""
    with context.database.reading() as work:
        return work.releases.list()


def get_release(context: ServiceContext, digest: str) -> BankRelease:
    """A release with its items. Raises NotFound or CorruptRelease."""
    with context.database.reading() as work:
        return context.shelf.release(work, digest, context.skill_model)


def newest_release(work: UnitOfWork) -> StoredRelease:
    """The release that new attempts use. Raises NoRelease."""
    newest = work.releases.newest()
    if newest is None:
        raise NoRelease()
    return newest


def _check_ready(context: ServiceContext, data: Mapping[str, Any]) -> None:
    item, findings = check_item(context, data)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise ItemNotReady(
            item_id=item.id or item.node,
            count=len(errors),
            field=errors[0].field,
            message=Phrase(errors[0].template, errors[0].params),
            findings=tuple(errors),
        )


def _free_id(work: UnitOfWork, node: str) -> str:
    numbers = [
        int(tail)
        for item_id in work.items.ids_of_node(node)
        for tail in [item_id.rpartition("-")[2]]
        if tail.isdigit()
    ]
    return f"{node}-{max(numbers, default=0) + 1:03d}"


def _stored(work: UnitOfWork, item_id: str) -> StoredItem:
    stored = work.items.latest(item_id)
    if stored is None:
        raise NotFound(kind="Item", identifier=item_id)
    return stored


def read_version(context: ServiceContext, stored: StoredItem) -> ItemVersion:
    """The item version that a stored row holds."""
    return ItemVersion(
        item=item_from_mapping(stored.content, context.skill_model, f"item {stored.item_id}"),
        version=stored.version,
        status=ItemStatus(stored.status),
        author=stored.author,
        created_at=stored.created_at,
    )


def _to_stored(version: ItemVersion) -> StoredItem:
    item = version.item
    return StoredItem(
        item_id=item.id,
        version=version.version,
        node=item.node,
        dimension=item.dimension,
        level=item.level,
        type=item.type.value,
        status=version.status.value,
        stem=item.stem,
        content=item_to_mapping(item),
        author=version.author,
        created_at=version.created_at,
    )
