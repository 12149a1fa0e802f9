"""Sources, their pages, and the checks that pages were looked at."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Integer, Row, bindparam, select

from storage.db import codec
from storage.db.prepared import Prepared, Values
from storage.db.session import Session
from storage.db.tables import alert, check, host_block, host_pace, offer, page, page_blocks, snapshot, source
from storage.query import HostPace, Watched
from storage.records import Check, Learned, Page, Role, Source, Validators
from storage.text.japanese import JST
from storage.text.urls import hostname, place

_PAGE_COLUMNS = select(page, source.c.slug.label("source")).join(source)
_PAGE_BY_URL = Prepared(
    _PAGE_COLUMNS.where(
        source.c.slug == bindparam("source"), page.c.url_hash == bindparam("url_hash")
    ).order_by(page.c.id)
)
_PAGES_OF_SOURCE = Prepared(_PAGE_COLUMNS.where(source.c.slug == bindparam("source")).order_by(page.c.id))
_PAGE_BY_ID = Prepared(_PAGE_COLUMNS.where(page.c.id == bindparam("id")))
_ATTACHMENTS = Prepared(_PAGE_COLUMNS.where(page.c.parent_id == bindparam("parent")).order_by(page.c.id))
WATCHED = (
    select(
        page.c.id,
        source.c.slug.label("source"),
        *(
            page.c[name]
            for name in ("url", "url_hash", "host", "role", "parent_id", "etag", "last_modified", "due_at")
        ),
        *(page.c[name] for name in ("fetched_at", "held", "version_id", "settled")),
        snapshot.c.sha256,
    )
    .join(source, source.c.id == page.c.source_id)
    .outerjoin(snapshot, snapshot.c.id == page.c.snapshot_id)
)
"""What a visit needs of pages."""
_OF_SOURCE = source.c.slug == bindparam("source")
_WATCHED_OF_SOURCE = Prepared(WATCHED.where(_OF_SOURCE))
_WATCHED_BY_URL = Prepared(
    WATCHED.where(_OF_SOURCE, page.c.url_hash == bindparam("url_hash"), page.c.role == bindparam("role"))
)
_IDS = bindparam("ids", type_=sa.Text())
_FILES = {  # as `among` has it, for either engine; composed anew it would take as long as asking
    is_sqlite: Prepared(WATCHED.where(hanging).order_by(page.c.id))
    for is_sqlite, hanging in (
        (True, page.c.parent_id.in_(select(sa.func.json_each(_IDS).table_valued("value").c.value))),
        (False, page.c.parent_id == sa.any_(sa.cast(_IDS, sa.ARRAY(sa.BigInteger)))),
    )
}
_LOOKED_AT = Prepared(
    select(check.c.id)
    .join(page, page.c.id == check.c.page_id)
    .join(source, source.c.id == page.c.source_id)
    .where(
        source.c.slug == bindparam("slug"),
        page.c.url_hash == bindparam("hash"),
        check.c.checked_at == bindparam("at"),
    )
    .limit(1)
)
_HOST_PACE = Prepared(select(host_pace).where(host_pace.c.host == bindparam("host")))
_TODAY = bindparam("today", type_=host_pace.c.day.type)
_COUNT_REQUEST = Prepared(
    host_pace.update()
    .where(host_pace.c.host == bindparam("named"))
    .values(
        promised=host_pace.c.promised + bindparam("more_promised", type_=sa.Float()),
        wished=host_pace.c.wished + bindparam("more_wished", type_=sa.Float()),
        requests=bindparam("more", type_=sa.Integer())
        + sa.case((host_pace.c.day == _TODAY, host_pace.c.requests), else_=0),
        day=_TODAY,
    )
    .returning(host_pace)
)
_WEEK = Prepared(select(source.c.week).where(source.c.slug == bindparam("source")))
_HOST_BLOCKS = Prepared(
    select(host_block.c.key, host_block.c.pages).where(
        host_block.c.host == bindparam("host"), host_block.c.pages >= bindparam("at_least")
    )
)
_CHECKS = Prepared(
    select(check)
    .where(check.c.page_id == bindparam("page"))
    .order_by(check.c.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
_PAGE_BLOCKS = Prepared(
    select(page_blocks.c.blocks, page_blocks.c.host).where(page_blocks.c.page_id == bindparam("page"))
)
_PUT_WEEK = Prepared(source.update().where(source.c.slug == bindparam("of")), ["week"])
_ADD_PAGE_BLOCKS = Prepared(page_blocks.insert(), ("page_id", "host", "blocks"))
_PUT_PAGE_BLOCKS = Prepared(
    page_blocks.update().where(page_blocks.c.page_id == bindparam("page")), ("host", "blocks")
)
_STATE = (
    "parent_id",
    "etag",
    "last_modified",
    "due_at",
    "last_checked",
    "last_success",
    "last_changed",
    "failures",
    "missing_since",
    "gone",
    "snapshot_id",
    "version_id",
    "held",
    "volatile",
    "changes_seen",
    "settled",
    "fetched_at",
    "rows",
    "planned",
    "awaited_at",
    "stirred_at",
    "shape",
    "exposure",
    "pace",
)
"""What of a page changes from visit to visit."""
_SOURCE = Prepared(select(source.c.declaration).where(source.c.slug == bindparam("slug")))
_PUT_PAGE = Prepared(page.update().where(page.c.id == bindparam("row")), _STATE)
_TOLD_OF = Prepared(select(page.c.version_id, page.c.parent_id).where(page.c.id == bindparam("row")))


@lru_cache(2_048)  # every page and feed names all sources
def _declared(stored: str) -> Source:
    return codec.loads(Source, stored)


class PageReads(Session):
    """Questions about sources, their pages and the checks of these."""

    def sources(self) -> list[Source]:
        """Return all sources, as they were declared last, by their ids."""
        rows = self._fetch_all(select(source.c.declaration).order_by(source.c.slug))
        return [_declared(row.declaration) for row in rows]

    def source(self, id: str) -> Source | None:
        """Return a source as it was declared last, or None."""
        row = self._fetch_one(_SOURCE, {"slug": id})
        return _declared(row.declaration) if row else None

    def page(self, source: str, url: str, role: Role | None = None) -> Page | None:
        """Find the page of a source at an address; the oldest of several roles where none is asked for."""
        rows = self._fetch_all(_PAGE_BY_URL, {"source": source, "url_hash": url_hash(url)})
        return next((_page(row) for row in rows if role in (None, row.role)), None)

    def page_by_id(self, id: int) -> Page | None:
        """Return a page, or None."""
        row = self._fetch_one(_PAGE_BY_ID, {"id": id})
        return _page(row) if row else None

    def pages_at(self, url: str) -> list[Page]:
        """Return the pages at an address, of every source that watches it and in every role."""
        query = _PAGE_COLUMNS.where(
            page.c.source_id.in_(select(source.c.id)), page.c.url_hash == url_hash(url)
        )
        return [_page(row) for row in self._fetch_all(query.order_by(page.c.id))]

    def pages(self, source: str | None = None, role: Role | None = None) -> list[Page]:
        """Return pages in the order they were met: of one source, of one role, or all."""
        if source is not None and role is None:
            return [_page(row) for row in self._fetch_all(_PAGES_OF_SOURCE, {"source": source})]
        query = _PAGE_COLUMNS.order_by(page.c.id)
        if source is not None:
            query = query.where(page.c.source_id == self._source_id(source))
        if role is not None:
            query = query.where(page.c.role == role)
        return [_page(row) for row in self._fetch_all(query)]

    def watched(self, source: str) -> list[Watched]:
        """Return what a visit needs of every page of a source, in the order they were met."""
        rows = self._fetch_all(_WATCHED_OF_SOURCE, {"source": source})
        return sorted(map(as_watched, rows), key=attrgetter("id"))

    def watched_at(self, source: str, url: str, role: Role) -> Watched | None:
        """Return what a visit needs of the page at an address, or None."""
        row = self._fetch_one(_WATCHED_BY_URL, {"source": source, "url_hash": url_hash(url), "role": role})
        return as_watched(row) if row else None

    def files_of(self, pages: Iterable[Watched]) -> defaultdict[int, list[Watched]]:
        """Return the files that hang on pages, also those that did once, by the page's id."""
        found: defaultdict[int, list[Watched]] = defaultdict(list)
        if ids := ",".join(str(one.id) for one in pages if one.role == "page"):
            sqlite = self._is_sqlite
            query, listed = _FILES[sqlite], f"[{ids}]" if sqlite else f"{{{ids}}}"
            for row in self._fetch_all(query, {"ids": listed}):
                found[row.parent_id].append(as_watched(row))
        return found

    def host_pace(self, host: str) -> HostPace:
        """Return what the pages of a host ask for."""
        row = self._fetch_one(_HOST_PACE, {"host": host})
        return HostPace(row.promised, row.wished, row.day, row.requests) if row else HostPace()

    def host_paces(self) -> dict[str, HostPace]:
        """Return what the pages of every host ask for that was visited."""
        rows = self._fetch_all(select(host_pace))
        return {row.host: HostPace(row.promised, row.wished, row.day, row.requests) for row in rows}

    def week(self, source_id: str) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
        """Return at which hours and on which days changes of a source came, if some did."""
        row = self._fetch_one(_WEEK, {"source": source_id})
        if row is None or row.week is None:
            return None
        hours, days = json.loads(row.week)
        return tuple(hours), tuple(days)

    def attachments_of(self, page_id: int) -> list[Page]:
        """Return the pages of the files that hang on a page, also those that did once."""
        return [_page(row) for row in self._fetch_all(_ATTACHMENTS, {"parent": page_id})]

    def checks(self, page_id: int, limit: int = 100) -> list[Check]:
        """Return the latest checks of a page, newest first."""
        return [_check(row) for row in self._fetch_all(_CHECKS, {"page": page_id, "limit": limit})]

    def checks_since(self, page_id: int, moment: datetime) -> list[Check]:
        """List the checks of a page from a moment on, in order of time, without those of old captures."""
        of_page = (check.c.page_id == page_id) & (check.c.outcome != "earlier")
        query = select(check).where(of_page, check.c.checked_at >= moment)
        return [_check(row) for row in self._fetch_all(query.order_by(check.c.checked_at, check.c.id))]

    def sightings(self, page_id: int) -> list[Check]:
        """Return the checks of a page whose evidence has its bytes, in order of time."""
        query = select(check).join(snapshot, snapshot.c.id == check.c.snapshot_id)
        query = query.where(check.c.page_id == page_id, snapshot.c.pruned_at.is_(None))
        return [_check(row) for row in self._fetch_all(query.order_by(check.c.checked_at, check.c.id))]

    def pages_with_late_captures(self, source_id: str) -> list[Page]:
        """Return the pages of a source with captures that have no place in their history yet, files too."""
        late = (check.c.outcome == "earlier") & (check.c.detail == "") & check.c.snapshot_id.is_not(None)
        query = _PAGE_COLUMNS.where(source.c.slug == source_id, page.c.role != "listing")
        query = query.where(sa.exists().where(check.c.page_id == page.c.id, late))
        return [_page(row) for row in self._fetch_all(query.order_by(page.c.id))]

    def checks_of_source(
        self, source_id: str, limit: int | None = None, after: int | None = None
    ) -> list[tuple[str, Check]]:
        """Return the checks of all pages of a source with their addresses, newest first.

        ``after`` is the id of the last check already seen.
        """
        pages = select(check, page.c.url).join(page, page.c.id == check.c.page_id)
        query = pages.join(source, source.c.id == page.c.source_id).where(source.c.slug == source_id)
        if after is not None:
            query = query.where(check.c.id < after)
        return [
            (row.url, _check(row)) for row in self._fetch_all(query.order_by(check.c.id.desc()).limit(limit))
        ]

    def check(self, id: int) -> Check | None:
        """Return a check, or None."""
        row = self._fetch_one(select(check).where(check.c.id == id))
        return _check(row) if row else None

    def was_checked(self, source_id: str, url: str, at: datetime) -> bool:
        """Tell whether a look at this moment is on record, as when a file is imported twice."""
        values = {"slug": source_id, "hash": url_hash(url), "at": at}
        return self._fetch_one(_LOOKED_AT, values) is not None

    def is_first_visit(self, source_id: str, run: int | None) -> bool:
        """Tell whether nothing of a source was ever read before this run."""
        return self._fetch_one(_READ_BEFORE, {"slug": source_id, "run": run}) is None

    def blocks_elsewhere(self, page_id: int, host: str, at_least: int) -> dict[str, int]:
        """Count the other pages of a host on which each block stands, where they are ``at_least`` so many."""
        known = self._fetch_one(_PAGE_BLOCKS, {"page": page_id})
        own = set(json.loads(known.blocks)) if known and known.host == host else set()
        rows = self._fetch_all(_HOST_BLOCKS, {"host": host, "at_least": at_least})
        counted = {row.key: row.pages - (row.key in own) for row in rows}
        return {key: pages for key, pages in counted.items() if pages >= at_least}


_READ_BEFORE = Prepared(
    select(check.c.id)
    .join(page, page.c.id == check.c.page_id)
    .join(source, source.c.id == page.c.source_id)
    .where(
        source.c.slug == bindparam("slug"),
        sa.or_(*(check.c.outcome == outcome for outcome in ("version", "same-text", "same-bytes"))),
        check.c.run_id.is_distinct_from(bindparam("run")),
    )
    .limit(1)
)
_DECLARED = Prepared(
    select(source.c.name, source.c.kind, source.c.declaration).where(source.c.slug == bindparam("slug"))
)


class PageWrites(PageReads):
    """Writing of sources, pages and checks."""

    def put_source(self, new: Source) -> None:
        """Store what is declared of a source, new or known by its id."""
        values = {"name": new.name, "kind": new.kind, "declaration": codec.dumps(new)}
        known = self._fetch_one(_DECLARED, {"slug": new.id})
        if known is not None and known._asdict() == values:
            return  # every crawl declares every source, and pages are made anew where one is told of
        self.told = True
        insert = self._upsert(source).values(slug=new.id, **values)
        self._db.execute(insert.on_conflict_do_update(index_elements=["slug"], set_=values))

    def add_page(
        self, source: str, url: str, role: Role, *, parent: int | None = None, due_at: datetime | None = None
    ) -> Page:
        """Return a page to watch; the one already known, if it is."""
        known = self.page(source, url, role)
        if known is not None:
            return known
        new = Page(id=0, source=source, url=url, role=role, parent=parent, due_at=due_at)
        key = {"source_id": self._known_source(source), "role": role, **_address(url)}
        id = self._insert(page, {**key, **_page_values(new)})
        return Page(id=id, source=source, url=url, role=role, parent=parent, due_at=due_at)

    def put_page(self, state: Page) -> None:
        """Write the state of a page; source, address and role stay as they are."""
        before = self._fetch_one(_TOLD_OF, {"row": state.id})
        self.told |= before is not None and tuple(before) != (state.version, state.parent)
        self._fetch_all(_PUT_PAGE, {"row": state.id, **_page_values(state)})

    def respell(self, page_id: int, url: str) -> None:
        """Note the address at which a page is to be asked for from now on, unless another page has it."""
        known = self.page_by_id(page_id)
        if known is None or known.url == url or self.page(known.source, url, known.role) not in (None, known):
            return
        self._db.execute(page.update().where(page.c.id == page_id).values(**_address(url)))

    def sort_addresses(self) -> None:
        """Look every stored address up by today's form of it (storage.text.urls).

        Of pages that turn out to be one, the one visited last is found from now on; the others keep what
        they were found by, and their history.
        """
        for table, owner in ((alert, ()), (offer, ("source_id",)), (page, ("source_id", "role"))):
            columns = [table.c.id, table.c.url, table.c.url_hash, *(table.c[name] for name in owner)]
            last = table.c.last_checked.is_(None) if table is page else table.c.id
            newest = (table.c.last_checked.desc(),) if table is page else ()
            taken: set[tuple[Any, ...]] = set()
            renamed = []
            for row in self._fetch_all(select(*columns).order_by(last, *newest, table.c.id)):
                found = url_hash(row.url)
                key = (found, *(getattr(row, name) for name in owner))
                if not owner or key not in taken:
                    taken.add(key)
                    if row.url_hash != found:
                        renamed.append({"row": row.id, "found": found})
                elif row.url_hash == found:  # it was found by this form before; now another is
                    renamed.append({"row": row.id, "found": hashlib.sha256(row.url.encode()).digest()[:16]})
            if renamed:
                statement = table.update().where(table.c.id == bindparam("row"))
                # Two steps, since for a moment two rows might be found by one form.
                apart = [{**one, "found": b"%d" % one["row"]} for one in renamed] if owner else []
                for values in filter(None, (apart, renamed)):
                    self._db.execute(statement.values(url_hash=bindparam("found")), values)

    def count_request(
        self, host: str, now: datetime, requests: int, step: float, *, promised: bool
    ) -> HostPace:
        """Count requests to a host, and by how many visits a day one of its pages asks for more than before.

        ``promised``: the page waits for no budget.
        """
        today = now.astimezone(JST).date()
        values: Values = {"host": host, "day": today, "requests": requests}
        steps = {"promised": step if promised else 0.0, "wished": 0.0 if promised else step}
        row = self._fetch_one(
            _COUNT_REQUEST, {"named": host, "today": today, "more": requests, **_more(steps)}
        )
        if row is None:
            self._db.execute(host_pace.insert().values(**values, **steps))
            return HostPace(steps["promised"], steps["wished"], today, requests)
        return HostPace(row.promised, row.wished, row.day, row.requests)

    def put_week(self, source_id: str, hours: Sequence[float], days: Sequence[float]) -> None:
        """Note at which hours and on which days changes of a source came."""
        noted = json.dumps([[round(one, 3) for one in hours], [round(one, 3) for one in days]])
        self._fetch_all(_PUT_WEEK, {"of": source_id, "week": noted})

    def add_check(self, new: Check) -> Check:
        """Store a check, and return it with its id."""
        values = {
            "page_id": new.page,
            "run_id": new.run,
            "checked_at": new.checked_at,
            "outcome": new.outcome,
            "status": new.status,
            "detail": new.detail,
            "snapshot_id": new.snapshot,
        }
        return replace(new, id=self._insert(check, values))

    def say_of_check(self, check_id: int, detail: str) -> None:
        """Note what came of a check after it was stored."""
        self._db.execute(check.update().where(check.c.id == check_id).values(detail=detail))

    def put_host_blocks(self, host: str, page_id: int, keys: Collection[str]) -> None:
        """Note which blocks a page holds now, in place of what it held before."""
        new, known = set(keys), self._fetch_one(_PAGE_BLOCKS, {"page": page_id})
        old: set[str] = set(json.loads(known.blocks)) if known else set()
        if known and new == old:
            return
        values = {"page": page_id, "page_id": page_id, "host": host, "blocks": codec.dumps(sorted(new))}
        self._fetch_all(_PUT_PAGE_BLOCKS if known else _ADD_PAGE_BLOCKS, values)
        self._count_blocks(host, sorted(new - old), 1)
        self._count_blocks(host, sorted(old - new), -1)

    def _count_blocks(self, host: str, keys: list[str], step: int) -> None:
        if not keys:
            return
        insert = self._upsert(host_block).values(host=host, key=bindparam("k"), pages=step)
        count = insert.on_conflict_do_update(
            index_elements=["host", "key"], set_={"pages": host_block.c.pages + step}
        )
        self._db.execute(count, [{"k": key} for key in keys])


def url_hash(url: str) -> bytes:
    """Return what an address is looked up by: the same for all spellings of one place."""
    return hashlib.sha256(place(url).encode("utf-8", "surrogatepass")).digest()[:16]


def _address(url: str) -> Values:
    return {"url": url, "url_hash": url_hash(url), "host": hostname(url)}


def _more(steps: Mapping[str, float]) -> Values:
    return {f"more_{name}": step for name, step in steps.items()}


def as_watched(row: Row[Any]) -> Watched:
    """Make of a row of WATCHED what a visit needs of a page."""
    return Watched(
        row.id,
        row.source,
        row.url,
        row.url_hash,
        row.host,
        row.role,
        Validators(row.etag, row.last_modified),
        row.sha256.hex() if row.sha256 is not None else None,
        row.due_at,
        row.fetched_at,
        row.version_id,
        held=row.held is not None,
        settled=row.settled,
    )


def _page(row: Row[Any]) -> Page:
    return Page(
        id=row.id,
        source=row.source,
        url=row.url,
        role=row.role,
        parent=row.parent_id,
        validators=Validators(row.etag, row.last_modified),
        due_at=row.due_at,
        last_checked=row.last_checked,
        last_success=row.last_success,
        last_changed=row.last_changed,
        failures=row.failures,
        missing_since=row.missing_since,
        gone=row.gone,
        snapshot=row.snapshot_id,
        version=row.version_id,
        held=row.held,
        volatile=tuple(json.loads(row.volatile)),
        changes_seen=row.changes_seen,
        settled=row.settled,
        fetched_at=row.fetched_at,
        rows=row.rows,
        planned=row.planned,
        awaited_at=row.awaited_at,
        stirred_at=row.stirred_at,
        learned=None if row.shape is None else Learned(row.shape, row.exposure),
        pace=row.pace,
    )


def _page_values(state: Page) -> Values:
    return {
        "parent_id": state.parent,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "due_at": state.due_at,
        "last_checked": state.last_checked,
        "last_success": state.last_success,
        "last_changed": state.last_changed,
        "failures": state.failures,
        "missing_since": state.missing_since,
        "gone": state.gone,
        "snapshot_id": state.snapshot,
        "version_id": state.version,
        "held": state.held,
        "volatile": codec.dumps(state.volatile),
        "changes_seen": state.changes_seen,
        "settled": state.settled,
        "fetched_at": state.fetched_at,
        "rows": state.rows,
        "planned": state.planned,
        "awaited_at": state.awaited_at,
        "stirred_at": state.stirred_at,
        "shape": state.learned and state.learned.shape,
        "exposure": state.learned and state.learned.exposure,
        "pace": state.pace,
    }


def _check(row: Row[Any]) -> Check:
    return Check(
        page=row.page_id,
        run=row.run_id,
        checked_at=row.checked_at,
        outcome=row.outcome,
        status=row.status,
        detail=row.detail,
        snapshot=row.snapshot_id,
        id=row.id,
    )
