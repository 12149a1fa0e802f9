"""Functions in processes of their own: results come back, and what costs too much costs itself alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from spiders.transport.workers.lanes import KEPT_BYTES, Faulted, TooExpensive, Workers


def spin(seconds: float = 60.0) -> float:
    """Work for so long by the CPU's clock."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds


def hoard() -> int:
    return len([b"x" * (1 << 30) for _ in range(8)])


def die() -> None:
    os._exit(7)


def fail() -> None:
    raise KeyError("no such word")


HOARD: list[bytes] = []


def keep(size: int) -> int:
    """Hold so many bytes until the process ends."""
    HOARD.append(b"x" * size)
    return os.getpid()


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


@pytest.fixture
def workers() -> Any:
    made = Workers(quick_seconds=0.1, seconds=1, host_seconds=300)
    yield made
    made.close()


def test_what_a_function_gives_comes_back(workers: Workers) -> None:
    assert run(workers.run("a.example", sorted, [3, 1, 2], reverse=True)) == [3, 2, 1]


@pytest.mark.parametrize("function", [spin, hoard, die])
def test_what_takes_too_much_is_ended_and_the_next_job_runs(workers: Workers, function: Any) -> None:
    async def go() -> list[int]:
        with pytest.raises(TooExpensive, match="too expensive: it takes more than 1 s of CPU time or"):
            await workers.run("a.example", function)
        return await workers.run("a.example", sorted, [2, 1])

    assert run(go()) == [1, 2]


@pytest.mark.parametrize(("size", "stays"), [(1000, True), (KEPT_BYTES, False)])
def test_a_worker_that_holds_on_to_much_gives_way_to_a_new_one(size: int, stays: bool) -> None:
    workers = Workers()

    async def go() -> tuple[int, int]:
        return await workers.run("a.example", keep, size), await workers.run("a.example", keep, size)

    try:
        first, second = run(go())
    finally:
        workers.close()
    assert (first == second) == stays


def test_what_was_costly_takes_its_worker_with_it() -> None:
    workers = Workers(quick_seconds=1, seconds=3)

    async def go() -> tuple[int, int]:
        with pytest.raises(TooExpensive):
            await workers.run("a.example", spin)
        return await workers.run("a.example", keep, 1000), await workers.run("a.example", keep, 1000)

    try:
        first, second = run(go())
    finally:
        workers.close()
    assert first != second


def test_a_worker_loads_nothing_of_the_crawler() -> None:
    ask = "import sys, spiders.transport.workers.inside, spiders.listings.listing, monitor.track.judge.judgement\n"
    ask += "print([name for name in ('scrapy', 'twisted', 'sqlalchemy') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"


def test_a_mistake_of_ours_says_what_and_where(workers: Workers) -> None:
    with pytest.raises(Faulted, match="kohyo failed on this page: KeyError: 'no such word'"):
        run(workers.run("a.example", fail))


def test_a_costly_host_waits_for_itself_alone(workers: Workers) -> None:
    async def go() -> list[str]:
        done: list[str] = []

        async def one(host: str, function: Any, *args: Any) -> None:
            with contextlib.suppress(TooExpensive):
                await workers.run(host, function, *args)
            done.append(host)

        costly = [one("costly.example", spin) for _ in range(2)]
        await asyncio.gather(*costly, *(one("honest.example", sorted, [n]) for n in range(5)))
        return done

    assert run(go()) == ["honest.example"] * 5 + ["costly.example"] * 2


def test_a_host_has_so_much_time_in_a_run(workers: Workers) -> None:
    async def go() -> None:
        workers._slowly["a.example"] = 301
        workers._costly.add("a.example")
        with pytest.raises(TooExpensive, match=r"in this run a\.example took 300 s before"):
            await workers.run("a.example", spin)

    run(go())
