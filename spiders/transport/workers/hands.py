"""Processes that do one kind of work, parcel by parcel.

    hands.begin(parcel) | … | hands.turn() -> parcels that are back, in whatever order

They are a program of their own, which has no thread and no connection of ours. The first loads what the work
takes, and the others are forked from it when it has done its first parcel: what is loaded is loaded once.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from spiders.transport.workers import inside
from storage.cores import count_cores

Result = TypeVar("Result")
Work = TypeVar("Work")

QUICK_SECONDS = 5.0
"""Of CPU time, that a job may take which does not take long. The costliest of 1,000 real pages took two."""

MEMORY_BYTES = 320 << 20
"""Address space that a worker may have; 50 MB are its own, before it has read anything. A table of 80,000
rows (2.6 MB) takes 200 of the rest."""

CLOCK_PER_CPU = 3
"""How many times as long as its CPU time a job may take by the clock on the wall."""

START_SECONDS = 20.0
"""By the clock on the wall, which a new worker may take besides until it has begun, on a busy machine."""

BATCH_JOBS, BATCH_BYTES = 16, 96 << 10
"""Jobs that travel together, and the bytes after which they set off: what a socket holds while the process at
its other end is at work."""

MAX_HANDS = 8
"""More workers than these do not wait for each other, but for the one that writes."""

MAX_BROKEN = 3
"""Sets of them that died; then none is started any more, and every job is left to who takes it."""

_IN_HAND = 2  # parcels that a process has: what it works on, and what it finds when it is done
_HEAD_BYTES = 8
_START = """import sys; sys.path[:] = {path!r}
from spiders.transport.workers.inside import serve; serve({ends}, {most})"""


def count_workers() -> int:
    """Count the processes that are worth starting: none where there is one core, at most ``MAX_HANDS``."""
    cores = count_cores()
    return min(cores, MAX_HANDS) if cores > 1 else 0


@dataclass(slots=True, eq=False)
class Parcel(Generic[Work]):
    """Jobs that travel together, each with its arguments; None where it has none, and is left alone.

    When it ``is_back``, ``made`` is what came of those with arguments, or None where that was lost.
    """

    jobs: list[Work] = field(default_factory=list)
    given: list[tuple[object, ...] | None] = field(default_factory=list)
    bytes: int = 0
    is_back: bool = False
    made: list[inside.Done[Any]] | None = None

    @property
    def is_full(self) -> bool:
        """Tell whether it sets off."""
        return len(self.jobs) >= BATCH_JOBS or self.bytes >= BATCH_BYTES

    @property
    def patience(self) -> float:
        """Return how many seconds of the clock it may take."""
        return START_SECONDS + QUICK_SECONDS * CLOCK_PER_CPU * len(self.jobs)

    def results(self) -> list[tuple[Work, Any]]:
        """Return jobs with their results; None where a worker failed."""
        made = iter(self.made or ())
        done = (next(made, None) if given is not None else None for given in self.given)
        return [
            (job, None if one is None or one.fault else one.result)
            for job, one in zip(self.jobs, done, strict=True)
        ]


class Hands(Generic[Result]):
    """The processes that work on one function. They start when they are first needed.

    ``let_go`` is told the number of a socket before that is closed, for whoever watches it.
    """

    def __init__(
        self,
        function: Callable[..., Result],
        count: int,
        let_go: Callable[[int], object] = lambda number: None,
    ) -> None:
        self._function, self._count, self._let_go = function, count, let_go
        self._first: subprocess.Popen[bytes] | None = None
        self._broken = 0
        self.helpers: list[Helper] = []
        self._waiting: deque[Parcel[Any]] = deque()
        self._back: list[Parcel[Any]] = []

    @property
    def has_lost(self) -> bool:
        """Tell whether parcels are back that never left, or whose process is gone."""
        return bool(self._back)

    def begin(self, parcel: Parcel[Any]) -> None:
        """Let a parcel be worked on as soon as a process is free."""
        self._waiting.append(parcel)
        self._hand_out()

    def turn(self, seconds: float = 0.0) -> list[Parcel[Any]]:
        """Send and receive what goes through, after so long at most, and return the parcels that are back."""
        if self.helpers and not self._back:
            asked = select.poll()
            for helper in self.helpers:
                asked.register(helper.number, select.POLLIN | (select.POLLOUT if helper.has_more else 0))
            ready = {number for number, _ in asked.poll(seconds * 1000)}
            try:
                for helper in self.helpers:
                    if helper.number in ready:
                        self._back += helper.exchange()
            except (OSError, EOFError, pickle.UnpicklingError):
                self.lose()
            self._hand_out()
        back, self._back = self._back, []
        return back

    def lose(self) -> None:
        """Give up the processes and what they have in hand: one of them died, or takes too long."""
        self._broken += 1
        for helper in self.helpers:
            self._bring_back(helper.parcels)
        self.stop()

    def stop(self) -> None:
        """End the processes, whatever they do."""
        for helper in self.helpers:
            self._let_go(helper.number)
            helper.close()
        self.helpers = []
        first, self._first = self._first, None
        if first is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(first.pid, signal.SIGKILL)
            first.wait()

    def _hand_out(self) -> None:
        while self._waiting:
            parcel = self._waiting[0]
            if self._broken >= MAX_BROKEN or all(given is None for given in parcel.given):
                self._bring_back([self._waiting.popleft()])
                continue
            if not self.helpers:
                self._start()
            helper = min(self.helpers, key=lambda one: len(one.parcels))
            if len(helper.parcels) >= _IN_HAND:
                return
            try:
                helper.send(self._function, self._waiting.popleft())
            except OSError:
                self.lose()

    def _bring_back(self, parcels: Sequence[Parcel[Any]] | deque[Parcel[Any]]) -> None:
        for parcel in parcels:
            parcel.is_back = True
        self._back += parcels

    def _start(self) -> None:
        pairs = [socket.socketpair() for _ in range(self._count)]
        ends = [theirs.fileno() for _, theirs in pairs]
        program = _START.format(path=sys.path, ends=ends, most=MEMORY_BYTES)
        flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]
        self._first = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, *flags, "-c", program],
            pass_fds=ends,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # they are ended together, and by nobody's Ctrl-C
        )
        for _, theirs in pairs:
            theirs.close()
        self.helpers = [Helper(ours) for ours, _ in pairs]


class Helper:
    """A process at the other end of a socket, and the parcels that it has, in their order."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._end = end
        self.number = end.fileno()
        self.parcels: deque[Parcel[Any]] = deque()
        self._sending: deque[memoryview] = deque()
        self._received = bytearray()

    @property
    def has_more(self) -> bool:
        """Tell whether something waits until more can be sent."""
        return bool(self._sending)

    def send(self, function: Callable[..., Any], parcel: Parcel[Any]) -> None:
        """Give it a parcel. Raises OSError where it is gone."""
        given = [one for one in parcel.given if one is not None]
        task = inside.pack((inside.run_all, (QUICK_SECONDS, function, given)))
        self.parcels.append(parcel)
        self._sending.append(memoryview(task))
        self._send()

    def exchange(self) -> list[Parcel[Any]]:
        """Send and receive what goes through, and return what is back. Raises OSError and EOFError."""
        self._send()
        with suppress(BlockingIOError):
            while data := self._end.recv(1 << 20):
                self._received += data
            raise EOFError("the process is gone")
        return self._take_back()

    def close(self) -> None:
        """Let the process know that there is no more to do."""
        self._end.close()

    def _send(self) -> None:
        with suppress(BlockingIOError):
            while self._sending:
                sent = self._end.send(self._sending[0])
                if sent < len(self._sending[0]):
                    self._sending[0] = self._sending[0][sent:]
                else:
                    self._sending.popleft()

    def _take_back(self) -> list[Parcel[Any]]:
        back = []
        while len(self._received) >= _HEAD_BYTES:
            end = _HEAD_BYTES + int.from_bytes(self._received[:_HEAD_BYTES], "big")
            if len(self._received) < end:
                break
            parcel = self.parcels.popleft()
            parcel.made = pickle.loads(memoryview(self._received)[_HEAD_BYTES:end])  # noqa: S301 - our own
            parcel.is_back = True
            back.append(parcel)
            del self._received[:end]
        return back
