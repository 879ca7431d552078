"""Exam sessions, the seats in them, and what invigilators said and noted."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
)

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

exam_session = Table(
    "exam_session",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("title", PlainText, nullable=False),
    Column("centre_id", PlainText, ForeignKey("person.id"), nullable=False),
    Column("programme_code", PlainText, nullable=False),
    Column("programme_version", Integer, nullable=False),
    Column("levels", JSON, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("late_seconds", Integer, nullable=False),
    Column("rooms", JSON, nullable=False),
    Column("access_code", PlainText, nullable=False),
    Column("networks", JSON, nullable=False),
    Column("config_keys", JSON, nullable=False),
    Column("exam_keys", JSON, nullable=False),
    Column("result_mode", PlainText, nullable=False),
    # which fixed forms are sat, and how; null where the exam is adaptive
    Column("paper", JSON(none_as_null=True)),
    # null until the session is opened
    Column("release_digest", PlainText, ForeignKey("bank_release.digest")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("released_at", UtcDateTime),
    CheckConstraint("(opened_at IS NULL) = (release_digest IS NULL)", name="opened_with_release"),
    Index(None, "centre_id", "starts_at"),
    Index(None, "starts_at"),
)

# `attempt_id` is given with the seat, before there is an attempt; so it refers to no table.
session_seat = Table(
    "session_seat",
    metadata,
    Column("session_id", PlainText, ForeignKey("exam_session.id"), primary_key=True),
    Column("candidate_id", PlainText, ForeignKey("person.id"), primary_key=True),
    Column("admission_number", PlainText, nullable=False),
    Column("room", PlainText, nullable=False),
    Column("seat", PlainText, nullable=False),
    Column("extra_seconds", Integer, nullable=False),
    Column("level", PlainText, nullable=False),
    Column("attempt_id", PlainText, nullable=False, unique=True),
    Column("seen_at", UtcDateTime),
    UniqueConstraint("session_id", "admission_number"),
    Index(None, "candidate_id"),
)

session_notice = Table(
    "session_notice",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("session_id", PlainText, ForeignKey("exam_session.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("author", PlainText, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("room", PlainText, nullable=False),
    Column("candidate_id", PlainText, nullable=False),
    Column("text", PlainText, nullable=False),
    Index(None, "session_id", "at"),
)
