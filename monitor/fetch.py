"""One page fetched once, through the same gate and manners as a crawl; nothing is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from spiders.base import SourceSpider
from storage.records import Capture, Row, Source, Visit


class OneVisit:
    """An agenda of a single page."""

    def __init__(self, url: str, *, private: bool) -> None:
        self.source = Source("read", "read", "affected", (url,), private=private)
        self.sources = [self.source]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["KOHYO_URL"], private=crawler.settings.getbool("KOHYO_PRIVATE"))

    def visits(self, source: Source) -> list[Visit]:
        return [Visit(source.id, source.start[0], "page")]

    def visit(self, source: Source, row: Row) -> Visit | None:
        return None

    def listing(self, source: Source, url: str) -> Visit | None:
        return None

    def now(self) -> datetime:
        return datetime.now(UTC)

    def close(self) -> None:
        pass


def fetch(url: str, *, private: bool = False) -> Capture:
    """The capture of one address. Its ``status`` is None where no answer came."""
    settings = Settings()
    settings.setmodule("monitor.settings", priority="project")
    ours = {
        "AGENDA": "monitor.fetch.OneVisit",
        "KOHYO_URL": url,
        "KOHYO_PRIVATE": private,
        "ITEM_PIPELINES": {},
        "LOG_LEVEL": "ERROR",
    }
    settings.setdict(ours, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(SourceSpider)
    brought: list[Capture] = []
    crawler.signals.connect(lambda item: brought.append(item), signal=signals.item_scraped, weak=False)
    process.crawl(crawler)
    process.start()
    now = datetime.now(UTC)
    return brought[0] if brought else Capture("read", url, "page", now, error="nothing was brought back")
