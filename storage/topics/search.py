"""Full-text search over notices and versions.

Any phrases of one character or more, exact, newest first or by relevance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import func, select

from storage.db.index import search_index
from storage.db.index.looking import Held, Wanted, look_for
from storage.db.index.search_index import FOLDING
from storage.db.kept import fact_spans
from storage.db.session import among, among_given, written
from storage.db.tables import notice, page, search_doc, source, version
from storage.query import EVERYTHING, Hit, Query
from storage.records import Notice
from storage.text.asked.excerpt import excerpt
from storage.text.asked.relevance import Evidence, rank
from storage.text.fold import FOLD_VERSION, fold
from storage.topics import filters
from storage.topics.notices import NOTICES, NoticeReads
from storage.topics.operations import OperationWrites
from storage.topics.versions import VersionReads

MAX_WEIGHED_TEXTS, MAX_WEIGHED_TITLES = 500, 200
"""Relevance is weighed among so many of the newest documents, and so many of the newest titles.

Of those that hold the phrases, not of those that an index thinks may hold them: the order is a matter of what
is stored, and the same whatever the index is like.
"""

BATCH_DOCS = 200
"""Where all of them are written anew, so many documents, or texts of pages, are in one transaction."""

PACKED, FACTS, ALL = "texts packed", "facts packed", "all"
"""What an archive notes of texts and facts that are stored in few bytes: the last page, or all of them."""

FEW_NOTICES = 250  # notices that a filter leaves: their documents are looked at one by one

# a text speaks for all notices of its page, a title for its own
_SPOKEN_FOR = (search_doc.c.page_id == notice.c.page_id) & (
    func.coalesce(search_doc.c.notice_id, notice.c.id) == notice.c.id
)
_DOCS = (
    select(
        search_doc.c.id.label("doc"), search_doc.c.version_id.label("version"), notice.c.id.label("notice")
    )
    .select_from(search_doc)
    .join(notice, _SPOKEN_FOR)
)

_IS_CURRENT = (
    sa.exists()
    .where(
        version.c.id == search_doc.c.version_id,
        page.c.id == version.c.page_id,
        page.c.version_id == version.c.id,
    )
    .correlate(search_doc)
)

_OfNotice = TypeVar("_OfNotice", bound=Any)


@dataclass(frozen=True, slots=True)
class Portion:
    """How much of a work was done now, and how much is left."""

    now: int
    left: int


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a list was read, newest first: to this notice at this document."""

    doc: int
    notice: int


@dataclass(frozen=True, slots=True)
class _Question:
    wanted: Wanted
    after: int | None
    own: Sequence[Any]  # what is asked of a notice itself
    told: Sequence[Any]  # what is asked of its changes and facts
    few: frozenset[int] | None  # the notices that are left by these, if they are few


class SearchReads(NoticeReads, VersionReads):
    """Search for notices by what their titles and versions say."""

    def search(self, text: str, query: Query = EVERYTHING) -> list[Hit]:
        """Find notices of which a title or a version holds the phrases of the text (see storage.text.asked).

        Each comes with the newest version that holds them. ``query.after`` is the last notice already seen,
        ``query.limit`` the number of notices.

        By relevance, the newest ``MAX_WEIGHED_TEXTS`` documents that hold them and the newest
        ``MAX_WEIGHED_TITLES`` such titles are weighed; what lies behind them follows newest first.
        """
        own, told = filters.notice_conditions(query), filters.told_conditions(self._db, query)
        wanted = look_for(self._db, text, narrowed=bool(own or told))
        if not wanted.phrases:
            return []
        asked = _Question(wanted, query.after, own, told, self._few([*own, *told]))
        found = self._by_relevance(asked) if query.by_relevance else self._newest_first(asked)
        return self._hits(list(islice(found, query.limit)), wanted.phrases)

    def _few(self, conditions: Sequence[Any]) -> frozenset[int] | None:
        if not conditions:
            return None
        left = select(notice.c.id).join(source).where(*conditions).limit(FEW_NOTICES + 1)
        ids = frozenset(self._db.scalars(left))
        return ids if len(ids) <= FEW_NOTICES else None

    def _newest_first(self, asked: _Question) -> Iterator[Any]:
        after = asked.after
        if after is None:
            yield from self._walk(asked)
        elif (place := self._place(asked.wanted, after)) is not None:
            yield from self._walk(asked, place)

    def _by_relevance(self, asked: _Question) -> Iterator[Any]:
        after = asked.after
        pool, floor = self._pool(asked)
        order = rank(pool)
        weighed = [one.notice for one in order]
        if after is None:
            yield from order
        elif after in weighed:
            yield from order[weighed.index(after) + 1 :]
        if floor is None:
            return
        behind: _Place | None = _Place(floor, 0)
        if after is not None and after not in weighed:
            behind = self._place(asked.wanted, after)
        if behind is not None:
            known = set(weighed)
            yield from (row for row in self._walk(asked, behind) if row.notice not in known)

    def _pool(self, asked: _Question) -> tuple[list[Evidence], int | None]:
        """Return what is weighed, and the oldest of the newest documents if others lie behind it."""
        wanted, (speaking, _) = asked.wanted, self._speaking(asked)
        speaking = speaking.add_columns(_IS_CURRENT.label("current"))
        if asked.few is not None:
            rows = self._fetch_all(speaking)
            return _weighed(rows, wanted.held_among(self._db, {doc for doc, *_ in rows})), None
        newest = wanted.newest_held(self._db, MAX_WEIGHED_TEXTS)
        floor = newest[-1].doc if len(newest) == MAX_WEIGHED_TEXTS else None
        if floor is not None:
            newest += wanted.newest_titles_held(self._db, MAX_WEIGHED_TITLES)
        rows = self._fetch_all(speaking, {"docs": written(self._db, {one.doc for one in newest})})
        return _weighed(self._allowed(asked, rows), newest), floor

    def _walk(self, asked: _Question, behind: _Place | None = None) -> Iterator[Any]:
        """Yield each notice with the newest document that holds the phrases."""
        seen: set[int] = set()
        for row in self._rows(asked, behind):
            if row.notice in seen:
                continue
            seen.add(row.notice)
            if behind is None or (row.doc, row.notice) < (behind.doc, behind.notice):
                yield row

    def _rows(self, asked: _Question, behind: _Place | None) -> Iterator[Any]:
        """Yield rows as they are needed, newest first: more and more documents are looked at."""
        speaking, of = self._speaking(asked)
        found = speaking.where(*_holding(asked.wanted, behind, of))
        if asked.few is not None:
            yield from sorted(self._fetch_all(found), key=_newest)
            return
        before = None if behind is None else behind.doc + 1
        for docs in asked.wanted.batches(self._db, before, narrowed=bool(asked.own)):
            rows = self._fetch_all(found, {"docs": written(self._db, docs)})
            yield from sorted(self._allowed(asked, rows), key=_newest)

    def _speaking(self, asked: _Question) -> tuple[sa.Select[Any], sa.ColumnElement[int]]:
        """Select documents with the notices they speak for; returns the statement and its column of notices.

        Those given as ``docs``, or the documents of the few notices that the filters leave. What is asked of
        a notice itself comes before texts are read.
        """
        if asked.few is not None:
            return _DOCS.where(among(self._db, notice.c.id, asked.few)), notice.c.id
        found = _DOCS.where(among_given(self._db.dialect, search_doc.c.id, "docs"))
        if not asked.own:
            return found, notice.c.id
        found = found.join(source, source.c.id == notice.c.source_id).where(*asked.own)
        passing = found.cte("passing").prefix_with("MATERIALIZED")
        read = select(passing).join(search_doc, search_doc.c.id == passing.c.doc)
        return read, passing.c.notice

    def _allowed(self, asked: _Question, rows: Sequence[_OfNotice]) -> list[_OfNotice]:
        """Keep the rows whose notice the filters let through by its changes and facts.

        In a step of its own: all at once, PostgreSQL would rather begin with the facts of the whole archive.
        """
        if not asked.told or not rows:
            return list(rows)
        those = among(self._db, notice.c.id, {row.notice for row in rows})
        allowed = set(self._db.scalars(select(notice.c.id).join(source).where(those, *asked.told)))
        return [row for row in rows if row.notice in allowed]

    def _place(self, wanted: Wanted, after: int) -> _Place | None:
        newest = select(func.max(search_doc.c.id)).join(notice, _SPOKEN_FOR)
        doc = self._db.scalar(newest.where(notice.c.id == after, wanted.holds()))
        return None if doc is None else _Place(doc, after)

    def _hits(self, rows: Sequence[Any], phrases: Sequence[str]) -> list[Hit]:
        stated = NOTICES.where(among(self._db, notice.c.id, (row.notice for row in rows)))
        notices = {one.id: one for one in self._notices(stated)}
        said = self.texts_by_id(row.version for row in rows if row.version is not None)
        return [_hit(notices[row.notice], row.version, said.get(row.version), phrases) for row in rows]


def _weighed(rows: Iterable[Any], held: Iterable[Held]) -> list[Evidence]:
    """Say of documents and the notices they speak for how they hold the phrases, if they do."""
    by_doc = {one.doc: one for one in held}
    return [
        Evidence(doc, notice, version, one.times, one.length, bool(current))
        for doc, version, notice, current in rows
        if (one := by_doc.get(doc)) is not None
    ]


def _hit(found: Notice, version: int | None, said: tuple[str, str] | None, phrases: Sequence[str]) -> Hit:
    cut = excerpt((found.title,) if said is None else said, phrases)
    return Hit(found, version, cut.passage, cut.spans, cut.goes_on)


def _holding(
    wanted: Wanted, behind: _Place | None, of: sa.ColumnElement[int]
) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions that a document holds the phrases and that its notice was not shown before.

    It was, where a newer document of the notice ``of`` that lies behind the place holds them too.
    """
    yield wanted.holds()
    if behind is not None:
        yield search_doc.c.id <= behind.doc
        newer = search_doc.alias()
        later = (newer.c.page_id == search_doc.c.page_id) & (newer.c.id > behind.doc)
        own = func.coalesce(newer.c.notice_id, of) == of
        yield ~sa.exists().where(later, own, wanted.holds(newer)).correlate(search_doc, of.table)


def _newest(row: Any) -> tuple[int, int]:
    return -row.doc, -row.notice


class SearchWrites(OperationWrites, SearchReads):
    """Writing of the search index as a whole, part by part: killed in the midst of it, it goes on there."""

    def begin_reindex(self) -> None:
        """Empty the index, to be filled again, unless that was begun before."""
        if self.setting(FOLDING) != str(FOLD_VERSION):
            search_index.clear(self._db)
            self.note(FOLDING, str(FOLD_VERSION))

    def renew_index(self) -> None:
        """Fill the whole index again, and pack its texts, after the documents were moved here."""
        self.note(FOLDING, "")
        self.begin_reindex()
        while self.reindex().left:
            pass
        self.note(PACKED, "")
        while self.pack_texts().left:
            pass

    def reindex(self) -> Portion:
        """Fill a part of the index again."""
        docs = select(search_doc.c.id, search_doc.c.version_id, notice.c.title).outerjoin(
            notice, notice.c.id == search_doc.c.notice_id
        )
        docs = docs.where(search_doc.c.pending).order_by(search_doc.c.id).limit(BATCH_DOCS)
        rows = self._fetch_all(docs)
        folded: dict[int, str] = {}
        for row in rows:
            if row.version_id is None:
                folded[row.id] = fold(row.title)
            else:
                version = self.version(row.version_id)
                assert version is not None, "the foreign key says so"
                folded[row.id] = search_index.version_text(version)
        search_index.fill(self._db, folded)
        left = self._db.scalar(select(func.count()).where(search_doc.c.pending)) or 0
        if not left:
            search_index.complete(self._db)
            self.note("fold", str(FOLD_VERSION))
            self.note(FOLDING, "")
        return Portion(len(rows), left)

    def pack_facts(self) -> Portion:
        """Store the facts of some pages by their values, where an older kohyo stored them otherwise."""
        ids: Sequence[int] = ()
        left = 0
        if fact_spans.FORMER in sa.inspect(self._db).get_table_names():
            ids, left = self._next_pages(FACTS)
        for id in ids:
            fact_spans.take_over(self._db, id)
        if not left:
            self._db.execute(sa.text(f"DROP TABLE IF EXISTS {fact_spans.FORMER}"))
        self.note(FACTS, str(ids[-1]) if left else ALL)
        return Portion(len(ids), left)

    def pack_texts(self) -> Portion:
        """Store the texts of some pages in few bytes; of those that an older kohyo wrote, or PostgreSQL."""
        ids, left = self._next_pages(PACKED) if self._is_sqlite else ((), 0)
        for id in ids:
            search_index.pack_page(self._db, id)
        self.note(PACKED, str(ids[-1]) if left else ALL)
        return Portion(len(ids), left)

    def _next_pages(self, name: str) -> tuple[Sequence[int], int]:
        """Return the pages that are next behind the one that is noted, and how many are left behind them."""
        said = self.setting(name) or "0"
        if said == ALL:
            return (), 0
        pages = select(page.c.id).where(page.c.id > int(said)).order_by(page.c.id)
        ids = self._db.scalars(pages.limit(BATCH_DOCS)).all()
        left = self._db.scalar(select(func.count()).where(page.c.id > ids[-1])) if ids else 0
        return ids, left or 0
