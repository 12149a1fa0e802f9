"""Limits for what a stranger may make us spend, and what is said where they are reached."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from scrapy.crawler import Crawler

from spiders.base import SourceSpider
from spiders.transport import politeness
from spiders.transport.budgets import get_budgets
from storage.records import Capture, ListingRules, PageRules, Source
from tests.crawling import Crawl
from tests.spiders.fake import FakeAgenda
from tests.spiders.site import Site


@pytest.fixture
def captures(site: Site, crawl: Crawl) -> Any:
    """Crawl one start address with these settings; the captures, and what was put off."""
    site.put("/robots.txt", "")
    put_off: dict[str, Any] = {}

    class Spider(SourceSpider):
        def closed(self, reason: str) -> None:
            put_off.update({host: (count, why) for (_, host), (_, count, why) in self.put_off.items()})
            super().closed(reason)

    def run(listing: bool = False, **settings: Any) -> tuple[list[Capture], dict[str, Any]]:
        rules = ListingRules(item="li") if listing else None
        page = PageRules(attachments=not listing)
        source = Source(
            "s", "s", "affected", (site.url("/"),), listing=rules, page=page, private=True, delay=0
        )
        return crawl(Spider, AGENDA=FakeAgenda([source]).as_setting(), **settings).captures, put_off

    return run


def links(count: int, end: str = "") -> str:
    return "<ul>" + "".join(f'<li><a href="/{n}{end}">お知らせ{n}</a></li>' for n in range(count)) + "</ul>"


def test_a_listing_is_read_as_far_as_its_rows_may_go(site: Site, captures: Any) -> None:
    site.put("/", links(30))
    listing, *_ = captures(True, LISTING_ROWS=10)[0]
    assert len(listing.rows) == 10
    assert listing.cut == "30 rows, of which the first 10 are read"
    assert len(site.paths()) == 12


def test_a_host_that_stalls_twice_is_left_alone(site: Site, captures: Any) -> None:
    site.put("/", links(8))
    for n in range(8):
        site.put(f"/{n}", "x", delay=1.0)
    found, put_off = captures(True, DOWNLOAD_TIMEOUT=0.2)
    late = [capture for capture in found if capture.error.startswith("no answer in time")]
    asked = [path for path in site.paths() if path not in ("/", "/robots.txt")]
    assert len(late) < len(asked) <= 3, "one more may be under way by then"
    assert put_off == {"127.0.0.1": (8 - len(late), "127.0.0.1 stalled 2 times")}


def test_a_host_is_asked_so_many_times_and_no_more(site: Site, captures: Any) -> None:
    site.put("/", links(8))
    found, put_off = captures(True, HOST_REQUESTS=4)
    assert len(site.paths()) == 4, "robots.txt is one of them"
    assert len(found) == 3
    assert put_off == {"127.0.0.1": (6, "127.0.0.1 was asked 4 times")}


def test_a_run_ends_by_itself(site: Site, captures: Any) -> None:
    site.put("/", links(8))
    site.put("/robots.txt", "", delay=0.5)
    found, put_off = captures(True, RUN_SECONDS=0.4)
    assert put_off[""][1] == "the run has taken 0 s"
    assert len(found) <= 1


def test_a_page_holds_so_much_with_its_attachments(site: Site, captures: Any) -> None:
    site.put("/", links(5, ".pdf"))
    for n in range(5):
        site.put(f"/{n}.pdf", os.urandom(400_000), content_type="application/pdf")
    ((page,), _) = captures(PAGE_BYTES=1_000_000)
    assert [len(one.body) for one in page.attachments] == [400_000, 400_000, 0, 0, 0]
    assert page.attachments[2].error.startswith("larger than ")
    assert len(page.body) + sum(len(one.body) for one in page.attachments) <= 1_000_000


def test_what_is_on_its_way_at_once_is_bounded(site: Site, captures: Any) -> None:
    site.put("/", "<title>x</title>" + "あ" * 1_500_000)
    ((page,), _) = captures(BYTES_IN_FLIGHT=3_000_000)
    assert page.error == "broken off by us: more than 3000000 bytes were on their way at once"


class Slowly:
    """Judges as a tracker does that is slower than the network."""

    most = 0

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Slowly:
        return cls(crawler)

    async def process_item(self, item: Capture) -> Capture:
        budgets = get_budgets(self.crawler)
        budgets.to_judge += 1
        Slowly.most = max(Slowly.most, budgets.to_judge)
        await asyncio.sleep(0.15)
        budgets.to_judge -= 1
        return item


def test_no_more_is_asked_for_while_many_pages_wait_to_be_judged(
    site: Site, captures: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(politeness, "MAX_TO_JUDGE", 2)
    site.put("/", links(8))
    found, _ = captures(True, ITEM_PIPELINES={Slowly: 1})
    assert len(found) == 9
    assert Slowly.most <= 3, "one may be under way by then"


def test_of_a_long_robots_txt_the_start_is_read(site: Site, captures: Any) -> None:
    rules = "User-agent: *\nDisallow: /private\n" + "Disallow: /x\n" * 100_000 + "Disallow: /\n"
    site.put("/robots.txt", rules, content_type="text/plain")
    site.put("/", "<title>x</title>")
    assert captures()[0][0].status == 200
