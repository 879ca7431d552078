"""What people typed and did not save yet: one text for each person and place."""

from typing import Any

from sqlalchemy import Connection, Row, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from certify.services.ports import WorkingCopy
from certify.storage.rows.bank import working_copy as copies


class SqlWorkingCopies:
    """Implements `WorkingCopyRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, copy: WorkingCopy) -> None:
        """Store it in place of the one before."""
        insert = (
            postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        )
        changing = {
            "content": dict(copy.content),
            "based_on": copy.based_on,
            "updated_at": copy.updated_at,
        }
        statement = insert(copies).values(author=copy.author, place=copy.place, **changing)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[copies.c.author, copies.c.place], set_=changing
            )
        )

    def get(self, author: str, place: str) -> WorkingCopy | None:
        """What somebody has at a place, or None."""
        found = self._connection.execute(
            select(copies).where(copies.c.author == author, copies.c.place == place)
        ).first()
        return None if found is None else _read(found)

    def of_author(self, author: str) -> tuple[WorkingCopy, ...]:
        """All that somebody has, the one touched last first."""
        statement = (
            select(copies)
            .where(copies.c.author == author)
            .order_by(copies.c.updated_at.desc(), copies.c.place)
        )
        return tuple(map(_read, self._connection.execute(statement)))

    def discard(self, author: str, place: str) -> bool:
        """Forget it; False where there was none."""
        statement = delete(copies).where(copies.c.author == author, copies.c.place == place)
        return self._connection.execute(statement).rowcount == 1


def _read(row: Row[Any]) -> WorkingCopy:
    return WorkingCopy(**row._mapping)
