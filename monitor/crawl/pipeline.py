"""Where a crawl's captures enter the tracker."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from monitor.config import database_url
from monitor.crawl.judging import Judging, is_cheap
from monitor.crawl.selection import choose_sources
from monitor.track.context import TrackResult
from monitor.track.judge.case import ReadAhead
from monitor.track.tracker import Tracker
from spiders.base import SourceSpider
from spiders.transport.budgets import get_budgets
from spiders.transport.workers.ahead import FAST_SECONDS, FEW_JOBS, Ahead
from spiders.transport.workers.lanes import get_workers
from storage.archive import open_archive
from storage.errors import LeaseLost, StorageError, Unreachable
from storage.records import Alert, Capture


class TrackPipeline:
    """Tracks each capture as it comes. A storage error stops the crawl, since nothing more would be kept.

    ``crawler.stats`` counts ``kohyo/outcome/…``, ``kohyo/change/…`` and ``kohyo/alert/…``; who wants
    to see each one as it happens listens to ``item_scraped``, and to ``item_dropped`` for those not kept.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.stopping: asyncio.Future[None] | None = None
        self.archive = open_archive(crawler.settings.get("KOHYO_DB") or database_url())
        if holding := crawler.settings.get("KOHYO_HOLDING"):
            self.archive = self.archive.held_by(holding)
        sources = choose_sources(self.archive, crawler.settings)
        self.tracker = Tracker(self.archive, sources, crawler.settings.get("KOHYO_RUN"))
        self.ahead: Ahead[ReadAhead] = Ahead(self._expects_much)
        self.judging = Judging(self.tracker, get_workers(crawler), self.ahead)
        with self.archive.write() as writer:
            known = {source.id: source for source in writer.sources()}
            for source in sources:
                if known.get(source.id) != source:
                    writer.put_source(source)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the archive of the crawl's settings."""
        return cls(crawler)

    async def process_item(self, item: Capture) -> TrackResult:
        """Track one capture and count what it came to in Scrapy's statistics.

        A database that cannot be written stops the crawl in good order; the capture is dropped. So is one of
        a host that another run has taken over meanwhile, and the crawl goes on.
        """
        budgets, is_small = get_budgets(self.crawler), is_cheap(item)
        budgets.to_judge += is_small
        try:
            result = await self._track(item)
        except StorageError as error:
            if isinstance(error, LeaseLost) and self.crawler.settings["KOHYO_HOLDING"].is_alive:
                raise DropItem(str(error)) from error
            self.stopping = self.stopping or asyncio.ensure_future(self.crawler.stop_async())
            raise DropItem(str(error)) from error
        finally:
            budgets.to_judge -= is_small
        stats = self.crawler.stats
        assert stats is not None
        stats.inc_value(f"kohyo/outcome/{result.outcome}")
        for change in result.changes:
            stats.inc_value(f"kohyo/change/{change.kind}")
        for alert in result.alerts:
            stats.inc_value(f"kohyo/alert/{alert.kind}")
        return result

    def _expects_much(self) -> bool:
        spider = self.crawler.spider
        return isinstance(spider, SourceSpider) and spider.expects(FEW_JOBS, FAST_SECONDS)

    async def _track(self, item: Capture) -> TrackResult:
        """Track a capture, once more where the database went away meanwhile."""
        try:
            return await self.judging.track(item)
        except Unreachable:
            with self.archive.read() as reader:
                stored = reader.was_checked(item.source, item.url, item.captured_at)
            if stored:  # and only the word of it was lost
                return TrackResult(item.source, item.url, "same-bytes")
            return await self.judging.track(item)

    def close_spider(self) -> None:
        """Raise an alert for each host that was put off, and close the archive."""
        self.ahead.close()
        self._say_what_was_put_off()
        self.archive.close()

    def _say_what_was_put_off(self) -> None:
        """Raise one alert for each host that was left alone.

        Where the time of the whole run was up, the run itself says so.
        """
        spider = self.crawler.spider
        if not isinstance(spider, SourceSpider):
            return
        for (source, host), (first, count, reason) in spider.put_off.items():
            if host and host not in spider.taken:
                detail = f"put off to the next run, with {count - 1} other pages: {reason}"
                alert = Alert("budget", source, first.url, detail, spider.agenda.now(), self.tracker.run)
                with self.archive.write() as writer:
                    writer.raise_alert(alert)
