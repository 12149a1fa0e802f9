"""What a page's first version reads is stored as its difference from the words of that page."""

import sqlalchemy as sa
from alembic import op

from storage.db import blobs, codec
from storage.db.kept import contents

revision = "0024"
down_revision = "0023"

_columns: list[sa.ColumnClause[int]] = [*map(sa.column, ("id", "page_id", "number", "content_id"))]
_version = sa.table("version", *_columns)


def upgrade() -> None:
    """Make room for how the base of bytes is read; what is stored stays as it is."""
    op.add_column("blob", sa.Column("read_as", sa.Text()))


def downgrade() -> None:
    """Write what versions read as JSON again, each as its difference from the one before."""
    db = op.get_bind()
    of = _version.c
    rows = sa.select(_version).where(of.content_id.is_not(None)).order_by(of.page_id, of.number)
    page, base = None, None
    for row in db.execute(rows).all():
        base = base if row.page_id == page else None
        page, old = row.page_id, blobs.get(db, row.content_id)
        content = contents.read(old)
        base = blobs.put(db, codec.dumps(content).encode(), base)
        db.execute(_version.update().where(of.id == row.id).values(content_id=base))
        if base != row.content_id:
            blobs.discard(db, row.content_id)
    op.drop_column("blob", "read_as")
