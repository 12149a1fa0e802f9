"""An incident as it is on record: who stated what and when, joined from what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from feeds.course.clocks import Clock, run_clocks
from feeds.course.cross_check import CrossCheck, check_disclosures
from feeds.course.roster import NoticeOnRecord, RosterBody, build_roster
from feeds.course.summary import IncidentSummary, summarise
from feeds.course.timeline import TimelineEntry, build_timeline, day_of
from storage.archive import Reader
from storage.query import Query
from storage.records import (
    BELONGING,
    THIRD_PARTIES,
    Change,
    Fact,
    FactChange,
    FactField,
    Incident,
    IncidentLink,
    Notice,
    Source,
)

_FIELDS: tuple[FactField, ...] = (
    "count",
    "date",
    "step",
    "action",
    "provision",
    "deadline",
    "outcome",
    "organisation",
    "role",
)


@dataclass(frozen=True, slots=True)
class LinkedNotice:
    """A notice with its link to an incident, which may be a suggestion only."""

    notice: Notice
    link: IncidentLink


@dataclass(frozen=True, slots=True)
class StatedCount:
    """A count as it was stated before and after a change. Never added to another."""

    change: Change
    count: FactChange


@dataclass(frozen=True, slots=True)
class Measures:
    """What an authority did in one notice."""

    notice: Notice
    actions: list[str]
    provisions: list[Fact]
    deadlines: list[Fact]


@dataclass(frozen=True, slots=True)
class NoticeClock:
    """How long something took by what one notice states."""

    notice: Notice
    clock: Clock


@dataclass(frozen=True, slots=True)
class Course:
    """An incident from its first notice to its last.

    ``linked`` holds every link that was not rejected; all else is about the notices that belong. ``changes``
    are the material ones, newest first.
    """

    incident: Incident
    linked: list[LinkedNotice]
    changes: list[Change]
    counts: list[StatedCount]
    measures: list[Measures]
    timeline: list[TimelineEntry]
    roster: list[RosterBody]
    clocks: list[NoticeClock]
    cross_check: CrossCheck
    summary: IncidentSummary


def load_course(reader: Reader, incident: Incident) -> Course:
    """Join what is stored of an incident. The number of questions does not grow with its notices."""
    linked = _linked(reader, incident)
    every_change = reader.brief_changes(Query(incident=incident.slug))
    belonging = _on_record(
        reader, [row.notice for row in linked if row.link.status in BELONGING], every_change
    )
    changes = [change for change in every_change if change.material]
    sources = {source.id: source for source in reader.sources()}
    others = {id for id, source in sources.items() if source.kind in THIRD_PARTIES}
    roster = build_roster(incident, belonging, sources)
    return Course(
        incident,
        linked,
        changes,
        [
            StatedCount(change, fact)
            for change in changes
            for fact in change.facts
            if fact.field == "count" and change.source not in others
        ],
        list(_measures(belonging)),
        build_timeline(belonging),
        roster,
        [
            NoticeClock(one.notice, clock)
            for one in belonging
            for clock in run_clocks(one.facts, one.notice.published)
        ],
        _cross_check(sources, belonging),
        summarise(roster, belonging, sources),
    )


def load_summary(reader: Reader, incident: Incident, sources: Mapping[str, Source]) -> IncidentSummary:
    """Summarise an incident with few questions; their number does not grow with its notices."""
    notices = sorted(reader.notices(Query(incident=incident.slug)), key=lambda one: (day_of(one), one.id))
    belonging = _on_record(reader, notices, ())
    return summarise(build_roster(incident, belonging, sources), belonging, sources)


def _linked(reader: Reader, incident: Incident) -> list[LinkedNotice]:
    """List the notices in order of their days, suggestions marked as such by the status of their link."""
    belonging = {notice.id: notice for notice in reader.notices(Query(incident=incident.slug))}
    rows = [
        LinkedNotice(notice, link)
        for link in reader.incident_links(incident.slug)
        if link.status != "rejected"
        and (notice := belonging.get(link.notice) or reader.notice(link.notice)) is not None
    ]
    return sorted(rows, key=lambda row: (day_of(row.notice), row.notice.id))


def _on_record(reader: Reader, notices: Sequence[Notice], changes: Iterable[Change]) -> list[NoticeOnRecord]:
    told: defaultdict[int, list[Change]] = defaultdict(list)
    for change in sorted(changes, key=lambda change: (change.detected_at, change.id)):
        told[change.notice].append(change)
    pages = [notice.page for notice in notices]
    first, now = reader.first_facts(pages, ("count",)), reader.current_facts(pages, _FIELDS)
    return [
        NoticeOnRecord(notice, told[notice.id], first[notice.page], now[notice.page]) for notice in notices
    ]


def _measures(notices: Iterable[NoticeOnRecord]) -> Iterator[Measures]:
    for one in notices:
        actions = dict.fromkeys(str(fact.value) for fact in one.facts if fact.field == "action")
        if actions:
            yield Measures(
                one.notice, list(actions), _once(one.facts, "provision"), _once(one.facts, "deadline")
            )


def _once(facts: Iterable[Fact], field: str) -> list[Fact]:
    """List a field's facts, one for each wording."""
    first: dict[str, Fact] = {}
    for fact in facts:
        if fact.field == field:
            first.setdefault(fact.raw, fact)
    return list(first.values())


def _cross_check(known: Mapping[str, Source], notices: Iterable[NoticeOnRecord]) -> CrossCheck:
    named: list[Fact] = []
    publishers: dict[str, None] = {}
    for one in notices:
        source = known[one.notice.source]
        if source.kind == "regulator":
            named += one.facts
        elif source.kind not in THIRD_PARTIES:
            publishers.setdefault(source.name)
    return check_disclosures(named, list(publishers))
