"""The first schema."""

from alembic import op

from storage import search_index
from storage.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    search_index.create(op.get_bind())
