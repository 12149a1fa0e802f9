"""Where a site may keep a list of its news: what its page announces, links, and what sites like it have.

The usual paths are those of the systems that publish most pages of municipalities. They are asked only
where nothing was announced or linked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from spiders.listings.listing import HtmlPage
from storage.text.japanese import fold_width
from storage.text.urls import place

Way = Literal["named", "announced", "linked feed", "linked list", "usual path"]

MAX_FEEDS, MAX_LISTS = 5, 4
"""Leads of one page that are followed; a portal links dozens of feeds by subject."""
LABEL_CHARS = 60

USUAL_PATHS = (
    "/shinchaku/shinchaku.xml",
    "/rss/10/list1.xml",
    "/news.rss",
    "/rss_news.xml",
    "/shinchaku.xml",
    "/oshirase.xml",
    "/cgi-bin/feed.php?siteNew=1",
    "/index.update.json",
    "/feed",
    "/index.rdf",
)

_FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|text/xml|application/xml", re.I)
_FEED_PATH = re.compile(
    r"\.(?:rss|rdf|atom)$|/(?:rss|feed|atom)/?$|"
    r"(?:rss|shinchaku|release|houdou|hodo|press|news|oshirase|kisha)[\w-]*\.xml$",
    re.I,
)
_LIST_LABELS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?:報道|記者)(?:発表|資料|提供)|プレス\s?リリース|press\s?release",
        r"新着(?:情報)?(?:一覧)?|更新情報|ニュース\s?リリース|news\s?release",
        r"(?:お知らせ|ニュース|news|トピックス)(?:の?一覧|\s?list)|一覧(?:へ|を見る)",
        r"^(?:お知らせ|ニュース|news|新着|トピックス|topics)$",
        r"^RSS",
    )
)
"""What links to a list of news say, the surest first."""


@dataclass(frozen=True, slots=True)
class Lead:
    """An address that may hold a list, and how it was found."""

    url: str
    way: Way


def find_feeds(page: HtmlPage) -> tuple[Lead, ...]:
    """Find the feeds that a page announces in its head, then those that it links."""
    return _once(_find_announced(page), page)[:MAX_FEEDS] or _once(_find_linked(page), page)[:MAX_FEEDS]


def find_lists(page: HtmlPage) -> tuple[Lead, ...]:
    """Find the links of a page to lists of news on the same site, the surest first."""
    ranked = sorted(_list_links(page), key=lambda found: found[0])
    return _once((Lead(url, "linked list") for _, url in ranked), page)[:MAX_LISTS]


def list_usual_leads(url: str) -> tuple[Lead, ...]:
    """Name the addresses at which sites of Japanese bodies usually keep a feed."""
    return tuple(Lead(urljoin(url, path), "usual path") for path in USUAL_PATHS)


def _find_announced(page: HtmlPage) -> Iterator[Lead]:
    for link in page.select("link[rel][href][type]"):
        kind = link.get("type").strip()
        if "alternate" in link.get("rel").lower().split() and _FEED_TYPES.match(kind):
            address = page.address(link)
            if address:
                yield Lead(address, "announced")


def _find_linked(page: HtmlPage) -> Iterator[Lead]:
    for link in page.select("a[href]"):
        address = page.address(link)
        if address and _is_near(address, page) and _FEED_PATH.search(urlsplit(address).path):
            yield Lead(address, "linked feed")


def _list_links(page: HtmlPage) -> Iterator[tuple[int, str]]:
    for link in page.select("a[href]"):
        address = page.address(link)
        if not address or not _is_near(address, page):
            continue
        label = _label(link)
        for rank, pattern in enumerate(_LIST_LABELS):
            if label and pattern.search(label):
                yield rank, address
                break


def _label(link: Any) -> str:
    images = " ".join(image.get("alt") or "" for image in link.iter("img"))
    label = " ".join(fold_width(f"{link.text_content()} {images}").split())
    return label if len(label) <= LABEL_CHARS else ""


def _is_near(address: str, page: HtmlPage) -> bool:
    return urlsplit(address).hostname == urlsplit(page.base).hostname


def _once(leads: Iterator[Lead], page: HtmlPage) -> tuple[Lead, ...]:
    found: dict[str, Lead] = {}
    for lead in leads:
        if place(lead.url) != place(page.base):
            found.setdefault(place(lead.url), lead)
    return tuple(found.values())
