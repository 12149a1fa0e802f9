"""What a crawl looks at: the pages that are due, with what the server gave us to ask again by."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Self
from urllib.parse import urldefrag

from scrapy.crawler import Crawler

from monitor.clock import Now, make_clock
from monitor.config import database_url, requests_a_day
from monitor.crawl.day_budget import DayBudget, DueVisit
from monitor.crawl.selection import choose_sources
from monitor.track.fallback import find_sickness, is_in_place
from monitor.track.judge.recipe import make_listing_recipe
from storage.archive import Archive, Reader, open_archive
from storage.query import Watched
from storage.records import Role, Row, Source, Validators, Visit
from storage.text.japanese import JST
from storage.text.urls import fetchable, hostname
from storage.topics.health import latest_plan
from storage.topics.leasing.due import ALL
from storage.topics.pages import url_hash

FULL_FETCH_EVERY = timedelta(days=14)
"""Servers with broken ETags exist: this often a page is fetched without validators."""


class ArchiveAgenda:
    """Asks the archive what is due. ``everything`` asks for known pages whether due or not.

    ``hosts`` are those whose pages are looked at; all where none is named. What their lists lead to is
    visited wherever it stands. Of what is due on a host no more than ``most`` pages are looked at, and where
    it bears fewer today, as many.
    """

    def __init__(
        self,
        archive: Archive,
        sources: Sequence[Source],
        now: Now,
        *,
        everything: bool,
        hosts: Collection[str] = (),
        most: int = ALL,
    ) -> None:
        self.archive = archive
        self.sources = sources
        self.now = now
        self.everything = everything
        self.hosts = hosts
        self.most = most
        self.left_out: Collection[str] = ()
        """Hosts that are not looked at, though they may be asked for."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the archive and choose the sources that the settings name. Raises UnknownSource."""
        settings = crawler.settings
        archive = open_archive(settings.get("KOHYO_DB") or database_url())
        now = make_clock(settings.get("KOHYO_NOW"))
        return cls(
            archive,
            choose_sources(archive, settings),
            now,
            everything=settings.getbool("KOHYO_ALL"),
            hosts=frozenset(settings.getlist("KOHYO_HOSTS")),
        )

    def visits(self, source: Source) -> list[Visit]:
        """Return what to look at now on hosts asked for: start addresses first, then known pages, each once.

        Only pages that are due are read, however many are known, and nothing of a source that has no business
        on the hosts asked for.
        """
        if not self._may_have_visits(source):
            return []
        now = self.now()
        latest = self._latest(source, now)
        with self.archive.read() as reader:
            fallback = source.fallback if find_sickness(reader, source, now) else ()
            starts = [url for url in (*source.start, *fallback) if self._is_asked(hostname(url))]
            asked = _find_starts(reader, source, starts)
            asked |= _leave_resting(self._due_pages(reader, source, now, latest), source, fallback)
            due = [
                one
                for one in asked.values()
                if not isinstance(one, Watched) or self._is_due(one, now, latest)
            ]
            known = [one for one in due if isinstance(one, Watched)]
            files = reader.files_of(known)
            due = self._within_budget(due, files, {url_hash(url) for url in starts}, now)
            anew = {page.id for page in known if _is_asked_whole(reader, source, page)}
        return [
            self._again(one, now, files, anew=one.id in anew) if isinstance(one, Watched) else one
            for one in due
        ]

    def _due_pages(self, reader: Reader, source: Source, now: datetime, latest: datetime) -> list[Watched]:
        """Return the pages that are due on hosts asked for, no more of each host than it bears today."""
        if self.everything:
            return [page for page in reader.watched(source.id) if self._is_asked(page.host)]
        today, resting, hosts = now.astimezone(JST).date(), len(source.fallback), {}
        for host, due in self.due_hosts.get(source.id, {}).items():
            if not self._is_asked(host):
                continue
            left = min(self._budget.left(host, today), self.most)
            if due <= left:
                hosts[host] = ALL
            elif left:
                hosts[host] = left + resting  # of those before the others some may rest
        return reader.due_pages(source.id, now, latest, hosts, lists=not source.periodic)

    @cached_property
    def due_hosts(self) -> dict[str, dict[str, int]]:
        """On which hosts each source has pages that are due, and how many; asked for once in a run."""
        now, found = self.now(), defaultdict[str, dict[str, int]](dict)
        latest = min((self._latest(source, now) for source in self.sources), default=now)
        most = int(min(self._budget.budget, self.most)) + 1  # it is enough to know that more are due
        with self.archive.read() as reader:
            for (source, host), due in reader.due_hosts(now, latest, most, self.hosts).items():
                found[source][host] = due
        return found

    def _may_have_visits(self, source: Source) -> bool:
        """Tell whether a source begins on hosts that are looked at, or has pages there that are due."""
        named = map(hostname, (*source.start, *source.fallback))
        return self.everything or any(
            self._is_asked(host) for host in (*named, *self.due_hosts.get(source.id, ()))
        )

    def _is_asked(self, host: str) -> bool:
        return (not self.hosts or host in self.hosts) and host not in self.left_out

    def visit(self, source: Source, row: Row) -> Visit | None:
        """Visit the page of a row met in a listing.

        None where the row is off the listing's topic, or where its page is known and waits for its own time.
        """
        from monitor.radar import answer_row

        address = fetchable(row.url)
        if answer_row(source, row).answer == "no":
            return None
        with self.archive.read() as reader:
            page = reader.page(source.id, address, "page")
        known = page is not None and page.last_checked is not None
        return None if known else Visit(source.id, address, "page", row=row)

    def listing(self, source: Source, url: str) -> Visit | None:
        """Return the visit of a further listing; None where it is known, and waits for its own time.

        Where each list is of a month or year, none is visited but with those that lead there, since it would
        be for ever: it is due then if half of its time has passed.
        """
        now = self.now()
        with self.archive.read() as reader:
            page = reader.watched_at(source.id, url, "listing")
        if page is None:
            return Visit(source.id, url, "listing")
        soon = page.due_at and page.due_at - timedelta(seconds=source.every / 2)
        if not source.periodic or not self._is_due(
            replace(page, due_at=soon), now, self._latest(source, now)
        ):
            return None
        return self._again(page, now, {}, anew=_leads_on(source, page))

    def close(self) -> None:
        """Close the archive's connections."""
        self.archive.close()

    def _is_due(self, page: Watched, now: datetime, latest: datetime) -> bool:
        """Tell whether its time has come. What a clock that was ahead put off for years waits no longer."""
        if self.everything or page.due_at is None or page.due_at <= now:
            return True
        return page.due_at > latest

    @cached_property
    def _budget(self) -> DayBudget:
        """What hosts bear today, read once in a run; what is handed out since is counted with it."""
        with self.archive.read() as reader:
            return DayBudget(requests_a_day(), reader.host_paces())

    def _latest(self, source: Source, now: datetime) -> datetime:
        """Return the last moment for which anybody plans whose clock is right, be a budget ever so short."""
        return latest_plan(source, now, self._budget.stretch)

    def _within_budget(
        self,
        due: Sequence[Watched | Visit],
        files: Mapping[int, Sequence[Watched]],
        starting: Collection[bytes],
        now: datetime,
    ) -> list[Watched | Visit]:
        """Leave out what would exceed the day's budget of a host."""
        today = now.astimezone(JST).date()
        hosts = Counter(one.host if isinstance(one, Watched) else hostname(one.url) for one in due)
        for page in due:
            if isinstance(page, Watched) and page.id in files:
                hosts[page.host] += len(files[page.id])
        if self.everything or self._budget.bears(hosts, today):
            return list(due)
        wanted = [
            DueVisit(hostname(one.url), 1, 0.0)
            if not isinstance(one, Watched) or one.at in starting
            else DueVisit(
                one.host,
                1 + len(files.get(one.id, ())),
                one.due_at.timestamp() if one.due_at else 1.0,
            )
            for one in due
        ]
        chosen = self._budget.choose(wanted, today)
        return [one for place, one in enumerate(due) if place in chosen]

    def _again(
        self, page: Watched, now: datetime, files: Mapping[int, Sequence[Watched]], *, anew: bool = False
    ) -> Visit:
        # What was fetched in the future, by a clock that was ahead, is no nearer than that.
        stale = page.fetched_at is None or abs(now - page.fetched_at) >= FULL_FETCH_EVERY
        hanging = files.get(page.id, ()) if page.role == "page" else ()
        return Visit(
            source=page.source,
            url=page.url,
            role=page.role,
            validators=Validators() if stale or page.held or anew else page.validators,
            sha256=page.sha256,
            confirm=page.role == "page" and page.version is not None and not page.settled,
            attachments=tuple(self._again(file, now, files) for file in hanging),
        )


def _find_starts(
    reader: Reader, source: Source, urls: Sequence[str]
) -> dict[tuple[bytes, Role], Watched | Visit]:
    """Find the pages at the addresses that a source begins with; of those never visited, the visit."""
    role: Role = "listing" if source.listing is not None else "page"
    found: dict[tuple[bytes, Role], Watched | Visit] = {}
    for url in urls:
        known = reader.watched_at(source.id, url, role)
        found[url_hash(url), role] = known or Visit(source.id, urldefrag(url).url, role)
    return found


def _leave_resting(
    pages: Sequence[Watched], source: Source, fallback: Sequence[str]
) -> dict[tuple[bytes, Role], Watched | Visit]:
    """Leave out what stands in for a list while that is well, and lists of former months."""
    resting = set(map(url_hash, source.fallback)) - set(map(url_hash, fallback))
    return {
        (page.at, page.role): page
        for page in pages
        if page.role == "page" or (page.role == "listing" and not source.periodic and page.at not in resting)
    }


def _is_asked_whole(reader: Reader, source: Source, page: Watched) -> bool:
    """Tell whether a page is asked for whole though it may be as it was."""
    return page.role == "listing" and (_is_read_otherwise(reader, source, page) or _leads_on(source, page))


def _leads_on(source: Source, page: Watched) -> bool:
    """Tell whether lists are visited by the links of this page alone, so that it is asked for whole."""
    if not source.periodic or page.role != "listing" or source.listing is None:
        return False
    return bool(source.listing.index or source.listing.more)


def _is_read_otherwise(reader: Reader, source: Source, page: Watched) -> bool:
    """Tell whether the rows of a listing were read by other rules than today's.

    Who changed a declaration waits for what it brings, and not for the page to change.
    """
    if page.version is None or source.listing is None:
        return False
    read_as = source.in_place() if is_in_place(source, page.url) else source
    return reader.recipe(page.version) != make_listing_recipe(read_as)
