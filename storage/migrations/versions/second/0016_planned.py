"""What the next visit of a page is planned by: what was learned of it, and the sums over a host."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Prose, Utc

revision = "0016"
down_revision = "0015"

_COLUMNS = ("planned", "awaited_at", "stirred_at", "shape", "exposure", "pace")


def upgrade() -> None:
    """Add what is learned, which begins with what is known of each page already."""
    op.add_column("page", sa.Column("planned", sa.Text()))
    op.add_column("page", sa.Column("awaited_at", Utc()))
    op.add_column("page", sa.Column("stirred_at", Utc()))
    op.add_column("page", sa.Column("shape", sa.Float()))
    op.add_column("page", sa.Column("exposure", sa.Float()))
    op.add_column("page", sa.Column("pace", sa.Float(), nullable=False, server_default="0"))
    op.add_column("source", sa.Column("week", sa.Text()))
    op.create_table(
        "host_pace",
        sa.Column("host", Prose(), nullable=False),
        sa.Column("promised", sa.Float(), nullable=False),
        sa.Column("wished", sa.Float(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_host_pace"),
    )


def downgrade() -> None:
    """Forget it: an older kohyo plans by the last change alone."""
    op.drop_table("host_pace")
    op.drop_column("source", "week")
    for name in _COLUMNS:
        op.drop_column("page", name)
