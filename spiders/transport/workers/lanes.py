"""Pure functions run in processes of their own, with limits: what a page costs is paid by that page alone.

A job begins in the quick lane, where it may take a few seconds. What takes longer is stopped and begun again
in the slow lane, and so are all later jobs of the same host: one costly host waits for itself, and the
others never for it. Each lane is one process: two of them bound what a run takes of memory.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from scrapy import signals

from spiders.transport.workers import inside
from spiders.transport.workers.hands import CLOCK_PER_CPU, MEMORY_BYTES, QUICK_SECONDS, START_SECONDS
from storage.errors import TOO_EXPENSIVE

if TYPE_CHECKING:
    from loky import ProcessPoolExecutor
    from scrapy.crawler import Crawler

Given = ParamSpec("Given")
Result = TypeVar("Result")

SLOW_SECONDS = 60.0
"""Of CPU time, in the slow lane. Then a page is too expensive: a table of 80,000 rows takes half of it."""

HOST_SECONDS = 120.0
"""Of one run, by the clock on the wall, in which the slow lane works for one host."""

KEPT_BYTES = 90 << 20
"""Memory that the quick lane may hold between two jobs; one that holds more gives way to a new one."""


class TooExpensive(Exception):
    """A job took more time or memory than it may."""


class Faulted(Exception):
    """A function of ours failed in a worker; the text says what and where."""


class Workers:
    """The lanes of one run. Processes start when they are first needed."""

    def __init__(
        self,
        *,
        quick_seconds: float = QUICK_SECONDS,
        seconds: float = SLOW_SECONDS,
        host_seconds: float = HOST_SECONDS,
    ) -> None:
        self._host_seconds = host_seconds
        self._quick = _Lane(quick_seconds, KEPT_BYTES)
        self._slow = _Lane(seconds, 0)  # seldom asked, and large: it goes with what it held
        self._slowly: Counter[str] = Counter()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._costly: set[str] = set()

    async def run(
        self, host: str, function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        """Call a function of a module in a worker, on behalf of a host. Raises TooExpensive and Faulted.

        Function, arguments and result travel by pickle. A host has one job at a time.
        """
        async with self._turns[host]:
            if host not in self._costly:
                try:
                    return await self._quick.call(function, args, kwargs)
                except TooExpensive:
                    self._costly.add(host)
            if self._slowly[host] > self._host_seconds:
                raise TooExpensive(
                    f"{TOO_EXPENSIVE}: in this run {host} took {self._host_seconds:.0f} s before"
                )
            began = time.monotonic()
            try:
                return await self._slow.call(function, args, kwargs)
            finally:
                self._slowly[host] += max(0, int(time.monotonic() - began - QUICK_SECONDS))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Workers:
        """Make the workers of a crawl, as an extension of Scrapy's: they end with the crawl."""
        workers = cls()
        crawler.signals.connect(workers.close, signal=signals.engine_stopped)
        return workers

    def close(self) -> None:
        """End the processes, whatever they do."""
        self._quick.stop()
        self._slow.stop()


def get_workers(crawler: Crawler) -> Workers:
    """Return the workers of a crawl."""
    workers = crawler.get_extension(Workers)
    assert workers is not None, "settings list the extension"
    return workers


def _start_process() -> ProcessPoolExecutor:
    from loky import ProcessPoolExecutor  # most runs need none

    return ProcessPoolExecutor(max_workers=1, initializer=inside.limit_memory, initargs=(MEMORY_BYTES,))


class _Lane:
    """One process, that does one thing at a time; one that is stopped is replaced."""

    def __init__(self, seconds: float, kept_bytes: int) -> None:
        self._seconds, self._kept_bytes = seconds, kept_bytes
        self._turn = asyncio.Lock()
        self._executor: ProcessPoolExecutor | None = None

    async def call(
        self, function: Callable[..., Result], args: tuple[object, ...], kwargs: dict[str, object]
    ) -> Result:
        async with self._turn:
            patience = self._seconds * CLOCK_PER_CPU
            if self._executor is None:
                patience += START_SECONDS
                self._executor = _start_process()
            try:
                job = self._executor.submit(inside.run, self._seconds, function, args, kwargs)
                done: inside.Done[Result] = await asyncio.wait_for(asyncio.wrap_future(job), patience)
            except (RuntimeError, TimeoutError, MemoryError):  # what a job raises itself is in what it brings
                self.stop()
                limits = f"more than {self._seconds:.0f} s of CPU time or {MEMORY_BYTES >> 20} MB of memory"
                raise TooExpensive(f"{TOO_EXPENSIVE}: it takes {limits}") from None
            except asyncio.CancelledError:
                self.stop()
                raise
            if done.held > self._kept_bytes:
                self.stop()
        if done.fault:
            raise Faulted(done.fault)
        return cast(Result, done.result)

    def stop(self) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=False, kill_workers=True)
