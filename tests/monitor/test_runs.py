"""Whole runs in this process: what a crawl hears, counts, fails on and leaves behind; probes and searches."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from scrapy.crawler import AsyncCrawlerRunner, Crawler

import monitor.settings
from monitor.cli.crawling import say_time_left
from monitor.crawl import probe as probing
from monitor.crawl import runs
from monitor.crawl.drafting import finding
from monitor.crawl.judging import Judging
from monitor.crawl.live_check import check_live, judge
from monitor.crawl.pipeline import TrackPipeline
from monitor.crawl.runs import RunReport, record_run
from monitor.track.context import TrackResult
from monitor.track.rederive import rederive
from spiders.base import HostLeft, SourceSpider
from spiders.transport.workers import ahead, hands, inside
from storage.archive import Archive, open_archive
from storage.db.tables import lease
from storage.errors import Busy, StorageError, Unreachable
from storage.holding import host_lease
from storage.records import Alert, Capture, Change, ListingRules, PageRules, Row, Source, Visit
from storage.text.urls import place
from tests.monitor.story import LEAK, LIST, MORE, SINGLE, SORRY, URL, html, list_rows
from tests.spiders.site import Site
from tests.spiders.test_replay import Tape
from tests.storage.builders import NOW

pytestmark = pytest.mark.filterwarnings(  # the writer of WARC files of the tests leaves its buffers to the GC
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

FEED = (
    '<rss version="2.0"><channel>'
    + "".join(
        f"<item><title>個人情報の漏えい{n}</title><link>/n/{n}.html</link>"
        f"<pubDate>Mon, 16 Oct 2023 0{n}:00:00 GMT</pubDate></item>"
        for n in range(4)
    )
    + "</channel></rss>"
)


@pytest.fixture
def archive(sqlite_url: str) -> Iterator[Archive]:
    with open_archive(sqlite_url) as opened:
        yield opened


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.put("/robots.txt", "User-agent: *\nDisallow:\n", content_type="text/plain")
        yield made


@pytest.fixture
def here(crawl_loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> list[Crawler]:
    """Let what would start a reactor of its own crawl on that of the tests; the crawlers that were made."""
    made: list[Crawler] = []

    class Here(AsyncCrawlerRunner):
        def create_crawler(self, crawler: Any) -> Crawler:
            made.append(super().create_crawler(crawler))
            return made[-1]

        def crawl(self, crawler: Any, *_: Any, **told: Any) -> Any:
            assert crawler is made[-1]
            self.told = told

        def start(self) -> None:
            crawl_loop.run_until_complete(made[-1].crawl_async(**self.told))

    for module in (runs, probing, finding):
        monkeypatch.setattr(module, "AsyncCrawlerProcess", Here)
    monkeypatch.setattr(monitor.settings, "DOWNLOAD_DELAY", 0)
    return made


def of(site: Site, *paths: str, **more: Any) -> Source:
    start = tuple(map(site.url, paths))
    return replace(SINGLE, start=start, private=True, delay=0.0, **more)


def listed(site: Site, **more: Any) -> Source:
    rules = ListingRules("main li", expect=(1, None))
    return of(site, "/list", **{"listing": rules, "page": PageRules(include=("main",)), **more})


def put_list(site: Site, *numbers: int) -> None:
    items = "".join(f'<li><a href="/{n}.html">個人情報の漏えい{n}</a> 2023年10月{n}日</li>' for n in numbers)
    site.put("/list", f'<meta charset="utf-8"><main><ul>{items}</ul></main>')
    for n in numbers:
        site.put(f"/{n}.html", html(LEAK, SORRY, title=f"個人情報の漏えい{n}"))


def crawled(archive: Archive, *sources: Source, **more: Any) -> tuple[RunReport, list[tuple[str, str, int]]]:
    """Crawl, and give with the report what was heard: path, outcome, and how many were planned."""
    heard: list[tuple[str, str, int]] = []

    def hear(result: TrackResult, planned: int, _: float) -> None:
        heard.append((result.url.rsplit("/", 1)[-1], result.outcome, planned))

    with archive.write() as writer:
        for source in sources:
            writer.put_source(source)
    settings = {
        "KOHYO_DB": archive.url,
        "KOHYO_CHOSEN": list(sources),
        "KOHYO_NOW": NOW.isoformat(),
        "KOHYO_ALL": True,
        "CONFIRM_AFTER": 0,
        **more,
    }
    return runs.crawl(archive, settings, lambda: NOW, hear), heard


def last_run(archive: Archive) -> tuple[str, str, Any]:
    with archive.read() as reader:
        run = reader.runs()[0]
    return run.command, run.status, run.stats


# --- crawls ------------------------------------------------------------------------------------


def test_a_crawl_tells_each_page_as_it_is_done_and_keeps_its_figures(
    archive: Archive, site: Site, here: list[Crawler]
) -> None:
    put_list(site, 16, 17)
    report, heard = crawled(archive, listed(site))
    assert sorted(heard) == [(name, "version", 3) for name in ("16.html", "17.html", "list")]
    assert report.failures == []
    assert report.outcomes == {"version": 3}
    assert sorted(change.title for change in report.changes) == ["個人情報の漏えい16", "個人情報の漏えい17"]
    assert last_run(archive) == ("crawl", "done", {"version": 3, "changes": 2, "alerts": 0})
    stats = here[0].stats
    assert stats is not None
    told = {key: value for key, value in stats.get_stats().items() if key.startswith("kohyo/")}
    assert told == {"kohyo/outcome/version": 3, "kohyo/change/new": 2}
    with archive.read() as reader:
        assert {snapshot.run for snapshot in reader.checks(1)} == {1}


def test_a_run_says_how_long_its_slowest_host_takes(
    archive: Archive, site: Site, here: list[Crawler]
) -> None:
    left: list[float] = []
    source = replace(of(site, "/a", "/b", "/c", "/d"), delay=0.05)
    settings = {"KOHYO_DB": archive.url, "KOHYO_CHOSEN": [source], "KOHYO_ALL": True, "CONFIRM_AFTER": 0}
    runs.crawl(archive, settings, lambda: NOW, lambda _, planned, slowest: left.append(slowest.seconds))
    assert left == pytest.approx([0.15, 0.1, 0.05, 0.0])
    slowest = HostLeft("www.ppc.go.jp", 31, 61.2)
    assert say_time_left(None, slowest) == "left, about 0:01:02; www.ppc.go.jp alone: 31 pages, 0:01:02"
    assert say_time_left(90.0, slowest) == "left, about 0:01:30; www.ppc.go.jp alone: 31 pages, 0:01:02"
    assert say_time_left(90.0, HostLeft()) == "left, about 0:01:30"


def test_a_start_page_that_does_not_answer_fails_the_run_and_one_from_elsewhere_does_not(
    archive: Archive, site: Site, here: list[Crawler]
) -> None:
    source = listed(site)
    report, _ = crawled(archive, source, replace(source, id="hearsay", seen="somebody's list"))
    at = place(source.start[0])
    assert report.starts == {("city", at): True, ("hearsay", at): True}
    assert report.unanswered == 1
    assert [line.split(": ")[0] for line in report.failures] == ["city"]
    assert last_run(archive)[:2] == ("crawl", "failed")


def test_what_cannot_be_stored_stops_the_crawl_and_is_named(
    archive: Archive, site: Site, here: list[Crawler], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> TrackResult:
        raise StorageError("the disk is full")

    monkeypatch.setattr("monitor.crawl.judging.Judging.track", full)
    site.put("/1.html", html(LEAK, SORRY))
    report, heard = crawled(archive, of(site, "/1.html"))
    assert heard == []
    assert report.failures == [
        f"city: {site.url('/1.html')}: not kept: the disk is full",
        "the crawl did not come to its end: shutdown",
    ]


def test_a_mistake_of_ours_loses_one_page_and_is_named(
    archive: Archive, site: Site, here: list[Crawler], monkeypatch: pytest.MonkeyPatch
) -> None:
    true = TrackPipeline.process_item

    async def mistaken(self: TrackPipeline, item: Capture) -> TrackResult:
        if item.url.endswith("1.html"):
            raise AssertionError("never so")
        return await true(self, item)

    monkeypatch.setattr(TrackPipeline, "process_item", mistaken)
    site.put("/1.html", html(LEAK, SORRY))
    site.put("/2.html", html(MORE, SORRY))
    report, heard = crawled(archive, of(site, "/1.html", "/2.html"))
    assert [path for path, *_ in heard] == ["2.html"]
    assert report.failures == [f"city: {site.url('/1.html')}: not kept: never so"]


def test_what_a_run_leaves_to_the_next_is_counted_for_each_source_and_said_once_a_host(
    archive: Archive, site: Site, here: list[Crawler]
) -> None:
    put_list(site, 14, 15, 16, 17)
    report, heard = crawled(archive, listed(site), HOST_REQUESTS=4)
    (put_off,) = report.put_off
    assert put_off.startswith("city: ")
    assert (report.put_off[put_off], len(heard)) == (2, 3)
    assert report.failures == []
    assert last_run(archive) == ("crawl", "done", {**report.stats, "put off": 2})
    with archive.read() as reader:
        (alert,) = reader.alerts(kinds=("budget",))
    assert (alert.source, alert.run) == ("city", 1)
    assert NOW <= alert.raised_at < NOW + timedelta(hours=1)
    assert alert.detail.startswith("put off to the next run, with 1 other pages: ")


def test_a_source_that_has_not_altered_is_not_written_again(
    archive: Archive, site: Site, here: list[Crawler], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_list(site, 17)
    source = listed(site)
    crawled(archive, source)
    written: list[Source] = []
    with archive.write() as writer:
        monkeypatch.setattr(type(writer), "put_source", lambda _, source: written.append(source))
    pipelines = []
    for known in (source, replace(source, name="別の名")):
        here[0].settings.frozen = False
        here[0].settings.set("KOHYO_CHOSEN", [known], priority="cmdline")
        pipelines.append(TrackPipeline.from_crawler(here[0]))
    assert [one.name for one in written] == ["別の名"]
    for pipeline in pipelines:
        pipeline.archive.close()


def test_a_crawl_that_was_told_no_sources_visits_those_it_finds_declared(
    archive: Archive, here: list[Crawler]
) -> None:
    settings = {"KOHYO_DB": archive.url, "KOHYO_BUNDLED": False, "KOHYO_NOW": NOW.isoformat()}
    report = runs.crawl(archive, settings, lambda: NOW)
    assert (report.starts, report.failures, report.stats) == ({}, [], {"changes": 0, "alerts": 0})


# --- the report ----------------------------------------------------------------------------------

ALERT = Alert("unreachable", "city", LIST, "no answer", NOW)
CHANGE = Change(
    notice=1, source="city", url=URL, title="お知らせ", detected_at=NOW, kind="new", material=True
)


@pytest.mark.parametrize(
    ("url", "outcome", "fails"),
    [
        (LIST, "error", True),
        (LIST, "missing", True),
        (LIST, "soft-404", True),
        (LIST, "blocked", True),
        (LIST, "empty", True),
        (LIST, "unreadable", True),
        (LIST, "version", False),
        (LIST, "held", False),
        (URL, "error", True),
        (URL, "missing", False),
        (URL, "soft-404", True),
        (URL, "unreadable", True),
        (URL + "#a", "blocked", True),
        (URL, "version", False),
        (f"{LIST}other.html", "error", True),
        (f"{LIST}other.html", "missing", False),
        (f"{LIST}other.html", "blocked", False),
    ],
)
def test_a_run_fails_by_what_does_not_answer_and_by_a_start_that_cannot_be_read(
    url: str, outcome: Any, fails: bool
) -> None:
    report = RunReport({("city", place(LIST)): True, ("city", place(URL)): False})
    report.add(TrackResult("city", url, outcome, changes=[CHANGE], alerts=[ALERT]))
    assert report.failures == ([f"city: {LIST}: no answer"] if fails else [])
    assert (report.outcomes, report.changes, report.alerts) == ({outcome: 1}, [CHANGE], [ALERT])
    assert report.stats == {outcome: 1, "changes": 1, "alerts": 1}


def test_what_an_unconfirmed_source_finds_is_news_and_what_it_does_not_is_no_alert() -> None:
    report = RunReport(unconfirmed={"city"})
    report.add(TrackResult("city", LIST, "version", changes=[CHANGE], alerts=[ALERT]))
    report.add(TrackResult("city", LIST, "same-bytes"))
    report.add(TrackResult("city", LIST, "error", alerts=[ALERT]))
    assert (report.unanswered, report.alerts, report.failures) == (1, [], [])
    assert report.changes == [CHANGE]
    assert report.outcomes == {"version": 1, "same-bytes": 1, "error": 1}


@pytest.mark.parametrize(
    ("stats", "said"),
    [
        ({"finish_reason": "finished", "item_scraped_count": 3}, []),
        ({}, ["the crawl did not come to its end: could not start"]),
        ({"finish_reason": "shutdown"}, ["the crawl did not come to its end: shutdown"]),
        (
            {"finish_reason": "finished", "spider_exceptions/count": 2, "spider_exceptions/ValueError": 2},
            ["2 unexpected errors in ValueError (see the log)"],
        ),
        (
            {"finish_reason": "finished", "spider_exceptions/a/KeyError": 1},
            ["1 unexpected errors in KeyError (see the log)"],
        ),
    ],
)
def test_what_scrapy_survived_is_said(stats: dict[str, Any], said: list[str]) -> None:
    assert runs._crawl_failures(stats) == said


def test_a_run_stands_on_record_while_it_lasts_and_keeps_others_away(archive: Archive) -> None:
    with record_run(archive, "import", lambda: NOW) as (run, _, report):
        assert last_run(archive) == ("import", "running", {})
        with pytest.raises(Busy), record_run(archive, "crawl", lambda: NOW, alone=False):
            pass
        report.failures.append("one")
    assert run == 1
    assert last_run(archive) == ("import", "failed", {"changes": 0, "alerts": 0})
    with archive.read() as reader:
        assert reader.runs()[0].finished_at == NOW


def test_a_run_that_lost_its_lease_says_so(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise Busy("another run has taken over")

    with record_run(archive, "crawl", lambda: NOW, alone=False) as (_, _, report):
        monkeypatch.setattr("storage.archive.Writer.finish_run", lost, raising=True)
    assert report.failures == ["another run has taken over"]


def at_localhost(source: Source) -> Source:
    """The same pages of the same server, as those of another host."""
    start = tuple(url.replace("127.0.0.1", "localhost") for url in source.start)
    return replace(source, id="other", start=start)


def test_a_run_for_which_nothing_is_free_is_told_so_and_one_for_which_something_is_goes_on(
    archive: Archive, site: Site, here: list[Crawler]
) -> None:
    site.put("/1.html", html(LEAK, SORRY))
    source = of(site, "/1.html")
    with archive.hold("crawl", host_lease("127.0.0.1")):
        with pytest.raises(Busy, match="another run visits every host"):
            crawled(archive, source)
        assert site.paths() == []
        assert last_run(archive) == ("crawl", "done", {"changes": 0, "alerts": 0, "put off": 1})
        report, heard = crawled(archive, source, at_localhost(source))
    assert (report.failures, report.alerts, len(heard)) == ([], [], 1)
    assert report.put_off == {f"{source.id}: another run visits 127.0.0.1": 1}
    report, heard = crawled(archive, source, at_localhost(source))
    assert (report.put_off, len(heard)) == ({}, 2)
    assert (
        site.paths().count("/robots.txt") == 2
    )  # one a host, and none in the last run for that asked before


def test_a_page_whose_host_was_taken_over_is_not_kept_and_the_run_goes_on(
    archive: Archive, site: Site, here: list[Crawler], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/1.html", html(LEAK, SORRY))
    source = of(site, "/1.html")
    track = TrackPipeline._track

    async def taken_over(self: TrackPipeline, item: Capture) -> TrackResult:
        if "127.0.0.1" in item.url:
            with archive.write() as writer:
                stolen = lease.update().where(lease.c.name == host_lease("127.0.0.1"))
                writer._db.execute(stolen.values(owner="another", fence=lease.c.fence + 1))
        return await track(self, item)

    monkeypatch.setattr(TrackPipeline, "_track", taken_over)
    report, _ = crawled(archive, source, at_localhost(source))
    (failure,) = report.failures
    assert "not kept" in failure
    assert "lost its lease host:127.0.0.1" in failure
    with archive.read() as reader:
        assert [page.url for page in reader.pages() if page.version] == [at_localhost(source).start[0]]


@pytest.mark.parametrize("stored", [False, True])
def test_a_page_is_kept_once_though_the_database_went_away_meanwhile(
    archive: Archive, site: Site, here: list[Crawler], monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    site.put("/1.html", html(LEAK, SORRY))
    track, asked = Judging.track, []

    async def cut_off(self: Judging, capture: Capture) -> TrackResult:
        asked.append(capture.url)
        if len(asked) > 1:
            return await track(self, capture)
        if stored:
            await track(self, capture)
        raise Unreachable("the server was restarted")

    monkeypatch.setattr(Judging, "track", cut_off)
    report, _ = crawled(archive, of(site, "/1.html"))
    assert (report.failures, len(asked)) == ([], 1 if stored else 2)
    with archive.read() as reader:
        (page,) = reader.pages()
        assert len(reader.checks(page.id)) == len(reader.versions(page.id)) == 1


# --- probes ----------------------------------------------------------------------------------------


def test_a_probe_fetches_start_pages_as_often_as_asked_and_follows_nothing(
    site: Site, here: list[Crawler]
) -> None:
    put_list(site, 16, 17)
    brought = probing.probe([listed(site)], times=2)
    assert [(one.role, one.status, len(one.rows or ())) for one in brought] == [("listing", 200, 2)] * 2
    assert site.paths() == ["/robots.txt", "/list", "/list"]
    agenda = here[0].spider.agenda if isinstance(here[0].spider, SourceSpider) else None
    assert agenda is not None
    assert agenda.visit(listed(site), Row(URL, "a")) is None
    assert agenda.listing(listed(site), LIST) is None
    assert agenda.visits(of(site, "/1.html")) == [Visit("city", site.url("/1.html"), "page")] * 2


def test_one_address_is_fetched_once_and_no_private_one_unless_told_so(
    site: Site, here: list[Crawler]
) -> None:
    site.put("/1.html", html(LEAK, SORRY))
    found = probing.fetch(site.url("/1.html"), private=True)
    assert (found.source, found.role, found.status, found.body) == ("read", "page", 200, html(LEAK, SORRY))
    assert site.paths() == ["/robots.txt", "/1.html"]
    refused = probing.fetch(site.url("/1.html"))
    assert refused.status is None
    assert "private" in refused.error
    assert len(site.asked) == 2


def test_a_probe_waits_its_turn_as_a_crawl_does(site: Site, here: list[Crawler], archive: Archive) -> None:
    url = archive._url.render_as_string(hide_password=False)
    site.put("/1.html", html(LEAK, SORRY))
    address, host = site.url("/1.html"), urlsplit(site.url("/")).hostname or ""
    with archive.hold("crawl", host_lease(host)):
        taken = probing.fetch(address, private=True, archive=url)
        assert (taken.status, taken.error) == (None, f"another run visits {host}")
        (tried,) = check_live([of(site, "/1.html")], NOW, str, url)
        assert tried.problem == taken.error
        assert site.asked == []
    assert probing.fetch(address, private=True, archive=url).status == 200
    with archive.read() as reader:
        assert reader.leases_and_left() == ([], []), "given back"


def test_where_nothing_is_brought_back_that_is_said(here: list[Crawler]) -> None:
    lost = probing.fetch("")
    assert (lost.source, lost.role, lost.status, lost.error) == (
        "read",
        "page",
        None,
        "nothing was brought back",
    )


def test_declarations_are_tried_on_the_site_and_what_is_wrong_is_said_of_each_address(
    site: Site, here: list[Crawler]
) -> None:
    put_list(site, 17)
    site.put("/1.html", html(LEAK, SORRY))
    said: list[str] = []
    sources = [
        listed(site, id="list"),
        of(site, "/1.html", "/gone.html", id="page"),
        Source("none", "none", "affected", ()),
    ]
    trials = check_live(sources, NOW, said.append)
    assert [(one.source, one.url.rsplit("/", 1)[-1], one.at, one.problem) for one in trials] == [
        ("list", "list", NOW, ""),
        ("page", "1.html", NOW, ""),
        ("page", "gone.html", NOW, "HTTP 404"),
    ]
    assert said == [
        f"list: {site.url('/list')}: reads well, the same twice",
        f"page: {site.url('/1.html')}: reads well, the same twice",
        f"page: {site.url('/gone.html')}: HTTP 404",
    ]


def test_a_search_is_a_crawl_of_its_own_that_hands_over_what_it_found(
    site: Site, here: list[Crawler]
) -> None:
    site.put("/", '<html><head><link rel="alternate" type="application/rss+xml" href="/r.xml"></head></html>')
    site.put("/r.xml", FEED, content_type="application/rss+xml")
    told: list[finding.Tried] = []
    found = finding.find_list(site.url("/"), ["x"], private=True, say=told.append)
    assert [one.outcome for one in found.tried] == [
        "no list; it leads to 1 feeds and 0 lists",
        "feed of 4 rows",
    ]
    assert tuple(told) == found.tried
    assert (found.drafts[0].source.start, found.drafts[0].source.private) == ((site.url("/r.xml"),), True)
    asked = len(site.asked)
    assert all("private" in one.outcome for one in finding.find_list(site.url("/")).tried)
    assert len(site.asked) == asked


# --- what is wrong with a declaration --------------------------------------------------------------


def fetched(body: bytes = html(LEAK, SORRY), **more: Any) -> Capture:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return replace(Capture("city", URL, "page", NOW, 200, headers=headers, body=body), **more)


def rows(count: int) -> tuple[Row, ...]:
    return tuple(Row(f"{LIST}{n}.html", f"お知らせ{n}") for n in range(count))


def a_list(count: int, **more: Any) -> Capture:
    return fetched(b"", role="listing", rows=rows(count), **more)


@pytest.mark.parametrize(
    ("expect", "captures", "problem"),
    [
        (None, [], "nothing was brought back"),
        (None, [fetched(), fetched(status=None, error="no such host")], "no such host"),
        (None, [fetched(status=304), fetched()], "HTTP 304"),
        (None, [fetched(), fetched()], None),
        (None, [fetched(), fetched(html(MORE, SORRY))], "its text differs between two fetches"),
        (None, [fetched(html()[:90])] * 2, "empty: "),
        (None, [fetched(html()[:90]), fetched()], "empty: "),
        (None, [fetched(), fetched(html()[:90])], "its text differs between two fetches"),
        (None, [fetched(html(LEAK, SORRY).decode().encode("cp932"), headers=())] * 2, None),
        ((2, 4), [a_list(2), a_list(2)], None),
        ((2, 4), [a_list(4), a_list(4)], None),
        ((2, 4), [a_list(1), a_list(1)], "1 rows; listing.expect says 2 to 4"),
        ((2, 4), [a_list(5), a_list(5)], "5 rows; listing.expect says 2 to 4"),
        ((2, None), [a_list(1)], "1 rows; listing.expect says 2 to any number"),
        ((2, None), [a_list(9), a_list(9)], None),
        ((2, None), [a_list(9), a_list(8)], "its rows differ between two fetches"),
        ((2, None), [a_list(0, index=True), a_list(0, index=True)], None),
        ((0, None), [replace(a_list(0), rows=None)] * 2, None),
    ],
)
def test_what_is_wrong_with_a_start_page_is_said(
    expect: tuple[int, int | None] | None, captures: list[Capture], problem: str | None
) -> None:
    listing = ListingRules("li", expect=expect) if expect else None
    found = judge(replace(SINGLE, listing=listing), captures)
    assert (found is None) == (problem is None), found
    assert (found or "").startswith(problem or "")


# --- imports -----------------------------------------------------------------------------------------


def test_an_import_tells_each_capture_once_and_puts_older_ones_in_their_place(
    archive: Archive, tmp_path: Path
) -> None:
    newer, older = Tape(tmp_path / "b.warc"), Tape(tmp_path / "a.warc.gz")
    newer.add(URL, html(MORE, SORRY), timedelta(days=2))
    older.add(URL, html(LEAK, SORRY))
    heard: list[tuple[str, int]] = []

    def imported(*tapes: Tape) -> RunReport:
        heard.clear()
        files = [tape.save() for tape in tapes]
        return runs.replay(
            archive, SINGLE, files, lambda: NOW, lambda one, planned, _: heard.append((one.outcome, planned))
        )

    assert imported(newer).outcomes == {"version": 1}
    assert heard == [("version", 0)]
    report = imported(older, newer)
    assert [(change.kind, change.reasons) for change in report.changes] == [
        ("updated", ("count", "silent", "found-later"))
    ]
    assert len(heard) == 2, "kept as evidence, then placed"
    assert last_run(archive) == ("import", "done", report.stats)
    again = imported(newer, older)
    assert (again.outcomes, again.changes, heard) == ({}, [], [])
    with archive.read() as reader:
        (page,) = reader.pages("city")
        assert [version.text[:20] for version in reader.versions(page.id)] != []
        assert len(reader.versions(page.id)) == 2
        assert {check.run for check in reader.checks(page.id)} == {1, 2}


def leave(*_: object) -> None:
    """Do what a process does that dies."""
    os._exit(7)


@pytest.mark.parametrize("dies", [False, True])
def test_workers_that_read_ahead_change_nothing_of_an_import_or_of_reading_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    """Same rows, same numbers, same order, whatever becomes of the workers."""
    monkeypatch.setattr(ahead, "FEW_JOBS", 3)
    monkeypatch.setattr(hands, "BATCH_JOBS", 4)
    tape = Tape(tmp_path / "a.warc")
    other = URL.replace("1", "2")
    for number in range(12):
        after = timedelta(days=number)
        said = [SORRY, LEAK] if number < 4 else [SORRY, MORE, f"第{number // 3}報を{number}日に出しました。"]
        tape.add(URL, html(*said) + b"<!-- %d -->" % number, after)
        tape.add(other, html(LEAK, f"別の{number // 5}件") if number != 7 else b"<p>", after)
        tape.add(other, b"", after + timedelta(hours=1), status="404 Not Found" if number > 8 else "200 OK")
    tape.add(URL, html(MORE, "あ" * 200_000), timedelta(days=20))
    file, found = tape.save(), []
    both = replace(SINGLE, start=(URL, other))
    for cores in (0, 2):
        monkeypatch.setattr(ahead, "count_workers", lambda cores=cores: cores)
        if dies and cores:
            monkeypatch.setattr(inside, "run_all", leave)
        url = f"sqlite:///{tmp_path / str(cores)}.db"
        with open_archive(url) as archive:
            report = runs.replay(archive, both, [file], lambda: NOW)
            assert not runs.replay(archive, both, [file], lambda: NOW).outcomes
            anew = rederive(archive, [replace(both, page=PageRules(include=("main", "aside")))])
        found.append((report.outcomes, report.changes, anew, list_rows(tmp_path / f"{cores}.db")))
    assert found[0][0]["version"] > 8
    assert found[0][2] > 8
    assert found[0][:3] == found[1][:3]
    assert [pair for pair in zip(found[0][3], found[1][3], strict=True) if len(set(pair)) > 1] == []


def test_a_damaged_file_fails_an_import_and_what_can_be_read_is_kept(
    archive: Archive, tmp_path: Path
) -> None:
    tape = Tape(tmp_path / "a.warc")
    tape.add(URL, html(LEAK, SORRY))
    whole = tape.save()
    broken = tmp_path / "b.warc"
    broken.write_bytes(b"no archive")
    report = runs.replay(archive, SINGLE, [whole, broken], lambda: NOW)
    assert report.outcomes == {"version": 1}
    assert [str(broken) in line for line in report.failures] == [True]
    assert last_run(archive)[:2] == ("import", "failed")
