"""Rows of feeds as publishers write them: every format and oddity that public readers of them report."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.listings.feed_rows import (
    MAX_FEED_BYTES,
    MAX_FEED_ROWS,
    NotAFeed,
    read_day,
    read_feed,
    read_json,
)
from storage.records import JsonPaths, Row

URL = "https://www.city.example.lg.jp/rss/news.xml"
RSS1 = """<?xml version="1.0" encoding="{encoding}"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://www.city.example.lg.jp/"><title>新着情報</title><link>/</link></channel>
<item rdf:about="https://www.city.example.lg.jp/a.html"><title>個人情報の漏えいについて</title>
<link>https://www.city.example.lg.jp/a.html</link><dc:date>2026-11-26T23:30:00+09:00</dc:date>
<dc:subject>報道発表</dc:subject></item>
<item rdf:about="/b.html"><title>広報10月号</title><link>/b.html</link><dc:date>2026-11-25</dc:date></item>
</rdf:RDF>"""
RSS2 = """<rss version="2.0"><channel><title>t</title>
<item><title>A&nbsp;&amp; B</title><link>//www.city.example.lg.jp/c.html</link>
<pubDate>Thu, 26 Nov 2026 15:30:00 GMT</pubDate></item>
<item><title><![CDATA[<b>資料</b>の散乱]]></title><guid>https://www.city.example.lg.jp/d.html</guid></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://www.city.example.lg.jp/docs/"><title>t</title>
<entry><title>お知らせ</title><link rel="alternate" href="e.html"/><updated>2026-11-26T00:00:00+09:00</updated></entry>
</feed>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "Shift_JIS", "EUC-JP"])
def test_rss_1_is_read_in_the_encoding_that_it_declares_whatever_the_header_says(encoding: str) -> None:
    body = RSS1.format(encoding=encoding).encode(encoding)
    first, second = read_feed(body, URL, content_type="text/html; charset=ISO-8859-1")
    assert first == Row(
        "https://www.city.example.lg.jp/a.html", "個人情報の漏えいについて", date(2026, 11, 26), "報道発表"
    )
    assert second == Row("https://www.city.example.lg.jp/b.html", "広報10月号", date(2026, 11, 25))


def test_rss_2_with_bad_entities_other_hosts_links_and_no_dates_is_read() -> None:
    first, second = read_feed(RSS2.encode(), URL)
    assert (first.url, first.published) == ("https://www.city.example.lg.jp/c.html", date(2026, 11, 27))
    assert first.title == "A & B"
    assert second == Row("https://www.city.example.lg.jp/d.html", "資料の散乱", None)


def test_links_of_atom_are_relative_to_its_base() -> None:
    assert read_feed(ATOM.encode(), URL) == (
        Row("https://www.city.example.lg.jp/docs/e.html", "お知らせ", date(2026, 11, 26)),
    )


def test_a_json_feed_is_read_without_a_word_in_the_declaration() -> None:
    items = [{"id": "1", "url": "/f.html", "title": "誤送信", "date_published": "2026-11-26T01:00:00Z"}]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    assert read_feed(body, URL) == (
        Row("https://www.city.example.lg.jp/f.html", "誤送信", date(2026, 11, 26)),
    )


def test_other_json_is_read_by_the_paths_of_its_declaration() -> None:
    pages = [
        {
            "page_name": "紛失",
            "url": "//www.city.example.lg.jp/g.html",
            "publish_datetime": "2026-11-26 10:00:00",
        },
        {"page_name": "一覧", "url": "/h/", "publish_datetime": "2026-11-26", "is_category_index": True},
    ]
    paths = JsonPaths("[?!is_category_index]", "url", "page_name", "publish_datetime")
    assert read_json(json.dumps(pages).encode(), URL, paths) == (
        Row("https://www.city.example.lg.jp/g.html", "紛失", date(2026, 11, 26)),
    )


def test_a_sitemap_is_read_as_rows_without_titles() -> None:
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>https://www.city.example.lg.jp/i.html</loc><lastmod>2026-11-26T20:00:00Z</lastmod></url></urlset>"""
    address = "https://www.city.example.lg.jp/i.html"
    assert read_feed(body, URL) == (Row(address, address, date(2026, 11, 27)),)


@pytest.mark.parametrize(
    "body",
    [
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>/i.html</loc>'
        "<lastmod>2026-11-27T05:00:00+09:00</lastmod></url></urlset>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>t</title><link href="/i.html"/>'
        "<published>2026-11-01T00:00:00Z</published><updated>2026-11-26T20:00:00Z</updated></entry></feed>",
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/i.html", "title": "t",'
        ' "date_published": "2026-11-01T00:00:00Z", "date_modified": "2026-11-26T20:00:00Z"}]}',
    ],
    ids=["sitemap", "atom", "json"],
)
def test_what_says_when_a_page_was_changed_is_kept_beside_the_row(body: str) -> None:
    (row,) = read_feed(body.encode(), URL)
    assert row.touched == datetime(2026, 11, 26, 20, tzinfo=UTC)
    assert row == replace(row, touched=None), "and is no part of what the row says"


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2026-11-26T15:00:00Z", date(2026, 11, 27)),
        ("2026-11-26T23:59:59", date(2026, 11, 26)),  # no zone: meant in Japan
        ("Thu, 26 Nov 2026 16:00:00 +0000", date(2026, 11, 27)),
        ("令和8年11月26日", date(2026, 11, 26)),
        ("2026/11/26 10:00", date(2026, 11, 26)),
        ("1700-01-01", None),
        ("9999-12-31T23:59:59Z", None),
        ("Thu, 39 Foo 2026", None),
        ("", None),
    ],
)
def test_a_moment_is_a_day_in_japan_and_an_impossible_one_is_none(stated: str, day: date | None) -> None:
    assert read_day(stated) == day


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!doctype html><html><body>maintenance</body></html>", "HTML"),
        (b"", "no XML"),
        (b"{broken", "broken JSON"),
        (b'{"data": []}', "listing.json"),
        (b"<rss>" + b" " * MAX_FEED_BYTES, "bytes"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_what_is_no_feed_is_named_in_one_line(body: bytes, words: str) -> None:
    with pytest.raises(NotAFeed, match=words) as told:
        read_feed(body, URL)
    assert "\n" not in str(told.value)


def test_an_entity_bomb_is_not_expanded() -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "x">{levels}]><rss><channel><item><title>&a9;</title>'
    )
    body += "<link>/a.html</link></item></channel></rss>"
    began = time.process_time()
    rows = read_feed(body.encode(), URL)
    assert time.process_time() - began < 5
    assert all(len(row.title) < 10_000 for row in rows)


def test_no_more_rows_than_the_limit_are_read() -> None:
    items = [{"url": f"/{n}.html", "title": str(n)} for n in range(MAX_FEED_ROWS + 5)]
    assert len(read_feed(json.dumps({"items": items}).encode(), URL)) == MAX_FEED_ROWS


@given(
    st.binary(max_size=2_000), st.sampled_from([b"", b"<rss>", b"<feed>", b"{", b"<urlset>", RSS2.encode()])
)
def test_nothing_that_comes_does_more_than_be_refused(noise: bytes, head: bytes) -> None:
    try:
        rows = read_feed(head + noise, URL)
    except NotAFeed:
        return
    assert all(row.url.startswith("http") and row.title for row in rows)
