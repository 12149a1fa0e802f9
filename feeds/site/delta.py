"""What came since the last publication, and so which files it touches.

An ordinary crawl adds at the end: its changes are later than what was published. Whatever alters the
past (an import of old captures, a redaction, a link confirmed after the fact, a source renamed, a new
version of this program) is answered by rendering everything again; only bytes that differ are written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from feeds.addresses import Site
from storage.archive import Reader
from storage.query import Coverage, Query
from storage.records import Change
from storage.text.body_names import name_key

if TYPE_CHECKING:
    from feeds.formats.channels import WatchList

OVERLAP = timedelta(hours=1)
"""A page that was being written while the last publication read may bear an earlier time than what
was published then."""


@dataclass(slots=True)
class Delta:
    """What differs from the last publication.

    ``whole`` means that everything is rendered; otherwise only what is named here, and what is one
    file anyway.
    """

    whole: bool
    changes: list[Change] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)
    incidents: set[str] = field(default_factory=set)
    notices: set[int] = field(default_factory=set)
    rewatched: set[str] = field(default_factory=set)  # watch-lists that hold something else than before
    bodies: set[str] = field(default_factory=set)
    thinner: set[str] = field(default_factory=set)  # bodies of which fewer notices speak than before


def find_delta(reader: Reader, before: dict[str, Any], now: dict[str, Any]) -> Delta:
    """Compare what was gathered with what is now, and name what must be rendered."""
    if any(before.get(name) != now[name] for name in ("stamp", "altered", "redactions", "removed")):
        return Delta(whole=True)
    if any(_lost_or_renamed(before[name], now[name]) for name in ("sources", "incidents")):
        return Delta(whole=True)  # their names stand in every entry
    found = Delta(whole=False, changes=_new_changes(reader, before))
    found.notices = {change.notice for change in found.changes}
    linked = _changed_links(before["links"], now["links"])
    if any(reader.changes_of_notice(notice) for notice in set().union(*linked.values()) - found.notices):
        return Delta(whole=True)  # their entries, told before, name their incidents
    found.notices |= set().union(*linked.values())
    if now["heard"] != before["heard"]:
        found.notices |= set(before["naming"])  # of whom they name, one may have published now
    found.sources = {change.source for change in found.changes}
    found.sources |= {id for id, seen in now["coverage"].items() if before["coverage"].get(id) != seen}
    found.incidents = {slug for slug, notices in linked.items() if notices}
    found.incidents |= {slug for change in found.changes for slug in change.incidents}
    found.incidents |= now["incidents"].keys() - before["incidents"].keys()
    if now["lists"] != before["lists"]:
        found.incidents |= set(before["seeking"])  # a row may have come that names one of their bodies
    found.rewatched = {name for name, of in now["watching"].items() if before["watching"].get(name) != of}
    fewer = (key for key, counts in before["bodies"].items() if sum(counts) > sum(now["bodies"].get(key, ())))
    found.thinner = set(fewer)
    found.bodies = _changed_bodies(reader, found, before["bodies"], now["bodies"])
    return found


def _changed_bodies(
    reader: Reader, found: Delta, before: dict[str, list[int]], now: dict[str, list[int]]
) -> set[str]:
    """Name the bodies of which other notices speak than before, or the same ones otherwise.

    Among them those that are none any more, and those that a changed incident names.
    """
    changed = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
    changed |= reader.bodies_of_notices(found.notices)
    named = {
        name_key(name)
        for slug in found.incidents
        if (incident := reader.incident(slug)) is not None
        for name in (*incident.respondents, *incident.aliases, *(entry.name for entry in incident.roster))
    }
    changed |= {known_as[0] for known_as in reader.names_of_bodies(named).values()}
    return changed & (before.keys() | now.keys())


def gather_marks(
    reader: Reader, site: Site, limit: int, watching: Iterable[WatchList] = ()
) -> dict[str, Any]:
    """Gather what stands as long as nothing was written and nothing is asked for otherwise.

    The mark alone does not say of which archive it is: another one may stand in the place of it.
    """
    mark, newest = reader.mark(), reader.chain_head()
    return {
        "stamp": _digest(site.base_url, site.lang, site.hub, site.contact, str(limit), _program()),
        "watching": {one.name: _digest(repr(one)) for one in watching},
        "mark": [mark.told, mark.checked, newest.hash if newest else ""],
    }


def gather_state(reader: Reader, coverage: Iterable[Coverage]) -> dict[str, Any]:
    """Gather everything that a later publication compares with: small, and cheap to gather."""
    incidents = reader.incidents()
    newest = reader.brief_changes(Query(limit=_PAGE_ROWS))
    return {
        "altered": reader.last_run_that_altered_the_past(),
        "redactions": len(reader.redactions()),
        "sources": {source.id: _digest(repr(source)) for source in reader.sources()},
        "lists": _digest(*(f"{page.id} {page.version}" for page in reader.pages(None, "listing"))),
        "heard": sorted(reader.sources_with_notices()),
        "coverage": {one.source: f"{one.notices} {one.last_new_item}" for one in coverage},
        "incidents": {incident.slug: _digest(repr(incident)) for incident in incidents},
        "removed": {incident.slug: incident.merged_into for incident in reader.removed_incidents()},
        "links": {
            incident.slug: {str(link.notice): link.status for link in reader.incident_links(incident.slug)}
            for incident in incidents
        },
        "bodies": {body.key: [body.own, body.party, body.named] for body in reader.bodies()},
        "until": newest[0].detected_at.isoformat() if newest else None,
        "change": max((change.id for change in newest), default=0),
    }


_PAGE_ROWS = 200


def _new_changes(reader: Reader, before: dict[str, Any]) -> list[Change]:
    """Read changes from the newest back to the first page of them on which nothing is new."""
    until = before["until"]
    since = datetime.fromisoformat(until) - OVERLAP if until else None
    fresh: list[Change] = []
    after: int | None = None
    while True:
        page = reader.brief_changes(Query(since=since, limit=_PAGE_ROWS, after=after))
        new = [change for change in page if change.id > before["change"]]
        fresh += new
        if not new or len(page) < _PAGE_ROWS:
            return fresh
        after = page[-1].id


def _lost_or_renamed(before: dict[str, str], now: dict[str, str]) -> bool:
    return any(now.get(id) != digest for id, digest in before.items())


def _changed_links(before: dict[str, Any], now: dict[str, Any]) -> dict[str, set[int]]:
    """Find the notices of each incident whose link was added, removed or decided."""
    return {
        slug: {int(notice) for notice, _ in links.items() ^ before.get(slug, {}).items()}
        for slug, links in now.items()
    }


def _program() -> str:
    """Digest this package's files: new templates give new pages."""
    return _digest(*(file.read_text("utf-8") for file in _files(files("feeds"))))


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry)
        elif entry.name.endswith((".py", ".j2", ".css", ".svg")):
            yield entry


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()
