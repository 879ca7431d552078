"""Item versions. Versions are added and never changed; the newest of each item is listed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    update,
)

from certify.services.ports import (
    ItemEntry,
    ItemFilter,
    ListedItem,
    NewVersion,
    Page,
    StoredItem,
)
from certify.storage.repositories.item_conditions import OPEN_COMMENT, find_items
from certify.storage.repositories.item_writing import store_versions
from certify.storage.repositories.paging import fetch_page
from certify.storage.rows.bank import item as items
from certify.storage.rows.bank import item_comment as comments
from certify.storage.rows.bank import item_version as versions

_NEWEST = and_(items.c.id == versions.c.item_id, items.c.latest_version == versions.c.version)
_RELEASED = and_(items.c.id == versions.c.item_id, items.c.released_version == versions.c.version)
_PORTION = 500
"""Ids named in one statement: both databases limit how many parameters it may have."""


class SqlItems:
    """Implements `ItemRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_version(
        self, item: StoredItem, *, previous: int, entry: ItemEntry | None = None
    ) -> bool:
        """Store a version if the newest one is still `previous` (0: none); else False."""
        return self.add_versions([NewVersion(item, previous, entry or ItemEntry())])

    def add_versions(self, versions: Sequence[NewVersion]) -> bool:
        """Store versions of different items; False where one was overtaken by another writer."""
        return store_versions(self._connection, versions)

    def latest(self, item_id: str) -> StoredItem | None:
        """The newest version of an item, or None."""
        return self.latest_of([item_id]).get(item_id)

    def latest_of(self, item_ids: Sequence[str], *, lock: bool = False) -> Mapping[str, StoredItem]:
        """Newest versions by id, of the items there are.

        `lock` makes other writers of these items wait until the unit of work ends.
        """
        found: dict[str, StoredItem] = {}
        for some in _portions(sorted(set(item_ids))):
            if lock:
                # in the order of the ids, so that two who lock many never wait for one another
                rows = select(items.c.id).where(items.c.id.in_(some)).order_by(items.c.id)
                self._connection.execute(rows.with_for_update()).all()
            statement = _newest_versions().where(items.c.id.in_(some))
            found |= {row.item_id: _read(row) for row in self._connection.execute(statement)}
        return found

    def version(self, item_id: str, version: int) -> StoredItem | None:
        """One version of an item, or None."""
        statement = select(versions).where(
            versions.c.item_id == item_id, versions.c.version == version
        )
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

    def histories(self, item_ids: Sequence[str]) -> Mapping[str, tuple[StoredItem, ...]]:
        """All versions of several items without their content, newest first."""
        columns = [part for part in versions.c if part.name != "content"]
        found: dict[str, list[StoredItem]] = {}
        for some in _portions(sorted(set(item_ids))):
            statement = (
                select(*columns)
                .where(versions.c.item_id.in_(some))
                .order_by(versions.c.item_id, versions.c.version.desc())
            )
            for row in self._connection.execute(statement):
                found.setdefault(row.item_id, []).append(StoredItem(**row._mapping, content={}))
        return {item_id: tuple(listed) for item_id, listed in found.items()}

    def page(self, conditions: ItemFilter, *, number: int, size: int) -> Page:
        """Newest versions that meet all conditions."""

        def read(rows: Sequence[Row[Any]]) -> list[StoredItem]:
            found = self.latest_of([row.id for row in rows])
            return [found[row.id] for row in rows]

        return self._page(conditions, number, size, read)

    def listed(self, conditions: ItemFilter, *, number: int, size: int) -> Page:
        """The same items as `ListedItem`."""
        return self._page(
            conditions, number, size, lambda rows: self._lines([row.id for row in rows])
        )

    def ids(self, conditions: ItemFilter, limit: int) -> tuple[str, ...]:
        """Ids of items that meet all conditions, in the order asked for."""
        found = find_items(self._connection, conditions)
        ordered = found.statement.order_by(*found.order).limit(limit)
        return tuple(self._connection.scalars(ordered))

    def all_latest(self, status: str) -> tuple[StoredItem, ...]:
        """The newest version of every item whose newest version has this status, by item id.

        An empty status means any.
        """
        statement = _newest_versions().order_by(items.c.id)
        if status:
            statement = statement.where(items.c.status == status)
        return tuple(map(_read, self._connection.execute(statement)))

    def released(self) -> tuple[StoredItem, ...]:
        """The versions that the next release takes, by item id."""
        statement = select(versions).join(items, _RELEASED).order_by(items.c.id)
        return tuple(map(_read, self._connection.execute(statement)))

    def released_version(self, item_id: str) -> int | None:
        """The version of one item that the next release takes, None for none."""
        return self._connection.scalar(
            select(items.c.released_version).where(items.c.id == item_id)
        )

    def counts(self, column: str) -> Mapping[str, int]:
        """How many items have each value of a column in their newest version."""
        asked = items.c[column]
        rows = self._connection.execute(select(asked, func.count()).group_by(asked).order_by(asked))
        return {row[0]: row[1] for row in rows}

    def combinations(self, columns: Sequence[str]) -> Mapping[tuple[str, ...], int]:
        """How many items have each combination of values, in one walk through all of them."""
        asked = [items.c[name] for name in columns]
        rows = self._connection.execute(select(*asked, func.count()).group_by(*asked))
        return {tuple(row[:-1]): row[-1] for row in rows}

    def touched_by_others(self, author: str) -> frozenset[str]:
        """Items of which somebody else wrote a version."""
        statement = select(versions.c.item_id).where(versions.c.author != author).distinct()
        return frozenset(self._connection.scalars(statement))

    def unjudged(self, limit: int) -> tuple[StoredItem, ...]:
        """Newest versions whose findings nobody counted yet."""
        statement = _newest_versions().where(items.c.errors.is_(None))
        rows = self._connection.execute(statement.order_by(items.c.id).limit(limit))
        return tuple(map(_read, rows))

    def set_findings(self, counts: Mapping[str, tuple[int, int]]) -> None:
        """Errors and warnings of items' newest versions."""
        rows = [
            {"item_id": item_id, "new_errors": errors, "new_warnings": warnings}
            for item_id, (errors, warnings) in counts.items()
        ]
        if rows:
            statement = (
                update(items)
                .where(items.c.id == bindparam("item_id"))
                .values(errors=bindparam("new_errors"), warnings=bindparam("new_warnings"))
            )
            self._connection.execute(statement, rows)

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

    def _page(
        self,
        conditions: ItemFilter,
        number: int,
        size: int,
        read: Callable[[Sequence[Row[Any]]], Sequence[Any]],
    ) -> Page:
        found = find_items(self._connection, conditions)
        return fetch_page(
            self._connection,
            found.statement,
            order=found.order,
            number=number,
            size=size,
            read=read,
            counting=found.counting,
        )

    def _lines(self, item_ids: Sequence[str]) -> list[ListedItem]:
        is_open = func.count(case((OPEN_COMMENT, literal(1))))
        counted = select(is_open).where(comments.c.item_id == items.c.id).scalar_subquery()
        found: dict[str, ListedItem] = {}
        for some in _portions(item_ids):
            statement = select(items, counted.label("open_comments")).where(items.c.id.in_(some))
            found |= {row.id: _read_line(row) for row in self._connection.execute(statement)}
        return [found[item_id] for item_id in item_ids]


def _newest_versions() -> Select[Any]:
    return select(versions).join(items, _NEWEST)


def _portions(item_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(item_ids), _PORTION):
        yield item_ids[start : start + _PORTION]


def _read(row: Row[Any]) -> StoredItem:
    return StoredItem(**row._mapping)


def _read_line(row: Row[Any]) -> ListedItem:
    values = dict(row._mapping)
    return ListedItem(item_id=values.pop("id"), version=values.pop("latest_version"), **values)
