"""What all spiders share: visit what the agenda asks for, hand over what came. No judgement."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, get_args
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http.cookies import CookieJar
from scrapy.utils.misc import load_object

from spiders.transport import browser
from spiders.transport.capturing import capture, capture_failure, find_break
from spiders.transport.cookies import JAR
from spiders.transport.manners.putting_off import HostTaken, PutOff
from spiders.transport.politeness import DELAY, get_pace
from spiders.transport.safety import PRIVATE
from spiders.transport.workers.lanes import Faulted, TooExpensive, get_workers
from storage.errors import describe_fault
from storage.log_lines import log_event
from storage.records import Capture, Period, Row, Source, SourceKind, Validators, Visit
from storage.text.documents import is_document, is_file_answer
from storage.text.japanese import JST
from storage.text.urls import place

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

MAX_ATTACHMENTS = 40
MAX_STUBS = 3
MAX_LISTINGS = 60
"""Limits for one page and one source in one crawl: a calendar can page on forever."""
SHORT_BYTES = 128 * 1024
"""Up to so many bytes a page is parsed where it arrives; a worker would take longer."""
LEAST_BYTES = 64 * 1024
"""What an attachment may still hold where its page has all but used up its bytes."""


class Agenda(Protocol):
    """What a spider has to be told. Found by the dotted name in the setting AGENDA."""

    @property
    def sources(self) -> Sequence[Source]:
        """The sources this crawl covers."""

    def visits(self, source: Source) -> Sequence[Visit]:
        """Return what is due now: listings and single pages of ``start``, and known pages."""

    def visit(self, source: Source, row: Row) -> Visit | None:
        """Return the visit for a row met in a listing; None when its page is known and not due."""

    def listing(self, source: Source, url: str) -> Visit | None:
        """Return the visit for a listing that a listing points to; None when it is known and not due."""

    def now(self) -> datetime:
        """Return the time in UTC."""

    def close(self) -> None:
        """Release what the agenda holds; the spider asks for nothing more."""


@dataclass(frozen=True, slots=True)
class HostLeft:
    """How many pages of a host a crawl has yet to visit, and how many seconds that takes at its pace."""

    host: str = ""
    pages: int = 0
    seconds: float = 0.0


class SourceSpider(scrapy.Spider):
    """Yields one Capture for each page it was asked to look at, whatever became of it.

    It covers every kind of source; ``kohyo crawl`` runs it as it is, so that one host that serves
    several sources still sees one request at a time.
    """

    name = "sources"
    kinds: ClassVar[frozenset[SourceKind]] = frozenset(get_args(SourceKind))
    agenda: Agenda

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourceSpider:
        """Take agenda and limits from the settings: seconds before a second look, bytes, rows."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.agenda = load_object(crawler.settings["AGENDA"]).from_crawler(crawler)
        spider.confirm_after = crawler.settings.getfloat("CONFIRM_AFTER")
        spider.limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        spider.rows = crawler.settings.getint("LISTING_ROWS")
        spider.page_bytes = crawler.settings.getint("PAGE_BYTES")
        spider.page_seconds = crawler.settings.getfloat("PAGE_SECONDS")
        return spider

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.confirm_after: float = 0.0
        self.limit: int = 0
        self.rows: int = 0
        self.page_bytes: int = 0
        self.page_seconds: float = 0.0
        self.put_off: dict[tuple[str, str], tuple[Visit, int, str]] = {}
        """By source and host (none: all hosts): the first visit put off, how many were, and why."""
        self.taken: set[str] = set()  # hosts of these that another run visits
        self.seen: set[tuple[str, str]] = set()  # a page of two sources is visited for both
        self.planned = 0  # pages found to visit so far
        self.waiting: Counter[str] = Counter()  # of them those without an answer yet, for each host
        self.further: Counter[str] = Counter()  # listings that listings led to, for each source

    async def start(self) -> AsyncIterator[scrapy.Request | Capture]:
        """Yield a request for each visit that is due, for sources of this spider's kinds."""
        due = [
            (source, visit)
            for source in self.agenda.sources
            if source.kind in self.kinds
            for visit in self.agenda.visits(source)
        ]
        self.planned = len(due)
        for source, visit in due:
            if source.browser and not browser.is_installed():
                missing = IgnoreRequest(browser.say_missing())
                yield capture_failure(visit, missing, self.agenda.now(), limit=self.limit)
            else:
                yield self._request(source, visit)

    def find_slowest_host(self) -> HostLeft:
        """Find the host that takes longest at its pace, its answers not counted."""
        pace = get_pace(self.crawler)
        left = (
            HostLeft(host, count, count * pace.delays.get(host, pace.default))
            for host, count in self.waiting.items()
        )
        return max(left, key=lambda one: one.seconds, default=HostLeft())

    def expects(self, pages: int, apart: float) -> bool:
        """Tell whether so many pages have yet to come, so few seconds apart as their hosts bear."""
        pace = get_pace(self.crawler)
        hosts = (host for host, count in self.waiting.items() if count > 0)
        rate = sum(1 / max(pace.delays.get(host, pace.default), 0.001) for host in hosts)
        return self.waiting.total() >= pages and rate * apart > 1

    def closed(self, reason: str) -> None:
        """Close the agenda; Scrapy calls this when the crawl has ended, for whatever reason."""
        self.agenda.close()

    def _request(self, source: Source, visit: Visit) -> scrapy.Request:
        self.seen.add((source.id, place(visit.url)))
        if visit.role == "listing" and place(visit.url) in map(place, source.fallback):
            source = source.in_place()
        listed = visit.role == "listing" and source.listing is not None
        drawn = source.browser and not is_document(visit.url)
        self.waiting[_host(visit)] += 1
        return scrapy.Request(
            visit.url,
            callback=self.parse_listing if listed else self.parse_page,
            errback=self.parse_failure,
            headers={} if drawn else _conditions(visit.validators),
            cb_kwargs={"source": source, "visit": visit},
            meta=self._meta(source, drawn=drawn),
            dont_filter=True,  # Scrapy's filter knows neither sources nor validators
        )

    def _met(self, source: Source, visit: Visit | None, *, further: bool = False) -> Iterator[scrapy.Request]:
        """Yield the request for a visit that a listing led to, unless this crawl has made it already."""
        if visit and (source.id, place(visit.url)) not in self.seen:
            self.planned += 1
            request = self._request(source, visit)
            request.cb_kwargs["further"] = further
            yield request

    # --- answers ---------------------------------------------------------------------------

    async def parse_listing(
        self, response: Response, source: Source, visit: Visit, *, further: bool = False
    ) -> AsyncIterator[Capture | scrapy.Request]:
        """Yield the capture of a listing with its rows, then requests for what it leads to and is due.

        An error of ours becomes a capture with ``fault``, so that no page goes without a row.
        """
        self.waiting[_host(visit)] -= 1
        try:
            async for found in self._listing(response, source, visit):
                yield found
        except Exception as error:
            yield self._failed(response, visit, error)

    def _failed(self, response: Response, visit: Visit, error: Exception) -> Capture:
        """Capture what came together with the error of ours over it, so that no page goes without a row."""
        log_event(logger, "page.failed", logging.ERROR, source=visit.source, url=visit.url, error=error)
        known = isinstance(error, TooExpensive | Faulted)  # it says itself what happened
        return capture(
            visit, response, self.agenda.now(), fault=str(error) if known else describe_fault(error)
        )

    async def _listing(
        self, response: Response, source: Source, visit: Visit
    ) -> AsyncIterator[Capture | scrapy.Request]:
        from spiders.listings import listing  # most lists and pages are as they were, and nobody reads them

        assert source.listing is not None
        if response.status != 200 or find_break(response):
            yield capture(visit, response, self.agenda.now())
            return
        page = {"encoding": source.page.encoding, "content_type": _content_type(response)}
        now, day = self.agenda.now(), self.agenda.now().astimezone(JST).date()
        further = await self._run(
            visit, listing.find_lists, response.body, response.url, source.listing, day, visit.period, **page
        )
        if further:
            yield capture(visit, response, now, rows=(), index=True)
            for period, url in further:
                for one in self._further(source, url, period):
                    yield one
            return
        found = await self._run(visit, listing.try_rows, response.body, response.url, source.listing, **page)
        if isinstance(found, str):
            yield replace(capture(visit, response, self.agenda.now()), error=found)
            return
        cut = f"{len(found)} rows, of which the first {self.rows} are read" if len(found) > self.rows else ""
        found = found[: self.rows]
        more = await self._run(
            visit, listing.find_further, response.body, response.url, source.listing, **page
        )
        yield capture(visit, response, self.agenda.now(), rows=found, cut=cut, further=more)
        for row in found:
            if (source.id, place(row.url)) not in self.seen:
                for request in self._met(source, self.agenda.visit(source, row)):
                    yield request
        for url in more:
            for one in self._further(source, url, visit.period):
                yield one

    async def _run(
        self, visit: Visit, function: Callable[..., Result], body: bytes, *args: Any, **kwargs: Any
    ) -> Result:
        """Read a body here if it is short, and where it can hold up nobody if it is long."""
        if len(body) <= SHORT_BYTES:
            return function(body, *args, **kwargs)
        return await get_workers(self.crawler).run(_host(visit), function, body, *args, **kwargs)

    def _further(self, source: Source, url: str, period: Period | None) -> Iterator[scrapy.Request | Capture]:
        if (source.id, place(url)) in self.seen:
            return
        visit = self.agenda.listing(source, url)
        if visit is None:
            return
        self.further[source.id] += 1
        if self.further[source.id] > MAX_LISTINGS:
            self.seen.add((source.id, place(url)))
            error = IgnoreRequest(f"not visited: more than {MAX_LISTINGS} further listings in one crawl")
            yield capture_failure(visit, error, self.agenda.now(), limit=self.limit)
        else:
            yield from self._met(source, replace(visit, period=period), further=True)

    async def parse_page(
        self, response: Response, source: Source, visit: Visit, *, further: bool = False
    ) -> AsyncIterator[Capture]:
        """Yield one capture of a page, its attachments and, where asked for, its second reading with it.

        An error of ours becomes a capture with ``fault``.
        """
        self.waiting[_host(visit)] -= 1
        try:
            yield await self._page(response, source, visit)
        except HostTaken as error:  # of what belongs to it: it comes as a whole, or in the next run
            self._put_off(visit, error)
        except Exception as error:
            yield self._failed(response, visit, error)

    async def _page(self, response: Response, source: Source, visit: Visit) -> Capture:
        now = self.agenda.now()
        response, stubs = await self._onward(response, source)
        wanted, guessed = await self._attachments(response, source, visit)
        files: list[Capture] = []
        began, held = monotonic(), len(response.body)
        for one in wanted[:MAX_ATTACHMENTS]:
            room = self.page_bytes - held
            if room < LEAST_BYTES or monotonic() - began > self.page_seconds:
                spent = f"{self.page_bytes} bytes" if room < LEAST_BYTES else f"{self.page_seconds:.0f} s"
                enough = IgnoreRequest(f"not fetched: the page and its attachments have taken {spent}")
                files.append(capture_failure(one, enough, now, limit=self.limit))
                continue
            files.append(await self._attachment(source, one, response.meta.get(JAR), room))
            held += len(files[-1].body)
        known = {place(one.url) for one in visit.attachments}
        files = [one for one in files if place(one.url) in known or _is_file(one, guessed)]
        too_many = IgnoreRequest(f"not fetched: the page has more than {MAX_ATTACHMENTS} attachments")
        files += [capture_failure(one, too_many, now, limit=self.limit) for one in wanted[MAX_ATTACHMENTS:]]
        again = await self._again(response, source, visit)
        found = capture(visit, response, now, attachments=tuple(files), again=again)
        if not stubs:
            return found
        return replace(found, redirects=(*stubs, *found.redirects), moved_to=response.url)

    def parse_failure(self, failed: Failure) -> Iterator[Capture]:
        """Yield a capture without an answer for a request that failed.

        Visits put off for lack of time or tries are counted by source and host instead and told once, when
        the crawl is idle. A further listing is captured all the same, since nothing else would bring it back.
        """
        given = failed.request.cb_kwargs  # type: ignore[attr-defined]
        visit: Visit = given["visit"]
        self.waiting[_host(visit)] -= 1
        assert failed.value is not None
        # A further listing is known by the listing alone that led to it; all else comes again by itself.
        if isinstance(failed.value, PutOff) and not given.get("further"):
            self._put_off(visit, failed.value)
            return
        yield capture_failure(visit, failed.value, self.agenda.now(), limit=self.limit)

    def _put_off(self, visit: Visit, error: PutOff) -> None:
        first, count, _ = self.put_off.get((visit.source, error.host), (visit, 0, ""))
        self.put_off[visit.source, error.host] = (first, count + 1, error.reason)
        if isinstance(error, HostTaken):
            self.taken.add(error.host)

    async def _onward(self, response: Response, source: Source) -> tuple[Response, tuple[str, ...]]:
        """Follow pages that only point on, and return the page they lead to with their addresses in order.

        Each step goes through robots.txt, gate and pace; where one fails, the page that pointed there is what
        came. At most MAX_STUBS steps.
        """
        stubs: list[str] = []
        while len(stubs) < MAX_STUBS and response.status == 200 and not find_break(response):
            refresh = (response.headers.get(b"Refresh") or b"").decode("latin-1")
            kind = _content_type(response)
            from spiders.transport.onward import points_to

            target = points_to(response.body, response.url, content_type=kind, refresh=refresh)
            if not target or place(target) in map(place, stubs):
                break
            try:
                further = await self._download(source, target, Validators(), response.meta.get(JAR))
            except HostTaken:
                raise
            except Exception as error:
                log_event(logger, "page.not_followed", url=response.url, target=target, text=error)
                break
            if further.status != 200:
                break
            stubs.append(response.url)
            response = further
        return response, tuple(stubs)

    # --- what belongs to a page --------------------------------------------------------------

    async def _attachments(
        self, response: Response, source: Source, visit: Visit
    ) -> tuple[list[Visit], frozenset[str]]:
        """List known attachments, looked at even when the page itself has not changed, then new ones.

        The places of those that only their names speak for are returned besides.
        """
        if not source.page.attachments or response.status not in (200, 304) or find_break(response):
            return [], frozenset()
        known = {place(one.url): one for one in visit.attachments}
        if response.status != 200 or response.body.startswith(b"%PDF-"):
            return list(known.values()), frozenset()
        from spiders.listings import listing

        linked = await self._run(
            visit,
            listing.find_attachments,
            response.body,
            response.url,
            include=source.page.include,
            exclude=source.page.exclude,
            encoding=source.page.encoding,
            content_type=_content_type(response),
        )
        for url in (*linked.documents, *linked.guessed):
            at = place(url)
            # Known ones are asked for as the page spells them now: a number against caches may be checked.
            known[at] = replace(known[at], url=url) if at in known else Visit(source.id, url, "attachment")
        return list(known.values()), frozenset(map(place, linked.guessed))

    async def _attachment(self, source: Source, visit: Visit, jar: CookieJar | None, room: int) -> Capture:
        limit = min(room, self.limit)
        try:
            response = await self._download(source, visit.url, visit.validators, jar, limit)
        except HostTaken:
            raise
        except Exception as error:
            return capture_failure(visit, error, self.agenda.now(), limit=limit)
        return capture(visit, response, self.agenda.now())

    async def _again(self, response: Response, source: Source, visit: Visit) -> bytes | None:
        """Fetch the same page again after ``confirm_after`` seconds, unconditionally; returns its body.

        What differs between the two readings is noise. None where no confirmation is asked for, the bytes are
        those of the last visit, or the second answer is not whole.
        """
        if not visit.confirm or response.status != 200 or find_break(response):
            return None
        if hashlib.sha256(response.body).hexdigest() == visit.sha256:
            return None
        await asyncio.sleep(self.confirm_after)
        try:
            second = await self._download(source, visit.url, Validators(), drawn=_is_drawn(response))
        except HostTaken:
            raise
        except Exception as error:
            log_event(logger, "page.no_second_look", source=visit.source, url=visit.url, text=error)
            return None
        return second.body if second.status == 200 and not find_break(second) else None

    async def _download(
        self,
        source: Source,
        url: str,
        validators: Validators,
        jar: CookieJar | None = None,
        limit: int | None = None,
        *,
        drawn: bool = False,
    ) -> Response:
        """Fetch through robots.txt, gate, pace, redirects and retries like every request."""
        assert self.crawler.engine is not None
        meta = self._meta(source, drawn=drawn)
        if jar is not None:
            meta[JAR] = jar
        if limit is not None:
            meta["download_maxsize"] = limit
        request = scrapy.Request(url, headers=_conditions(validators), meta=meta, dont_filter=True)
        return await self.crawler.engine.download_async(request)

    def _meta(self, source: Source, *, drawn: bool = False) -> dict[str, Any]:
        """Say of a request on whose behalf it is made, and whether its page is to be drawn."""
        meta = {PRIVATE: source.private, DELAY: source.delay, JAR: CookieJar()}
        return {**meta, **browser.drawing(self.crawler, meta)} if drawn else meta


def _host(visit: Visit) -> str:
    return urlsplit(visit.url).hostname or ""


def _is_file(found: Capture, guessed: Container[str]) -> bool:
    """Tell whether what a link led to is a document: a script, or a link that says PDF, may give a page.

    Of what was guessed by its name, only a file that came is one.
    """
    kind, disposition = found.header("Content-Type") or "", found.header("Content-Disposition") or ""
    if found.status == 200 and is_file_answer(kind, disposition):
        return True
    return place(found.url) not in guessed and (found.status != 200 or is_document(found.url))


def _conditions(validators: Validators) -> dict[str, str]:
    """Make conditional headers of the server's own words, byte for byte: nginx compares strings."""
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in headers.items() if value}


def _is_drawn(response: Response) -> bool:
    return browser.FLAG in response.flags


def _content_type(response: Response) -> str:
    return (response.headers.get(b"Content-Type") or b"").decode("latin-1")
