"""One recorded crawl for each spider; ``pytest tests/spiders --record`` records them anew.

The sites behind them are small and of our own making; the same crawl twice shows both a first visit
and the question whether anything changed.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest

from spiders.affected import AffectedSpider
from spiders.company import CompanySpider
from spiders.ppc import PpcSpider
from storage.records import Capture, ListingRules, PageRules, Source, Validators, Visit
from tests.crawling import Crawl
from tests.spiders.fake import FakeAgenda
from tests.spiders.site import Site

PORT = 18423
BASE = f"http://127.0.0.1:{PORT}"
ROBOTS = "User-agent: *\nDisallow: /common/\nCrawl-delay: 0.01\n"
PDF = b"%PDF-1.4\n% \x82\xa0\xff\x00 two lines of bytes that are no text\n%%EOF\n"


@pytest.fixture
def recorded_site(recording: bool) -> Iterator[Site]:
    """The site is up while cassettes are recorded, and only then."""
    site = Site(port=PORT)
    site.put("/robots.txt", ROBOTS, content_type="text/plain")
    if recording:
        with site:
            yield site
    else:
        yield site


def known(capture: Capture) -> Visit:
    """What the agenda would ask for the next time."""
    return Visit(
        capture.source,
        capture.url,
        capture.role,
        Validators(capture.header("etag"), capture.header("last-modified")),
        attachments=tuple(map(known, capture.attachments)),
    )


def twice(crawl: Crawl, spider: Any, source: Source) -> tuple[list[Capture], list[Capture]]:
    """A first visit, and a second one with the validators of the first."""
    first = crawl(spider, AGENDA=FakeAgenda([source]).as_setting()).captures
    due = {source.id: [known(capture) for capture in first if capture.status == 200]}
    second = crawl(spider, AGENDA=FakeAgenda([source], due).as_setting()).captures
    return sorted(first, key=lambda one: one.url), sorted(second, key=lambda one: one.url)


def brief(captures: list[Capture]) -> list[tuple[str, str, int | None]]:
    return [(one.role, one.url.removeprefix(BASE), one.status) for one in captures]


def test_ppc(recorded_site: Site, cassette: Any, crawl: Crawl) -> None:
    """Padded dates, a blank in an address, an earlier year, a thin page with its PDF, a forbidden file."""
    row = '<li><time datetime=" {day} " class="news-date">令和</time><div class="news-text"><a href="{url}">{title}</a></div></li>'
    rows = [
        row.format(day="2026-07-07", url="/news/press/2026/260707", title="令和７年度年次報告の公表について"),
        row.format(day="2026-06-22", url="/news/press/2026/26 622", title="行政上の対応について"),
        row.format(day="2026-06-01", url="/files/pdf/260601.pdf", title="資料の掲載について"),
    ]
    page = '<div class="item-main js-tab-content"><ul class="news-list">{}</ul></div><a class="y" href="/news/press/2025/">令和7年度</a>'
    recorded_site.put("/news/press/", page.format("".join(rows)), etag='"list-1"')
    recorded_site.put("/news/press/2025/", page.format(""), etag='"list-0"')
    recorded_site.put(
        "/news/press/2026/260707",
        '<main class="l-main"><p>公表しました。<a href="/files/pdf/260707_houdou.pdf">概要</a><a href="/common/x.pdf">様式</a></main>',
        last_modified="Tue, 07 Jul 2026 01:00:00 GMT",
    )
    recorded_site.put(
        "/news/press/2026/26%20622", status=302, headers=(("Location", "/news/press/2026/260622/"),)
    )
    recorded_site.put("/news/press/2026/260622/", '<main class="l-main"><p>指導を行いました。</main>')
    for name in ("260707_houdou", "260601"):
        recorded_site.put(f"/files/pdf/{name}.pdf", PDF, content_type="application/pdf", etag=f'"{name}"')
    source = Source(
        "ppc-sample",
        "委員会",
        "regulator",
        (f"{BASE}/news/press/",),
        listing=ListingRules("ul.news-list > li", "div.news-text a", date="time", more="a.y"),
        page=PageRules(include=("main.l-main",), attachments=True),
        private=True,
        delay=0.0,
    )
    first, second = twice(crawl, PpcSpider, source)
    assert brief(first) == [
        ("page", "/files/pdf/260601.pdf", 200),
        ("listing", "/news/press/", 200),
        ("listing", "/news/press/2025/", 200),
        ("page", "/news/press/2026/26%20622", 200),
        ("page", "/news/press/2026/260707", 200),
    ]
    moved, thin = first[3], first[4]
    assert moved.final_url == f"{BASE}/news/press/2026/260622/"
    assert [(one.status, one.body, one.error) for one in thin.attachments] == [
        (200, PDF, ""),
        (None, b"", "robots.txt forbids this address"),
    ]
    assert thin.row is not None
    assert (thin.row.title, str(thin.row.published)) == ("令和７年度年次報告の公表について", "2026-07-07")
    assert [status for _, _, status in brief(second)] == [304, 304, 304, 200, 304]
    assert [one.status for one in second[4].attachments] == [304, None]


def test_company(recorded_site: Site, cassette: Any, crawl: Crawl) -> None:
    """A compressed list, a page that is gone, and a page watched by itself."""
    list_page = '<ul><li><span>2024年1月24日</span><a href="/info/detail/240124.html">お詫びとお知らせ</a><li><a href="/info/detail/231017.html">第一報</a></ul>'
    packed = gzip.compress(list_page.encode(), mtime=0)
    recorded_site.put("/info/", packed, headers=(("Content-Encoding", "gzip"),), etag='W/"i"')
    recorded_site.put("/info/detail/240124.html", "<p>お客様情報の不正流出について", etag='"240124"')
    source = Source(
        "company-sample",
        "会社",
        "company",
        (f"{BASE}/info/",),
        listing=ListingRules("li", date="span", follow=(r"/detail/\d{6}\.html$",)),
        private=True,
        delay=0.0,
    )
    first, second = twice(crawl, CompanySpider, source)
    assert brief(first) == [
        ("listing", "/info/", 200),
        ("page", "/info/detail/231017.html", 404),
        ("page", "/info/detail/240124.html", 200),
    ]
    assert first[0].body == list_page.encode()
    assert [str(row.published) for row in first[0].rows or ()] == ["2024-01-24", "None"]
    assert [status for _, _, status in brief(second)] == [304, 304]


def test_affected(recorded_site: Site, cassette: Any, crawl: Crawl) -> None:
    """A single Shift_JIS page without validators, and an index page in another form."""
    page = "<meta charset=Shift_JIS><p>①約１４万人分の氏名、髙島様の住所".encode("cp932")
    recorded_site.put("/contents/zeimu-20231017.html", page, content_type="text/html")
    source = Source(
        "city-sample", "市", "affected", (f"{BASE}/contents/zeimu-20231017.html",), private=True, delay=0.0
    )
    first, second = twice(crawl, AffectedSpider, source)
    assert brief(first) == brief(second) == [("page", "/contents/zeimu-20231017.html", 200)]
    assert first[0].body == second[0].body == page
