"""Runs: a crawl over what is due, or the replay of WARC files, each under the archive's lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from monitor.clock import Clock
from monitor.ledger import Tracked
from monitor.linking import declare_incidents
from monitor.tracker import Tracker
from spiders.base import SourceSpider
from spiders.replay import captures
from storage.archive import Archive
from storage.records import Alert, Change, Run, Source

Hear = Callable[[Tracked], None]


@dataclass(slots=True)
class Report:
    """What a run came to. ``failures`` are those that made it finish with status 1."""

    outcomes: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, tracked: Tracked) -> None:
        self.outcomes[tracked.outcome] += 1
        self.changes += tracked.changes
        self.alerts += tracked.alerts
        if tracked.outcome == "error":
            self.failures += [f"{alert.source}: {alert.url}: {alert.detail}" for alert in tracked.alerts]

    @property
    def stats(self) -> dict[str, int]:
        return {**self.outcomes, "changes": len(self.changes), "alerts": len(self.alerts)}


def crawl(
    archive: Archive,
    settings: dict[str, Any],
    now: Clock,
    hear: Hear = lambda _: None,
) -> Report:
    """Visit what is due. One crawl a process: Twisted's reactor cannot start twice.

    ``settings`` are laid over ``monitor.settings`` and name the same database and sources; ``hear``
    is told of each page as it is done. Raises Busy where another run holds the archive's lock.
    """
    report = Report()

    def scraped(item: Tracked) -> None:
        report.add(item)
        hear(item)

    with archive.lock():
        run = _start(archive, "crawl", now)
        base = Settings()
        base.setmodule("monitor.settings", priority="project")
        base.setdict({**settings, "KOHYO_RUN": run.id}, priority="cmdline")
        process = AsyncCrawlerProcess(base)
        crawler = process.create_crawler(SourceSpider)
        crawler.signals.connect(scraped, signal=signals.item_scraped)
        process.crawl(crawler)
        process.start()
        report.failures += _broken(crawler.stats.get_stats() if crawler.stats else {})
        _finish(archive, run, now, report)
    return report


def replay(
    archive: Archive, source: Source, files: Iterable[Path], now: Clock, hear: Hear = lambda _: None
) -> Report:
    """Put the captures of WARC files through the same judgement, their own dates as the clock.

    Captures that are already stored are passed over, so a second import adds nothing.
    """
    report = Report()
    with archive.lock():
        run = _start(archive, "import", now)
        with archive.write() as writer:
            writer.put_source(source)
        tracker = Tracker(archive, [source], run.id)
        for capture in captures(files, source, damaged=report.failures.append):
            with archive.read() as reader:
                seen = reader.was_checked(source.id, capture.url, capture.captured_at)
            if not seen:
                tracked = tracker.track(capture)
                report.add(tracked)
                hear(tracked)
        _finish(archive, run, now, report)
    return report


def _start(archive: Archive, command: str, now: Clock) -> Run:
    with archive.write() as writer:
        declare_incidents(writer)
        return writer.start_run(command, now())


def _finish(archive: Archive, run: Run, now: Clock, report: Report) -> None:
    ended = replace(
        run, finished_at=now(), status="failed" if report.failures else "done", stats=report.stats
    )
    with archive.write() as writer:
        writer.finish_run(ended)


def _broken(stats: dict[str, Any]) -> list[str]:
    """A spider's or a pipeline's own exceptions, which Scrapy counts and logs but survives."""
    return [
        f"{count} unexpected errors in {name.rsplit('/', 1)[-1]} (see the log)"
        for name, count in stats.items()
        if name.startswith(("spider_exceptions/", "kohyo/broken/")) and name != "spider_exceptions/count"
    ]
