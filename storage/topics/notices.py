"""Notices and their changes: what subscribers hear of."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, bindparam, func, select

from storage.db import codec
from storage.db.index import search_index
from storage.db.kept import fact_spans
from storage.db.kept.fact_spans import version_fact
from storage.db.prepared import Prepared, Values
from storage.db.session import PreparedAmong, among, written
from storage.db.tables import (
    change,
    fact_span,
    fact_value,
    incident,
    incident_link,
    moved_count,
    notice,
    page,
    source,
    version,
)
from storage.query import EVERYTHING, Discovery, Figures, Query
from storage.records import (
    BELONGING,
    THIRD_PARTIES,
    ChainLink,
    Change,
    ChangeKind,
    FactChange,
    Hunk,
    HunkPlace,
    Notice,
)
from storage.text.japanese import JST
from storage.text.wording import moved_counts
from storage.topics import filters
from storage.topics.pages import url_hash
from storage.topics.proof.chain import ChainReads, ChainWrites

_VERSION_COUNT = (
    select(func.coalesce(func.max(version.c.number), 0))
    .where(version.c.page_id == notice.c.page_id)
    .correlate(notice)
    .scalar_subquery()
)
NOTICES = select(notice, source.c.slug.label("source"), _VERSION_COUNT.label("versions")).join(source)
_CHANGES = select(change, source.c.slug.label("source")).join(source, source.c.id == change.c.source_id)
_BRIEF = _CHANGES.with_only_columns(  # in the same order, see _change
    *(
        sa.literal("[]").label(column.key) if column.key == change.c.hunks.key else column
        for column in _CHANGES.selected_columns
    )
)
_CHANGE = Prepared(_CHANGES.where(change.c.id == bindparam("id")))
_CHANGES_OF_NOTICE = Prepared(
    _CHANGES.where(change.c.notice_id == bindparam("notice")).order_by(change.c.detected_at, change.c.id)
)
_HUNKS_OF = PreparedAmong(select(change.c.id, change.c.hunks), change.c.id)
_NOTICE = Prepared(NOTICES.where(notice.c.id == bindparam("id")))
_NOTICES_OF_PAGE = Prepared(NOTICES.where(notice.c.page_id == bindparam("page")).order_by(notice.c.id))
_NAMESAKES = Prepared(
    NOTICES.where(
        source.c.slug == bindparam("source"),
        notice.c.title == bindparam("title"),
        notice.c.page_id != bindparam("page"),
    ).order_by(notice.c.id)
)
_INDEXED = Prepared(select(notice.c.title, notice.c.page_id).where(notice.c.id == bindparam("id")))
_ADD_MOVED = Prepared(moved_count.insert(), ["change_id", "place", "old", "new", "largest"])
_PUT_NOTICE = Prepared(
    notice.update().where(notice.c.id == bindparam("row")),
    [column.key for column in notice.c if column.key not in ("id", "source_id")],
)
_TOUCH = Prepared(
    notice.update().where(notice.c.page_id == bindparam("page"), notice.c.status == "standing"),
    ["last_seen"],
)
_BELONGS = (
    select(incident_link.c.notice_id, incident.c.slug)
    .join(incident)
    .where(
        sa.or_(*[incident_link.c.status == status for status in BELONGING]), incident.c.status != "removed"
    )
    .order_by(incident.c.slug)
)
_SLUGS = Prepared(_BELONGS.where(incident_link.c.notice_id == bindparam("notice")))
_SLUGS_OF = PreparedAmong(_BELONGS, incident_link.c.notice_id)


_WITHIN = (notice.c.appeared_at >= bindparam("since")) & (notice.c.appeared_at < bindparam("until"))
_COUNTED = Prepared(select(func.count().label("notices")).where(_WITHIN))
_LARGEST = Prepared(
    select(version_fact.c.raw, version_fact.c.number, notice.c.id.label("notice"))
    .join_from(notice, page, (page.c.id == notice.c.page_id) | (page.c.parent_id == notice.c.page_id))
    .join(source, source.c.id == notice.c.source_id)
    .join(version_fact, version_fact.c.version_id == page.c.version_id)
    .where(_WITHIN, version_fact.c.field == "count", version_fact.c.number.is_not(None))
    .where((version_fact.c.role == "affected") | (version_fact.c.role == "notified"))
    .where(*(source.c.kind != kind for kind in THIRD_PARTIES))
    # by the notices of the time: to walk all counts there are, by their size, takes a hundredfold
    .order_by((version_fact.c.number + 0).desc(), notice.c.id)
    .limit(1)
)


class NoticeReads(ChainReads):
    """Questions about notices and the changes to them."""

    def notices(self, query: Query = EVERYTHING) -> list[Notice]:
        """Return notices, newest first by the day they were published."""
        return self._notices(filters.notices(self._db, NOTICES, query))

    def notice(self, id: int) -> Notice | None:
        """Return a notice, or None."""
        return next(iter(self._notices(_NOTICE, {"id": id})), None)

    def notices_by_id(self, ids: Iterable[int]) -> list[Notice]:
        """Return the notices with these numbers, in order of them."""
        return self._notices(NOTICES.where(among(self._db, notice.c.id, ids)).order_by(notice.c.id))

    def figures_between(self, since: datetime, until: datetime) -> Figures:
        """Count the notices of a space of time, and find the largest count that one of them states now.

        ``until`` is exclusive. Files on a notice are read with it; third parties' counts only quote.
        """
        window = {"since": since, "until": until}
        number = _COUNTED.scalar(self._db, window)
        found = _LARGEST.one(self._db, window) if number else None
        return Figures(number, *((found.number, found.raw, found.notice) if found else (None, "", None)))

    def sources_with_notices(self) -> set[str]:
        """Return the ids of the sources of which a notice is on record."""
        query = select(source.c.slug).where(sa.exists().where(notice.c.source_id == source.c.id))
        return {row.slug for row in self._fetch_all(query)}

    def notices_of_page(self, page_id: int) -> list[Notice]:
        """Return the notices that a page holds or once held, in the order they were met."""
        return self._notices(_NOTICES_OF_PAGE, {"page": page_id})

    def namesakes(self, of: Notice) -> list[Notice]:
        """Return the notices of its source that are called and dated as it is, and stand on other pages."""
        asked = {"source": of.source, "title": of.title, "page": of.page}
        return [one for one in self._notices(_NAMESAKES, asked) if one.published == of.published]

    def discoveries(self) -> list[Discovery]:
        """Return the days of discovery that companies and affected bodies state now, by notice."""
        days = select(fact_value.c.id).where(fact_value.c.field == "date", fact_value.c.role == "discovered")
        stating = select(fact_span.c.page_id).where(
            fact_span.c.last.is_(None), fact_span.c.value_id.in_(days)
        )
        read = (
            select(
                notice.c.id,
                source.c.slug,
                notice.c.title,
                version.c.id.label("version"),
                version.c.facts,
                version.c.captured_at,
            )
            .select_from(page)
            .join(version, version.c.id == page.c.version_id)
            .join(notice, notice.c.page_id == page.c.id)
            .join(source, source.c.id == notice.c.source_id)
            .where(source.c.kind.in_(("company", "affected")), version.c.facts.is_not(None))
            .where(page.c.id.in_(stating))
            .order_by(notice.c.id)
        )
        rows = self._fetch_all(read)
        dates = fact_spans.read(self._db, {row.version: row.facts for row in rows}, ("date",))
        return [
            Discovery(row.id, row.slug, row.title, str(one.value), one.raw, row.captured_at)
            for row in rows
            for one in dates[row.version]
            if one.role == "discovered"
        ]

    def notices_elsewhere(self, source_id: str, url: str) -> list[Notice]:
        """Return notices at this address that other sources have listed or watch."""
        at = select(page.c.id).where(
            page.c.url_hash == url_hash(url),
            page.c.role == "page",
            # by the index on both: addresses alone have none
            page.c.source_id.in_(select(source.c.id).where(source.c.slug != source_id)),
        )
        return self._notices(NOTICES.where(notice.c.page_id.in_(at)).order_by(notice.c.id), {})

    def changes(self, query: Query = EVERYTHING) -> list[Change]:
        """Return changes, newest first by the time of detection."""
        return self._changes(filters.changes(self._db, _CHANGES, query))

    def brief_changes(self, query: Query = EVERYTHING, *, linked: bool = True) -> list[Change]:
        """Return the same without hunks, for lists: hunks are most of a change.

        Where nobody asks for their links of the chain, ``linked`` leaves these out too.
        """
        return self._changes(filters.changes(self._db, _BRIEF, query), linked=linked)

    def hunks_of(self, changes: Iterable[int]) -> dict[int, tuple[Hunk, ...]]:
        """Return the differences of a few changes, by the number of the change."""
        found = self._fetch_all(_HUNKS_OF, {"ids": written(self._db, changes)})
        return {row.id: _hunks(row.hunks) for row in found}

    def change(self, id: int) -> Change | None:
        """Return a change with its hunks, or None."""
        return next(iter(self._changes(_CHANGE, {"id": id})), None)

    def changes_of_notice(self, notice_id: int) -> list[Change]:
        """Return everything that was told of a notice, oldest first."""
        return self._changes(_CHANGES_OF_NOTICE, {"notice": notice_id})

    def last_changes(self, notice_ids: Iterable[int]) -> dict[int, Change]:
        """Return the newest material change of each notice, without hunks."""
        newest = select(func.max(change.c.id)).where(
            among(self._db, change.c.notice_id, notice_ids), change.c.material
        )
        found = self._changes(_BRIEF.where(change.c.id.in_(newest.group_by(change.c.notice_id))))
        return {one.notice: one for one in found}

    def _notices(self, statement: sa.Select[Any] | Prepared, values: Values | None = None) -> list[Notice]:
        return self._notices_of(self._fetch_all(statement, values))

    def _notices_of(self, rows: Sequence[Row[Any]]) -> list[Notice]:
        slugs = self._incidents_of(row.id for row in rows)
        return [_notice(row, slugs[row.id]) for row in rows]

    def _changes(
        self, statement: sa.Select[Any] | Prepared, values: Values | None = None, *, linked: bool = True
    ) -> list[Change]:
        rows = self._fetch_all(statement, values)
        slugs = self._incidents_of(row.notice_id for row in rows)
        links = self.links_of_changes([row.id for row in rows]) if rows and linked else {}
        return [_change(row, slugs[row.notice_id], links) for row in rows]

    def _incidents_of(self, notice_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """Return the incidents that each notice belongs to; suggestions do not count."""
        slugs: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
        ids = set(notice_ids)
        if not ids:
            return slugs
        if len(ids) == 1:  # in the midst of a crawl
            rows = self._fetch_all(_SLUGS, {"notice": ids.pop()})
        else:
            rows = self._fetch_all(_SLUGS_OF, {"ids": written(self._db, ids)})
        for row in rows:
            slugs[row.notice_id] += (row.slug,)
        return slugs


class NoticeWrites(ChainWrites, NoticeReads):
    """Writing of notices and changes; a notice's title is indexed with it."""

    def add_notice(self, new: Notice) -> Notice:
        """Store a new notice, index its title, and return it with its id.

        Raises NotFound for an unknown source.
        """
        values = {**_notice_values(new), "source_id": self._known_source(new.source)}
        stored = replace(new, id=self._insert(notice, values))
        search_index.add_title(self._db, stored)
        return stored

    def put_notice(self, state: Notice) -> None:
        """Write the state of a notice; its source stays as it is."""
        old = self._fetch_one(_INDEXED, {"id": state.id})
        self._fetch_all(_PUT_NOTICE, {"row": state.id, **_notice_values(state)})
        if old is not None and (state.title, state.page) != (old.title, old.page_id):
            search_index.replace_title(self._db, state)

    def touch_notices(self, page_id: int, now: datetime) -> None:
        """Note that the notices on a page still stand there unchanged."""
        self._fetch_all(_TOUCH, {"page": page_id, "last_seen": now})

    def add_change(self, new: Change) -> Change:
        """Store a change, and return it with its id. Raises NotFound for an unknown source."""
        values = {**_change_values(new), "source_id": self._known_source(new.source)}
        stored = replace(new, id=self._insert(change, values))
        self._put_moved_counts(stored)
        self._put_in_chain(stored.id)
        return stored

    def put_change(self, state: Change) -> None:
        """Write a change anew under its id: one of which nobody was told."""
        self._db.execute(change.update().where(change.c.id == state.id).values(_change_values(state)))
        self._db.execute(moved_count.delete().where(moved_count.c.change_id == state.id))
        self._put_moved_counts(state)
        self._put_in_chain(state.id)

    def _put_moved_counts(self, state: Change) -> None:
        if rows := moved_count_rows(state.id, state.kind, state.facts):
            _ADD_MOVED.many(self._db, rows)


def moved_count_rows(id: int, kind: ChangeKind, facts: Iterable[FactChange]) -> list[Values]:
    """Make the rows by which a change is found by the counts it moved."""
    return [
        {"change_id": id, "place": place, "old": old, "new": new, "largest": max(old or 0, new or 0)}
        for place, (old, new) in enumerate(moved_counts(kind, facts))
    ]


def _notice(row: Row[Any], incidents: tuple[str, ...]) -> Notice:
    return Notice(
        source=row.source,
        page=row.page_id,
        url=row.url,
        title=row.title,
        published=row.published,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        status=row.status,
        updated=row.updated,
        id=row.id,
        versions=row.versions,
        incidents=incidents,
    )


def _notice_values(state: Notice) -> Values:
    published = state.published and datetime.combine(state.published, time(), JST)
    return {
        "page_id": state.page,
        "url": state.url,
        "title": state.title,
        "published": state.published,
        "updated": state.updated,
        "appeared_at": published or state.first_seen,
        "first_seen": state.first_seen,
        "last_seen": state.last_seen,
        "status": state.status,
    }


def _change_values(new: Change) -> Values:
    return {
        "notice_id": new.notice,
        "url": new.url,
        "title": new.title,
        "detected_at": new.detected_at,
        "kind": new.kind,
        "material": new.material,
        "reasons": codec.dumps(new.reasons),
        "summary": new.summary,
        "from_version": new.from_version,
        "to_version": new.to_version,
        "hunks": codec.dumps(new.hunks),
        "facts": codec.dumps(new.facts),
        "run_id": new.run,
    }


def _change(row: Sequence[Any], incidents: tuple[str, ...], links: Mapping[int, ChainLink]) -> Change:
    # by their order: to ask SQLAlchemy's rows by name takes half of the time of all of this
    id, notice_id, _, url, title, detected_at, kind, material, reasons, summary, *rest = row
    from_version, to_version, hunks, facts, run, slug = rest
    return Change(
        notice_id,
        slug,
        url,
        title,
        detected_at,
        kind,
        material,
        _reasons(reasons),
        summary,
        from_version,
        to_version,
        _hunks(hunks),
        _facts(facts),
        run,
        id,
        incidents,
        links.get(id),
    )


_FORMER_LABELS: dict[str, HunkPlace] = {
    "更新日": "stamp",
    "差し替わるリンク枠": "slot",
    "title": "title",
    "date": "date",
    "address": "address",
}


@lru_cache(1_000)
def _reasons(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


@lru_cache(1_000)  # feeds, home and incidents show the same newest changes
def _hunks(stored: str) -> tuple[Hunk, ...]:
    """Read differences as they were stored; before these had a place, a label of ours named it."""
    return tuple(map(_placed, codec.loads(tuple[Hunk, ...], stored)))


@lru_cache(2_000)
def _facts(stored: str) -> tuple[FactChange, ...]:
    return codec.loads(tuple[FactChange, ...], stored)


def _placed(hunk: Hunk) -> Hunk:
    place = _FORMER_LABELS.get(hunk.label)
    if place is None or hunk.place or not {*hunk.reasons} <= {"title", "date", "address", "link"}:
        return hunk
    return replace(hunk, place=place, label="")
