"""Pure functions run in processes of their own, with limits: what a page costs is paid by that page alone.

A job begins in the quick lane, where it may take a few seconds. What takes longer is stopped and begun again
in the slow lane, and so are all later jobs of the same host: one costly host waits for itself, and the
others never for it. Each lane is one process: two of them bound what a run takes of memory.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, cast

from scrapy import signals

from spiders.transport import inside
from storage.errors import TOO_EXPENSIVE

if TYPE_CHECKING:
    from loky import ProcessPoolExecutor
    from scrapy.crawler import Crawler

Given = ParamSpec("Given")
Result = TypeVar("Result")
Work = TypeVar("Work")

QUICK_SECONDS = 5.0
"""Of CPU time, in the quick lane. The costliest of 1,000 real pages took two."""

SLOW_SECONDS = 60.0
"""Of CPU time, in the slow lane. Then a page is too expensive: a table of 80,000 rows takes half of it."""

HOST_SECONDS = 120.0
"""Of one run, by the clock on the wall, in which the slow lane works for one host."""

MEMORY_BYTES = 320 << 20
"""Address space that a worker may have; 50 MB are its own, before it has read anything. A table of 80,000
rows (2.6 MB) takes 200 of the rest."""

KEPT_BYTES = 90 << 20
"""Memory that the quick lane may hold between two jobs; one that holds more gives way to a new one."""

CLOCK_PER_CPU = 3
"""How many times as long as its CPU time a job may take by the clock on the wall."""

START_SECONDS = 20.0
"""By the clock on the wall, which a new worker may take besides until it has begun, on a busy machine."""


FEW_JOBS = 32
"""So many are done without workers, which take longer to start."""

FAST_SECONDS = 0.1
"""Between two calls: what comes faster, in a run that goes on meanwhile, is worth processes."""

BATCH_JOBS, BATCH_BYTES = 16, 512 << 10
"""Jobs that travel together, and the bytes after which they set off."""

AHEAD_BYTES = 8 << 20
"""Bytes of all jobs that wait for their turn with what was made of them."""

MAX_CREW = 8
"""More workers than these do not wait for each other, but for the one that writes."""

MAX_BROKEN = 3
"""Workers that died ahead; then none is started any more, and every job is left to who takes it."""


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


def count_other_cores() -> int:
    """Count the cores that this process may use beside one for itself, at most ``MAX_CREW``."""
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(mine - 1, MAX_CREW)


@dataclass(slots=True)
class _Batch(Generic[Work]):
    jobs: list[Work] = field(default_factory=list)
    given: list[tuple[object, ...] | None] = field(default_factory=list)
    bytes: int = 0
    done: Future[list[inside.Done[Any]]] | None = None


def work_ahead(
    function: Callable[..., Result],
    jobs: Iterable[Work],
    arguments: Callable[[Work], tuple[object, ...] | None],
    weigh: Callable[[Work], int],
) -> Iterator[tuple[Work, Result | None]]:
    """Yield jobs in their order, each with what ``function`` makes of its arguments, made ahead by workers.

    ``weigh`` says how many bytes a job holds: few wait at once, however many there are. None is given where a
    job has no arguments, where there is no other core than ours, and where a worker failed or took too much:
    then whoever takes the job does that himself, as if there were no workers.
    """
    ahead = iter(jobs)
    count = count_other_cores()
    for job in islice(ahead, None if count < 1 else FEW_JOBS):
        yield job, None
    first = next(ahead, None)
    if first is None:
        return
    crew = _Crew(function, count)
    waiting: deque[_Batch[Work]] = deque()
    try:
        for batch in _pack(chain((first,), ahead), arguments, weigh):
            waiting.append(batch)
            crew.begin(batch)
            while len(waiting) > 2 * count + 1 or sum(one.bytes for one in waiting) > AHEAD_BYTES:
                yield from crew.end(waiting.popleft())
        while waiting:
            yield from crew.end(waiting.popleft())
    finally:
        crew.stop()


def _pack(
    jobs: Iterable[Work],
    arguments: Callable[[Work], tuple[object, ...] | None],
    weigh: Callable[[Work], int],
) -> Iterator[_Batch[Work]]:
    batch: _Batch[Work] = _Batch()
    for job in jobs:
        batch.jobs.append(job)
        batch.given.append(arguments(job))
        batch.bytes += weigh(job)
        if len(batch.jobs) >= BATCH_JOBS or batch.bytes >= BATCH_BYTES:
            yield batch
            batch = _Batch()
    if batch.jobs:
        yield batch


class Ahead(Generic[Result]):
    """Processes that make what a run asks for while it goes on, once it asks for much."""

    def __init__(self) -> None:
        self._crew: _Crew[Result] | None = None
        self._asked: deque[float] = deque(maxlen=FEW_JOBS)
        self._free = 0  # batches that may set off now
        self._waiting: deque[tuple[tuple[object, ...], asyncio.Future[Result | None]]] = deque()
        self._under_way: set[asyncio.Task[None]] = set()
        self.started = asyncio.Event()
        """Set when something has come back from the processes."""

    async def call(self, function: Callable[..., Result], *args: object) -> Result | None:
        """Call the one function that is called here. None where the caller is sooner done by himself.

        So it is while few calls come, until the processes have started, and where one of them died.
        """
        if self._crew is None and self._come_fast():
            self.begin(function, *args)
        if not self.started.is_set():
            return None
        turn: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((args, turn))
        self._send()
        return await turn

    def begin(self, function: Callable[..., Result], *args: object) -> None:
        """Start the processes with a first call, whose result nobody waits for."""
        count = count_other_cores()
        if count > 0:
            self._crew = _Crew(function, count)
            self._free = 2 * count  # so that none waits for its next batch
            self._set_off([(args, asyncio.get_running_loop().create_future())])

    def close(self) -> None:
        """End the processes, whatever they do."""
        for task in self._under_way:
            task.cancel()
        if self._crew is not None:
            self._crew.stop()

    def _come_fast(self) -> bool:
        """Tell whether calls come upon each other: what takes its time needs no help."""
        self._asked.append(time.monotonic())
        return len(self._asked) == FEW_JOBS and self._asked[-1] - self._asked[0] < FEW_JOBS * FAST_SECONDS

    def _send(self) -> None:
        while self._free > 0 and self._waiting:
            self._set_off([self._waiting.popleft() for _ in range(min(BATCH_JOBS, len(self._waiting)))])

    def _set_off(self, calls: Sequence[tuple[tuple[object, ...], asyncio.Future[Result | None]]]) -> None:
        assert self._crew is not None
        self._free -= 1
        batch = _Batch([turn for _, turn in calls], [args for args, _ in calls])
        self._crew.begin(batch)
        task = asyncio.ensure_future(self._bring_back(self._crew, batch))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _bring_back(self, crew: _Crew[Result], batch: _Batch[asyncio.Future[Result | None]]) -> None:
        if batch.done is not None:
            done = asyncio.wrap_future(batch.done)
            done.add_done_callback(lambda one: one.cancelled() or one.exception())  # it is asked for below
            await asyncio.wait([done], timeout=crew.patience(batch))
        for turn, result in crew.end(batch, 0):
            if not turn.done():
                turn.set_result(result)
        self._free += 1
        self.started.set()
        self._send()


class _Crew(Generic[Result]):
    """Processes that work ahead, all on one function."""

    def __init__(self, function: Callable[..., Result], count: int) -> None:
        self._function, self._count = function, count
        self._executor: ProcessPoolExecutor | None = None
        self._broken = 0

    def begin(self, batch: _Batch[Work]) -> None:
        given = [one for one in batch.given if one is not None]
        if not given or self._broken >= MAX_BROKEN:
            return
        if self._executor is None:
            self._executor = _start_processes(self._count)
        try:
            batch.done = self._executor.submit(inside.run_all, QUICK_SECONDS, self._function, given)
        except RuntimeError:  # the processes are gone
            self._lose()

    @staticmethod
    def patience(batch: _Batch[Work]) -> float:
        """Return how many seconds of the clock a batch may take."""
        return START_SECONDS + QUICK_SECONDS * CLOCK_PER_CPU * len(batch.jobs)

    def end(self, batch: _Batch[Work], patience: float | None = None) -> Iterator[tuple[Work, Result | None]]:
        made: Iterator[inside.Done[Result]] = iter(())
        if batch.done is not None:
            try:
                made = iter(batch.done.result(self.patience(batch) if patience is None else patience))
            except (RuntimeError, CancelledError, TimeoutError, MemoryError):
                self._lose()
        for job, given in zip(batch.jobs, batch.given, strict=True):
            done = next(made, None) if given is not None else None
            yield job, None if done is None or done.fault else done.result

    def _lose(self) -> None:
        if self._executor is not None:
            self._broken += 1
            self.stop()

    def stop(self) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=False, kill_workers=True)


def _start_processes(count: int) -> ProcessPoolExecutor:
    from loky import ProcessPoolExecutor  # most runs need none

    return ProcessPoolExecutor(max_workers=count, initializer=inside.limit_memory, initargs=(MEMORY_BYTES,))


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
                self._executor = _start_processes(1)
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
