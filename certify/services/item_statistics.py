"""Collecting what real responses show about items, from the attempts decided last.

Counted are first attempts: of each person the earliest response to an item, if the item was asked
then as it is now. The figures are made in `observed_item`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from certify.services.context import ServiceContext
from certify.services.given_responses import GivenResponse, mentions, read_attempt
from certify.services.observed_item import (
    FEWEST_RESPONSES,
    SURE_RESPONSES,
    AnswerStatistics,
    Exposure,
    ObservedItem,
    describe_item,
)
from certify.services.ports import UnitOfWork
from certify.services.versioning import asks_the_same, find_item, read_version
from question_bank.item import Item
from question_bank.skills import LEVELS

__all__ = [
    "FEWEST_RESPONSES",
    "MOST_ATTEMPTS",
    "SURE_RESPONSES",
    "AnswerStatistics",
    "ObservedItem",
    "observe_bank",
    "observe_item",
    "observe_items",
]

MOST_ATTEMPTS = 5000
"""The attempts decided last that are looked at."""


def observe_item(context: ServiceContext, item_id: str) -> ObservedItem:
    """The figures of the newest version of one item. Raises NotFound."""
    with context.database.reading() as work:
        item = read_version(context, find_item(work, item_id)).item
        return _observed(context, work, [item])[item_id]


def observe_items(context: ServiceContext, items: Sequence[Item]) -> Mapping[str, ObservedItem]:
    """The figures of these items, by id; what was never shown is left out."""
    with context.database.reading() as work:
        found = _observed(context, work, items)
    return {item_id: one for item_id, one in found.items() if one.shown}


def observe_bank(context: ServiceContext) -> Mapping[str, ObservedItem]:
    """The figures of all items that the next release takes, by id."""
    with context.database.reading() as work:
        items = [read_version(context, stored).item for stored in work.items.released()]
    return observe_items(context, items)


def _observed(
    context: ServiceContext, work: UnitOfWork, items: Sequence[Item]
) -> dict[str, ObservedItem]:
    alone = items[0].id if len(items) == 1 else None
    given: dict[str, list[GivenResponse]] = {item.id: [] for item in items}
    sat: Counter[str] = Counter()
    shown: Counter[tuple[str, str]] = Counter()
    for attempt in work.results.newest(MOST_ATTEMPTS):
        sat[attempt.level] += 1
        if alone is not None and not mentions(attempt, alone):
            continue
        read = read_attempt(attempt)
        shown.update((item_id, read.level) for item_id in read.shown)
        for response in read.responses:
            if response.item_id in given:
                given[response.item_id].append(response)
    levels = [level for level in LEVELS if sat[level]]
    wordings = _Wordings(context, work)
    described = {}
    for item in items:
        first = _first_attempts(given[item.id])
        valid = [one for one in first if wordings.are_same(one, item)]
        exposure = (Exposure(level, shown[item.id, level], sat[level]) for level in levels)
        described[item.id] = describe_item(item, valid, len(first) - len(valid), tuple(exposure))
    return described


def _first_attempts(responses: Iterable[GivenResponse]) -> list[GivenResponse]:
    """Of each person the earliest response, in the order of time."""
    first: dict[str, GivenResponse] = {}
    for response in sorted(responses, key=lambda one: one.at):
        first.setdefault(response.candidate_id, response)
    return list(first.values())


class _Wordings:
    """Whether an item was asked in a release as it is asked now; each release is read once."""

    def __init__(self, context: ServiceContext, work: UnitOfWork) -> None:
        self._context, self._work = context, work
        self._held: dict[str, Mapping[str, Item]] = {}
        self._same: dict[tuple[str, str], bool] = {}

    def are_same(self, response: GivenResponse, item: Item) -> bool:
        place = (response.release_digest, item.id)
        if place not in self._same:
            asked = self._items_of(response.release_digest).get(item.id)
            self._same[place] = asked is not None and asks_the_same(asked, item)
        return self._same[place]

    def _items_of(self, digest: str) -> Mapping[str, Item]:
        if digest not in self._held:
            release = self._context.shelf.release(self._work, digest, self._context.skill_model)
            self._held[digest] = {held.item.id: held.item for held in release.items}
        return self._held[digest]
