"""Answers in practice: rows are added and never changed; the last one of an item tells its box."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, Table, UniqueConstraint

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import LongCount, PlainText, UtcDateTime

practice_answer = Table(
    "practice_answer",
    metadata,
    Column("id", LongCount, primary_key=True, autoincrement=True),
    Column("person_id", PlainText, ForeignKey("person.id"), nullable=False),
    Column("item_id", PlainText, ForeignKey("item.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("response", JSON, nullable=False),
    Column("correct", Boolean, nullable=False),
    Column("box", Integer, nullable=False),
    Column("mistakes", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    # settles which of two simultaneous answers is the next one
    UniqueConstraint("person_id", "item_id", "number"),
    sqlite_autoincrement=True,
)
