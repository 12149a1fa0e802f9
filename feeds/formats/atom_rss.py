"""Atom 1.0 and RSS 2.0 by feedgen, with what it cannot write in one extension of ours.

Everything feedgen would fill in with the present time is set, so equal changes give equal bytes.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from typing import Any

from feedgen.entry import FeedEntry as GeneratedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.addresses import EPOCH, MEDIA_TYPES, TAG, FeedAddress
from feeds.formats.entries import Category, FeedEntry

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
    return _write(feed, "atom")


def write_rss(feed: Feed) -> bytes:
    """Write a feed as RSS 2.0."""
    return _write(feed, "rss")


def _write(feed: Feed, form: str) -> bytes:
    """Write what is about the feed, and those entries that were not written in this format before."""
    for entry in feed.entries:
        if form not in entry.written:
            entry.written[form] = _write_entry(entry, form)
    head, end = _generate(feed, form, ()), _ENDS[form]
    return b"".join((head.removesuffix(end), *(entry.written[form] for entry in feed.entries), end))


_ENDS = {"atom": b"</feed>\n", "rss": b"  </channel>\n</rss>\n"}
_BEGINS = {"atom": b"  <entry>", "rss": b"    <item>"}
"""What opens an entry, and what follows the last: neither can stand in a text, where < is escaped."""


def _generate(feed: Feed, form: str, entries: Iterable[FeedEntry]) -> bytes:
    made = _fill_generator(feed, form, entries)
    if form == "atom":
        return made.atom_str(pretty=True)  # type: ignore[no-any-return]
    with _LOCALE_LOCK:
        return made.rss_str(pretty=True)  # type: ignore[no-any-return]


# --- entries ---------------------------------------------------------------------------------
#
# feedgen writes an entry element by element, which takes five times as long as all else about it. So it
# writes one of each outline, with numbers in place of the texts, and all others are made by putting their
# texts there.

_BARE_FEED = Feed("-", "-", "-", "ja", FeedAddress("-"), "-", ())
_TEXTS = ("tag", "title", "author", "html", "url", "summary", "original", "notice_url", "pair")
_MOMENTS = ("updated", "published")
_PLACE = re.compile('([>"/])\ue000([0-9]+)\ue000')
_STAND_INS = tuple(datetime(1970 + year, 1, 2, 3, 4, 5, tzinfo=UTC) for year in range(len(_MOMENTS)))
_UNFIT = bytes({*range(32)} - {*b"\t\n\r"}), ("\ufffe", "\uffff")
"""What XML cannot hold: lxml, which says so, does not see what is put in."""
_ESCAPED = re.compile('[&<>"\t\n\r]')

Outline = tuple[str, tuple[tuple[int, bool], ...]]
"""Mark-up with places for texts, and of each place the number of the text, and whether it is an attribute."""


def _write_entry(entry: FeedEntry, form: str) -> bytes:
    texts = _texts_of(entry, form)
    markup, places = _outline_of(form, tuple(map(bool, texts)))
    said = [(texts[number], quoted) for number, quoted in places]
    search = _ESCAPED.search
    filled = markup % tuple([_escape(one, quoted) if search(one) else one for one, quoted in said])
    try:
        made = b"\0" if any(one in filled for one in _UNFIT[1]) else filled.encode()
    except UnicodeEncodeError:
        made = b"\0"
    return made if len(made.translate(None, _UNFIT[0])) == len(made) else _generate_entry(entry, form)


def _texts_of(entry: FeedEntry, form: str) -> list[str]:
    texts = [getattr(entry, name) or "" for name in _TEXTS]
    moments = [getattr(entry, name) for name in _MOMENTS]
    if form == "rss":
        texts[_TEXTS.index("summary")] = _describe(entry)
    texts += [one.isoformat() if form == "atom" else format_datetime(one) for one in moments]
    for one in entry.categories:
        texts += (one.scheme, one.term, one.label)
    return texts


@lru_cache(1_000)
def _outline_of(form: str, told: tuple[bool, ...]) -> Outline:
    """Have feedgen write an entry that has the texts that are ``told``, in the order of ``_texts_of``."""
    places = [f"\ue000{number}\ue000" if is_told else "" for number, is_told in enumerate(told)]
    texts: dict[str, Any] = dict(zip(_TEXTS, places, strict=False))
    texts |= zip(_MOMENTS, _STAND_INS, strict=True)
    told_of = iter(places[len(_TEXTS) + len(_MOMENTS) :])
    categories = tuple(Category(*one) for one in zip(told_of, told_of, told_of, strict=True))
    bare = FeedEntry(notice="", kind="", categories=categories, **texts)
    written = _generate_entry(bare, form).decode()
    for number, moment in enumerate(_STAND_INS, len(_TEXTS)):
        for said in (moment.isoformat(), format_datetime(moment)):
            written = written.replace(said, places[number])
    found = tuple((int(one[2]), one[1] != ">") for one in _PLACE.finditer(written))
    return _PLACE.sub(r"\1%s", written.replace("%", "%%")), found


def _generate_entry(entry: FeedEntry, form: str) -> bytes:
    written = _generate(_BARE_FEED, form, (entry,))
    return written[written.index(_BEGINS[form]) :].removesuffix(_ENDS[form])


def _escape(text: str, quoted: bool) -> str:
    """Escape a text as lxml does."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    if quoted:
        text = text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return text


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
    item.description(_describe(entry))  # set first, or feedgen puts the plain summary there
    item.summary(entry.summary, type="text")
    item.content(entry.html, type="html")
    item.link(href=entry.url, rel="alternate")
    item.category(
        [
            {"term": one.term, "label": one.label, "scheme": f"{TAG}category/{one.scheme}"}
            for one in entry.categories
        ]
    )


def _describe(entry: FeedEntry) -> str:
    """Make the description of RSS: a reader takes it as HTML, whatever it was meant to be."""
    return "<br>".join(escape(line) for line in entry.summary.splitlines())
