"""Real crawls of a site on loopback: what is asked, what is handed over."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from spiders.ppc import PpcSpider
from storage.records import ListingRules, PageRules, Source, Validators, Visit
from tests.crawling import Crawl, Crawled
from tests.spiders.fake import NOW, FakeAgenda
from tests.spiders.site import Site

RULES = ListingRules(item="ul.news-list > li", link="div.news-text a", date="time", more="a.year")
OPEN = "User-agent: *\nDisallow:\n"


def row(href: str, title: str = "公表について", day: str = " 2026-11-19 ") -> str:
    return (
        f'<li><time datetime="{day}">x</time><div class="news-text"><a href="{href}">{title}</a></div></li>'
    )


def listing(*rows: str, extra: str = "") -> str:
    return f'<!doctype html><meta charset="utf-8"><ul class="news-list">{"".join(rows)}</ul>{extra}'


def source(site: Site, *start: str, **details: Any) -> Source:
    options = {
        "listing": RULES,
        "page": PageRules(attachments=True),
        "private": True,
        "delay": 0.0,
        **details,
    }
    return Source("test", "試験", "regulator", tuple(map(site.url, start)), **options)


def page(site: Site, path: str, **details: Any) -> Visit:
    return Visit("test", site.url(path), "page", **details)


@pytest.fixture
def visit(site: Site, crawl: Crawl) -> Any:
    """Crawl these visits of the site, robots.txt open."""
    if "/robots.txt" not in site.answers:
        site.put("/robots.txt", OPEN, content_type="text/plain")

    def run(*due: Visit, settings: dict[str, Any] | None = None, **details: Any) -> Crawled:
        agenda = FakeAgenda([source(site, "/", **details)], {"test": list(due)} if due else {})
        return crawl(PpcSpider, AGENDA=agenda.as_setting(), **(settings or {}))

    return run


def test_a_listing_its_pages_and_their_attachments(site: Site, visit: Any) -> None:
    site.put("/", listing(row("/a"), row("b.pdf"), row("/a", "同じ所の別の公表")))
    site.put(
        "/a", '<p>本文</p><a href="/a.pdf">PDF</a><a href="/a.pdf#page=2">再</a><a href="x.xlsx?v=1">表</a>'
    )
    site.put("/a.pdf", b"%PDF-1.4 a", content_type="application/pdf")
    site.put("/b.pdf", b"%PDF-1.4 b", content_type="application/pdf")
    site.put("/x.xlsx?v=1", b"PK", content_type="application/octet-stream")
    crawled = visit()
    assert [capture.role for capture in crawled.captures] == ["listing", "page", "page"]
    first = crawled.captures[0]
    assert first.rows is not None
    assert [(one.url, one.title, str(one.published)) for one in first.rows] == [
        (site.url("/a"), "公表について", "2026-11-19"),
        (site.url("/b.pdf"), "公表について", "2026-11-19"),
        (site.url("/a"), "同じ所の別の公表", "2026-11-19"),
    ]
    a = crawled.of("/a")
    assert (a.status, a.captured_at, a.error, a.row) == (200, NOW, "", first.rows[0])
    assert [(one.url, one.body, one.role) for one in a.attachments] == [
        (site.url("/a.pdf"), b"%PDF-1.4 a", "attachment"),
        (site.url("/x.xlsx?v=1"), b"PK", "attachment"),
    ]
    assert crawled.of("/b.pdf").body == b"%PDF-1.4 b"
    assert sorted(site.paths()) == ["/", "/a", "/a.pdf", "/b.pdf", "/robots.txt", "/x.xlsx?v=1"]


def test_further_listings_are_visited_once(site: Site, visit: Any) -> None:
    years = (
        '<a class="year" href="/2024/">1</a><a class="year" href="/2025/">2</a><a class="year" href="/">0</a>'
    )
    for path in ("/", "/2024/", "/2025/"):
        site.put(path, listing(extra=years))
    crawled = visit()
    assert sorted(site.paths()) == ["/", "/2024/", "/2025/", "/robots.txt"]
    assert [capture.rows for capture in crawled.captures] == [(), (), ()]


def test_endless_listings_end_with_a_word(site: Site, visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.base.MAX_LISTINGS", 2)
    for number in range(5):
        site.put(
            "/" if number == 0 else f"/p{number}",
            listing(extra=f'<a class="year" href="/p{number + 1}">次</a>'),
        )
    crawled = visit()
    assert [(capture.url[-3:], capture.error[:11]) for capture in crawled.captures[1:]] == [
        ("/p1", ""),
        ("/p2", ""),
        ("/p3", "not visited"),
    ]


def test_one_address_is_asked_once_for_each_source(site: Site, crawl: Crawl) -> None:
    site.put("/", listing(row("/a")))
    site.put("/a", "<p>本文")
    one = source(site, "/")
    other = Source("other", "別", "regulator", one.start, listing=RULES, private=True, delay=0.0)
    crawled = crawl(PpcSpider, AGENDA=FakeAgenda([one, other]).as_setting())
    assert sorted((capture.source, capture.role) for capture in crawled.captures) == [
        ("other", "listing"),
        ("other", "page"),
        ("test", "listing"),
        ("test", "page"),
    ]


def test_sources_of_another_kind_are_left_to_their_spider(site: Site, crawl: Crawl) -> None:
    agenda = FakeAgenda([Source("c", "社", "company", (site.url(),), private=True, delay=0.0)])
    assert crawl(PpcSpider, AGENDA=agenda.as_setting()).captures == []
    assert site.asked == []
    assert agenda.closed


def test_what_the_agenda_asks_for_twice_is_fetched_twice(site: Site, visit: Any) -> None:
    site.put("/a", "1")
    site.then("/a", "2")
    assert sorted(one.body for one in visit(page(site, "/a"), page(site, "/a")).captures) == [b"1", b"2"]


def test_known_pages_that_are_not_due_are_left_alone(site: Site, crawl: Crawl) -> None:
    site.put("/", listing(row("/a"), row("/b"), extra='<a class="year" href="/2025/">7</a>'))
    site.put("/b", "x")
    agenda = FakeAgenda([source(site, "/")], resting={site.url("/a"), site.url("/2025/")})
    crawl(PpcSpider, AGENDA=agenda.as_setting())
    assert sorted(site.paths()) == ["/", "/b", "/robots.txt"]


STRANGE = "Mon,  2 Nov 2026 00:00:00 +0900"


def test_validators_are_replayed_byte_for_byte(site: Site, visit: Any) -> None:
    site.put("/a", "x", etag='W/"a,b"')
    site.put("/b", "x", last_modified=STRANGE)
    crawled = visit(
        page(site, "/a", validators=Validators(etag='W/"a,b"')),
        page(site, "/b", validators=Validators(last_modified=STRANGE)),
    )
    assert [(capture.status, capture.body, capture.error) for capture in crawled.captures] == [
        (304, b"", "")
    ] * 2
    assert site.requests("/a")[0].headers["If-None-Match"] == 'W/"a,b"'
    assert site.requests("/b")[0].headers["If-Modified-Since"] == STRANGE


def test_an_unchanged_page_still_has_its_attachments_looked_at(site: Site, visit: Any) -> None:
    site.put("/a", "x", etag='"1"')
    site.put("/same.pdf", b"%PDF-1", etag='"s"')
    site.put("/new.pdf", b"%PDF-2", etag='"n2"')
    known = (
        Visit("test", site.url("/same.pdf"), "attachment", Validators(etag='"s"')),
        Visit("test", site.url("/new.pdf"), "attachment", Validators(etag='"n1"')),
    )
    capture = visit(page(site, "/a", validators=Validators(etag='"1"'), attachments=known)).of("/a")
    assert capture.status == 304
    assert [(one.status, one.body) for one in capture.attachments] == [(304, b""), (200, b"%PDF-2")]


def test_attachments_are_sought_where_the_text_is(site: Site, visit: Any) -> None:
    site.put("/a", '<main><a href="1.pdf">1</a><nav><a href="2.pdf">2</a></nav></main><a href="3.pdf">3</a>')
    site.put("/1.pdf", b"%PDF-")
    rules = PageRules(include=("main",), exclude=("nav",), attachments=True)
    capture = visit(page(site, "/a"), page=rules).of("/a")
    assert [one.url for one in capture.attachments] == [site.url("/1.pdf")]


def test_too_many_attachments_are_named_not_dropped(
    site: Site, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spiders.base.MAX_ATTACHMENTS", 1)
    site.put("/a", '<a href="1.pdf">1</a><a href="2.pdf">2</a>')
    site.put("/1.pdf", b"%PDF-")
    first, second = visit(page(site, "/a")).of("/a").attachments
    assert (first.status, second.status) == (200, None)
    assert "more than 1 attachments" in second.error


def test_a_second_look_at_what_differs(site: Site, visit: Any) -> None:
    site.put("/a", "<p>1", etag='"1"')
    site.then("/a", "<p>2", etag='"2"')
    capture = visit(page(site, "/a", validators=Validators(etag='"0"'), sha256="0" * 64, confirm=True)).of(
        "/a"
    )
    assert (capture.body, capture.again) == (b"<p>1", b"<p>2")
    assert "If-None-Match" not in site.requests("/a")[1].headers


@pytest.mark.parametrize(("body", "confirm"), [(b"<p>1", True), (b"<p>0", False)])
def test_no_second_look_without_need(site: Site, visit: Any, body: bytes, confirm: bool) -> None:
    site.put("/a", "<p>1")
    known = hashlib.sha256(body).hexdigest()
    assert visit(page(site, "/a", sha256=known, confirm=confirm)).of("/a").again is None
    assert len(site.requests("/a")) == 1


def test_a_second_look_that_fails_says_nothing(site: Site, visit: Any) -> None:
    site.put("/a", "<p>1")
    site.then("/a", "broken", status=404)
    capture = visit(page(site, "/a", confirm=True)).of("/a")
    assert (capture.status, capture.again) == (200, None)


@pytest.mark.parametrize("status", [403, 404, 410, 500, 204])
def test_every_status_is_a_finding(site: Site, visit: Any, status: int) -> None:
    site.put("/a", b"" if status == 204 else "gone", status=status)
    capture = visit(page(site, "/a"), settings={"RETRY_TIMES": 1}).of("/a")
    error = "the server answered 500 Internal Server Error" if status == 500 else ""
    assert (capture.status, capture.error) == (status, error)
    assert len(site.requests("/a")) == (2 if status == 500 else 1)


def test_redirects_are_recorded_and_leave_validators_behind(site: Site, visit: Any) -> None:
    site.put("/old", status=301, headers=(("Location", "/older"),))
    site.put("/older", status=302, headers=(("Location", "/new"),))
    site.put("/new", "<p>本文", etag='"1"')
    capture = visit(page(site, "/old", validators=Validators(etag='"1"'))).of("/old")
    assert (capture.status, capture.final_url) == (200, site.url("/new"))
    assert capture.redirects == (site.url("/old"), site.url("/older"))
    assert "If-None-Match" in site.requests("/old")[0].headers
    assert "If-None-Match" not in site.requests("/new")[0].headers


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("/a", "in a circle"),
        ("file:///etc/passwd", "redirected to file:///etc/passwd, which is not followed"),
        ("http://169.254.169.254/latest", "169.254.169.254 is not a public address"),
        ("http://user:secret@127.0.0.1/", "user name or password"),
    ],
)
def test_redirects_that_are_not_followed(site: Site, visit: Any, location: str, says: str) -> None:
    site.put("/a", status=302, headers=(("Location", location),))
    assert says in visit(page(site, "/a")).of("/a").error


def test_too_large_announced_or_not(site: Site, visit: Any) -> None:
    import gzip

    zeros = gzip.compress(bytes(5_000_000))
    site.put("/big", bytes(200_000))
    site.put("/bomb", zeros, headers=(("Content-Encoding", "gzip"),))
    crawled = visit(page(site, "/big"), page(site, "/bomb"), settings={"DOWNLOAD_MAXSIZE": 100_000})
    assert crawled.of("/big").error == "larger than 100000 bytes"
    assert crawled.of("/bomb").error == "larger than 100000 bytes when unpacked"


def test_no_answer(site: Site, visit: Any) -> None:
    site.put("/slow", "x", delay=1.0)
    nowhere = Visit("test", "http://127.0.0.1:9/", "page")
    crawled = visit(
        page(site, "/slow"),
        nowhere,
        settings={"DOWNLOAD_TIMEOUT": 0.2, "RETRY_ENABLED": True, "RETRY_TIMES": 0},
    )
    assert crawled.of("/slow").error.startswith("no answer in time")
    assert crawled.of(":9/").error.startswith("staying out: http://127.0.0.1:9/robots.txt cannot be had")
    assert {capture.status for capture in crawled.captures} == {None}


def test_bytes_and_headers_come_as_they_were_sent(site: Site, visit: Any) -> None:
    body = "<meta charset=Shift_JIS><p>①髙島屋".encode("cp932")
    site.put("/a", body, content_type="text/html; charset=utf-8", headers=(("X-A", "1"), ("X-A", "2")))
    capture = visit(page(site, "/a")).of("/a")
    assert capture.body == body
    assert [value for name, value in capture.headers if name == "X-A"] == ["1", "2"]
    assert capture.header("content-type") == "text/html; charset=utf-8"


def test_a_page_that_only_points_on_is_read_where_it_leads(site: Site, visit: Any) -> None:
    site.put("/old", '<meta http-equiv="refresh" content="0; url=/between">')
    site.put("/between", "<script>location.replace('/new')</script>")
    site.put("/new", "<p>本文</p>")
    found = visit(page(site, "/old")).of("/old")
    assert (found.final_url, found.moved_to) == (site.url("/new"), site.url("/new"))
    assert found.redirects == (site.url("/old"), site.url("/between"))


def test_a_page_that_points_to_nothing_is_what_came(site: Site, visit: Any) -> None:
    site.put("/old", '<meta http-equiv="refresh" content="0; url=/gone">')
    found = visit(page(site, "/old")).of("/old")
    assert (found.final_url, found.moved_to, found.status) == (site.url("/old"), "", 200)


def test_pages_that_point_to_each_other_are_not_followed_for_ever(site: Site, visit: Any) -> None:
    site.put("/a", '<meta http-equiv="refresh" content="0; url=/b">')
    site.put("/b", '<meta http-equiv="refresh" content="0; url=/a">')
    assert visit(page(site, "/a")).of("/a").final_url in (site.url("/a"), site.url("/b"))


def test_a_script_s_answer_says_whether_it_is_a_file(site: Site, visit: Any) -> None:
    site.put("/a", '<a href="/get_file?id=1">資料</a><a href="/get_file?id=2">一覧</a>')
    site.put("/get_file?id=1", b"%PDF-1.4 a", content_type="application/pdf")
    site.put("/get_file?id=2", "<p>一覧のページ</p>")
    assert [one.url for one in visit(page(site, "/a")).of("/a").attachments] == [site.url("/get_file?id=1")]
