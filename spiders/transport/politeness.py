"""A polite guest: robots.txt as RFC 9309 has it, Crawl-delay, Retry-After, one pace for each host.

Scrapy counts an unreachable robots.txt as permission, reads Crawl-delay without obeying it, does
not know Retry-After, and lets a redirect to another host queue with the first one.
"""

from __future__ import annotations

import asyncio
import logging
import math
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.core.downloader import Downloader
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware, get_retry_request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, StopDownload
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.asyncio import call_later
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.response import response_status_message

from spiders.transport.budgets import BROKEN_OFF, MAX_TO_JUDGE, get_budgets
from spiders.transport.encodings import INCOMPLETE
from spiders.transport.manners.putting_off import HostTaken, drop_waiting, host_of
from spiders.transport.manners.retry_after import read_retry_after
from spiders.transport.manners.turns import HOST_TAKEN, get_turns
from spiders.transport.safety import PRIVATE
from storage.records import RobotsAnswer

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser
    from twisted.internet.defer import Deferred

    from storage.records import HostState

logger = logging.getLogger(__name__)

DELAY = "delay"
"""Key of ``Request.meta``: seconds between requests that the request's source declares."""

MAX_WAIT_SECONDS = 60.0
"""Seconds. A longer Crawl-delay counts as this; a longer Retry-After ends the visit of the host."""

MAX_ROBOTS_BYTES = 8 * 1024 * 1024
"""Bytes. A robots.txt that is longer cannot be had."""

READ_ROBOTS_BYTES = 512 * 1024
"""Of a longer robots.txt no more is read: RFC 9309 (2.5) asks for 500 KiB, and rules cost time to match."""


JUDGED_SECONDS = 0.1
"""Until it is asked again whether pages that came are judged."""

ROBOTS_SECONDS = 24 * 3600.0
"""For so long rules are not asked for again: RFC 9309 (2.4) allows no longer."""

BROKEN_ROBOTS_SECONDS = 900.0
"""So long a site stays closed that could not say its rules, before it is asked again."""


class AskedToStayAway(IgnoreRequest):
    """Not asked at all: the host is to be left alone until then."""

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(f"{host} asked to stay away until {until:%Y-%m-%d %H:%M:%S} UTC")
        self.until = until


class Pace:
    """One request at a time for each host, and the largest delay anyone asked for.

    A download slot may be dropped and made anew while a crawl goes on, so the pace is set again
    for every request.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.default = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.delays: dict[str, float] = {}
        self.closed: dict[str, datetime] = {}
        """Hosts that asked to be left alone for longer than a crawl should wait."""
        self._waits: dict[str, float] = {}
        """Moments of our clock, before which a host that was taken is not asked."""
        crawler.signals.connect(self._taken, signal=HOST_TAKEN)
        crawler.signals.connect(self._set, signal=signals.request_reached_downloader)
        crawler.signals.connect(self._heed, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pace:
        """Make the pace of a crawl, as an extension of Scrapy's."""
        return cls(crawler)

    def slow(self, host: str, delay: float) -> None:
        """Delay requests to a host by so many seconds, by declaration or robots.txt; the longest counts."""
        self.delays[host] = max(self.delays.get(host, 0.0), delay)
        get_turns(self.crawler).note(host, delay=self.delays[host])

    def retry_after(self, request: Request, until: datetime, now: datetime) -> bool:
        """Give up a host's requests for this run if it asks for too long a wait, and return False then."""
        host = host_of(request)
        if (until - now).total_seconds() > MAX_WAIT_SECONDS:
            self.closed[host] = until
            get_turns(self.crawler).note(host, away=(until - now).total_seconds())
            drop_waiting(self.crawler, AskedToStayAway(host, until), host)
            return False
        return True

    def _heed(self, response: Response, request: Request) -> None:
        """Hold a host's requests as long as an answer asks, before the next one can leave."""
        if response.status in (429, 503):
            now = datetime.now(UTC)
            if until := read_retry_after(response.headers.get(b"Retry-After"), now):
                # The slot counts its delay from here on.
                seconds = min((until - now).total_seconds(), MAX_WAIT_SECONDS)
                self._slot(request).lastseen = monotonic() + seconds
                get_turns(self.crawler).note(host_of(request), wait=seconds)
        get_budgets(self.crawler).answered(host_of(request))

    def _set(self, request: Request) -> None:
        host, slot = host_of(request), self._slot(request)
        declared = request.meta.get(DELAY)
        self.slow(host, self.default if declared is None else declared)
        # Never quite zero: without any delay a slot neither looks at the clock nor counts a request
        # that is about to leave, and a burst leaves all at once.
        slot.concurrency, slot.jitter, slot.delay = 1, 0.0, max(self.delays[host], 0.001)
        if host in self._waits and request.meta["download_slot"] == host:
            slot.lastseen = max(slot.lastseen, self._waits.pop(host) - slot.delay)

    def _taken(self, host: str, state: HostState) -> None:
        """Begin with a host where whoever asked it last left off."""
        self._waits[host] = monotonic() + state.wait
        if state.away:
            self.closed[host] = datetime.now(UTC) + timedelta(seconds=state.away)

    def _slot(self, request: Request) -> Slot:
        assert self.crawler.engine is not None
        return self.crawler.engine.downloader.slots[request.meta["download_slot"]]


class OneAtATimeDownloader(Downloader):
    """Counts a request as under way from the moment it leaves the queue, and the pause from its answer on.

    Scrapy counts a request when its task first runs: a process that is held up for longer than the delay
    between the two lets the next one to the same host go along with it. And Scrapy counts the pause from the
    queue on, while the request itself may be sent much later where hundreds of hosts are asked at once: the
    next one would follow it sooner than allowed.
    """

    def _process_queue(self, slot: Slot) -> None:
        """Let the next request leave; later, where many pages have come that wait to be judged."""
        many = get_budgets(self.crawler).to_judge >= MAX_TO_JUDGE
        if many and slot.queue and not slot.latercall:
            slot.latercall = call_later(JUDGED_SECONDS, self._latercall, slot)
        else:
            super()._process_queue(slot)

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        pause = Request("about:pause")  # holds the slot until the pause has begun
        slot.transferring.add(pause)
        return self._download_and_pause(slot, pause, super()._wait_for_download(slot, request, queue_dfd))

    async def _download(self, slot: Slot, request: Request) -> Response:
        try:
            get_turns(self.crawler).check(request)
        except HostTaken:
            slot.transferring.discard(request)
            raise
        return await super()._download(slot, request)

    async def _download_and_pause(
        self, slot: Slot, pause: Request, download: Coroutine[Any, Any, None]
    ) -> None:
        try:
            await download
        finally:
            slot.lastseen = max(slot.lastseen, monotonic())  # later where a Retry-After was heeded
            slot.transferring.remove(pause)
            self._process_queue(slot)


class PatientRetryMiddleware(RetryMiddleware):
    """Retries after as long as the server asks, or not in this run."""

    def process_request(self, request: Request) -> None:
        """Keep a request from a host that asked to be left alone. Raises AskedToStayAway until it is over."""
        host, now = host_of(request), datetime.now(UTC)
        until = get_pace(self.crawler).closed.get(host)
        if until and now < until:
            raise AskedToStayAway(host, until)

    def process_response(  # type: ignore[override]  # the spider argument is a thing of the past
        self, request: Request, response: Response
    ) -> Request | Response:
        """Retry what may pass: 429 and 503 after their Retry-After, broken answers, a server's error.

        Returns the answer itself where trying again is of no use, or would come too late for this run.
        """
        if response.status in (429, 503):
            now = datetime.now(UTC)
            until = read_retry_after(response.headers.get(b"Retry-After"), now)
            if until:
                if not get_pace(self.crawler).retry_after(request, until, now):
                    return response
                assert self.crawler.spider is not None
                reason = response_status_message(response.status)
                return get_retry_request(request, spider=self.crawler.spider, reason=reason) or response
        for flag in response.flags:
            if flag.startswith(INCOMPLETE):
                assert self.crawler.spider is not None
                return get_retry_request(request, spider=self.crawler.spider, reason=flag) or response
        return super().process_response(request, response)

    def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        """Retry a request that got no answer, unless we broke it off or its host has stalled too often.

        Raises IgnoreRequest with the reason for what we broke off.
        """
        if isinstance(exception, StopDownload):
            raise IgnoreRequest(f"broken off by us: {request.meta.get(BROKEN_OFF)}") from exception
        stalled = isinstance(exception, DownloadTimeoutError)
        if stalled and get_budgets(self.crawler).stalled(host_of(request)):
            return None  # no time is lost on a host that has none
        return super().process_exception(request, exception)


class CarefulRedirectMiddleware(RedirectMiddleware):
    """Leaves behind what was meant for the first address only: its validators and its queue."""

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Follow a redirect at the pace of its own host, and without validators of the address before."""
        result = super().process_response(request, response)
        if isinstance(result, Request):
            result.meta.pop("download_slot", None)
            if result.url != request.url:
                result.headers.pop(b"If-None-Match", None)
                result.headers.pop(b"If-Modified-Since", None)
        return result


class CautiousRobotsMiddleware(RobotsTxtMiddleware):
    """RFC 9309: what answers with 4xx is open, what cannot be reached is closed."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asked: dict[str, asyncio.Task[RobotParser | str]] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules of a site, asked for once a crawl. Raises IgnoreRequest where none are had."""
        url = urlparse_cached(request)
        site = f"{url.scheme}://{url.netloc}"
        if site not in self._asked:
            self._asked[site] = asyncio.ensure_future(self._ask(site, request))
        answer = await self._asked[site]
        if isinstance(answer, str):
            raise IgnoreRequest(f"staying out: {site}/robots.txt {answer}")
        return answer

    async def _ask(self, site: str, request: Request) -> RobotParser | str:
        """Find the rules of a site, or say in a few words why there are none to be had."""
        known = await get_turns(self.crawler).robots(site)
        if known is None or not 0 <= known.age < _lasts(known):
            known = await self._fetch(site, request)
            await get_turns(self.crawler).keep_robots(site, known)
        if known.status is None:
            return f"cannot be had: {known.detail}"
        if known.status >= 500 or known.status == 429:
            return f"answered {known.status}"
        rules = ProtegoRobotParser.from_crawler(self.crawler, known.body)
        delay = rules.crawl_delay(self._robotstxt_useragent or self._default_useragent)
        if delay is not None and math.isfinite(delay):
            get_pace(self.crawler).slow(host_of(request), min(float(delay), MAX_WAIT_SECONDS))
        return rules

    async def _fetch(self, site: str, request: Request) -> RobotsAnswer:
        assert self.crawler.engine is not None
        carried = {key: request.meta[key] for key in (PRIVATE, DELAY) if key in request.meta}
        question = Request(
            f"{site}/robots.txt",
            callback=NO_CALLBACK,
            meta={"dont_obey_robotstxt": True, "download_maxsize": MAX_ROBOTS_BYTES, **carried},
            dont_filter=True,
        )
        try:
            response = await self.crawler.engine.download_async(question)
        except HostTaken:
            raise  # it can be had, by another
        except Exception as error:
            return RobotsAnswer(None, detail=" ".join(str(error).split()) or type(error).__name__)
        # An error page is not read for rules.
        body = response.body[:READ_ROBOTS_BYTES] if response.status < 300 else b""
        return RobotsAnswer(response.status, body)


def _lasts(known: RobotsAnswer) -> float:
    """Return for how many seconds an answer stands: a short time where it keeps us out for want of rules."""
    broken = known.status is None or known.status >= 500 or known.status == 429
    return BROKEN_ROBOTS_SECONDS if broken else ROBOTS_SECONDS


def get_pace(crawler: Crawler) -> Pace:
    """Return the pace of a crawl."""
    pace = crawler.get_extension(Pace)
    assert pace is not None, "settings list the extension"
    return pace
