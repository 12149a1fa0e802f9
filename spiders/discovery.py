"""One address after the other, as a guide asks for them: what a search for a list to watch fetches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Protocol

import scrapy

from spiders.transport.capturing import capture, capture_failure
from spiders.transport.safety import PRIVATE
from storage.records import Capture, Visit


class Guide(Protocol):
    """What a discovery has to be told; an argument of the crawl."""

    @property
    def private(self) -> bool:
        """Tell whether addresses of this machine and its network may be asked."""

    def next(self) -> str | None:
        """Name the address to fetch now; None where there is none left."""

    def met(self, capture: Capture) -> None:
        """Take what came from the address named last."""


class DiscoverySpider(scrapy.Spider):
    """Fetch what a guide names, each through robots.txt, gate, pace and limits like any visit."""

    name = "discovery"
    guide: Guide

    async def start(self) -> AsyncIterator[Any]:
        """Fetch one address after the other until the guide names none."""
        while (url := self.guide.next()) is not None:
            self.guide.met(await self._fetch(url))
        return
        yield  # an empty generator: whatever came is the guide's

    async def _fetch(self, url: str) -> Capture:
        assert self.crawler.engine is not None
        visit, now = Visit("discovery", url, "page"), datetime.now(UTC)
        request = scrapy.Request(url, meta={PRIVATE: self.guide.private}, dont_filter=True)
        try:
            return capture(visit, await self.crawler.engine.download_async(request), now)
        except Exception as error:
            return capture_failure(visit, error, now, limit=self.crawler.settings.getint("DOWNLOAD_MAXSIZE"))
