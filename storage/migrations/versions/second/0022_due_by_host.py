"""Pages that are due are found host by host, by one index in the place of two."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_BY_ITSELF = sa.text("role <> 'attachment'")


def upgrade() -> None:
    """Index pages by source, host and when they are due."""
    for name in ("ix_page_source_id_due_at", "ix_page_due_at_host"):
        op.drop_index(name, "page")
    _index("source_id", "host", "due_at")


def downgrade() -> None:
    """Index them by source and by when they are due, whatever their host."""
    op.drop_index("ix_page_source_id_host_due_at", "page")
    _index("source_id", "due_at")
    _index("due_at", "host")


def _index(*columns: str) -> None:
    name = f"ix_page_{'_'.join(columns)}"
    op.create_index(name, "page", [*columns], sqlite_where=_BY_ITSELF, postgresql_where=_BY_ITSELF)
