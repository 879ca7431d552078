"""One page of a longer statement, with its total."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from certify.services.ports import Page


def fetch_page(
    connection: Connection,
    statement: Select[Any],
    *,
    order: Sequence[ColumnElement[Any]],
    number: int,
    size: int,
    read: Callable[[Sequence[Row[Any]]], Sequence[Any]],
    counting: Select[Any] | None = None,
) -> Page:
    """Rows of page `number` (from 1), as `read` turns them into records; none beyond the end.

    `counting` counts the rows where there is a shorter way than through the statement.
    """
    number, size = max(1, number), max(1, size)
    if counting is None:
        counting = select(func.count()).select_from(statement.subquery())
    total = connection.scalar(counting) or 0
    start = (number - 1) * size
    # not asked for beyond the end: the number may be larger than the database can count
    if start >= total:
        return Page((), total, number, size)
    rows = connection.execute(statement.order_by(*order).offset(start).limit(size)).all()
    return Page(tuple(read(rows)), total, number, size)
