"""An incident in one line: how many bodies, the largest count that was stated, its first and its last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from feeds.course.roster import COUNTED_ROLES, NoticeOnRecord, RosterBody
from feeds.course.timeline import day_of
from storage.records import THIRD_PARTIES, Fact, Notice, Source
from storage.text.wording import wording


@dataclass(frozen=True, slots=True)
class LargestCount:
    """The largest count that one publisher states of those concerned, in its words. Never a sum."""

    notice: Notice
    said: str
    value: int


@dataclass(frozen=True, slots=True)
class IncidentSummary:
    """How many bodies are known and how many of them have disclosed, what was stated, and since when."""

    bodies: int
    disclosed: int
    largest: LargestCount | None
    first: date | None


def summarise(
    roster: Sequence[RosterBody], notices: Sequence[NoticeOnRecord], sources: Mapping[str, Source]
) -> IncidentSummary:
    """Summarise an incident by its roster and the notices that belong to it."""
    days = [body.disclosed for body in roster if body.disclosed]
    days += [day_of(one.notice) for one in notices if one.notice.published]
    own = [one for one in notices if sources[one.notice.source].kind not in THIRD_PARTIES]
    return IncidentSummary(
        len(roster), sum(body.has_disclosed for body in roster), find_largest(own), min(days, default=None)
    )


def find_largest(notices: Iterable[NoticeOnRecord]) -> LargestCount | None:
    """Find the largest count of persons or records that a notice states now; of equal ones the first."""
    found = [
        LargestCount(one.notice, wording(fact), fact.value)
        for one in notices
        for fact in one.facts
        if _counts_those_concerned(fact)
    ]
    return max(found, key=lambda one: one.value, default=None)


def _counts_those_concerned(fact: Fact) -> bool:
    return fact.field == "count" and fact.role in COUNTED_ROLES and isinstance(fact.value, int)
