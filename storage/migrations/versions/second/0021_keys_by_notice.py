"""The keys of a notice stand once more beside it, in place of an index of them."""

import json
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.db.kept.short import KNOWN_KEYS, Packed

revision = "0021"
down_revision = "0020"

_ROWS = 50_000
_EVIDENCE = ("kind", "key", "notice_id", "source_id", "month")


def upgrade() -> None:
    """Write the keys of each notice beside it, and let go of what that says."""
    op.create_table(
        "notice_keys",
        sa.Column("notice_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name="pk_notice_keys"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_notice_keys_notice_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_notice_keys_source_id"),
    )
    db = op.get_bind()
    evidence, keys = _tables()
    rows = sa.select(evidence).order_by(evidence.c.notice_id, evidence.c.kind, evidence.c.key)
    last = 0
    ends = sa.select(evidence.c.notice_id).order_by(evidence.c.notice_id).limit(_ROWS)
    while some := db.scalars(ends.where(evidence.c.notice_id > last)).all():
        until = some[-1]
        found = db.execute(rows.where(evidence.c.notice_id > last, evidence.c.notice_id <= until))
        db.execute(keys.insert(), [_beside([*each]) for _, each in groupby(found, itemgetter(2))])
        last = until
    op.drop_index("ix_notice_evidence_notice_id", "notice_evidence")
    with _evidence() as batch:
        batch.drop_constraint("fk_notice_evidence_source_id", type_="foreignkey")
        batch.drop_column("source_id")
        batch.drop_column("month")
    names = sa.text("kind = 's'")
    op.create_index(
        "ix_notice_evidence_notice_id",
        "notice_evidence",
        ["notice_id"],
        sqlite_where=names,
        postgresql_where=names,
    )


def _beside(rows: list[Any]) -> dict[str, Any]:
    keys = json.dumps([[row.kind, row.key] for row in rows], ensure_ascii=False, separators=(",", ":"))
    of = rows[0]
    return {"notice_id": of.notice_id, "source_id": of.source_id, "month": of.month, "keys": keys}


def downgrade() -> None:
    """Write source and month beside each key again, and index keys by notice."""
    op.drop_index("ix_notice_evidence_notice_id", "notice_evidence")
    with _evidence() as batch:
        batch.add_column(sa.Column("source_id", sa.Integer()))
        batch.add_column(sa.Column("month", sa.Integer()))
    evidence, keys = _tables()
    for name in ("source_id", "month"):
        of = sa.select(keys.c[name]).where(keys.c.notice_id == evidence.c.notice_id).scalar_subquery()
        op.execute(evidence.update().values({name: of}))
    with _evidence() as batch:
        batch.alter_column("source_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("month", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key("fk_notice_evidence_source_id", "source", ["source_id"], ["id"])
    op.create_index("ix_notice_evidence_notice_id", "notice_evidence", ["notice_id"])
    op.drop_table("notice_keys")


def _tables() -> tuple[sa.TableClause, sa.TableClause]:
    of: list[sa.ColumnClause[Any]] = [sa.column(name) for name in ("notice_id", "source_id", "month")]
    keys = sa.table("notice_keys", *of, sa.column("keys", Packed(KNOWN_KEYS)))
    return sa.table("notice_evidence", *map(sa.column, _EVIDENCE)), keys


def _evidence() -> Any:
    return op.batch_alter_table("notice_evidence", table_kwargs={"sqlite_with_rowid": False})
