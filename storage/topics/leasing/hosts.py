"""How each host wants to be asked, kept so that a restart or another process is as polite as the last one.

Moments are stored by the clock that leases are judged by, and told as seconds from now: machines whose clocks
differ wait for the same time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from storage.db.tables import host, robots
from storage.records import HostState, RobotsAnswer
from storage.topics.leasing.leases import LONGEST, LeaseReads

MAX_AWAY = timedelta(days=7)
"""What a host asked for beyond that, or a clock that was ahead stored, counts as this."""


class HostReads(LeaseReads):
    """Questions about hosts."""

    def host_state(self, name: str) -> HostState:
        """Return how a host wants to be asked; nothing is asked of one that is not known."""
        row = self._fetch_one(select(host).where(host.c.name == name))
        if row is None:
            return HostState()
        now = self.clock()
        return HostState(
            wait=_left(row.next_at, now, LONGEST),
            delay=row.delay,
            away=_left(row.away_until, now, MAX_AWAY),
            stalls=row.stalls,
            rest=_left(row.rests_until, now, LONGEST),
        )

    def robots_answer(self, site: str) -> RobotsAnswer | None:
        """Return what a site answered to the question for its robots.txt last, or None."""
        row = self._fetch_one(select(robots).where(robots.c.site == site))
        if row is None:
            return None
        age = (self.clock() - row.asked_at).total_seconds()
        return RobotsAnswer(row.status, row.body, row.detail, age)


class HostWrites(HostReads):
    """Keeping of what hosts ask for."""

    def put_host(self, name: str, state: HostState) -> None:
        """Keep how a host wants to be asked."""
        now = self.clock()

        def at(seconds: float) -> datetime | None:
            return now + timedelta(seconds=seconds) if seconds > 0 else None

        values = {
            "next_at": now + timedelta(seconds=max(state.wait, 0.0)),
            "delay": state.delay,
            "away_until": at(state.away),
            "stalls": state.stalls,
            "rests_until": at(state.rest),
        }
        insert = self._upsert(host).values(name=name, **values)
        self._db.execute(insert.on_conflict_do_update(index_elements=["name"], set_=values))

    def put_robots(self, site: str, answer: RobotsAnswer) -> None:
        """Keep what a site answered just now to the question for its robots.txt."""
        values = {
            "asked_at": self.clock(),
            "status": answer.status,
            "body": answer.body,
            "detail": answer.detail,
        }
        insert = self._upsert(robots).values(site=site, **values)
        self._db.execute(insert.on_conflict_do_update(index_elements=["site"], set_=values))


def _left(until: datetime | None, now: datetime, longest: timedelta) -> float:
    """Return the seconds that are left, no more than anybody would have stored."""
    return 0.0 if until is None else min(max((until - now).total_seconds(), 0.0), longest.total_seconds())
