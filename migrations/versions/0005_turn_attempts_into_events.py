"""Turn attempts into events with the state they add up to; keep exposure plans (ADR 0012).

Attempts of before cannot be told as events: nobody stored how an answer was scored, nor which page
sent it. Where there are any, the upgrade stops and changes nothing.
"""

import sqlalchemy as sa
from alembic import op

# What the types were when this was written; later changes of the code do not change history.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RUNNING = sa.text("started_at IS NOT NULL AND ended_at IS NULL")
RUNNING_BEFORE = sa.text("ended_at IS NULL")
KEYED = sa.text("idempotency_key != ''")


def upgrade() -> None:
    _require_no_attempts("Keep this data directory with the former version and begin a new one.")
    op.drop_table("response")
    op.drop_table("served_item")
    _drop_indexes("ix_attempt_candidate_id_started_at", "uq_attempt_running", "ix_attempt_overdue")
    with op.batch_alter_table("attempt") as batch:
        for name in ("seed", "deadline_at"):
            batch.drop_column(name)
        batch.alter_column("release_digest", existing_type=TEXT, nullable=True)
        batch.alter_column("started_at", existing_type=INSTANT, nullable=True)
        batch.add_column(sa.Column("session_id", TEXT, nullable=False))
        batch.add_column(sa.Column("sequence", sa.Integer, nullable=False))
        batch.add_column(sa.Column("registered_at", INSTANT, nullable=False))
        batch.add_column(sa.Column("due_at", INSTANT))
        batch.add_column(sa.Column("head", sa.Text, nullable=False))
    op.create_index(
        "ix_attempt_candidate_id_registered_at", "attempt", ["candidate_id", "registered_at"]
    )
    op.create_index("ix_attempt_session_id", "attempt", ["session_id"])
    _index_running("uq_attempt_running", ["candidate_id", "programme_code"], RUNNING, unique=True)
    _index_running("ix_attempt_due", ["due_at"], RUNNING, unique=False)
    _create_events()
    _create_exposure_plans()


def downgrade() -> None:
    _require_no_attempts("They cannot be told in the former tables.")
    op.drop_table("exposure_plan")
    op.drop_table("attempt_event")
    _drop_indexes(
        "ix_attempt_candidate_id_registered_at",
        "ix_attempt_session_id",
        "uq_attempt_running",
        "ix_attempt_due",
    )
    with op.batch_alter_table("attempt") as batch:
        for name in ("session_id", "sequence", "registered_at", "due_at", "head"):
            batch.drop_column(name)
        batch.alter_column("release_digest", existing_type=TEXT, nullable=False)
        batch.alter_column("started_at", existing_type=INSTANT, nullable=False)
        batch.add_column(sa.Column("seed", TEXT, nullable=False))
        batch.add_column(sa.Column("deadline_at", INSTANT, nullable=False))
    op.create_index("ix_attempt_candidate_id_started_at", "attempt", ["candidate_id", "started_at"])
    place = ["candidate_id", "programme_code"]
    _index_running("uq_attempt_running", place, RUNNING_BEFORE, unique=True)
    _index_running("ix_attempt_overdue", ["deadline_at"], RUNNING_BEFORE, unique=False)
    _create_former_tables()


def _require_no_attempts(advice: str) -> None:
    found = op.get_bind().scalar(sa.text("SELECT count(*) FROM attempt"))
    if found:
        raise RuntimeError(
            f"{found} attempts are stored that this step cannot carry over. {advice}"
        )


def _drop_indexes(*names: str) -> None:
    for name in names:
        op.drop_index(name, "attempt")


def _index_running(name: str, columns: list[str], where: sa.TextClause, *, unique: bool) -> None:
    op.create_index(
        name, "attempt", columns, unique=unique, sqlite_where=where, postgresql_where=where
    )


def _create_events() -> None:
    op.create_table(
        "attempt_event",
        sa.Column("attempt_id", TEXT, nullable=False),
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("idempotency_key", TEXT, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", "sequence", name="pk_attempt_event"),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name="fk_attempt_event_attempt_id_attempt"
        ),
    )
    op.create_index(
        "uq_attempt_event_key",
        "attempt_event",
        ["attempt_id", "idempotency_key"],
        unique=True,
        sqlite_where=KEYED,
        postgresql_where=KEYED,
    )


def _create_exposure_plans() -> None:
    op.create_table(
        "exposure_plan",
        sa.Column("release_digest", TEXT, nullable=False),
        sa.Column("programme_code", TEXT, nullable=False),
        sa.Column("programme_version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint(
            "release_digest",
            "programme_code",
            "programme_version",
            "level",
            name="pk_exposure_plan",
        ),
        sa.ForeignKeyConstraint(
            ["release_digest"],
            ["bank_release.digest"],
            name="fk_exposure_plan_release_digest_bank_release",
        ),
    )
    op.create_index("ix_exposure_plan_digest", "exposure_plan", ["digest"])


def _create_former_tables() -> None:
    op.create_table(
        "served_item",
        sa.Column("attempt_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("item_id", TEXT, nullable=False),
        sa.Column("option_order", sa.JSON, nullable=False),
        sa.Column("served_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", "position", name="pk_served_item"),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name="fk_served_item_attempt_id_attempt"
        ),
    )
    op.create_table(
        "response",
        sa.Column("attempt_id", TEXT, nullable=False),
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("response", sa.JSON, nullable=False),
        sa.Column("is_final", sa.Boolean, nullable=False),
        sa.Column("idempotency_key", TEXT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", "sequence", name="pk_response"),
        sa.ForeignKeyConstraint(
            ["attempt_id", "position"],
            ["served_item.attempt_id", "served_item.position"],
            name="fk_response_attempt_id_position_served_item",
        ),
        sa.UniqueConstraint(
            "attempt_id", "position", "revision", name="uq_response_attempt_id_position_revision"
        ),
        sa.UniqueConstraint(
            "attempt_id", "idempotency_key", name="uq_response_attempt_id_idempotency_key"
        ),
    )
