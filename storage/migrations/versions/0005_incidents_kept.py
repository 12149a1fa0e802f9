"""Incidents that people keep: drafted, edited, merged, closed, removed, each step with its way back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Say of an incident where it comes from, how it stands and what was edited, and add the trace."""
    for name, usual in (("edits", "{}"), ("origin", "declared"), ("status", "open"), ("merged_into", "")):
        op.add_column("incident", sa.Column(name, sa.Text(), nullable=False, server_default=usual))
    op.create_table(
        "incident_trace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operation", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_trace_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incident_trace"),
    )
    op.create_index("ix_incident_trace_incident_id", "incident_trace", ["incident_id"])


def downgrade() -> None:
    """Let go of what people decided of incidents, and of its trace."""
    op.drop_table("incident_trace")
    for name in ("edits", "origin", "status", "merged_into"):
        op.drop_column("incident", name)
