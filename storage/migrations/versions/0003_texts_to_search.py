"""The folded text beside the index, which only tells candidates: see storage/db/index/search_index.py."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Keep the folded text beside the index, and make the index anew when the archive is opened."""
    # filled when the archive is opened: without this setting the index is made anew
    op.execute("DELETE FROM setting WHERE name = 'fold'")
    op.add_column("search_doc", sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    for column in ("from_version", "to_version"):
        op.create_index(f"ix_change_{column}", "change", [column])
    op.execute("DROP TABLE search_index")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(grams, content='', detail=none, tokenize='ascii')"
        )
        return
    op.execute("CREATE TABLE search_index (id bigint PRIMARY KEY, grams integer[] NOT NULL)")
    # without fastupdate no search has to wade through a list of what is not yet indexed
    op.execute("CREATE INDEX ix_search_index_grams ON search_index USING gin (grams) WITH (fastupdate = off)")


def downgrade() -> None:
    """Take the folded text out, and leave an empty index of pairs: an older kohyo fills it when it opens."""
    op.execute("DELETE FROM setting WHERE name = 'fold'")
    for column in ("from_version", "to_version"):
        op.drop_index(f"ix_change_{column}", "change")
    op.execute("DROP TABLE search_index")
    op.drop_column("search_doc", "folded")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_index USING fts5(pairs, content='', tokenize='ascii')")
        return
    op.execute(
        "CREATE TABLE search_index (id bigint PRIMARY KEY, folded text NOT NULL, pairs integer[] NOT NULL)"
    )
    op.execute("CREATE INDEX ix_search_index_pairs ON search_index USING gin (pairs) WITH (fastupdate = off)")
