"""Results that are made by other processes before they are asked for, and come in the order of the jobs."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from spiders.transport.workers.hands import Hands, Parcel, count_workers

Result = TypeVar("Result")
Work = TypeVar("Work")

FEW_JOBS = 32
"""So many are done without workers, which take longer to start."""

FAST_SECONDS = 0.1
"""Between two calls: what comes faster, in a run that goes on meanwhile, is worth processes."""

AHEAD_BYTES = 8 << 20
"""Bytes of all jobs that wait for their turn with what was made of them."""

_BATCHES = 4  # for each process, made or waited for, before the next job is looked for


def work_ahead(
    function: Callable[..., Result],
    jobs: Iterable[Work],
    arguments: Callable[[Work], tuple[object, ...] | None],
    weigh: Callable[[Work], int],
) -> Iterator[tuple[Work, Result | None]]:
    """Yield jobs in their order, each with what ``function`` makes of its arguments, made ahead by workers.

    ``weigh`` says how many bytes a job holds: few wait at once, however many there are. None is given where a
    job has no arguments, where there are few that have some, where there is one core, and where a worker
    failed or took too much: then whoever takes the job does that himself, as if there were no workers.
    """
    count = count_workers()
    if not count:
        for job in jobs:
            yield job, None
        return
    hands: Hands[Result] = Hands(function, count)
    waiting: deque[Parcel[Work]] = deque()
    begun = False
    try:
        for parcel in _pack(jobs, arguments, weigh):
            waiting.append(parcel)
            if begun:
                hands.begin(parcel)
            elif _are_many(waiting):
                begun = True
                for one in waiting:
                    hands.begin(one)
            while waiting and _is_next(waiting, begun=begun, most=_BATCHES * count):
                yield from _results(hands, waiting.popleft(), begun=begun)
        while waiting:
            yield from _results(hands, waiting.popleft(), begun=begun)
    finally:
        hands.stop()


def _pack(
    jobs: Iterable[Work],
    arguments: Callable[[Work], tuple[object, ...] | None],
    weigh: Callable[[Work], int],
) -> Iterator[Parcel[Work]]:
    parcel: Parcel[Work] = Parcel()
    for job in jobs:
        parcel.jobs.append(job)
        parcel.given.append(arguments(job))
        parcel.bytes += weigh(job)
        if parcel.is_full:
            yield parcel
            parcel = Parcel()
    if parcel.jobs:
        yield parcel


def _are_many(waiting: Iterable[Parcel[Work]]) -> bool:
    given = sum(one is not None for parcel in waiting for one in parcel.given)
    return given > FEW_JOBS or sum(parcel.bytes for parcel in waiting) > AHEAD_BYTES


def _is_next(waiting: deque[Parcel[Work]], *, begun: bool, most: int) -> bool:
    """Tell whether the first parcel is to be taken before another is looked for."""
    if not begun:
        return all(given is None for given in waiting[0].given)
    return len(waiting) > most or sum(parcel.bytes for parcel in waiting) > AHEAD_BYTES


def _results(
    hands: Hands[Result], parcel: Parcel[Work], *, begun: bool
) -> Iterator[tuple[Work, Result | None]]:
    end = time.monotonic() + parcel.patience
    while begun and not parcel.is_back:
        if (left := end - time.monotonic()) <= 0:
            hands.lose()
        hands.turn(max(0.0, left))
    for job, result in parcel.results():
        hands.turn()  # whoever takes it works meanwhile, and so do they
        yield job, result


class Ahead(Generic[Result]):
    """Processes that make what a run asks for while it goes on, once it asks for much.

    ``expects_much`` tells of a run that will, before it does: then it waits for them from the first call on.
    """

    def __init__(self, expects_much: Callable[[], bool] = lambda: False) -> None:
        self._expects_much = expects_much
        self._hands: Hands[Result] | None = None
        self._asked: deque[float] = deque(maxlen=FEW_JOBS)
        self._free = 0  # parcels that may set off now
        self._waiting: deque[tuple[tuple[object, ...], asyncio.Future[Result | None]]] = deque()
        self._limits: dict[Parcel[Any], asyncio.TimerHandle] = {}
        self._watched: set[int] = set()
        self.started = asyncio.Event()
        """Set when something has come back from the processes, or is worth being waited for."""

    async def call(self, function: Callable[..., Result], *args: object) -> Result | None:
        """Call the one function that is called here. None where the caller is sooner done by himself.

        So it is while few calls come, until the processes have started, and where one of them died.
        """
        if self._hands is None:
            if self._expects_much():
                self._make_hands(function)
                self.started.set()
            elif self._come_fast():
                self.begin(function, *args)
        if self._hands is None or not self.started.is_set():
            return None
        turn: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((args, turn))
        self._send()
        return await turn

    def begin(self, function: Callable[..., Result], *args: object) -> None:
        """Start the processes with a first call, whose result nobody waits for."""
        self._make_hands(function)
        if self._hands is not None:
            self._waiting.append((args, asyncio.get_running_loop().create_future()))
            self._send()

    def close(self) -> None:
        """End the processes, whatever they do."""
        for limit in self._limits.values():
            limit.cancel()
        if self._hands is not None:
            self._hands.stop()

    def _make_hands(self, function: Callable[..., Result]) -> None:
        count = count_workers() - 1  # the run itself keeps a core busy
        if count > 0:
            self._hands = Hands(function, count, self._let_go)
            self._free = 2 * count  # so that none waits for its next parcel

    def _come_fast(self) -> bool:
        """Tell whether calls come upon each other: what takes its time needs no help."""
        self._asked.append(time.monotonic())
        return len(self._asked) == FEW_JOBS and self._asked[-1] - self._asked[0] < FEW_JOBS * FAST_SECONDS

    def _send(self) -> None:
        assert self._hands is not None
        while self._free > 0 and self._waiting:
            parcel: Parcel[asyncio.Future[Result | None]] = Parcel()
            while self._waiting and not parcel.is_full:
                args, turn = self._waiting.popleft()
                parcel.jobs.append(turn)
                parcel.given.append(args)
                parcel.bytes += sum(len(one) for one in args if isinstance(one, bytes))
            self._free -= 1
            loop = asyncio.get_running_loop()
            self._limits[parcel] = loop.call_later(parcel.patience, self._give_up)
            self._hands.begin(parcel)
        self._watch()

    def _give_up(self) -> None:
        assert self._hands is not None
        self._hands.lose()
        self._turn()

    def _turn(self) -> None:
        """Take what is back, and send what waits."""
        assert self._hands is not None
        for parcel in self._hands.turn():
            self._limits.pop(parcel).cancel()
            self._free += 1
            for turn, result in parcel.results():
                if not turn.done():
                    turn.set_result(result)
            self.started.set()
        self._send()

    def _watch(self) -> None:
        """Have the loop call when one of the processes has something for us, or takes what waits for it."""
        assert self._hands is not None
        loop = asyncio.get_running_loop()
        for helper in self._hands.helpers:
            if helper.number not in self._watched:
                loop.add_reader(helper.number, self._turn)
                self._watched.add(helper.number)
            if helper.has_more:
                loop.add_writer(helper.number, self._turn)
            else:
                loop.remove_writer(helper.number)
        if self._hands.has_lost:
            loop.call_soon(self._turn)

    def _let_go(self, number: int) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(number)
        loop.remove_writer(number)
        self._watched.discard(number)
