"""Blueprints of papers with all their versions, and the forms assembled from them."""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
)

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

exam_blueprint = Table(
    "exam_blueprint",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("title", PlainText, nullable=False),
    Column("level", PlainText, nullable=False),
    Column("content", JSON, nullable=False),
    Column("author", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

exam_form = Table(
    "exam_form",
    metadata,
    Column("digest", PlainText, primary_key=True),
    Column("title", PlainText, nullable=False),
    Column("letter", PlainText, nullable=False),
    Column("level", PlainText, nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("blueprint_id", PlainText, nullable=False),
    Column("blueprint_version", Integer, nullable=False),
    Column("release_digest", PlainText, ForeignKey("bank_release.digest"), nullable=False),
    Column("author", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # last, so that listing forms does not read through it
    Column("content", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["blueprint_id", "blueprint_version"], ["exam_blueprint.id", "exam_blueprint.version"]
    ),
    Index(None, "created_at"),
    Index(None, "blueprint_id"),
    Index(None, "release_digest"),
)
