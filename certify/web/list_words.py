"""The words of the list of items: conditions, orders, what is done with many. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext

from certify.services.planning_papers import list_curriculum
from certify.web.curriculum_words import chapter_name, work_area_name
from certify.web.display import day, localised
from certify.web.item_query import ItemQuery
from certify.web.item_words import author_name, bloom_name, status_name, type_name
from certify.web.vocabulary import dimension_name, level_name

FINDING_NAMES: dict[str, LazyString] = {
    "errors": lazy_gettext("With errors"),
    "warnings": lazy_gettext("With advice"),
    "any": lazy_gettext("With any finding"),
    "none": lazy_gettext("Without findings"),
}
FLAG_NAMES: dict[str, LazyString] = {
    "untagged": lazy_gettext("Not fully tagged"),
    "open_comments": lazy_gettext("With open comments"),
    "in_use": lazy_gettext("In the next release"),
}
SORT_NAMES: dict[str, LazyString] = {
    "id": lazy_gettext("By number"),
    "changed": lazy_gettext("By the last change"),
    "node": lazy_gettext("By skill"),
    "level": lazy_gettext("By level"),
    "type": lazy_gettext("By type of item"),
    "status": lazy_gettext("By state"),
}


def told_conditions(
    query: ItemQuery, nodes: Mapping[str, Any], titles: Mapping[str, str]
) -> dict[str, str]:
    """Each condition that narrows the list, in words; `titles` are those of releases."""
    told = {}
    for name, value in query.narrowing.items():
        if name == "node":
            told[name] = f"{value} {localised(nodes[value], 'title')}"
        elif name == "release":
            told[name] = gettext("In release %(title)s", title=titles.get(value, value[:12]))
        elif name == "changed_since" and query.conditions.changed_since:
            since = day(query.conditions.changed_since)
            told[name] = gettext("Changed since %(day)s", day=since)
        else:
            told[name] = _plain_condition(name, value)
    return told


def _plain_condition(name: str, value: str) -> str:
    match name:
        case "text":
            return gettext("“%(text)s”", text=value)
        case "dimension":
            return dimension_name(value)
        case "level":
            return level_name(value)
        case "type":
            return type_name(value)
        case "status":
            return status_name(value)
        case "bloom":
            return gettext("Bloom step: %(value)s", value=bloom_name(value))
        case "work_area":
            return gettext("Work area: %(value)s", value=work_area_name(value))
        case "chapter":
            return gettext("Chapter: %(value)s", value=chapter_name(value))
        case "author":
            return gettext("Written by %(name)s", name=author_name(value))
        case "stimulus":
            return gettext("Case: %(value)s", value=value)
    return str({**FINDING_NAMES, **FLAG_NAMES}.get(value if name == "findings" else name, value))


def work_area_choices(used: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The work areas of the curriculum by code, and others that items have."""
    codes = dict.fromkeys((*list_curriculum().work_areas, *used))
    return [(code, work_area_name(code)) for code in codes]


def chapter_choices(used: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The chapters of the curriculum by code, and others that items have."""
    codes = dict.fromkeys((*list_curriculum().chapters, *used))
    return [(code, chapter_name(code)) for code in codes]
