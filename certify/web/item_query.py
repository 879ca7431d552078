"""What an address asks of the list of items, and the address of what is asked; knows no page.

Words of an address that mean nothing here are left out, so that an old link still leads to a list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from werkzeug.datastructures import MultiDict

from certify.services.banking import FINDING_CONDITIONS
from certify.services.ports import ITEM_SORTS, ItemFilter
from certify.web.item_words import TYPE_NAMES
from certify.web.vocabulary import STATUS_NAMES
from question_bank.skills import LEVELS, SkillModel

LONGEST_SEARCH = 100
LONGEST_VALUE = 100
FREE = ("bloom", "work_area", "chapter", "author", "stimulus", "release")
"""Conditions whose values nobody can list here; a value without items leads to an empty list."""
FLAGS = ("untagged", "open_comments", "in_use")
FIRST_SHOWN = ("text", "node", "level", "type", "status")
"""Conditions that are always in sight; the others open on demand."""
ORDERS = ("sort", "descending")


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """Conditions, and the day from which changes count as it was typed."""

    conditions: ItemFilter
    since: str = ""

    @property
    def arguments(self) -> dict[str, Any]:
        """What an address says; empty conditions are left out."""
        said: dict[str, Any] = {}
        for name, value in asdict(self.conditions).items():
            if value and name != "changed_since":
                said[name] = "1" if value is True else str(value)
        return said | ({"changed_since": self.since} if self.since else {})

    @property
    def narrowing(self) -> dict[str, Any]:
        """The conditions alone, without the order."""
        return {name: value for name, value in self.arguments.items() if name not in ORDERS}

    @property
    def is_detailed(self) -> bool:
        """Whether a condition is set that is not always in sight."""
        return any(name not in FIRST_SHOWN for name in self.narrowing)

    def without(self, name: str) -> dict[str, Any]:
        """What the address says when one condition is taken away."""
        return {key: value for key, value in self.arguments.items() if key != name}

    def sorted_by(self, sort: str) -> dict[str, Any]:
        """What the address says for an order; the same order again turns it round."""
        turned = self.conditions.sort == sort and not self.conditions.descending
        changed = replace(self.conditions, sort=sort, descending=turned)
        return replace(self, conditions=changed).arguments


def read_query(asked: MultiDict[str, str], model: SkillModel) -> ItemQuery:
    """The conditions of an address."""
    known: Mapping[str, Any] = {
        "node": model.nodes,
        "dimension": model.dimension_codes,
        "level": LEVELS,
        "type": TYPE_NAMES,
        "status": STATUS_NAMES,
        "findings": FINDING_CONDITIONS,
        "sort": ITEM_SORTS,
    }
    found: dict[str, Any] = {
        name: value for name in known if (value := asked.get(name, "")) in known[name]
    }
    found |= {name: _plain(asked.get(name, ""))[:LONGEST_VALUE] for name in FREE}
    found |= {name: asked.get(name, "") not in ("", "0") for name in (*FLAGS, "descending")}
    since = _day(asked.get("changed_since", ""))
    instant = None
    if since is not None:
        zone = ZoneInfo(current_app.extensions["certify_web_settings"].time_zone)
        instant = dt.datetime.combine(since, dt.time(), zone)
    text = _plain(asked.get("text", ""))[:LONGEST_SEARCH]
    conditions = ItemFilter(text=text, changed_since=instant, **found)
    return ItemQuery(conditions, since.isoformat() if since else "")


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()


def _day(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    # the ends of the calendar have no neighbouring time zone
    return found if 1970 <= found.year < 9000 else None
