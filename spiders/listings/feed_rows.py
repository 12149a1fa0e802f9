"""Rows of what programs publish: RSS, RDF, Atom, JSON Feed, sitemaps, other JSON. Pure: bytes in, rows out.

The format is that of the root element, never that of the address or of the Content-Type: both lie.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, Literal

from lxml import etree

from spiders.listings.row_titles import strip_marks
from spiders.listings.slug_dates import read_slug_date
from spiders.transport.charset import decode
from storage.records import JsonPaths, Row
from storage.text.japanese import JST, parse_date
from storage.text.urls import absolute

Format = Literal["feed", "json", "sitemap"]

MAX_FEED_BYTES = 4_194_304
"""200 items of 20 KB, twice what the largest feed seen holds. A larger one is told as unreadable: it would
take the parser, which is Python, tens of seconds."""
MAX_FEED_ROWS = 2_000

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_CLOCK = re.compile(r"\s[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_ROOT = re.compile(rb"<\s*(?:[\w.-]+:)?(rdf|rss|feed|urlset|sitemapindex|html|body|!doctype\s+html)\b", re.I)
_YEARS = range(1995, 2100)
"""A date outside is a mistake of the publisher's (1700 and 9999 were published) and none."""


class NotAFeed(ValueError):
    """The body is no feed that can be read; says in one line what it is instead."""


def detect_format(body: bytes) -> Format | None:
    """Name the format that the root of ``body`` shows; None for HTML and everything else."""
    head = body[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith((b"{", b"[")):
        return "json"
    found = _ROOT.search(head)
    root = found[1].lower() if found else b""
    if root in (b"rdf", b"rss", b"feed"):
        return "feed"
    return "sitemap" if root in (b"urlset", b"sitemapindex") else None


def read_feed(body: bytes, url: str, *, content_type: str | None = None) -> tuple[Row, ...]:
    """Read the rows of a feed in its order, each address and title once. Raises NotAFeed."""
    if len(body) > MAX_FEED_BYTES:
        raise NotAFeed(f"a feed of {len(body):,} bytes; at most {MAX_FEED_BYTES:,} are read")
    kind = detect_format(body)
    if kind == "json":
        found = _json_feed(body, url)
    elif kind == "sitemap":
        found = _sitemap(body, url)
    elif kind == "feed":
        found = _entries(body, url, content_type)
    else:
        raise NotAFeed("no feed: the answer is " + ("HTML" if b"<html" in body[:4096].lower() else "no XML"))
    return _once(found)


def read_json(body: bytes, url: str, paths: JsonPaths) -> tuple[Row, ...]:
    """Read the rows of JSON from where a declaration says they are. Raises NotAFeed."""
    found = _parse_json(body)
    items = _search(paths.items, found)
    if not isinstance(items, list):
        raise NotAFeed(f"listing.json.items: nothing, or no list, at {paths.items!r}")
    return _once(_read_items(items, url, paths))


def _read_items(items: list[Any], url: str, paths: JsonPaths) -> Iterator[Row]:
    for item in items:
        day = _search(paths.date, item) if paths.date else None
        label = _search(paths.label, item) if paths.label else None
        yield from _row(
            _search(paths.url, item),
            _search(paths.title, item),
            read_day(str(day)) if isinstance(day, str | int) else None,
            label if isinstance(label, str) else "",
            url,
        )


def _search(path: str, value: Any) -> Any:
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        return jmespath.search(path, value)
    except JMESPathError as error:
        raise NotAFeed(f"{path!r} does not fit what came: {error}"[:200]) from None


def _once(found: Iterator[Row]) -> tuple[Row, ...]:
    rows = {(row.url, row.title): row for row in islice(found, MAX_FEED_ROWS)}
    return tuple(rows.values())


_UTC = re.compile(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{5,8})(?:\.[0-9]+)?\s*(?:UTC|GMT)$")


def read_day(stated: str) -> date | None:
    """Read a moment of RFC 822 or ISO 8601 as its day in Japan; without a zone it is meant in Japan.

    Falls back to the civil date in the text; None for no date, and for a year no notice can be of.
    """
    moment = read_moment(stated)
    found = moment.date() if moment else parse_date(_CLOCK.sub("", stated.strip()))
    return found if found and found.year in _YEARS else None


def read_moment(stated: str) -> datetime | None:
    """Read a moment of RFC 822 or ISO 8601, in Japan; a day alone is its beginning."""
    stated = _UTC.sub(r"\1+00:00", stated.strip())
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(stated)
            return moment.astimezone(JST) if moment.tzinfo else moment.replace(tzinfo=JST)
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _entries(body: bytes, url: str, content_type: str | None) -> Iterator[Row]:
    import feedparser  # half a hundred modules, and most crawls of one source need none of them

    text = _DECLARATION.sub("", decode(body, content_type).text.replace("\x00", ""))
    # feedparser resolves addresses against xml:base and the one that the feed came from
    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    parsed = feedparser.parse(text.encode(), response_headers=headers)
    if not parsed.version and not parsed.entries:
        raise NotAFeed(f"no feed: {parsed.get('bozo_exception', 'nothing in it')}"[:200])
    for entry in parsed.entries:
        stated = (dict.get(entry, name) for name in ("published", "updated", "created"))
        days = (read_day(one) for one in stated if isinstance(one, str))
        tags = (tag.get("term") or "" for tag in entry.get("tags", ()))
        address = entry.get("link") or entry.get("id")
        day, touched = next(filter(None, days), None), dict.get(entry, "updated")
        yield from _row(address, entry.get("title"), day, next(tags, ""), url, touched)


def _json_feed(body: bytes, url: str) -> Iterator[Row]:
    found = _parse_json(body)
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list):
        raise NotAFeed("no JSON Feed: it has no items; listing.json can say where they are")
    for item in items:
        if isinstance(item, dict):
            title = item.get("title") or item.get("summary") or item.get("content_text")
            stated = item.get("date_published") or item.get("date_modified")
            day = read_day(stated) if isinstance(stated, str) else None
            yield from _row(item.get("url") or item.get("id"), title, day, "", url, item.get("date_modified"))


def _parse_json(body: bytes) -> Any:
    try:
        return json.loads(decode(body).text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"broken JSON: {error}"[:200]) from None


def _sitemap(body: bytes, url: str) -> Iterator[Row]:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(body, parser)
    for place in () if root is None else root.iter("{*}url"):
        address = place.findtext("{*}loc", "")
        title = place.findtext(".//{*}title") or place.findtext(".//{*}caption") or address
        touched = place.findtext("{*}lastmod") or ""
        stated = place.findtext(".//{*}publication_date") or touched
        yield from _row(address, title, read_day(stated), "", url, touched)


def _row(
    address: Any, title: Any, day: date | None, label: str, base: str, touched: Any = None
) -> Iterator[Row]:
    """Yield the row, or nothing where its address leads to no web page."""
    found = absolute(address.strip(), base) if isinstance(address, str) and address.strip() else None
    if found:
        text = strip_marks(_plain(title)) if isinstance(title, str) else ""
        day, at = day or read_slug_date(found), read_moment(touched) if isinstance(touched, str) else None
        yield Row(url=found, title=text or found, published=day, label=_plain(label), touched=at)


def _plain(text: str) -> str:
    return " ".join(_TAG.sub("", text).split())
