"""Start pages fetched through the same gate and manners as a crawl, following and storing nothing.

Where there is an archive, hosts are taken by its leases, so that no other process asks them at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from spiders.base import SourceSpider
from spiders.transport.browser import browser_settings
from storage.archive import open_archive
from storage.errors import StorageError
from storage.holding import Holding
from storage.records import Capture, Role, Row, Source, Visit
from storage.text.urls import hostname


class ProbeAgenda:
    """An agenda of the start pages of some sources, each asked for so many times."""

    def __init__(self, sources: Sequence[Source], times: int) -> None:
        self.sources = sources
        self.times = times

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take sources and number of fetches from the settings that ``probe`` made."""
        return cls(crawler.settings["KOHYO_PROBED"], crawler.settings.getint("KOHYO_TIMES"))

    def visits(self, source: Source) -> list[Visit]:
        """Return the start addresses of a source, each as often as asked."""
        role: Role = "listing" if source.listing is not None else "page"
        return [Visit(source.id, url, role) for url in source.start for _ in range(self.times)]

    def visit(self, source: Source, row: Row) -> Visit | None:
        """Return None: rows are read, and never followed."""
        return None

    def listing(self, source: Source, url: str) -> Visit | None:
        """Return None: further listings are not followed either."""
        return None

    def now(self) -> datetime:
        """Return the time in UTC, by the machine's clock."""
        return datetime.now(UTC)

    def close(self) -> None:
        """Do nothing; no archive is open."""
        pass


def probe(sources: Sequence[Source], times: int = 1, archive: str | None = None) -> list[Capture]:
    """Fetch the start pages of ``sources``, each ``times`` times, and return the captures; nothing is stored.

    A host that another process visits, by the leases of the ``archive`` at this address, is not asked; the
    captures of its pages say so. One call a process, as for crawls: a reactor runs once.
    """
    settings = Settings()
    settings.setmodule("monitor.settings", priority="project")
    ours: dict[str, Any] = {
        "AGENDA": "monitor.crawl.probe.ProbeAgenda",
        "KOHYO_DB": archive,
        "KOHYO_PROBED": tuple(sources),
        "KOHYO_TIMES": times,
        "ITEM_PIPELINES": {},
        "LOG_LEVEL": "ERROR",
    }
    settings.setdict({**browser_settings(sources), **ours}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(SourceSpider)
    brought: list[Capture] = []

    def scraped(item: Capture) -> None:
        brought.append(item)

    crawler.signals.connect(scraped, signal=signals.item_scraped)
    with _holding(archive) as holding:
        crawler.settings.set("KOHYO_HOLDING", holding, priority="cmdline")
        process.crawl(crawler)
        process.start()
    if isinstance(crawler.spider, SourceSpider):
        reasons = {host: reason for (_, host), (_, _, reason) in crawler.spider.put_off.items()}
        known = {(one.source, one.url) for one in brought}
        brought += [
            Capture(source.id, url, "page", datetime.now(UTC), error=reasons[hostname(url)])
            for source in sources
            for url in source.start
            if hostname(url) in reasons and (source.id, url) not in known
        ]
    return brought


@contextmanager
def _holding(archive: str | None) -> Iterator[Holding | None]:
    """Hold what hosts are taken by; None where no archive is there to write down who asks which."""
    with ExitStack() as stack:
        holding = None
        if archive is not None:
            with suppress(StorageError):
                kept = stack.enter_context(open_archive(archive)).hold("probe")
                taking = stack.enter_context(kept)
                taking.renew()  # one that only reads refuses here
                holding = taking
        yield holding


def fetch(url: str, *, private: bool = False, archive: str | None = None) -> Capture:
    """Fetch one address and return its capture. Its ``status`` is None where no answer came."""
    brought = probe([Source("read", "read", "affected", (url,), private=private)], archive=archive)
    failed = Capture("read", url, "page", datetime.now(UTC), error="nothing was brought back")
    return brought[0] if brought else failed
