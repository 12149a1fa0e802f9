"""Changes are found by the counts they moved."""

import sqlalchemy as sa
from alembic import op

from storage.db import codec
from storage.db.tables import change, moved_count
from storage.records import FactChange
from storage.topics.notices import moved_count_rows

revision = "0010"
down_revision = "0009"

BATCH_ROWS = 1_000


def upgrade() -> None:
    """Store the counts that changes moved until now, as their facts say."""
    op.create_table(
        "moved_count",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("old", sa.BigInteger(), nullable=True),
        sa.Column("new", sa.BigInteger(), nullable=True),
        sa.Column("largest", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", "place", name="pk_moved_count"),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_moved_count_change_id"),
    )
    op.create_index("ix_moved_count_largest_change_id", "moved_count", ["largest", "change_id"])
    db, last = op.get_bind(), 0
    stated = sa.select(change.c.id, change.c.kind, change.c.facts).where(
        change.c.kind != "new", change.c.facts.contains('"count"')
    )
    while found := db.execute(stated.where(change.c.id > last).order_by(change.c.id).limit(BATCH_ROWS)).all():
        last = found[-1].id
        told = ((one.id, one.kind, codec.loads(tuple[FactChange, ...], one.facts)) for one in found)
        rows = [row for one in told for row in moved_count_rows(*one)]
        if rows:
            db.execute(moved_count.insert(), rows)


def downgrade() -> None:
    """Take the moved counts out; they follow from the facts of changes."""
    op.drop_table("moved_count")
