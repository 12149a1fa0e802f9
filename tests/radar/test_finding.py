"""What a search makes of an address: one draft that reads the rows, or the reason why there is none."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.crawl.drafting.finding import MAX_ADDRESSES, Findings, Search, findings_json
from spiders.declarations import load
from spiders.listings.listing import read_rows
from storage.records import Capture
from storage.text.urls import place
from tests.radar.site_kinds import HOST, KINDS, Kind

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def search(kind: Kind) -> Findings:
    guide = Search(HOST + kind.asked, (), private=False, say=lambda tried: None)
    while (url := guide.next()) is not None:
        guide.met(answer(kind, url))
    return guide.findings()


def answer(kind: Kind, url: str) -> Capture:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if path not in kind.pages:
        return Capture("discovery", url, "page", NOW, 404)
    content_type, body = kind.pages[path]
    body = body if isinstance(body, bytes) else body.encode()
    return Capture("discovery", url, "page", NOW, 200, headers=(("Content-Type", content_type),), body=body)


@pytest.mark.parametrize("name", KINDS)
def test_a_search_drafts_what_reads_the_rows_or_says_why_not(name: str, tmp_path: Path) -> None:
    kind = KINDS[name]
    found = search(kind)
    if kind.what is None:
        assert not [draft for draft in found.drafts if draft.what != "page"]
        assert kind.because in " ".join([*found.remarks, *(tried.outcome for tried in found.tried)])
        return
    best = found.drafts[0]
    assert (best.what, best.source.start, len(best.rows)) == (kind.what, (HOST + kind.start,), kind.rows)
    path = tmp_path / f"{best.source.id}.toml"
    path.write_text(best.declaration, encoding="utf-8")
    (declared,) = load([path], bundled=False)
    if declared.listing is not None:
        capture = answer(kind, declared.start[0])
        read = read_rows(
            capture.body, capture.url, declared.listing, content_type=capture.header("Content-Type")
        )
        assert read == best.rows
        assert "without dates" in name or all(row.published for row in read)


def test_a_search_is_polite() -> None:
    kind = Kind({"/": KINDS["a front page that announces its feed"].pages["/"]}, None)
    found = search(kind)
    asked = [tried.url for tried in found.tried]
    assert len(asked) == len(set(asked)) <= MAX_ADDRESSES
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(HOST).netloc}


def test_a_search_that_has_found_the_feed_asks_no_further() -> None:
    found = search(KINDS["a front page that announces its feed"])
    assert [tried.url for tried in found.tried] == [f"{HOST}/", f"{HOST}/kisha.xml"]


def test_a_list_of_several_pages_is_drafted_with_the_link_to_the_next() -> None:
    found = search(KINDS["a list of several pages"])
    assert found.drafts[0].source.listing
    assert found.drafts[0].source.listing.more == "div.pager > a"


# --- what is tried, in which order, and how it is put --------------------------------------------------

FRONT = "<main><h1>見本市</h1><p>見本市の公式の頁です。市の案内をここにまとめて載せています。</p></main>"
MENU = '<a href="/houdou/">報道発表</a><a href="/shinchaku/">新着情報</a>'
FEED = KINDS["RSS 2.0 by its address"].pages["/rss.xml"]
ANNOUNCED = '<link rel="alternate" type="application/rss+xml" href="{}">'
ARTICLE = "このたび、通知書を別の世帯へ誤って送付したことが判明しました。" * 10


def html(body: str, head: str = "<title>見本市</title>") -> tuple[str, str]:
    return "text/html; charset=utf-8", f"<html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("pages", "asked", "tried", "whats"),
    [
        # a feed that the page announces goes before the lists it links
        (
            {"/": html(FRONT + MENU, ANNOUNCED.format("/a.xml")), "/a.xml": FEED},
            "/",
            ["/ named: no list; it leads to 1 feeds and 2 lists", "/a.xml announced: feed of 6 rows"],
            ["feed", "page"],
        ),
        # a linked list leads to its feed, which goes before the next list
        (
            {
                "/": html(FRONT + MENU),
                "/houdou/": html("<p>報道発表</p>", ANNOUNCED.format("/h.xml")),
                "/h.xml": FEED,
            },
            "/",
            [
                "/ named: no list; it leads to 0 feeds and 2 lists",
                "/houdou/ linked list: no list; it leads to 1 feeds and 0 lists",
                "/h.xml announced: feed of 6 rows",
            ],
            ["feed", "page"],
        ),
        # a feed without rows ends no search
        (
            {
                "/": html(FRONT, ANNOUNCED.format("/a.xml")),
                "/a.xml": ("application/rss+xml", "<rss version='2.0'><channel/></rss>"),
                "/news.rss": FEED,
            },
            "/",
            [
                "/ named: no list; it leads to 1 feeds and 0 lists",
                "/a.xml announced: a feed without rows",
                "/shinchaku/shinchaku.xml usual path: HTTP 404",
                "/rss/10/list1.xml usual path: HTTP 404",
                "/news.rss usual path: feed of 6 rows",
            ],
            ["feed", "page"],
        ),
        # a page of its own ends it, unless it is a front page
        (
            {"/n/1.html": html(f"<main><h1>誤送付</h1><p>{ARTICLE}</p></main>{MENU}")},
            "/n/1.html",
            ["/n/1.html named: a page of its own: 見本市"],
            ["page"],
        ),
        (
            {"/index.html": html(f"<main><h1>誤送付</h1><p>{ARTICLE}</p></main>", ANNOUNCED.format("/a")), "/a": FEED},
            "/index.html",
            ["/index.html named: no list; it leads to 1 feeds and 0 lists", "/a announced: feed of 6 rows"],
            ["feed", "page"],
        ),
        # a document is watched where it was named, and is no list
        ({"/a.pdf": ("application/pdf", "%PDF-1.4")}, "/a.pdf", ["/a.pdf named: a document"], ["page"]),
    ],
)  # fmt: skip
def test_leads_are_tried_the_surest_first(
    pages: dict[str, tuple[str, str | bytes]], asked: str, tried: list[str], whats: list[str]
) -> None:
    found = search(Kind(pages, None, asked=asked))
    said = [f"{one.url.removeprefix(HOST)} {one.way}: {one.outcome}" for one in found.tried]
    assert said[: len(tried)] == tried
    assert [draft.what for draft in found.drafts] == whats
    if whats[0] == "feed":
        assert len(said) == len(tried)


def test_a_draft_of_a_feed_bears_the_name_of_the_page_that_was_asked_for() -> None:
    pages = {"/": html(FRONT, f"<title>見本市役所</title>{ANNOUNCED.format('/a.xml')}"), "/a.xml": FEED}
    assert search(Kind(pages, None)).drafts[0].source.name == "見本市役所"


def test_the_list_that_was_asked_for_goes_before_a_feed_of_other_things_and_after_one_of_its_own() -> None:
    body, head = KINDS["a list in Shift_JIS"].pages["/news/"][1], ANNOUNCED.format("/a.xml")
    assert isinstance(body, bytes)
    text = body.decode("cp932").replace("Shift_JIS", "utf-8").replace("<head>", f"<head>{head}")
    half = FEED[1].replace("/n/3.", "/m/3.").replace("/n/4.", "/m/4.").replace("/n/5.", "/m/5.")
    for feed, first in ((FEED[1], "feed"), (half, "feed"), (half.replace("/n/2.", "/m/2."), "list")):
        pages = {"/news/": ("text/html", text), "/a.xml": ("application/rss+xml", feed)}
        found = search(Kind(pages, None, asked="/news/"))
        assert found.drafts[0].what == first
        assert sorted(draft.what for draft in found.drafts) == ["feed", "list"]
        assert [one.url for one in found.tried] == [f"{HOST}/news/", f"{HOST}/a.xml"]


def test_an_answer_that_is_none_is_said_as_it_came() -> None:
    guide = Search(f"{HOST}/", (), private=True, say=lambda tried: None)
    assert guide.private
    url = guide.next()
    assert url == f"{HOST}/"
    guide.met(Capture("discovery", url, "page", NOW, None, error="no such host"))
    guide.met(Capture("discovery", url, "page", NOW, 200, error="it broke off", body=b"<p>a"))
    assert [one.outcome for one in guide.tried] == ["no such host", "it broke off"]
    assert guide.findings().drafts == ()


def test_a_search_ends_after_so_many_addresses() -> None:
    many = "".join(f'<a href="/{n}/a.rss">新着{n}</a>' for n in range(9))
    lists = {f"/{n}/a.rss": html("<p>x</p>" + many) for n in range(9)}
    found = search(Kind({"/": html(FRONT + many), **lists}, None))
    assert len(found.tried) == MAX_ADDRESSES
    assert len({one.url for one in found.tried}) == MAX_ADDRESSES


def test_findings_are_put_as_json_with_the_source_that_watches_an_address() -> None:
    found = search(KINDS["a front page that announces its feed"])
    at = found.drafts[0].source.start[0]
    told = findings_json(f"{HOST}/", found, {place(at): "mihon"})
    assert list(told) == ["url", "tried", "remarks", "drafts"]
    assert told["url"] == f"{HOST}/"
    assert told["tried"][0] == {
        "url": f"{HOST}/",
        "way": "named",
        "outcome": found.tried[0].outcome,
    }
    feed, *others = told["drafts"]
    assert [draft["watched_by"] for draft in told["drafts"]] == ["mihon", *[None] * len(others)]
    assert (feed["what"], feed["id"], feed["kind"], feed["start"]) == ("feed", "mihon", "affected", [at])
    assert feed["declaration"] == found.drafts[0].declaration
    assert feed["rows"][0] == {
        "title": "保育料決定通知書の誤送付について",
        "url": f"{HOST}/n/0.html",
        "published": "2026-11-26",
        "answer": "yes",
        "because": ["誤送付", "通知書"],
    }
    undated = search(KINDS["a list without dates"])
    assert findings_json("", undated, {})["drafts"][0]["rows"][0]["published"] is None


def test_where_a_page_is_not_there_the_usual_paths_of_its_site_are_tried() -> None:
    found = search(Kind({"/news.rss": FEED}, None, asked="/gone/page.html"))
    assert [one.url for one in found.tried][:2] == [
        f"{HOST}/gone/page.html",
        f"{HOST}/shinchaku/shinchaku.xml",
    ]
    assert [draft.what for draft in found.drafts] == ["feed"]


def test_a_page_drawn_by_scripts_is_named_with_what_reads_it() -> None:
    assert search(KINDS["a page drawn by scripts"]).remarks == (
        "the page is drawn by scripts and says nothing without them: browser = true reads it",
    )
