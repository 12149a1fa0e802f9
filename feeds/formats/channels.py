"""Which feeds there are, and their documents: the newest entries and the way back to the first.

A feed holds material changes; what only differs in notation is nobody's news. The published tree
cuts a feed's past into numbered archives of equal length, which never change once they are full
(RFC 5005). The web application, which can ask, names the change to go on behind instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from urllib.parse import parse_qsl, urlencode

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.formats.atom_rss import Feed, Tombstone, write_atom, write_rss
from feeds.formats.entries import MAX_ENTRIES, Names, make_entries, name_incident
from feeds.formats.json_feed import write_json_feed
from feeds.wording.conditions import FORMER_NAMES
from feeds.wording.sanitise import one_line
from feeds.wording.tables.feed_words import FEEDS
from feeds.wording.words import phrase, word
from storage.archive import Reader
from storage.query import Query
from storage.records import Change, Incident, Source

WRITERS = {"atom": write_atom, "rss": write_rss, "json": write_json_feed}


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed by what it selects. ``path`` is its address without extension."""

    path: str
    title: str
    subtitle: str
    home: str
    query: Query
    parameters: str = ""  # of a feed by query: what follows the question mark


@dataclass(frozen=True, slots=True)
class WatchList:
    """What somebody cares about: a filter with a name, and what it was made of, as it was written."""

    name: str
    title: str
    query: Query
    organisations: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def channel_of_all(lang: str) -> Channel:
    """Make the channel of all material changes."""
    title, about = word(FEEDS, "all", lang), word(FEEDS, "all-about", lang)
    return Channel(addresses.ALL, title, about, addresses.HOME, Query(material=True))


def channel_of_source(source: Source, lang: str) -> Channel:
    """Make the channel of a source."""
    name = one_line((source.name_en if lang == "en" else "") or source.name) or source.id
    return Channel(
        addresses.source_feed(source.id),
        f"kohyo: {name}",
        phrase(FEEDS, "source-about", lang, name),
        addresses.source_page(source.id),
        Query(sources=(source.id,), material=True),
    )


def channel_of_incident(incident: Incident, lang: str, slug: str = "") -> Channel:
    """Make the channel of an incident; at the address of ``slug`` if that was merged into it."""
    name = name_incident(incident, lang)
    return Channel(
        addresses.incident_feed(slug or incident.slug),
        f"kohyo: {name}",
        phrase(FEEDS, "incident-about", lang, name),
        addresses.incident_page(incident.slug),
        Query(incident=incident.slug, material=True),
    )


def channel_of_organisation(key: str, name: str, lang: str) -> Channel:
    """Make the channel of a body, by the key of its name; ``name`` is how people know it."""
    return Channel(
        addresses.organisation_feed(key),
        f"kohyo: {name}",
        phrase(FEEDS, "organisation-about", lang, name),
        addresses.organisation_page(key),
        Query(bodies=(key,), material=True),
    )


def channel_of_watch_list(watched: WatchList, lang: str) -> Channel:
    """Make the channel of a watch-list."""
    title = one_line(watched.title)
    return Channel(
        addresses.watch_list_feed(watched.name),
        f"kohyo: {title}",
        phrase(FEEDS, "watch-list-about", lang, title),
        addresses.watch_list_page(watched.name),
        watched.query,
    )


def read_newest(reader: Reader, channel: Channel, limit: int = MAX_ENTRIES) -> list[Change]:
    """Read the newest changes of a channel, newest first, at most ``limit``."""
    return reader.changes(replace(channel.query, limit=limit, newest_first=True))


def read_full_archives(
    reader: Reader, channel: Channel, after: int | None = None, limit: int = MAX_ENTRIES
) -> Iterator[list[Change]]:
    """Read a channel's past in pieces of ``limit`` changes, oldest first, from behind change ``after``.

    Changes that do not fill a piece yet are left out: the newest document has them.
    """
    while True:
        piece = reader.changes(replace(channel.query, limit=limit, after=after, newest_first=False))
        if len(piece) < limit:
            return
        yield piece
        after = piece[-1].id


def build_newest_document(
    channel: Channel, changes: Sequence[Change], names: Names, site: Site, *, archives: int = 0
) -> Feed:
    """Build the newest document of a published feed, with ``archives`` full ones behind it."""
    links = (("prev-archive", _archive_address(site, channel, archives)),) if archives else ()
    return _build_feed(channel, changes, names, site, site.feed(channel.path), links)


def build_archive_document(
    channel: Channel, number: int, changes: Sequence[Change], names: Names, site: Site
) -> Feed:
    """Build archive ``number``, counted from the oldest; ``changes`` are in order of time."""
    links = [("current", site.feed(channel.path))]
    if number > 1:
        links.append(("prev-archive", _archive_address(site, channel, number - 1)))
    address = _archive_address(site, channel, number)
    feed = _build_feed(channel, list(reversed(changes)), names, site, address, tuple(links))
    return replace(feed, archive=True)


def build_live_document(
    reader: Reader, channel: Channel, before: int | None, names: Names, site: Site, limit: int = MAX_ENTRIES
) -> Feed:
    """Build a document as the web application gives it: the newest entries, or those before a change.

    The latter never change, so they are archives whose address says where they begin.
    """
    query = replace(channel.query, limit=limit + 1, after=before, newest_first=True)
    found = reader.changes(query)
    links: list[tuple[str, FeedAddress]] = []
    if before is not None:
        links.append(("current", _live_address(site, channel)))
    if len(found) > limit:
        older = _live_address(site, channel, found[limit - 1].id)
        links += [("prev-archive", older), ("next", older)]
    feed = _build_feed(
        channel, found[:limit], names, site, _live_address(site, channel, before), tuple(links)
    )
    return replace(feed, archive=before is not None)


def _live_address(site: Site, channel: Channel, before: int | None = None) -> FeedAddress:
    going_on = f"before={before}" if before is not None else ""
    return site.feed(channel.path, "&".join(part for part in (channel.parameters, going_on) if part))


def channel_by_query(query: Query, parameters: str, words: str, lang: str) -> Channel:
    """Make the channel of any query; ``words`` describe it to people."""
    what = words or word(FEEDS, "all-changes", lang)
    return Channel(
        addresses.SEARCH_FEED,
        f"kohyo: {what}",
        phrase(FEEDS, "query-about", lang, what),
        addresses.SEARCH + (f"?{parameters}" if parameters else ""),
        query,
        parameters,
    )


def _tombstones(changes: Sequence[Change]) -> Iterator[Tombstone]:
    """List the notices that stand withdrawn by what the document holds. Their entries stay as the record."""
    settled: set[int] = set()
    for change in sorted(changes, key=lambda change: (change.detected_at, change.id), reverse=True):
        if change.kind == "withdrawn" and change.notice not in settled:
            when = change.detected_at.astimezone(UTC)
            yield Tombstone(addresses.notice_tag(change), when, one_line(change.title))
        settled.add(change.notice)


def _archive_address(site: Site, channel: Channel, number: int) -> FeedAddress:
    return site.feed(addresses.archive_feed(channel.path, number))


def _first_spelling(parameters: str) -> str:
    """Spell parameters by the names they first had: identifiers of feeds stay."""
    pairs = [(FORMER_NAMES.get(name, name), value) for name, value in parse_qsl(parameters)]
    return urlencode(sorted(pairs))


def _build_feed(
    channel: Channel,
    changes: Sequence[Change],
    names: Names,
    site: Site,
    address: FeedAddress,
    links: tuple[tuple[str, FeedAddress], ...],
) -> Feed:
    return Feed(
        tag=addresses.feed_tag("?".join(filter(None, (channel.path, _first_spelling(channel.parameters))))),
        title=channel.title,
        subtitle=channel.subtitle,
        lang=site.lang,
        address=address,
        home=site.url(channel.home),
        entries=make_entries(changes, names, site),
        links=links,
        hubs=(site.hub,) if site.hub else (),
        gone=tuple(_tombstones(changes)),
    )
