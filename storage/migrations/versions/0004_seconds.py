"""Smaller ids of documents, and threes everywhere in their index: see storage/search_index.py."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # filled when the archive is opened: without this setting the index is made anew
    op.execute("DELETE FROM setting WHERE name = 'fold'")
    op.execute("CREATE TABLE renumbered (old bigint PRIMARY KEY, new bigint NOT NULL)")
    # the second, or the next one that is free: n + the largest lead over n so far
    op.execute(
        """
        INSERT INTO renumbered
        SELECT id, n + max(id / 1048576 - n) OVER (ORDER BY id)
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM search_doc) AS numbered
        """
    )
    op.execute("UPDATE search_doc SET id = (SELECT new FROM renumbered WHERE old = id)")
    op.execute("DROP TABLE renumbered")
    if op.get_bind().dialect.name == "postgresql":
        # uncompressed, as on SQLite: a text is looked at twice as fast as it is decompressed
        op.execute("ALTER TABLE search_doc ALTER COLUMN folded SET STORAGE EXTERNAL")
