"""Items in and out of the bank: look first, then take over; the same file twice changes nothing.

What a file says of an item that is there already becomes the item's next draft, and only where it
differs. The formats stand in `question_bank.exchange`; what they cannot say comes as problems.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path

from certify.errors import EditConflict, InvalidField, NotFound, Phrase
from certify.services.acting import TEACHER, Actor
from certify.services.advancing import check_note
from certify.services.authoring import keep_calibration
from certify.services.context import ServiceContext
from certify.services.filing import keep_file, with_files
from certify.services.ports import ItemFilter, NewVersion, StoredItem, UnitOfWork
from certify.services.versioning import make_version, note_event, read_version
from question_bank.exchange.fitting import TagDefaults, fit_item
from question_bank.exchange.formats import FORMATS, read_items, write_items
from question_bank.exchange.native import item_from_mapping, item_to_mapping
from question_bank.exchange.problems import (
    FILE_WITHOUT_CONTENT,
    REPEATED_ID,
    Problem,
    ProblemSeverity,
)
from question_bank.item import Item, ItemStatus
from question_bank.lifecycle import ItemAction
from question_bank.skills import LEVELS, SkillModel

__all__ = [
    "FORMATS",
    "ExportReport",
    "ImportReport",
    "Problem",
    "TagDefaults",
    "export_items",
    "import_files",
]

AT_ONCE = 250
"""Items that are compared and stored together: enough to be fast, few enough to stay small."""
MOST_EXPORTED = 100_000
Progress = Callable[[int, int], None]
"""Told how many items were compared, and of how many; of none while the files are read."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do where it was a dry run: ids, and what stood in the way."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    problems: tuple[Problem, ...]
    is_applied: bool

    @property
    def items(self) -> int:
        """How many items were found and fit."""
        return len(self.new) + len(self.changed) + len(self.unchanged)

    @property
    def lost(self) -> tuple[Problem, ...]:
        """The problems of what did not come over."""
        return tuple(p for p in self.problems if p.severity == ProblemSeverity.ERROR)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """How many items were written, and what the format could not say."""

    items: int
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Findings:
    """What one import has come to so far."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def import_files(
    context: ServiceContext,
    paths: Sequence[Path],
    *,
    actor: Actor,
    form: str | None = None,
    defaults: TagDefaults | None = None,
    apply: bool = False,
    note: str = "",
    progress: Progress | None = None,
) -> ImportReport:
    """Read files and say what they would change; with `apply`, store it as drafts.

    All files are one transaction. `form` names the format, None finds it. Raises NotPermitted,
    or InvalidField for defaults that the bank does not know.
    """
    actor.require(TEACHER)
    check_note(note)
    tags = defaults or TagDefaults()
    _check_defaults(context.skill_model, tags)
    found, tell, done = _Findings(), progress or _untold, 0
    tell(0, 0)
    # read before the transaction, which nobody should wait for longer than needed
    read = [(path.name, *read_items(path, form)) for path in paths]
    total = sum(len(items) for _, items, _ in read)
    fitted = _fitted_items(context.skill_model, read, tags, found)
    with context.database.writing() if apply else context.database.reading() as work:
        while portion := list(islice(fitted, AT_ONCE)):
            _take(context, work, portion, actor, note, found, apply)
            done += len(portion)
            tell(done, total)
        if apply:
            names = ", ".join(path.name for path in paths)[:200]
            counts = f"{len(found.new)} new, {len(found.changed)} changed"
            note_event(context, work, actor.name, "bank.import", names, counts)
            work.commit()
    return ImportReport(
        tuple(found.new),
        tuple(found.changed),
        tuple(found.unchanged),
        tuple(found.problems),
        apply,
    )


def export_items(
    context: ServiceContext,
    out: Path,
    *,
    form: str,
    conditions: ItemFilter | None = None,
    chosen: Sequence[str] = (),
    actor: Actor,
) -> ExportReport:
    """Write the newest versions of the chosen items, or of all that meet the conditions, to a file.

    Raises NotPermitted, or NotFound for a chosen item that is not there.
    """
    actor.require(TEACHER)
    with context.database.reading() as work:
        item_ids = chosen or work.items.ids(conditions or ItemFilter(), MOST_EXPORTED)
        stored = work.items.latest_of(item_ids)
        for missing in (item_id for item_id in item_ids if item_id not in stored):
            raise NotFound(kind="Item", identifier=missing)
        items = [read_version(context, stored[item_id]).item for item_id in item_ids]
        filled = tuple(with_files(work, items))
    return ExportReport(len(filled), tuple(write_items(filled, out, form)))


def _fitted_items(
    model: SkillModel,
    read: Iterable[tuple[str, Sequence[Item], Sequence[Problem]]],
    tags: TagDefaults,
    found: _Findings,
) -> Iterator[Item]:
    """The items of all files as the bank can hold them; the first of each identifier."""
    seen: set[str] = set()
    for file, items, problems in read:
        found.problems += problems
        for item in items:
            fitted = fit_item(model, item, tags, file, found.problems)
            if fitted is None:
                continue
            if fitted.id in seen:
                found.problems.append(REPEATED_ID.at(file, item_id=fitted.id))
                continue
            seen.add(fitted.id)
            yield fitted


def _take(
    context: ServiceContext,
    work: UnitOfWork,
    items: Sequence[Item],
    actor: Actor,
    note: str,
    found: _Findings,
    apply: bool,
) -> None:
    """Compare some items with the bank, and store what is new."""
    newest = work.items.latest_of([item.id for item in items], lock=apply)
    found.problems += _missing_files(work, items)
    made: list[NewVersion] = []
    for item in items:
        stored = newest.get(item.id)
        fresh = _as_edited(context, item, stored) if stored else item
        if stored is not None and item_to_mapping(fresh) == stored.content:
            found.unchanged.append(item.id)
            continue
        (found.changed if stored else found.new).append(item.id)
        if apply:
            made.append(_version(context, fresh, stored, actor, note))
            _keep_files(context, work, item, actor)
    if made and not work.items.add_versions(made):
        raise EditConflict(item_id=made[0].item.item_id, expected=made[0].previous, found="?")


def _missing_files(work: UnitOfWork, items: Sequence[Item]) -> Iterator[Problem]:
    """Files that neither came nor are here."""
    absent = [(item, one) for item in items for one in item.files if not one.content]
    known = work.files.known([one.digest for _, one in absent])
    for item, one in absent:
        if one.digest not in known:
            yield FILE_WITHOUT_CONTENT.at("", item_id=item.id, name=one.name)


def _as_edited(context: ServiceContext, item: Item, stored: StoredItem) -> Item:
    """The item with the calibration that the stored one has, where it still is true."""
    if item.calibration is not None or "calibration" not in stored.content:
        return item
    before = read_version(context, stored).item
    data = keep_calibration(before, item_to_mapping(item), item)
    read: Item = item_from_mapping(data, context.skill_model, item.id)
    return replace(read, files=item.files)


def _version(
    context: ServiceContext, item: Item, stored: StoredItem | None, actor: Actor, note: str
) -> NewVersion:
    return make_version(
        context,
        item,
        previous=stored.version if stored else 0,
        status=ItemStatus.DRAFT,
        author=actor.name,
        action=ItemAction.IMPORT,
        note=note.strip(),
    )


def _keep_files(context: ServiceContext, work: UnitOfWork, item: Item, actor: Actor) -> None:
    for one in item.files:
        if one.content:
            keep_file(context, work, one, actor.name)


def _untold(done: int, total: int) -> None:
    """Progress that nobody asked for."""


def _check_defaults(model: SkillModel, tags: TagDefaults) -> None:
    known: Mapping[str, Iterable[str]] = {"node": model.nodes, "level": LEVELS}
    for name, value in asdict(tags).items():
        if value and name in known and value not in known[name]:
            expected = Phrase("one of {choices}", {"choices": ", ".join(known[name])})
            raise InvalidField(field=name, expected=expected, found=value)
