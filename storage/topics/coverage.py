"""What has been watched of each source: asked in the order of what a source is, never of what was checked.

An archive holds many checks and pages of each source, and coverage is asked for often: every question
here is answered by an index, and what only the checks could tell is kept as gaps.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from heapq import nlargest
from typing import Any
from urllib.parse import urldefrag

import sqlalchemy as sa
from sqlalchemy import Row, bindparam, func, select

from storage.db import codec
from storage.db.columns import seconds_between
from storage.db.prepared import Prepared
from storage.db.tables import alert, change, gap, notice, page, run, setting, source
from storage.query import Coverage, Rhythm, Trial
from storage.records import LASTING_ALERTS, PASSING_ALERTS, Alert, Check, Gap, Source
from storage.text.japanese import JST
from storage.topics import health
from storage.topics.operations import ALERTS, make_alert
from storage.topics.pages import PageReads, url_hash

_NEWS_DAYS = 9
"""Days with new items that are looked at for what is usual."""
_TRIALS = "trials"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class CoverageReads(PageReads):
    """Questions about how sources fare: what was read of them, when, and where it was not."""

    def coverage(self, now: datetime | None = None, sources: Collection[str] = ()) -> list[Coverage]:
        """Return how every source fares, or those asked for.

        ``now`` is the last visit to any of them unless another moment is given.
        """
        rows = self._fetch_all(_SOURCES.where(source.c.slug.in_(sources)) if sources else _SOURCES)
        now = now or max((seen for row in rows if (seen := _visited(row))), default=_NEVER)
        declared = {row.id: codec.loads(Source, row.declaration) for row in rows}
        only = declared if sources else None
        found = _Found(
            self._counted(_PAGES, only),
            self._counted(_NOTICES, only),
            self._counted(_OPEN_ALERTS, only),
            self._starts(declared),
            self._days(declared),
            self._ended(declared, now),
            self._rows_in_all(declared),
        )
        tried = self.trials()
        covered = (_covered(row, declared[row.id], found, now) for row in rows)
        return [replace(one, trials=tuple(t for t in tried if t.source == one.source)) for one in covered]

    def troubles(self, now: datetime) -> list[Alert]:
        """Return what is wrong now, each once, however long it has been and however often it was seen.

        Sources that were never read well are passed over, and those that nobody watches any more: of them
        nobody is told.
        """
        lately = self._fetch_all(_LATELY, {"since": now - 2 * health.PASSING})
        found = health.find_troubles(map(make_alert, self._fetch_all(_LASTING)), map(make_alert, lately), now)
        known = {one.id: one for one in self.sources()}
        untold = {
            slug
            for slug in {alert.source for alert in found}
            if slug not in known or (known[slug].seen and self.is_first_visit(slug, None))
        }
        return self.still_watched([alert for alert in found if alert.source not in untold], now)

    def still_watched(self, alerts: Sequence[Alert], now: datetime) -> list[Alert]:
        """Return the alerts but for those of sources that no run visits any more.

        Their declarations are gone, or their set: runs went on, and none has looked at any page of theirs for
        twice the time that a visit may be put off.
        """
        last_run: datetime | None = self._db.scalar(_LAST_CRAWL.where(run.c.started_at <= now))
        if last_run is None or not alerts:
            return list(alerts)
        left = set()
        for row in self._fetch_all(_SOURCES.where(source.c.slug.in_({each.source for each in alerts}))):
            one = codec.loads(Source, row.declaration)
            seen = _latest(_visited(row), *(each.last_seen for each in alerts if each.source == one.id))
            if seen is not None and last_run - seen > 2 * health.furthest_wait(one):
                left.add(one.id)
        return [each for each in alerts if each.source not in left]

    def trials(self) -> list[Trial]:
        """Return what came of start addresses when they were tried last."""
        stored = self._db.scalar(select(setting.c.value).where(setting.c.name == _TRIALS))
        return list(codec.from_json(tuple[Trial, ...], json.loads(stored))) if stored else []

    def gaps(self, source_id: str, since: datetime, limit: int | None = None) -> list[Gap]:
        """Return the gaps of a source that ended since then, newest first."""
        query = select(gap).join(source).where(source.c.slug == source_id, gap.c.ended_at >= since)
        query = query.order_by(gap.c.ended_at.desc(), gap.c.id.desc()).limit(limit)
        return [_gap(row) for row in self._fetch_all(query)]

    def visits(self, source_id: str, limit: int) -> list[tuple[str, Check]]:
        """Return the newest checks of a source's pages, each with the address."""
        # They are checks of the pages visited last: of no more pages than checks are wanted.
        pages = self._fetch_all(_LATEST, {"source": source_id, "limit": limit})
        found = [(row.url, check) for row in pages for check in self.checks(row.id, limit)]
        return nlargest(limit, found, key=lambda visit: (visit[1].checked_at, visit[1].id))

    def rhythm(self, source_id: str) -> Rhythm:
        """Return how the notice pages of a source are visited: number, next visit, bounds of the interval."""
        row = self._fetch_one(_RHYTHM, {"source": source_id})
        return Rhythm(row.pages, row.next_due, row.shortest, row.longest)

    def _counted(self, query: sa.Select[Any], only: Collection[int] | None) -> dict[int, int]:
        if only is not None:
            query = query.where(query.selected_columns.source_id.in_(only))
        return {row.source_id: row.number for row in self._fetch_all(query)}

    def _starts(self, declared: dict[int, Source]) -> defaultdict[int, list[health.Start]]:
        """Return the pages at the addresses that declarations name."""
        places = tuple(
            (id, url_hash(urldefrag(url).url), "page" if one.listing is None else "listing")
            for id, one in declared.items()
            for url in one.start
        )
        found: defaultdict[int, list[health.Start]] = defaultdict(list)
        for row in self._fetch_all(_starts(places)) if places else ():
            found[row.source_id].append(
                health.Start(
                    row.id,
                    row.last_success,
                    row.due_at,
                    row.failures,
                    gone=row.gone,
                    rows=row.rows,
                    awaited_at=row.awaited_at,
                )
            )
        return found

    def _rows_in_all(self, declared: dict[int, Source]) -> dict[int, int]:
        """Return how many rows stand on all pages of the lists that have more than one page."""
        paged = [id for id, one in declared.items() if one.listing and one.listing.more and not one.periodic]
        query = _ROWS.where(page.c.source_id.in_(paged))
        return {row.source_id: row.number for row in self._fetch_all(query)} if paged else {}

    def _days(self, declared: Collection[int]) -> defaultdict[int, list[datetime]]:
        """Return the latest moments at which items of each source appeared."""
        found: defaultdict[int, list[datetime]] = defaultdict(list)
        for row in self._fetch_all(_APPEARED, {"sources": list(declared)}):
            found[row.source_id].append(row.at)
        return found

    def _ended(self, declared: Collection[int], now: datetime) -> dict[int, tuple[int, int]]:
        """Return number and length in seconds of recent gaps, of the start page that was missed longest.

        Added up over pages, one outage would count once for each.
        """
        values = {"sources": list(declared), "since": now - health.RECENT_GAPS}
        rows = sorted(self._fetch_all(_ENDED, values), key=lambda row: row.seconds)
        return {row.source_id: (row.gaps, round(row.seconds)) for row in rows}


class CoverageWrites(CoverageReads):
    """Writing of gaps, and of what came of trials."""

    def put_trials(self, trials: Collection[Trial]) -> None:
        """Note what came of addresses in place of what came of them before."""
        anew = {(one.source, one.url) for one in trials}
        kept = [one for one in self.trials() if (one.source, one.url) not in anew]
        value = codec.dumps([*kept, *trials])
        insert = self._upsert(setting).values(name=_TRIALS, value=value)
        self._db.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    """Writing of gaps."""

    def add_gap(self, source_id: str, new: Gap) -> Gap:
        """Store a gap of a source's start page, and return it with its id. Raises NotFound."""
        values = {
            "source_id": self._known_source(source_id),
            "page_id": new.page,
            "began_at": new.began_at,
            "ended_at": new.ended_at,
            "visits": new.visits,
            "outcome": new.outcome,
            "detail": new.detail,
        }
        return replace(new, id=self._insert(gap, values))


@dataclass(frozen=True, slots=True)
class _Found:
    """What is asked of all sources at once, by their ids in the database."""

    pages: dict[int, int]
    notices: dict[int, int]
    alerts: dict[int, int]
    starts: defaultdict[int, list[health.Start]]
    days: defaultdict[int, list[datetime]]
    ended: dict[int, tuple[int, int]]
    rows_in_all: dict[int, int]


def _covered(row: Row[Any], declared: Source, found: _Found, now: datetime) -> Coverage:
    starts = found.starts[row.id]
    rows = [start.rows for start in starts if start.rows is not None]
    if rows and row.id in found.rows_in_all:  # what is expected is said of all pages of a list together
        rows = [found.rows_in_all[row.id] // len(declared.start)]
    count, seconds = found.ended.get(row.id, (0, 0))
    covered = Coverage(
        source=declared.id,
        pages=found.pages.get(row.id, 0),
        notices=found.notices.get(row.id, 0),
        last_checked=_visited(row),
        # a page that does not fail was read when it was visited last
        last_success=_latest(row.checked_well, row.read_before_failing),
        last_new_item=row.last_new_item,
        # a new version, or a withdrawal, which leaves none
        last_changed=_latest(row.last_version, row.last_told),
        failures=row.failures,
        alerts=found.alerts.get(row.id, 0),
        withdrawn=row.withdrawn,
        every=declared.every,
        quiet_after=declared.quiet_after,
        expected=declared.listing.expect if declared.listing else None,
        rows=(min(rows), max(rows)) if rows else None,
        usual=health.usual(moment.astimezone(JST).date() for moment in found.days[row.id]),
        gaps=count,
        gap_seconds=seconds,
    )
    covered = replace(covered, open_gap=health.open_gap(declared, starts, now))
    return replace(covered, state=health.state(declared, covered, starts, now))


def _visited(row: Row[Any]) -> datetime | None:
    return _latest(row.checked_well, row.checked_in_vain)


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)


def _sources() -> sa.Select[Any]:
    """Select each source with the ends of its indexes. Nothing here may walk over its pages."""
    mine, failing = page.c.source_id == source.c.id, page.c.failures > 0
    asked = {
        "failures": select(func.count()).where(mine, failing),
        "withdrawn": select(func.count()).where(mine, failing, page.c.gone),
        "checked_well": select(func.max(page.c.last_checked)).where(mine, page.c.failures == 0),
        "checked_in_vain": select(func.max(page.c.last_checked)).where(mine, failing),
        "read_before_failing": select(func.max(page.c.last_success)).where(mine, failing),
        "last_version": select(func.max(page.c.last_changed)).where(mine),
        "last_told": select(func.max(change.c.detected_at)).where(change.c.source_id == source.c.id),
        "last_new_item": select(func.max(notice.c.first_seen)).where(notice.c.source_id == source.c.id),
    }
    answers = [query.correlate(source).scalar_subquery().label(name) for name, query in asked.items()]
    return select(source.c.id, source.c.declaration, *answers).order_by(source.c.slug)


def _number(table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select how many rows of a table each source has.

    Counted together: PostgreSQL reads the rows themselves for it, and for all sources that is one pass.
    """
    counted = select(table.c.source_id, func.count().label("number"))
    return counted.where(*where).group_by(table.c.source_id)


def _appeared() -> sa.Select[Any]:
    """Return the latest moments in the index of each source, one by one: it may hold thousands of each."""
    latest = select(func.max(notice.c.appeared_at))
    first = select(
        source.c.id.label("source_id"),
        latest.where(notice.c.source_id == source.c.id).scalar_subquery().label("at"),
        sa.literal(1).label("number"),
    ).where(source.c.id.in_(bindparam("sources", expanding=True)))
    walk = first.cte("walk", recursive=True)
    before = latest.where(notice.c.source_id == walk.c.source_id, notice.c.appeared_at < walk.c.at)
    walk = walk.union_all(
        select(walk.c.source_id, before.scalar_subquery(), walk.c.number + 1).where(
            walk.c.number < _NEWS_DAYS, walk.c.at.is_not(None)
        )
    )
    return select(walk.c.source_id, walk.c.at).where(walk.c.at.is_not(None))


@lru_cache(100)
def _starts(places: tuple[tuple[int, bytes, str], ...]) -> Prepared:
    # joined: SQLite looks through all pages for those whose columns are IN a list of such triples
    columns = [sa.column(key, page.c[key].type) for key in ("source_id", "url_hash", "role")]
    place = sa.values(*columns, name="place").data(list(places)).cte("place")
    same = [place.c[column.key] == page.c[column.key] for column in columns]
    wanted = ("id", "source_id", "last_success", "due_at", "failures", "gone", "rows", "awaited_at")
    return Prepared(select(*(page.c[key] for key in wanted)).join(place, sa.and_(*same)))


_SOURCES = _sources()
_PAGES, _NOTICES = _number(page), _number(notice)
_ROWS = (
    select(page.c.source_id, func.sum(page.c.rows).label("number"))
    .where(page.c.role == "listing", page.c.failures == 0, page.c.rows.is_not(None))
    .group_by(page.c.source_id)
)
_also = page.alias()
# A page never seen alive is gone without a word: what told of it stays open. So does what tells of a listing
# that fails at the same address.
_TOLD_AS_GONE = (
    page.c.gone
    & (
        page.c.version_id.is_not(None)
        | sa.exists().where(notice.c.page_id == page.c.id, notice.c.status == "withdrawn")
    )
    & ~sa.exists().where(
        _also.c.source_id == page.c.source_id,
        _also.c.url_hash == page.c.url_hash,
        _also.c.failures > 0,
        ~_also.c.gone,
    )
)
# That it is gone explains what failed there before, once that was seen again.
_EXPLAINED = (alert.c.kind == "missing") | (alert.c.last_seen < page.c.last_checked)
_IS_OPEN = ~sa.exists().where(
    page.c.source_id == alert.c.source_id,
    page.c.url_hash == alert.c.url_hash,
    (page.c.last_success > alert.c.last_seen) | (_TOLD_AS_GONE & _EXPLAINED),
)
_LAST_CRAWL = select(run.c.started_at).where(run.c.command == "crawl").order_by(run.c.id.desc()).limit(1)
_OPEN_ALERTS = _number(alert, _IS_OPEN)
_IN_ORDER = ALERTS.order_by(alert.c.id)
_LASTING = _IN_ORDER.where(alert.c.kind.in_(LASTING_ALERTS), _IS_OPEN)
_LATELY = _IN_ORDER.where(
    alert.c.kind.in_(PASSING_ALERTS), alert.c.last_seen >= bindparam("since", type_=alert.c.last_seen.type)
)
_APPEARED = _appeared()
_SINCE = bindparam("since", type_=gap.c.ended_at.type)
_BEGAN_WITHIN = sa.case((gap.c.began_at < _SINCE, _SINCE), else_=gap.c.began_at)
_ENDED = (
    select(
        gap.c.source_id,
        func.count().label("gaps"),
        # of a gap that began before, only what lies within
        func.sum(seconds_between(_BEGAN_WITHIN, gap.c.ended_at)).label("seconds"),
    )
    .where(gap.c.source_id.in_(bindparam("sources", expanding=True)), gap.c.ended_at >= _SINCE)
    .group_by(gap.c.source_id, gap.c.page_id)
)
_LATEST = Prepared(
    select(page.c.id, page.c.url)
    .join(source)
    .where(source.c.slug == bindparam("source"), page.c.last_checked.is_not(None))
    .order_by(page.c.last_checked.desc())
    .limit(bindparam("limit", type_=sa.Integer))
)
_WELL = page.c.failures == 0
_INTERVAL = seconds_between(page.c.last_checked, page.c.due_at)
_RHYTHM = (
    select(
        func.count().label("pages"),
        func.min(page.c.due_at).label("next_due"),
        func.min(_INTERVAL).filter(_WELL).label("shortest"),
        func.max(_INTERVAL).filter(_WELL).label("longest"),
    )
    .join_from(page, source)
    .where(source.c.slug == bindparam("source"), page.c.role == "page", ~page.c.gone)
)


def _gap(row: Row[Any]) -> Gap:
    return Gap(
        page=row.page_id,
        began_at=row.began_at,
        ended_at=row.ended_at,
        visits=row.visits,
        outcome=row.outcome,
        detail=row.detail,
        id=row.id,
    )
