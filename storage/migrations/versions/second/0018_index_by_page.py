"""On SQLite the index has a row for the texts of each page, and documents are numbered by their rows."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_FTS = "CREATE VIRTUAL TABLE search_index USING fts5(grams, content='', detail=none, {options})"
# Folded texts hold no white space, so whatever else there is belongs to a word.
_OTHER = "".join(chr(code) for code in range(1, 128) if code != 32 and not chr(code).isalnum())
_WORDS = "ascii tokenchars '{}'".format(_OTHER.replace("'", "''")).replace('"', '""')


def upgrade() -> None:
    """Make the index anew; it is filled when the archive is opened, part by part."""
    _begin(f'columnsize=0, tokenize="{_WORDS}"', sa.Integer())


def downgrade() -> None:
    """Leave an empty index of documents: an older kohyo fills it when it opens the archive."""
    _begin("tokenize='ascii'", sa.BigInteger())


def _begin(options: str, number: sa.types.TypeEngine[int]) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DELETE FROM setting WHERE name IN ('fold', 'folding')")
    op.execute("DROP TABLE search_index")
    op.get_bind().exec_driver_sql(_FTS.format(options=options))
    # a number of that type is that of the row, and takes no index of its own
    with op.batch_alter_table("search_doc", recreate="always") as batch:
        batch.alter_column("id", type_=number, existing_type=sa.BigInteger(), existing_nullable=False)
