"""One job is one process, with limits of memory and time, whose log goes into ours.

It is forked from a process that has loaded the program and does nothing else: no thread, no connection and no
reactor is there to be copied. A visit takes its own time so, and not the two seconds of CPU of a start.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from threading import Thread
from time import monotonic
from typing import Any

from monitor.config import take_environment
from storage.log_lines import EVENTS, dump_line, log_event

logger = logging.getLogger(__name__)

JOB_SECONDS = 2400.0
"""By the clock on the wall, then a job is told to end. A visit ends by itself after the time of a run (1080)
and what one host may still take (900)."""

GRACE_SECONDS = 120.0
"""That a job may take to end when it is told to: the page in flight, with its second look after a minute."""

JOB_BYTES = 2 << 30
"""Of memory that is its own, for each process of a job; 150 MB are usual."""

Program = Callable[[list[str]], object]
"""What a job runs, with its arguments: a function that is found by its module and name."""

_LINE_BYTES = 1 << 20
_FORKS = multiprocessing.get_context("forkserver")


def load_before(modules: Sequence[str]) -> None:
    """Start the process that jobs are forked from, with these modules loaded."""
    _FORKS.set_forkserver_preload(list(modules))
    first = _FORKS.Process()
    first.start()
    first.join()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its status, negative where a signal ended it, and what its log said of its run."""

    status: int
    seconds: float
    pages: int = 0
    has_run: bool = False  # it said that its run came to an end
    told_to: bool = False  # end, by us

    @property
    def outcome(self) -> str:
        """What became of the job: done, failed, nothing-free or killed.

        One that broke off before it could say how its run ended is as bad as one that was killed: what was
        due is due again at once.
        """
        if self.status == 3:
            return "nothing-free"
        if self.status == 0:
            return "done"
        if self.told_to and self.status == -signal.SIGTERM:  # before it could heed it
            return "failed"
        return "failed" if self.status == 1 and self.has_run else "killed"


class JobProcess:
    """A process that does a job."""

    def __init__(
        self,
        program: Program,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        worker: str,
        job: int,
    ) -> None:
        self._given = program, list(arguments), dict(environment)
        self._worker, self._job = worker, job
        self._process: ForkServerProcess | None = None
        self._told = False
        self._pages, self._has_run = 0, False

    async def run(self, seconds: float = JOB_SECONDS) -> Ended:
        """Run it for so many seconds at most; cancelled, it is told to end, and waited for."""
        began = monotonic()
        ours, theirs = zip(*(_FORKS.Pipe(duplex=False) for _ in range(2)), strict=True)
        self._process = _fork(*self._given, JOB_BYTES, *theirs)
        for pipe in theirs:
            pipe.close()
        reading = asyncio.gather(*map(self._pass_on, ours))
        try:
            await asyncio.wait_for(asyncio.shield(reading), seconds)
        except TimeoutError:
            self.tell_to_end()
            await self._end(reading)
        except asyncio.CancelledError:
            self.tell_to_end()
            await self._end(reading)
            raise
        status = await _wait_for(self._process)
        return Ended(status, monotonic() - began, self._pages, self._has_run, self._told)

    def tell_to_end(self) -> None:
        """Ask it to end in good order."""
        self._told = True
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()

    async def _end(self, reading: asyncio.Future[Any]) -> None:
        try:
            await asyncio.wait_for(asyncio.shield(reading), GRACE_SECONDS)
        except TimeoutError:
            self.kill()
            await reading

    async def _pass_on(self, pipe: Connection) -> None:
        """Write its log lines into ours, with what they are about; what else it says becomes an event."""
        stream = asyncio.StreamReader(_LINE_BYTES)
        with closing(pipe), open(os.dup(pipe.fileno()), "rb") as file:
            reading, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(stream), file
            )
            with closing(reading):
                await self._read(stream)

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:  # a line longer than any of ours
                continue
            if not line:
                return
            self._say(line.decode("utf-8", "replace").rstrip("\n"))

    def _say(self, line: str) -> None:
        said = _read_event(line)
        if said is None:
            if line.strip():
                log_event(logger, "process.said", worker=self._worker, job=self._job, text=line)
            return
        if said.get("event") == "run.ended":
            self._has_run, self._pages = True, int(said.get("pages", 0))
        with suppress(OSError):  # a disk that is full takes no log; the job goes on
            sys.stderr.write(dump_line({**said, "worker": self._worker, "job": self._job}) + "\n")


def _read_event(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) and said.get("event") in EVENTS else None


def _fork(*given: Any) -> ForkServerProcess:
    """Start a job's process; in milliseconds, or seconds where what forks them was killed and starts anew.

    Not in a thread: processes are looked after in one.
    """
    try:
        process = _FORKS.Process(target=_do, args=given)
        process.start()
    except (EOFError, OSError):  # it was about to die
        process = _FORKS.Process(target=_do, args=given)
        process.start()
    return process


async def _wait_for(process: ForkServerProcess) -> int:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def _do(
    program: Program,
    arguments: list[str],
    environment: dict[str, str],
    most: int,
    *streams: Connection,
) -> None:
    """Become a job, within its limits."""
    gc.freeze()  # what was loaded before stays as it is, in memory that all jobs share
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, stream in enumerate(streams, 1):
        os.dup2(stream.fileno(), number)
        stream.close()
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    Thread(target=_end_with_worker, daemon=True).start()
    take_environment(environment)
    program(arguments)


def _end_with_worker() -> None:
    """End in good order when the worker is no more: nobody would write down what becomes of the job."""
    worker = multiprocessing.parent_process()
    assert worker is not None
    worker.join()
    os.kill(os.getpid(), signal.SIGTERM)
