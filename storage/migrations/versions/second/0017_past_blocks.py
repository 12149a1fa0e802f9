"""Pages know which blocks went away with their versions: these are read where one comes back."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table; a page is in it from its next change on, when its versions are read once more."""
    op.create_table(
        "page_past",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("blocks", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_page_past_page_id"),
        sa.PrimaryKeyConstraint("page_id", name="pk_page_past"),
    )


def downgrade() -> None:
    """Take it out: versions are read at every change again."""
    op.drop_table("page_past")
