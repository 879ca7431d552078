"""Add uploads: files that are looked at before they are taken into the bank."""

import sqlalchemy as sa
from alembic import op

# What the types were when this was written; later changes of the code do not change history.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_upload",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("report", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_bank_upload"),
    )
    op.create_table(
        "bank_upload_file",
        sa.Column("upload_id", TEXT, nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("upload_id", "place", name="pk_bank_upload_file"),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["bank_upload.id"], name="fk_bank_upload_file_upload_id_bank_upload"
        ),
    )
    for column in ("author", "created_at"):
        op.create_index(f"ix_bank_upload_{column}", "bank_upload", [column])


def downgrade() -> None:
    op.drop_table("bank_upload_file")
    op.drop_table("bank_upload")
