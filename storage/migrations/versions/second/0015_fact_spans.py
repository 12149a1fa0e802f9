"""Facts stand once for every value, with the versions of a page that state it."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.db import codec
from storage.db.kept.fact_spans import read
from storage.text.fold import fold
from storage.text.wording import wording

revision = "0015"
down_revision = "0014"

_STATED = {name: sa.text(f"{name} IS NOT NULL") for name in ("number", "term")}


def upgrade() -> None:
    """Make the tables; facts of until now wait in ``former_fact`` until the archive is opened."""
    op.create_table(
        "fact_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("term", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("raw", "unit", "qualifiers", "role")),
        sa.PrimaryKeyConstraint("id", name="pk_fact_value"),
        sa.UniqueConstraint("digest", name="uq_fact_value_digest"),
    )
    for name, where in _STATED.items():
        op.create_index(
            f"ix_fact_value_field_{name}",
            "fact_value",
            ["field", name],
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_table(
        "fact_span",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_fact_span_page_id"),
        sa.ForeignKeyConstraint(["value_id"], ["fact_value.id"], name="fk_fact_span_value_id"),
        sa.PrimaryKeyConstraint("page_id", "value_id", "first", name="pk_fact_span"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_fact_span_value_id", "fact_span", ["value_id"])
    op.create_table(
        "tally",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_tally"),
    )
    op.add_column("version", sa.Column("facts", sa.LargeBinary(), nullable=True))
    for name in _STATED:
        op.drop_index(f"ix_fact_field_{name}_version_id", "fact")
    op.rename_table("fact", "former_fact")


def downgrade() -> None:
    """Give every version its own rows of facts again."""
    db = op.get_bind()
    if "former_fact" in sa.inspect(db).get_table_names():
        op.rename_table("former_fact", "fact")
    else:
        op.create_table(
            "fact",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("version_id", sa.Integer(), nullable=False),
            sa.Column("field", sa.Text(), nullable=False),
            sa.Column("value", sa.Text(), nullable=False),
            sa.Column("number", sa.BigInteger(), nullable=True),
            sa.Column("term", sa.Text(), nullable=True),
            sa.Column("raw", sa.Text(), nullable=False),
            sa.Column("start", sa.Integer(), nullable=False),
            sa.Column("end", sa.Integer(), nullable=False),
            *(sa.Column(name, sa.Text(), nullable=False) for name in ("unit", "qualifiers", "role")),
            sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_fact_version_id"),
            sa.PrimaryKeyConstraint("id", name="pk_fact"),
        )
        op.create_index("ix_fact_version_id_field_number", "fact", ["version_id", "field", "number"])
    for name, where in _STATED.items():
        op.create_index(
            f"ix_fact_field_{name}_version_id",
            "fact",
            ["field", name, "version_id"],
            sqlite_where=where,
            postgresql_where=where,
        )
    names = ("version_id", "field", "value", "number", "term", "raw", "start", "end", "unit")
    fact = sa.table("fact", *map(sa.column, (*names, "qualifiers", "role")))
    stored = sa.table("version", sa.column("id"), sa.column("facts"))
    for row in db.execute(sa.select(stored).where(stored.c.facts.is_not(None))).all():
        if rows := list(_rows(db, row.id, row.facts)):
            db.execute(fact.insert(), rows)
    op.drop_column("version", "facts")
    for name in ("fact_span", "fact_value", "tally"):
        op.drop_table(name)
    op.execute("DELETE FROM setting WHERE name = 'facts packed'")


def _rows(db: sa.Connection, version_id: int, stored: bytes) -> Iterator[dict[str, Any]]:
    for one in read(db, {version_id: stored})[version_id]:
        term = (
            wording(one)
            if one.field == "step"
            else one.value.get("article")
            if isinstance(one.value, dict)
            else one.value
        )
        yield {
            "version_id": version_id,
            "field": one.field,
            "value": codec.dumps(one.value),
            "number": one.value if one.field == "count" and isinstance(one.value, int) else None,
            "term": None if term is None else fold(str(term))[:500],
            "raw": one.raw,
            "start": one.start,
            "end": one.end,
            "unit": one.unit,
            "qualifiers": codec.dumps(one.qualifiers),
            "role": one.role,
        }
