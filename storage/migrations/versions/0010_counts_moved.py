"""Changes are found by the counts they moved."""

import json

import sqlalchemy as sa
from alembic import op

from storage.text.wording import stated_number

revision = "0010"
down_revision = "0009"

BATCH_ROWS = 1_000

_COLUMNS = "change_id", "place", "old", "new", "largest"


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
    change = sa.table("change", *map(sa.column, ("id", "kind", "facts")))
    moved_count = sa.table("moved_count", *map(sa.column, _COLUMNS))
    db, last = op.get_bind(), 0
    stated = sa.select(change.c.id, change.c.facts).where(
        change.c.kind.not_in(("new", "withdrawn", "moved")), change.c.facts.contains('"count"')
    )
    while found := db.execute(stated.where(change.c.id > last).order_by(change.c.id).limit(BATCH_ROWS)).all():
        last = found[-1].id
        told = ((one.id, *moved) for one in found for moved in enumerate(_moved(one.facts)))
        rows = [(id, place, old, new, max(old or 0, new or 0)) for id, place, (old, new) in told]
        if rows:
            db.execute(moved_count.insert(), [dict(zip(_COLUMNS, row, strict=True)) for row in rows])


def _moved(facts: str) -> list[tuple[int | None, int | None]]:
    """List the counts that were moved, as what stood there and what stands there; None: nothing did."""
    said = (one for one in json.loads(facts) if one["field"] == "count")
    pairs = [(stated_number(one["old"]), stated_number(one["new"])) for one in said]
    return [(old, new) for old, new in dict.fromkeys(pairs) if old != new]


def downgrade() -> None:
    """Take the moved counts out; they follow from the facts of changes."""
    op.drop_table("moved_count")
