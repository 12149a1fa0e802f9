"""Several processes that serve one address, so that all cores are used; each has memory of its own.

They are forked from one that has everything loaded. Each listens for itself at the same port, and the kernel
deals out the connections. What ends one of them starts another; what ends the first ends all.
"""

from __future__ import annotations

import hashlib
import logging
import mmap
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import connection, get_context
from multiprocessing.context import ForkProcess
from types import FrameType

logger = logging.getLogger(__name__)

SHORT_SECONDS, SHORT_LIVES = 2.0, 3
"""Who ends so soon after its start, so often in a row, will not do better the next time."""

_CLASSES = 6  # of statuses: 1xx to 5xx, by their first digit
_DIGEST_BYTES = 16
_MAX_LEFT = 1_000  # sessions left of late that a process remembers
_PART_BYTES = 8 * _CLASSES + _DIGEST_BYTES * _MAX_LEFT


class Shared:
    """What the processes of a server know of each other: memory of which each writes a part of its own.

    So nobody waits for anybody, and who is killed leaves nothing locked. ``place`` is the number of this one.
    """

    def __init__(self, processes: int = 1) -> None:
        self.place = 0
        self._parts = processes
        self._memory = mmap.mmap(-1, processes * _PART_BYTES)
        self._next = 0

    def count_answer(self, status: int) -> None:
        """Count an answer by the class of its status."""
        at = self.place * _PART_BYTES + 8 * min(status // 100, _CLASSES - 1)
        struct.pack_into("Q", self._memory, at, struct.unpack_from("Q", self._memory, at)[0] + 1)

    def answers(self) -> dict[str, int]:
        """Return how many answers all of them gave, by class of status; of classes that occurred."""
        parts = [struct.unpack_from(f"{_CLASSES}Q", self._memory, part) for part in self._begin_of_parts()]
        summed = [sum(counts) for counts in zip(*parts, strict=True)]
        return {f"{number}xx": count for number, count in enumerate(summed) if count}

    def note_left(self, session: str) -> None:
        """Note that a session was left, in place of the one left longest ago."""
        at = self.place * _PART_BYTES + 8 * _CLASSES + _DIGEST_BYTES * self._next
        self._memory[at : at + _DIGEST_BYTES] = _digest(session)
        self._next = (self._next + 1) % _MAX_LEFT

    def was_left(self, session: str) -> bool:
        """Say whether a session was left, in whichever process."""
        sought = _digest(session)
        for part in self._begin_of_parts():
            noted = self._memory[part + 8 * _CLASSES : part + _PART_BYTES]
            if sought in (noted[at : at + _DIGEST_BYTES] for at in range(0, len(noted), _DIGEST_BYTES)):
                return True
        return False

    def _begin_of_parts(self) -> Iterator[int]:
        return iter(range(0, self._parts * _PART_BYTES, _PART_BYTES))


def _digest(session: str) -> bytes:
    return hashlib.blake2b(session.encode(), digest_size=_DIGEST_BYTES).digest()


Serve = Callable[[socket.socket], None]
"""Serves what comes in at a socket until a signal ends it."""


def reserve(host: str, port: int) -> socket.socket:
    """Take an address for several processes, without listening there yet. Raises OSError where it is taken.

    Any number of processes of one user may share an address: the first look is for those of another server.
    """
    with _bind(host, port):
        pass
    return _bind(host, port, socket.SO_REUSEPORT)


def _bind(host: str, port: int, *options: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    for option in (socket.SO_REUSEADDR, *options):
        made.setsockopt(socket.SOL_SOCKET, option, 1)
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made


class Supervisor:
    """Keeps so many processes serving until it is told to end. ``serve`` is called in each of them."""

    def __init__(self, shared: Shared, reserved: socket.socket, number: int, serve: Serve) -> None:
        self._shared, self._serve, self._number = shared, serve, number
        self._host, self._port = reserved.getsockname()[:2]
        self._alive, self._hold = os.pipe()  # its end is read once this process is gone
        self._running: dict[int, tuple[ForkProcess, float]] = {}
        self._ended_by = 0

    def run(self) -> bool:
        """Serve until a signal comes; False where the processes do not live long enough to serve."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        short = 0
        for place in range(self._number):
            self._start(place)
        while self._running:
            connection.wait([one.sentinel for one, _ in self._running.values()], timeout=1.0)
            for place, (one, begun) in list(self._running.items()):
                if one.is_alive():
                    if self._ended_by:
                        _signal(one, signal.SIGTERM)  # it may have come before anybody listened for it
                    continue
                one.join()
                del self._running[place]
                if self._ended_by:
                    continue
                short = short + 1 if time.monotonic() - begun < SHORT_SECONDS else 0
                logger.error("process %d of %d ended (%s)", place + 1, self._number, one.exitcode)
                if short >= SHORT_LIVES:
                    self._end(signal.SIGTERM)
                else:
                    self._start(place)
        return short < SHORT_LIVES

    def _start(self, place: int) -> None:
        one = get_context("fork").Process(target=self._begin, args=(place,), name=f"kohyo serve {place + 1}")
        one.start()
        self._running[place] = (one, time.monotonic())

    def _end(self, number: int, frame: FrameType | None = None) -> None:
        self._ended_by = number
        for one, _ in self._running.values():
            _signal(one, number)

    def _begin(self, place: int) -> None:
        # the server listens for both, and raises them again once it is done
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        os.close(self._hold)
        threading.Thread(target=_end_with, args=(self._alive,), daemon=True).start()
        self._shared.place = place
        with _bind(self._host, self._port, socket.SO_REUSEPORT) as listening:
            self._serve(listening)


def _signal(one: ForkProcess, number: int) -> None:
    if one.pid is not None and one.is_alive():
        os.kill(one.pid, number)


def _end_with(alive: int) -> None:
    """End this process in good order once the one that started it is gone."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)
