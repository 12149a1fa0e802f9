"""An incident as a page: its course in the words of a language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.formats.entries import Names, title
from feeds.views.change_lines import NOTICES, lines
from feeds.views.course import Course, course
from feeds.views.render import Context, markup
from feeds.views.timeline_svg import Point, kinds, timeline
from feeds.wording import diff_html
from feeds.wording.sanitise import one_line
from feeds.wording.words import body, magnitude, quote_facts, say, say_count, say_date, say_time
from storage.archive import Reader
from storage.records import Change, Incident, IncidentLink, Notice, RosterEntry

LATEST_CHANGES = 50
"""Changes shown where a program answers that can list all of them."""


@dataclass(frozen=True, slots=True)
class Linked:
    notice: Notice
    title: str
    source: str
    link: IncidentLink


@dataclass(frozen=True, slots=True)
class Counts:
    """What one change says of counts. None is ever added to another."""

    when: datetime
    path: str
    said: Markup


@dataclass(frozen=True, slots=True)
class Measures:
    """What an authority did in one notice, by its own words."""

    notice: int
    title: str
    source: str
    actions: Markup
    provisions: Markup
    deadlines: Markup


@dataclass(frozen=True, slots=True)
class Member:
    """One body of the roster beside what is on record of it."""

    entry: RosterEntry
    kind: str
    disclosed: str
    took: str
    notices: list[Notice]


def incident(reader: Reader, incident: Incident, names: Names, site: Site) -> Context:
    known = course(reader, incident)
    name = one_line(incident.name) or incident.slug
    points = _points(known.changes, names, site)
    return {
        "incident": incident,
        "name": name,
        "timeline": timeline(points, name),
        "kinds": kinds(points),
        "counts": _counts(known, names, site.lang),
        "measures": _measures(known, names, site.lang),
        "roster": _roster(known, site.lang),
        "notices": [
            Linked(row.notice, _title(row.notice), names.source(row.notice.source), row.link)
            for row in known.linked
        ],
        "rows": lines(known.changes[: LATEST_CHANGES if site.live else NOTICES], names, site, incident.slug),
        "all": addresses.of_incident(incident.slug)
        if len(known.changes) > LATEST_CHANGES and site.live
        else None,
        "feeds": [(name, FeedAddress(addresses.incident_feed(incident.slug)))],
    }


def _title(notice: Notice) -> str:
    return one_line(notice.title) or one_line(notice.url)


def _points(changes: Sequence[Change], names: Names, site: Site) -> list[Point]:
    up = "../"  # incident pages stand one folder below the root
    return [
        Point(
            lane=names.source(change.source),
            when=change.detected_at,
            kind=change.kind,
            label=largest(change),
            title=f"{say_time(change.detected_at, site.lang)} {title(change, names, site.lang)}",
            href=up + site.local(addresses.change_anchor(change)),
        )
        for change in changes
    ]


def largest(change: Change) -> str:
    """Of the counts that a change states the one that holds the others: a total, not a part of it."""
    counts = [fact.new for fact in change.facts if fact.field == "count" and fact.new]
    return max(counts, key=magnitude, default="")


def _counts(known: Course, names: Names, lang: str) -> list[tuple[str, list[Counts]]]:
    """By publisher, oldest first: a new count often stands in a new notice, and the one before it above."""
    publishers: dict[str, list[Counts]] = {}
    for change in reversed(known.changes):
        if counts := [fact for fact in change.facts if fact.field == "count"]:
            said = markup(diff_html.fact_list(counts, lang))
            row = Counts(change.detected_at, addresses.change_anchor(change), said)
            publishers.setdefault(change.source, []).append(row)
    return [(names.source(id), rows) for id, rows in publishers.items()]


def _measures(known: Course, names: Names, lang: str) -> list[Measures]:
    return [
        Measures(
            notice=row.notice.id,
            title=_title(row.notice),
            source=names.source(row.notice.source),
            actions=_listed((say("action", action, lang) for action in row.actions), lang),
            provisions=_listed(quote_facts(row.provisions, lang), lang),
            deadlines=_listed(quote_facts(row.deadlines, lang), lang),
        )
        for row in known.measures
    ]


def _listed(values: Iterable[str], lang: str) -> Markup:
    return markup(diff_html.mark_japanese(("; " if lang == "en" else "、").join(values), lang))


def _roster(known: Course, lang: str) -> list[Member]:
    return [
        Member(
            row.entry,
            body(row.entry.kind, lang),
            say_date(row.disclosed, lang) or _declared(one_line(row.entry.disclosed), lang),
            _took(row.days, lang),
            row.notices,
        )
        for row in known.roster
    ]


def _declared(when: str, lang: str) -> str:
    """A day, a month, 2023-10-26まで, or what else a roster may say of when a body disclosed."""
    day = when.removesuffix("まで")
    said = say("date", day, lang)
    if said == day:
        return when
    if day == when:
        return said
    return f"by {said}" if lang == "en" else f"{said}まで"


def _took(days: int | None, lang: str) -> str:
    if days is None:
        return ""
    if days == 0:
        return "same day" if lang == "en" else "同日"
    return say_count(days, "day") if lang == "en" else f"{days}日"
