"""One job is one process, with limits of memory and time, whose log goes into ours."""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from storage.log_lines import EVENTS, dump_line, log_event

logger = logging.getLogger(__name__)

JOB_SECONDS = 2400.0
"""By the clock on the wall, then a job is told to end. A visit ends by itself after the time of a run (1080)
and what one host may still take (900)."""

GRACE_SECONDS = 120.0
"""That a job may take to end when it is told to: the page in flight, with its second look after a minute."""

JOB_BYTES = 2 << 30
"""Of memory that is its own, for each process of a job; 150 MB are usual."""

_LINE_BYTES = 1 << 20
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)  # found here: between fork and exec nothing may wait for a lock


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

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], worker: str, job: int) -> None:
        self._command, self._environment = command, environment
        self._worker, self._job = worker, job
        self._process: asyncio.subprocess.Process | None = None
        self._told = False
        self._pages, self._has_run = 0, False

    async def run(self, seconds: float = JOB_SECONDS) -> Ended:
        """Run it for so many seconds at most; cancelled, it is told to end, and waited for."""
        began = monotonic()
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            env=dict(self._environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_LINE_BYTES,
            preexec_fn=_limit,
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        reading = asyncio.gather(self._pass_on(self._process.stdout), self._pass_on(self._process.stderr))
        try:
            await asyncio.wait_for(asyncio.shield(reading), seconds)
        except TimeoutError:
            self.tell_to_end()
            await self._end(reading)
        except asyncio.CancelledError:
            self.tell_to_end()
            await self._end(reading)
            raise
        status = await self._process.wait()
        return Ended(status, monotonic() - began, self._pages, self._has_run, self._told)

    def tell_to_end(self) -> None:
        """Ask it to end in good order."""
        self._told = True
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    async def _end(self, reading: asyncio.Future[Any]) -> None:
        try:
            await asyncio.wait_for(asyncio.shield(reading), GRACE_SECONDS)
        except TimeoutError:
            self.kill()
            await reading

    async def _pass_on(self, stream: asyncio.StreamReader) -> None:
        """Write its log lines into ours, with what they are about; what else it says becomes an event."""
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
        sys.stderr.write(dump_line({**said, "worker": self._worker, "job": self._job}) + "\n")


def _read_event(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) and said.get("event") in EVENTS else None


def _limit() -> None:
    """Limit the process that is about to become a job; it is told to end when its worker dies."""
    resource.setrlimit(resource.RLIMIT_DATA, (JOB_BYTES, JOB_BYTES))
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
