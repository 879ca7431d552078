"""Conditions and orders of a list of items, in SQL; the full-text search of each database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from certify.services.ports import ItemFilter
from certify.storage.rows.bank import item as items
from certify.storage.rows.bank import item_comment as comments
from certify.storage.rows.bank import item_text as texts
from certify.storage.rows.bank import item_version as versions
from certify.storage.rows.bank import release_item as release_items
from certify.storage.search_words import wanted_phrases

_SEARCH = table("item_search", column("rowid"), column("rank"))
"""The full-text table of SQLite; its rank is bm25, better when smaller."""

_EQUAL: Mapping[str, Column[Any]] = {
    name: items.c[name]
    for name in (
        *("node", "dimension", "level", "type", "status"),
        *("bloom", "work_area", "chapter", "stimulus"),
    )
}
_FINDINGS: Mapping[str, ColumnElement[bool]] = {
    "errors": items.c.errors > 0,
    "warnings": items.c.warnings > 0,
    "any": or_(items.c.errors > 0, items.c.warnings > 0),
    "none": and_(items.c.errors == 0, items.c.warnings == 0),
}
_ORDERS: Mapping[str, tuple[Column[Any], ...]] = {
    "id": (items.c.id,),
    "changed": (items.c.changed_at, items.c.id),
    "node": (items.c.node, items.c.level, items.c.id),
    "level": (items.c.level, items.c.id),
    "type": (items.c.type, items.c.id),
    "status": (items.c.status, items.c.id),
}
OPEN_COMMENT = and_(comments.c.reply_to.is_(None), comments.c.resolved_at.is_(None))


@dataclass(frozen=True, slots=True)
class FoundItems:
    """A statement for ids of items, the order asked for, and what counts the same items."""

    statement: Select[Any]
    order: Sequence[ColumnElement[Any]]
    counting: Select[Any] | None = None


def find_items(connection: Connection, conditions: ItemFilter) -> FoundItems:
    """The items that meet all conditions."""
    clauses = _clauses(conditions)
    order: list[ColumnElement[Any]] = [
        part.desc() if conditions.descending else part for part in _ORDERS[conditions.sort or "id"]
    ]
    if not conditions.text.strip():
        return FoundItems(select(items.c.id).where(*clauses), order)
    found = _search(connection, conditions.text)
    if found is None:
        return FoundItems(select(items.c.id).where(*clauses, _contains(conditions.text)), order)
    if not clauses and not conditions.sort:
        # the words alone decide: the items themselves need not be looked up
        return found
    joined = found.statement.join(items, items.c.id == texts.c.item_id).where(*clauses)
    return FoundItems(joined, order if conditions.sort else found.order)


def _clauses(conditions: ItemFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [
        place == getattr(conditions, name)
        for name, place in _EQUAL.items()
        if getattr(conditions, name)
    ]
    if conditions.findings:
        clauses.append(_FINDINGS[conditions.findings])
    if conditions.changed_since:
        clauses.append(items.c.changed_at >= conditions.changed_since)
    clauses += [make() for name, make in _FLAGS.items() if getattr(conditions, name)]
    clauses += [
        items.c.id.in_(make(getattr(conditions, name)))
        for name, make in _LISTED_IN.items()
        if getattr(conditions, name)
    ]
    return clauses


_FLAGS: Mapping[str, Callable[[], ColumnElement[bool]]] = {
    "untagged": lambda: or_(items.c.node == "", items.c.level == "", items.c.dimension == ""),
    "in_use": lambda: items.c.released_version.is_not(None),
    "open_comments": lambda: items.c.id.in_(select(comments.c.item_id).where(OPEN_COMMENT)),
}
_LISTED_IN: Mapping[str, Callable[[str], Select[Any]]] = {
    "author": lambda name: select(versions.c.item_id).where(versions.c.author == name),
    "release": lambda digest: select(release_items.c.item_id).where(
        release_items.c.digest == digest
    ),
}


def _contains(wanted: str) -> ColumnElement[bool]:
    """For a text without letters and digits, which no index holds: id and stem are read through."""
    part = wanted.strip()
    return or_(
        items.c.id.icontains(part, autoescape=True),
        items.c.stem.icontains(part, autoescape=True),
    )


def _search(connection: Connection, wanted: str) -> FoundItems | None:
    """Items with the wanted words, the fittest first; None where there are no words to look up."""
    phrases = wanted_phrases(wanted)
    if not phrases:
        return None
    chosen = select(texts.c.item_id.label("id"))
    exact = texts.c.item_id != wanted.strip()
    if connection.dialect.name == "postgresql":
        query = cast(literal(_tsquery(phrases)), TSQUERY)
        matching = texts.c.words.op("@@")(query)
        rank = func.ts_rank(texts.c.words, query).desc()
        return FoundItems(chosen.where(matching), [exact, rank, texts.c.item_id])
    matches = text("item_search MATCH :wanted").bindparams(wanted=_fts_query(phrases))
    statement = chosen.join(_SEARCH, _SEARCH.c.rowid == texts.c.place).where(matches)
    counting = select(func.count()).select_from(_SEARCH).where(matches)
    return FoundItems(statement, [exact, _SEARCH.c.rank, texts.c.item_id], counting)


def _fts_query(phrases: list[tuple[tuple[str, ...], bool]]) -> str:
    """In the language of FTS5; the words hold letters and digits only."""
    return " AND ".join(
        f'"{" ".join(words)}"{" *" if is_open else ""}' for words, is_open in phrases
    )


def _tsquery(phrases: list[tuple[tuple[str, ...], bool]]) -> str:
    """In the language of PostgreSQL; the words hold letters and digits only."""
    parts = []
    for words, is_open in phrases:
        quoted = [f"'{word}'" for word in words]
        if is_open:
            quoted[-1] += ":*"
        parts.append(f"({' <-> '.join(quoted)})")
    return " & ".join(parts)
