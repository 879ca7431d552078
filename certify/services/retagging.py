"""Tagging and moving many items at once: one transaction, a line for each item.

A changed tag changes what an item measures, so that each becomes the item's next draft; the
version in use stays until the new one is approved.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from certify.errors import EditConflict, InvalidField, Phrase, UseCaseError
from certify.services.acting import TEACHER, Actor
from certify.services.advancing import ItemOutcome, check_note, distinct_ids
from certify.services.context import ServiceContext
from certify.services.ports import NewVersion, StoredItem
from certify.services.versioning import find_item, make_version, note_event
from question_bank.errors import QuestionBankError
from question_bank.exchange.native import item_from_mapping
from question_bank.item import ItemStatus
from question_bank.lifecycle import ItemAction
from question_bank.skills import LEVELS


@dataclass(frozen=True, slots=True)
class TagChange:
    """Tags to set; None leaves what an item has.

    A new node brings its own primary dimension unless one is named.
    """

    node: str | None = None
    dimension: str | None = None
    level: str | None = None
    bloom: str | None = None
    work_area: str | None = None
    chapter: str | None = None

    @property
    def chosen(self) -> dict[str, str]:
        """The tags that are set."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def retag_items(
    context: ServiceContext,
    item_ids: Sequence[str],
    tags: TagChange,
    *,
    actor: Actor,
    note: str = "",
) -> tuple[ItemOutcome, ...]:
    """Set tags of many items; what has them already makes no version.

    Raises NotPermitted, or InvalidField for no or unknown tags or too many items.
    """
    actor.require(TEACHER)
    check_note(note)
    _check_tags(context, tags)
    wanted = distinct_ids(item_ids)
    outcomes: dict[str, ItemOutcome] = {}
    made: list[NewVersion] = []
    with context.database.writing() as work:
        newest = work.items.latest_of(wanted, lock=True)
        for item_id in wanted:
            try:
                stored = newest.get(item_id) or find_item(work, item_id)
                new = _retagged(context, stored, tags, actor, note)
            except (UseCaseError, QuestionBankError) as error:
                outcomes[item_id] = ItemOutcome(item_id, None, error)
                continue
            made += [new] if new else []
            version = new.item.version if new else stored.version
            outcomes[item_id] = ItemOutcome(item_id, version)
        if not work.items.add_versions(made):
            raise EditConflict(item_id=wanted[0], expected="?", found="?")
        for new in made:
            note_event(
                context, work, actor.name, "item.tag", new.item.item_id, f"v{new.item.version}"
            )
        work.commit()
    return tuple(outcomes[item_id] for item_id in wanted)


def _retagged(
    context: ServiceContext, stored: StoredItem, tags: TagChange, actor: Actor, note: str
) -> NewVersion | None:
    """The version with the tags; None where the item has them. Raises MalformedItem."""
    data = {**stored.content, **tags.chosen}
    if tags.node and tags.dimension is None and tags.node != stored.node:
        data.pop("dimension", None)
    item = item_from_mapping(data, context.skill_model, f"item {stored.item_id}")
    before = item_from_mapping(stored.content, context.skill_model, f"item {stored.item_id}")
    if item == before:
        return None
    return make_version(
        context,
        item,
        previous=stored.version,
        status=ItemStatus.DRAFT,
        author=actor.name,
        action=ItemAction.TAG,
        note=note.strip(),
    )


def _check_tags(context: ServiceContext, tags: TagChange) -> None:
    model = context.skill_model
    if not tags.chosen:
        raise InvalidField(field="tags", expected=Phrase("at least one tag"), found=Phrase("none"))
    for field, known in (
        ("node", tuple(model.nodes)),
        ("dimension", model.dimension_codes),
        ("level", LEVELS),
    ):
        value = tags.chosen.get(field)
        if value is not None and value not in known:
            expected = Phrase("one of {choices}", {"choices": ", ".join(known)})
            raise InvalidField(field=field, expected=expected, found=value)
