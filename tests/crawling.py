"""Fixtures to run real crawls inside one pytest process, over the wire or from a cassette.

``pytest --record`` records cassettes anew; without it a request that is not on the cassette fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from twisted.internet import asyncioreactor

from storage.records import Capture
from tests.vcr_scrapy import make_vcr


@dataclass
class Crawled:
    """What a crawl yielded, and Scrapy's statistics."""

    items: list[Any] = field(default_factory=list)
    stats: dict[str, Any] = field(default_factory=dict)

    @property
    def captures(self) -> list[Capture]:
        return [item for item in self.items if isinstance(item, Capture)]

    def of(self, ending: str) -> Capture:
        """The one capture of the page whose address ends so."""
        (found,) = [capture for capture in self.captures if capture.url.endswith(ending)]
        return found


class Crawl(Protocol):
    def __call__(self, spider: type[Spider], **settings: Any) -> Crawled: ...


@pytest.fixture(scope="session")
def crawl_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """One asyncio loop with Twisted's reactor on it for the whole process.

    A reactor cannot be started twice; this one is started once and never run: asyncio turns the
    wheel, so that crawl after crawl goes over the very reactor and handlers of production.
    """
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)
    from twisted.internet import reactor

    reactor.startRunning(installSignalHandlers=False)
    yield loop
    reactor.fireSystemEvent("shutdown")  # stops the loop, hence it must run once more
    loop.run_forever()
    loop.close()


@pytest.fixture
def crawl(crawl_loop: asyncio.AbstractEventLoop) -> Crawl:
    """Run a spider with the project's settings; keyword arguments override single ones."""

    def run(spider: type[Spider], **settings: Any) -> Crawled:
        project = Settings()
        project.setmodule("monitor.settings", priority="project")
        quick = {"ITEM_PIPELINES": {}, "DOWNLOAD_DELAY": 0, "CONFIRM_AFTER": 0, "STATS_DUMP": False}
        project.update({**quick, **settings}, priority="cmdline")
        crawler = AsyncCrawlerRunner(project).create_crawler(spider)
        result = Crawled()

        def keep(item: Any) -> None:
            result.items.append(item)

        crawler.signals.connect(keep, signal=signals.item_scraped)

        async def go() -> None:
            await asyncio.wait_for(crawler.crawl_async(), 60)

        crawl_loop.run_until_complete(go())
        assert crawler.stats is not None
        result.stats = crawler.stats.get_stats()
        assert not result.stats.get("log_count/CRITICAL")
        assert not [key for key in result.stats if key.startswith("spider_exceptions/")], result.stats
        return result

    return run


@pytest.fixture
def recording(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--record", default=False))


@pytest.fixture
def cassette(request: pytest.FixtureRequest, recording: bool) -> Iterator[Any]:
    """``cassettes/TEST.yaml`` beside the test's file: replayed to the last request, or recorded."""
    path = Path(request.path).parent / "cassettes" / f"{request.node.name}.yaml"
    if recording:
        path.unlink(missing_ok=True)
    recorder = make_vcr(record_mode="new_episodes" if recording else "none")
    with recorder.use_cassette(str(path)) as tape:
        yield tape
    assert recording or tape.all_played, "the cassette holds requests that are no longer made"


def add_options(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="record the cassettes anew")
