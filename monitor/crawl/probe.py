"""Start pages fetched through the same gate and manners as a crawl, following and storing nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Self

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from spiders.base import SourceSpider
from storage.records import Capture, Role, Row, Source, Visit


class Errand:
    """An agenda of the start pages of some sources, each asked for so many times."""

    def __init__(self, sources: Sequence[Source], times: int) -> None:
        self.sources = sources
        self.times = times

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["KOHYO_ERRAND"], crawler.settings.getint("KOHYO_TIMES"))

    def visits(self, source: Source) -> list[Visit]:
        role: Role = "listing" if source.listing is not None else "page"
        return [Visit(source.id, url, role) for url in source.start for _ in range(self.times)]

    def visit(self, source: Source, row: Row) -> Visit | None:
        return None

    def listing(self, source: Source, url: str) -> Visit | None:
        return None

    def now(self) -> datetime:
        return datetime.now(UTC)

    def close(self) -> None:
        pass


def run_errand(sources: Iterable[Source], times: int = 1) -> list[Capture]:
    """What the start pages of ``sources`` bring. One errand a process, as for crawls."""
    settings = Settings()
    settings.setmodule("monitor.settings", priority="project")
    ours = {
        "AGENDA": "monitor.crawl.probe.Errand",
        "KOHYO_ERRAND": tuple(sources),
        "KOHYO_TIMES": times,
        "ITEM_PIPELINES": {},
        "LOG_LEVEL": "ERROR",
    }
    settings.setdict(ours, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(SourceSpider)
    brought: list[Capture] = []

    def scraped(item: Capture) -> None:
        brought.append(item)

    crawler.signals.connect(scraped, signal=signals.item_scraped)
    process.crawl(crawler)
    process.start()
    return brought


def fetch(url: str, *, private: bool = False) -> Capture:
    """The capture of one address. Its ``status`` is None where no answer came."""
    brought = run_errand([Source("read", "read", "affected", (url,), private=private)])
    failed = Capture("read", url, "page", datetime.now(UTC), error="nothing was brought back")
    return brought[0] if brought else failed
