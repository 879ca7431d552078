"""Files that wait for their import into the bank: looked at first, then taken over."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, Table

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

bank_upload = Table(
    "bank_upload",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("author", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settings", JSON, nullable=False),
    # NULL until the files were read
    Column("report", JSON(none_as_null=True)),
    Index(None, "author"),
    Index(None, "created_at"),
)

bank_upload_file = Table(
    "bank_upload_file",
    metadata,
    Column("upload_id", PlainText, ForeignKey("bank_upload.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("name", PlainText, nullable=False),
    # last, so that looking up a name does not read through it
    Column("content", LargeBinary, nullable=False),
)
