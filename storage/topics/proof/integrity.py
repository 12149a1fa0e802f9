"""Whether everything is still as it was stored."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import select

from storage.db import blobs
from storage.db.index import search_index
from storage.db.kept import fact_spans
from storage.db.tables import blob, page, search_doc, snapshot, version
from storage.errors import Corrupt
from storage.query import Damage
from storage.topics.proof.chain import ChainReads
from storage.topics.proof.redaction import RedactionReads
from storage.topics.proof.stamps import StampReads

BATCH_ROWS = 256  # rows held in memory at a time
KEPT_BODIES = 32  # restored bytes kept at hand: what is built upon them mostly follows soon
PART_ROWS = 4_096


class PartToVerify(NamedTuple):
    """A part of what is verified: which check, and of which rows by their ids, where it is one of rows."""

    check: str
    first: int = 0
    last: int = 0


class IntegrityReads(RedactionReads, ChainReads, StampReads):
    """Questions about the archive itself: is everything there, and as it was stored?"""

    def parts_to_verify(self) -> list[PartToVerify]:
        """List what is verified, each part of which can be done by itself."""
        ranges = (("bytes", blob, 1), ("texts", search_doc, 1), ("facts", page, 8))
        rows = {name: [*self._ranges(name, table, PART_ROWS // per)] for name, table, per in ranges}
        begin = [PartToVerify("pages"), PartToVerify("redactions"), *rows["bytes"], PartToVerify("rows")]
        return [
            *begin,
            *rows["texts"],
            *rows["facts"],
            PartToVerify("newest"),
            PartToVerify("chain"),
            PartToVerify("stamps"),
        ]

    def damages(self, part: PartToVerify) -> Iterator[Damage]:
        """Yield everything of a part that is not as it should be, in the order found."""
        check, *ids = part
        if check == "bytes":
            yield from self._damaged_bytes(*ids)
        elif check == "texts":
            for kind, id in search_index.damages(self._db, *ids):
                yield Damage(kind, id, "its text to be searched cannot be read; restore it from a backup")
        elif check == "facts":
            for id in fact_spans.damages(self._db, *ids):
                yield Damage("version", id, "its facts are not those that it was stored with; rederive them")
        else:
            yield from _WHOLE[check](self)

    def _ranges(self, name: str, table: sa.Table, rows: int) -> Iterator[PartToVerify]:
        """Cut the rows of a table into parts of so many."""
        number = sa.func.row_number().over(order_by=table.c.id).label("number")
        numbered = select(table.c.id, number).subquery()
        begins = self._db.scalars(select(numbered.c.id).where(numbered.c.number % rows == 1 % rows)).all()
        ends = [first - 1 for first in begins[1:]]
        for first, last in zip(
            begins, [*ends, self._db.scalar(select(sa.func.max(table.c.id)))], strict=False
        ):
            yield PartToVerify(name, first, last)

    def _redactions_left(self) -> Iterator[Damage]:
        if remains := self.redaction_remains():
            yield Damage("redaction", 0, f"words that were redacted are still in the files: {remains}")

    def damaged_pages(self) -> Iterator[Damage]:
        """Yield what the database itself finds wrong with its file; a server looks after its own."""
        if self._is_sqlite:
            for row in self._fetch_all(sa.text("PRAGMA quick_check")):
                if row[0] != "ok":
                    yield Damage("database page", 0, row[0])

    def _damaged_bytes(self, first: int, final: int) -> Iterator[Damage]:
        last = first - 1
        restored: OrderedDict[int, bytes] = OrderedDict()
        while rows := self._fetch_all(
            select(blob).where(blob.c.id > last, blob.c.id <= final).order_by(blob.c.id).limit(BATCH_ROWS)
        ):
            for row in rows:
                try:
                    base = b""
                    if row.base_id is not None:
                        base = restored.get(row.base_id) or blobs.get(self._db, row.base_id)
                    body = blobs.restore(row, base)
                except Corrupt as error:
                    yield Damage("bytes", row.id, str(error))
                    continue
                if len(body) != row.size or hashlib.sha256(body).digest() != row.sha256:
                    yield Damage("bytes", row.id, "do not match their digest; restore them from a backup")
                    continue
                restored[row.id] = body
                if len(restored) > KEPT_BODIES:
                    restored.popitem(last=False)
            last = rows[-1].id

    def _damaged_rows(self) -> Iterator[Damage]:
        other = select(snapshot.c.id).join(blob).where(snapshot.c.sha256 != blob.c.sha256)
        for row in self._fetch_all(other):
            yield Damage("snapshot", row.id, "its bytes are not those whose digest it keeps")
        orphans = select(version.c.id).outerjoin(snapshot).where(snapshot.c.id.is_(None))
        for row in self._fetch_all(orphans):
            yield Damage("version", row.id, "the snapshot it was read from is missing")
        hidden = select(version.c.id).outerjoin(search_doc, search_doc.c.version_id == version.c.id)
        for row in self._fetch_all(
            hidden.where(search_doc.c.id.is_(None), version.c.content_id.is_not(None))
        ):
            yield Damage("version", row.id, "is not in the search index")

    def _lost_newest(self) -> Iterator[Damage]:
        for column, table in ((page.c.snapshot_id, snapshot), (page.c.version_id, version)):
            lost = select(page.c.id).outerjoin(table, table.c.id == column)
            for row in self._fetch_all(lost.where(column.is_not(None), table.c.id.is_(None))):
                yield Damage("page", row.id, f"its newest {table.name} is missing")


_WHOLE = {
    "pages": IntegrityReads.damaged_pages,
    "redactions": IntegrityReads._redactions_left,
    "rows": IntegrityReads._damaged_rows,
    "newest": IntegrityReads._lost_newest,
    "chain": IntegrityReads.broken_links,
    "stamps": IntegrityReads.misplaced_stamps,
}
