"""Leases: who may work on what, until when, and whether a write is still that of the owner.

The database's clock decides on PostgreSQL, so that machines whose clocks differ agree; on SQLite, which is of
one machine, that machine's.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, bindparam, func, select

from storage.db.prepared import Prepared
from storage.db.session import Session
from storage.db.tables import lease
from storage.records import Lease
from storage.topics.leasing.owners import is_dead

LONGEST = timedelta(hours=1)
"""Nobody takes a lease for so long: one that lasts longer was taken by a clock that was ahead."""


class LeaseReads(Session):
    """Questions about leases."""

    def clock(self) -> datetime:
        """Return the time by which leases are judged."""
        if self._is_sqlite:
            return datetime.now(UTC)
        now: datetime | None = self._db.scalar(select(func.clock_timestamp()))
        assert now is not None
        return now.astimezone(UTC)

    def leases(self, start: str = "") -> list[Lease]:
        """Return the leases that are held now, those whose names start so, in order of their names."""
        held, _ = self.leases_and_left()
        return [one for one in held if one.name.startswith(start)]

    def leases_and_left(self) -> tuple[list[Lease], list[Lease]]:
        """Return the leases that are held now, and those that nobody gave back: the next takes them over."""
        now = self.clock()
        rows = self._fetch_all(select(lease).where(lease.c.owner != "").order_by(lease.c.name))
        held, left = ([_lease(row) for row in rows if _is_free(row, now) is free] for free in (False, True))
        return held, left


class LeaseWrites(LeaseReads):
    """Taking, renewing and giving back of leases, and the proof that they are held."""

    def take_lease(self, name: str, owner: str, holder: str, seconds: float) -> Lease | None:
        """Take a lease that is free, expired, or held by a process that is known to have ended.

        None where somebody else holds it. The fence grows with each new owner.
        """
        insert = self._upsert(lease).values(
            name=name, owner="", until=datetime.fromtimestamp(0, UTC), fence=0, holder=""
        )
        self._db.execute(insert.on_conflict_do_nothing())
        row = self._fetch_one(select(lease).where(lease.c.name == name).with_for_update())
        now = self.clock()  # after the wait for whoever held the row
        if row.owner != owner and not _is_free(row, now):
            return None
        fence, until = row.fence + (row.owner != owner), now + timedelta(seconds=seconds)
        values = {"owner": owner, "until": until, "fence": fence, "holder": holder}
        self._db.execute(lease.update().where(lease.c.name == name).values(values))
        return Lease(name, owner, fence, holder, until, taken_over=row.owner not in ("", owner))

    def renew_leases(self, owner: str, seconds: float) -> dict[str, int]:
        """Prolong whatever an owner still has, expired or not, and return the fences by their names."""
        mine = lease.c.owner == owner
        # in one order, as those who prove that they hold some lock them: nobody waits in a circle
        self._db.execute(select(lease.c.name).where(mine).order_by(lease.c.name).with_for_update())
        until = self.clock() + timedelta(seconds=seconds)
        rows = self._fetch_all(
            lease.update().where(mine).values(until=until).returning(lease.c.name, lease.c.fence)
        )
        return {row.name: row.fence for row in rows}

    def find_lost(self, leases: Collection[Lease]) -> str | None:
        """Return the name of a lease that another took over, or None: then nobody can before this ends.

        Whoever would take one over waits for this transaction.
        """
        names = sorted({one.name for one in leases})  # in one order, as above
        rows = [row for name in names for row in _HELD.rows(self._db, {"name": name})]
        now = {(row.name, row.owner, row.fence) for row in rows}
        return next((one.name for one in leases if (one.name, one.owner, one.fence) not in now), None)

    def release_leases(self, leases: Collection[Lease]) -> None:
        """Give back what is still the owner's. Those of runs, whose names never come again, go."""
        for one in leases:
            mine = (lease.c.name == one.name) & (lease.c.owner == one.owner) & (lease.c.fence == one.fence)
            if one.name.startswith(RUN):
                self._db.execute(lease.delete().where(mine))
            else:
                self._db.execute(lease.update().where(mine).values(owner="", holder=""))

    def drop_runs(self, but: Collection[str]) -> None:
        """Take out the leases of runs that ended without a word; ``but`` are those that live."""
        gone = lease.c.name.startswith(RUN, autoescape=True) & lease.c.name.not_in(but)
        self._db.execute(lease.delete().where(gone))


_HELD = Prepared(
    select(lease.c.name, lease.c.owner, lease.c.fence)
    .where(lease.c.name == bindparam("name"))
    .with_for_update(read=True)
)
RUN, HOST, DUTY = "run:", "host:", "duty:"
"""What the names of leases begin with."""


def _is_free(row: Row[tuple[object, ...]], now: datetime) -> bool:
    return not row.owner or not now < row.until <= now + LONGEST or is_dead(row.owner)


def _lease(row: Row[tuple[object, ...]]) -> Lease:
    return Lease(row.name, row.owner, row.fence, row.holder, row.until)
