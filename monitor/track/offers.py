"""Addresses found on an index page, offered as new sources for a person to accept or reject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urldefrag, urlsplit

from monitor.track.context import TrackContext
from spiders.listings.listing import HtmlPage
from storage.records import Capture, Link, Offer, Source
from storage.text.urls import place


def offer_links(context: TrackContext, capture: Capture) -> None:
    """Offer every outgoing link of a third party's page that no source watches yet.

    Where the declaration says so it is watched at once.
    """
    writer, index = context.writer, context.source
    known = {source.id: source for source in writer.sources()}
    watched = {place(address) for source in known.values() for address in source.start}
    for link in find_outgoing(capture, index):
        if place(link.url) in watched or writer.notices_elsewhere(index.id, link.url):
            continue
        offer = writer.add_offer(Offer(index.id, link.url, link.text, context.now))
        if index.page.watch_offers and writer.set_offer(offer.id, "confirmed"):
            source = make_source(offer, index, frozenset(known))
            writer.put_source(source)
            known[source.id] = source


def find_outgoing(capture: Capture, source: Source) -> Iterator[Link]:
    """Return the links that the source's ``offers`` selector finds and that lead to another host."""
    if not source.page.offers:
        return
    base = capture.final_url or capture.url
    page = HtmlPage(
        capture.body, base, encoding=source.page.encoding, content_type=capture.header("Content-Type")
    )
    seen = set()
    for anchor in page.select(source.page.offers):
        url = urldefrag(page.address(anchor) or base).url
        if url not in seen and urlsplit(url).netloc != urlsplit(base).netloc:
            seen.add(url)
            yield Link(" ".join(anchor.text_content().split()), url)


def make_source(offer: Offer, index: Source, taken: frozenset[str]) -> Source:
    """Return the source that an accepted offer becomes: one page, read without a declaration."""
    parts = urlsplit(offer.url)
    stem = "offer-" + (parts.hostname or "host").removeprefix("www.").replace(".", "-")
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    page = replace(index.page, include=(), exclude=(), offers=None, encoding=None, attachments=True)
    return Source(
        id=name,
        name=offer.title or parts.hostname or offer.url,
        kind="affected",
        start=(offer.url,),
        every=index.every,
        page=page,
        private=index.private,
        note=f"accepted from {index.id}",
        origin="accepted",
    )
