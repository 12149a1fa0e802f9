"""Trying declarations on the live sites: ``kohyo sources check --live``.

Each start page is fetched twice and read: it must answer, be readable by its declaration, give
the expected number of rows, and say the same twice in a row. Nothing is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Self

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from monitor.comparing import text_key
from monitor.reading import read
from spiders.base import SourceSpider
from storage.records import Capture, Row, Source, Visit


class TwiceEach:
    """An agenda that asks for every start page two times and follows nothing."""

    chosen: Sequence[Source] = ()  # set by check_live before the one crawl of this process

    def __init__(self) -> None:
        self.sources = type(self).chosen

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def visits(self, source: Source) -> list[Visit]:
        role = "listing" if source.listing is not None else "page"
        return [Visit(source.id, url, role) for url in source.start for _ in range(2)]  # type: ignore[arg-type]

    def visit(self, source: Source, row: Row) -> Visit | None:
        return None

    def listing(self, source: Source, url: str) -> Visit | None:
        return None

    def now(self) -> datetime:
        return datetime.now(UTC)

    def close(self) -> None:
        pass


def check_live(sources: Iterable[Source], say: Callable[[str], None]) -> int:
    """Try every source that has an address and say what was found. Returns how many failed."""
    TwiceEach.chosen = [source for source in sources if source.start]
    settings = Settings()
    settings.setmodule("monitor.settings", priority="project")
    settings.setdict(
        {"AGENDA": "monitor.live.TwiceEach", "ITEM_PIPELINES": {}, "LOG_LEVEL": "ERROR"}, priority="cmdline"
    )
    process = AsyncCrawlerProcess(settings)
    brought: dict[tuple[str, str], list[Capture]] = defaultdict(list)
    crawler = process.create_crawler(SourceSpider)
    crawler.signals.connect(
        lambda item: brought[item.source, item.url].append(item), signal=signals.item_scraped, weak=False
    )
    process.crawl(crawler)
    process.start()
    failed = 0
    for source in TwiceEach.chosen:
        for url in source.start:
            problem = judge(source, brought[source.id, url])
            failed += problem is not None
            say(f"{source.id}: {url}: {problem or 'reads well, the same twice'}")
    return failed


def judge(source: Source, captures: Sequence[Capture]) -> str | None:
    """What is wrong with two captures of one start page; None where nothing is."""
    if not captures:
        return "nothing was brought back"
    for capture in captures:
        if capture.status != 200:
            return capture.error or f"HTTP {capture.status}"
    if source.listing is not None:
        rows = [capture.rows or () for capture in captures]
        least, most = source.listing.expect
        if not least <= len(rows[0]) <= (most or len(rows[0])):
            return f"{len(rows[0])} rows; listing.expect says {least} to {most or 'any number'}"
        return None if rows[0] == rows[-1] else "its rows differ between two fetches"
    readings = [
        read(capture.body, url=capture.url, content_type=capture.header("Content-Type"), rules=source.page)
        for capture in captures
    ]
    if readings[0].verdict != "content":
        return f"{readings[0].verdict}: {readings[0].detail}"
    same = text_key(readings[0].blocks) == text_key(readings[-1].blocks)
    return None if same else "its text differs between two fetches; exclude what flickers"
