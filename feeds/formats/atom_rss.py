"""Atom 1.0 and RSS 2.0 by feedgen, with what it cannot write in one extension of ours.

Everything feedgen would fill in with the present time is set, so equal changes give equal bytes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from feedgen.entry import FeedEntry as GeneratedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.addresses import EPOCH, MEDIA_TYPES, TAG, FeedAddress
from feeds.formats.entries import FeedEntry

_ATOM = "http://www.w3.org/2005/Atom"
_LINK = "link"  # in a tree of feedgen's, where Atom's namespace is a mere attribute of the root
_HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
_DUBLIN = "http://purl.org/dc/elements/1.1/"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"  # RFC 6721

# feedgen writes RFC 822 dates by switching the locale of the whole process
_LOCALE_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A notice that its publisher took down (RFC 6721), by the tag that its entries share."""

    ref: str
    when: datetime
    comment: str


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed document, before it takes a format."""

    tag: str
    title: str
    subtitle: str
    lang: str
    address: FeedAddress  # of this document
    home: str  # the page it belongs to
    entries: Sequence[FeedEntry]  # newest first
    archive: bool = False  # complete and never changed again
    links: tuple[tuple[str, FeedAddress], ...] = ()  # to the feed's other documents (RFC 5005)
    hubs: tuple[str, ...] = ()
    gone: tuple[Tombstone, ...] = ()

    @property
    def updated(self) -> datetime:
        """Give the time of the newest entry; an empty feed is as old as can be, so that builds stay equal."""
        return max((entry.updated for entry in self.entries), default=EPOCH)


class _FeedExtension(BaseExtension):  # type: ignore[misc]
    """RFC 5005 and hub links in both formats, tombstones in Atom."""

    def __init__(self) -> None:
        self.feed: Feed | None = None
        self.form = "atom"

    def extend_ns(self) -> dict[str, str]:
        spaces = {"fh": _HISTORY}
        if self.form == "rss":
            spaces["dc"] = _DUBLIN
        if self.feed and self.feed.gone and self.form == "atom":
            spaces["at"] = _TOMBSTONES
        return spaces

    def _extend(self, parent: Any, link: str) -> None:
        assert self.feed
        if self.feed.archive:
            etree.SubElement(parent, f"{{{_HISTORY}}}archive")
        for rel, address in self.feed.links:
            etree.SubElement(parent, link, rel=rel, href=address.to(self.form), type=MEDIA_TYPES[self.form])
        for hub in self.feed.hubs:
            etree.SubElement(parent, link, rel="hub", href=hub)

    def extend_atom(self, feed: Any) -> Any:
        assert self.feed
        self._extend(feed, _LINK)
        for stone in self.feed.gone:
            element = etree.SubElement(
                feed, f"{{{_TOMBSTONES}}}deleted-entry", ref=stone.ref, when=stone.when.isoformat()
            )
            etree.SubElement(element, f"{{{_TOMBSTONES}}}comment").text = stone.comment
        return feed

    def extend_rss(self, rss: Any) -> Any:
        self._extend(rss.find("channel"), f"{{{_ATOM}}}link")
        return rss


class _EntryExtension(BaseEntryExtension):  # type: ignore[misc]
    """Links of an entry, whose relations feedgen 1.0 loses in Atom, and its author.

    RSS by itself knows an author only by an e-mail address.
    """

    def __init__(self) -> None:
        self.entry: FeedEntry | None = None

    def extend_atom(self, element: Any) -> Any:
        assert self.entry
        links = (
            ("via", self.entry.original),
            ("related", self.entry.notice_url),
            ("related", self.entry.pair),
        )
        for rel, href in links:
            if href:
                etree.SubElement(element, _LINK, rel=rel, href=href)
        return element

    def extend_rss(self, element: Any) -> Any:
        assert self.entry
        etree.SubElement(element, f"{{{_DUBLIN}}}creator").text = self.entry.author
        return element


def write_atom(feed: Feed) -> bytes:
    """Write a feed as Atom 1.0."""
    return _write(feed, "atom", lambda made: made.atom_str(pretty=True), b"  <entry>", b"</feed>\n")


def write_rss(feed: Feed) -> bytes:
    """Write a feed as RSS 2.0."""
    with _LOCALE_LOCK:
        return _write(
            feed, "rss", lambda made: made.rss_str(pretty=True), b"    <item>", b"  </channel>\n</rss>\n"
        )


def _write(
    feed: Feed, form: str, serialise: Callable[[FeedGenerator], bytes], begin: bytes, end: bytes
) -> bytes:
    """Write what is about the feed, and those entries that were not written in this format before.

    ``begin`` opens an entry and ``end`` follows the last: neither can stand in a text, where < is escaped.
    """
    fresh = [entry for entry in feed.entries if form not in entry.written]
    head, *pieces = serialise(_fill_generator(feed, form, fresh)).removesuffix(end).split(begin)
    for entry, piece in zip(fresh, pieces, strict=True):
        entry.written[form] = begin + piece
    return b"".join((head, *(entry.written[form] for entry in feed.entries), end))


def _fill_generator(feed: Feed, form: str, entries: Iterable[FeedEntry]) -> FeedGenerator:
    generator = FeedGenerator()
    generator.register_extension("history", _FeedExtension, _EntryExtension)
    generator.history.feed = feed
    generator.history.form = form
    generator.id(feed.tag)
    generator.title(feed.title)
    generator.subtitle(feed.subtitle)
    generator.description(feed.subtitle)
    generator.language(feed.lang)
    generator.updated(feed.updated)
    generator.lastBuildDate(feed.updated)
    generator.author(name="kohyo")
    generator.generator("kohyo")
    generator.docs("https://www.rssboard.org/rss-specification")
    generator.link(href=feed.address.to(form), rel="self", type=MEDIA_TYPES[form])
    generator.link(href=feed.home, rel="alternate", type="text/html")  # last: RSS takes it as <link>
    for entry in entries:
        _add_entry(generator, entry)
    return generator


def _add_entry(generator: FeedGenerator, entry: FeedEntry) -> None:
    item: GeneratedEntry = generator.add_entry(order="append")
    item.history.entry = entry
    item.id(entry.tag)
    item.title(entry.title)
    item.updated(entry.updated)
    item.published(entry.published)
    item.author(name=entry.author)
    # A reader takes the description of RSS as HTML, whatever it was meant to be; set first, or
    # feedgen puts the plain summary there.
    item.description("<br>".join(escape(line) for line in entry.summary.splitlines()))
    item.summary(entry.summary, type="text")
    item.content(entry.html, type="html")
    item.link(href=entry.url, rel="alternate")
    item.category(
        [
            {"term": one.term, "label": one.label, "scheme": f"{TAG}category/{one.scheme}"}
            for one in entry.categories
        ]
    )
