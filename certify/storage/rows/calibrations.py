"""Calibrations of the items on sessions' responses, and the results decided again under them."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
)

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

# Never changed: results name its digest.
calibration = Table(
    "calibration",
    metadata,
    Column("digest", PlainText, primary_key=True),
    Column("release_digest", PlainText, ForeignKey("bank_release.digest"), nullable=False),
    Column("author", PlainText, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("data_digest", PlainText, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# One row for each time that somebody asked for a calibration: how far it is, and what became of it.
calibration_run = Table(
    "calibration_run",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("release_digest", PlainText, ForeignKey("bank_release.digest"), nullable=False),
    Column("programme_code", PlainText, nullable=False),
    Column("programme_version", Integer, nullable=False),
    Column("options", JSON, nullable=False),
    Column("author", PlainText, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("state", PlainText, nullable=False),
    Column("stage", PlainText, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    # who works on it, and until when nobody else may
    Column("worker", PlainText, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("is_to_stop", Boolean(create_constraint=False), nullable=False),
    Column("problem", JSON(none_as_null=True)),
    Column("calibration_digest", PlainText, ForeignKey("calibration.digest")),
    Column("decided_by", PlainText, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("reason", PlainText, nullable=False),
    Index(None, "state"),
)

calibrated_session = Table(
    "calibrated_session",
    metadata,
    Column("run_id", PlainText, ForeignKey("calibration_run.id"), primary_key=True),
    Column("session_id", PlainText, ForeignKey("exam_session.id"), primary_key=True),
    Index(None, "session_id"),
)

# Beside the result taken under provisional parameters, which stays as it was. An accepted row is
# the result of its attempt from then on.
rescored_result = Table(
    "rescored_result",
    metadata,
    Column("run_id", PlainText, ForeignKey("calibration_run.id"), primary_key=True),
    Column("attempt_id", PlainText, ForeignKey("attempt.id"), primary_key=True),
    Column("calibration_digest", PlainText, ForeignKey("calibration.digest"), nullable=False),
    Column("transcript", LargeBinary, nullable=False),
    Column("transcript_sha256", PlainText, nullable=False),
    Column("decision", JSON, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("accepted_at", UtcDateTime),
)

accepted = rescored_result.c.accepted_at.is_not(None)
"""The condition of the index that keeps one accepted result an attempt."""

Index(
    "uq_rescored_result_accepted",
    rescored_result.c.attempt_id,
    unique=True,
    sqlite_where=accepted,
    postgresql_where=accepted,
)
