"""Items with all their versions, and the releases they were frozen into."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, Table

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, SearchWords, UtcDateTime

UNDESCRIBED = ("item_search", "ix_item_text_words")
"""How the names of tables and indexes of the full-text search begin."""

# One row an item, so that a save can compare and set its newest version in one statement. What
# lists show and filter of that version stands here too, so that a list reads one narrow table.
item = Table(
    "item",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("latest_version", Integer, nullable=False),
    # the version that the next release takes: operational or pretest, and not retired since
    Column("released_version", Integer),
    Column("node", PlainText, nullable=False),
    Column("dimension", PlainText, nullable=False),
    Column("level", PlainText, nullable=False),
    Column("type", PlainText, nullable=False),
    Column("status", PlainText, nullable=False),
    Column("bloom", PlainText, nullable=False),
    Column("work_area", PlainText, nullable=False),
    Column("chapter", PlainText, nullable=False),
    Column("stimulus", PlainText, nullable=False),
    Column("author", PlainText, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    # how many findings the newest version has; NULL until somebody judged it
    Column("errors", Integer),
    Column("warnings", Integer),
    Column("stem", PlainText, nullable=False),
    Index(None, "node", "level"),
    Index(None, "status"),
    Index(None, "changed_at"),
    Index(None, "stimulus"),
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
    Column("action", PlainText, nullable=False),
    Column("note", PlainText, nullable=False),
    Column("based_on", Integer, nullable=False),
    Index(None, "node"),
    Index(None, "author", "item_id"),
)

# What is searched of each item's newest version. On PostgreSQL the index ix_item_text_words serves
# it, on SQLite the table item_search (FTS5) that triggers keep: both differ by database, so they
# are made by the migration and stand in no Table (`UNDESCRIBED`).
item_text = Table(
    "item_text",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("item_id", PlainText, ForeignKey("item.id"), nullable=False, unique=True),
    Column("words", SearchWords, nullable=False),
)

item_comment = Table(
    "item_comment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", PlainText, ForeignKey("item.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("reply_to", Integer, ForeignKey("item_comment.id")),
    Column("author", PlainText, nullable=False),
    Column("text", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    Column("resolved_by", PlainText, nullable=False),
    Index(None, "item_id"),
)

item_file = Table(
    "item_file",
    metadata,
    Column("digest", PlainText, primary_key=True),
    Column("media_type", PlainText, nullable=False),
    Column("size", Integer, nullable=False),
    Column("author", PlainText, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    # last, so that looking up a file does not read through it
    Column("content", LargeBinary, nullable=False),
)

# Which version names which file; the file itself may be missing, as a finding then says.
item_version_file = Table(
    "item_version_file",
    metadata,
    Column("digest", PlainText, primary_key=True),
    Column("item_id", PlainText, ForeignKey("item.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
)

working_copy = Table(
    "working_copy",
    metadata,
    Column("author", PlainText, primary_key=True),
    Column("place", PlainText, primary_key=True),
    Column("content", JSON, nullable=False),
    Column("based_on", Integer, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
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

# What a release holds, so that one may ask without reading its content.
release_item = Table(
    "release_item",
    metadata,
    Column("digest", PlainText, ForeignKey("bank_release.digest"), primary_key=True),
    Column("item_id", PlainText, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", PlainText, nullable=False),
)
