"""Issued credentials with their signed PDF: at most one an attempt."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

credential = Table(
    "credential",
    metadata,
    Column("credential_id", PlainText, primary_key=True),
    Column("attempt_id", PlainText, ForeignKey("attempt.id"), nullable=False, unique=True),
    Column("holder_id", PlainText, ForeignKey("person.id"), nullable=False),
    Column("pdf_sha256", PlainText, nullable=False, unique=True),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revocation_reason", PlainText, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("pdf", LargeBinary, nullable=False),
    Index(None, "holder_id"),
)
