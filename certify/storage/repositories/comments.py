"""Comments on items; nothing but their state changes."""

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from certify.services.ports import StoredComment
from certify.storage.rows.bank import item_comment as comments


class SqlComments:
    """Implements `CommentRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, comment: StoredComment) -> StoredComment:
        """Store it; the id is chosen. Raises IntegrityError for an unknown item."""
        values = asdict(comment)
        del values["id"]
        statement = insert(comments).values(**values).returning(comments.c.id)
        return replace(comment, id=self._connection.scalars(statement).one())

    def get(self, comment_id: int) -> StoredComment | None:
        """The comment of this id, or None."""
        found = self._connection.execute(
            select(comments).where(comments.c.id == comment_id)
        ).first()
        return None if found is None else _read(found)

    def of_item(self, item_id: str) -> tuple[StoredComment, ...]:
        """All comments on an item, oldest first."""
        statement = select(comments).where(comments.c.item_id == item_id).order_by(comments.c.id)
        return tuple(map(_read, self._connection.execute(statement)))

    def set_resolved(self, comment_id: int, at: dt.datetime | None, by: str) -> None:
        """Close a thread, or open it again with no instant."""
        self._connection.execute(
            update(comments)
            .where(comments.c.id == comment_id)
            .values(resolved_at=at, resolved_by=by)
        )


def _read(row: Row[Any]) -> StoredComment:
    return StoredComment(**row._mapping)
