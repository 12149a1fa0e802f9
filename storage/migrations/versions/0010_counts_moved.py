"""Changes are found by the counts they moved."""

import json
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

BATCH_ROWS = 1_000

# Numbers as they were read when this step was new: what reads them today is free to change.
_MOST = 10**15
_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
_KANJI = "".join((*_DIGITS, *_SMALL, *_LARGE))
_NUMBER = re.compile(rf"[0-9{_KANJI}][0-9,.{_KANJI}]*")

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
    pairs = [(_read(one["old"]), _read(one["new"])) for one in said]
    return [(old, new) for old, new in dict.fromkeys(pairs) if old != new]


def _read(count: str | None) -> int | None:
    """Read the number in the wording of a count, 約928万件 as 9,280,000; None where there is none."""
    found = _NUMBER.search(unicodedata.normalize("NFKC", count or ""))
    if found is None:
        return None
    try:
        number = _sum(found[0].replace(",", "").rstrip("."))
    except (ValueError, OverflowError):
        return None
    return number if number <= _MOST else None


def _sum(said: str) -> int:
    if said.isdecimal():
        return int(said)
    total, group, digits = 0.0, 0.0, ""
    for character in said:
        if character in _SMALL:
            group += float(digits or 1) * _SMALL[character]
            digits = ""
        elif character in _LARGE:
            total += (group + float(digits or 0) or 1) * _LARGE[character]
            group, digits = 0.0, ""
        else:
            digits += _DIGITS.get(character, character)
    return int(round(total + group + float(digits or 0), 6))


def downgrade() -> None:
    """Take the moved counts out; they follow from the facts of changes."""
    op.drop_table("moved_count")
