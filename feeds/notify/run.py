"""Notifications: every change or alert that a target asks for is told to it, exactly once if it acknowledges.

    queue (one transaction a target) | take (attempt counted) | send | acknowledged: mark as sent

Each arrow is a point at which the process may be killed. Before ``take`` the next run does the same.
Between ``take`` and the mark nobody can know whether the message arrived, so it is sent again, with the
same identity: never to none, and recognisable where it came twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from feeds.addresses import Site
from feeds.formats.entries import load_names
from feeds.notify.alert_news import AlertNews, compose_alerts
from feeds.notify.message import compose_message
from feeds.notify.outbox import find_pending, make_batches, queue_pending
from feeds.notify.send import Message, NotSent
from feeds.notify.targets import Target
from storage.archive import Archive, Reader
from storage.errors import Busy
from storage.holding import NOTIFY
from storage.query import AlertTurn, Delivery
from storage.records import Alert, Change

MAX_ATTEMPTS = 10
"""With the waits below about a day and a half, then it is given up."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=8)

MAX_FAILURES_IN_A_ROW = 3
"""Failures in a row after which a target is left alone until the next run."""

Now = Callable[[], datetime]


MAX_MARK_ATTEMPTS = 5
"""Times to wait for a busy database before a message that has arrived is left without its mark."""


@dataclass(slots=True)
class NotifyReport:
    """What a run of notifications did, for the command that prints it."""

    queued: int = 0
    sent: int = 0
    waiting: int = 0  # of the targets named, due or not
    first_seen: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def notify(archive: Archive, targets: Sequence[Target], *, base_url: str, now: Now) -> NotifyReport:
    """Queue what is new and send what is due. Raise Busy where another process does."""
    report = NotifyReport()
    with archive.hold("notify", NOTIFY) as holding:
        for target in targets:
            with archive.write() as writer:
                found = queue_pending(writer, target, now())
            report.queued += len(found)
            if found.first_seen:
                report.first_seen.append(target.name)
        for target in targets:
            _Round(archive, target, Site(base_url, target.lang), now, report, holding.check).run()
        with archive.read() as reader:
            named = {target.name for target in targets}
            report.waiting = sum(row.target in named for row in reader.deliveries())
    return report


@dataclass(frozen=True, slots=True)
class _Round:
    """The sending to one target in one run."""

    archive: Archive
    target: Target
    site: Site
    now: Now
    report: NotifyReport
    hold: Callable[[], None]
    """Raises Busy once another process may be sending as well."""

    def run(self) -> None:
        """Send what is due, until failures in a row say that the target is down."""
        with self.archive.read() as reader:
            waiting = _find_due(reader, self.target, self.now())
        failures = 0
        for batch in make_batches(self.target, waiting):
            if failures >= MAX_FAILURES_IN_A_ROW:
                break
            self.hold()
            failures = 0 if self._deliver(self._take(batch)) else failures + 1

    def _take(self, batch: Sequence[Delivery]) -> list[Delivery]:
        """Count the attempt beforehand, and tie a digest together by the time it was taken."""
        now = self.now()
        taken = [replace(row, attempts=row.attempts + 1, due_at=now) for row in batch]
        self._put(taken)
        return taken

    def _deliver(self, taken: Sequence[Delivery]) -> bool:
        with self.archive.read() as reader:
            changes, ready = _compose_batch(reader, self.target, taken, self.site)
        try:
            self.target.channel(ready)
        except NotSent as error:
            self._failed(taken, changes, str(error))
            return False
        self._mark([replace(row, status="sent", sent_at=self.now(), error="") for row in taken])
        self.report.sent += 1
        return True

    def _mark(self, sent: Sequence[Delivery]) -> None:
        """Mark deliveries as sent; wait for a busy database, or the messages would be sent again."""
        for _ in range(MAX_MARK_ATTEMPTS):
            with suppress(Busy):
                return self._put(sent)
        self._put(sent)

    def _failed(self, taken: Sequence[Delivery], changes: Sequence[Change], why: str) -> None:
        now, attempts = self.now(), taken[0].attempts
        told = f"target {self.target.name}: {why} (attempt {attempts})"
        if attempts < MAX_ATTEMPTS:
            self._put([replace(row, error=why, due_at=now + retry_delay(attempts)) for row in taken])
        else:
            told += "; given up"
            # That an alert could not be told is no alert: it would be told to the same target.
            lost = changes[0] if changes else None
            alert = Alert("notification", lost.source, lost.url, told, now) if lost else None
            self._put([replace(row, status="failed", error=why) for row in taken], alert)
        self.report.failures.append(told)

    def _put(self, rows: Iterable[Delivery], alert: Alert | None = None) -> None:
        with self.archive.write() as writer:
            for row in rows:
                writer.put_delivery(row)
            if alert is not None:
                writer.raise_alert(alert)


def retry_delay(attempts: int) -> timedelta:
    """Give the wait before the next attempt: 5, 10, 20 minutes and so on."""
    return min(FIRST_WAIT * (1 << attempts - 1), LONGEST_WAIT)


def preview_messages(
    archive: Archive, targets: Sequence[Target], *, base_url: str, now: Now
) -> Iterator[tuple[Target, Message]]:
    """Compose what ``notify`` would send now, without sending or writing anything."""
    with archive.read() as reader:
        for target in targets:
            at = now()
            waiting = _find_due(reader, target, at)
            found = find_pending(reader, target, at)
            waiting += [Delivery(id, target.name, due_at) for id, due_at in found.changes if due_at <= at]
            if found.alerts_due <= at:
                turns: tuple[AlertTurn, ...] = ("raised", "recovered")
                waiting += [
                    Delivery(None, target.name, at, alert=id, turn=turn)
                    for turn, ids in zip(turns, (found.raised, found.recovered), strict=True)
                    for id in ids
                ]
            for batch in make_batches(target, waiting):
                yield target, _compose_batch(reader, target, batch, Site(base_url, target.lang))[1]


def _find_due(reader: Reader, target: Target, now: datetime) -> list[Delivery]:
    """Find what is to be sent now, and what a clock that was ahead put off for longer than anything waits."""
    longest = max(LONGEST_WAIT, timedelta(days=target.digest_days or 0))
    mine = (row for row in reader.deliveries() if row.target == target.name)
    return [row for row in mine if not now < row.due_at <= now + longest]


def _compose_batch(
    reader: Reader, target: Target, rows: Sequence[Delivery], site: Site
) -> tuple[list[Change], Message]:
    names = load_names(reader, site.lang)
    if target.alerts:
        found = [(row, row.alert and reader.alert(row.alert)) for row in rows]
        news = [AlertNews(row.turn, alert, row.id) for row, alert in found if row.turn and alert]
        return [], compose_alerts(target.name, news, names, site)
    changes = [change for row in rows if row.change and (change := reader.change(row.change)) is not None]
    single = target.digest_days is None
    return changes, compose_message(target.name, changes, names, site, single=single)
