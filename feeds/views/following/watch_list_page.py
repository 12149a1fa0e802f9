"""The page of a watch-list: what it holds, and the changes that pass it, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.formats.channels import WatchList
from feeds.formats.entries import Names
from feeds.views.change_lines import build_lines, group_by_day
from feeds.views.render import Context
from feeds.wording.sanitise import one_line
from feeds.wording.words import say_condition
from storage.archive import Reader
from storage.query import Query
from storage.records import Change
from storage.text.body_names import name_key
from storage.topics.keys.organisations import is_body


@dataclass(frozen=True, slots=True)
class WatchedBody:
    """An organisation or place of a watch-list; ``page`` is empty where no notice speaks of it yet."""

    name: str
    page: str


def build_watch_list_page(
    reader: Reader,
    watched: WatchList,
    changes: Sequence[Change],
    names: Names,
    site: Site,
    *,
    older: str | None = None,
) -> Context:
    """Build the page of a watch-list with these changes; ``older`` is the address of the next page."""
    title = one_line(watched.title)
    return {
        "title": title,
        "bodies": _find_bodies(reader, watched.organisations),
        "places": _find_bodies(reader, watched.places),
        "words": [one_line(said) for said in watched.words],
        "filters": list(_say_filters(watched.query, names, site.lang)),
        "days": group_by_day(build_lines(reader, changes, names, site), site.lang),
        "older": older,
        "feed": FeedAddress(addresses.watch_list_feed(watched.name)),
        "feeds": [(title, FeedAddress(addresses.watch_list_feed(watched.name)))],
    }


def _find_bodies(reader: Reader, given: Sequence[str]) -> list[WatchedBody]:
    """Find the pages of bodies by their names: in a published tree of those that stand there."""
    known_as = reader.names_of_bodies(map(name_key, given))
    standing = reader.standing_bodies({keys[0]: keys for keys in known_as.values()})
    found = []
    for name in given:
        root = known_as[name_key(name)][0]
        page = addresses.organisation_page(root) if root in standing and is_body(root) else ""
        found.append(WatchedBody(one_line(name), page))
    return found


def _say_filters(query: Query, names: Names, lang: str) -> list[tuple[str, str]]:
    """Say what a list is restricted to, by the names that conditions have in addresses."""
    said = [("source", names.source(id)) for id in query.sources]
    conditions: list[tuple[str, str]] = [("publisher", kind) for kind in query.source_kinds]
    conditions += [("kind", kind) for kind in query.kinds] + [("reason", reason) for reason in query.reasons]
    if query.stated_over is not None:
        conditions.append(("stated_over", f"{query.stated_over:,}"))
    conditions += [
        (name, value) for name, value in (("provision", query.provision), ("step", query.step)) if value
    ]
    if query.material is not True:
        conditions.append(("material", "any" if query.material is None else "false"))
    return said + [(name, say_condition(name, value, lang)) for name, value in conditions]
