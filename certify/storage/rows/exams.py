"""Attempts as append-only records (ADR 0002), and their decided results."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
)

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

attempt = Table(
    "attempt",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("candidate_id", PlainText, ForeignKey("person.id"), nullable=False),
    Column("programme_code", PlainText, nullable=False),
    Column("programme_version", Integer, nullable=False),
    Column("level", PlainText, nullable=False),
    Column("release_digest", PlainText, ForeignKey("bank_release.digest"), nullable=False),
    Column("seed", PlainText, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("deadline_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("end_reason", PlainText),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_with_reason"),
    Index(None, "candidate_id", "started_at"),
)

running = attempt.c.ended_at.is_(None)
"""The condition of both partial indexes."""

Index(
    "uq_attempt_running",
    attempt.c.candidate_id,
    attempt.c.programme_code,
    unique=True,
    sqlite_where=running,
    postgresql_where=running,
)
Index("ix_attempt_overdue", attempt.c.deadline_at, sqlite_where=running, postgresql_where=running)

served_item = Table(
    "served_item",
    metadata,
    Column("attempt_id", PlainText, ForeignKey("attempt.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("item_id", PlainText, nullable=False),
    Column("option_order", JSON, nullable=False),
    Column("served_at", UtcDateTime, nullable=False),
)

response = Table(
    "response",
    metadata,
    Column("attempt_id", PlainText, primary_key=True),
    # counts the answers of one attempt in the order of receipt
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("response", JSON, nullable=False),
    Column("is_final", Boolean, nullable=False),
    Column("idempotency_key", PlainText, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    # only what was served can be answered
    ForeignKeyConstraint(
        ["attempt_id", "position"], ["served_item.attempt_id", "served_item.position"]
    ),
    UniqueConstraint("attempt_id", "position", "revision"),
    UniqueConstraint("attempt_id", "idempotency_key"),
)

attempt_result = Table(
    "attempt_result",
    metadata,
    Column("attempt_id", PlainText, ForeignKey("attempt.id"), primary_key=True),
    Column("transcript", LargeBinary, nullable=False),
    Column("transcript_sha256", PlainText, nullable=False),
    Column("decision", JSON, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
)
