"""Writing items: every save is a new version, a draft until somebody else approves it.

Who edits an operational item writes its next draft; the operational version stays in use until
the new one has come all the way. Two who edit at once lose nothing: `view_conflict` puts both
together field by field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from certify.errors import EditConflict, NotFound
from certify.services.acting import TEACHER, Actor
from certify.services.advancing import advance_along, check_note
from certify.services.context import ServiceContext
from certify.services.ports import UnitOfWork
from certify.services.versioning import (
    asks_the_same,
    check_ready,
    make_version,
    note_event,
    read_version,
)
from question_bank.exchange.native import item_from_mapping, item_to_mapping
from question_bank.item import Item, ItemStatus, ItemVersion
from question_bank.lifecycle import ItemAction, steps_towards
from question_bank.merging import Merge, merge_items

UNTAGGED = "X"
"""Beginning of the id of a new item that has no node yet."""


@dataclass(frozen=True, slots=True)
class EditClash:
    """Two edits of one version: the version, mine, theirs (the newest one), and both together."""

    base: ItemVersion
    mine: Item
    theirs: ItemVersion
    merge: Merge


def next_item_id(context: ServiceContext, node: str) -> str:
    """The first free identifier of a node, such as 01-008."""
    with context.database.reading() as work:
        return free_id(work, node)


def save_item(
    context: ServiceContext,
    data: Mapping[str, Any],
    *,
    based_on: int,
    actor: Actor,
    note: str = "",
    submit: bool = False,
    place: str = "",
) -> ItemVersion:
    """Store the next version of an item as a draft, or send it to review at once.

    `based_on` is the version it was edited from, 0 for new. An id that is missing is chosen.
    `place` names the working copy that this save ends (else the item's own). Raises NotPermitted,
    MalformedItem for a wrong shape, ItemNotReady for errors in what is sent to review, and
    EditConflict when somebody saved in between.
    """
    actor.require(TEACHER)
    check_note(note)
    with context.database.writing() as work:
        saved = _save(context, work, data, based_on, actor, note, submit)
        work.working_copies.discard(actor.name, place or saved.item.id)
        work.commit()
    return saved


def save_towards(
    context: ServiceContext,
    data: Mapping[str, Any],
    *,
    status: ItemStatus,
    based_on: int,
    actor: Actor,
) -> ItemVersion:
    """Save what is changed, and take the item as far towards a status as the actor may.

    New content goes no further than to review: its author does not approve it. What is not
    changed takes the steps of its life. Raises what `save_item` and `advance_item` raise.
    """
    actor.require(TEACHER)
    with context.database.writing() as work:
        item_id = str(data.get("id") or "")
        newest = work.items.latest_of([item_id], lock=True).get(item_id) if item_id else None
        found = newest.version if newest else 0
        if newest is not None and found != based_on:
            raise EditConflict(item_id=item_id, expected=based_on, found=found)
        if newest is None or not _says_the_same(context, data, newest.content):
            submit = status not in (ItemStatus.DRAFT, ItemStatus.RETIRED)
            saved = _save(context, work, data, based_on, actor, "", submit)
        else:
            saved = read_version(context, newest)
        if status is ItemStatus.RETIRED or saved.version == found:
            steps = steps_towards(saved.status, status)
            saved = advance_along(context, work, saved, steps, actor)
        work.commit()
    return saved


def view_conflict(context: ServiceContext, data: Mapping[str, Any], based_on: int) -> EditClash:
    """Both sides of a conflict, their common base, and the two put together.

    Save `merge.chosen({field: side})` based on the version of `theirs`. Raises NotFound.
    """
    mine = item_from_mapping(data, context.skill_model, "item")
    with context.database.reading() as work:
        theirs, base = work.items.latest(mine.id), work.items.version(mine.id, based_on)
    if theirs is None or base is None:
        raise NotFound(kind="Item", identifier=f"{mine.id} v{based_on}")
    common, newest = read_version(context, base), read_version(context, theirs)
    return EditClash(common, mine, newest, merge_items(common.item, mine, newest.item))


def keep_calibration(before: Item, data: Mapping[str, Any], after: Item) -> dict[str, Any]:
    """The mapping of an edited item, with the calibration of the version it was edited from.

    Estimates stay true only while candidates see the same and it is scored alike: `after`, the
    item read from the mapping, must agree with `before` in that.
    """
    if before.calibration is None or not asks_the_same(before, after):
        return dict(data)
    return {**data, "calibration": item_to_mapping(before)["calibration"]}


def free_id(work: UnitOfWork, node: str) -> str:
    """The first free identifier of a node."""
    numbers = [
        int(tail)
        for item_id in work.items.ids_of_node(node)
        for tail in [item_id.rpartition("-")[2]]
        if tail.isascii() and tail.isdigit() and len(tail) < LONGEST_NUMBER
    ]
    number = max(numbers, default=0) + 1
    # an imported item may carry an id that looks like one of another node
    while work.items.latest(f"{node or UNTAGGED}-{number:03d}"):
        number += 1
    return f"{node or UNTAGGED}-{number:03d}"


LONGEST_NUMBER = 7
"""Digits; a longer number in a foreign id counts nothing."""


def _save(
    context: ServiceContext,
    work: UnitOfWork,
    data: Mapping[str, Any],
    based_on: int,
    actor: Actor,
    note: str,
    submit: bool,
) -> ItemVersion:
    item_id = data.get("id") or free_id(work, str(data.get("node", "")))
    item = item_from_mapping({**data, "id": item_id}, context.skill_model, "item")
    if submit:
        check_ready(context, work, item)
    new = make_version(
        context,
        item,
        previous=based_on,
        status=ItemStatus.IN_REVIEW if submit else ItemStatus.DRAFT,
        author=actor.name,
        action=ItemAction.EDIT,
        note=note,
    )
    if not work.items.add_versions([new]):
        newest = work.items.latest(item.id)
        found = newest.version if newest else 0
        raise EditConflict(item_id=item.id, expected=based_on, found=found)
    note_event(context, work, actor.name, "item.save", item.id, f"v{new.item.version}")
    return read_version(context, new.item)


def _says_the_same(
    context: ServiceContext, data: Mapping[str, Any], content: Mapping[str, Any]
) -> bool:
    given, stored = (item_from_mapping(one, context.skill_model, "item") for one in (data, content))
    return given == stored
