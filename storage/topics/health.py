"""Whether a source is read as it should be. Pure: what is declared, what is on record and the time.

Here, since both rooms above go by it: the monitor records gaps, the feeds and the command line tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from urllib.parse import urlsplit

from storage.query import Coverage, State
from storage.records import LASTING_ALERTS, SUCCESS, Alert, Check, Gap, Outcome, Source
from storage.text.urls import place

SLOWEST_RHYTHM = timedelta(days=1)
"""No watched page waits longer, however quiet it is."""

LATE_INTERVALS = 3
"""A start page is missed when it was not read for so many of its intervals. Two can pass in good order:
what falls due a moment after a run has begun is visited in the next one."""

FURTHEST_PLAN = timedelta(days=15)
"""No visit is planned further ahead: what rests is looked at every two weeks, and a server that asks for more
than one is asked again after that."""

STANDSTILL_INTERVALS = 4
"""A list whose newest row is older than so many of its usual gaps stands still, whatever it answers."""

SHORTEST_STANDSTILL = timedelta(days=7)
"""No list is said to stand still sooner: holidays stop them all."""

UNKNOWN_STANDSTILL = timedelta(days=30)
"""Nor one of which too little was seen to say what is usual."""

FEW_INTERVALS = 2
"""Intervals from which on the longest says something, where too few are known for a usual one."""

CLOCK_SLACK = timedelta(hours=1)
"""A visit later than now by more was made by a clock that was wrong; by less, two machines may differ."""

RECENT_GAPS = timedelta(days=90)
"""Gaps that ended within this time are told, and of their length what lies within."""

WHEN_GONE: frozenset[Outcome] = SUCCESS | {"missing"}
"""What answers whether a page stands there, once it is known to be gone."""

PASSING = timedelta(days=15)
"""What tells of a moment is the same thing if it is seen again within this time; some is said when a page is
looked at, be it every two weeks."""

ENOUGH_INTERVALS = 5
"""Intervals between new items from which on one may be called usual."""


@dataclass(frozen=True, slots=True)
class Start:
    """How an address that a declaration names was visited last."""

    page: int
    last_success: datetime | None
    due_at: datetime | None
    failures: int
    gone: bool = False
    rows: int | None = None
    awaited_at: datetime | None = None

    @property
    def wait(self) -> timedelta:
        """How long it was to wait when it was read last."""
        return planned_wait(self.last_success, self.awaited_at)


def planned_wait(read_at: datetime | None, awaited_at: datetime | None) -> timedelta:
    """Return how long a page was to wait from its last reading; nothing where that is not known."""
    if read_at is None or awaited_at is None:
        return timedelta()
    return max(timedelta(), awaited_at - read_at)


def patience(source: Source, wait: timedelta = timedelta()) -> timedelta:
    """Return how long a start page may stay unread before it counts as a gap.

    So many of its intervals: a list's are declared, a watched page's are of a day at the most. One that was
    planned to ``wait`` longer is late by the same time.
    """
    every = timedelta(seconds=source.every)
    interval = every if source.listing is not None else max(every, SLOWEST_RHYTHM)
    return max(interval, min(wait, furthest_wait(source))) + (LATE_INTERVALS - 1) * interval


def furthest_wait(source: Source) -> timedelta:
    """Return how long a visit may be planned ahead, but where the budget of a host is short."""
    return max(FURTHEST_PLAN, timedelta(seconds=max(source.every, source.slowest or 0), days=1))


def latest_plan(source: Source, now: datetime, stretch: float = 1.0) -> datetime:
    """Return the last moment for which a visit to a source is planned, be it with a budget's ``stretch``.

    What is planned for later was planned by a clock that was wrong.
    """
    return now + furthest_wait(source) * stretch


def gaps(
    checks: Iterable[Check], allowed: timedelta, answers: Collection[Outcome] = SUCCESS
) -> Iterator[Gap]:
    """Return the gaps between answers of one page, whose checks come in order of time."""
    last: datetime | None = None
    failed: list[Check] = []
    for check in checks:
        if check.outcome in answers:
            if last is not None and check.checked_at - last > allowed:
                yield gap(check.page, last, check.checked_at, failed)
            last, failed = check.checked_at, []
        elif check.outcome != "earlier":
            failed.append(check)


def gap(page: int, began_at: datetime, ended_at: datetime | None, failed: Sequence[Check]) -> Gap:
    """Make the record of a gap; the last of the ``failed`` checks says what was wrong."""
    if not failed:
        return Gap(page, began_at, ended_at)
    return Gap(page, began_at, ended_at, len(failed), failed[-1].outcome, failed[-1].detail)


def open_gap(source: Source, starts: Iterable[Start], now: datetime) -> Gap | None:
    """Return the gap of the start page that has been unread longest, if that is too long.

    Of one that never was read nobody knows when its gap began, and one that is gone is not missed.
    """
    unread = [
        (start.last_success, start)
        for start in starts
        if start.last_success is not None
        and not start.gone
        and now - start.last_success > patience(source, start.wait)
    ]
    if not unread:
        return None
    began, start = min(unread, key=lambda pair: pair[0])
    return Gap(start.page, began, None, start.failures)


def usual(days: Iterable[date]) -> int | None:
    """Return the usual number of seconds between days with something new: the middle one of the intervals.

    None where too few days are known.
    """
    ordered = sorted(set(days))
    intervals = [(b - a).total_seconds() for a, b in pairwise(ordered)]
    return round(median(intervals)) if len(intervals) >= ENOUGH_INTERVALS else None


@dataclass(frozen=True, slots=True)
class Standstill:
    """A list that has stopped: the last day of which it has something, and how often it had."""

    newest: date
    dated: bool  # whether a row says that day, or it is the one on which the last row came
    usual_days: float | None  # None: too little was seen to say

    def __str__(self) -> str:
        newest = "the newest row is of" if self.dated else "no row has come since"
        usual = "" if self.usual_days is None else f"; a new one every {self.usual_days:.1f} days is usual"
        return f"{newest} {self.newest}{usual}"


def standstill(days: Iterable[date], came: Iterable[date], today: date) -> Standstill | None:
    """Find out whether a list has stopped.

    ``days``: those that its rows are of; one in the future is a mistake. ``came``: those on which rows came
    that had not been there; they say what is usual where rows have no dates, or too few.
    """
    dated, seen = ({day for day in given if day <= today} for given in (days, came))
    if not dated | seen:
        return None
    newest = max(dated | seen)
    gap_seconds = usual(dated)
    if gap_seconds is not None:
        newest = max(dated)
    else:
        gap_seconds = usual(seen)
    if gap_seconds is not None:
        silence = max(timedelta(seconds=STANDSTILL_INTERVALS * gap_seconds), SHORTEST_STANDSTILL)
    else:
        longest = max(_longest(dated), _longest(seen))
        silence = max(STANDSTILL_INTERVALS * longest, UNKNOWN_STANDSTILL)
    if today - newest <= silence:
        return None
    return Standstill(newest, newest in dated, gap_seconds / 86_400 if gap_seconds is not None else None)


def _longest(days: Iterable[date]) -> timedelta:
    """Return the longest interval between days, if there are enough to say anything."""
    intervals = [later - sooner for sooner, later in pairwise(sorted(days))]
    return max(intervals) if len(intervals) >= FEW_INTERVALS else timedelta()


def state(source: Source, covered: Coverage, starts: Sequence[Start], now: datetime) -> tuple[State, ...]:
    """List everything that is not in order or not watched, the gravest first; nothing, if all is."""
    if not source.start:
        return ("address-unknown",)
    if covered.last_checked is None:
        return ("unvisited",)
    if source.seen and covered.last_success is None:
        return ("unconfirmed",)
    fewest = covered.rows[0] if covered.rows else None
    gone = len(starts) >= len(source.start) and all(start.gone for start in starts)
    silence = timedelta(seconds=source.quiet_after) if source.quiet_after and not gone else None
    said: dict[State, bool] = {
        "clock": covered.last_checked - now > CLOCK_SLACK
        or any(start.due_at is not None and start.due_at > latest_plan(source, now) for start in starts),
        "overdue": covered.open_gap is not None and _waits(covered.open_gap, starts, patience(source), now),
        "failing": covered.failures > covered.withdrawn,
        "few-rows": bool(covered.expected and fewest is not None and fewest < covered.expected[0]),
        "quiet": bool(silence and covered.last_new_item and now - covered.last_new_item > silence),
        "alerts": covered.alerts > 0,
        "gone": gone and not source.templates,  # the list of a day may have yet to come
    }
    return tuple(name for name, is_so in said.items() if is_so)


def find_troubles(lasting: Iterable[Alert], lately: Iterable[Alert], now: datetime) -> list[Alert]:
    """Find what is wrong, each thing as the alert that began it, with the last words on it.

    ``lasting``: open alerts of kinds that last; ``lately``: those that tell of a moment, of twice the time
    for which one counts. Both in order of their ids.
    """
    found: dict[tuple[str, str, str], Alert] = {}
    for alert in (*lasting, *lately):
        seen = _last_seen(alert)
        before = found.get(key := (alert.kind, alert.source, alert.url))
        if before is not None and (_lasts(alert) or alert.raised_at - _last_seen(before) < PASSING):
            times = before.times + alert.times
            found[key] = replace(before, detail=alert.detail, last_seen=seen, times=times)
        else:
            found[key] = alert
    return [one for one in found.values() if _lasts(one) or now - _last_seen(one) < PASSING]


def group_trouble(alert: Alert, sources: Mapping[str, Source]) -> tuple[str, str, bool]:
    """Say what is wrong with what: pages fail one by one as they fall due, and are one trouble of a source.

    Its start pages are apart: that one page of a notice fails for ever must not hide that a list does.
    """
    source = sources.get(alert.source)
    starts = map(place, source.start) if source else ()
    return alert.kind, alert.source, place(alert.url) in starts


def find_turns(
    before: Collection[Alert], after: Iterable[Alert], sources: Mapping[str, Source]
) -> tuple[list[Alert], list[Alert]]:
    """Find which of the troubles ``after`` are not among those ``before``, and which of these are over.

    What tells of a moment is never over.
    """
    now = list(after)
    known, ids = {group_trouble(alert, sources) for alert in before}, {alert.id for alert in before}
    standing = {group_trouble(alert, sources) for alert in now}
    begun = [
        alert
        for alert in now
        if (group_trouble(alert, sources) not in known if _lasts(alert) else alert.id not in ids)
    ]
    over = [alert for alert in before if _lasts(alert) and group_trouble(alert, sources) not in standing]
    return begun, over


def _lasts(alert: Alert) -> bool:
    return alert.kind in LASTING_ALERTS


def _last_seen(alert: Alert) -> datetime:
    return alert.last_seen or alert.raised_at


GRAVITY: tuple[State, ...] = (
    "clock",
    "overdue",
    "failing",
    "few-rows",
    "quiet",
    "alerts",
    "unvisited",
    "unconfirmed",
    "gone",
    "address-unknown",
)
"""What may not be in order, the gravest first."""

UNWATCHED: tuple[State, ...] = ("unconfirmed", "gone", "address-unknown")
"""States of which nobody needs to be told: there is nothing to mend."""


def is_wrong(covered: Coverage) -> bool:
    """Tell whether something about a source asks for somebody's attention."""
    return not set(covered.state) <= set(UNWATCHED)


def host_of(source: Source) -> str:
    """Name the host of the address that a source begins with; empty where that is not known."""
    return (urlsplit(source.start[0]).hostname or "") if source.start else ""


def host_of_alert(alert: Alert) -> str:
    """Name the host that an alert is about, with its port where the address names one."""
    return urlsplit(alert.url).netloc.rpartition("@")[2]


def by_gravity(rows: Iterable[tuple[Source, Coverage]]) -> list[tuple[State, list[tuple[Source, Coverage]]]]:
    """Group sources by what is gravest with each, worst first, those of a host together; none in order."""
    found: dict[State, list[tuple[Source, Coverage]]] = {state: [] for state in GRAVITY}
    for source, covered in sorted(rows, key=lambda row: (host_of(row[0]), row[0].id)):
        if covered.state:
            found[min(covered.state, key=GRAVITY.index)].append((source, covered))
    return [(state, group) for state, group in found.items() if group]


def _waits(opened: Gap, starts: Iterable[Start], allowed: timedelta, now: datetime) -> bool:
    """Tell whether nobody goes there. After a failure the next visit may be planned for much later."""
    if not opened.visits:
        return True
    due = next((start.due_at for start in starts if start.page == opened.page), None)
    return due is not None and now - due > allowed


def reason(outcome: Outcome | None, detail: str) -> str:
    """Say why a visit brought nothing, in one of our words: an outcome, ``robots`` or ``not-run``."""
    if outcome is None:
        return "not-run"
    return "robots" if outcome == "error" and "robots.txt" in detail else outcome
