"""Changes are chained by hashes, so that none can be altered unnoticed."""

import sqlalchemy as sa
from alembic import op

from storage.topics.proof.chain import link_changes

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the chain, and link what was told until now in the order it was told."""
    op.create_table(
        "chain",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("old_snapshot_id", sa.Integer(), nullable=True),
        sa.Column("new_snapshot_id", sa.Integer(), nullable=True),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("redaction_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_chain"),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_chain_change_id"),
        sa.ForeignKeyConstraint(["old_snapshot_id"], ["snapshot.id"], name="fk_chain_old_snapshot_id"),
        sa.ForeignKeyConstraint(["new_snapshot_id"], ["snapshot.id"], name="fk_chain_new_snapshot_id"),
        sa.ForeignKeyConstraint(["redaction_id"], ["redaction.id"], name="fk_chain_redaction_id"),
    )
    op.create_index("ix_chain_change_id", "chain", ["change_id"])
    db = op.get_bind()
    told = db.execute(sa.text("SELECT id FROM change ORDER BY id")).scalars().all()
    link_changes(db, told)
    if told:  # of these the chain says only that they were not altered since
        db.execute(
            sa.text("INSERT INTO setting (name, value) VALUES ('chain began behind', :number)"),
            {"number": str(len(told))},
        )
    # what was redacted before is covered as it was left, and stays checkable


def downgrade() -> None:
    """Take the chain out."""
    op.drop_table("chain")
    op.execute("DELETE FROM setting WHERE name = 'chain began behind'")
