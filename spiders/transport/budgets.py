"""What a stranger may make us spend in one run, and a breaker for hosts that stall.

What is put off keeps its turn: it is due in the next run. Who is cut short is told, with the reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import signal
import threading
from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.exceptions import StopDownload

from spiders.transport.manners.putting_off import PutOff, begins_page, drop_waiting, host_of
from spiders.transport.manners.turns import HOST_TAKEN, get_turns
from spiders.transport.workers.inside import return_buffers

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from storage.records import HostState

SMALL_BYTES = 2 * 1024 * 1024
"""Bytes. An answer up to this size is never broken off for what others take up."""

MAX_TO_JUDGE = 32
"""Small pages that wait to be judged while more are asked for: each holds its bytes until then."""

REST_SECONDS = 900.0
"""For so long a host that stalled too often is left alone by all: cron comes every 20 minutes."""


class Budgets:
    """Counts what each host and the run have cost, and says when it is enough.

    Seconds are those of the clock on the wall, from the first request on: a host that is slow, and one that
    asks us to be slow, cost the same.
    """

    def __init__(self, crawler: Crawler) -> None:
        number = crawler.settings.getfloat
        self.host_requests, self.host_seconds = number("HOST_REQUESTS"), number("HOST_SECONDS")
        self.host_stalls, self.run_seconds = number("HOST_STALLS"), number("RUN_SECONDS")
        self.bytes_in_flight = number("BYTES_IN_FLIGHT")
        self._began = monotonic()
        self._first: dict[str, float] = {}
        self._requests: Counter[str] = Counter()
        self._stalls: Counter[str] = Counter()
        self._closed: dict[str, str] = {}
        self._held: Counter[int] = Counter()
        self._total = 0
        self._crawler = crawler
        self.to_judge = 0
        """Small pages that have come, and wait for those before them."""
        crawler.signals.connect(self._taken, signal=HOST_TAKEN)
        self._ending = False
        self._timer: asyncio.TimerHandle | None = None
        self._heeded: Any = None  # what heeded the signal before us
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._ended, signal=signals.spider_closed)
        crawler.signals.connect(self._received, signal=signals.bytes_received)
        crawler.signals.connect(self._left, signal=signals.request_left_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Budgets:
        """Make the budgets of a crawl, as an extension of Scrapy's."""
        return_buffers()
        return cls(crawler)

    def spend(self, request: Request) -> None:
        """Count one request to its host. Raises PutOff where it is one too many."""
        host, now = host_of(request), monotonic()
        if self._ending and begins_page(request):
            raise _told_to_end()
        if now - self._began > self.run_seconds:
            raise self._too_late()
        self._first.setdefault(host, now)
        if self._requests[host] >= self.host_requests:
            self._closed.setdefault(host, f"{host} was asked {self.host_requests:.0f} times")
        if host in self._closed:
            raise PutOff(host, self._closed[host])
        self._requests[host] += 1

    def stalled(self, host: str) -> bool:
        """Note that a host kept us waiting in vain; True where it is left alone from now on."""
        self._stalls[host] += 1
        tired = self._stalls[host] >= self.host_stalls
        get_turns(self._crawler).note(host, stalls=self._stalls[host], rest=REST_SECONDS if tired else 0.0)
        if tired:
            self._close(host, f"{host} stalled {self._stalls[host]} times")
        return host in self._closed

    def answered(self, host: str) -> None:
        """Note that a host does not stall, or no more."""
        if self._stalls.pop(host, 0):
            get_turns(self._crawler).note(host, stalls=0, rest=0.0)

    def _taken(self, host: str, state: HostState) -> None:
        """Go on as whoever asked the host last: after a rest, the first time-out is one too many."""
        self._stalls[host] = state.stalls

    def _close(self, host: str, reason: str) -> None:
        if host not in self._closed:
            self._closed[host] = reason
            drop_waiting(self._crawler, PutOff(host, reason), host)

    # --- the run -------------------------------------------------------------------------------

    def end(self) -> None:
        """Begin no further page. One that is under way is finished, with its attachments and second look."""
        self._ending = True
        drop_waiting(self._crawler, _told_to_end(), but=lambda one: not begins_page(one))

    def _opened(self) -> None:
        loop = asyncio.get_running_loop()
        self._heed_signal(loop)
        self._timer = loop.call_later(self.run_seconds, lambda: drop_waiting(self._crawler, self._too_late()))

    def _ended(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._heeded is not None:
            signal.signal(signal.SIGTERM, self._heeded or signal.SIG_DFL)

    def _heed_signal(self, loop: asyncio.AbstractEventLoop) -> None:
        """End in good order when the system asks for it; asked again, Scrapy breaks off."""
        if threading.current_thread() is not threading.main_thread():
            return  # no signal comes here

        def asked(*_: object) -> None:
            signal.signal(signal.SIGTERM, self._heeded or signal.SIG_DFL)
            loop.call_soon_threadsafe(self.end)

        self._heeded = signal.signal(signal.SIGTERM, asked)

    def _too_late(self) -> PutOff:
        return PutOff("", f"the run has taken {self.run_seconds:.0f} s")

    # --- bytes on their way --------------------------------------------------------------------

    def _received(self, data: bytes, request: Request) -> None:
        self._held[id(request)] += len(data)
        self._total += len(data)
        if self._total > self.bytes_in_flight and self._held[id(request)] > SMALL_BYTES:
            request.meta[BROKEN_OFF] = f"more than {self.bytes_in_flight:.0f} bytes were on their way at once"
            raise StopDownload(fail=True)

    def _left(self, request: Request) -> None:
        held = self._held.pop(id(request), 0)
        self._total -= held
        if held > SMALL_BYTES:
            give_back_memory()
        host = host_of(request)
        if monotonic() - self._first.get(host, monotonic()) > self.host_seconds:
            self._close(host, f"{host} has taken {self.host_seconds:.0f} s")


def give_back_memory() -> None:
    """Return freed memory to the system: long answers come in thousands of pieces.

    What failed is held in circles by its error's traceback, until somebody collects them. Where the system's
    library has no call to give back what is free, that is kept.
    """
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


BROKEN_OFF = "broken_off"
"""Key of ``Request.meta``: why we ourselves broke off the answer."""


class BudgetMiddleware:
    """Asks the budgets about every request but those for robots.txt, before a name is looked up."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BudgetMiddleware:
        """Make the middleware for a crawl; the budgets are an extension of the same crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Spend one try of the request's host. Raises PutOff where its budget is used up."""
        get_budgets(self.crawler).spend(request)


def _told_to_end() -> PutOff:
    return PutOff("", "the run was told to end")


def get_budgets(crawler: Crawler) -> Budgets:
    """Return the budgets of a crawl."""
    budgets = crawler.get_extension(Budgets)
    assert budgets is not None, "settings list the extension"
    return budgets
