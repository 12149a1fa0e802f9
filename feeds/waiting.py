"""What waits for a person: addresses offered as sources, suggested links to incidents."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.clean import one_line
from feeds.entries import Names
from storage.archive import Reader
from storage.records import IncidentLink, Notice, Offer


@dataclass(frozen=True, slots=True)
class Suggested:
    """A notice that may belong to an incident, and why."""

    notice: Notice
    title: str
    slug: str
    name: str
    link: IncidentLink


@dataclass(frozen=True, slots=True)
class Waiting:
    offers: list[Offer]
    links: list[Suggested]


def waiting(reader: Reader, names: Names, source: str | None = None) -> Waiting:
    """All of it, or what came from one source."""
    offers = [offer for offer in reader.offers("suggested") if source in (None, offer.source)]
    links = []
    for slug, name in names.incidents.items():
        for link in reader.incident_links(slug):
            notice = reader.notice(link.notice) if link.status == "suggested" else None
            if notice is not None and source in (None, notice.source):
                title = one_line(notice.title) or one_line(notice.url)
                links.append(Suggested(notice, title, slug, one_line(name) or slug, link))
    return Waiting(offers, links)
