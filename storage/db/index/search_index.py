"""The full-text index: threes of characters tell candidates, the folded text decides.

Words are not what Japanese is searched by. The folded text is cut into overlapping threes (漏えい, えい事,
…); a text can only hold a phrase if it has the phrase's threes. Phrases of one and two characters are what
threes begin with (see kept/grams.py).

SQLite: an FTS5 table without content and positions. It has a row for the texts of each page, to which a
version adds the threes that the one before it had not: so a page has whatever any of its versions has, and
those are looked at one by one. A title has a row of its own, of a negative number.
PostgreSQL: the grams of each document as an array of integers under a GIN index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.db.kept import grams, packing
from storage.db.prepared import Prepared, Values
from storage.db.session import among
from storage.db.tables import page, search_doc, setting, source, version
from storage.errors import Corrupt
from storage.records import Notice, Version
from storage.text.fold import fold

# The index as a table of statements. On SQLite the column named like the table stands for all columns.
FTS = sa.table(
    "search_index",
    sa.column("rowid", sa.BigInteger),
    sa.column("search_index", sa.Text),
    sa.column("grams", sa.Text),
)
GIN = sa.table(
    "search_index",
    sa.column("id", sa.BigInteger),
    sa.column("grams", sa.ARRAY(sa.Integer)),
)

FOLDING = "folding"
"""What an archive notes while the index is filled again: the FOLD_VERSION."""

_PAGES_TIDIED = 256  # of 4 KB that are written at the most, in some 25 milliseconds

_COUNTED_ROW = 0  # of no page and no title

BATCH_DOCS = 32
"""So many documents go into the index at once; those that wait are looked at by every search."""

_ADD_DOC = Prepared(
    search_doc.insert(),
    ["id", "page_id", "version_id", "notice_id", "folded", "base_id", "depth", "pending"],
)
_SQLITE_ADD = Prepared(FTS.insert(), ["rowid", "grams"])
_POSTGRES_ADD = Prepared(GIN.insert(), ["id", "grams"])
_SQLITE_REMOVE = sa.text(
    "INSERT INTO search_index (search_index, rowid, grams) VALUES ('delete', :id, :grams)"
)


def _next_id() -> Prepared:
    """Ask for the id of a new document, which follows time: the ``second``, or the next one that is free.

    So an index walked by id is in order of time. What comes at the same time is in the order it came, and so
    is what comes within the seconds after it that a burst of documents has taken. Ids are this small because
    FTS5 stores how far apart they are.

    A span of time is looked at that grows until something in it is free behind what it has.
    """
    second = bindparam("second", type_=sa.BigInteger)

    def last_of(span: ColumnElement[int]) -> ColumnElement[Any]:
        within = search_doc.c.id.between(second, second + span - 1)
        return select(func.max(search_doc.c.id)).where(within).scalar_subquery()

    spans = select(sa.literal(1).label("span"), last_of(sa.literal(1)).label("last")).cte(recursive=True)
    full = spans.c.last == second + spans.c.span - 1
    wider = spans.c.span * 4
    spans = spans.union_all(select(wider, last_of(wider)).where(full))
    free = func.coalesce(spans.c.last + 1, second).label("id")
    return Prepared(select(free).order_by(spans.c.span.desc()).limit(1))


_NEXT_ID = _next_id()
_SPEAKS_FOR = Prepared(
    select(func.coalesce(page.c.parent_id, page.c.id).label("page"), page.c.source_id, source.c.reference_doc)
    .join(source)
    .where(page.c.id == bindparam("page"))
)
_PUT_REFERENCE = Prepared(source.update().where(source.c.id == bindparam("row")), ["reference_doc"])


def add_version(db: Connection, new: Version) -> None:
    """Let a version's text be found, as a document of the page that it speaks for."""
    of = _SPEAKS_FOR.one(db, {"page": new.page})
    doc = {"page_id": of.page, "version_id": new.id, "id": _id_at(db, new.captured_at)}
    text = version_text(new)
    base = _choose_base(db, of, new.page, new.number, doc["id"], text)
    _ADD_DOC.all(db, {**doc, **_packed(db, text, base), "pending": True})


def replace_version(db: Connection, new: Version) -> None:
    """Put a version that was derived again in its old place; a redacted one does not come back."""
    _replace(db, search_doc.c.version_id == new.id, version_text(new))


def remove(db: Connection, versions: Iterable[int], notices: Iterable[int]) -> None:
    """Take versions, and titles of notices, out of the index, so that nothing of them lingers there.

    What a page had, lost and had again is in the index more than once. It is brought together first: FTS5
    may take out but the newest of it, as it brings parts of the index together.
    """
    forget(db)
    for version_id in versions:
        _remove(db, search_doc.c.version_id == version_id)
    for notice_id in notices:
        _remove(db, search_doc.c.notice_id == notice_id)
    forget(db)


def add_title(db: Connection, new: Notice) -> None:
    """Let a notice's title be found, as a document of the notice alone."""
    doc = {"page_id": new.page, "notice_id": new.id, "id": _id_at(db, new.first_seen)}
    _ADD_DOC.all(db, {**doc, **_packed(db, fold(new.title), None), "pending": True})


def replace_title(db: Connection, new: Notice) -> None:
    """Index a notice again that has another title, or is on another page.

    Where the title was redacted, the new one is added anew.
    """
    if not _replace(db, search_doc.c.notice_id == new.id, fold(new.title), page_id=new.page):
        add_title(db, new)


def version_text(of: Version) -> str:
    """Return what can be found of a version, folded: title and text, apart."""
    return fold(of.title) + grams.APART + fold(of.text)


def make(db: Connection) -> None:
    """Make an empty index."""
    if db.dialect.name == "sqlite":
        # Folded texts hold no white space, so whatever else there is belongs to a word.
        other = "".join(chr(code) for code in range(1, 128) if code != 32 and not chr(code).isalnum())
        words = "ascii tokenchars '{}'".format(other.replace("'", "''")).replace('"', '""')
        db.exec_driver_sql(
            "CREATE VIRTUAL TABLE search_index USING fts5(grams, content='', detail=none, columnsize=0,"
            f' tokenize="{words}")'
        )
    else:
        db.exec_driver_sql("CREATE TABLE search_index (id bigint PRIMARY KEY, grams integer[] NOT NULL)")
        # as on SQLite: looking at a text takes half as long again where it is decompressed first
        db.exec_driver_sql("ALTER TABLE search_doc ALTER COLUMN folded SET STORAGE EXTERNAL")
        complete(db)


def clear(db: Connection) -> None:
    """Empty the index, to be filled again: every document waits for it."""
    db.execute(search_doc.update().values(pending=True))
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    else:
        db.exec_driver_sql("TRUNCATE search_index")
        db.exec_driver_sql("DROP INDEX IF EXISTS ix_search_index_grams")


def complete(db: Connection) -> None:
    """Finish an index that was filled again.

    Of 100,000 versions PostgreSQL makes an index in half a minute, and takes a quarter of an hour to add one
    after the other.
    """
    if db.dialect.name == "postgresql":
        # without fastupdate no search has to wade through a list of what is not yet indexed
        db.exec_driver_sql(
            "CREATE INDEX IF NOT EXISTS ix_search_index_grams ON search_index"
            " USING gin (grams) WITH (fastupdate = off)"
        )


def forget(db: Connection) -> None:
    """Let nothing of what was removed linger in the index."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")


def fill(db: Connection, folded: Mapping[int, str]) -> None:
    """Put back documents that clear() took out, each with its text."""
    for doc, text in folded.items():
        _write(db, doc, text)
    _index(db, [_STORED.one(db, {"id": doc}) for doc in folded])
    db.execute(search_doc.update().where(among(db, search_doc.c.id, folded)).values(pending=False))


def pack_page(db: Connection, page_id: int) -> None:
    """Store the texts of a page in few bytes that were stored as they are."""
    of = _SPEAKS_FOR.one(db, {"page": page_id})
    docs = _READ.add_columns(version.c.number).join(version).where(version.c.page_id == page_id)
    for doc in db.execute(docs.order_by(version.c.number)).all():
        base = _choose_base(db, of, page_id, doc.number, doc.id, doc.text)
        db.execute(search_doc.update().where(search_doc.c.id == doc.id).values(_packed(db, doc.text, base)))


def catch_up(db: Connection, at_least: int = BATCH_DOCS) -> None:
    """Put documents that wait for it into the index, where there are so many.

    Not while the whole index is filled again: those that wait for that are to be folded anew.
    """
    if _HOW_MANY_WAIT.scalar(db, {}) < at_least or _IS_FOLDED.scalar(db, {}):
        return
    while waiting := _WAITING.all(db, {}):
        _index(db, waiting)
        done = search_doc.c.pending & (search_doc.c.id <= waiting[-1].id)
        db.execute(search_doc.update().where(done).values(pending=False))


def damages(db: Connection, first: int, last: int) -> Iterator[tuple[str, int]]:
    """Yield the texts that can no longer be restored: ``version`` or ``notice``, and which.

    Of documents from one id to another.
    """
    if db.dialect.name != "sqlite":
        return  # which stores them as they are
    columns = search_doc.c.version_id, search_doc.c.notice_id
    texts = select(*columns, *stored_columns(search_doc)).where(search_doc.c.id.between(first, last))
    for row in db.execute(texts.order_by(search_doc.c.id).execution_options(yield_per=256)):
        try:
            packing.restore(*row[2:])
        except Corrupt:
            yield ("version", row.version_id) if row.notice_id is None else ("notice", row.notice_id)


def _id_at(db: Connection, at: datetime) -> int:
    """Return the id of a new document of that time."""
    id: int = _NEXT_ID.scalar(db, {"second": int(at.timestamp())})
    return id


def _index(db: Connection, docs: Sequence[Any]) -> None:
    """Put documents into the index, rows of ``_READ``."""
    if db.dialect.name != "sqlite":
        made = ((doc.id, grams.numbers(doc.text, title=doc.notice_id is not None)) for doc in docs)
        _POSTGRES_ADD.many(db, ({"id": id, "grams": grams.signed(those)} for id, those in made))
        return
    rows: defaultdict[int, set[str]] = defaultdict(set)
    now = {doc.id for doc in docs}
    for doc in docs:
        new = grams.threes(doc.text)
        before: Any = _BEFORE.one(db, {"id": doc.id}) if doc.notice_id is None else None
        if before is not None and before.page_id == doc.page_id and (before.id in now or not before.pending):
            new -= grams.threes(before.text)
        rows[_row(doc)] |= new
    # In order, or FTS5 writes what it has whenever a number is smaller than the one before.
    _SQLITE_ADD.many(db, ({"rowid": row, "grams": " ".join(rows[row])} for row in sorted(rows)))
    _tidy(db)


def _tidy(db: Connection) -> None:
    """Bring parts of the index together that were written one after the other, as far as is soon done.

    Each batch is a part with words of its own, and FTS5 brings four of a size together at the earliest. In
    pairs they take a tenth less, and a search has fewer of them to look into.
    """
    for option, value in (("usermerge", 2), ("merge", _PAGES_TIDIED)):
        db.exec_driver_sql("INSERT INTO search_index (search_index, rank) VALUES (?, ?)", (option, value))


def _row(doc: Any) -> int:
    """Return the row of SQLite's index that a document stands in: of its page, or a title its own."""
    row: int = doc.page_id if doc.notice_id is None else -doc.id
    return row


def _unindex(db: Connection, doc: Any) -> None:
    """Take out of the index what a document has, but for what others of its page have.

    Also where it still waits: another that was taken out may have left there what both have.
    """
    if db.dialect.name != "sqlite":
        db.execute(sa.delete(GIN).where(GIN.c.id == doc.id))
        return
    gone = grams.threes(doc.text)
    if doc.notice_id is None:
        for other in _OTHERS.rows(db, {"page": doc.page_id, "id": doc.id}):
            gone = grams.lacks(other.text, gone)
    # FTS5 counts what it has: so that it never takes out more than that, as much is put in first. Not the
    # same, since of what is in it twice it may take out but one.
    _SQLITE_ADD.all(db, {"rowid": _COUNTED_ROW, "grams": " ".join([grams.APART] * len(gone))})
    db.execute(_SQLITE_REMOVE, {"id": _row(doc), "grams": " ".join(gone)})


def _choose_base(db: Connection, of: Any, page_id: int, number: int, doc: int, text: str) -> Any:
    """Return the document that a version's text resembles most: of the version before, or of its source.

    The first of a source is what the others are likened to; ``of``: the row of the page it speaks for.
    """
    if db.dialect.name != "sqlite":
        return None
    base = _DOC.one(db, {"page": page_id, "number": number - 1}) if number > 1 else None
    if base is not None and base.depth >= packing.MAX_DEPTH:
        base = _STORED.one(db, {"id": base.base_id})
    if base is None and of.reference_doc not in (None, doc):
        base = _STORED.one(db, {"id": of.reference_doc})
    elif base is None and len(text) >= _REFERENCE_CHARS:
        _PUT_REFERENCE.all(db, {"row": of.source_id, "reference_doc": doc})
    return base


def _packed(db: Connection, text: str, base: Any) -> Values:
    """Return the columns that hold a text; ``base``: a stored document that it resembles, or None."""
    if db.dialect.name != "sqlite":
        return {"folded": text, "base_id": None, "depth": 0}
    data, close = packing.pack(text.encode(), None if base is None else base.text.encode())
    return {"folded": data, "base_id": base.id if close else None, "depth": base.depth + 1 if close else 0}


def _write(db: Connection, doc: int, text: str) -> None:
    """Write another text of a document, and anew what is stored as its difference from the one until now."""
    stored = _STORED.one(db, {"id": doc})
    if stored.text == text:
        return
    built = _built_upon(db, stored)
    base = None if stored.base_id is None else _STORED.one(db, {"id": stored.base_id})
    db.execute(search_doc.update().where(search_doc.c.id == doc).values(_packed(db, text, base)))
    renewed = _STORED.one(db, {"id": doc})
    for one in built:
        db.execute(
            search_doc.update().where(search_doc.c.id == one.id).values(_packed(db, one.text, renewed))
        )


def _built_upon(db: Connection, base: Any) -> Sequence[Any]:
    """Return the documents that are stored as their difference from one: of its page, or of its source."""
    if db.dialect.name != "sqlite":
        return ()
    refers = select(source.c.id).where(source.c.reference_doc == base.id)
    near = search_doc.c.page_id == base.page_id
    if db.scalar(refers) is not None:
        near = sa.true()
    return db.execute(_READ.where(search_doc.c.base_id == base.id, near)).all()


def _replace(db: Connection, which: ColumnElement[bool], text: str, **values: Any) -> bool:
    """Tell whether there was something to replace."""
    doc = db.execute(_READ.where(which)).first()
    if doc is None:
        return False
    if doc.text == text and not values:
        return True
    _unindex(db, doc)
    _write(db, doc.id, text)
    db.execute(search_doc.update().where(search_doc.c.id == doc.id).values(pending=True, **values))
    return True


def _remove(db: Connection, which: ColumnElement[bool]) -> None:
    doc = db.execute(_READ.where(which)).first()
    if doc is None:  # it was redacted
        return
    _unindex(db, doc)
    for one in _built_upon(db, doc):
        db.execute(search_doc.update().where(search_doc.c.id == one.id).values(_packed(db, one.text, None)))
    db.execute(source.update().where(source.c.reference_doc == doc.id).values(reference_doc=None))
    db.execute(search_doc.delete().where(search_doc.c.id == doc.id))


# --- texts as they are stored -----------------------------------------------------------------


@lru_cache(8)
def stored_columns(of: Any) -> tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]:
    """Return a document's text as it is stored on SQLite, that of its base, and that of its base's base."""
    base, root = search_doc.alias(), search_doc.alias()
    found = select(base.c.folded).where(base.c.id == of.c.base_id).correlate(of).scalar_subquery()
    below = select(root.c.folded).join_from(base, root, root.c.id == base.c.base_id)
    return of.c.folded, found, below.where(base.c.id == of.c.base_id).correlate(of).scalar_subquery()


class text_of(FunctionElement[str]):
    """The folded text of a document."""

    type = sa.Text()
    inherit_cache = True

    def __init__(self, of: Any = search_doc) -> None:
        super().__init__(*stored_columns(of))


@compiles(text_of, "sqlite")
def _unpacked(element: text_of, compiler: Any, **kw: Any) -> str:
    return f"text_of({compiler.process(element.clauses, **kw)})"


@compiles(text_of, "postgresql")
def _plain(element: text_of, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses.clauses[0], **kw))


_READ = select(
    search_doc.c.id,
    search_doc.c.page_id,
    search_doc.c.notice_id,
    search_doc.c.base_id,
    search_doc.c.depth,
    search_doc.c.pending,
    text_of().label("text"),
)
WHOLE = select(
    *(search_doc.c[name] for name in ("id", "page_id", "version_id", "notice_id")),
    text_of().label("folded"),
    sa.null().label("base_id"),
    sa.literal(0).label("depth"),
    sa.true().label("pending"),
)
"""Every document as it is moved: with its text, and with nothing of how that is stored."""

_STORED = Prepared(_READ.where(search_doc.c.id == bindparam("id")))
_WAITING = Prepared(_READ.where(search_doc.c.pending).order_by(search_doc.c.id).limit(8 * BATCH_DOCS))
_IS_FOLDED = Prepared(select(setting.c.value).where(setting.c.name == FOLDING))
_HOW_MANY_WAIT = Prepared(select(func.count().label("docs")).where(search_doc.c.pending))
_DOC = Prepared(
    _READ.join(version, version.c.id == search_doc.c.version_id).where(
        version.c.page_id == bindparam("page"), version.c.number == bindparam("number")
    )
)
_before, _of, _doc = version.alias(), version.alias(), search_doc.alias()
_BEFORE = Prepared(  # the text of the version before
    _READ.join(_before, _before.c.id == search_doc.c.version_id)
    .join(_of, (_of.c.page_id == _before.c.page_id) & (_of.c.number == _before.c.number + 1))
    .where(
        _of.c.id
        == select(_doc.c.version_id).where(_doc.c.id == bindparam("id")).correlate(None).scalar_subquery()
    )
)
_OTHERS = Prepared(  # texts of the same page, and of what hangs on it
    select(text_of().label("text")).where(
        search_doc.c.page_id == bindparam("page"),
        search_doc.c.version_id.is_not(None),
        search_doc.c.id != bindparam("id"),
    )
)
_REFERENCE_CHARS = 200
"""A shorter text has little to say that others of its source might say as well."""
