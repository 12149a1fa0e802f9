"""An incident as a page: who said what and when, joined from what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.clean import one_line
from feeds.entries import Names, title
from feeds.timeline import Point, timeline
from feeds.views import NOTICES, Context, lines
from feeds.words import body, say, say_date, say_time
from storage.archive import Reader
from storage.query import Query
from storage.records import Change, Fact, Incident, IncidentLink, Notice, RosterEntry


@dataclass(frozen=True, slots=True)
class Linked:
    notice: Notice
    title: str
    source: str
    link: IncidentLink


@dataclass(frozen=True, slots=True)
class Count:
    """A count as it was stated before and after a change. Never added to another."""

    when: datetime
    source: str
    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Measures:
    """What an authority did in one notice, by its own words."""

    notice: int
    title: str
    source: str
    actions: str
    provisions: str
    deadlines: str


@dataclass(frozen=True, slots=True)
class Member:
    """One body of the roster beside what is on record of it."""

    entry: RosterEntry
    kind: str
    disclosed: str
    took: str
    notices: list[Notice]


def incident(reader: Reader, incident: Incident, names: Names, site: Site) -> Context:
    linked = _linked(reader, incident, names)
    belonging = [row.notice for row in linked if row.link.status in ("declared", "confirmed")]
    changes = reader.changes(Query(incident=incident.slug, material=True))
    name = one_line(incident.name) or incident.slug
    return {
        "incident": incident,
        "name": name,
        "timeline": timeline(_points(changes, names, site), name),
        "counts": list(_counts(changes, names, site.lang)),
        "measures": list(_measures(reader, belonging, names, site.lang)),
        "roster": list(_roster(incident.roster, belonging, site.lang)),
        "notices": linked,
        "rows": lines(changes[:NOTICES], names, site),
        "feeds": [(name, FeedAddress(addresses.incident_feed(incident.slug)))],
    }


def _linked(reader: Reader, incident: Incident, names: Names) -> list[Linked]:
    """Every link that was not rejected, suggestions marked as such by their status."""
    rows = []
    for link in reader.incident_links(incident.slug):
        notice = reader.notice(link.notice)
        if notice is not None and link.status != "rejected":
            heading = one_line(notice.title) or one_line(notice.url)
            rows.append(Linked(notice, heading, names.source(notice.source), link))
    return sorted(rows, key=lambda row: (_day(row.notice), row.notice.id))


def _day(notice: Notice) -> date:
    return notice.published or notice.first_seen.date()


def _points(changes: Sequence[Change], names: Names, site: Site) -> list[Point]:
    up = "../"  # incident pages stand one folder below the root
    return [
        Point(
            lane=names.source(change.source),
            when=change.detected_at,
            kind=change.kind,
            label=next((fact.new for fact in change.facts if fact.field == "count" and fact.new), ""),
            title=f"{say_time(change.detected_at, site.lang)} {title(change, names, site.lang)}",
            href=up + site.local(addresses.change_anchor(change)),
        )
        for change in changes
    ]


def _counts(changes: Iterable[Change], names: Names, lang: str) -> Iterable[Count]:
    for change in changes:
        for fact in change.facts:
            if fact.field == "count":
                old, new = (say("count", value, lang) if value else "" for value in (fact.old, fact.new))
                yield Count(
                    change.detected_at, names.source(change.source), addresses.change_anchor(change), old, new
                )


def _measures(reader: Reader, notices: Iterable[Notice], names: Names, lang: str) -> Iterable[Measures]:
    for notice in notices:
        facts = current_facts(reader, notice)
        actions = dict.fromkeys(str(fact.value) for fact in facts if fact.field == "action")
        if not actions:
            continue
        yield Measures(
            notice=notice.id,
            title=one_line(notice.title) or one_line(notice.url),
            source=names.source(notice.source),
            actions="、".join(say("action", action, lang) for action in actions),
            provisions=_said(facts, "provision"),
            deadlines=_said(facts, "deadline"),
        )


def _said(facts: Iterable[Fact], field: str) -> str:
    """The publisher's wording of a field's facts, each once."""
    return "、".join(dict.fromkeys(one_line(fact.raw, 60) for fact in facts if fact.field == field))


def current_facts(reader: Reader, notice: Notice) -> list[Fact]:
    """The facts of the newest version of a notice's page and of its attachments."""
    page = reader.page_by_id(notice.page)
    pages = [page, *reader.attachments_of(notice.page)] if page else []
    return [fact for one in pages if one.version is not None for fact in reader.facts(one.version)]


def _roster(roster: Sequence[RosterEntry], notices: Sequence[Notice], lang: str) -> Iterable[Member]:
    """Who has disclosed and how many days after the first; a body's own page says it best, else the
    roster as it was declared."""
    rows = []
    for entry in roster:
        own = [notice for notice in notices if entry.source and notice.source == entry.source]
        stated = [notice.published for notice in own if notice.published]
        rows.append((entry, own, _iso(entry.disclosed) or min(stated, default=None)))
    first = min((day for _, _, day in rows if day), default=None)
    for entry, own, day in rows:
        shown = say_date(day, lang) if day else one_line(entry.disclosed)
        yield Member(entry, body(entry.kind, lang), shown, _took(day, first, lang), own)


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _took(day: date | None, first: date | None, lang: str) -> str:
    if day is None or first is None:
        return ""
    days = (day - first).days
    if days == 0:
        return "same day" if lang == "en" else "同日"
    return f"{days} day{'s' if days > 1 else ''}" if lang == "en" else f"{days}日"
