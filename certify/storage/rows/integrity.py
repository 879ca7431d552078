"""What exam pages told about themselves, computed integrity reports, and notes on evidence."""

from sqlalchemy import Column, Float, ForeignKey, Index, LargeBinary, Table

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

# Only ever added to, and deleted when it is too old. Apart from the attempt's events: it decides
# nothing, no transcript holds it, and answering must not wait for it.
page_event = Table(
    "page_event",
    metadata,
    Column("attempt_id", PlainText, ForeignKey("attempt.id"), primary_key=True),
    Column("key", PlainText, primary_key=True),
    Column("kind", PlainText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("detail", PlainText, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Index(None, "received_at"),
)

integrity_report = Table(
    "integrity_report",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("session_id", PlainText, ForeignKey("exam_session.id"), nullable=False),
    Column("computed_at", UtcDateTime, nullable=False),
    Column("author", PlainText, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index(None, "session_id", "computed_at"),
)

integrity_note = Table(
    "integrity_note",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("session_id", PlainText, ForeignKey("exam_session.id"), nullable=False),
    Column("candidate_id", PlainText, ForeignKey("person.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("author", PlainText, nullable=False),
    Column("outcome", PlainText, nullable=False),
    Column("text", PlainText, nullable=False),
    Index(None, "session_id", "at"),
)
