"""An incident from its first notice to its last, from what is stored and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from feeds.course.roster import NoticeOnRecord
from storage.records import Change, FactChange, Notice
from storage.text.japanese import JST

_NOT_DONE = frozenset({"denied", "planned"})
_DATED = re.compile(r"date:\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One step: a notice as it came, or what became of it. ``version`` is the text it can be read in."""

    day: date
    kind: str  # published, the kind of a change, or step
    source: str
    notice: int
    title: str
    url: str
    version: int | None
    facts: tuple[FactChange, ...] = ()
    reasons: tuple[str, ...] = ()
    change: Change | None = None


def build_timeline(notices: Iterable[NoticeOnRecord]) -> list[TimelineEntry]:
    """Put the steps in order; on one day a notice comes before its changes."""
    entries = [entry for one in notices for entry in _entries(one)]
    return sorted(entries, key=lambda e: (e.day, e.kind != "published", e.source, e.notice))


def day_of(notice: Notice) -> date:
    """Return the day a notice is dated, or in Japan the day it was first seen."""
    return notice.published or notice.first_seen.astimezone(JST).date()


def _entries(one: NoticeOnRecord) -> Iterator[TimelineEntry]:
    told = next((change for change in one.changes if change.kind == "new"), None)
    yield _entry(one.notice, told, "published", day_of(one.notice))
    for change in one.changes:
        if change is not told:
            yield _entry(one.notice, change, change.kind, change.detected_at.astimezone(JST).date())
    yield from _steps(one)


def _steps(one: NoticeOnRecord) -> Iterator[TimelineEntry]:
    """List the steps that a notice says were taken on a day, each once."""
    taken = {
        (said.removeprefix("date:"), str(fact.value)): None
        for fact in one.facts
        if fact.field == "step" and _NOT_DONE.isdisjoint(fact.qualifiers)
        for said in fact.qualifiers
        if _DATED.fullmatch(said)
    }
    for day, step in taken:
        entry = _entry(one.notice, None, "step", date.fromisoformat(day))
        yield replace(entry, facts=(FactChange("step", None, step),))


def _entry(notice: Notice, change: Change | None, kind: str, day: date) -> TimelineEntry:
    return TimelineEntry(
        day=day,
        kind=kind,
        source=notice.source,
        notice=notice.id,
        title=(change.title if change else "") or notice.title,
        url=notice.url,
        version=change.to_version if change else None,
        facts=change.facts if change else (),
        reasons=change.reasons if change else (),
        change=change,
    )
