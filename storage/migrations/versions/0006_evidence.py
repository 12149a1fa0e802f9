"""What links notices to incidents is kept beside them, and found by an index."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Prose

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables of evidence; the next run or command on incidents fills them."""
    op.create_table(
        "notice_evidence",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", Prose(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "notice_id", name="pk_notice_evidence"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_notice_evidence_notice_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_notice_evidence_source_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notice_evidence_notice_id", "notice_evidence", ["notice_id"])
    op.create_table(
        "incident_evidence",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", Prose(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "key", "incident_id", name="pk_incident_evidence"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_evidence_incident_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_incident_evidence_source_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_incident_evidence_incident_id_kind", "incident_evidence", ["incident_id", "kind"])


def downgrade() -> None:
    """Take the tables of evidence out; links stay as they are."""
    op.drop_table("incident_evidence")
    op.drop_table("notice_evidence")
