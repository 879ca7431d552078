"""The tags that items of the bank have, with how many have each: what a list may be narrowed to.

Setting tags of many items stands in `retagging`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from certify.services.context import ServiceContext

COLUMNS = ("work_area", "chapter", "stimulus", "author")


@dataclass(frozen=True, slots=True)
class TagValues:
    """What the items have as tags that people write freely, each with its number of items."""

    work_areas: Mapping[str, int]
    chapters: Mapping[str, int]
    cases: Mapping[str, int]
    authors: Mapping[str, int]


def list_tag_values(context: ServiceContext) -> TagValues:
    """The work areas, chapters, cases and authors of the newest versions; empty ones left out."""
    with context.database.reading() as work:
        combined = work.items.combinations(COLUMNS)
    counted: list[Counter[str]] = [Counter() for _ in COLUMNS]
    for values, count in combined.items():
        for counter, value in zip(counted, values, strict=True):
            counter[value] += count
    return TagValues(*({v: each[v] for v in sorted(each) if v} for each in counted))
