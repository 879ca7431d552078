"""Add the paper of a session: which fixed forms are sat in it, and how."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exam_session", sa.Column("paper", sa.JSON))


def downgrade() -> None:
    """The paper of a session is lost; attempts keep the forms they were sat with."""
    with op.batch_alter_table("exam_session") as table:
        table.drop_column("paper")
