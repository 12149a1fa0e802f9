"""Processes that work ahead: what they make comes back in order, whatever becomes of them."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

import pytest

from spiders.transport.workers import ahead, hands
from spiders.transport.workers.ahead import Ahead, work_ahead

TAKES = {"long": 30.0}


def shout(word: str, body: bytes = b"") -> tuple[str, int, int]:
    """Return a word in capitals, the bytes that came with it, and who did it."""
    if word == "die":
        os._exit(7)
    if word == "fail":
        raise KeyError(word)
    time.sleep(TAKES.get(word, 0.005))
    return word.upper(), len(body), os.getpid()


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "FEW_JOBS", 3)
    monkeypatch.setattr(ahead, "count_workers", lambda: 2)
    monkeypatch.setattr(hands, "BATCH_JOBS", 2)


def ask(words: list[str], body: bytes = b"") -> list[Any]:
    def arguments(word: str) -> tuple[object, ...] | None:
        return (word, body) if word else None

    return list(work_ahead(shout, words, arguments, lambda _: len(body)))


def test_jobs_come_in_their_order_made_by_all_processes_and_not_here() -> None:
    words = [f"word {number}" for number in range(60)]
    made = ask(words)
    assert [(word, result[0]) for word, result in made] == [(word, word.upper()) for word in words]
    assert len({result[2] for _, result in made} - {os.getpid()}) == 2


def test_few_jobs_are_left_to_who_takes_them_and_those_without_arguments_always() -> None:
    assert ask(["one", "", "two"]) == [("one", None), ("", None), ("two", None)]
    made = ask(["", *"abcdef", "", "fail", "g"])
    assert [result and result[0] for _, result in made] == [None, *"ABCDEF", None, None, "G"]


def test_what_is_larger_than_a_socket_holds_arrives() -> None:
    assert [result[1] for _, result in ask([*"abcdef"], b"x" * (3 << 20))] == [3 << 20] * 6


@pytest.mark.parametrize("fate", ["die", "long"])
def test_what_a_process_does_not_deliver_is_left_to_who_takes_it_and_others_are_started(
    monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    monkeypatch.setattr(hands, "QUICK_SECONDS", 0.1)
    monkeypatch.setattr(hands, "START_SECONDS", 1.0)
    words = [*"abcd", fate, *(f"word {number}" for number in range(60))]
    made = ask(words)
    assert [word for word, _ in made] == words
    assert made[4][1] is None
    assert fate == "long" or made[-1][1] is not None  # a busy machine may not start others in a second


def test_processes_that_always_die_are_given_up() -> None:
    words = ["die"] * 60
    assert ask(words) == [("die", None)] * 60


def run_with(much: bool, *words: str) -> list[Any]:
    """Call for all of these words at once."""

    async def go() -> list[Any]:
        made = Ahead[Any](lambda: much)
        try:
            return await asyncio.gather(*(made.call(shout, word) for word in words))
        finally:
            made.close()

    return [one and one[0] for one in asyncio.run(go())]


def test_a_run_that_expects_much_waits_for_processes_from_its_first_call_on() -> None:
    assert run_with(True, *"abc", "fail", "d") == [*"ABC", None, "D"]
    assert run_with(False, "a", "b") == [None, None]


def test_a_run_goes_on_when_its_processes_die() -> None:
    assert run_with(True, "die", *"ab")[0] is None
