"""Writes item versions with all that lists and the search know of the newest one.

Decides nothing but which version the next release takes: the one just stored where its status is
a released one, none once the item is retired, else the one it took before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from certify.services.ports import RELEASED_STATUSES, RETIRED_STATUS, NewVersion, StoredItem
from certify.storage.rows.bank import item as items
from certify.storage.rows.bank import item_text as texts
from certify.storage.rows.bank import item_version as versions
from certify.storage.rows.bank import item_version_file as named_files
from certify.storage.search_words import split_words

Row = Mapping[str, Any]


def store_versions(connection: Connection, stored: Sequence[NewVersion]) -> bool:
    """Store versions of different items; False where one was overtaken by another writer.

    The database compares and sets in one statement, so that of two writers one wins.
    """
    if not (_advance_all(connection, stored) if stored else True):
        return False
    if stored:
        connection.execute(insert(versions), [version_row(new.item) for new in stored])
        _store_words(connection, stored)
    named = [
        {"digest": digest, "item_id": new.item.item_id, "version": new.item.version}
        for new in stored
        for digest in sorted(set(new.entry.files))
    ]
    if named:
        connection.execute(insert(named_files), named)
    return True


def version_row(item: StoredItem) -> Row:
    """The columns of one version."""
    return {
        "item_id": item.item_id,
        "version": item.version,
        "node": item.node,
        "dimension": item.dimension,
        "level": item.level,
        "type": item.type,
        "status": item.status,
        "stem": item.stem,
        "content": dict(item.content),
        "author": item.author,
        "created_at": item.created_at,
        "action": item.action,
        "note": item.note,
        "based_on": item.based_on,
    }


def _advance_all(connection: Connection, stored: Sequence[NewVersion]) -> bool:
    first = [_item_row(new) for new in stored if new.previous == 0]
    if first and _insert_items(connection, first) != len(first):
        return False
    later = [new for new in stored if new.previous > 0]
    released = [new for new in later if new.item.status in RELEASED_STATUSES]
    retired = [new for new in later if new.item.status == RETIRED_STATUS]
    others = [new for new in later if new.item.status not in (*RELEASED_STATUSES, RETIRED_STATUS)]
    return all(
        _update_items(connection, some, keep_released=keep) == len(some)
        for some, keep in ((released, False), (retired, False), (others, True))
        if some
    )


def _insert_items(connection: Connection, rows: Sequence[Row]) -> int:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = (
        make(items)
        .on_conflict_do_nothing(index_elements=[items.c.id])
        .execution_options(preserve_rowcount=True)
    )
    return connection.execute(statement, list(rows)).rowcount


def _update_items(connection: Connection, stored: Sequence[NewVersion], keep_released: bool) -> int:
    left = {"id", "released_version"} if keep_released else {"id"}
    rows = [
        {f"new_{name}": value for name, value in _item_row(new).items() if name not in left}
        | {"item_id": new.item.item_id, "previous": new.previous}
        for new in stored
    ]
    names = [name for name in items.c.keys() if name not in left]  # noqa: SIM118 - a collection
    statement = (
        update(items)
        .where(items.c.id == bindparam("item_id"), items.c.latest_version == bindparam("previous"))
        .values({name: bindparam(f"new_{name}", type_=items.c[name].type) for name in names})
        .execution_options(preserve_rowcount=True)
    )
    return connection.execute(statement, rows).rowcount


def _item_row(new: NewVersion) -> Row:
    item, entry = new.item, new.entry
    return {
        "id": item.item_id,
        "latest_version": item.version,
        "released_version": item.version if item.status in RELEASED_STATUSES else None,
        "node": item.node,
        "dimension": item.dimension,
        "level": item.level,
        "type": item.type,
        "status": item.status,
        "bloom": entry.bloom,
        "work_area": entry.work_area,
        "chapter": entry.chapter,
        "stimulus": entry.stimulus,
        "author": item.author,
        "changed_at": item.created_at,
        "errors": entry.errors,
        "warnings": entry.warnings,
        "stem": item.stem,
    }


def _store_words(connection: Connection, stored: Sequence[NewVersion]) -> None:
    first = [{"item_id": n.item.item_id, "words": _words(n)} for n in stored if n.previous == 0]
    if first:
        connection.execute(insert(texts), first)
    later = [
        {"of_item": new.item.item_id, "new_words": _words(new)}
        for new in stored
        if new.previous > 0
    ]
    if later:
        wanted = bindparam("new_words", type_=texts.c.words.type)
        # unchanged words are not indexed again: most steps of an item's life change none
        statement = (
            update(texts)
            .where(texts.c.item_id == bindparam("of_item"), texts.c.words != wanted)
            .values(words=wanted)
        )
        connection.execute(statement, later)


def _words(new: NewVersion) -> tuple[list[str], list[str]]:
    return split_words(f"{new.item.item_id} {new.item.stem}"), split_words(new.entry.text)
