"""Texts to be searched are stored in few bytes, and go into the index many at once."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add what packed texts are built upon; they are packed when the archive is opened, part by part."""
    op.execute("UPDATE version SET shape = ''")
    op.add_column("source", sa.Column("reference_doc", sa.BigInteger(), nullable=True))
    op.add_column("search_doc", sa.Column("base_id", sa.BigInteger(), nullable=True))
    op.add_column("search_doc", sa.Column("depth", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("search_doc", sa.Column("pending", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_search_doc_pending",
        "search_doc",
        ["pending"],
        sqlite_where=sa.text("pending = 1"),
        postgresql_where=sa.text("pending"),
    )


def downgrade() -> None:
    """Let go of the texts and the index: an older kohyo makes them anew when it opens the archive."""
    op.execute("DELETE FROM setting WHERE name IN ('fold', 'folding', 'texts packed')")
    op.execute("UPDATE search_doc SET folded = ''")
    op.drop_index("ix_search_doc_pending", "search_doc")
    for name in ("pending", "depth", "base_id"):
        op.drop_column("search_doc", name)
    op.drop_column("source", "reference_doc")
