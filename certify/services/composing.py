"""What somebody who writes an item has at hand: cases and points of the node, tags to choose from.

Also what an edited item keeps of the version it was edited from, though no field shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from certify.services.authoring import keep_calibration
from certify.services.context import ServiceContext
from certify.services.ports import ItemFilter
from question_bank.curriculum import Chapter, WorkArea, load_curriculum
from question_bank.exchange.native import item_to_mapping
from question_bank.item import Item, ItemType, Stimulus

MOST_ITEMS = 500
TAGS = frozenset(
    (
        *("id", "node", "dimension", "level", "point", "bloom", "work_area", "chapter"),
        *("explanation", "takeaway", "source", "expected_seconds", "difficulty", "enemies"),
        *("valid_until", "stimulus"),
    )
)
"""What one may change in an item whose content stands in its markup."""


@dataclass(frozen=True, slots=True)
class NodeSurroundings:
    """What items of a node already name: knowledge points, and cases by id."""

    points: tuple[str, ...]
    stimuli: Mapping[str, Stimulus]


def surroundings_of(context: ServiceContext, node: str) -> NodeSurroundings:
    """Points and cases of a node, as the newest versions of its items have them."""
    with context.database.reading() as work:
        rows = work.items.page(ItemFilter(node=node), number=1, size=MOST_ITEMS).rows
    points = {str(row.content.get("point", "")) for row in rows} - {""}
    told = [row.content["stimulus"] for row in rows if row.content.get("stimulus")]
    stimuli = {one["id"]: Stimulus(one["id"], one.get("title", ""), one["text"]) for one in told}
    return NodeSurroundings(tuple(sorted(points)), dict(sorted(stimuli.items())))


def work_areas_of(level: str) -> tuple[WorkArea, ...]:
    """The work areas of the curriculum at a level; all for an empty one."""
    areas = load_curriculum().work_areas.values()
    return tuple(area for area in areas if not level or area.level == level)


def list_chapters() -> tuple[Chapter, ...]:
    """The chapters of all courses, in the order of the plan."""
    return tuple(load_curriculum().chapters.values())


def on_top_of(before: Item | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping of an edited item; of a composite one only its tags are taken from `data`."""
    if before is None or before.type is not ItemType.COMPOSITE:
        return dict(data)
    kept = item_to_mapping(before)
    return {**kept, **{name: value for name, value in data.items() if name in TAGS}}


def with_what_it_keeps(before: Item, data: Mapping[str, Any], after: Item) -> dict[str, Any]:
    """The mapping with what stays true while the item asks the same: markup and calibration.

    `after` is the item read from the mapping.
    """
    data = dict(data)
    if before.markup and _content_of(before) == _content_of(after):
        data["markup"] = before.markup
    if before.calibration is None:
        return data
    return keep_calibration(before, data, after)


def _content_of(item: Item) -> tuple[Any, ...]:
    return (
        item.type,
        item.stem,
        item.options,
        item.targets,
        item.answer_key,
        item.scoring,
        item.stimulus,
        item.files,
    )
