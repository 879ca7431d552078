"""The audit trail: rows are added and never changed."""

from sqlalchemy import Column, Table

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import LongCount, PlainText, UtcDateTime

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", LongCount, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", PlainText, nullable=False),
    Column("action", PlainText, nullable=False),
    Column("subject", PlainText, nullable=False),
    Column("detail", PlainText, nullable=False),
    # an identifier is never given twice, not even after a deletion
    sqlite_autoincrement=True,
)
