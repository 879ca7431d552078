"""Run by alembic: gives the scripts the connection that `certify.storage.schema` has opened.

Opens no connection and begins no transaction: the caller does, and commits.
"""

from typing import Any, Literal

from alembic import context

from certify.storage.rows import metadata
from certify.storage.rows.bank import UNDESCRIBED
from certify.storage.rows.types import PlainText, SearchWords, UtcDateTime


def render_item(kind: str, thing: Any, _: object) -> str | Literal[False]:
    """Our own types by the names that each script defines, so that scripts stay as written."""
    if kind == "type" and isinstance(thing, PlainText):
        return "TEXT"
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "INSTANT"
    if kind == "type" and isinstance(thing, SearchWords):
        return "WORDS"
    return False


def include_name(name: str | None, kind: str, _: object) -> bool:
    """Not the tables and indexes of the full-text search, which differ by database."""
    return name is None or not name.startswith(UNDESCRIBED)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most of a table: the batch operations copy it into a new one
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
    include_name=include_name,
)
with context.begin_transaction():
    context.run_migrations()
