"""Snapshots, the versions read from them, and the facts in those."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select

from storage.db import blobs, codec
from storage.db.columns import storable
from storage.db.index import search_index
from storage.db.kept import contents, fact_spans
from storage.db.kept.contents import Content
from storage.db.prepared import Prepared, Values
from storage.db.session import among
from storage.db.tables import fact_span, fact_value, page, page_past, snapshot, source, version
from storage.errors import NotFound
from storage.query import ListedRow
from storage.records import Block, Fact, Page, Recipe, Row, Snapshot, Version, VersionHead
from storage.text.fold import fold
from storage.text.wording import TOMBSTONE, wording
from storage.topics.pages import PageReads

PRUNED = "［保存期間の経過により原本を削除］"
"""Stands in place of bytes that were pruned; their digest and headers are kept."""

_SNAPSHOT = Prepared(select(snapshot).where(snapshot.c.id == bindparam("id")))
_READ_VERSION = select(version, snapshot.c.sha256).outerjoin(snapshot, snapshot.c.id == version.c.snapshot_id)
_VERSION = Prepared(_READ_VERSION.where(version.c.id == bindparam("id")))
_VERSIONS = Prepared(_READ_VERSION.where(version.c.page_id == bindparam("page")).order_by(version.c.number))
_HISTORY = Prepared(
    select(
        version.c.id,
        version.c.number,
        version.c.snapshot_id,
        version.c.captured_at,
        version.c.title,
        version.c.updated,
        snapshot.c.sha256,
    )
    .outerjoin(snapshot, snapshot.c.id == version.c.snapshot_id)
    .where(version.c.page_id == bindparam("page"))
    .order_by(version.c.number)
)
_KEYS = Prepared(
    select(version.c.id, version.c.key)
    .where(version.c.page_id == bindparam("page"))
    .order_by(version.c.number)
)
_LAST_BLOB = Prepared(  # of the newest snapshot of a page that still has its bytes
    select(snapshot.c.blob_id)
    .where(snapshot.c.page_id == bindparam("page"), snapshot.c.blob_id.is_not(None))
    .order_by(snapshot.c.id.desc())
    .limit(1)
)
_REFERENCE = Prepared(
    select(source.c.id, source.c.reference_blob, page.c.role).join(page).where(page.c.id == bindparam("page"))
)
_PUT_REFERENCE = Prepared(source.update().where(source.c.id == bindparam("row")), ["reference_blob"])
_SAID = (
    "snapshot_id",
    "captured_at",
    "title",
    "published",
    "updated",
    "key",
    "shape",
    "encoding",
    "replaced",
)
_RENEW = Prepared(version.update().where(version.c.id == bindparam("row")), [*_SAID, "recipe", "content_id"])
_DROP_PAST = Prepared(page_past.delete().where(page_past.c.page_id == bindparam("page")))
_ADD_PAST = Prepared(page_past.insert(), ["page_id", "blocks"])
_PUT_RECIPE = Prepared(version.update().where(version.c.id == bindparam("row")), ["recipe"])
_LAST_VERSION = Prepared(
    select(version.c.number, version.c.content_id)
    .where(version.c.page_id == bindparam("page"))
    .order_by(version.c.number.desc())
    .limit(1)
)
_PAST = Prepared(select(page_past.c.blocks).where(page_past.c.page_id == bindparam("page")))
_BODY = Prepared(
    select(snapshot.c.blob_id, snapshot.c.size, page.c.role)
    .join(page)
    .where(snapshot.c.id == bindparam("id"))
)
_MAX_BODY_BYTES = 200_000  # larger ones take longer to restore than what they save is worth
_DIGEST = Prepared(select(snapshot.c.sha256).where(snapshot.c.id == bindparam("id")))
_STANDS = Prepared(
    select(
        version.c.page_id, version.c.number, version.c.content_id, *(version.c[name] for name in _SAID)
    ).where(version.c.id == bindparam("id"))
)
_REDACTED_ID = Prepared(
    select(version.c.id).where(version.c.id == bindparam("id"), version.c.content_id.is_(None))
)
_BEFORE = Prepared(
    select(version.c.content_id).where(
        version.c.page_id == bindparam("page"), version.c.number == bindparam("number")
    )
)
_RECIPE = Prepared(select(version.c.recipe).where(version.c.id == bindparam("id")))


_REDACTED = Content((Block("text", TOMBSTONE),), ())


def read_stored_rows(version: Version | None) -> list[Row]:
    """Return the rows that a listing's stored version holds."""
    blocks = version.blocks if version is not None else ()
    return [
        Row(url, title, date.fromisoformat(day) if day else None, label)
        for day, title, url, label in (block.cells for block in blocks)
    ]


_INCIDENT = re.compile(
    "漏えい|漏洩|流出|漏出|紛失|盗難|不正アクセス|不正な?持ち?出|ランサム|サイバー攻撃|誤送信|誤送付|誤交付"
    "|個人情報|お客様情報|顧客情報|情報セキュリティ事[故案]"
)
"""Words without which a title is about no incident."""


class VersionReads(PageReads):
    """Questions about snapshots, versions and their facts."""

    def snapshot(self, id: int, *, body: bool = False) -> Snapshot | None:
        """Return a snapshot, or None; its bytes, which may be large, only with ``body``.

        The bytes of a redacted one, and of a pruned one, are the words that say so.
        """
        row = self._fetch_one(_SNAPSHOT, {"id": id})
        if row is None:
            return None
        found = _snapshot(row)
        if not body:
            return found
        if row.blob_id is None:
            return replace(found, body=(TOMBSTONE if row.pruned_at is None else PRUNED).encode())
        return replace(found, body=blobs.get(self._db, row.blob_id))

    def snapshots(self, page_id: int) -> list[Snapshot]:
        """Return all snapshots of a page without their bytes, oldest first."""
        query = select(snapshot).where(snapshot.c.page_id == page_id)
        return [
            _snapshot(row) for row in self._fetch_all(query.order_by(snapshot.c.captured_at, snapshot.c.id))
        ]

    def recent_snapshots(self, since: datetime, limit: int) -> list[Snapshot]:
        """Return the snapshots stored last of those captured since then, without their bytes."""
        newest = select(snapshot).order_by(snapshot.c.id.desc()).limit(limit).subquery()
        rows = self._fetch_all(select(newest).where(newest.c.captured_at >= since).order_by(newest.c.id))
        return [_snapshot(row) for row in rows]

    def stored_captures(self, sources: Collection[str] = ()) -> list[tuple[Page, int]]:
        """Return page and id of every snapshot that still has its bytes, in the order of capture."""
        query = select(snapshot.c.id, snapshot.c.page_id).where(snapshot.c.blob_id.is_not(None))
        pages = {page.id: page for page in self.pages() if not sources or page.source in sources}
        rows = self._fetch_all(query.order_by(snapshot.c.captured_at, snapshot.c.id))
        return [(pages[row.page_id], row.id) for row in rows if row.page_id in pages]

    def version(self, id: int) -> Version | None:
        """Return a version with its text, or None."""
        row = self._fetch_one(_VERSION, {"id": id})
        return _version(row, self._content(row.content_id)) if row else None

    def versions_by_id(self, ids: Iterable[int]) -> dict[int, Version]:
        """Return versions of any pages, read at once."""
        rows = self._fetch_all(_READ_VERSION.where(among(self._db, version.c.id, ids)))
        return {one.id: one for one in self._read_versions(rows)}

    def texts_by_id(self, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Return text and title of versions of any pages, without making records of them."""
        named = select(version.c.id, version.c.title, version.c.content_id)
        rows = self._fetch_all(named.where(among(self._db, version.c.id, ids)))
        contents = blobs.several(self._db, [row.content_id for row in rows if row.content_id is not None])
        return {row.id: (_text(contents.get(row.content_id)), row.title) for row in rows}

    def find_listed_rows(self, words: str) -> list[ListedRow]:
        """Find rows of the lists as they stand by words of their titles, newest first.

        Those that nobody follows are among them, since a list's version holds all of its rows.
        """
        wanted = fold(words)
        lists = {one.version: one.source for one in self.pages(None, "listing") if one.version is not None}
        found = [
            ListedRow(lists[id], row)
            for id, read in self.versions_by_id(lists).items()
            for row in read_stored_rows(read)
            if wanted in fold(row.title)
        ]
        return sorted(found, key=lambda one: one.row.published or date.min, reverse=True)

    def find_rows_on_incidents(self, words: Mapping[str, str]) -> dict[str, list[ListedRow]]:
        """Find for each name the rows of lists that hold its words and tell of an incident, newest first.

        Lists are read once a transaction, however many names there are, and not at all if there are none.
        """
        wanted = {name: folded for name, said in words.items() if len(folded := fold(said)) > 1}
        if not wanted:
            return {}
        rows = self._rows_on_incidents
        found = {name: [one for title, one in rows if folded in title] for name, folded in wanted.items()}
        return {name: named for name, named in found.items() if named}

    @cached_property
    def _rows_on_incidents(self) -> list[tuple[str, ListedRow]]:
        """Rows that tell of an incident, with their folded titles; who writes lists does not ask for them."""
        rows = (one for one in self.find_listed_rows("") if _INCIDENT.search(one.row.title))
        return [(fold(one.row.title), one) for one in rows]

    def recipe(self, version_id: int) -> Recipe | None:
        """Return what made a version, without reading it."""
        made = self._fetch_one(_RECIPE, {"id": version_id})
        return codec.loads(Recipe, made.recipe) if made else None

    def is_redacted(self, version_id: int) -> bool:
        """Tell whether what a version read was taken out."""
        return _REDACTED_ID.one(self._db, {"id": version_id}) is not None

    def listing_began(self, source_id: str, at: datetime) -> bool:
        """Tell whether a listing of a source was read for the first time at this moment."""
        first = (
            select(version.c.id)
            .join(page, page.c.id == version.c.page_id)
            .join(source, source.c.id == page.c.source_id)
            .where(source.c.slug == source_id, page.c.role == "listing")
            .where(version.c.number == 1, version.c.captured_at == at)
        )
        return self._fetch_one(first.limit(1)) is not None

    def lists_began(self, source_id: str) -> datetime | None:
        """Return when any listing of a source was read for the first time."""
        first = (
            select(func.min(version.c.captured_at).label("at"))
            .join(page, page.c.id == version.c.page_id)
            .join(source, source.c.id == page.c.source_id)
            .where(source.c.slug == source_id, page.c.role == "listing", version.c.number == 1)
        )
        row = self._fetch_one(first)
        return row.at if row is not None else None

    def versions(self, page_id: int) -> list[Version]:
        """Return all versions of a page, oldest first."""
        return self._read_versions(self._fetch_all(_VERSIONS, {"page": page_id}))

    def unread_versions(self, page_id: int) -> list[Version]:
        """Return all versions of a page but for what they say: text, blocks, attachments; oldest first."""
        rows = self._fetch_all(_VERSIONS, {"page": page_id})
        return [replace(_version(row, None), redacted=row.content_id is None) for row in rows]

    def history(self, page_id: int) -> list[VersionHead]:
        """Return all versions of a page without their texts, oldest first."""
        rows = self._fetch_all(_HISTORY, {"page": page_id})
        return [
            VersionHead(
                row.id,
                row.number,
                row.snapshot_id,
                row.captured_at,
                row.title,
                row.updated,
                _hex(row.sha256),
            )
            for row in rows
        ]

    def earlier_keys(self, page_id: int) -> list[tuple[int, str]]:
        """Return id and comparison key of every version of a page, oldest first."""
        return [(row.id, row.key) for row in self._fetch_all(_KEYS, {"page": page_id})]

    def past_blocks(self, page_id: int) -> frozenset[int] | None:
        """Return digests of the blocks that earlier versions of a page had and later ones have not.

        None where that is not known, and they have to be read.
        """
        stored: bytes | None = _PAST.scalar(self._db, {"page": page_id})
        return None if stored is None else frozenset(_read_digests(stored))

    def facts(self, version_id: int) -> list[Fact]:
        """Return the facts of a version, in the order of its text."""
        return fact_spans.of_version(self._db, version_id)

    def current_facts(self, page_ids: Iterable[int], fields: Collection[str]) -> dict[int, list[Fact]]:
        """Return what pages say now in some fields, and after it what their attachments say."""
        return self._facts_of_pages(page_ids, fields, page.c.version_id == version.c.id)

    def first_facts(self, page_ids: Iterable[int], fields: Collection[str]) -> dict[int, list[Fact]]:
        """Return what pages said in some fields when they were first read, and after it their attachments."""
        first = (version.c.page_id == page.c.id) & (version.c.number == 1)
        return self._facts_of_pages(page_ids, fields, first)

    def first_mentions(self, page_ids: Iterable[int], fields: Collection[str]) -> dict[tuple[str, str], int]:
        """Return, for what pages ever said in some fields, the number of the version that said it first.

        What is said is a field and its wording, see storage.text.wording.
        """
        said = select(fact_value, fact_span.c.first).join(fact_span)
        said = said.where(among(self._db, fact_span.c.page_id, page_ids), fact_value.c.field.in_(fields))
        found: dict[tuple[str, str], int] = {}
        for row in self._fetch_all(said.order_by(fact_span.c.first)):
            read = fact_spans.read_value(row)
            found.setdefault((read.field, wording(read)), row.first)
        return found

    def _facts_of_pages(
        self, page_ids: Iterable[int], fields: Collection[str], read_in: sa.ColumnElement[bool]
    ) -> dict[int, list[Fact]]:
        found: dict[int, list[Fact]] = {id: [] for id in page_ids}
        speaks_for = func.coalesce(page.c.parent_id, page.c.id).label("page")
        said = select(version.c.id, version.c.facts, speaks_for).select_from(page).join(version, read_in)
        own = sa.or_(*(among(self._db, column, found) for column in (page.c.id, page.c.parent_id)))
        rows = self._fetch_all(said.where(own).order_by(page.c.parent_id.is_not(None), page.c.id))
        facts = fact_spans.read(self._db, {row.id: row.facts for row in rows}, fields)
        for row in rows:
            found[row.page] += facts[row.id]
        return found

    def _content(self, blob_id: int | None) -> bytes | None:
        return None if blob_id is None else blobs.get(self._db, blob_id)

    def _read_versions(self, rows: Sequence[sa.Row[Any]]) -> list[Version]:
        contents = blobs.several(self._db, [row.content_id for row in rows if row.content_id is not None])
        return [_version(row, contents.get(row.content_id)) for row in rows]


class VersionWrites(VersionReads):
    """Writing of snapshots, versions and facts.

    What was added last is not read again in the same transaction: who links notices asks for it at once.
    """

    def version(self, id: int) -> Version | None:
        """Return a version with its text, or None."""
        if self._added is not None and self._added[0].id == id:
            return self._added[0]
        return super().version(id)

    def facts(self, version_id: int) -> list[Fact]:
        """Return the facts of a version, in the order of its text."""
        if self._added is not None and self._added[0].id == version_id and self._added[1] is not None:
            return [*self._added[1]]
        return super().facts(version_id)

    def add_snapshot(self, new: Snapshot) -> Snapshot:
        """Store bytes with their headers and time; digest and size are those of the bytes."""
        if new.body is None:
            raise ValueError("a snapshot is stored with its bytes")
        values = {
            "page_id": new.page,
            "captured_at": new.captured_at,
            "status": new.status,
            "final_url": new.final_url,
            "redirects": codec.dumps(new.redirects),
            "headers": codec.dumps(new.headers),
            "sha256": bytes.fromhex(new.sha256),
            "size": new.size,
            "blob_id": self._put_body(new),
        }
        return replace(new, id=self._insert(snapshot, values), body=None)

    def _put_body(self, new: Snapshot) -> int:
        """Store bytes; those of a first snapshot as their difference from another page of the site.

        The first of a site is likened to one of another site.
        """
        assert new.body is not None
        if last := self._fetch_one(_LAST_BLOB, {"page": new.page}):
            return blobs.put(self._db, new.body, base=last.blob_id)
        site = self._fetch_one(_REFERENCE, {"page": new.page})
        if site is None:
            raise NotFound(f"no page {new.page} in the archive; add_page comes first")
        known: int | None = site.reference_blob
        base = blobs.other_site(self._db) if known is None and site.role == "page" else known
        stored = blobs.put(
            self._db, new.body, base, first=True, of_site=known is None and site.role == "page"
        )
        if site.reference_blob is None and site.role == "page":
            self._fetch_all(_PUT_REFERENCE, {"row": site.id, "reference_blob": stored})
        return stored

    def add_version(self, new: Version) -> Version:
        """Store a version under the next number of its page, and let it be found.

        One that has a number takes that place, and those from there on move up by one.
        """
        last = self._fetch_one(_LAST_VERSION, {"page": new.page})
        number = last.number + 1 if last else 1
        if new.number:
            self._make_room(new.page, new.number)
            number = new.number
        values = {**self._version_values(new, last), "page_id": new.page, "number": number}
        stored = replace(new, id=self._insert(version, values), number=number)
        if new.number:
            fact_spans.renumber(self._db, new.page)
            self.put_past_blocks(new.page, None)
        search_index.add_version(self._db, stored)
        self._added = None
        if not new.number and storable(new.title) == new.title:
            digest: bytes | None = _DIGEST.scalar(self._db, {"id": new.snapshot})
            self._added = replace(stored, sha256=_hex(digest)), None
        return stored

    def put_past_blocks(self, page_id: int, digests: Collection[int] | None) -> None:
        """Note which blocks went away with the versions of a page until now, as digests of 32 bits.

        None: that is not known any more.
        """
        self._fetch_all(_DROP_PAST, {"page": page_id})
        if digests is not None:
            blocks = b"".join(one.to_bytes(4) for one in sorted(digests))
            self._fetch_all(_ADD_PAST, {"page_id": page_id, "blocks": blocks})

    def _make_room(self, page_id: int, number: int) -> None:
        behind = (version.c.page_id == page_id) & (version.c.number >= number)
        # Two steps: for a moment two versions would have one number.
        self._db.execute(version.update().where(behind).values(number=-version.c.number))
        moved = (version.c.page_id == page_id) & (version.c.number < 0)
        self._db.execute(version.update().where(moved).values(number=1 - version.c.number))

    def replace_version(self, new: Version) -> bool:
        """Put a version derived again from its snapshot by newer rules in the place of the stored one.

        Returns whether it says anything else; where it does not, only its recipe is written.
        """
        self._added = None
        old = self._fetch_one(_STANDS, {"id": new.id})
        if old is None:
            raise NotFound(f"no version {new.id} in the archive")
        before = self._fetch_one(_BEFORE, {"page": old.page_id, "number": old.number - 1})
        values = self._version_values(new, before)
        is_same = all(getattr(old, name) == values[name] for name in _SAID)
        if is_same and old.content_id == values["content_id"]:
            self._fetch_all(_PUT_RECIPE, {"row": new.id, "recipe": values["recipe"]})
            return False
        if is_same and old.content_id is not None:  # an older kohyo may have written the same otherwise
            is_same = contents.read(blobs.get(self._db, old.content_id)) == _content(new)
        self._fetch_all(_RENEW, {**values, "row": new.id})
        if old.content_id is not None:
            blobs.discard(self._db, old.content_id, heir=values["content_id"])
            if is_same:
                return False
        self.put_past_blocks(old.page_id, None)
        search_index.replace_version(self._db, new)
        return True

    def _body_of(self, new: Version) -> int | None:
        """Return the bytes that a page's first version was read from: they hold its words already."""
        row = self._fetch_one(_BODY, {"id": new.snapshot})
        fits = row is not None and row.role == "page" and row.size <= _MAX_BODY_BYTES
        return row.blob_id if fits else None

    def _version_values(self, new: Version, before: Any) -> Values:
        """Return columns of a version; ``before``: the row of the one it follows, None of a page's first."""
        content = contents.write(_content(new))
        if before is None:
            stored = blobs.put(self._db, content, self._body_of(new), first=True, read_as=new.encoding)
        else:
            stored = blobs.put(self._db, content, before.content_id)
        return {
            "snapshot_id": new.snapshot,
            "captured_at": new.captured_at,
            "title": new.title,
            "published": new.published,
            "updated": new.updated,
            "key": new.key,
            "shape": "",
            "recipe": codec.dumps(new.recipe),
            "encoding": new.encoding,
            "replaced": new.replaced,
            "content_id": stored,
        }

    def add_facts(self, version_id: int, facts: Sequence[Fact]) -> None:
        """Store the facts of a version beside those it has."""
        if not facts:
            return
        first = fact_spans.add(self._db, version_id, facts)
        if self._added is not None and self._added[0].id == version_id:
            said = "".join(word for one in facts for word in (one.raw, one.unit, one.role))
            self._added = self._added[0], [*facts] if first and storable(said) == said else None

    def replace_facts(self, version_id: int, facts: Sequence[Fact]) -> bool:
        """Store the facts of a version instead of those it has, and tell whether they are others."""
        self._added = None
        return fact_spans.replace(self._db, version_id, facts)


def _content(of: Version) -> Content:
    return Content(of.blocks, of.attachments, None if of.text == contents.join(of.blocks) else of.text)


def _text(stored: bytes | None) -> str:
    """Return the text of a version from what it reads; None: that was redacted."""
    return TOMBSTONE if stored is None else contents.read(stored).whole


def _read_digests(stored: bytes) -> Iterator[int]:
    return (int.from_bytes(stored[at : at + 4]) for at in range(0, len(stored), 4))


def _snapshot(row: sa.Row[Any]) -> Snapshot:
    return Snapshot(
        page=row.page_id,
        captured_at=row.captured_at,
        status=row.status,
        final_url=row.final_url,
        headers=tuple((name, value) for name, value in json.loads(row.headers)),
        sha256=row.sha256.hex(),
        size=row.size,
        redirects=tuple(json.loads(row.redirects)),
        id=row.id,
    )


def _version(row: sa.Row[Any], stored: bytes | None) -> Version:
    """Make the record of a version from its row and what it reads; ``stored`` None: that was redacted."""
    content = _REDACTED if stored is None else contents.read(stored)
    return Version(
        page=row.page_id,
        snapshot=row.snapshot_id,
        captured_at=row.captured_at,
        title=row.title,
        text=content.whole,
        blocks=content.blocks,
        attachments=content.attachments,
        key=row.key,
        recipe=codec.loads(Recipe, row.recipe),
        published=row.published,
        updated=row.updated,
        encoding=row.encoding,
        replaced=row.replaced,
        id=row.id,
        number=row.number,
        redacted=stored is None,
        sha256=_hex(row.sha256),
    )


def _hex(digest: bytes | None) -> str:
    return digest.hex() if digest else ""
