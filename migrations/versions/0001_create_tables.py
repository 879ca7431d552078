"""Create the tables of people, bank, exams, certificates, grading and audit."""

import sqlalchemy as sa
from alembic import op

# What the types were when this was written; later changes of the code do not change history.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RUNNING = sa.text("ended_at IS NULL")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_people()
    _create_bank()
    _create_attempts()
    _create_responses()
    _create_credentials()
    _create_grading()
    _create_audit()


def downgrade() -> None:
    for table in (
        "audit_event",
        "grading_file",
        "grading_batch",
        "credential",
        "attempt_result",
        "response",
        "served_item",
        "attempt",
        "bank_release",
        "item_version",
        "item",
        "person_role",
        "person",
    ):
        op.drop_table(table)


def _create_people() -> None:
    op.create_table(
        "person",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("username", TEXT, nullable=False),
        sa.Column("username_folded", TEXT, nullable=False),
        sa.Column("display_name", TEXT, nullable=False),
        sa.Column("password_hash", TEXT, nullable=False),
        sa.Column("experience_months", sa.Integer, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("username_folded", name="uq_person_username_folded"),
    )
    op.create_table(
        "person_role",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_person_role"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_person_role_person_id_person"
        ),
    )


def _create_bank() -> None:
    op.create_table(
        "item",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("latest_version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_item"),
    )
    op.create_table(
        "item_version",
        sa.Column("item_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("node", TEXT, nullable=False),
        sa.Column("dimension", TEXT, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("stem", TEXT, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "version", name="pk_item_version"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_version_item_id_item"),
    )
    op.create_index("ix_item_version_node", "item_version", ["node"])
    op.create_table(
        "bank_release",
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("item_count", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_bank_release"),
        sa.UniqueConstraint("digest", name="uq_bank_release_digest"),
    )


def _create_attempts() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("candidate_id", TEXT, nullable=False),
        sa.Column("programme_code", TEXT, nullable=False),
        sa.Column("programme_version", sa.Integer, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("release_digest", TEXT, nullable=False),
        sa.Column("seed", TEXT, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("deadline_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("end_reason", TEXT),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["person.id"], name="fk_attempt_candidate_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["release_digest"],
            ["bank_release.digest"],
            name="fk_attempt_release_digest_bank_release",
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)",
            name=op.f("ck_attempt_ended_with_reason"),
        ),
    )
    op.create_index("ix_attempt_candidate_id_started_at", "attempt", ["candidate_id", "started_at"])
    # one running attempt a candidate and programme
    op.create_index(
        "uq_attempt_running",
        "attempt",
        ["candidate_id", "programme_code"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index(
        "ix_attempt_overdue",
        "attempt",
        ["deadline_at"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def _create_responses() -> None:
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


def _create_credentials() -> None:
    op.create_table(
        "attempt_result",
        sa.Column("attempt_id", TEXT, nullable=False),
        sa.Column("transcript", sa.LargeBinary, nullable=False),
        sa.Column("transcript_sha256", TEXT, nullable=False),
        sa.Column("decision", sa.JSON, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_attempt_result"),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name="fk_attempt_result_attempt_id_attempt"
        ),
    )
    op.create_table(
        "credential",
        sa.Column("credential_id", TEXT, nullable=False),
        sa.Column("attempt_id", TEXT, nullable=False),
        sa.Column("holder_id", TEXT, nullable=False),
        sa.Column("pdf_sha256", TEXT, nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.Column("revocation_reason", TEXT, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("pdf", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("credential_id", name="pk_credential"),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name="fk_credential_attempt_id_attempt"
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["person.id"], name="fk_credential_holder_id_person"
        ),
        sa.UniqueConstraint("attempt_id", name="uq_credential_attempt_id"),
        sa.UniqueConstraint("pdf_sha256", name="uq_credential_pdf_sha256"),
    )
    op.create_index("ix_credential_holder_id", "credential", ["holder_id"])


def _create_grading() -> None:
    op.create_table(
        "grading_batch",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("owner_id", TEXT, nullable=False),
        sa.Column("answers_name", TEXT, nullable=False),
        sa.Column("key_name", TEXT, nullable=False),
        sa.Column("summary", sa.JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_grading_batch"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name="fk_grading_batch_owner_id_person"
        ),
    )
    op.create_index(
        "ix_grading_batch_owner_id_created_at", "grading_batch", ["owner_id", "created_at"]
    )
    op.create_table(
        "grading_file",
        sa.Column("batch_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "name", name="pk_grading_file"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["grading_batch.id"], name="fk_grading_file_batch_id_grading_batch"
        ),
    )


def _create_audit() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", COUNTER, autoincrement=True, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
        sqlite_autoincrement=True,
    )
