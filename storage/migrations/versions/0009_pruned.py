"""Captures whose bytes nothing needs lose them after a time, and say when."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Utc

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add when bytes were pruned; none were until now."""
    op.add_column("snapshot", sa.Column("pruned_at", Utc(), nullable=True))


def downgrade() -> None:
    """Forget which bytes were pruned: an older kohyo takes them for redacted."""
    op.drop_column("snapshot", "pruned_at")
