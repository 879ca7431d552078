"""Items with all their versions, and the releases they were frozen into."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, Table

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

# One row an item, so that a save can compare and set its newest version in one statement.
item = Table(
    "item",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("latest_version", Integer, nullable=False),
)

item_version = Table(
    "item_version",
    metadata,
    Column("item_id", PlainText, ForeignKey("item.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("node", PlainText, nullable=False),
    Column("dimension", PlainText, nullable=False),
    Column("level", PlainText, nullable=False),
    Column("type", PlainText, nullable=False),
    Column("status", PlainText, nullable=False),
    Column("stem", PlainText, nullable=False),
    Column("content", JSON, nullable=False),
    Column("author", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "node"),
)

bank_release = Table(
    "bank_release",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("digest", PlainText, nullable=False, unique=True),
    Column("title", PlainText, nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("author", PlainText, nullable=False),
    # last, so that listing releases does not read through it
    Column("content", LargeBinary, nullable=False),
)
