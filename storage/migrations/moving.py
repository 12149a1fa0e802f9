"""Moves an archive from one database to another, SQLite or PostgreSQL, and loses nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Table, bindparam, func, select

from storage.archive import Reader, Writer
from storage.db.index import search_index
from storage.db.tables import lease, metadata, search_doc, setting
from storage.errors import BadUrl, Corrupt
from storage.topics.proof.redaction import REMAINS

BATCH_ROWS, BATCH_BYTES = 500, 8 * 1024 * 1024
"""What is handed to the driver at once: a row may be a whole PDF."""

Values = Mapping[str, Any]


def take_over(new: Writer, old: Reader, tell: Callable[[int, int], None]) -> int:
    """Copy every row of an archive, its id included, into an empty one, and return how many there were.

    Each table is read back and has to be what the other holds; the search index is made anew. ``tell`` hears
    how many rows of how many are done. Raises BadUrl where the new one holds anything, and Corrupt where a
    row came back as another.
    """
    tables = metadata.sorted_tables
    if held := [table.name for table in tables if table is not setting and _count(new, table)]:
        raise BadUrl(f"it holds something already (table {held[0]}); give an empty database")
    new._db.execute(setting.delete())  # what was noted when it was made
    total, done = sum(_count(old, table) for table in tables), 0
    for table in tables:
        there = _Digest()
        for rows in _batches(there.pass_on(_rows(old, table))):
            new._db.execute(table.insert(), [_without_what_follows(table, row) for row in rows])
            done += len(rows)
            tell(done, total)
        _point_ahead(new, old, table)
        _number_on(new, table)
        if there != _Digest.of(_rows(new, table)):
            raise Corrupt(f"table {table.name} came back as another, and nothing was moved; report this")
    new._db.execute(lease.update().values(owner="", holder=""))  # ours, on the other: nobody is at work here
    if new.setting(REMAINS):
        new.note(REMAINS, "")  # these files never held what was redacted
    new.renew_index()
    return done


def _without_what_follows(table: Table, row: Values) -> Values:
    """Leave out what points to a row of the same table that is copied later."""
    ahead = [one.name for one in _to_itself(table) if row[one.name] is not None and row[one.name] > row["id"]]
    return {**row, **dict.fromkeys(ahead)} if ahead else row


def _point_ahead(new: Writer, old: Reader, table: Table) -> None:
    """Fill in what was left out."""
    for column in _to_itself(table):
        asked = select(table.c.id.label("row"), column.label("to")).where(column > table.c.id)
        ahead = [row._asdict() for row in old._fetch_all(asked)]
        if ahead:
            filled = table.update().where(table.c.id == bindparam("row"))
            new._db.execute(filled.values({column.name: bindparam("to")}), ahead)


def _number_on(new: Writer, table: Table) -> None:
    """Let PostgreSQL give the next id behind those that were copied; SQLite does so by itself."""
    if new._is_sqlite or "id" not in table.c:
        return
    if last := new._db.scalar(select(func.max(table.c.id))):
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
        new._db.execute(select(func.setval(sequence, last)))


class _Digest:
    """What tells two tables apart, in whatever order their rows come: each database sorts in its own way."""

    def __init__(self) -> None:
        self.rows = self.sum = 0

    @classmethod
    def of(cls, rows: Iterable[Values]) -> _Digest:
        digest = cls()
        for _ in digest.pass_on(rows):
            pass
        return digest

    def pass_on(self, rows: Iterable[Values]) -> Iterator[Values]:
        for row in rows:
            self.rows += 1
            self.sum += int.from_bytes(hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).digest())
            yield row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Digest) and (self.rows, self.sum) == (other.rows, other.sum)


def _rows(of: Reader, table: Table) -> Iterator[Values]:
    columns = search_index.WHOLE if table is search_doc else select(table)
    asked = columns.order_by(*table.primary_key.columns).execution_options(yield_per=BATCH_ROWS)
    return map(dict, of._db.execute(asked).mappings())


def _batches(rows: Iterable[Values]) -> Iterator[list[Values]]:
    batch: list[Values] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row.values() if isinstance(value, str | bytes))
        if len(batch) == BATCH_ROWS or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _to_itself(table: Table) -> list[sa.Column[Any]]:
    return [column for column in table.c if any(key.column.table is table for key in column.foreign_keys)]


def _count(of: Reader, table: Table) -> int:
    counted: int = of._db.scalar(select(func.count()).select_from(table)) or 0
    return counted
