"""Taking items through their life: one step of the table for one item or for many.

Each step makes a version with the same content, its author and the reason given. The table is
`question_bank.lifecycle`; here it is held against who asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from certify.errors import (
    CertifyError,
    EditConflict,
    InvalidField,
    OwnWork,
    Phrase,
    UseCaseError,
    WrongStatus,
)
from certify.services.acting import Actor
from certify.services.context import ServiceContext
from certify.services.ports import NewVersion, StoredItem, UnitOfWork
from certify.services.versioning import (
    check_ready,
    find_item,
    make_version,
    note_event,
    read_version,
)
from question_bank.errors import QuestionBankError
from question_bank.item import ItemStatus, ItemVersion
from question_bank.lifecycle import (
    TRANSITION_OF,
    Event,
    ItemAction,
    Transition,
    open_authors,
    transitions_from,
)

LONGEST_NOTE = 2000
MOST_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Step:
    """A step that an item's status allows; `refusal` says why this person cannot take it."""

    transition: Transition
    refusal: CertifyError | QuestionBankError | None


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of one item of many: its new version, None with the error, or as it was."""

    item_id: str
    version: int | None
    error: CertifyError | QuestionBankError | None = None

    @property
    def is_done(self) -> bool:
        """Whether the item is as it was asked for."""
        return self.error is None


def list_steps(context: ServiceContext, item_id: str, actor: Actor) -> tuple[Step, ...]:
    """The steps that the newest version of an item may take, and what keeps this person from it.

    A missing reason keeps nobody: it is asked for with the step. Raises NotFound.
    """
    with context.database.reading() as work:
        newest = find_item(work, item_id)
        history = work.items.histories([item_id])[item_id]
        steps = transitions_from(ItemStatus(newest.status))
        return tuple(
            Step(step, _refusal(context, work, step, newest, history, actor)) for step in steps
        )


def advance_item(
    context: ServiceContext,
    item_id: str,
    action: ItemAction,
    *,
    actor: Actor,
    based_on: int | None = None,
    note: str = "",
) -> ItemVersion:
    """Take one step with one item; `based_on` is the version that the person saw.

    Raises NotFound, NotPermitted, EditConflict where there is a newer version, WrongStatus,
    OwnWork, ItemNotReady, or InvalidField without a reason where one is asked for.
    """
    with context.database.writing() as work:
        newest = find_item(work, item_id, lock=True)
        if based_on is not None and newest.version != based_on:
            raise EditConflict(item_id=item_id, expected=based_on, found=newest.version)
        history = work.items.histories([item_id])[item_id]
        new = _advanced(context, work, newest, history, TRANSITION_OF[action], actor, note)
        _store(context, work, [new], actor)
        work.commit()
    return read_version(context, new.item)


def advance_items(
    context: ServiceContext,
    item_ids: Sequence[str],
    action: ItemAction,
    *,
    actor: Actor,
    note: str = "",
) -> tuple[ItemOutcome, ...]:
    """Take one step with many items in one transaction; those that cannot stay as they are.

    Raises NotPermitted, or InvalidField for too many items or without a reason where one is asked.
    """
    step = TRANSITION_OF[action]
    actor.require(step.role)
    _check_reason(step, note)
    wanted = distinct_ids(item_ids)
    outcomes, made = {}, []
    with context.database.writing() as work:
        newest = work.items.latest_of(wanted, lock=True)
        histories = work.items.histories(wanted) if step.by_another else {}
        for item_id in wanted:
            try:
                stored = newest.get(item_id) or find_item(work, item_id)
                history = histories.get(item_id, ())
                made.append(_advanced(context, work, stored, history, step, actor, note))
                outcomes[item_id] = ItemOutcome(item_id, made[-1].item.version)
            except (UseCaseError, QuestionBankError) as error:
                outcomes[item_id] = ItemOutcome(item_id, None, error)
        _store(context, work, made, actor)
        work.commit()
    return tuple(outcomes[item_id] for item_id in wanted)


def advance_along(
    context: ServiceContext,
    work: UnitOfWork,
    version: ItemVersion,
    actions: Sequence[ItemAction],
    actor: Actor,
) -> ItemVersion:
    """Take several steps with one item in an open unit of work. Raises as `advance_item` does."""
    for action in actions:
        item_id = version.item.id
        newest = find_item(work, item_id, lock=True)
        history = work.items.histories([item_id])[item_id]
        new = _advanced(context, work, newest, history, TRANSITION_OF[action], actor, "")
        _store(context, work, [new], actor)
        version = read_version(context, new.item)
    return version


def distinct_ids(item_ids: Sequence[str]) -> list[str]:
    """Each id once, in the order given. Raises InvalidField for more than can be done at once."""
    wanted = list(dict.fromkeys(item_ids))
    if len(wanted) > MOST_AT_ONCE:
        expected = Phrase("at most {highest} items at once", {"highest": MOST_AT_ONCE})
        raise InvalidField(field="items", expected=expected, found=len(wanted))
    return wanted


def check_note(note: str) -> None:
    """Raises InvalidField for a note that is too long."""
    if len(note) > LONGEST_NOTE:
        expected = Phrase("at most {highest} characters", {"highest": LONGEST_NOTE})
        raise InvalidField(field="note", expected=expected, found=len(note))


def _refusal(
    context: ServiceContext,
    work: UnitOfWork,
    step: Transition,
    newest: StoredItem,
    history: Sequence[StoredItem],
    actor: Actor,
) -> CertifyError | QuestionBankError | None:
    try:
        _check_step(context, work, newest, history, step, actor)
    except (UseCaseError, QuestionBankError) as error:
        return error
    return None


def _advanced(
    context: ServiceContext,
    work: UnitOfWork,
    newest: StoredItem,
    history: Sequence[StoredItem],
    step: Transition,
    actor: Actor,
    note: str,
) -> NewVersion:
    _check_reason(step, note)
    version = _check_step(context, work, newest, history, step, actor)
    return make_version(
        context,
        version.item,
        previous=newest.version,
        status=step.target,
        author=actor.name,
        action=step.action,
        note=note.strip(),
    )


def _check_step(
    context: ServiceContext,
    work: UnitOfWork,
    newest: StoredItem,
    history: Sequence[StoredItem],
    step: Transition,
    actor: Actor,
) -> ItemVersion:
    actor.require(step.role)
    if ItemStatus(newest.status) not in step.sources:
        raise WrongStatus(item_id=newest.item_id, status=newest.status)
    events = (Event(stored.action, stored.author) for stored in history)
    if step.by_another and actor.name in open_authors(events):
        raise OwnWork(item_id=newest.item_id)
    version = read_version(context, newest)
    if step.without_errors:
        check_ready(context, work, version.item)
    return version


def _check_reason(step: Transition, note: str) -> None:
    check_note(note)
    if step.with_reason and not note.strip():
        raise InvalidField(field="note", expected=Phrase("a reason"), found=Phrase("none"))


def _store(
    context: ServiceContext, work: UnitOfWork, made: Sequence[NewVersion], actor: Actor
) -> None:
    if not work.items.add_versions(made):
        raise EditConflict(item_id=made[0].item.item_id, expected=made[0].previous, found="?")
    for new in made:
        detail = f"v{new.item.version} {new.item.status}"
        note_event(context, work, actor.name, f"item.{new.item.action}", new.item.item_id, detail)
