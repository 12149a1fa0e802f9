"""What the operator sees: runs and alerts; and the notifications that wait to be sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, func, select

from storage.db import codec
from storage.db.prepared import Prepared, Values
from storage.db.tables import alert, change, outbox, run, setting, source
from storage.query import AlertTurn, Delivery, Query
from storage.records import LASTING_ALERTS, Alert, Run
from storage.topics import filters
from storage.topics.health import PASSING
from storage.topics.leasing.leases import RUN, LeaseReads, LeaseWrites
from storage.topics.pages import url_hash

_SAME_ALERT = timedelta(hours=24)
_STORY_RUN = timedelta(hours=1)  # which the last run of a story began within
STORY = "story"
"""Under which an archive notes until when it tells a story, as that of the demo is."""


_LATEST_CHANGE = Prepared(  # each by its index: asked for both at once, an engine reads all changes
    select(
        select(func.max(change.c.id)).scalar_subquery().label("id"),
        select(func.max(change.c.detected_at)).scalar_subquery().label("detected_at"),
    )
)


class OperationReads(LeaseReads):
    """Questions about runs, alerts, settings and what waits to be sent."""

    def runs(self, limit: int | None = None) -> list[Run]:
        """Return runs, newest first."""
        return [_run(row) for row in self._fetch_all(select(run).order_by(run.c.id.desc()).limit(limit))]

    def last_end(self, command: str, status: str | None = None) -> datetime | None:
        """Return when a run of a command came to its end last; with ``status`` one that ended so."""
        query = select(func.max(run.c.finished_at)).where(run.c.command == command)
        found: datetime | None = self._db.scalar(query.where(run.c.status == status) if status else query)
        return found

    def count_runs(self) -> dict[tuple[str, ...], int]:
        """Count runs by command and by how they ended."""
        query = select(run.c.command, run.c.status, func.count().label("number"))
        rows = self._fetch_all(query.group_by(run.c.command, run.c.status))
        return {(row.command, row.status): row.number for row in rows}

    def count_deliveries(self) -> tuple[int, int]:
        """Count the notifications that wait to be sent, and those that were given up."""
        query = select(outbox.c.status, func.count().label("number")).group_by(outbox.c.status)
        found = {row.status: row.number for row in self._fetch_all(query)}
        return found.get("pending", 0), found.get("failed", 0)

    def last_run_that_altered_the_past(self) -> int:
        """Return the id of the last run that did more than add at the end; 0 before there was one."""
        return self._db.scalar(select(func.max(run.c.id)).where(run.c.command != "crawl")) or 0

    def live_runs(self) -> set[int]:
        """Return the runs that are at work: whose leases are held."""
        return {int(one.name.removeprefix(RUN)) for one in self.leases(RUN)}

    def alerts(
        self,
        sources: tuple[str, ...] = (),
        *,
        kinds: tuple[str, ...] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        after: int | None = None,
    ) -> list[Alert]:
        """Return alerts seen in a space of time, the last seen first; ``after`` as in a Query."""
        query = filters.ordered(ALERTS, alert.c.last_seen, alert.c.id, Query(limit=limit, after=after))
        if sources:
            query = query.where(source.c.slug.in_(sources))
        if kinds:
            query = query.where(alert.c.kind.in_(kinds))
        if since is not None:
            query = query.where(alert.c.last_seen >= since)
        if until is not None:
            query = query.where(alert.c.raised_at < until)
        return [make_alert(row) for row in self._fetch_all(query)]

    def alert(self, id: int) -> Alert | None:
        """Return an alert, or None."""
        row = self._fetch_one(ALERTS.where(alert.c.id == id))
        return make_alert(row) if row else None

    def setting(self, name: str) -> str | None:
        """Return what the archive notes about itself."""
        value: str | None = self._db.scalar(select(setting.c.value).where(setting.c.name == name))
        return value

    def story_end(self) -> datetime | None:
        """Return the moment up to which the archive tells a story of the past; None of one that is alive.

        A run after the end brings it to life.
        """
        said = self.setting(STORY)
        end = datetime.fromisoformat(said) if said else None
        last = self._db.scalar(select(func.max(run.c.started_at)))
        return None if end is None or last is None or last - end > _STORY_RUN else end

    def deliveries(self, limit: int | None = None) -> list[Delivery]:
        """Return notifications still to be sent, in the order they fell due."""
        query = (
            select(outbox)
            .where(outbox.c.status == "pending")
            .order_by(outbox.c.due_at, outbox.c.id)
            .limit(limit)
        )
        return [_delivery(row) for row in self._fetch_all(query)]

    def standing_alerts(self, target: str, now: datetime) -> list[Alert]:
        """Return the alerts of which a target was told last, or is to be told, that they were raised.

        Of those that tell of a moment only the latest.
        """
        last = select(func.max(outbox.c.id)).where(outbox.c.target == target, outbox.c.alert_id.is_not(None))
        told = ALERTS.join(outbox, outbox.c.alert_id == alert.c.id).where(
            outbox.c.id.in_(last.group_by(outbox.c.alert_id)),
            outbox.c.turn == "raised",
            alert.c.kind.in_(LASTING_ALERTS) | (alert.c.last_seen >= now - 2 * PASSING),
        )
        return [make_alert(row) for row in self._fetch_all(told.order_by(alert.c.id))]

    def latest_change(self) -> tuple[int, datetime | None]:
        """Return the largest id among the changes, and the latest detection."""
        row = _LATEST_CHANGE.one(self._db, {})
        return row.id or 0, row.detected_at

    def unqueued_changes(
        self, target: str, query: Query, *, behind: int, imported_since: datetime
    ) -> list[tuple[int, datetime]]:
        """Return id and time of changes that never were in the target's outbox, in order of time.

        Only those with a larger id than ``behind``. What was found in imported captures counts from
        ``imported_since``; what differs in notation only, or was found later, is told to nobody.
        """
        columns = select(change.c.id, change.c.detected_at)
        statement = (
            columns.join(source, source.c.id == change.c.source_id)
            .outerjoin(run, run.c.id == change.c.run_id)
            .where(
                change.c.id > behind,
                sa.or_(
                    run.c.command.is_(None),
                    run.c.command != "import",
                    change.c.detected_at >= imported_since,
                ),
                change.c.reasons != codec.dumps(("form-only",)),
                change.c.reasons.not_like('%"found-later"%'),
                ~sa.exists().where(outbox.c.change_id == change.c.id, outbox.c.target == target),
            )
        )
        return [
            (row.id, row.detected_at)
            for row in self._fetch_all(
                filters.changes(self._db, statement, replace(query, newest_first=False))
            )
        ]


class OperationWrites(OperationReads, LeaseWrites):
    """Writing of runs, alerts, settings and the outbox."""

    def start_run(self, command: str, now: datetime) -> Run:
        """Put a run on record as running, and return it with its id."""
        new = Run(started_at=now, command=command)
        return replace(new, id=self._insert(run, _run_values(new)))

    def end_silent_runs(self) -> None:
        """Mark runs that ended without a word, killed or cut off: nobody holds their leases any more."""
        alive = self.live_runs()
        ended = (run.c.status == "running") & run.c.id.not_in(alive)
        self._db.execute(run.update().where(ended).values(status="failed"))
        self.drop_runs(but=[f"{RUN}{id}" for id in alive])

    def finish_run(self, state: Run) -> None:
        """Store how a run ended."""
        self._db.execute(run.update().where(run.c.id == state.id).values(_run_values(state)))

    def raise_alert(self, new: Alert) -> Alert:
        """Raise an alert. One of the same kind at the same address within a day counts up instead."""
        source_id = self._known_source(new.source)
        same = ALERTS.where(
            alert.c.source_id == source_id,
            alert.c.kind == new.kind,
            alert.c.url_hash == url_hash(new.url),
            alert.c.last_seen > new.raised_at - _SAME_ALERT,
        ).order_by(alert.c.id.desc())
        if (row := self._fetch_one(same.limit(1))) is not None:
            old = make_alert(row)
            # the earlier one: a clock that was ahead raised the other
            began = min(old.raised_at, new.raised_at)
            again = replace(new, id=old.id, raised_at=began, last_seen=new.raised_at, times=old.times + 1)
            self._db.execute(alert.update().where(alert.c.id == old.id).values(_alert_values(again)))
            return again
        first = replace(new, last_seen=new.raised_at)
        return replace(first, id=self._insert(alert, {**_alert_values(first), "source_id": source_id}))

    def note(self, name: str, value: str) -> None:
        """Write what the archive notes about itself."""
        insert = self._upsert(setting).values(name=name, value=value)
        self._db.execute(
            insert.on_conflict_do_update(index_elements=["name"], set_={"value": insert.excluded.value})
        )

    def queue(self, change_ids: Iterable[int], target: str, due_at: datetime) -> int:
        """Put changes into the outbox of a target; those that are or were in it already are left alone."""
        rows = [{"change_id": id, "target": target} for id in change_ids]
        if not rows:
            return 0
        insert = self._upsert(outbox).values(
            [{**row, "status": "pending", "due_at": due_at, "attempts": 0, "error": ""} for row in rows]
        )
        return len(self._fetch_all(insert.on_conflict_do_nothing().returning(outbox.c.id)))

    def queue_alerts(self, alert_ids: Iterable[int], turn: AlertTurn, target: str, due_at: datetime) -> None:
        """Put what happened to alerts into the outbox of a target."""
        for id in alert_ids:
            row = {"alert_id": id, "turn": turn, "target": target, "due_at": due_at}
            self._insert(outbox, {**row, "status": "pending", "attempts": 0, "error": ""})

    def put_delivery(self, state: Delivery) -> None:
        """Write how a notification fared."""
        values = {
            "status": state.status,
            "due_at": state.due_at,
            "attempts": state.attempts,
            "error": state.error,
            "sent_at": state.sent_at,
        }
        self._db.execute(outbox.update().where(outbox.c.id == state.id).values(values))


ALERTS = select(alert, source.c.slug.label("source")).join(source)


def _run(row: Row[Any]) -> Run:
    return Run(
        started_at=row.started_at,
        command=row.command,
        finished_at=row.finished_at,
        status=row.status,
        stats=json.loads(row.stats),
        id=row.id,
    )


def _run_values(state: Run) -> Values:
    return {
        "started_at": state.started_at,
        "command": state.command,
        "finished_at": state.finished_at,
        "status": state.status,
        "stats": codec.dumps(state.stats),
    }


def make_alert(row: Row[Any]) -> Alert:
    """Make an alert of a row of ``ALERTS``."""
    return Alert(
        kind=row.kind,
        source=row.source,
        url=row.url,
        detail=row.detail,
        raised_at=row.raised_at,
        run=row.run_id,
        snapshot=row.snapshot_id,
        last_seen=row.last_seen,
        times=row.times,
        id=row.id,
    )


def _alert_values(state: Alert) -> Values:
    return {
        "kind": state.kind,
        "url": state.url,
        "url_hash": url_hash(state.url),
        "detail": state.detail,
        "raised_at": state.raised_at,
        "last_seen": state.last_seen,
        "times": state.times,
        "run_id": state.run,
        "snapshot_id": state.snapshot,
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        change=row.change_id,
        target=row.target,
        due_at=row.due_at,
        status=row.status,
        attempts=row.attempts,
        error=row.error,
        sent_at=row.sent_at,
        id=row.id,
        alert=row.alert_id,
        turn=row.turn,
    )
