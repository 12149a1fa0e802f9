"""What the W3C's validator demands of a feed, and what safety does, checked on the bytes."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

import feedparser
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}:[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]+")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SAFE_TAGS = frozenset(
    (
        "a",
        "br",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h3",
        "ins",
        "li",
        "ol",
        "p",
        "span",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    )
)


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def harmless(html: str) -> None:
    """Nothing in it can run, load or navigate anywhere but by a web link."""
    parser = _Markup()
    parser.feed(html)
    for tag, attributes in parser.tags:
        assert tag in SAFE_TAGS, tag
        for name, value in attributes.items():
            assert name in {"href", "rel", "class", "scope", "lang"}, name
            if name == "href":
                web(value or "")


def web(url: str) -> None:
    assert URI.fullmatch(url), url
    parts = urlsplit(url)
    assert parts.scheme in ("http", "https"), url
    assert parts.hostname, url


def title(text: str | None) -> None:
    assert text
    assert text.strip()
    assert not re.search(r"[<>\n\r]", text), text
    assert not FORBIDDEN.search(text)
    assert len(text) <= 260


def _text(element: etree._Element, name: str) -> str:
    found = element.findall(name)
    assert len(found) == 1, f"{name}: {len(found)}"
    return found[0].text or ""


def atom(body: bytes, lang: str = "ja") -> list[str]:
    """Checks an Atom document; gives the ids of its entries."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    assert root.tag == f"{ATOM}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    assert TAG.fullmatch(_text(root, f"{ATOM}id"))
    title(_text(root, f"{ATOM}title"))
    assert RFC3339.fullmatch(_text(root, f"{ATOM}updated"))
    links = [(link.get("rel", "alternate"), link.get("href") or "") for link in root.findall(f"{ATOM}link")]
    assert sum(rel == "self" for rel, _ in links) == 1
    assert sum(rel == "alternate" for rel, _ in links) == 1
    for _, href in links:
        web(href)
    ids = []
    for entry in root.findall(f"{ATOM}entry"):
        ids.append(_text(entry, f"{ATOM}id"))
        assert TAG.fullmatch(ids[-1]), ids[-1]
        title(_text(entry, f"{ATOM}title"))
        updated, published = _text(entry, f"{ATOM}updated"), _text(entry, f"{ATOM}published")
        assert RFC3339.fullmatch(updated)
        assert RFC3339.fullmatch(published)
        assert datetime.fromisoformat(published) <= datetime.fromisoformat(updated)
        assert (entry.findtext(f"{ATOM}author/{ATOM}name") or "").strip()
        assert (entry.findtext(f"{ATOM}summary") or "").strip()
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        harmless(content.text or "")
        rels = [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
        assert rels.count("alternate") == 1
        for link in entry.findall(f"{ATOM}link"):
            web(link.get("href") or "")
        for category in entry.findall(f"{ATOM}category"):
            assert category.get("term")
            assert URI.fullmatch(category.get("scheme") or "")
    assert len(ids) == len(set(ids))
    _parsed(body)
    return ids


def rss(body: bytes, lang: str = "ja") -> list[str]:
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    assert channel is not None
    for name in ("title", "description"):
        assert _text(channel, name).strip()
    web(_text(channel, "link"))
    assert _text(channel, "language") == lang
    assert RFC822.fullmatch(_text(channel, "lastBuildDate"))
    selves = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert len(selves) == 1
    ids = []
    for item in channel.findall("item"):
        title(_text(item, "title"))
        web(_text(item, "link"))
        guid = item.find("guid")
        assert guid is not None
        assert guid.get("isPermaLink") == "false"
        ids.append(guid.text or "")
        date = _text(item, "pubDate")
        assert RFC822.fullmatch(date)
        parsedate_to_datetime(date)
        harmless(_text(item, "description"))
        harmless(_text(item, CONTENT))
        assert _text(item, "{http://purl.org/dc/elements/1.1/}creator").strip()
        assert item.find("author") is None  # would have to be an e-mail address
    assert len(ids) == len(set(ids))
    _parsed(body)
    return ids


def json_feed(body: bytes, lang: str = "ja") -> list[str]:
    feed = json.loads(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["language"] == lang
    title(feed["title"])
    for name in ("home_page_url", "feed_url"):
        web(feed[name])
    for item in feed["items"]:
        title(item["title"])
        assert item["summary"].strip()
        harmless(item["content_html"])
        web(item["url"])
        if "external_url" in item:
            web(item["external_url"])
        for name in ("date_published", "date_modified"):
            assert RFC3339.fullmatch(item[name])
        assert not FORBIDDEN.search(json.dumps(item, ensure_ascii=False).replace("\\n", ""))
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    return ids


CHECKS = {"atom": atom, "rss": rss, "json": json_feed}


def _parsed(body: bytes) -> None:
    parsed = feedparser.parse(body)
    assert parsed.bozo == 0, parsed.get("bozo_exception")
