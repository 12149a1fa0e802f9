"""Timestamps of the chain by others; behind this step stand the views of storage/db/views.py."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Prose

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table of timestamps."""
    op.create_table(
        "stamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("authority", Prose(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stamp"),
    )
    op.create_index("ix_stamp_number", "stamp", ["number"])


def downgrade() -> None:
    """Let go of the timestamps."""
    op.drop_table("stamp")
