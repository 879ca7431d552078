"""Attempts as append-only events (ADR 0002, 0012), exposure plans, and decided results."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

# One row an attempt: what lists and jobs ask for, and the state its events add up to (`head`).
attempt = Table(
    "attempt",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("candidate_id", PlainText, ForeignKey("person.id"), nullable=False),
    Column("session_id", PlainText, nullable=False),
    Column("programme_code", PlainText, nullable=False),
    Column("programme_version", Integer, nullable=False),
    Column("level", PlainText, nullable=False),
    Column("release_digest", PlainText, ForeignKey("bank_release.digest")),
    Column("sequence", Integer, nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    # when time alone ends the running part or the break; null while nothing is due
    Column("due_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("end_reason", PlainText),
    Column("head", Text, nullable=False),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_with_reason"),
    Index(None, "candidate_id", "registered_at"),
    Index(None, "session_id"),
)

running = attempt.c.started_at.is_not(None) & attempt.c.ended_at.is_(None)
"""The condition of the partial indexes."""

Index(
    "uq_attempt_running",
    attempt.c.candidate_id,
    attempt.c.programme_code,
    unique=True,
    sqlite_where=running,
    postgresql_where=running,
)
Index("ix_attempt_due", attempt.c.due_at, sqlite_where=running, postgresql_where=running)

# Only ever added to. The primary key settles which of two simultaneous writers comes first.
attempt_event = Table(
    "attempt_event",
    metadata,
    Column("attempt_id", PlainText, ForeignKey("attempt.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("kind", PlainText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", PlainText, nullable=False),
    Column("idempotency_key", PlainText, nullable=False),
    Column("data", JSON, nullable=False),
)

keyed = attempt_event.c.idempotency_key != ""
"""The condition of the index of idempotency keys."""

Index(
    "uq_attempt_event_key",
    attempt_event.c.attempt_id,
    attempt_event.c.idempotency_key,
    unique=True,
    sqlite_where=keyed,
    postgresql_where=keyed,
)

# Several exams may have the same plan: releases that differ in a word of a stem do.
exposure_plan = Table(
    "exposure_plan",
    metadata,
    Column("release_digest", PlainText, ForeignKey("bank_release.digest"), primary_key=True),
    Column("programme_code", PlainText, primary_key=True),
    Column("programme_version", Integer, primary_key=True, autoincrement=False),
    Column("level", PlainText, primary_key=True),
    Column("digest", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index(None, "digest"),
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
