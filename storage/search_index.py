"""The full-text index: overlapping pairs of characters, so that any string is found, exactly.

Words are not what Japanese is searched by. The folded text is cut into pairs (漏え, えい, …) of UTF-16
code units; a string stands in a text just where its pairs stand in a row. For queries of one
character every distinct character is indexed as well.

SQLite: an FTS5 table without content, tokens in hexadecimal so that its tokenizer has nothing to
interpret. PostgreSQL: the pairs as an array of integers under a GIN index, which tells candidates, and
the folded text, which decides.
"""

from __future__ import annotations

import sys
from datetime import datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from storage.fold import fold
from storage.prepared import Prepared
from storage.records import Notice, Version
from storage.tables import page, search_doc

_APART = "\uffff"
"""Between title and text: no folded text holds it, so nothing is found across the two."""

_MAX_CANDIDATE_PAIRS = 64  # that many in common leave few candidates, which are looked at anyway

_SAMPLE = 500  # documents, the newest
_FREQUENT = 0.02  # of them

_NATIVE = f"utf-16-{sys.byteorder[0]}e"

# The index as a table of statements. On SQLite the column named like the table stands for all columns.
_fts = sa.table(
    "search_index",
    sa.column("rowid", sa.BigInteger),
    sa.column("search_index", sa.Text),
    sa.column("pairs", sa.Text),
)
_gin = sa.table(
    "search_index",
    sa.column("id", sa.BigInteger),
    sa.column("folded", sa.Text),
    sa.column("pairs", postgresql.ARRAY(sa.Integer)),
)

_ADD_DOC = Prepared(search_doc.insert(), ["id", "page_id", "version_id", "notice_id"])
_SQLITE_ADD = Prepared(_fts.insert(), ["rowid", "pairs"])
_POSTGRES_ADD = Prepared(_gin.insert(), ["id", "folded", "pairs"])
_SQLITE_REMOVE = sa.text(
    "INSERT INTO search_index (search_index, rowid, pairs) VALUES ('delete', :id, :pairs)"
)
_LAST_ID = Prepared(
    select(func.max(search_doc.c.id).label("last")).where(
        search_doc.c.id.between(bindparam("first"), bindparam("final"))
    )
)
_SPEAKS_FOR = Prepared(
    select(func.coalesce(page.c.parent_id, page.c.id).label("page")).where(page.c.id == bindparam("page"))
)


# --- what is in it --------------------------------------------------------------------------


def add_version(db: Connection, new: Version) -> None:
    speaks_for = _SPEAKS_FOR.scalar(db, {"page": new.page})
    doc = _next_id(db, new.captured_at, half=1)
    _ADD_DOC.all(db, {"id": doc, "page_id": speaks_for, "version_id": new.id})
    _add(db, doc, version_text(new))


def remove_version(db: Connection, old: Version) -> None:
    """``old`` must be as it was added: FTS5 finds by the text what to take out."""
    _remove(db, search_doc.c.version_id == old.id, version_text(old))


def add_title(db: Connection, new: Notice) -> None:
    doc = _next_id(db, new.first_seen, half=0)
    _ADD_DOC.all(db, {"id": doc, "page_id": new.page, "notice_id": new.id})
    _add(db, doc, fold(new.title))


def remove_title(db: Connection, notice_id: int, title: str) -> None:
    _remove(db, search_doc.c.notice_id == notice_id, fold(title))


def version_text(of: Version) -> str:
    """What can be found of a version, folded."""
    return fold(of.title) + _APART + fold(of.text)


def clear(db: Connection) -> None:
    """Empties the index, to be filled again; the list of what is in it stays."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    else:
        db.exec_driver_sql("TRUNCATE search_index")


def forget(db: Connection) -> None:
    """Lets nothing of what was removed linger in the index."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")


def fill(db: Connection, doc: int, folded: str) -> None:
    """Puts back what clear() took out."""
    _add(db, doc, folded)


def _next_id(db: Connection, at: datetime, half: int) -> int:
    """Ids follow time, so that an index walked by id is in order of time: seconds, then what came in
    a second in the order it came, titles before versions."""
    first = (int(at.timestamp()) << 20) + (half << 19)
    last: int | None = _LAST_ID.scalar(db, {"first": first, "final": first + (1 << 19) - 1})
    return first if last is None else last + 1


def _add(db: Connection, doc: int, folded: str) -> None:
    if db.dialect.name == "sqlite":
        _SQLITE_ADD.all(db, {"rowid": doc, "pairs": _document(folded)})
    else:
        _POSTGRES_ADD.all(db, {"id": doc, "folded": folded, "pairs": _integers(folded)})


def _remove(db: Connection, which: ColumnElement[bool], folded: str) -> None:
    doc = db.scalar(select(search_doc.c.id).where(which))
    if doc is None:
        return  # redacted
    db.execute(search_doc.delete().where(which))
    if db.dialect.name == "sqlite":
        db.execute(_SQLITE_REMOVE, {"id": doc, "pairs": _document(folded)})
    else:
        db.execute(sa.delete(_gin).where(_gin.c.id == doc))


# --- what is asked of it ----------------------------------------------------------------------


def matching(folded: str, sqlite: bool) -> Select[Any]:
    """Ids of all documents that hold the string."""
    if not folded:
        return select(search_doc.c.id).where(sa.false())
    if sqlite:
        return select(_fts.c.rowid).where(_fts.c.search_index.op("MATCH")(_phrase(folded)))
    return select(_gin.c.id).where(
        _gin.c.pairs.contains(_candidate(folded)), func.strpos(_gin.c.folded, folded) > 0
    )


def newest_first(db: Connection, folded: str, columns: Select[Any]) -> tuple[Select[Any], ColumnElement[int]]:
    """The documents that hold the string, with ``columns`` of what is joined to them, and the column
    they are in order of."""
    if db.dialect.name == "sqlite":
        found = columns.where(
            _fts.c.search_index.op("MATCH")(_phrase(folded)), search_doc.c.id == _fts.c.rowid
        )
        order: ColumnElement[int] = _fts.c.rowid  # named so that FTS5 walks backwards and nothing is sorted
    else:
        found = columns.where(_gin.c.id == search_doc.c.id, func.strpos(_gin.c.folded, folded) > 0)
        order = search_doc.c.id
        if not _is_frequent(db, folded):
            # Materialised, or the planner would rather walk the whole archive for a rare string.
            rare = select(_gin.c.id).where(_gin.c.pairs.contains(_candidate(folded)))
            found = found.where(search_doc.c.id.in_(select(rare.cte().prefix_with("MATERIALIZED").c.id)))
    return found.order_by(order.desc()), order


def _is_frequent(db: Connection, folded: str) -> bool:
    """Whether PostgreSQL does better without its index: when looking at documents one by one soon
    finds enough of them."""
    sample = select(_gin.c.folded).order_by(_gin.c.id.desc()).limit(_SAMPLE).subquery()
    held: int = db.scalar(select(func.count()).where(func.strpos(sample.c.folded, folded) > 0)) or 0
    return held >= _FREQUENT * _SAMPLE


def _document(folded: str) -> str:
    """What FTS5 indexes: all pairs in order, then every distinct character."""
    points = memoryview(folded.encode("utf-32")).cast("I")[1:]  # cheaper to tell apart than strings
    singles = "".join(map(chr, dict.fromkeys(points))).encode("utf-16-be").hex(" ", 2)
    return f"{_overlapping(folded.encode('utf-16-be'))} {singles}".strip()


def _phrase(folded: str) -> str:
    """What FTS5 is asked for."""
    units = folded.encode("utf-16-be").hex()
    return '"' + " ".join(_pairs(units) or [units]) + '"'


def _pairs(units: str) -> list[str]:
    return _overlapping(bytes.fromhex(units)).split()


def _overlapping(units: bytes) -> str:
    """Every pair of code units in a row; in bulk, since a page has thousands."""
    pairs = bytearray(2 * len(units[2:]))
    for byte in range(2):
        pairs[byte::4] = units[byte:-2:2]
        pairs[byte + 2 :: 4] = units[byte + 2 :: 2]
    return pairs.hex(" ", 4)


def _integers(folded: str) -> list[int]:
    """What PostgreSQL indexes: pairs, and single characters as pairs that begin with 0."""
    units = memoryview(folded.encode(_NATIVE)).cast("H").tolist()
    return _signed({a << 16 | b for a, b in pairwise(units)}.union(units))


def _candidate(folded: str) -> list[int]:
    """What a document must have to be looked at."""
    units = memoryview(folded.encode(_NATIVE)).cast("H").tolist()
    pairs = [a << 16 | b for a, b in pairwise(units)]
    return _signed(set((pairs or units)[:_MAX_CANDIDATE_PAIRS]))


def _signed(numbers: set[int]) -> list[int]:
    return [number - (1 << 32) if number >> 31 else number for number in sorted(numbers)]
