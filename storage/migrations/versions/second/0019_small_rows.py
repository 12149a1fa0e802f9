"""Kinds of evidence are stored as letters; on SQLite headers, recipes and differences take fewer bytes."""

from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.db.kept.short import EVIDENCE_KINDS, KNOWN_HEADERS, KNOWN_HUNKS, KNOWN_RECIPE, pack, unpack

revision = "0019"
down_revision = "0018"

_PACKED = (
    ("snapshot", "headers", KNOWN_HEADERS),
    ("version", "recipe", KNOWN_RECIPE),
    ("change", "hunks", KNOWN_HUNKS),
)


def upgrade() -> None:
    """Write each value in its new form."""
    _rename(EVIDENCE_KINDS)
    _write(pack)


def downgrade() -> None:
    """Write each value as it was."""
    _rename(tuple((code, word) for word, code in EVIDENCE_KINDS))
    _write(unpack)


def _rename(words: tuple[tuple[str, str], ...]) -> None:
    for table in ("notice_evidence", "incident_evidence"):
        kind: sa.ColumnClause[str] = sa.column("kind")
        rows = sa.table(table, kind)
        named = rows.update().where(kind.in_([old for old, _ in words]))
        op.execute(named.values(kind=sa.case(dict(words), value=kind)))


def _write(form: Callable[..., Any]) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    driver: Any = op.get_bind().connection.driver_connection
    for table, column, known in _PACKED:
        driver.create_function("written", 1, partial(form, known=known.encode()))
        rows: sa.TableClause = sa.table(table, sa.column(column))
        op.execute(rows.update().values({column: sa.func.written(rows.c[column])}))
