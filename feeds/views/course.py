"""An incident as it is on record: who stated what and when, joined from what is stored. In no language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from storage.archive import Reader
from storage.query import Query
from storage.records import BELONGING, Change, Fact, FactChange, Incident, IncidentLink, Notice, RosterEntry


@dataclass(frozen=True, slots=True)
class Linked:
    notice: Notice
    link: IncidentLink


@dataclass(frozen=True, slots=True)
class Stated:
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
class Member:
    """One body of the roster beside what is on record of it."""

    entry: RosterEntry
    disclosed: date | None
    days: int | None  # after the first of all
    notices: list[Notice]


@dataclass(frozen=True, slots=True)
class Course:
    """An incident from its first notice to its last."""

    linked: list[Linked]
    changes: list[Change]
    counts: list[Stated]
    measures: list[Measures]
    roster: list[Member]


def course(reader: Reader, incident: Incident) -> Course:
    linked = _linked(reader, incident)
    belonging = [row.notice for row in linked if row.link.status in BELONGING]
    changes = reader.brief_changes(Query(incident=incident.slug, material=True))
    return Course(
        linked,
        changes,
        [Stated(change, fact) for change in changes for fact in change.facts if fact.field == "count"],
        list(_measures(reader, belonging)),
        list(_roster(incident.roster, belonging)),
    )


def _linked(reader: Reader, incident: Incident) -> list[Linked]:
    """Every link that was not rejected, suggestions marked as such by their status."""
    belonging = {notice.id: notice for notice in reader.notices(Query(incident=incident.slug))}
    rows = [
        Linked(notice, link)
        for link in reader.incident_links(incident.slug)
        if link.status != "rejected"
        and (notice := belonging.get(link.notice) or reader.notice(link.notice)) is not None
    ]
    return sorted(rows, key=lambda row: (_day(row.notice), row.notice.id))


def _day(notice: Notice) -> date:
    return notice.published or notice.first_seen.date()


def _measures(reader: Reader, notices: Sequence[Notice]) -> Iterator[Measures]:
    fields = ("action", "provision", "deadline")
    facts_of = reader.current_facts((notice.page for notice in notices), fields)
    for notice in notices:
        facts = facts_of[notice.page]
        actions = dict.fromkeys(str(fact.value) for fact in facts if fact.field == "action")
        if actions:
            yield Measures(notice, list(actions), _once(facts, "provision"), _once(facts, "deadline"))


def _once(facts: Iterable[Fact], field: str) -> list[Fact]:
    """A field's facts, one for each wording."""
    first: dict[str, Fact] = {}
    for fact in facts:
        if fact.field == field:
            first.setdefault(fact.raw, fact)
    return list(first.values())


def _roster(roster: Sequence[RosterEntry], notices: Sequence[Notice]) -> Iterator[Member]:
    """Who has disclosed and how many days after the first: on the day the roster declares, else on that
    of the body's own page."""
    rows = []
    for entry in roster:
        own = [notice for notice in notices if entry.source and notice.source == entry.source]
        stated = [notice.published for notice in own if notice.published]
        rows.append((entry, own, _iso(entry.disclosed) or min(stated, default=None)))
    first = min((day for _, _, day in rows if day), default=None)
    for entry, own, day in rows:
        yield Member(entry, day, (day - first).days if day and first else None, own)


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
