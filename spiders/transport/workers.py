"""Pure functions run in processes of their own, with limits: what a page costs is paid by that page alone.

A job begins in a quick lane, where it may take a few seconds. What takes longer is stopped and begun again in
the slow lane, of which there is one, and so are all later jobs of the same host: one costly host waits for
itself, and the others never for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from loky import ProcessPoolExecutor
from loky.process_executor import ShutdownExecutorError
from scrapy import signals

from storage.errors import TOO_EXPENSIVE, describe_fault

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

Given = ParamSpec("Given")
Result = TypeVar("Result")

QUICK_SECONDS = 5.0
"""Of CPU time, in a quick lane. The costliest of 1,000 real pages took two."""

SLOW_SECONDS = 60.0
"""Of CPU time, in the slow lane. Then a page is too expensive: a table of 80,000 rows takes half of it."""

HOST_SECONDS = 120.0
"""Of one run, by the clock on the wall, in which the slow lane works for one host."""

MEMORY_BYTES = 2 << 30
"""Bytes of address space that a worker may have; 400 MB are its own, before it has read anything."""

QUICK_LANES = 2
CLOCK_PER_CPU = 3
"""How many times as long as its CPU time a job may take by the clock on the wall."""


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
        self._lanes = [_Lane(quick_seconds) for _ in range(QUICK_LANES)]
        self._slow = _Lane(seconds)
        self._slowly: Counter[str] = Counter()
        self._free: asyncio.Queue[_Lane] = asyncio.Queue()
        for lane in self._lanes:
            self._free.put_nowait(lane)
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
                lane = await self._free.get()
                try:
                    return await lane.call(function, args, kwargs)
                except TooExpensive:
                    self._costly.add(host)
                finally:
                    self._free.put_nowait(lane)
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
        for lane in (*self._lanes, self._slow):
            lane.stop()


def get_workers(crawler: Crawler) -> Workers:
    """Return the workers of a crawl."""
    workers = crawler.get_extension(Workers)
    assert workers is not None, "settings list the extension"
    return workers


class _Lane:
    """One process, that does one thing at a time; one that is stopped is replaced."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._executor: ProcessPoolExecutor | None = None

    async def call(
        self, function: Callable[..., Result], args: tuple[object, ...], kwargs: dict[str, object]
    ) -> Result:
        async with self._turn:
            if self._executor is None:
                self._executor = ProcessPoolExecutor(
                    max_workers=1, initializer=_limit, initargs=(MEMORY_BYTES,)
                )
            try:
                job = self._executor.submit(_run_limited, self._seconds, function, args, kwargs)
                done = await asyncio.wait_for(asyncio.wrap_future(job), self._seconds * CLOCK_PER_CPU)
            except (BrokenProcessPool, ShutdownExecutorError, TimeoutError, MemoryError):
                self.stop()
                limits = f"more than {self._seconds:.0f} s of CPU time or {MEMORY_BYTES >> 20} MB of memory"
                raise TooExpensive(f"{TOO_EXPENSIVE}: it takes {limits}") from None
            except asyncio.CancelledError:
                self.stop()
                raise
        if isinstance(done, _Fault):
            raise Faulted(done.said)
        result: Result = done
        return result

    def stop(self) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=False, kill_workers=True)


class _Fault:
    """What went wrong in a worker; its traceback would not survive the way back."""

    def __init__(self, said: str) -> None:
        self.said = said


def _limit(memory: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # a stricter limit of the system stays
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run_limited(
    seconds: float, function: Callable[..., Result], args: tuple[object, ...], kwargs: dict[str, object]
) -> Result | _Fault:
    """Run in the worker. The system ends the process when its CPU time is over, whatever it does then."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, most))
    try:
        return function(*args, **kwargs)
    except MemoryError:
        raise
    except Exception as error:
        return _Fault(describe_fault(error))
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
