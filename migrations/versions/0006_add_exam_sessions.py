"""Add exam sessions, the seats in them, and the notices of invigilators."""

import sqlalchemy as sa
from alembic import op

# What the types were when this was written; later changes of the code do not change history.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_sessions()
    _create_seats()
    _create_notices()


def downgrade() -> None:
    for table in ("session_notice", "session_seat", "exam_session"):
        op.drop_table(table)


def _create_sessions() -> None:
    op.create_table(
        "exam_session",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("centre_id", TEXT, nullable=False),
        sa.Column("programme_code", TEXT, nullable=False),
        sa.Column("programme_version", sa.Integer, nullable=False),
        sa.Column("levels", sa.JSON, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("late_seconds", sa.Integer, nullable=False),
        sa.Column("rooms", sa.JSON, nullable=False),
        sa.Column("access_code", TEXT, nullable=False),
        sa.Column("networks", sa.JSON, nullable=False),
        sa.Column("config_keys", sa.JSON, nullable=False),
        sa.Column("exam_keys", sa.JSON, nullable=False),
        sa.Column("result_mode", TEXT, nullable=False),
        sa.Column("release_digest", TEXT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("opened_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("released_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_exam_session"),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["person.id"], name="fk_exam_session_centre_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["release_digest"],
            ["bank_release.digest"],
            name="fk_exam_session_release_digest_bank_release",
        ),
        sa.CheckConstraint(
            "(opened_at IS NULL) = (release_digest IS NULL)",
            name=op.f("ck_exam_session_opened_with_release"),
        ),
    )
    op.create_index(
        "ix_exam_session_centre_id_starts_at", "exam_session", ["centre_id", "starts_at"]
    )
    op.create_index("ix_exam_session_starts_at", "exam_session", ["starts_at"])


def _create_seats() -> None:
    op.create_table(
        "session_seat",
        sa.Column("session_id", TEXT, nullable=False),
        sa.Column("candidate_id", TEXT, nullable=False),
        sa.Column("admission_number", TEXT, nullable=False),
        sa.Column("room", TEXT, nullable=False),
        sa.Column("seat", TEXT, nullable=False),
        sa.Column("extra_seconds", sa.Integer, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("attempt_id", TEXT, nullable=False),
        sa.Column("seen_at", INSTANT),
        sa.PrimaryKeyConstraint("session_id", "candidate_id", name="pk_session_seat"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name="fk_session_seat_session_id_exam_session"
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["person.id"], name="fk_session_seat_candidate_id_person"
        ),
        sa.UniqueConstraint("attempt_id", name="uq_session_seat_attempt_id"),
        sa.UniqueConstraint(
            "session_id", "admission_number", name="uq_session_seat_session_id_admission_number"
        ),
    )
    op.create_index("ix_session_seat_candidate_id", "session_seat", ["candidate_id"])


def _create_notices() -> None:
    op.create_table(
        "session_notice",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("session_id", TEXT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("is_public", sa.Boolean, nullable=False),
        sa.Column("room", TEXT, nullable=False),
        sa.Column("candidate_id", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session_notice"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name="fk_session_notice_session_id_exam_session"
        ),
    )
    op.create_index("ix_session_notice_session_id_at", "session_notice", ["session_id", "at"])
