"""A polite guest, as servers see it. Gaps are lower bounds: a slow machine only makes them longer."""

from __future__ import annotations

import asyncio
import itertools
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader.handlers import DownloadHandlers

from spiders.ppc import PpcSpider
from spiders.transport.manners.retry_after import read_retry_after
from storage.records import PageRules, Source, Visit
from tests.crawling import Crawl, Crawled
from tests.spiders.fake import NOW, FakeAgenda
from tests.spiders.site import Site


@pytest.fixture
def visit(site: Site, crawl: Crawl) -> Any:
    def run(*paths: str, delay: float | None = 0.0, **settings: Any) -> Crawled:
        source = Source("test", "試験", "regulator", private=True, delay=delay)
        agenda = FakeAgenda([source], {"test": [Visit("test", site.url(path), "page") for path in paths]})
        return crawl(PpcSpider, AGENDA=agenda.as_setting(), **settings)

    return run


def with_files(site: Site) -> Source:
    rules = PageRules(attachments=True)
    return Source("test", "試験", "regulator", (site.url(),), page=rules, private=True, delay=0.0)


def gaps(site: Site, *paths: str) -> list[float]:
    times = [one.at for one in site.asked if not paths or one.path in paths]
    return [later - earlier for earlier, later in itertools.pairwise(times)]


# --- robots.txt ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 503, 429])
def test_no_rules_to_be_had_means_stay_out(site: Site, visit: Any, status: int) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow:\n", status=status)
    crawled = visit("/a", "/b", RETRY_TIMES=0)
    assert [capture.error for capture in crawled.captures] == [
        f"staying out: {site.url('/robots.txt')} answered {status}"
    ] * 2
    assert site.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_site_without_rules_is_open(site: Site, visit: Any, status: int) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", status=status)
    site.put("/a", "x")
    assert visit("/a").of("/a").status == 200


def test_rules_are_obeyed_by_our_own_name(site: Site, visit: Any) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: kohyo\nDisallow: /no/\n")
    site.put("/a", "x")
    site.put("/no/b", "x")
    crawled = visit("/a", "/no/b")
    assert crawled.of("/a").status == 200
    assert (crawled.of("/no/b").status, crawled.of("/no/b").error) == (
        None,
        "robots.txt forbids this address",
    )
    assert sorted(site.paths()) == ["/a", "/robots.txt"]


def test_attachments_obey_the_rules_too(site: Site, crawl: Crawl) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /files/\n")
    site.put("/", '<a href="/files/1.pdf">PDF</a>')
    (capture,) = crawl(PpcSpider, AGENDA=FakeAgenda([with_files(site)]).as_setting()).captures
    assert [one.error for one in capture.attachments] == ["robots.txt forbids this address"]
    assert "/files/1.pdf" not in site.paths()


def test_we_say_who_we_are(site: Site, visit: Any) -> None:
    site.put("/robots.txt", "")
    visit("/a")
    for asked in site.asked:
        assert asked.headers["User-Agent"].startswith("kohyo/")
        assert "+http" in asked.headers["User-Agent"]
        assert asked.headers["Accept-Language"].startswith("ja")


# --- pace ------------------------------------------------------------------------------------


def test_crawl_delay_is_kept(site: Site, visit: Any) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n")
    visit("/a", "/b", "/c")
    assert sum(gaps(site)) >= 0.4, gaps(site)  # of 0.6 at least: a busy machine notes arrivals late


def test_a_declared_delay_is_kept_and_robots_may_ask_for_more(site: Site, visit: Any) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.05\n")
    visit("/a", "/b", delay=0.3)
    assert sum(gaps(site, "/a", "/b")) >= 0.15, gaps(site)


def test_an_absurd_crawl_delay_is_capped(site: Site, visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.transport.politeness.MAX_WAIT_SECONDS", 0.1)
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 86400\n")
    assert len(visit("/a", "/b").captures) == 2


def test_one_request_at_a_time(site: Site, visit: Any) -> None:
    site.put("/robots.txt", "")
    for path in "abcd":
        site.put(f"/{path}", "x", delay=0.1)
    visit("/a", "/b", "/c", "/d")
    assert all(gap >= 0.09 for gap in gaps(site, "/a", "/b", "/c", "/d")), gaps(site)


def test_one_request_at_a_time_when_the_process_is_held_up(
    site: Site, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = itertools.count(1)  # each look at the clock finds that a second has passed
    monkeypatch.setattr("scrapy.core.downloader.monotonic", lambda: time.monotonic() + next(late))
    site.put("/robots.txt", "")
    for path in "abcd":
        site.put(f"/{path}", "x", delay=0.1)
    visit("/a", "/b", "/c", "/d")
    assert all(gap >= 0.09 for gap in gaps(site, "/a", "/b", "/c", "/d")), gaps(site)


def test_the_pause_is_kept_after_a_request_that_was_sent_late(
    site: Site, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = DownloadHandlers.download_request_async

    async def late(self: DownloadHandlers, request: Request) -> Any:
        if request.url.endswith(("robots.txt", "/b")):
            await asyncio.sleep(0.4)
        return await send(self, request)

    monkeypatch.setattr(DownloadHandlers, "download_request_async", late)
    site.put("/robots.txt", "")
    visit("/a", "/b", "/c", delay=0.4)
    assert all(gap >= 0.3 for gap in gaps(site)), gaps(site)


# --- Retry-After -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_wait_is_waited(site: Site, visit: Any, status: int) -> None:
    site.put("/robots.txt", "")
    site.put("/a", "busy", status=status, headers=(("Retry-After", "1"),))
    site.then("/a", "本文")
    assert visit("/a").of("/a").status == 200
    assert all(gap >= 0.95 for gap in gaps(site, "/a")), gaps(site)


def test_the_whole_host_waits(site: Site, visit: Any) -> None:
    site.put("/robots.txt", "")
    # It takes longer to say so than the pause that is asked for: the next request is ready to leave.
    site.put("/a", "busy", status=503, headers=(("Retry-After", "1"),), delay=0.2)
    site.then("/a", "本文")
    crawled = visit("/a", "/b", "/c", delay=0.05)
    assert crawled.of("/a").status == 200
    times = [one.at for one in site.asked if one.path != "/robots.txt"]
    assert times[1] - times[0] >= 0.95


@pytest.mark.parametrize("status", [429, 503])
def test_a_long_wait_is_left_to_the_next_run(site: Site, crawl: Crawl, status: int) -> None:
    site.put("/robots.txt", "")
    until = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)
    said = format_datetime(until, usegmt=True)
    site.put("/", '<a href="/1.pdf">1</a><a href="/2.pdf">2</a>')
    site.put("/1.pdf", "busy", status=status, headers=(("Retry-After", said),))
    (capture,) = crawl(
        PpcSpider, AGENDA=FakeAgenda([with_files(site)], at=datetime.now(UTC)).as_setting()
    ).captures
    assert [one.status for one in capture.attachments] == [status, None]
    for one in capture.attachments:
        assert f"stay away until {until:%Y-%m-%d %H:%M:%S} UTC" in one.error
        assert one.header("Retry-After") == said
    assert site.paths() == ["/robots.txt", "/", "/1.pdf"]


def test_too_many_requests_without_a_time_is_no_invitation(site: Site, visit: Any) -> None:
    site.put("/robots.txt", "")
    site.put("/a", "busy", status=429)
    assert visit("/a").of("/a").status == 429
    assert len(site.requests("/a")) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        (b"7", 7),
        ("Fri, 20 Nov 2026 03:10:00 GMT", 600),
        ("Friday, 20-Nov-26 03:10:00 GMT", 600),
        ("Fri, 20 Nov 2026 12:10:00 +0900", 600),
        ("Fri, 20 Nov 2026 02:00:00 GMT", 0),
        ("", None),
        (None, None),
        ("soon", None),
        ("-5", None),
        ("１２", None),
        ("9" * 40, 7 * 86_400),
    ],
)
def test_retry_after_is_read(said: str | bytes | None, seconds: int | None) -> None:
    until = read_retry_after(said, NOW)
    assert until == (None if seconds is None else NOW + timedelta(seconds=seconds))
    assert until is None or until.tzinfo is UTC
