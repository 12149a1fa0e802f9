"""One run at a time, whatever becomes of the connection that holds the lock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from storage.archive import Archive, open_archive
from storage.errors import Busy
from tests.storage.builders import NOW, later, publish


@pytest.fixture
def other(archive: Archive, database_url: str) -> Iterator[Archive]:
    """The archive as another process sees it."""
    with open_archive(database_url) as opened:
        yield opened


def cut_the_lock(archive: Archive) -> None:
    """Ends the session that holds the run's lock, as a firewall or a failover does."""
    with archive.write() as writer:
        held = sa.text("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0")
        (pid,) = writer._db.scalars(held)
        writer._db.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


def test_the_lock_is_seen_by_others(archive: Archive, other: Archive) -> None:
    assert not other.is_at_work()
    with archive.lock():
        assert other.is_at_work()
        assert not other.is_at_work("notify")
        with pytest.raises(Busy), other.lock():
            pass
    assert not other.is_at_work()


def test_a_run_that_was_replaced_writes_nothing_more(archive: Archive, other: Archive) -> None:
    with archive.write() as writer:
        first = writer.start_run("crawl", NOW)
    mine = archive.of_run(first.id)
    with mine.write() as writer:
        publish(writer, "本文")
    with other.write() as writer:  # who holds the lock now
        writer.end_silent_runs()
        second = writer.start_run("crawl", later(hours=1))
    with pytest.raises(Busy, match="lost its lock"), mine.write() as writer:
        publish(writer, "本文", number=2)
    with other.of_run(second.id).write() as writer:
        assert len(writer.notices()) == 1
        assert [(run.id, run.status) for run in writer.runs()] == [
            (second.id, "running"),
            (first.id, "failed"),
        ]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_lock_whose_connection_is_cut_is_lost_without_a_traceback(archive: Archive, other: Archive) -> None:
    with archive.lock() as hold:
        hold()
        cut_the_lock(other)
        with pytest.raises(Busy, match="lost"):
            hold()
        with other.lock() as theirs:
            theirs()
    with archive.lock() as hold:
        hold()
