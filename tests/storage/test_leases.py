"""Leases: one owner at a time, and no late write of one that was replaced."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.archive import Archive, open_archive
from storage.db.tables import lease
from storage.errors import Busy
from storage.holding import ARCHIVE, NOTIFY, Holding, host_lease
from storage.records import HostState, RobotsAnswer
from storage.topics.leasing import leases, owners
from tests.storage.builders import NOW, publish

HOST = host_lease("www.example.jp")

DOOMED = """
import sys
from storage.archive import open_archive
with open_archive(sys.argv[1]) as archive, archive.hold("crawl", sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(archive: Archive, database_url: str) -> Iterator[Archive]:
    """The archive as another process sees it."""
    with open_archive(database_url) as opened:
        yield opened


def expire(archive: Archive, by: timedelta = timedelta(seconds=1)) -> None:
    """Let all leases end, as if their owners had slept."""
    with archive.write() as writer:
        writer._db.execute(lease.update().values(until=writer.clock() - by))


def take(archive: Archive, name: str = HOST) -> Holding:
    holding = Holding(archive, "crawl")
    assert holding.take(name)
    return holding


def test_what_one_holds_another_does_not_get(archive: Archive, other: Archive) -> None:
    with archive.hold("crawl", HOST):
        with other.read() as reader:
            assert [(one.name, one.fence) for one in reader.leases()] == [(HOST, 1)]
        with pytest.raises(Busy, match=r"another run .*\(crawl \d+@"), other.hold("crawl", HOST):
            pass
        with other.hold("notify", NOTIFY):
            pass
    with other.read() as reader:
        assert reader.leases() == []
    with other.hold("crawl", HOST), archive.read() as reader:
        assert [one.fence for one in reader.leases()] == [2]


def test_what_expired_is_told_apart_from_what_is_held(archive: Archive, other: Archive) -> None:
    take(other)
    expire(archive)
    with archive.hold("notify", NOTIFY), archive.read() as reader:
        held, left = reader.leases_and_left()
    assert [[one.name for one in each] for each in (held, left)] == [[NOTIFY], [HOST]]


def test_the_late_write_of_an_owner_that_slept_is_refused(archive: Archive, other: Archive) -> None:
    sleeper = take(archive)
    mine = archive.held_by(sleeper)
    with mine.write(HOST) as writer:
        publish(writer, "本文")
    expire(other)
    with mine.write(HOST) as writer:  # nobody else came meanwhile
        publish(writer, "本文 2", number=2)
    assert take(other)
    with pytest.raises(Busy, match=f"lost its lease {HOST}"), mine.write(HOST) as writer:
        publish(writer, "本文 3", number=3)
    assert not sleeper.holds(HOST)
    assert not sleeper.take(HOST)  # what it read while it held it is out of date
    with mine.write("host:other.example.jp") as writer:  # which it never held, and so read nothing of it
        assert len(writer.notices()) == 2


def test_nobody_takes_over_between_the_proof_and_the_end_of_a_write(archive: Archive, other: Archive) -> None:
    sleeper, order = take(archive), []

    def take_over() -> None:
        take(other)
        order.append("taken over")

    expire(other)
    with archive.held_by(sleeper).write(HOST) as writer:
        thread = threading.Thread(target=take_over)
        thread.start()
        thread.join(0.3)
        publish(writer, "本文")
        order.append("written")
    thread.join()
    assert order == ["written", "taken over"]


def test_an_expired_lease_is_renewed_unless_another_took_it(archive: Archive, other: Archive) -> None:
    early, late = take(archive), take(archive, NOTIFY)
    expire(other)
    early.renew()
    assert take(other, NOTIFY)
    late.renew()
    assert early.holds(HOST)
    with pytest.raises(Busy, match="lost its lease duty:notify"):
        late.check()
    assert not Holding(other, "crawl").take(HOST)


def test_an_owner_that_slept_asks_before_it_goes_on(
    archive: Archive, other: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = take(archive)
    expire(other)
    assert take(other)
    assert sleeper.holds(HOST)  # as far as it knows
    awake = 60.0
    monkeypatch.setattr("storage.holding._elapsed", lambda: 1e9 + awake)
    assert not sleeper.holds(HOST)


def test_leases_are_renewed_while_work_goes_on(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.holding.RENEW_SECONDS", 0.01)
    with archive.hold("crawl", HOST) as holding:
        expire(archive)
        renewed = threading.Event()
        monkeypatch.setattr(holding, "_sure_until", 0.0)
        while not renewed.wait(0.01):
            if holding._sure_until:
                renewed.set()
        with archive.read() as reader:
            assert [one.name for one in reader.leases()] == [HOST]


@pytest.mark.skipif(not owners._here(), reason="this system does not tell which processes are alive")
def test_what_a_killed_process_held_is_free_at_once_on_its_machine(
    archive: Archive, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", DOOMED, database_url, HOST]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=root, text=True, **pipes) as doomed:  # type: ignore[call-overload]
        assert doomed.stdout.readline() == "held\n"
        assert not Holding(archive, "crawl").take(HOST)
        doomed.send_signal(signal.SIGKILL)
        doomed.wait()
        with monkeypatch.context() as elsewhere:  # of another machine nothing is known
            elsewhere.setattr(owners, "_here", lambda: "elsewhere")
            assert not Holding(archive, "crawl").take(HOST)
        assert take(archive)


def test_an_unknown_owner_is_no_dead_one() -> None:
    here, _, start, _ = owners.new_owner().split("/")
    for owner in ("", "someone", "a/b/c/d", f"{here}/no number/{start}/x", f"{here}/1/{start}/x/y"):
        assert not owners.is_dead(owner)
    assert not owners.is_dead(owners.new_owner())


def test_machines_whose_clocks_are_an_hour_apart_agree(
    archive: Archive, other: Archive, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + timedelta(hours=1)

    with archive.write() as writer:
        writer.put_host("www.example.jp", HostState(wait=30, delay=2, away=90, stalls=1))
    take(archive)
    monkeypatch.setattr(leases, "datetime", Ahead)
    agrees = not database_url.startswith("sqlite")  # which is of one machine
    assert Holding(other, "crawl").take(HOST) is not agrees
    with other.read() as reader:
        state = reader.host_state("www.example.jp")
        assert (28 < state.wait <= 30, 88 < state.away <= 90) == (agrees, agrees)
        assert (state.delay, state.stalls, state.rest) == (2, 1, 0)


def test_a_lease_taken_by_a_clock_that_was_ahead_is_not_waited_for(archive: Archive) -> None:
    take(archive)
    expire(archive, by=timedelta(days=-400))
    assert Holding(archive, "crawl").take(HOST)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_owner_whose_connections_are_cut_goes_on_while_its_lease_is_its_own(
    archive: Archive, other: Archive
) -> None:
    def cut() -> None:
        with other.write() as writer:
            mine = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            writer._db.execute(sa.text(f"{mine} AND datname = current_database()"))

    holding = take(archive)
    cut()
    holding.renew()
    cut()
    with archive.held_by(holding).write(HOST) as writer:
        publish(writer, "本文")
    expire(other)
    assert take(other)
    cut()
    with pytest.raises(Busy), archive.held_by(holding).write(HOST):
        pass


def test_a_run_lives_while_its_lease_is_held(archive: Archive, other: Archive) -> None:
    holding = Holding(archive, "crawl")
    with archive.write() as writer:
        first = writer.start_run("crawl", NOW)
        holding.begin_run(writer, first.id, alone=False)
    with other.write() as writer:
        writer.end_silent_runs()
        assert writer.live_runs() == {first.id}
        beside = Holding(other, "crawl")
        second = writer.start_run("crawl", NOW)
        beside.begin_run(writer, second.id, alone=False)
        with pytest.raises(Busy, match="another run"):
            Holding(other, "rederive").begin_run(writer, 3, alone=True)
    expire(other)
    with other.write() as writer:
        writer.end_silent_runs()
        whole = Holding(other, "rederive")
        whole.begin_run(writer, writer.start_run("rederive", NOW).id, alone=True)
        assert {one.name for one in writer.leases()} == {ARCHIVE, "run:3"}
        with pytest.raises(Busy, match="another run"):
            Holding(other, "crawl").begin_run(writer, 4, alone=False)
    with pytest.raises(Busy, match="lost its lease run:1"), archive.held_by(holding).write() as writer:
        publish(writer, "本文")
    with other.read() as reader:
        assert [(run.id, run.status) for run in reader.runs()] == [
            (3, "running"),
            (2, "failed"),
            (1, "failed"),
        ]


def test_what_a_host_and_a_site_asked_for_is_kept(archive: Archive) -> None:
    with archive.write() as writer:
        assert writer.host_state("www.example.jp") == HostState()
        assert writer.robots_answer("https://www.example.jp") is None
        for body in (b"", b"User-agent: *\nDisallow: /\n"):
            writer.put_robots("https://www.example.jp", RobotsAnswer(200, body))
        writer.put_host("www.example.jp", HostState(away=10**9, stalls=2, rest=600))
    with archive.read() as reader:
        answer = reader.robots_answer("https://www.example.jp")
        assert answer is not None
        assert (answer.status, answer.body[:5], answer.age < 5) == (200, b"User-", True)
        state = reader.host_state("www.example.jp")
        assert (state.away, state.stalls, 590 < state.rest <= 600) == (7 * 86400, 2, True)
