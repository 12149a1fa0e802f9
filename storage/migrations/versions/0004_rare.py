"""What is rare is found at once.

Threes stand everywhere in the index of texts, whose documents have smaller ids (see
storage/db/index/search_index.py), and there are indexes by what facts and changes are filtered by.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Give documents new ids, and index facts and changes by what they are filtered by."""
    _documents()
    op.execute("UPDATE fact SET term = substr(term, 1, 500) WHERE length(term) > 500")
    op.drop_index("ix_fact_version_id_field", "fact")
    op.create_index("ix_fact_version_id_field_number", "fact", ["version_id", "field", "number"])
    for column in ("number", "term"):
        stated = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_fact_field_{column}_version_id",
            "fact",
            ["field", column, "version_id"],
            sqlite_where=stated,
            postgresql_where=stated,
        )
    for column in ("notice_id", "detected_at"):
        op.drop_index(f"ix_change_{column}", "change")
        op.create_index(
            f"ix_change_{column}_kind_material_reasons", "change", [column, "kind", "material", "reasons"]
        )


def _documents() -> None:
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
        # as on SQLite: looking at a text takes half as long again where it is decompressed first
        op.execute("ALTER TABLE search_doc ALTER COLUMN folded SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Give documents the ids of before, in microseconds, and bring back the narrower indexes."""
    op.execute("DELETE FROM setting WHERE name = 'fold'")
    op.execute("UPDATE search_doc SET id = id * 1048576")
    for columns in ("version_id_field_number", "field_number_version_id", "field_term_version_id"):
        op.drop_index(f"ix_fact_{columns}", "fact")
    op.create_index("ix_fact_version_id_field", "fact", ["version_id", "field"])
    for column in ("notice_id", "detected_at"):
        op.drop_index(f"ix_change_{column}_kind_material_reasons", "change")
        op.create_index(f"ix_change_{column}", "change", [column])
