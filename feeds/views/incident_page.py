"""Build the page of an incident: its course in the words of a language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from markupsafe import Markup

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.course.clocks import LIMITS_DAYS, unstated_reports
from feeds.course.incident_course import Course, Measures
from feeds.formats.entries import Names, make_headline, name_incident
from feeds.views.change_lines import MAX_NOTICES, build_lines
from feeds.views.render import Context, clean_markup
from feeds.views.roster_table import build_roster_table
from feeds.views.timeline_svg import STEP, Point, draw_timeline, list_kinds
from feeds.wording import diff_html, sanitise
from feeds.wording.sanitise import one_line
from feeds.wording.words import (
    join_words,
    magnitude,
    quote_facts,
    say,
    say_date,
    say_days,
    say_time,
)
from storage.archive import Reader
from storage.records import Change, Fact, Incident, IncidentLink, Notice
from storage.text.japanese import JST
from storage.text.wording import wording

EARLIER_STEPS = timedelta(days=366)
"""How long before the first change a step is drawn; the table below the picture has all of them."""
MAX_ROWS = 100
"""Rows of a list on the page: of an incident with thousands of notices the newest, and how many more."""
MAX_POINTS = 300
"""Changes in the picture and in the table of counts, the newest."""
LATEST_CHANGES = 50
"""Changes shown where a program answers that can list all of them."""


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice linked to the incident, with its link."""

    notice: Notice
    title: str
    source: str
    link: IncidentLink


@dataclass(frozen=True, slots=True)
class ShownCounts:
    """Counts that one change states. None is ever added to another."""

    when: datetime
    path: str
    said: Markup


@dataclass(frozen=True, slots=True)
class ShownMeasures:
    """What an authority did in one notice, in its own words."""

    notice: int
    title: str
    source: str
    actions: Markup
    provisions: Markup
    deadlines: Markup


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step that a notice says was taken on a day."""

    day: date
    source: str
    notice: int
    title: str
    step: str


@dataclass(frozen=True, slots=True)
class ShownClock:
    """How long a step took by what one notice states, its limit in days, and how it stands to that."""

    source: str
    notice: int
    title: str
    step: str
    days: str
    limit: str
    standing: str


def build_incident_page(reader: Reader, known: Course, names: Names, site: Site, order: str = "") -> Context:
    """Build the page of an incident, its roster in an order of ``roster_table.ORDERS``."""
    incident = known.incident
    name = names.incident(incident.slug)
    points = _points(known.changes[:MAX_POINTS], names, site)
    steps = _show_steps(known, names, site.lang)
    measures, clocks = _show_measures(known, names, site.lang), _show_clocks(known, names, site.lang)
    points += _step_points(steps, points, site)
    return {
        "incident": incident,
        "name": name,
        "timeline": draw_timeline(points, name),
        "kinds": list_kinds(points),
        "counts": _show_counts(known.changes[:MAX_POINTS], names, site.lang),
        "measures": measures[-MAX_ROWS:],
        "roster": build_roster_table(reader, known, names, site.lang, order),
        "summary": known.summary,
        "largest_by": names.source(known.summary.largest.notice.source) if known.summary.largest else "",
        "last": known.changes[0].detected_at if known.changes else None,
        "deadlines": _deadlines(known, site.lang),
        "steps": steps[-MAX_ROWS:],
        "clocks": clocks[-MAX_ROWS:],
        "cross_check": known.cross_check,
        "notices": [
            ShownNotice(row.notice, _title(row.notice), names.source(row.notice.source), row.link)
            for row in known.linked[-MAX_ROWS:]
        ],
        "hidden": {
            "counts": len(known.changes) - MAX_POINTS,
            "measures": len(measures) - MAX_ROWS,
            "steps": len(steps) - MAX_ROWS,
            "clocks": len(clocks) - MAX_ROWS,
            "notices": len(known.linked) - MAX_ROWS,
        },
        "rows": build_lines(
            reader, known.changes[: LATEST_CHANGES if site.live else MAX_NOTICES], names, site, incident.slug
        ),
        "all": addresses.incident_changes_page(incident.slug)
        if len(known.changes) > LATEST_CHANGES and site.live
        else None,
        "feeds": [(name, FeedAddress(addresses.incident_feed(incident.slug)))],
    }


def build_moved_page(incident: Incident, into: Incident | None, lang: str) -> Context:
    """Build the page at the address of an incident that was removed, or merged ``into`` another."""
    into_name = name_incident(into, lang) if into else ""
    return {"name": name_incident(incident, lang), "into": into, "into_name": into_name}


def _title(notice: Notice) -> str:
    return one_line(notice.title) or one_line(notice.url)


def _points(changes: Sequence[Change], names: Names, site: Site) -> list[Point]:
    up = "../"  # incident pages stand one folder below the root
    return [
        Point(
            lane=names.source(change.source),
            when=change.detected_at,
            kind=change.kind,
            label=largest_count(change),
            title=f"{say_time(change.detected_at, site.lang)} {make_headline(change, names, site.lang).line}",
            href=up + site.local(addresses.change_anchor(change)),
        )
        for change in changes
    ]


def _step_points(steps: Iterable[ShownStep], changes: Sequence[Point], site: Site) -> Iterator[Point]:
    """Draw steps at noon of their days; one long before the first change would press all others together."""
    first = min((point.when for point in changes), default=None)
    for step in steps:
        when = datetime.combine(step.day, time(12), JST)
        if first is not None and when >= first - EARLIER_STEPS:
            yield Point(
                lane=step.source,
                when=when,
                kind=STEP,
                label="",
                title=f"{say_date(step.day, site.lang)} {step.step}",
                href="../" + site.local(addresses.notice_page(step.notice)),
            )


def largest_count(change: Change) -> str:
    """Find, of the counts that a change states, the largest: a total, not a part of it."""
    counts = [fact.new for fact in change.facts if fact.field == "count" and fact.new]
    return max(counts, key=magnitude, default="")


def _show_counts(changes: Sequence[Change], names: Names, lang: str) -> list[tuple[str, list[ShownCounts]]]:
    """List counts by publisher, oldest first: a new count often stands in a new notice."""
    publishers: dict[str, list[ShownCounts]] = {}
    for change in reversed(changes):
        if counts := [fact for fact in change.facts if fact.field == "count"]:
            said = clean_markup(diff_html.fact_list(counts, lang))
            row = ShownCounts(change.detected_at, addresses.change_anchor(change), said)
            publishers.setdefault(change.source, []).append(row)
    return [(names.source(id), rows) for id, rows in publishers.items()]


def _deadlines(known: Course, lang: str) -> list[str]:
    """List the days by which something is due, each once, in their order."""
    days = sorted({str(fact.value) for row in known.measures for fact in row.deadlines})
    return [say("date", day, lang) for day in days]


def _once_each(rows: Iterable[Measures]) -> Iterator[Measures]:
    """Keep of measures what was not said before, by authorities first: a body repeats what it was told."""
    told: set[tuple[str, str]] = set()

    def fresh(field: str, values: Iterable[Fact]) -> list[Fact]:
        kept = [fact for fact in values if (field, wording(fact)) not in told]
        told.update((field, wording(fact)) for fact in kept)
        return kept

    for row in rows:
        actions = [one for one in row.actions if ("action", one) not in told]
        told.update(("action", one) for one in actions)
        provisions, deadlines = fresh("provision", row.provisions), fresh("deadline", row.deadlines)
        if actions or provisions or deadlines:
            yield replace(row, actions=actions, provisions=provisions, deadlines=deadlines)


def _show_measures(known: Course, names: Names, lang: str) -> list[ShownMeasures]:
    def is_authority(row: Measures) -> bool:
        source = names.sources.get(row.notice.source)
        return source is not None and source.kind == "regulator"

    return [
        ShownMeasures(
            notice=row.notice.id,
            title=_title(row.notice),
            source=names.source(row.notice.source),
            actions=_join((say("action", action, lang) for action in row.actions), lang),
            provisions=_join(quote_facts(row.provisions, lang), lang),
            deadlines=_join(quote_facts(row.deadlines, lang), lang),
        )
        for row in _once_each(sorted(known.measures, key=lambda row: not is_authority(row)))
    ]


def _join(values: Iterable[str], lang: str) -> Markup:
    return clean_markup(sanitise.mark_japanese(join_words(values, lang, "; "), lang))


def _show_clocks(known: Course, names: Names, lang: str) -> list[ShownClock]:
    shown = [
        ShownClock(
            names.source(row.notice.source),
            row.notice.id,
            _title(row.notice),
            row.clock.name,
            say_days(row.clock.days, lang),
            row.clock.limit,
            row.clock.standing or "",
        )
        for row in known.clocks
    ]
    shown += [
        ShownClock(
            names.source(notice.source), notice.id, _title(notice), name, "", LIMITS_DAYS[name], "unknown"
        )
        for notice, clocks in groupby(known.clocks, key=lambda row: row.notice)
        for name in unstated_reports(row.clock for row in clocks)
    ]
    return sorted(shown, key=lambda row: row.notice)


def _show_steps(known: Course, names: Names, lang: str) -> list[ShownStep]:
    return [
        ShownStep(
            entry.day,
            names.source(entry.source),
            entry.notice,
            one_line(entry.title) or one_line(entry.url),
            say("step", fact.new, lang),
        )
        for entry in known.timeline
        if entry.kind == "step"
        for fact in entry.facts
        if fact.new
    ]
