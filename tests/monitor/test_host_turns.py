"""Hosts as the archive knows them."""

from __future__ import annotations

from monitor.crawl.host_turns import ArchiveHosts
from storage.archive import Archive
from storage.db.tables import lease
from storage.holding import Holding
from storage.records import HostState

HOST = "www.example.jp"


def hosts(archive: Archive) -> ArchiveHosts:
    """Hosts for a run of its own."""
    return ArchiveHosts(archive, Holding(archive, "crawl"), 1.0)


def test_a_host_that_was_given_back_goes_on_where_it_was_left(archive: Archive) -> None:
    first, second = hosts(archive), hosts(archive)
    assert first.take(HOST) == HostState()
    assert second.take(HOST) is None
    first.release(HOST, HostState(wait=0.0, delay=3.0, stalls=1))
    assert not first.holds(HOST)
    assert second.take(HOST) == HostState(wait=0.0, delay=3.0, stalls=1)
    assert second.holds(HOST)


def test_a_host_that_was_taken_over_is_left_alone_for_its_pause(archive: Archive) -> None:
    for delay, pause in ((0.0, 1.0), (7.0, 7.0)):
        gone, after = hosts(archive), hosts(archive)
        assert gone.take(HOST)
        gone.keep({HOST: HostState(delay=delay)})
        with archive.write() as writer:
            writer._db.execute(lease.update().values(until=writer.clock()))
        taken = after.take(HOST)
        assert taken is not None
        assert (taken.wait, taken.delay) == (pause, delay)
        after.release(HOST, taken)
