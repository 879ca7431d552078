"""Versions of items between the domain and the ports: how one is made, read and judged ready.

Opens no unit of work; the use cases do.
"""

from certify.errors import ItemNotReady, NotFound, Phrase
from certify.services.context import ServiceContext
from certify.services.ports import (
    AuditEvent,
    ItemEntry,
    NewVersion,
    StoredItem,
    UnitOfWork,
)
from question_bank import findings as faults
from question_bank.exchange.native import item_from_mapping, item_to_mapping
from question_bank.findings import Finding, Severity
from question_bank.item import Item, ItemStatus, ItemVersion
from question_bank.search_text import search_text
from question_bank.skills import SkillModel
from question_bank.validation import validate_item


def find_item(work: UnitOfWork, item_id: str, *, lock: bool = False) -> StoredItem:
    """The newest version of an item. Raises NotFound."""
    stored = work.items.latest_of([item_id], lock=lock).get(item_id)
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


def make_version(
    context: ServiceContext,
    item: Item,
    *,
    previous: int,
    status: ItemStatus,
    author: str,
    action: str,
    note: str = "",
) -> NewVersion:
    """The version after `previous`, with what lists and the search know of it."""
    stored = StoredItem(
        item_id=item.id,
        version=previous + 1,
        node=item.node,
        dimension=item.dimension,
        level=item.level,
        type=item.type.value,
        status=status.value,
        stem=item.stem,
        content=item_to_mapping(item),
        author=author,
        created_at=context.clock(),
        action=action,
        note=note,
        based_on=previous,
    )
    return NewVersion(stored, previous, entry_of(item, context.skill_model))


def entry_of(item: Item, model: SkillModel) -> ItemEntry:
    """What lists and the search know of an item."""
    errors, warnings = count_findings(item, model)
    return ItemEntry(
        bloom=item.bloom,
        work_area=item.work_area,
        chapter=item.chapter,
        stimulus=item.stimulus.id if item.stimulus else "",
        text=search_text(item),
        errors=errors,
        warnings=warnings,
        files=tuple(file.digest for file in item.files),
    )


def count_findings(item: Item, model: SkillModel) -> tuple[int, int]:
    """Errors and warnings that an item has by itself."""
    found = [finding.severity for finding in validate_item(item, model)]
    return found.count(Severity.ERROR), found.count(Severity.WARNING)


def find_missing_files(work: UnitOfWork, item: Item) -> list[Finding]:
    """One finding for each file that the item names and nobody brought."""
    if not item.files:
        return []
    known = work.files.known([file.digest for file in item.files])
    missing = [file for file in item.files if file.digest not in known]
    return [faults.FILE_MISSING.found_in(item, name=file.name) for file in missing]


def check_ready(context: ServiceContext, work: UnitOfWork, item: Item) -> None:
    """Raises ItemNotReady where a finding forbids that the item goes on."""
    findings = [*validate_item(item, context.skill_model), *find_missing_files(work, item)]
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise ItemNotReady(
            item_id=item.id or item.node,
            count=len(errors),
            field=errors[0].field,
            message=Phrase(errors[0].template, errors[0].params),
            findings=tuple(errors),
        )


def note_event(
    context: ServiceContext, work: UnitOfWork, actor: str, action: str, subject: str, detail: str
) -> None:
    """Add a line to the audit trail."""
    work.audit.add(AuditEvent(context.clock(), actor, action, subject, detail))


def asks_the_same(before: Item, after: Item) -> bool:
    """Whether a response to one would be a response to the other, of the same worth."""
    first, second = (
        (item.stem, item.options, item.targets, item.answer_key, item.scoring, item.stimulus)
        for item in (before, after)
    )
    return first == second and before.markup == after.markup and before.files == after.files
