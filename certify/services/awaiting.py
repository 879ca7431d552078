"""What waits for approval: since when, written by whom, and whether this person may approve it."""

from dataclasses import dataclass

from certify.services.acting import TEACHER, Actor
from certify.services.context import ServiceContext
from certify.services.ports import ItemFilter, ListedItem
from question_bank.item import ItemStatus
from question_bank.lifecycle import Event, open_authors

MOST_WAITING = 1000
"""Longer queues show those that wait longest."""


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """An item in review. `authors` wrote what is to be approved, `note` came with sending it."""

    item: ListedItem
    authors: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """What waits for this person, and what this person wrote and others have to approve.

    The longest waiting first. `total` counts all that wait, more than are listed in a long queue.
    """

    for_others: tuple[WaitingItem, ...]
    for_me: tuple[WaitingItem, ...]
    total: int

    def around(self, item_id: str) -> tuple[str | None, str | None]:
        """The items before and after one of those that wait for this person.

        Of an item that waits no longer: none before, the first after.
        """
        ids = [waiting.item.item_id for waiting in self.for_me]
        if item_id not in ids:
            return None, ids[0] if ids else None
        place = ids.index(item_id)
        before = ids[place - 1] if place else None
        return before, ids[place + 1] if place + 1 < len(ids) else None

    def place_of(self, item_id: str) -> int | None:
        """Where an item stands among those that wait for this person, from 1; None if nowhere."""
        ids = [waiting.item.item_id for waiting in self.for_me]
        return ids.index(item_id) + 1 if item_id in ids else None


def list_waiting(context: ServiceContext, *, actor: Actor) -> ReviewQueue:
    """Everything that is in review. Raises NotPermitted."""
    actor.require(TEACHER)
    wanted = ItemFilter(status=ItemStatus.IN_REVIEW, sort="changed")
    with context.database.reading() as work:
        page = work.items.listed(wanted, number=1, size=MOST_WAITING)
        listed: tuple[ListedItem, ...] = page.rows
        histories = work.items.histories([item.item_id for item in listed])
    waiting = []
    for item in listed:
        history = histories[item.item_id]
        authors = open_authors(Event(stored.action, stored.author) for stored in history)
        waiting.append(WaitingItem(item, tuple(sorted(authors)), history[0].note))
    return ReviewQueue(
        for_others=tuple(one for one in waiting if actor.name in one.authors),
        for_me=tuple(one for one in waiting if actor.name not in one.authors),
        total=page.total,
    )
