"""Add practice: answers of learners outside of exams, and when an item comes back."""

import sqlalchemy as sa
from alembic import op

# What the types were when this was written; later changes of the code do not change history.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
LONG_COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_answer",
        sa.Column("id", LONG_COUNT, autoincrement=True, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("item_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("response", sa.JSON, nullable=False),
        sa.Column("correct", sa.Boolean, nullable=False),
        sa.Column("box", sa.Integer, nullable=False),
        sa.Column("mistakes", sa.Integer, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_practice_answer"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_practice_answer_person_id_person"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_practice_answer_item_id_item"),
        sa.UniqueConstraint(
            "person_id", "item_id", "number", name="uq_practice_answer_person_id_item_id_number"
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("practice_answer")
