"""What workers do, as the queue of jobs has it: waiting and running jobs, workers, hosts set aside.

The queue stands in a schema of PostgreSQL of its own, which the workers make, see docs/decisions/0026. Where
there is none, there are no jobs.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import Select, column, func, select

from storage.db.session import Session
from storage.query import Job, RestingHost, WorkerFigures

SCHEMA = "kohyo_jobs"

STATES: Mapping[str, str] = {
    "todo": "waiting",
    "doing": "running",
    "succeeded": "done",
    "failed": "failed",
    "cancelled": "cancelled",
    "aborted": "cancelled",
}
"""How the engine names the state of a job, and how we do."""


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(column, columns), schema=SCHEMA)


_job = _table("procrastinate_jobs", "id", "task_name", "lock", "status", "attempts")
_run = _table(
    "job_run",
    "job_id",
    "worker",
    "host",
    "started_at",
    "ended_at",
    "outcome",
    "status",
    "seconds",
    "pages",
    "detail",
)
_worker = _table(
    "worker",
    "name",
    "version",
    "started_at",
    "seen_at",
    "ended_at",
    "done",
    "failed",
    "nothing_free",
    "killed",
    "seconds",
    "pages",
)
_rest = _table("host_rest", "host", "kills", "until", "detail")

OUTCOMES = ("done", "failed", "nothing-free", "killed")
"""What became of a job: how its process ended."""


class JobReads(Session):
    """Questions about jobs and workers."""

    def has_jobs(self) -> bool:
        """Tell whether there is a queue of jobs."""
        if self._is_sqlite:
            return False
        return self._db.scalar(select(func.to_regnamespace(SCHEMA))) is not None

    def count_jobs(self) -> dict[str, int]:
        """Count jobs by state; empty where there is no queue."""
        if not self.has_jobs():
            return {}
        query = select(_job.c.status.cast(sa.Text).label("status"), func.count().label("number"))
        counted = dict.fromkeys(STATES.values(), 0)
        for row in self._fetch_all(query.group_by(_job.c.status)):
            counted[STATES.get(row.status, row.status)] += row.number
        return counted

    def jobs(
        self, state: str = "", host: str = "", *, limit: int | None = None, id: int | None = None
    ) -> list[Job]:
        """Return jobs, the latest first; empty where there is no queue."""
        if not self.has_jobs():
            return []
        query: Select[tuple[object, ...]] = (
            select(
                _job.c.id,
                _job.c.task_name,
                _job.c.lock,
                _job.c.status.cast(sa.Text).label("state"),
                _job.c.attempts,
                *(one for one in _run.c if one.name not in ("job_id", "host")),
            )
            .select_from(_job.outerjoin(_run, _run.c.job_id == _job.c.id))
            .order_by(_job.c.id.desc())
            .limit(limit)
        )
        if state:
            named = [name for name, ours in STATES.items() if ours == state]
            query = query.where(_job.c.status.cast(sa.Text).in_(named))
        if host:
            query = query.where(_job.c.lock == f"host:{host}")
        if id is not None:
            query = query.where(_job.c.id == id)
        return [
            Job(
                id=row.id,
                task=row.task_name,
                host=(row.lock or "").removeprefix("host:") if row.task_name == "visit" else "",
                state=STATES.get(row.state, row.state),
                attempts=row.attempts,
                worker=row.worker or "",
                started_at=row.started_at,
                ended_at=row.ended_at,
                outcome=row.outcome or "",
                status=row.status,
                seconds=row.seconds,
                pages=row.pages,
                detail=row.detail or "",
            )
            for row in self._fetch_all(query)
        ]

    def passed_over_hosts(self) -> set[str]:
        """Return the hosts for which no job is enqueued: one waits or runs already, or they are set aside."""
        if not self.has_jobs():
            return set()
        at_hand = select(_job.c.lock).where(
            _job.c.status.cast(sa.Text).in_(("todo", "doing")), _job.c.lock.like("host:%")
        )
        hosts = {row.lock.removeprefix("host:") for row in self._fetch_all(at_hand)}
        return hosts | {one.host for one in self.resting_hosts()}

    def workers(self) -> list[WorkerFigures]:
        """Return the workers that were seen lately, by name; empty where there is no queue."""
        if not self.has_jobs():
            return []
        at_work = (
            select(func.count())
            .select_from(_run.join(_job, _job.c.id == _run.c.job_id))
            .where(_run.c.worker == _worker.c.name, _job.c.status.cast(sa.Text) == "doing")
            .where(_run.c.ended_at.is_(None))
        )
        query = select(*_worker.c, at_work.scalar_subquery().label("running")).order_by(_worker.c.name)
        return [
            WorkerFigures(
                name=row.name,
                version=row.version,
                started_at=row.started_at,
                seen_at=row.seen_at,
                ended_at=row.ended_at,
                running=row.running,
                ended={
                    "done": row.done,
                    "failed": row.failed,
                    "nothing-free": row.nothing_free,
                    "killed": row.killed,
                },
                seconds=row.seconds,
                pages=row.pages,
            )
            for row in self._fetch_all(query)
        ]

    def resting_hosts(self) -> list[RestingHost]:
        """Return the hosts that are set aside now, since their visits ended their processes."""
        if not self.has_jobs():
            return []
        query = select(_rest).where(_rest.c.until > func.now()).order_by(_rest.c.host)
        return [RestingHost(row.host, row.kills, row.until, row.detail) for row in self._fetch_all(query)]
