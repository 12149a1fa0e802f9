"""The bodies of an incident beside what they were seen to publish: when, which counts, how often edited.

What nobody stated stays unknown and is said to be so; counts stand in their own words, never added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from storage.records import BELONGING, Change, Fact, Incident, IncidentLink, Notice, RosterEntry, Version
from storage.text.wording import wording


class Archive(Protocol):
    """What is asked of the archive's reader."""

    def incident(self, slug: str) -> Incident | None: ...
    def incident_links(self, slug: str) -> list[IncidentLink]: ...
    def notice(self, id: int) -> Notice | None: ...
    def changes_of_notice(self, notice_id: int) -> Sequence[Change]: ...
    def versions(self, page_id: int) -> Sequence[Version]: ...
    def facts(self, version_id: int) -> Sequence[Fact]: ...


@dataclass(frozen=True, slots=True)
class Published:
    """A notice of the incident with its changes, and the counts of its first and newest text."""

    notice: Notice
    changes: Sequence[Change] = ()
    first_counts: tuple[str, ...] = ()
    last_counts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One body of the roster, as declared and as seen."""

    entry: RosterEntry
    notices: tuple[Notice, ...]
    published: date | None  # its own notice's date, else the declared one
    days: int | None  # after the first disclosure of the incident
    first_counts: tuple[str, ...]
    last_counts: tuple[str, ...]
    edits: int
    silent_edits: int
    last_edit: datetime | None
    unknown: tuple[str, ...]


def roster(incident: Incident, published: Sequence[Published]) -> list[Row]:
    """The table of an incident, in the order of its declaration."""
    own: Mapping[str, list[Published]] = _by_source(published)
    first = min(
        (day for entry in incident.roster if (day := _day(entry, own.get(entry.source, [])))), default=None
    )
    return [
        _row(entry, own.get(entry.source, []) if entry.source else [], first) for entry in incident.roster
    ]


def _by_source(published: Sequence[Published]) -> dict[str, list[Published]]:
    found: dict[str, list[Published]] = {}
    for one in sorted(
        published, key=lambda one: (one.notice.published or one.notice.first_seen.date(), one.notice.id)
    ):
        found.setdefault(one.notice.source, []).append(one)
    return found


def _row(entry: RosterEntry, own: Sequence[Published], first: date | None) -> Row:
    day = _day(entry, own)
    updates = [change for one in own for change in one.changes if change.kind == "updated"]
    first_counts = own[0].first_counts if own else ()
    last_counts = own[-1].last_counts if own else ()
    unknown = [
        name
        for name, known in (
            ("own page", bool(own)),
            ("disclosure", bool(day or entry.disclosed)),
            ("count", bool(entry.count or first_counts)),
        )
        if not known
    ]
    return Row(
        entry=entry,
        notices=tuple(one.notice for one in own),
        published=day,
        days=(day - first).days if day and first else None,
        first_counts=first_counts,
        last_counts=last_counts,
        edits=len(updates),
        silent_edits=sum("silent" in change.reasons for change in updates),
        last_edit=max((change.detected_at for change in updates), default=None),
        unknown=tuple(unknown),
    )


def _day(entry: RosterEntry, own: Sequence[Published]) -> date | None:
    """When a body first disclosed: as declared, else the earliest date of its own notices."""
    try:
        return date.fromisoformat(entry.disclosed)
    except ValueError:
        return min((one.notice.published for one in own if one.notice.published), default=None)


def published(reader: Archive, slug: str) -> list[Published]:
    """The notices that belong to an incident (declared or confirmed), as the archive holds them."""
    found = []
    for link in reader.incident_links(slug):
        notice = reader.notice(link.notice) if link.status in BELONGING else None
        if notice is None:
            continue
        versions = reader.versions(notice.page)
        counts = (
            [_counts(reader.facts(version.id)) for version in (versions[0], versions[-1])]
            if versions
            else [(), ()]
        )
        found.append(Published(notice, reader.changes_of_notice(notice.id), *counts))
    return found


def _counts(facts: Sequence[Fact]) -> tuple[str, ...]:
    """The counts of affected persons or records that a text states, in its words, each once."""
    said = (
        wording(fact) for fact in facts if fact.field == "count" and fact.role in ("affected", "notified")
    )
    return tuple(dict.fromkeys(said))
