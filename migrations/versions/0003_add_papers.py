"""Add blueprints of papers and the forms assembled from them."""

import sqlalchemy as sa
from alembic import op

# What the types were when this was written; later changes of the code do not change history.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exam_blueprint",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name="pk_exam_blueprint"),
    )
    op.create_table(
        "exam_form",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("letter", TEXT, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("item_count", sa.Integer, nullable=False),
        sa.Column("blueprint_id", TEXT, nullable=False),
        sa.Column("blueprint_version", sa.Integer, nullable=False),
        sa.Column("release_digest", TEXT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_exam_form"),
        sa.ForeignKeyConstraint(
            ["blueprint_id", "blueprint_version"],
            ["exam_blueprint.id", "exam_blueprint.version"],
            name="fk_exam_form_blueprint_id_exam_blueprint",
        ),
        sa.ForeignKeyConstraint(
            ["release_digest"],
            ["bank_release.digest"],
            name="fk_exam_form_release_digest_bank_release",
        ),
    )
    for column in ("created_at", "blueprint_id", "release_digest"):
        op.create_index(f"ix_exam_form_{column}", "exam_form", [column])


def downgrade() -> None:
    op.drop_table("exam_form")
    op.drop_table("exam_blueprint")
