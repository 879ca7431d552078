"""${message.capitalize().rstrip(".")}."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR
${imports if imports else ""}
# What the types were when this was written; later changes of the code do not change history.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORDS = sa.Text().with_variant(TSVECTOR(), "postgresql")
INSTANT = sa.DateTime(timezone=True)

revision = "${up_revision}"
down_revision = ${"None" if down_revision is None else f'"{down_revision}"'}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
