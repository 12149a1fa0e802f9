"""Servers that restart, fail over, or only read: the archive says so, goes on, and loses nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from storage.archive import Archive, open_archive
from storage.errors import Busy, Unreachable
from storage.holding import ARCHIVE
from tests.commands import kohyo
from tests.servers import Server, own_server, standby
from tests.storage.builders import publish


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_server() as started:
        yield started


def publish_in(archive: Archive, number: int) -> None:
    with archive.write() as writer:
        publish(writer, f"対象者は{number}人です。", number=number)


def count_notices(archive: Archive) -> int:
    with archive.read() as reader:
        return len(reader.notices())


def wait_for(standing_by: Server, notices: int) -> None:
    for _ in range(200):
        with open_archive(standing_by.url()) as archive:
            if count_notices(archive) == notices:
                return
        time.sleep(0.05)
    raise AssertionError("the standby does not follow")


def test_connections_that_a_restart_cut_are_made_anew(server: Server) -> None:
    with open_archive(server.url()) as archive:
        publish_in(archive, 1)
        server.restart()
        publish_in(archive, 2)
        assert count_notices(archive) == 2


def be_cut_off(archive: Archive, server: Server) -> None:
    with archive.write() as writer:
        publish(writer, "本文", number=77)
        server.restart()
        writer.sources()


def test_a_transaction_that_a_restart_cut_is_undone_and_named(server: Server) -> None:
    with open_archive(server.url()) as archive:
        before = count_notices(archive)
        with pytest.raises(Unreachable, match="check that the server is there"):
            be_cut_off(archive, server)
        assert count_notices(archive) == before


def test_a_lease_outlives_a_restart(server: Server) -> None:
    with open_archive(server.url()) as archive, archive.hold("run", ARCHIVE) as holding:
        server.restart()
        holding.check()
        with pytest.raises(Busy), open_archive(server.url()) as other, other.hold("run", ARCHIVE):
            pass
        holding.renew()
        with archive.held_by(holding).write(ARCHIVE) as writer:
            publish(writer, "本文", number=78)


def test_a_replica_is_read_and_refuses_runs_in_one_line(server: Server) -> None:
    with open_archive(server.url()) as archive:
        publish_in(archive, 3)
        notices = count_notices(archive)
    with standby(server) as replica:
        wait_for(replica, notices)
        for command in ("search 対象者", "verify", "export --format jsonl"):
            done = kohyo(*command.split(), "--db", replica.url())
            assert done.returncode == 0, done.stderr
        for command in ("crawl", "db downgrade 0011 --yes"):
            done = kohyo(*command.split(), "--no-bundled", "--db", replica.url())
            assert done.returncode == 2, command
            assert done.stderr.count("\n") == 1, done.stderr
            assert "read-only" in done.stderr


def test_runs_go_on_at_the_server_that_took_over(server: Server) -> None:
    with open_archive(server.url()) as archive:
        notices = count_notices(archive)
    with standby(server) as other:
        wait_for(other, notices)
        both = (
            f"postgresql://postgres@/postgres?host={server.data},{other.data}&target_session_attrs=read-write"
        )
        with open_archive(both) as archive:
            publish_in(archive, 5)
            wait_for(other, notices + 1)
            server.kill()
            other.promote()
            publish_in(archive, 6)
            assert count_notices(archive) == notices + 2
            assert list(archive.verify()) == []
        with open_archive(other.url()) as archive, archive.read() as reader:
            assert reader._db.scalar(sa.text("SELECT pg_is_in_recovery()")) is False
