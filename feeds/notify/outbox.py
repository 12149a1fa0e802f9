"""Which changes a target is to hear of: pure decisions, and the transaction that puts them into the outbox.

The outbox remembers for ever what was put into it for a target, so nothing is queued twice. What came
before the target was first seen is past and never queued. A filter that is changed counts from then
on: widening it does not bring the past.

Of alerts a target is told what is wrong when it is first looked at, and from then on what begins to be
and what is well again. What stands is compared with what it was told last, so nothing is told twice while
it lasts, and what lasts is not lost to a run that was killed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from feeds.addresses import EPOCH
from feeds.notify.targets import Target
from storage.archive import Reader, Writer
from storage.query import Delivery
from storage.text.japanese import JST
from storage.topics.health import find_turns

BATCH_CHANGES = 50
"""Changes in one digest; what is more comes in another."""

_MORNING = datetime(2024, 1, 1, 8, tzinfo=JST)  # a Monday


@dataclass(frozen=True, slots=True)
class TargetMark:
    """The state of a target that is kept between runs."""

    filter: str  # digest of what it asked for
    behind: int  # changes with an id up to this one are past
    examined: int  # the largest id when it was last looked at
    imported_since: str  # what is found in captures of before is past, too, though its id is new
    looked_at: str


def make_first_mark(target: Target, latest: tuple[int, datetime | None], now: datetime) -> TargetMark:
    """Make the mark of a target never seen before: the past ends now, or at its own ``since``."""
    id, detected = latest
    begin = target.since or detected or EPOCH
    return TargetMark(
        _digest_filter(target), 0 if target.since else id, id, begin.isoformat(), now.isoformat()
    )


def mark_for_filter(mark: TargetMark, target: Target) -> TargetMark:
    """Return the mark to use with the target's present filter, which may have been changed."""
    filter = _digest_filter(target)
    return mark if filter == mark.filter else replace(mark, filter=filter, behind=mark.examined)


def _digest_filter(target: Target) -> str:
    return hashlib.blake2b(repr(target.query).encode("utf-8", "replace"), digest_size=12).hexdigest()


def find_due_time(target: Target, detected: datetime, mark: TargetMark, now: datetime) -> datetime:
    """Find when a change is to be sent: at once, or with the next digest after it was seen.

    A digest whose hour has passed is over, and the next one is meant.
    """
    if target.digest_days is None:
        return now
    seen = max(detected, datetime.fromisoformat(mark.looked_at))
    return next_digest_time(target.digest_days, min(seen, now))  # later, by a clock that was ahead


def next_digest_time(days: int, moment: datetime) -> datetime:
    """Find the first digest time after a moment, with a digest every ``days`` days."""
    period = timedelta(days=days)
    return _MORNING + ((moment - _MORNING) // period + 1) * period


@dataclass(frozen=True, slots=True)
class Pending:
    """What a target has not been told yet: ids of changes with the time at which each is due, or alerts."""

    mark: TargetMark
    changes: tuple[tuple[int, datetime], ...]
    first_seen: bool
    raised: tuple[int, ...] = ()
    recovered: tuple[int, ...] = ()
    alerts_due: datetime = EPOCH

    def __len__(self) -> int:
        return len(self.changes) + len(self.raised) + len(self.recovered)


def find_pending(reader: Reader, target: Target, now: datetime) -> Pending:
    """Find what a target has not been told yet, without writing anything."""
    noted = reader.setting(_setting_name(target))
    latest = reader.latest_change()
    mark = (
        mark_for_filter(TargetMark(**json.loads(noted)), target)
        if noted
        else make_first_mark(target, latest, now)
    )
    examined = max(latest[0], mark.examined)
    looked = replace(mark, examined=examined, looked_at=now.isoformat())
    if target.alerts:
        raised, recovered = _find_turns(reader, target, now)
        due = find_due_time(target, EPOCH, mark, now)
        return Pending(looked, (), noted is None, raised, recovered, due)
    untold = reader.unqueued_changes(
        target.name,
        target.query,
        behind=mark.behind,
        imported_since=datetime.fromisoformat(mark.imported_since),
    )
    at_once = noted is None  # what a new target asks for of the past waits for no morning
    changes = tuple(
        (id, now if at_once else find_due_time(target, detected, mark, now)) for id, detected in untold
    )
    return Pending(looked, changes, noted is None)


def _find_turns(reader: Reader, target: Target, now: datetime) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Find the alerts of the target's kinds and sources that began, and those told of that are over."""
    sources = {source.id: source for source in reader.sources()}
    told = reader.standing_alerts(target.name, now)
    begun, over = find_turns(told, reader.troubles(now), sources)
    over = reader.still_watched(over, now)  # others are neither broken nor well again
    only, kinds = target.query.sources, target.query.source_kinds
    wanted = (
        alert.id
        for alert in begun
        if alert.kind in target.alerts
        and (not only or alert.source in only)
        and (not kinds or sources[alert.source].kind in kinds)
    )
    return tuple(wanted), tuple(alert.id for alert in over)


def queue_pending(writer: Writer, target: Target, now: datetime) -> Pending:
    """Put what is new into the outbox and store the mark, in the transaction of ``writer``."""
    found = find_pending(writer, target, now)
    for due_at, group in groupby(sorted(found.changes, key=lambda each: each[1]), lambda each: each[1]):
        ids = [id for id, _ in group]
        for start in range(0, len(ids), 500):
            writer.queue(ids[start : start + 500], target.name, due_at)
    writer.queue_alerts(found.raised, "raised", target.name, found.alerts_due)
    writer.queue_alerts(found.recovered, "recovered", target.name, found.alerts_due)
    writer.note(_setting_name(target), json.dumps(asdict(found.mark)))
    return found


def _setting_name(target: Target) -> str:
    return f"notify:{target.name}"


def make_batches(target: Target, waiting: Iterable[Delivery]) -> list[Sequence[Delivery]]:
    """Group waiting deliveries into messages, in order of the changes; alerts are always told together.

    A digest that was tried stays together: it may have arrived without an acknowledgement, and can
    only be recognised if it says the same. Its members share the time at which it is due again.
    """
    rows = sorted(waiting, key=lambda row: (row.change or 0, row.id))
    if target.digest_days is None and not target.alerts:
        return [[row] for row in rows]
    fresh = [row for row in rows if not row.attempts]
    tried = sorted((row for row in rows if row.attempts), key=lambda row: row.due_at)
    digests: list[Sequence[Delivery]] = [list(group) for _, group in groupby(tried, lambda row: row.due_at)]
    if target.alerts:
        fresh.sort(key=lambda row: row.turn != "raised")
        digested = target.digest_days is not None
        return digests + [list(group) for _, group in groupby(fresh, lambda row: digested or row.turn)]
    return digests + [fresh[start : start + BATCH_CHANGES] for start in range(0, len(fresh), BATCH_CHANGES)]
