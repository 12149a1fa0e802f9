"""All feeds of a tree as OPML 2.0, for readers that import lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from feeds.addresses import Site
from feeds.formats import channels
from feeds.formats.channels import Channel, WatchList
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import word
from storage.records import Incident, Source


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in the list, with the page it belongs to."""

    title: str
    feed: str  # address of the Atom document
    page: str


def write_subscriptions(
    sources: Iterable[Source], incidents: Iterable[Incident], site: Site, watching: Iterable[WatchList] = ()
) -> bytes:
    """Write the list of a tree's feeds: all changes, then by watch-list, by incident and by source."""
    lang = site.lang
    by_incident = [_outline(channels.channel_of_incident(incident, lang), site) for incident in incidents]
    by_source = [_outline(channels.channel_of_source(source, lang), site) for source in sources]
    by_watch_list = [_outline(channels.channel_of_watch_list(one, lang), site) for one in watching]
    groups = [
        ("", [_outline(channels.channel_of_all(lang), site)]),
        (word(LABELS, "watch-lists", lang), by_watch_list),
        (word(LABELS, "incidents", lang), by_incident),
        (word(LABELS, "sources", lang), by_source),
    ]
    return write_opml("kohyo", groups)


def _outline(channel: Channel, site: Site) -> Outline:
    return Outline(channel.title, site.feed(channel.path).to("atom"), site.url(channel.home))


def write_opml(title: str, groups: Iterable[tuple[str, Iterable[Outline]]]) -> bytes:
    """Write groups of feeds as OPML; a group without a name stands at the top level."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    body = etree.SubElement(root, "body")
    for name, outlines in groups:
        members = list(outlines)
        if not members:
            continue
        parent = etree.SubElement(body, "outline", text=name) if name else body
        for outline in members:
            etree.SubElement(
                parent, "outline", type="rss", text=outline.title, title=outline.title,
                xmlUrl=outline.feed, htmlUrl=outline.page,
            )  # fmt: skip
    return bytes(etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True))
