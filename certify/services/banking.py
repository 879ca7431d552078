"""Looking into the item bank: lists, items, their history and what is wrong with them.

Writing stands in `authoring`, the steps of an item's life in `advancing`, releases in `releasing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certify.errors import InvalidField, NotFound, Phrase
from certify.services.context import ServiceContext
from certify.services.examining import unsatisfiable_exams
from certify.services.ports import ITEM_SORTS, ItemFilter, Page, StoredItem
from certify.services.versioning import (
    count_findings,
    find_item,
    find_missing_files,
    read_version,
)
from question_bank.differences import FieldDifference, compare_items
from question_bank.exchange.native import item_from_mapping, read_content
from question_bank.findings import Finding, Severity
from question_bank.item import Item, ItemVersion
from question_bank.shipped import load_shipped_items
from question_bank.skills import load_skill_model
from question_bank.validation import find_unknown_enemies, validate_bank, validate_item
from rubrics.catalogue import load_programme_versions, newest_versions

FINDING_CONDITIONS = ("", "errors", "warnings", "any", "none")
AT_ONCE = 500


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


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One version in an item's history: what made it, what its author said, what it changed.

    `differences` are those to the version before; the first version has none.
    """

    version: ItemVersion
    action: str
    note: str
    based_on: int
    differences: tuple[FieldDifference, ...]


@dataclass(frozen=True, slots=True)
class BankCounts:
    """How many items there are by each tag of their newest version, and how many are in use."""

    items: int
    in_use: int
    by_status: Mapping[str, int]
    by_node: Mapping[str, int]
    by_dimension: Mapping[str, int]
    by_level: Mapping[str, int]
    by_type: Mapping[str, int]


def list_items(
    context: ServiceContext, conditions: ItemFilter, *, number: int = 1, size: int = 50
) -> Page:
    """The newest version of each item that meets the conditions, with its content.

    Raises InvalidField for an unknown order or condition.
    """
    _check_conditions(conditions)
    with context.database.reading() as work:
        return work.items.page(conditions, number=number, size=size)


def search_items(
    context: ServiceContext, conditions: ItemFilter, *, number: int = 1, size: int = 50
) -> Page:
    """The same items as `ListedItem`: what a list shows of them, without their content."""
    _check_conditions(conditions)
    with context.database.reading() as work:
        return work.items.listed(conditions, number=number, size=size)


def list_item_ids(context: ServiceContext, conditions: ItemFilter, *, most: int) -> tuple[str, ...]:
    """The ids of items that meet the conditions, for what is done with all of them at once."""
    _check_conditions(conditions)
    with context.database.reading() as work:
        return work.items.ids(conditions, most)


def get_item(context: ServiceContext, item_id: str) -> ItemVersion:
    """The newest version of an item. Raises NotFound."""
    with context.database.reading() as work:
        return read_version(context, find_item(work, item_id))


def released_version(context: ServiceContext, item_id: str) -> int | None:
    """The version that the next release takes of an item, None for none."""
    with context.database.reading() as work:
        return work.items.released_version(item_id)


def list_versions(context: ServiceContext, item_id: str) -> tuple[ItemVersion, ...]:
    """All versions of an item, newest first. Raises NotFound."""
    return tuple(read_version(context, stored) for stored in list_stored_versions(context, item_id))


def list_stored_versions(context: ServiceContext, item_id: str) -> tuple[StoredItem, ...]:
    """All versions of an item as they are stored, newest first. Raises NotFound."""
    with context.database.reading() as work:
        find_item(work, item_id)
        return work.items.history(item_id)


def list_changes(context: ServiceContext, item_id: str) -> tuple[ItemChange, ...]:
    """The history of an item, newest first, each version beside the one before. Raises NotFound."""
    stored = list_stored_versions(context, item_id)
    versions = [read_version(context, one) for one in stored]
    former = [version.item for version in versions[1:]]
    differences = [
        compare_items(before, after.item) for before, after in zip(former, versions, strict=False)
    ]
    return tuple(
        ItemChange(version, one.action, one.note, one.based_on, changed)
        for version, one, changed in zip(versions, stored, [*differences, ()], strict=True)
    )


def compare_versions(
    context: ServiceContext, item_id: str, before: int, after: int
) -> tuple[FieldDifference, ...]:
    """What changed from one version of an item to another, older or newer. Raises NotFound."""
    items = []
    with context.database.reading() as work:
        for version in (before, after):
            stored = work.items.version(item_id, version)
            if stored is None:
                raise NotFound(kind="Item", identifier=f"{item_id} v{version}")
            items.append(read_version(context, stored).item)
    return compare_items(*items)


def count_bank(context: ServiceContext) -> BankCounts:
    """The bank in numbers."""
    with context.database.reading() as work:
        in_use = work.items.listed(ItemFilter(in_use=True), number=1, size=1).total
        counts = work.items.counts
        return BankCounts(
            items=work.items.count(),
            in_use=in_use,
            by_status=counts("status"),
            by_node=counts("node"),
            by_dimension=counts("dimension"),
            by_level=counts("level"),
            by_type=counts("type"),
        )


def check_item(context: ServiceContext, data: Mapping[str, Any]) -> tuple[Item, list[Finding]]:
    """Read an item from its mapping and judge it; one not stored yet needs no id.

    Raises MalformedItem for a wrong shape.
    """
    item = item_from_mapping({"id": "", **data}, context.skill_model, "item")
    return item, judge_item(context, item)


def judge_item(context: ServiceContext, item: Item) -> list[Finding]:
    """What is wrong with an item, errors first; its enemies and files must be there."""
    findings = validate_item(item, context.skill_model)
    if not (item.enemies or item.files):
        return findings
    with context.database.reading() as work:
        known = work.items.latest_of(item.enemies)
        missing = find_missing_files(work, item)
    return [*missing, *findings, *find_unknown_enemies(item, known)]


def judge_unjudged(context: ServiceContext) -> int:
    """Count the findings of items that were stored before they were counted; how many those were.

    A migration leaves items unjudged.
    """
    judged = 0
    with context.database.writing() as work:
        while stored := work.items.unjudged(AT_ONCE):
            versions = [read_version(context, one) for one in stored]
            work.items.set_findings(
                {v.item.id: count_findings(v.item, context.skill_model) for v in versions}
            )
            judged += len(stored)
        work.commit()
    return judged


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


def _check_conditions(conditions: ItemFilter) -> None:
    for field, value, known in (
        ("sort", conditions.sort, ITEM_SORTS),
        ("findings", conditions.findings, FINDING_CONDITIONS),
    ):
        if value not in known:
            expected = Phrase("one of {choices}", {"choices": ", ".join(filter(None, known))})
            raise InvalidField(field=field, expected=expected, found=value)
