"""Inserts that let a unique constraint decide, the same on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_unless_taken(
    connection: Connection,
    table: Table,
    values: Mapping[str, Any],
    *,
    unique: Sequence[Column[Any]],
    where: ColumnElement[bool] | None = None,
) -> bool:
    """Insert one row; False where another has the same values in the `unique` columns.

    `where` is the condition of a partial index. Any other violated constraint raises
    IntegrityError. On PostgreSQL a row that is not committed yet is waited for.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(table)
        .values(**values)
        .on_conflict_do_nothing(index_elements=unique, index_where=where)
        .execution_options(preserve_rowcount=True)
    )
    return connection.execute(statement).rowcount == 1
