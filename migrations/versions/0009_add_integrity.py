"""Add page logs, integrity reports of sessions and notes on their evidence."""

import sqlalchemy as sa
from alembic import op

# What the types were when this was written; later changes of the code do not change history.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_page_events()
    _create_reports()
    _create_notes()


def downgrade() -> None:
    op.drop_table("integrity_note")
    op.drop_table("integrity_report")
    op.drop_table("page_event")


def _create_page_events() -> None:
    op.create_table(
        "page_event",
        sa.Column("attempt_id", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", "key", name="pk_page_event"),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name="fk_page_event_attempt_id_attempt"
        ),
    )
    op.create_index("ix_page_event_received_at", "page_event", ["received_at"])


def _create_reports() -> None:
    op.create_table(
        "integrity_report",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("session_id", TEXT, nullable=False),
        sa.Column("computed_at", INSTANT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_integrity_report"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name="fk_integrity_report_session_id_exam_session"
        ),
    )
    op.create_index(
        "ix_integrity_report_session_id_computed_at",
        "integrity_report",
        ["session_id", "computed_at"],
    )


def _create_notes() -> None:
    op.create_table(
        "integrity_note",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("session_id", TEXT, nullable=False),
        sa.Column("candidate_id", TEXT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_integrity_note"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name="fk_integrity_note_session_id_exam_session"
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["person.id"], name="fk_integrity_note_candidate_id_person"
        ),
    )
    op.create_index("ix_integrity_note_session_id_at", "integrity_note", ["session_id", "at"])
