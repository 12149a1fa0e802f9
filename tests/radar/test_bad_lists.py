"""Lists that are not what they are declared to be: one clear line each, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from spiders.listings.feed_rows import MAX_FEED_BYTES, NotAFeed
from spiders.listings.listing import read_rows
from storage.archive import Archive
from storage.records import ListingRules, Row
from tests.monitor.story import LIST, LISTED, Story

URL = "https://www.city.example.lg.jp/news/"
HTML = b"<!doctype html><html><body><p>hello</p></body></html>"
JSON = b'{"items": [{"title": "a"}]}'
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>'
BOMB = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)


@pytest.mark.parametrize(
    ("body", "rules", "words"),
    [
        (HTML, ListingRules(), "no feed: the answer is HTML"),
        (JSON, ListingRules("li"), "no HTML: the answer is JSON"),
        (JSON, ListingRules(links=True), "no HTML: the answer is JSON"),
        (FEED, ListingRules("li"), "no HTML: the answer is a feed"),
        (b"<rss>" + b" " * MAX_FEED_BYTES, ListingRules(), f"at most {MAX_FEED_BYTES:,} are read"),
    ],
)
def test_what_is_something_else_is_named_in_one_line(body: bytes, rules: ListingRules, words: str) -> None:
    with pytest.raises(NotAFeed, match=words) as raised:
        read_rows(body, URL, rules)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("rules", [ListingRules(), ListingRules("item"), ListingRules(links=True)])
@pytest.mark.parametrize(
    "rest",
    [
        b"]><rss version='2.0'><channel><item><title>&i;</title><link>/1</link></item></channel></rss>",
        b"]><urlset><url><loc>/&i;</loc></url></urlset>",
    ],
)
def test_entities_that_grow_are_never_expanded(rules: ListingRules, rest: bytes) -> None:
    try:
        found = read_rows(BOMB + rest, URL, rules)
    except NotAFeed as error:
        assert len(str(error)) <= 200  # noqa: PT017  # either is right: no rows, or a word about it
    else:
        assert all(len(row.title) < 1000 for row in found)


@pytest.mark.parametrize("day", ["1700-01-01", "9999-12-31", "Fri, 31 Dec 9999 23:59:59 +0900", "July 2026"])
def test_a_row_of_an_impossible_day_is_a_row_without_one(day: str) -> None:
    item = f"<item><title>誤送信</title><link>/1</link><pubDate>{day}</pubDate></item>"
    (found,) = read_rows(f"<rss version='2.0'><channel>{item}</channel></rss>".encode(), URL, ListingRules())
    assert (found.title, found.published) == ("誤送信", None)
    html = f'<ul><li><time datetime="{day}">x</time><a href="/1">誤送信</a></ul>'.encode()
    (found,) = read_rows(html, URL, ListingRules("li"))
    assert (found.title, found.published) == ("誤送信", None)


def addressed(visit: int) -> tuple[Row, ...]:
    day = date(2023, 10, 16)
    return tuple(Row(f"{LIST}{visit}x{n}/a.html", f"漏えいのお知らせ{n}", day) for n in range(4))


def test_addresses_that_change_at_every_visit_are_said_once_and_told_no_more(archive: Archive) -> None:
    story = Story(archive, replace(LISTED, listing=ListingRules("li")))
    story.listing(*addressed(1))
    assert [
        change.kind for change in story.listing(*addressed(2)).changes
    ] == []  # not yet read, nothing told
    for visit in range(3, 7):
        result = story.listing(*addressed(visit))
        assert result.changes == []
        assert [alert.kind for alert in result.alerts] == ["addresses"]
    new = Row(f"{LIST}9.html", "新しいお知らせ", date(2023, 10, 17))
    story.listing(new, *addressed(7))
    with archive.read() as reader:
        assert sorted(notice.title for notice in reader.notices()) == sorted(
            [new.title, *(row.title for row in addressed(1))]
        )
