"""List what people decide: addresses offered as sources, links of notices to incidents.

Most of it waits for a decision; of a notice's links, those already decided are listed too.
"""

from __future__ import annotations

from dataclasses import dataclass

from feeds.formats.entries import Names
from feeds.wording.sanitise import one_line
from storage.archive import Reader
from storage.records import IncidentLink, Notice, Offer


@dataclass(frozen=True, slots=True)
class NamedOffer:
    """An offered address with the name of the source that offers it."""

    offer: Offer
    source: str  # whose page offers the address


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A notice that may belong to an incident, and why."""

    notice: Notice
    title: str
    source: str
    slug: str
    name: str  # of the incident
    link: IncidentLink


@dataclass(frozen=True, slots=True)
class PendingDecisions:
    """Offers and links that wait for a decision."""

    offers: list[NamedOffer]
    links: list[NamedLink]


def find_pending(reader: Reader, names: Names, source: str | None = None) -> PendingDecisions:
    """Find everything that waits for a decision, or what came from one source."""
    offers = [
        name_offer(offer, names) for offer in reader.offers("suggested") if source in (None, offer.source)
    ]
    links = []
    for slug in names.incidents:
        for link in reader.incident_links(slug):
            notice = reader.notice(link.notice) if link.status == "suggested" else None
            if notice is not None and source in (None, notice.source):
                links.append(name_link(notice, slug, link, names))
    return PendingDecisions(offers, links)


def name_offer(offer: Offer, names: Names) -> NamedOffer:
    """Add the name of its source to an offer."""
    return NamedOffer(offer, names.source(offer.source))


def find_links(reader: Reader, notice: Notice, names: Names) -> list[NamedLink]:
    """Find the links of a notice, of every status."""
    slugs = {incident.id: incident.slug for incident in reader.incidents()}
    return [
        name_link(notice, slugs[link.incident], link, names) for link in reader.links_of_notice(notice.id)
    ]


def name_link(notice: Notice, slug: str, link: IncidentLink, names: Names) -> NamedLink:
    """Add the names of notice, source and incident to a link."""
    title = one_line(notice.title) or one_line(notice.url)
    return NamedLink(
        notice,
        title,
        names.source(notice.source),
        slug,
        one_line(names.incidents.get(slug, slug)) or slug,
        link,
    )
