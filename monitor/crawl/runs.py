"""Runs: a crawl over what is due, or the replay of WARC files, each alive while its lease is held."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from twisted.python.failure import Failure

from monitor.clock import Now
from monitor.crawl.judging import Judging, as_read, can_be_read_ahead, weigh
from monitor.incidents.declaring import declare_incidents, read_undeclared
from monitor.track.context import TrackResult
from monitor.track.judge.case import ReadAhead
from monitor.track.page import digest_of
from monitor.track.tracker import Tracker
from spiders.base import HostLeft, SourceSpider
from spiders.transport.browser import browser_settings
from spiders.transport.workers.ahead import work_ahead
from spiders.transport.workers.lanes import Workers
from storage.archive import Archive
from storage.errors import Busy
from storage.holding import Holding
from storage.log_lines import log_event
from storage.records import SUCCESS, Alert, Capture, Change, Outcome, Source
from storage.text.urls import place
from storage.topics.health import find_turns

logger = logging.getLogger(__name__)

Hear = Callable[[TrackResult, int, HostLeft], None]
"""Is told of each page as it is done, how many the run has found to visit so far (0 where unknown), and of
the host that takes longest."""

_UNREADABLE: frozenset[Outcome] = frozenset(("soft-404", "blocked", "empty", "unreadable"))
"""What leaves nothing to tell of a start page; of a list, that it is missing, too. A watched page that is
gone is news instead."""


@dataclass(slots=True)
class RunReport:
    """What a run came to.

    ``failures`` are those that made it finish with status 1: pages that did not answer, and addresses that a
    declaration names where there is nothing to read.
    """

    starts: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    """The addresses that sources begin with, as (source, place), and whether each is a list: while these
    fail, nothing is news."""
    unconfirmed: Collection[str] = ()
    """Sources that were never read well: that an address from elsewhere does not answer fails no run."""
    unanswered: int = 0
    """Visits to them that brought nothing, again."""
    outcomes: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    begun: list[Alert] = field(default_factory=list)
    """What was in order before, or had not happened; of a run that visits nothing all that it raised."""
    over: list[Alert] = field(default_factory=list)
    """What was wrong before, and is read well again."""
    standing: list[Alert] = field(default_factory=list)
    """What was wrong before, and is."""
    put_off: dict[str, int] = field(default_factory=dict)
    """Pages left to the next run, by source and reason; this is in order, and no failure."""

    def add(self, result: TrackResult) -> None:
        """Count one capture's result, and note a failure where it is one of the operator's concern."""
        self.outcomes[result.outcome] += 1
        self.changes += result.changes
        if result.source in self.unconfirmed:
            self.unanswered += result.outcome not in SUCCESS
            return
        self.alerts += result.alerts
        is_list = self.starts.get((result.source, place(result.url)))
        unread = is_list is not None and result.outcome in _UNREADABLE
        if result.outcome == "error" or unread or (is_list and result.outcome == "missing"):
            self.failures += [f"{alert.source}: {alert.url}: {alert.detail}" for alert in result.alerts]

    def compare_troubles(
        self, before: Collection[Alert], after: Collection[Alert], chosen: Iterable[Source]
    ) -> None:
        """Note which troubles of the chosen sources began in this run, which are over and which stand."""
        sources = {source.id: source for source in chosen}
        before, after = ([one for one in each if one.source in sources] for each in (before, after))
        self.begun, self.over = find_turns(before, after, sources)
        began = {alert.id for alert in self.begun}
        self.standing = [alert for alert in after if alert.id not in began]

    @property
    def stats(self) -> dict[str, int]:
        """Return the figures that are stored with the run: outcomes, changes, alerts and pages put off."""
        counted = {**self.outcomes, "changes": len(self.changes), "alerts": len(self.alerts)}
        return {**counted, "put off": sum(self.put_off.values())} if self.put_off else counted


def crawl(
    archive: Archive,
    settings: dict[str, Any],
    now: Now,
    hear: Hear = lambda *_: None,
) -> RunReport:
    """Visit what is due. One crawl a process: Twisted's reactor cannot start twice.

    ``settings`` are laid over ``monitor.settings`` and name the same database and sources; ``hear``
    is told of each page as it is done. Raises Busy where a run that needs the whole archive is at work, or
    others have all that is due.
    """
    none_free = False
    with record_run(archive, "crawl", now, alone=False) as (run, holding, report):
        chosen: Iterable[Source] = settings.get("KOHYO_CHOSEN", ())
        report.starts = {
            (source.id, place(url)): source.listing is not None for source in chosen for url in source.start
        }
        with archive.read() as reader:
            before = reader.troubles(now())
            report.unconfirmed = {
                one.id for one in chosen if one.seen and reader.is_first_visit(one.id, None)
            }
        base = Settings()
        base.setmodule("monitor.settings", priority="project")
        base.setdict({**browser_settings(chosen), **settings, "KOHYO_RUN": run}, priority="cmdline")
        process = AsyncCrawlerProcess(base)
        crawler = process.create_crawler(SourceSpider)
        crawler.settings.set("KOHYO_HOLDING", holding, priority="cmdline")  # after all else was copied

        def scraped(item: TrackResult) -> None:
            report.add(item)
            _tell_page(item, run)
            if isinstance(crawler.spider, SourceSpider):
                hear(item, crawler.spider.planned, crawler.spider.find_slowest_host())

        def lost(item: Capture, exception: BaseException | None) -> None:
            report.failures.append(f"{item.source}: {item.url}: not kept: {exception}")
            log_event(
                logger,
                "page.lost",
                logging.ERROR,
                run=run,
                source=item.source,
                url=item.url,
                text=exception,
            )

        def failed(item: Capture, failure: Failure) -> None:
            lost(item, failure.value)  # a mistake of ours; the log has its traceback

        crawler.signals.connect(scraped, signal=signals.item_scraped)
        crawler.signals.connect(lost, signal=signals.item_dropped)
        crawler.signals.connect(failed, signal=signals.item_error)
        process.crawl(crawler)
        process.start()
        report.failures += _crawl_failures(crawler.stats.get_stats() if crawler.stats else {})
        with archive.read() as reader:
            report.compare_troubles(before, reader.troubles(now()), chosen)
        if isinstance(crawler.spider, SourceSpider):
            for (source_id, host), (_, count, reason) in crawler.spider.put_off.items():
                report.put_off[f"{source_id}: {reason}"] = count
                log_event(
                    logger,
                    "host.put_off",
                    run=run,
                    source=source_id,
                    host=host,
                    pages=count,
                    text=reason,
                )
            hosts = {host for _, host in crawler.spider.put_off}
            none_free = bool(hosts) and not report.outcomes and hosts <= crawler.spider.taken
    if none_free:
        raise Busy(f"another run visits every host that is due on {archive.url}; try again later")
    return report


def replay(
    archive: Archive, source: Source, files: Iterable[Path], now: Now, hear: Hear = lambda *_: None
) -> RunReport:
    """Put the captures of WARC files through the same judgement, their own dates as the clock.

    Captures that are already stored are passed over, so a second import adds nothing. Those from before what
    is known of their page are placed in its history in the end, in whatever order files come. Pages are read
    ahead on the other cores, and written in the order of their dates.
    """
    from spiders.replay import read_captures

    with record_run(archive, "import", now) as (run, holding, report):
        held = archive.held_by(holding)
        with archive.write() as writer:
            writer.put_source(source)
        with asyncio.Runner() as runner, closing(Workers()) as workers:
            judging = Judging(Tracker(held, [source], run), workers)
            captures = read_captures(files, source, damaged=report.failures.append)
            for capture, ahead in _read_ahead(archive, source, captures):
                if not _was_checked(archive, capture):
                    result = runner.run(judging.track_imported(capture, ahead))
                    report.add(result)
                    _tell_page(result, run)
                    hear(result, 0, HostLeft())
            runner.run(_place_earlier(judging, source, report, hear))
        report.begun = report.alerts
    return report


def _was_checked(archive: Archive, capture: Capture) -> bool:
    with archive.read() as reader:
        return reader.was_checked(capture.source, capture.url, capture.captured_at)


def _read_ahead(
    archive: Archive, source: Source, captures: Iterable[Capture]
) -> Iterator[tuple[Capture, ReadAhead | None]]:
    """Yield captures with what they say, where workers can read that: what is new beside the one before."""
    from monitor.track.judge.judgement import read_body, what_to_read

    last: dict[str, str] = {}

    def choose(capture: Capture) -> tuple[object, ...] | None:
        if not can_be_read_ahead(capture):
            return None
        at, digest = place(capture.url), digest_of(capture)
        known = last.get(at) == digest
        last[at] = digest
        return None if known or _was_checked(archive, capture) else what_to_read(source, capture)

    for capture, reading in work_ahead(read_body, captures, choose, weigh):
        yield capture, as_read(ReadAhead(reading) if reading is not None else None)


async def _place_earlier(judging: Judging, source: Source, report: RunReport, hear: Hear) -> None:
    async for result in judging.place_earlier(source):
        report.changes += result.changes
        report.alerts += result.alerts
        hear(result, 0, HostLeft())


@contextmanager
def record_run(
    archive: Archive, command: str, now: Now, *, alone: bool = True
) -> Iterator[tuple[int, Holding, RunReport]]:
    """Keep a run on record and alive from start to end; yields its id, what it holds and its report.

    One that is not ``alone`` works beside others of its kind. Raises Busy where another is in its way.
    """
    report = RunReport()
    with archive.read() as reader:
        declared = read_undeclared(reader)
    with archive.hold(command) as holding:
        with archive.write() as writer:
            writer.end_silent_runs()
            declare_incidents(writer, declared)
            run = writer.start_run(command, now())
            holding.begin_run(writer, run.id, alone=alone)
        began = monotonic()
        log_event(logger, "run.began", run=run.id, command=command)
        yield run.id, holding, report
        status = "failed" if report.failures else "done"
        ended = replace(run, finished_at=now(), status=status, stats=report.stats)  # type: ignore[arg-type]
        try:
            with archive.held_by(holding).write() as writer:
                writer.finish_run(ended)
        except Busy as error:
            report.failures.append(str(error))
        log_event(
            logger,
            "run.ended",
            run=run.id,
            command=command,
            outcome="failed" if report.failures else "done",
            seconds=monotonic() - began,
            pages=sum(report.outcomes.values()),
            changes=len(report.changes),
            alerts=len(report.alerts),
            put_off=sum(report.put_off.values()),
            failures=len(report.failures),
        )


def _tell_page(result: TrackResult, run: int) -> None:
    log_event(
        logger,
        "page.done",
        run=run,
        source=result.source,
        host=urlsplit(result.url).hostname,
        url=result.url,
        outcome=result.outcome,
        changes=len(result.changes),
        alerts=len(result.alerts),
    )


def _crawl_failures(stats: dict[str, Any]) -> list[str]:
    """Say what Scrapy's statistics count as failed: exceptions of spiders, and an end before the end.

    Scrapy counts and logs exceptions of a spider but survives them.
    """
    reason = stats.get("finish_reason", "could not start")
    ended = [] if reason == "finished" else [f"the crawl did not come to its end: {reason}"]
    return ended + [
        f"{count} unexpected errors in {name.rsplit('/', 1)[-1]} (see the log)"
        for name, count in stats.items()
        if name.startswith("spider_exceptions/") and name != "spider_exceptions/count"
    ]
