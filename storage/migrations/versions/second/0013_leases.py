"""Leases instead of a lock, and how each host wants to be asked."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Prose

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables of leases, hosts and robots.txt."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("holder", Prose(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_index("ix_lease_owner", "lease", ["owner"])
    op.create_table(
        "host",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("delay", sa.Float(), nullable=False),
        sa.Column("away_until", moment),
        sa.Column("stalls", sa.Integer(), nullable=False),
        sa.Column("rests_until", moment),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
    )
    op.create_table(
        "robots",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("detail", Prose(), nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_robots"),
    )


def downgrade() -> None:
    """Let go of leases, hosts and robots.txt."""
    op.drop_table("robots")
    op.drop_table("host")
    op.drop_table("lease")
