"""Several processes serve one address, know what they have to of each other, and end together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context

import pytest

from feeds.web.gate import Gate
from feeds.web.running.processes import Shared, reserve
from tests.feeds.test_deciding import TOKEN

SERVER = """
import os, signal, socket, sys
from feeds.web.running.processes import Shared, Supervisor, reserve

def serve(listening):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    if "short" in sys.argv:
        return
    listening.listen()
    while True:
        asked, _ = listening.accept()
        asked.sendall(str(os.getpid()).encode())
        asked.close()

reserved = reserve("127.0.0.1", 0)
print(reserved.getsockname()[1], flush=True)
sys.exit(not Supervisor(Shared(2), reserved, 2, serve).run())
"""


class Serving:
    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-c", SERVER, *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def answering(self) -> set[int]:
        """Ask until both have answered, and say who they are."""
        found: set[int] = set()
        until = time.monotonic() + 30  # the second may begin to listen long after the first
        while len(found) < 2 and time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 5) as asked:
                    found.add(int(asked.recv(100)))
            except (OSError, ValueError):  # not yet, or not any more
                time.sleep(0.01)
        return found


@pytest.fixture
def serving() -> Iterator[Serving]:
    made = Serving()
    yield made
    made.process.kill()
    made.process.communicate()


def wait_until(true: Callable[[], bool]) -> bool:
    return any(true() or time.sleep(0.02) for _ in range(500))


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{process}/stat") as stat:  # ended, and not waited for by who took it on
        return stat.read().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all(serving: Serving, number: int) -> None:
    both = serving.answering()
    assert len(both) == 2
    serving.process.send_signal(number)
    assert serving.process.wait(20) == 0
    assert all(map(is_gone, both))


def test_another_takes_the_place_of_one_that_was_killed(serving: Serving) -> None:
    first, other = serving.answering()
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: is_gone(first))
    now = serving.answering()
    assert len(now) == 2
    assert now - {first, other}


def test_all_end_with_the_one_that_was_started(serving: Serving) -> None:
    both = serving.answering()
    serving.process.kill()
    assert wait_until(lambda: all(map(is_gone, both)))


def test_processes_that_end_at_once_are_not_started_for_ever() -> None:
    short = Serving("short")
    assert short.process.wait(30) == 1
    short.process.communicate()


def test_an_address_that_is_served_already_is_not_shared_with_another_server(serving: Serving) -> None:
    assert serving.answering()
    with pytest.raises(OSError, match="in use"):
        reserve("127.0.0.1", serving.port)


def test_answers_are_counted_together_and_a_session_left_in_one_is_left_in_all() -> None:
    shared = Shared(3)

    def elsewhere() -> None:
        shared.place = 2
        for status in (200, 304, 200, 503):
            shared.count_answer(status)
        shared.note_left("theirs")

    other = get_context("fork").Process(target=elsewhere)
    other.start()
    other.join()
    shared.count_answer(200)
    shared.note_left("ours")
    assert shared.answers() == {"2xx": 3, "3xx": 1, "5xx": 1}
    assert [shared.was_left(one) for one in ("ours", "theirs", "nobody's")] == [True, True, False]


def test_more_sessions_left_than_are_remembered_make_room_for_the_latest() -> None:
    gate = Gate(TOKEN)
    for number in range(1_500):
        gate.shared.note_left(str(number))
    assert [gate.shared.was_left(str(number)) for number in (0, 499, 500, 1_499)] == [
        False,
        False,
        True,
        True,
    ]
