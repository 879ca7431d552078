"""Item versions. Versions are added and never changed; the newest of each item is listed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)

from certify.services.ports import ItemFilter, Page, StoredItem
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.repositories.paging import fetch_page
from certify.storage.rows.bank import item as items
from certify.storage.rows.bank import item_version as versions

_NEWEST = and_(items.c.id == versions.c.item_id, items.c.latest_version == versions.c.version)


class SqlItems:
    """Implements `ItemRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_version(self, item: StoredItem, *, previous: int) -> bool:
        """Store a version if the newest one is still `previous` (0: none); else False.

        The database compares and sets in one statement, so that of two writers one wins.
        """
        if not self._advance(item, previous):
            return False
        values = {
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
        }
        self._connection.execute(insert(versions).values(**values))
        return True

    def latest(self, item_id: str) -> StoredItem | None:
        """The newest version of an item, or None."""
        statement = _newest_versions().where(versions.c.item_id == item_id)
        found = self._connection.execute(statement).first()
        return None if found is None else _read(found)

    def history(self, item_id: str) -> tuple[StoredItem, ...]:
        """All versions of an item, newest first."""
        statement = (
            select(versions)
            .where(versions.c.item_id == item_id)
            .order_by(versions.c.version.desc())
        )
        return tuple(map(_read, self._connection.execute(statement)))

    def page(self, conditions: ItemFilter, *, number: int, size: int) -> Page:
        """Newest versions that meet all conditions, ordered by item id.

        `text` is looked for in id and stem as it is written: % and _ stand for themselves.
        """
        return fetch_page(
            self._connection,
            _newest_versions().where(*_clauses(conditions)),
            order=[versions.c.item_id],
            number=number,
            size=size,
            read=_read_all,
        )

    def all_latest(self, status: str) -> tuple[StoredItem, ...]:
        """The newest version of every item whose newest version has this status, by item id.

        An empty status means any.
        """
        statement = _newest_versions().where(*_clauses(ItemFilter(status=status)))
        rows = self._connection.execute(statement.order_by(versions.c.item_id))
        return tuple(map(_read, rows))

    def tally(self, status: str) -> Mapping[tuple[str, str], int]:
        """How many items have each dimension and level in their newest version, if of this status.

        An empty status means any. Pairs without items are left out.
        """
        pair = (versions.c.dimension, versions.c.level)
        statement = (
            select(*pair, func.count())
            .join(items, _NEWEST)
            .where(*_clauses(ItemFilter(status=status)))
            .group_by(*pair)
        )
        rows = self._connection.execute(statement)
        return {(dimension, level): count for dimension, level, count in rows}

    def ids_of_node(self, node: str) -> tuple[str, ...]:
        """Items that belong or ever belonged to a node: their ids are not free."""
        statement = (
            select(versions.c.item_id)
            .where(versions.c.node == node)
            .distinct()
            .order_by(versions.c.item_id)
        )
        return tuple(self._connection.scalars(statement))

    def count(self) -> int:
        """How many items there are, of any status."""
        return self._connection.scalar(select(func.count()).select_from(items)) or 0

    def _advance(self, item: StoredItem, previous: int) -> bool:
        if previous == 0:
            row = {"id": item.item_id, "latest_version": item.version}
            return insert_unless_taken(self._connection, items, row, unique=[items.c.id])
        statement = (
            update(items)
            .where(items.c.id == item.item_id, items.c.latest_version == previous)
            .values(latest_version=item.version)
        )
        return self._connection.execute(statement).rowcount == 1


def _newest_versions() -> Select[Any]:
    return select(versions).join(items, _NEWEST)


def _clauses(conditions: ItemFilter) -> list[ColumnElement[bool]]:
    wanted = {
        versions.c.node: conditions.node,
        versions.c.dimension: conditions.dimension,
        versions.c.level: conditions.level,
        versions.c.type: conditions.type,
        versions.c.status: conditions.status,
    }
    clauses: list[ColumnElement[bool]] = [
        column == value for column, value in wanted.items() if value
    ]
    if conditions.text:
        clauses.append(
            or_(
                versions.c.item_id.icontains(conditions.text, autoescape=True),
                versions.c.stem.icontains(conditions.text, autoescape=True),
            )
        )
    return clauses


def _read_all(rows: Sequence[Row[Any]]) -> list[StoredItem]:
    return [_read(row) for row in rows]


def _read(row: Row[Any]) -> StoredItem:
    return StoredItem(**row._mapping)
