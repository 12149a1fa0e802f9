"""Full-text search over notices and versions: any string of one character or more, exact, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from storage import filters, search_index
from storage.excerpt import excerpt
from storage.fold import FOLD_VERSION, fold
from storage.notices import NOTICES
from storage.operations import OperationReads, OperationWrites
from storage.query import EVERYTHING, Hit, Query
from storage.tables import notice, search_doc, setting

_FIRST_BATCH = 64
_FOUND = NOTICES.add_columns(search_doc.c.id.label("doc"), search_doc.c.version_id).join(
    search_doc,
    (search_doc.c.page_id == notice.c.page_id)
    & (search_doc.c.notice_id.is_(None) | (search_doc.c.notice_id == notice.c.id)),
)


class SearchReads(OperationReads):
    def search(self, text: str, query: Query = EVERYTHING) -> list[Hit]:
        """Notices in whose title or versions the text stands, each with its newest version that has it.
        ``query.after`` is the last notice already seen, ``query.limit`` the number of notices."""
        folded = fold(text)
        if not folded:
            return []
        rows: list[Row[Any]] = []
        seen: set[int] = set()
        passed = query.after is None
        for row in self._found(folded, query):
            if row.id in seen:
                continue
            seen.add(row.id)
            if passed:
                rows.append(row)
                if len(rows) == query.limit:
                    break
            elif row.id == query.after:
                passed = True
        notices = self._notices_of(rows)
        return [self._hit(row, found, folded) for row, found in zip(rows, notices, strict=True)]

    def _found(self, folded: str, query: Query) -> Iterator[Row[Any]]:
        """Documents and their notices, in growing batches: a frequent string costs no more than it must."""
        columns = _FOUND.where(*filters.notice_conditions(query))
        statement, order = search_index.newest_first(self._db, folded, columns)
        size, rows = _FIRST_BATCH, self._all(statement.limit(_FIRST_BATCH))
        while True:
            yield from rows
            if len(rows) < size:
                return
            # A page may stand for several notices: the last document, perhaps cut in two, comes again.
            size *= 4
            rows = self._all(statement.where(order <= rows[-1].doc).limit(size))

    def _hit(self, row: Row[Any], found: Any, folded: str) -> Hit:
        texts = [row.title]
        if row.version_id is not None and (version := self.version(row.version_id)) is not None:
            texts = [version.text, version.title]
        snippet, spans = excerpt(texts, folded)
        return Hit(notice=found, version=row.version_id, snippet=snippet, spans=spans)


class SearchWrites(SearchReads, OperationWrites):
    def reindex(self) -> None:
        """Fills the index again, after a change in how text is folded."""
        search_index.clear(self._db)
        titles = select(search_doc.c.id, search_doc.c.version_id, notice.c.title).outerjoin(
            notice, notice.c.id == search_doc.c.notice_id
        )
        for row in self._all(titles):
            if row.version_id is None:
                folded = fold(row.title)
            else:
                version = self.version(row.version_id)
                assert version is not None, "the foreign key says so"
                folded = search_index.version_text(version)
            search_index.fill(self._db, row.id, folded)
        stored = {"value": str(FOLD_VERSION)}
        insert = self._upsert(setting).values(name="fold", **stored)
        self._db.execute(insert.on_conflict_do_update(index_elements=["name"], set_=stored))
