"""Graded uploads of a centre and the files that came out."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, Table

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

grading_batch = Table(
    "grading_batch",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("owner_id", PlainText, ForeignKey("person.id"), nullable=False),
    Column("answers_name", PlainText, nullable=False),
    Column("key_name", PlainText, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "owner_id", "created_at"),
)

grading_file = Table(
    "grading_file",
    metadata,
    Column("batch_id", PlainText, ForeignKey("grading_batch.id"), primary_key=True),
    Column("name", PlainText, primary_key=True),
    # files keep the order in which they were given
    Column("place", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
