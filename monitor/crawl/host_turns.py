"""Hosts as the archive knows them: who may ask them now, and how they want to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from monitor.config import database_url
from storage.archive import Archive, open_archive
from storage.errors import StorageError
from storage.holding import Holding, host_lease
from storage.records import HostState, RobotsAnswer


class ArchiveHosts:
    """Takes hosts by leases, on behalf of a run. What cannot be kept is forgotten: it is asked for again."""

    def __init__(self, archive: Archive, holding: Holding, pause: float) -> None:
        self.archive = archive
        self.holding = holding
        self.pause = pause  # seconds, of hosts that ask for no other

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the archive of a crawl, and take hosts for its run."""
        settings = crawler.settings
        archive = open_archive(settings.get("KOHYO_DB") or database_url())
        return cls(archive, settings["KOHYO_HOLDING"], settings.getfloat("DOWNLOAD_DELAY"))

    def take(self, host: str) -> HostState | None:
        """Take a host, and return how it wants to be asked; None where another process has it.

        Of one that was taken over nobody knows when it was asked last: it is left alone for its whole pause.
        Raises StorageError.
        """
        if not self.holding.take(host_lease(host)):
            return None
        with self.archive.read() as reader:
            state = reader.host_state(host)
        over = self.holding.took_over(host_lease(host))
        return replace(state, wait=max(state.wait, state.delay, self.pause)) if over else state

    def holds(self, host: str) -> bool:
        """Tell whether the host is still ours."""
        return self.holding.holds(host_lease(host))

    def keep(self, states: Mapping[str, HostState]) -> None:
        """Keep how hosts want to be asked."""
        with suppress(StorageError), self.archive.lease() as writer:
            for host, state in states.items():
                writer.put_host(host, state)

    def release(self, host: str, state: HostState) -> None:
        """Give a host back."""
        self.keep({host: state})
        with suppress(StorageError):
            self.holding.release(host_lease(host))

    def robots(self, site: str) -> RobotsAnswer | None:
        """Return what a site answered to the question for its robots.txt last."""
        with suppress(StorageError), self.archive.read() as reader:
            return reader.robots_answer(site)
        return None

    def keep_robots(self, site: str, answer: RobotsAnswer) -> None:
        """Keep what a site answered just now."""
        with suppress(StorageError), self.archive.lease() as writer:
            writer.put_robots(site, answer)

    def close(self) -> None:
        """Close the archive's connections."""
        self.archive.close()
