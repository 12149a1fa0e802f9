"""The bodies of an incident beside what they were seen to publish: when, which counts, how often edited.

What nobody stated stays unknown and is said to be so; counts stand in their own words, never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.records import Change, Fact, Incident, Notice, RosterEntry
from storage.text.wording import wording

COUNTED_ROLES = ("affected", "notified")


@dataclass(frozen=True, slots=True)
class NoticeOnRecord:
    """A notice that belongs to an incident, with its changes, oldest first, and what it said and says."""

    notice: Notice
    changes: Sequence[Change] = ()
    first_facts: Sequence[Fact] = ()
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class RosterBody:
    """One body of the roster, as declared and as seen."""

    entry: RosterEntry
    notices: tuple[Notice, ...]
    disclosed: date | None  # as declared, else its own notice's date
    days: int | None  # after the first disclosure of the incident
    first_counts: tuple[str, ...]
    last_counts: tuple[str, ...]
    edits: int
    silent_edits: int
    last_edit: datetime | None
    unknown: tuple[str, ...]


def build_roster(incident: Incident, notices: Iterable[NoticeOnRecord]) -> list[RosterBody]:
    """Lay what was declared beside what was seen, in the order of the declaration; ``notices`` by day."""
    rows = []
    known = list(notices)
    for entry in incident.roster:
        own = [one for one in known if entry.source and one.notice.source == entry.source]
        rows.append((entry, own, _disclosed(entry, own)))
    first = min((day for _, _, day in rows if day), default=None)
    return [_body(entry, own, day, first) for entry, own, day in rows]


def _body(
    entry: RosterEntry, own: Sequence[NoticeOnRecord], day: date | None, first: date | None
) -> RosterBody:
    updates = [change for one in own for change in one.changes if change.kind == "updated"]
    first_counts = _counts(own[0].first_facts) if own else ()
    known = {
        "own page": bool(own),
        "disclosure": bool(day or entry.disclosed),
        "count": bool(entry.count or first_counts),
    }
    return RosterBody(
        entry=entry,
        notices=tuple(one.notice for one in own),
        disclosed=day,
        days=(day - first).days if day and first else None,
        first_counts=first_counts,
        last_counts=_counts(own[-1].facts) if own else (),
        edits=len(updates),
        silent_edits=sum("silent" in change.reasons for change in updates),
        last_edit=max((change.detected_at for change in updates), default=None),
        unknown=tuple(name for name, is_known in known.items() if not is_known),
    )


def _disclosed(entry: RosterEntry, own: Iterable[NoticeOnRecord]) -> date | None:
    """Say when a body first disclosed: as declared, else the earliest date of its own notices."""
    try:
        return date.fromisoformat(entry.disclosed)
    except ValueError:
        return min((one.notice.published for one in own if one.notice.published), default=None)


def _counts(facts: Iterable[Fact]) -> tuple[str, ...]:
    """List the counts of affected persons or records that a text states, in its words, each once."""
    said = (wording(fact) for fact in facts if fact.field == "count" and fact.role in COUNTED_ROLES)
    return tuple(dict.fromkeys(said))
