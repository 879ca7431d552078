"""Graded uploads and their files; they are never changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from certify.services.ports import Page, StoredBatch
from certify.storage.repositories.paging import fetch_page
from certify.storage.rows.grading import grading_batch as batches
from certify.storage.rows.grading import grading_file as stored_files


class SqlBatches:
    """Implements `BatchRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, batch: StoredBatch, files: Mapping[str, bytes]) -> None:
        """Store a batch with its files, which keep their order."""
        self._connection.execute(
            insert(batches).values(
                id=batch.id,
                owner_id=batch.owner_id,
                answers_name=batch.answers_name,
                key_name=batch.key_name,
                summary=dict(batch.summary),
                created_at=batch.created_at,
            )
        )
        rows = [
            {"batch_id": batch.id, "name": name, "place": place, "content": content}
            for place, (name, content) in enumerate(files.items())
        ]
        if rows:
            self._connection.execute(insert(stored_files), rows)

    def get(self, batch_id: str) -> StoredBatch | None:
        """The batch of this id, or None."""
        found = self._connection.execute(select(batches).where(batches.c.id == batch_id)).first()
        return None if found is None else _read(found)

    def file(self, batch_id: str, name: str) -> bytes | None:
        """The content of one file, or None."""
        return self._connection.scalar(
            select(stored_files.c.content).where(
                stored_files.c.batch_id == batch_id, stored_files.c.name == name
            )
        )

    def file_names(self, batch_id: str) -> tuple[str, ...]:
        """The files of a batch in the order they were given; none for an unknown batch."""
        statement = (
            select(stored_files.c.name)
            .where(stored_files.c.batch_id == batch_id)
            .order_by(stored_files.c.place)
        )
        return tuple(self._connection.scalars(statement))

    def of_owner(self, owner_id: str, *, number: int, size: int) -> Page:
        """The batches of one person, newest first."""
        return fetch_page(
            self._connection,
            select(batches).where(batches.c.owner_id == owner_id),
            order=[batches.c.created_at.desc(), batches.c.id],
            number=number,
            size=size,
            read=_read_all,
        )


def _read_all(rows: Sequence[Row[Any]]) -> list[StoredBatch]:
    return [_read(row) for row in rows]


def _read(row: Row[Any]) -> StoredBatch:
    return StoredBatch(**row._mapping)
