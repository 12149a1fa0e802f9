"""Pages know their host, and those that are due are found by indexes."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Prose
from storage.text.urls import hostname

revision = "0012"
down_revision = "0011"

_AT_ONCE = 10_000


def upgrade() -> None:
    """Write the host of each address beside it, and index pages by when they are due."""
    op.add_column("page", sa.Column("host", Prose(), nullable=False, server_default=""))
    page = sa.table("page", sa.column("id"), sa.column("url"), sa.column("host"))
    write = page.update().where(page.c.id == sa.bindparam("row")).values(host=sa.bindparam("named"))
    db, last = op.get_bind(), 0
    read = sa.select(page.c.id, page.c.url).order_by(page.c.id).limit(_AT_ONCE)
    while rows := db.execute(read.where(page.c.id > last)).all():
        db.execute(write, [{"row": row.id, "named": hostname(row.url)} for row in rows])
        last = rows[-1].id
    op.drop_index("ix_page_parent_id", "page")
    hangs = sa.text("parent_id IS NOT NULL")
    op.create_index("ix_page_parent_id", "page", ["parent_id"], sqlite_where=hangs, postgresql_where=hangs)
    by_itself = sa.text("role <> 'attachment'")
    for columns in (["source_id", "due_at"], ["due_at", "host"]):
        name = f"ix_page_{'_'.join(columns)}"
        op.create_index(name, "page", columns, sqlite_where=by_itself, postgresql_where=by_itself)


def downgrade() -> None:
    """Let go of the hosts, and of the indexes of what is due."""
    for name in ("ix_page_source_id_due_at", "ix_page_due_at_host", "ix_page_parent_id"):
        op.drop_index(name, "page")
    op.drop_column("page", "host")
    op.create_index("ix_page_parent_id", "page", ["parent_id"])
