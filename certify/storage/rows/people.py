"""People with an account, and their roles."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table

from certify.storage.rows.metadata import metadata
from certify.storage.rows.types import PlainText, UtcDateTime

person = Table(
    "person",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("username", PlainText, nullable=False),
    # the user name as it is compared: one person whatever the case or width of the letters
    Column("username_folded", PlainText, nullable=False, unique=True),
    Column("display_name", PlainText, nullable=False),
    Column("password_hash", PlainText, nullable=False),
    Column("experience_months", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

person_role = Table(
    "person_role",
    metadata,
    Column("person_id", PlainText, ForeignKey("person.id"), primary_key=True),
    Column("role", PlainText, primary_key=True),
)
