"""The operator's pages of incidents: what is suggested, and one with its links and its trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feeds.formats.entries import Names
from feeds.views.deciding.incident_fields import write_fields
from feeds.views.deciding.pending import NamedLink, name_link
from feeds.views.render import Context
from feeds.wording.sanitise import one_line
from storage.archive import Reader
from storage.records import BELONGING, Incident, IncidentLink, IncidentStep, Notice

MAX_LINKS = 100
"""Links of an incident that a page lists; of more, notices are named by their numbers."""
MAX_STEPS = 30
MAX_SHOWN = 8
"""Notices of a suggested incident that are listed."""


@dataclass(frozen=True, slots=True)
class NamedNotice:
    """A notice as it is listed."""

    notice: Notice
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """A suggested incident: the evidence, as a link that holds it, the first notices, the numbers of all."""

    score: float
    link: IncidentLink
    notices: list[NamedNotice]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A step of the trace; ``undoable``: it is the last that stands."""

    step: IncidentStep
    undoable: bool


def show_suggestion(
    reader: Reader, notices: Sequence[int], evidence: Sequence[str], score: float, names: Names
) -> ShownSuggestion:
    """Show notices that may be of one incident."""
    found = list_notices(reader, notices[:MAX_SHOWN], names)
    return ShownSuggestion(score, IncidentLink(0, 0, "suggested", tuple(evidence)), found, tuple(notices))


def list_notices(reader: Reader, numbers: Sequence[int], names: Names) -> list[NamedNotice]:
    """List notices with their titles and publishers."""
    found = (reader.notice(number) for number in numbers)
    return [
        NamedNotice(one, one_line(one.title) or one_line(one.url), names.source(one.source))
        for one in found
        if one is not None
    ]


def build_kept_page(reader: Reader, incident: Incident, names: Names) -> Context:
    """Build the page on which an incident is edited, linked, merged, split, closed, removed."""
    links = reader.incident_links(incident.slug)
    steps = reader.incident_steps(incident.slug, MAX_STEPS)
    last = next((step.operation for step in steps if step.undone_at is None), 0)
    others = [one for one in reader.incidents() if one.slug != incident.slug]
    return {
        "incident": incident,
        "name": one_line(incident.name) or incident.slug,
        "fields": write_fields(incident),
        "seen": last,
        "belonging": _named(reader, [link for link in links if link.status in BELONGING], incident, names),
        "suggested": _named(reader, [link for link in links if link.status == "suggested"], incident, names),
        "more": max(0, sum(link.status in BELONGING for link in links) - MAX_LINKS),
        "others": [(one.slug, one_line(one.name) or one.slug) for one in others],
        "steps": [TraceLine(step, step.operation == last) for step in steps],
    }


def _named(
    reader: Reader, links: Sequence[IncidentLink], incident: Incident, names: Names
) -> list[NamedLink]:
    found = ((reader.notice(link.notice), link) for link in links[:MAX_LINKS])
    return [name_link(notice, incident.slug, link, names) for notice, link in found if notice is not None]
