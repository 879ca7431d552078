"""Add what items live through: search, comments, files, working copies, contents of releases."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from certify.storage.rows.types import SearchWords
from certify.storage.search_words import split_words

# What the types were when this was written; later changes of the code do not change history.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORDS = sa.Text().with_variant(TSVECTOR(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
BATCH = 500

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FROM_NEWEST = ("node", "dimension", "level", "type", "status", "author", "stem")
FROM_CONTENT = ("bloom", "work_area", "chapter", "stimulus")
INDEXES = (("node", "level"), ("status",), ("changed_at",), ("stimulus",))


def upgrade() -> None:
    _create_text()
    _create_comments()
    _create_files()
    _create_working_copies()
    _create_release_items()
    _widen_versions()
    _widen_items()
    _index_text()
    _list_releases()


def downgrade() -> None:
    if _on_sqlite():
        op.execute("DROP TABLE item_search")
    for table in (
        "release_item",
        "working_copy",
        "item_version_file",
        "item_file",
        "item_comment",
        "item_text",
    ):
        op.drop_table(table)
    op.drop_index("ix_item_version_author_item_id", "item_version")
    with op.batch_alter_table("item_version") as batch:
        for name in ("action", "note", "based_on"):
            batch.drop_column(name)
    for columns in INDEXES:
        op.drop_index(f"ix_item_{'_'.join(columns)}", "item")
    with op.batch_alter_table("item") as batch:
        for name in (
            *FROM_NEWEST,
            *FROM_CONTENT,
            "changed_at",
            "released_version",
            "errors",
            "warnings",
        ):
            batch.drop_column(name)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _create_text() -> None:
    op.create_table(
        "item_text",
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("item_id", TEXT, nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_item_text"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_text_item_id_item"),
        sa.UniqueConstraint("item_id", name="uq_item_text_item_id"),
    )
    if not _on_sqlite():
        # kept in the row: were it moved out of a table that then looks small, the planner would
        # rather read through the table than use the index, and fetch every text one by one
        op.execute("ALTER TABLE item_text ALTER COLUMN words SET STORAGE MAIN")


def _create_comments() -> None:
    op.create_table(
        "item_comment",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("item_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("reply_to", sa.Integer),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("resolved_at", INSTANT),
        sa.Column("resolved_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_item_comment"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_comment_item_id_item"),
        sa.ForeignKeyConstraint(
            ["reply_to"], ["item_comment.id"], name="fk_item_comment_reply_to_item_comment"
        ),
    )
    op.create_index("ix_item_comment_item_id", "item_comment", ["item_id"])


def _create_files() -> None:
    op.create_table(
        "item_file",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("media_type", TEXT, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_item_file"),
    )
    op.create_table(
        "item_version_file",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("item_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("digest", "item_id", "version", name="pk_item_version_file"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_version_file_item_id_item"),
    )


def _create_working_copies() -> None:
    op.create_table(
        "working_copy",
        sa.Column("author", TEXT, nullable=False),
        sa.Column("place", TEXT, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("based_on", sa.Integer, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("author", "place", name="pk_working_copy"),
    )


def _create_release_items() -> None:
    op.create_table(
        "release_item",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("item_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("digest", "item_id", name="pk_release_item"),
        sa.ForeignKeyConstraint(
            ["digest"], ["bank_release.digest"], name="fk_release_item_digest_bank_release"
        ),
    )


def _widen_versions() -> None:
    with op.batch_alter_table("item_version") as batch:
        batch.add_column(sa.Column("action", TEXT))
        batch.add_column(sa.Column("note", TEXT))
        batch.add_column(sa.Column("based_on", sa.Integer))
    op.execute("UPDATE item_version SET action = 'edit', note = '', based_on = version - 1")
    with op.batch_alter_table("item_version") as batch:
        for name, kind in (("action", TEXT), ("note", TEXT), ("based_on", sa.Integer())):
            batch.alter_column(name, existing_type=kind, nullable=False)
    op.create_index("ix_item_version_author_item_id", "item_version", ["author", "item_id"])


def _widen_items() -> None:
    """What lists show of the newest version; a draft never stood in a release beside it before."""
    with op.batch_alter_table("item") as batch:
        for name in (*FROM_NEWEST, *FROM_CONTENT):
            batch.add_column(sa.Column(name, TEXT))
        batch.add_column(sa.Column("changed_at", INSTANT))
        for name in ("released_version", "errors", "warnings"):
            batch.add_column(sa.Column(name, sa.Integer))
    named = ", ".join(f"{name} = newest.{name}" for name in FROM_NEWEST)
    op.execute(
        f"UPDATE item SET {named}, changed_at = newest.created_at, "  # noqa: S608 - our own names
        "released_version = CASE WHEN newest.status = 'operational' THEN newest.version END "
        "FROM item_version AS newest "
        "WHERE newest.item_id = item.id AND newest.version = item.latest_version"
    )
    _fill_from_content()
    with op.batch_alter_table("item") as batch:
        for name in (*FROM_NEWEST, *FROM_CONTENT):
            batch.alter_column(name, existing_type=TEXT, nullable=False)
        batch.alter_column("changed_at", existing_type=INSTANT, nullable=False)
    for columns in INDEXES:
        op.create_index(f"ix_item_{'_'.join(columns)}", "item", list(columns))


def _fill_from_content() -> None:
    item = sa.table("item", sa.column("id"), *map(sa.column, FROM_CONTENT))
    text = sa.table("item_text", sa.column("item_id"), sa.column("words", SearchWords))
    fill = (
        sa.update(item)
        .where(item.c.id == sa.bindparam("item_id"))
        .values({name: sa.bindparam(f"new_{name}") for name in FROM_CONTENT})
    )
    for newest in _newest_versions():
        op.get_bind().execute(fill, [_tags(*row) for row in newest])
        op.get_bind().execute(sa.insert(text), [_text(*row) for row in newest])


def _newest_versions() -> Iterator[list[tuple[str, Mapping[str, Any]]]]:
    """Id and content of every item's newest version, in portions, by id."""
    item = sa.table("item", sa.column("id"), sa.column("latest_version"))
    version = sa.table(
        "item_version", sa.column("item_id"), sa.column("version"), sa.column("content", sa.JSON)
    )
    newest = sa.and_(
        version.c.item_id == item.c.id,
        version.c.version == item.c.latest_version,
    )
    statement = (
        sa.select(version.c.item_id, version.c.content)
        .join(item, newest)
        .order_by(version.c.item_id)
        .limit(BATCH)
    )
    last = ""
    while rows := op.get_bind().execute(statement.where(version.c.item_id > last)).all():
        yield [(row.item_id, row.content) for row in rows]
        last = rows[-1].item_id


def _tags(item_id: str, content: Mapping[str, Any]) -> dict[str, str]:
    stimulus = content.get("stimulus")
    return {
        "item_id": item_id,
        "new_bloom": content.get("bloom") or "",
        "new_work_area": content.get("work_area") or "",
        "new_chapter": content.get("chapter") or "",
        "new_stimulus": stimulus.get("id", "") if isinstance(stimulus, Mapping) else "",
    }


def _text(item_id: str, content: Mapping[str, Any]) -> dict[str, Any]:
    heading = f"{item_id} {content.get('stem') or ''}"
    parts = [content.get("explanation"), content.get("takeaway"), content.get("point")]
    for name in ("options", "targets"):
        for option in content.get(name) or []:
            parts += [option.get("text"), option.get("note")]
    body = "\n".join(str(part) for part in parts if part)
    return {"item_id": item_id, "words": (split_words(heading), split_words(body))}


def _index_text() -> None:
    """The index over the words. No table of SQLAlchemy can describe FTS5's, nor its triggers."""
    if not _on_sqlite():
        op.create_index("ix_item_text_words", "item_text", ["words"], postgresql_using="gin")
        return
    op.execute(
        "CREATE VIRTUAL TABLE item_search USING fts5"
        "(words, content='item_text', content_rowid='place', tokenize='ascii', prefix='1')"
    )
    op.execute("INSERT INTO item_search (item_search) VALUES ('rebuild')")
    take = "INSERT INTO item_search (rowid, words) VALUES (new.place, new.words);"
    drop = (
        "INSERT INTO item_search (item_search, rowid, words) "
        "VALUES ('delete', old.place, old.words);"
    )
    for event, steps in (("insert", take), ("delete", drop), ("update", f"{drop} {take}")):
        op.execute(
            f"CREATE TRIGGER item_text_{event} AFTER {event.upper()} ON item_text BEGIN {steps} END"
        )


def _list_releases() -> None:
    release = sa.table("bank_release", sa.column("digest"), sa.column("content", sa.LargeBinary))
    held = sa.table("release_item", *map(sa.column, ("digest", "item_id", "version", "status")))
    for digest in op.get_bind().scalars(sa.select(release.c.digest)).all():
        content = op.get_bind().scalar(
            sa.select(release.c.content).where(release.c.digest == digest)
        )
        rows = [
            {
                "digest": digest,
                "item_id": entry["item"]["id"],
                "version": entry["version"],
                "status": "operational",
            }
            for entry in _entries(content)
        ]
        if rows:
            op.get_bind().execute(sa.insert(held), rows)


def _entries(content: bytes) -> list[Mapping[str, Any]]:
    """What a release holds; none where the content is damaged, as opening the release will say."""
    try:
        entries: list[Mapping[str, Any]] = json.loads(content)["items"]
    except (ValueError, KeyError, TypeError):
        return []
    return entries
