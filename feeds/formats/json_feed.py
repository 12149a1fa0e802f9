"""JSON Feed 1.1, with the same entries as Atom and RSS."""

from __future__ import annotations

import json
from typing import Any

from feeds.formats.atom_rss import Feed
from feeds.formats.entries import FeedEntry
from storage.json_shapes import chain_json


def write_json_feed(feed: Feed) -> bytes:
    """Write a feed as JSON Feed 1.1; ``next_url`` leads back through the archive, document by document."""
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "language": feed.lang,
        "home_page_url": feed.home,
        "feed_url": feed.address.to("json"),
        "authors": [{"name": "kohyo"}],
    }
    for rel, address in feed.links:
        if rel in ("next", "prev-archive"):
            document["next_url"] = address.to("json")
    if feed.hubs:
        document["hubs"] = [{"type": "WebSub", "url": hub} for hub in feed.hubs]
    document["items"] = []
    head = json.dumps(document, ensure_ascii=False).encode().removesuffix(_END)
    return b"".join((head, b", ".join(map(_write_item, feed.entries)), _END, b"\n"))


_END = b"]}"


def _write_item(entry: FeedEntry) -> bytes:
    """Write an entry, or give it as it was written before."""
    if "json" not in entry.written:
        entry.written["json"] = json.dumps(_item(entry), ensure_ascii=False).encode()
    return entry.written["json"]


def _item(entry: FeedEntry) -> dict[str, Any]:
    item = {
        "id": entry.tag,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": entry.author}],
        "tags": list(dict.fromkeys(category.label for category in entry.categories)),
        "_kohyo": {
            "about": "https://github.com/kohyo/kohyo",
            "kind": entry.kind,
            "notice": entry.notice,
            "notice_url": entry.notice_url,
            "categories": [
                {"scheme": category.scheme, "term": category.term} for category in entry.categories
            ],
            **chain_json(entry.link),
        },
    }
    if entry.original:
        item["external_url"] = entry.original
    return item
