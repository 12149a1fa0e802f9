"""What is asked of the full-text index: which documents may hold phrases, and how they are looked at."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CTE, ColumnElement, CompoundSelect, Select, bindparam, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.db.index.search_index import FTS, GIN, stored_columns
from storage.db.kept import grams, packing
from storage.db.prepared import Prepared
from storage.db.session import among_given, written
from storage.db.tables import page, search_doc, version
from storage.text.asked.phrases import phrases

_ASKED_GRAMS, _ASKED_GRAMS_OF_TITLES = 12, 4
"""Grams of phrases that candidates are told by. More of them leave hardly fewer, least of all of titles,
which are short."""

_PROBED_GRAMS = 40  # grams of long phrases of which it is asked how rare they are

_FIRST_BATCH_DOCS, _LARGEST_BATCH_DOCS = 64, 2_048

_SAMPLE_DOCS = 100  # newest documents
_FREQUENT_SHARE, _FREQUENT_SHARE_OF_FEWER = 0.1, 0.3  # of them, above which phrases are frequent
_TITLES_WALKED = 4  # times as many as are wanted
_CANDIDATES_READ = 100  # candidates, to tell how many of them hold the phrases

_MAX_POSITION = 0x7FFFFFFF

_FEW_PAGES = 1_000
"""So many pages are gathered for a search before it is begun; where there are more, documents are walked."""

_NTH_NEWEST = Prepared(
    select(FTS.c.rowid)
    .where(FTS.c.search_index.op("MATCH")(bindparam("match")))
    .order_by(FTS.c.rowid.desc())
    .limit(1)
    .offset(50)
)
_some = (
    select(FTS.c.rowid.label("id"))
    .where(FTS.c.search_index.op("MATCH")(bindparam("match")), FTS.c.rowid > 0)
    .limit(bindparam("most"))
    .subquery()
)
_PAGES = Prepared(  # as JSON in one row, since mostly they are given to another question as they are
    select(func.count().label("pages"), func.json_group_array(_some.c.id).label("ids"))
)
_HOW_MANY_PAGES = Prepared(
    select(func.count().label("pages")).where(
        FTS.c.search_index.op("MATCH")(bindparam("match")), FTS.c.rowid > 0
    )
)


class _position(FunctionElement[int]):
    """Where in a text another begins, from 1; 0 where it does not stand in it."""

    type = sa.Integer()
    inherit_cache = True


@compiles(_position, "postgresql")
def _strpos(element: _position, compiler: Any, **kw: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **kw)})"


@dataclass(frozen=True, slots=True)
class Held:
    """A document that holds each phrase so many ``times`` in ``length`` characters."""

    doc: int
    times: tuple[int, ...]
    length: int


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages that are told by the index: how many, and which, as JSON."""

    number: int
    ids: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Folded phrases that are looked for.

    ``numbers``: what a document must have to be looked at, on PostgreSQL; ``words``: likewise a page, on
    SQLite. ``pages``: those that have them, unless there are many. ``frequent``: so many documents hold them
    that looking at one after the other soon finds enough.
    """

    phrases: tuple[str, ...]
    sqlite: bool
    numbers: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    pages: Pages | None = None
    frequent: bool = False

    def holds(self, of: Any = search_doc) -> ColumnElement[bool]:
        """Make the condition that a document holds every phrase; none holds what folds to nothing."""
        if self.sqlite and self.phrases:
            return func.text_holds(*stored_columns(of), *self.phrases) == 1
        # As a range, of which PostgreSQL expects few: of all above a bound it expects a third, and would
        # gather the notices of the whole archive to go with them.
        held = [_position(of.c.folded, phrase).between(1, _MAX_POSITION) for phrase in self.phrases]
        return sa.and_(*held) if held else sa.false()

    def within(self, of: Any = search_doc) -> ColumnElement[bool]:
        """Make the condition that a document may hold the phrases, where rows are looked at one by one.

        Told by its page, without its text.
        """
        if self.pages is not None:
            indexed = of.c.page_id.in_(_listed(self.pages))
        elif self.longest > 2:
            indexed = of.c.page_id.in_(select(FTS.c.rowid).where(_match(self.words), FTS.c.rowid > 0))
        else:
            return sa.true()
        return sa.or_(of.c.notice_id.is_not(None), of.c.pending, indexed)

    def documents(self) -> CTE:
        """Select all documents that hold the phrases, looked up once however often they are asked for."""
        found = select(search_doc.c.page_id, search_doc.c.version_id, search_doc.c.notice_id)
        found = found.where(self.holds())
        if self.phrases:
            found = found.where(search_doc.c.id.in_(self.candidates()))
        return found.cte().prefix_with("MATERIALIZED")

    def batches(
        self, db: Connection, before: int | None = None, *, narrowed: bool = False
    ) -> Iterator[Sequence[int]]:
        """Yield ids of documents to look at, newest first, of those before an id, in growing batches.

        ``narrowed``: filters let few of them through, before their texts are read.
        """
        parts = [_newest_first(select(search_doc.c.id), before)] if self._walks else self._parts(before)
        yield from _in_batches(db, parts, _FIRST_BATCH_DOCS * (4 if narrowed else 1))

    def newest_held(self, db: Connection, limit: int) -> list[Held]:
        """Read the newest documents that hold the phrases, newest first."""
        return list(islice(self._held(db, self.batches(db)), limit))

    def newest_titles_held(self, db: Connection, limit: int) -> list[Held]:
        """Read the newest titles that hold the phrases, newest first.

        What begins with a frequent character the index gathers for long: most often, some titles tell. Where
        it goes on in very many ways, to look at all titles takes less time.
        """
        if self._walks:
            titles = _newest_first(select(search_doc.c.id).where(search_doc.c.notice_id.is_not(None)))
            if self.longest == 1 and grams.goes_on_in_many_ways(self.words[0]):
                plain = [func.instr(search_doc.c.folded, phrase) > 0 for phrase in self.phrases]
                packed = func.typeof(search_doc.c.folded) != "text"
                titles = titles.where(sa.or_(packed, sa.and_(*plain)))
                return list(islice(self._held(db, _in_batches(db, [titles], limit)), limit))
            some = [row.id for row in db.execute(titles.limit(_TITLES_WALKED * limit))]
            found = list(islice(self._held(db, [some]), limit))
            if len(found) == limit:
                return found
        return list(islice(self._held(db, _in_batches(db, self._parts(titles=True), limit)), limit))

    def held_among(self, db: Connection, docs: Iterable[int]) -> list[Held]:
        """Read which of some documents hold the phrases, newest first."""
        return list(self._held(db, [[*docs]]))

    def _held(self, db: Connection, batches: Iterable[Sequence[int]]) -> Iterator[Held]:
        """Read documents, newest first, and yield those that hold the phrases."""
        texts: Any
        if self.sqlite:
            base, root = search_doc.alias(), search_doc.alias()
            texts = select(search_doc.c.id, search_doc.c.folded, base.c.folded, root.c.folded)
            texts = texts.outerjoin_from(search_doc, base, base.c.id == search_doc.c.base_id)
            texts = texts.outerjoin(root, root.c.id == base.c.base_id)
        else:  # no other text is sent
            texts = select(search_doc.c.id, search_doc.c.folded).where(self.holds())
        texts = texts.where(among_given(db.dialect, search_doc.c.id, "docs")).order_by(search_doc.c.id.desc())
        for docs in batches:
            given = {"docs": written(db, docs)}
            with db.execute(texts, given, execution_options={"yield_per": _FIRST_BATCH_DOCS}) as rows:
                for id, *stored in rows:
                    folded = stored[0]
                    if not isinstance(folded, str):
                        if not packing.holds(*stored, *self.phrases):
                            continue
                        folded = packing.read(*stored).decode()
                    times = tuple(map(folded.count, self.phrases))
                    if all(times):
                        yield Held(id, times, len(folded))

    def newest(self, limit: int) -> Select[tuple[int]]:
        """Select ids of the newest documents that may hold the phrases, newest first."""
        if self._walks and self.longest < 2:
            walked = _newest_first(select(search_doc.c.id)).limit(limit)
            return walked.where(self.holds()) if self.sqlite else walked
        parts = [part.limit(limit).subquery() for part in self._parts()]
        either = sa.union_all(*(select(part.c.id) for part in parts)).subquery()
        return select(either.c.id).order_by(either.c.id.desc()).limit(limit)

    @property
    def _walks(self) -> bool:
        """Whether one document after the other is looked at: to gather all candidates would take longer.

        On SQLite that is so of the many words that begin with one or two frequent characters.
        """
        return self.frequent and self.pages is None and self.longest < 3

    @property
    def longest(self) -> int:
        """Characters of the longest word that SQLite is asked for; 0 on PostgreSQL."""
        return max(map(len, self.words), default=0)

    def candidates(self) -> CompoundSelect[tuple[int]]:
        """Select ids of all documents that may hold the phrases."""
        return sa.union_all(*(part.order_by(None) for part in self._parts()))

    def _parts(self, before: int | None = None, *, titles: bool = False) -> list[Select[tuple[int]]]:
        """Select them in parts, each newest first: what the index tells, and what is not in it yet."""
        waiting = _newest_first(_PENDING, before)
        if titles:
            waiting = waiting.where(search_doc.c.notice_id.is_not(None))
        if not self.sqlite:
            asked = (grams.TITLE_GRAM, *self.numbers[:_ASKED_GRAMS_OF_TITLES]) if titles else self.numbers
            # Materialised, or the planner would rather walk the whole archive for a rare string.
            indexed = select(_having(asked).cte().prefix_with("MATERIALIZED").c.id)
            return [_newest_first(indexed, before), waiting]
        own = select((-FTS.c.rowid).label("id")).order_by(FTS.c.rowid)
        few = self.words[: 1 if self._walks else _ASKED_GRAMS_OF_TITLES]
        own = own.where(_match(few if titles else self.words))
        own = own.where(FTS.c.rowid < 0 if before is None else FTS.c.rowid.between(1 - before, -1))
        return [own, waiting] if titles else [self._texts(before), own, waiting]

    def _texts(self, before: int | None) -> Select[tuple[int]]:
        """Select the texts of pages that have all words."""
        texts = select(search_doc.c.id).where(search_doc.c.version_id.is_not(None), ~search_doc.c.pending)
        if self.pages is None:  # not by the index of pages: so they come in order, as they are asked for
            pages = select(FTS.c.rowid).where(_match(self.words), FTS.c.rowid > 0)
            return _newest_first(texts.where((search_doc.c.page_id + 0).in_(pages)), before)
        return _newest_first(texts.where(search_doc.c.page_id.in_(_listed(self.pages))), before)


def _listed(pages: Pages) -> Select[tuple[int]]:
    return select(func.json_each(pages.ids).table_valued("value").c.value)


def look_for(db: Connection, text: str, *, rows: bool = False, narrowed: bool = False) -> Wanted:
    """Prepare a search for the phrases of a text.

    ``rows``: rows are searched that are in another order than documents. ``narrowed``: filters let few
    documents through, so that phrases must be the more frequent for enough to be soon found.
    """
    asked = phrases(text)
    if not asked:
        return Wanted(asked, db.dialect.name == "sqlite")
    if db.dialect.name == "sqlite":
        wanted = Wanted(asked, True, words=_telling(db, asked))
    else:
        threes, shorter = grams.numbers_of(asked)
        wanted = Wanted(asked, False, numbers=(*threes[:_PROBED_GRAMS], *shorter))
    if wanted.longest > 1:  # of frequent characters it would take long
        wanted = replace(wanted, pages=_few_pages(db, wanted.words))
    share = _FREQUENT_SHARE_OF_FEWER if narrowed else _FREQUENT_SHARE
    few = wanted.pages is not None
    often = not few and (rows or wanted.longest < 3) and _is_often_new(db, wanted, share)
    if wanted.longest == 1 and not often:
        wanted = replace(wanted, pages=_few_pages(db, wanted.words))
    return replace(wanted, frequent=often or (rows and _is_held_by_many(db, wanted)))


def _telling(db: Connection, asked: Sequence[str]) -> tuple[str, ...]:
    """Choose the words by which SQLite finds pages.

    Of long phrases some threes are enough; what a short one has is asked in any case.
    """
    threes, shorter = grams.beginnings(asked)
    if len(threes) + len(shorter) <= _ASKED_GRAMS:
        return *threes, *shorter
    step = len(threes) // _PROBED_GRAMS + 1
    probed = [(_nth_newest(db, three), three) for three in threes[::step]]
    # those of which the last few lie furthest back; FTS5 tells that without counting
    chosen = [three for _, three in sorted(probed)[: max(1, _ASKED_GRAMS - len(shorter))]]
    return *chosen, *shorter[:_ASKED_GRAMS]


def _few_pages(db: Connection, words: Sequence[str]) -> Pages | None:
    """Return the pages that have all words, or None where there are many."""
    found = _PAGES.one(db, {"match": grams.match(words), "most": _FEW_PAGES + 1})
    return Pages(found.pages, found.ids) if found.pages <= _FEW_PAGES else None


def _nth_newest(db: Connection, three: str) -> int:
    return _NTH_NEWEST.scalar(db, {"match": grams.match([three])}) or 0


def _is_often_new(db: Connection, wanted: Wanted, share: float) -> bool:
    """Tell whether more than this share of the newest texts hold the phrases.

    What most texts hold would be counted too long; the newest tell as much.
    """
    newest = select(search_doc.c.folded, search_doc.c.base_id).order_by(search_doc.c.id.desc())
    sample = newest.limit(_SAMPLE_DOCS).subquery()
    held = select(func.count()).select_from(sample).where(wanted.holds(sample))
    return (db.scalar(held) or 0) > share * _SAMPLE_DOCS


def _is_held_by_many(db: Connection, wanted: Wanted) -> bool:
    """Tell whether walking the rows finds a hundred sooner than gathering all that hold the phrases.

    Walking takes so many times a hundred as there are versions to one that holds them, and a fourth of the
    time where few of those have to be read; gathering looks at each candidate. How many of the candidates
    hold them, the newest of them tell.
    """
    versions: int = db.scalar(select(func.max(version.c.id))) or 0
    if wanted.sqlite:
        pages: int = db.scalar(select(func.max(page.c.id))) or 1
        found = _count_pages(db, wanted) * versions // pages
        newest = wanted.newest(_CANDIDATES_READ).cte("newest").prefix_with("MATERIALIZED")
    else:
        candidates = wanted.candidates().cte("candidates").prefix_with("MATERIALIZED")
        (id,) = candidates.c
        found = db.scalar(select(func.count()).select_from(candidates)) or 0
        newest = (
            select(id).order_by(id.desc()).limit(_CANDIDATES_READ).cte("newest").prefix_with("MATERIALIZED")
        )
    held = select(func.count()).where(search_doc.c.id.in_(select(newest.c[0])), wanted.holds())
    number = select(func.count()).select_from(newest).scalar_subquery()
    read, hits = db.execute(select(number, held.scalar_subquery())).one()
    holding = found * hits // max(1, read)
    return bool(found * holding > (25 if wanted.longest > 2 else 100) * versions)


def _count_pages(db: Connection, wanted: Wanted) -> int:
    if wanted.pages is not None:
        return wanted.pages.number
    counted: int = _HOW_MANY_PAGES.scalar(db, {"match": grams.match(wanted.words)})
    return counted


_PENDING: Select[tuple[int]] = select(search_doc.c.id).where(search_doc.c.pending)


def _newest_first(ids: Select[tuple[int]], before: int | None = None) -> Select[tuple[int]]:
    (id,) = ids.selected_columns
    return (ids if before is None else ids.where(id < before)).order_by(id.desc())


def _in_batches(db: Connection, parts: Iterable[Select[tuple[int]]], size: int) -> Iterator[Sequence[int]]:
    """Yield what is selected in parts, each newest first, as one, in growing batches."""
    with ExitStack() as stack:
        options = {"yield_per": _FIRST_BATCH_DOCS}
        found = [stack.enter_context(db.execute(part, execution_options=options)) for part in parts]
        each: list[Any] = [result.scalars() for result in found]
        ids: Iterator[int] = heapq.merge(*each, reverse=True)
        while batch := list(islice(ids, size)):
            yield batch
            size = min(2 * size, _LARGEST_BATCH_DOCS)


def _match(words: Iterable[str]) -> ColumnElement[bool]:
    return FTS.c.search_index.op("MATCH")(grams.match(words))


def _having(numbers: Iterable[int]) -> Select[tuple[int]]:
    return select(GIN.c.id).where(
        GIN.c.grams.bool_op("@>")(sa.literal(grams.signed(numbers), sa.ARRAY(sa.Integer)))
    )
