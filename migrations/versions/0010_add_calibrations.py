"""Add calibrations on the responses of sessions, and results decided again under them."""

import sqlalchemy as sa
from alembic import op

# What the types were when this was written; later changes of the code do not change history.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_calibrations()
    _create_runs()
    _create_results()


def downgrade() -> None:
    """Results count as decided before any calibration again."""
    for table in ("rescored_result", "calibrated_session", "calibration_run", "calibration"):
        op.drop_table(table)


def _create_calibrations() -> None:
    op.create_table(
        "calibration",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("release_digest", TEXT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("data_digest", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_calibration"),
        _reference("calibration", "release_digest", "bank_release", "digest"),
    )


def _create_runs() -> None:
    op.create_table(
        "calibration_run",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("release_digest", TEXT, nullable=False),
        sa.Column("programme_code", TEXT, nullable=False),
        sa.Column("programme_version", sa.Integer, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("worker", TEXT, nullable=False),
        sa.Column("claimed_until", INSTANT),
        sa.Column("is_to_stop", sa.Boolean, nullable=False),
        sa.Column("problem", sa.JSON),
        sa.Column("calibration_digest", TEXT),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("decided_at", INSTANT),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calibration_run"),
        _reference("calibration_run", "release_digest", "bank_release", "digest"),
        _reference("calibration_run", "calibration_digest", "calibration", "digest"),
    )
    op.create_index("ix_calibration_run_state", "calibration_run", ["state"])
    op.create_table(
        "calibrated_session",
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("session_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "session_id", name="pk_calibrated_session"),
        _reference("calibrated_session", "run_id", "calibration_run", "id"),
        _reference("calibrated_session", "session_id", "exam_session", "id"),
    )
    op.create_index("ix_calibrated_session_session_id", "calibrated_session", ["session_id"])


def _create_results() -> None:
    op.create_table(
        "rescored_result",
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("attempt_id", TEXT, nullable=False),
        sa.Column("calibration_digest", TEXT, nullable=False),
        sa.Column("transcript", sa.LargeBinary, nullable=False),
        sa.Column("transcript_sha256", TEXT, nullable=False),
        sa.Column("decision", sa.JSON, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("accepted_at", INSTANT),
        sa.PrimaryKeyConstraint("run_id", "attempt_id", name="pk_rescored_result"),
        _reference("rescored_result", "run_id", "calibration_run", "id"),
        _reference("rescored_result", "attempt_id", "attempt", "id"),
        _reference("rescored_result", "calibration_digest", "calibration", "digest"),
    )
    accepted = sa.text("accepted_at IS NOT NULL")
    op.create_index(
        "uq_rescored_result_accepted",
        "rescored_result",
        ["attempt_id"],
        unique=True,
        sqlite_where=accepted,
        postgresql_where=accepted,
    )


def _reference(table: str, column: str, other: str, key: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.{key}"], name=f"fk_{table}_{column}_{other}"
    )
