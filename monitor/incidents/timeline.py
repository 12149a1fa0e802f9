"""An incident from its first notice to its last, from what is stored and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from monitor.incidents.roster import Published
from storage.records import Change, FactChange, Notice
from storage.text.japanese import JST


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: a notice as it came, or what became of it. ``version`` is the text it can be read in."""

    day: date
    kind: str  # published, or the kind of a change
    source: str
    notice: int
    title: str
    url: str
    version: int | None
    facts: tuple[FactChange, ...] = ()
    reasons: tuple[str, ...] = ()


def timeline(published: Iterable[Published]) -> list[Entry]:
    """The steps in order; on one day a notice comes before its changes."""
    entries = [entry for one in published for entry in _entries(one)]
    return sorted(entries, key=lambda e: (e.day, e.kind != "published", e.source, e.notice))


def _entries(one: Published) -> Iterator[Entry]:
    told = next((change for change in one.changes if change.kind == "new"), None)
    yield _entry(
        one.notice, told, "published", one.notice.published or one.notice.first_seen.astimezone(JST).date()
    )
    for change in one.changes:
        if change is not told:
            yield _entry(one.notice, change, change.kind, change.detected_at.astimezone(JST).date())


def _entry(notice: Notice, change: Change | None, kind: str, day: date) -> Entry:
    return Entry(
        day=day,
        kind=kind,
        source=notice.source,
        notice=notice.id,
        title=(change.title if change else "") or notice.title,
        url=notice.url,
        version=change.to_version if change else None,
        facts=change.facts if change else (),
        reasons=change.reasons if change else (),
    )
