"""What is kept for a time only: bytes that no version is read from, and the log of checks.

A page that is fetched anew and says the same leaves bytes behind that nothing is read from. They go after a
time, and their digests, headers and times stay, so what was seen and when is still on record. Bytes that a
version, a link of the chain, an alert or the newest look at a page rests on are never among them.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import func, select

from storage.db import blobs
from storage.db.session import Session, among
from storage.db.tables import alert, blob, chain, change, check, page, run, snapshot, version
from storage.query import Prunable

KEPT_CHECKS = 100
"""Of each page the newest checks stay, however old: coverage is told by them."""

KEPT_RUNS = 100
"""The newest crawls stay, however old: when one ended last is told by them."""

BATCH_SNAPSHOTS = 200
"""So many lose their bytes in one transaction."""

_TOLD_BY_ITSELF = ("version", "earlier")
"""Outcomes of checks that stay: of what made a version, and of captures that were imported."""


KeptKind = Literal["captures", "versions", "texts", "index", "facts", "links", "changes", "visits", "other"]

_TABLES: dict[KeptKind, tuple[str, ...]] = {
    "captures": ("blob", "snapshot"),  # the bytes of a version's blocks among them
    "versions": ("version", "page_past"),
    "texts": ("search_doc",),
    "index": ("search_index",),
    "facts": ("fact_value", "fact_span", "tally"),
    "links": ("notice_evidence", "notice_keys", "incident_evidence", "incident_link"),
    "changes": ("notice", "change", "moved_count", "chain"),
    "visits": ("page", "check", "gap", "run", "host_block", "page_blocks"),
}
_KINDS: dict[str, KeptKind] = {name: kind for kind, names in _TABLES.items() for name in names}


class PruneReads(Session):
    """Questions about what has been kept long enough."""

    def kept_bytes(self) -> dict[KeptKind, int]:
        """Return what the archive takes on disk, by what it is, the largest first.

        Room that is free within the files is none of these. Nothing where SQLite cannot tell (``dbstat``).
        """
        of_sqlite = (
            "SELECT coalesce(s.tbl_name, d.name) AS name, sum(d.pgsize) AS bytes FROM dbstat d"
            " LEFT JOIN sqlite_schema s ON s.name = d.name WHERE d.aggregate = 1 GROUP BY 1"
        )
        of_postgresql = (
            "SELECT relname AS name, pg_total_relation_size(oid) AS bytes FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = to_regnamespace(current_schema())"
        )
        try:
            rows = self._fetch_all(sa.text(of_sqlite if self._is_sqlite else of_postgresql))
        except sa.exc.OperationalError:
            return {}
        found: Counter[KeptKind] = Counter()
        for row in rows:
            name = "search_index" if row.name.startswith("search_index") else row.name
            found[_KINDS.get(name, "other")] += int(row.bytes)
        return dict(found.most_common())

    def pruned(self) -> int:
        """Count the captures whose bytes were pruned; their digests are kept."""
        return int(self._db.scalar(select(func.count()).where(snapshot.c.pruned_at.is_not(None))) or 0)

    def prunable(self, before: datetime) -> Prunable:
        """Count what was kept since before a moment and is needed by nothing, with the bytes it takes."""
        old = _superseded(before).subquery()
        captures, received = self._db.execute(
            select(func.count(), func.coalesce(func.sum(old.c.size), 0)).select_from(old)
        ).one()
        freed = select(func.coalesce(func.sum(func.length(blob.c.data)), 0)).where(
            blob.c.id.in_(select(old.c.blob_id)),
            ~sa.exists().where(snapshot.c.blob_id == blob.c.id, snapshot.c.id.not_in(select(old.c.id))),
            ~sa.exists().where(version.c.content_id == blob.c.id),
        )
        going = _old_checks(before, old).subquery()
        checks = self._db.scalar(select(func.count()).select_from(going))
        idle = _idle_runs(before, going)
        runs = self._db.scalar(select(func.count()).select_from(idle.subquery()))
        stored = int(self._db.scalar(freed) or 0)
        return Prunable(int(captures), int(received), stored, int(checks or 0), int(runs or 0))


class PruneWrites(PruneReads):
    """Taking out what was kept long enough."""

    def prune_bytes(self, before: datetime, now: datetime) -> int:
        """Take the bytes of some captures out, and count these captures: 0 once there is nothing left to do.

        What is stored as its difference from them is stored anew.
        """
        rows = self._fetch_all(_superseded(before).order_by(snapshot.c.id.desc()).limit(BATCH_SNAPSHOTS))
        ids = [row.id for row in rows]
        gone = snapshot.update().where(among(self._db, snapshot.c.id, ids))
        self._db.execute(gone.values(blob_id=None, pruned_at=now))
        going = list(dict.fromkeys(row.blob_id for row in rows))
        bases = {
            row.id: row.base_id
            for row in self._fetch_all(
                select(blob.c.id, blob.c.base_id).where(among(self._db, blob.c.id, going))
            )
        }
        for id in going:
            heir = bases[id]
            while heir in bases:  # what goes as well carries nothing
                heir = bases[heir]
            blobs.discard(self._db, id, heir)
        return len(ids)

    def prune_checks(self, before: datetime) -> int:
        """Take out checks that nothing is told by, and count them."""
        old = select(_old_checks(before, None).subquery().c.id)
        return self._db.execute(check.delete().where(check.c.id.in_(old))).rowcount

    def prune_runs(self, before: datetime) -> int:
        """Take out crawls of which no check, change or alert is left, and count them.

        Each visit of a worker is one. What points to a run is found by no index, since nothing else asks for
        it so: the ones that the databases need to let a run go are made for this transaction alone.
        """
        going = [row.id for row in self._fetch_all(_idle_runs(before))]
        if going:
            for name in _TOLD_OF_RUNS:
                self._db.execute(sa.text(f'CREATE INDEX pruning_{name} ON "{name}" (run_id)'))
            self._db.execute(run.delete().where(among(self._db, run.c.id, going)))
            for name in _TOLD_OF_RUNS:
                self._db.execute(sa.text(f"DROP INDEX pruning_{name}"))
        return len(going)


_TOLD_OF_RUNS = ("check", "change", "alert")
"""Tables that say which run a row is of."""


def _idle_runs(before: datetime, going: sa.Subquery | None = None) -> sa.CompoundSelect[Any]:
    """Select crawls of before a moment that nothing is left of once the checks ``going`` are gone."""
    checks = select(check.c.run_id)
    if going is not None:
        stays = check.outerjoin(going, going.c.id == check.c.id)
        checks = checks.select_from(stays).where(going.c.id.is_(None))
    newest = select(run.c.id).where(run.c.command == "crawl").order_by(run.c.id.desc()).limit(KEPT_RUNS)
    old = select(run.c.id).where(
        run.c.command == "crawl", run.c.status != "running", run.c.started_at < before
    )
    told = [select(change.c.run_id), select(alert.c.run_id), select(newest.subquery().c.id)]
    return old.except_(checks, *told)


def _superseded(before: datetime) -> sa.Select[Any]:
    """Select captures of before a moment that have their bytes and are needed by nothing."""
    needed = (
        sa.exists().where(version.c.snapshot_id == snapshot.c.id),
        sa.exists().where(chain.c.old_snapshot_id == snapshot.c.id),
        sa.exists().where(chain.c.new_snapshot_id == snapshot.c.id),
        sa.exists().where(alert.c.snapshot_id == snapshot.c.id),
        sa.exists().where(page.c.snapshot_id == snapshot.c.id),
        # captures that were imported and still wait for their place
        sa.exists().where(
            check.c.snapshot_id == snapshot.c.id, check.c.outcome == "earlier", check.c.detail == ""
        ),
    )
    return select(snapshot.c.id, snapshot.c.size, snapshot.c.blob_id).where(
        snapshot.c.blob_id.is_not(None), snapshot.c.captured_at < before, *(~one for one in needed)
    )


def _old_checks(before: datetime, pruned: sa.Subquery | None) -> sa.Select[Any]:
    """Select checks of before a moment with no bytes as their evidence, but for the newest of each page.

    ``pruned``: captures that are still to lose their bytes.
    """
    ranked = select(
        check.c.id,
        check.c.checked_at,
        check.c.outcome,
        check.c.snapshot_id,
        func.row_number().over(partition_by=check.c.page_id, order_by=check.c.id.desc()).label("place"),
    ).subquery()
    bare = [
        ranked.c.snapshot_id.is_(None),
        ranked.c.snapshot_id.in_(select(snapshot.c.id).where(snapshot.c.pruned_at.is_not(None))),
    ]
    if pruned is not None:
        bare.append(ranked.c.snapshot_id.in_(select(pruned.c.id)))
    return select(ranked.c.id).where(
        ranked.c.place > KEPT_CHECKS,
        ranked.c.checked_at < before,
        ranked.c.outcome.not_in(_TOLD_BY_ITSELF),
        sa.or_(*bare),
    )
