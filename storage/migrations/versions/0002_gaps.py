"""What coverage tells: gaps, rows of listings, and the indexes by which it is told at once.

Gaps from before this step are not on record.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the table of gaps, the number of rows a listing had, and indexes that coverage is read by."""
    op.create_table(
        "gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_gap_page_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_gap_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gap"),
    )
    op.create_index("ix_gap_source_id_ended_at", "gap", ["source_id", "ended_at"])
    op.add_column("page", sa.Column("rows", sa.Integer()))
    op.drop_index("ix_page_source_id_due_at", "page")
    op.create_index(
        "ix_page_source_id_failures_last_checked", "page", ["source_id", "failures", "last_checked"]
    )
    op.create_index("ix_page_source_id_last_changed", "page", ["source_id", "last_changed"])
    op.create_index("ix_notice_source_id_first_seen", "notice", ["source_id", "first_seen"])
    op.drop_index("ix_check_page_id", "check")
    op.create_index("ix_check_page_id_id", "check", ["page_id", "id"])


def downgrade() -> None:
    """Take out gaps, numbers of rows and the indexes; bring back those that stood before."""
    op.drop_index("ix_check_page_id_id", "check")
    op.create_index("ix_check_page_id", "check", ["page_id"])
    op.drop_index("ix_notice_source_id_first_seen", "notice")
    op.drop_index("ix_page_source_id_last_changed", "page")
    op.drop_index("ix_page_source_id_failures_last_checked", "page")
    op.create_index("ix_page_source_id_due_at", "page", ["source_id", "due_at"])
    op.drop_column("page", "rows")
    op.drop_table("gap")
