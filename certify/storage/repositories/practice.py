"""Answers in practice, and the last one to each item."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Row, func, select

from certify.services.ports import StoredPracticeAnswer
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.rows.practice import practice_answer as answers


class SqlPractice:
    """Implements `PracticeRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, answer: StoredPracticeAnswer) -> StoredPracticeAnswer | None:
        """Store it with an id of the database's; None where its number is taken."""
        values = asdict(answer)
        del values["id"]
        place = [answers.c.person_id, answers.c.item_id, answers.c.number]
        if not insert_unless_taken(self._connection, answers, values, unique=place):
            return None
        mine = [column == values[column.name] for column in place]
        return replace(answer, id=self._connection.scalars(select(answers.c.id).where(*mine)).one())

    def get(self, answer_id: int) -> StoredPracticeAnswer | None:
        """The answer of this id, or None."""
        found = self._connection.execute(select(answers).where(answers.c.id == answer_id)).first()
        return None if found is None else _read(found)

    def latest_of(self, person_id: str) -> Mapping[str, StoredPracticeAnswer]:
        """The person's last answer to each item."""
        newest = (
            select(func.max(answers.c.id))
            .where(answers.c.person_id == person_id)
            .group_by(answers.c.item_id)
        )
        rows = self._connection.execute(select(answers).where(answers.c.id.in_(newest)))
        return {row.item_id: _read(row) for row in rows}


def _read(row: Row[Any]) -> StoredPracticeAnswer:
    return StoredPracticeAnswer(**row._mapping)
