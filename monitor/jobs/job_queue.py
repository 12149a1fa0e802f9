"""The queue of jobs: procrastinate, in a schema of PostgreSQL beside the archive's.

All in it can be made anew from what is due: it holds no evidence, and is no part of the archive. Imported
only by the commands that need it, since procrastinate is an extra.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import procrastinate
import psycopg
from procrastinate.schema import SchemaManager

from storage.db.engine import parse_url, shown
from storage.errors import StorageError, Unreachable
from storage.log_lines import log_event
from storage.topics.leasing.jobs import SCHEMA

logger = logging.getLogger(__name__)

VISITS, DUTIES = "visits", "duties"
"""The two queues. Each worker serves both, and a duty never waits for a visit."""

VISIT = "visit"

BATCH = 1000
"""Jobs that are enqueued in one go. After as many, the table is counted anew: without that it takes
half a second to find the next of 100,000 jobs, with it two milliseconds."""

_OURS = """
CREATE INDEX procrastinate_jobs_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing');
CREATE TABLE job_run (
    job_id bigint PRIMARY KEY REFERENCES procrastinate_jobs ON DELETE CASCADE,
    worker text NOT NULL,
    host text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    outcome text,
    status integer,
    seconds double precision,
    pages integer,
    detail text
);
CREATE TABLE worker (
    name text PRIMARY KEY,
    version text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    done bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    nothing_free bigint NOT NULL DEFAULT 0,
    killed bigint NOT NULL DEFAULT 0,
    seconds double precision NOT NULL DEFAULT 0,
    pages bigint NOT NULL DEFAULT 0
);
CREATE TABLE host_rest (
    host text PRIMARY KEY,
    kills integer NOT NULL,
    until timestamptz,
    detail text NOT NULL DEFAULT ''
);
"""
"""The engine finds a job in two milliseconds by this index and in minutes without it; the tables are ours."""

_LAYOUT = 1  # of our tables; raise it when they change

_LOCK = 0x6B6F6882  # of PostgreSQL, any number that is ours


class NewerQueue(StorageError):
    """A newer kohyo, or a newer procrastinate, made the queue."""


def layout() -> str:
    """Name the layout of the queue: that of the engine's last migration, and ours."""
    steps = sorted(path.stem for path in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return f"{steps[-1]}/{_LAYOUT}"


def conninfo(url: str) -> str:
    """Write the address of a database as PostgreSQL's own library takes it."""
    return parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def prepare(url: str) -> None:
    """Make the queue where there is none, or where an older one stands. Raises StorageError.

    One of an older layout is dropped with its jobs: what is due is enqueued again within a minute.
    """
    where = shown(parse_url(url))
    try:
        with psycopg.connect(conninfo(url), connect_timeout=10) as db:
            _prepare(db, where)
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise Unreachable(
            f"{where}: {reason}; check that the server is there and takes connections"
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise StorageError(f"{where}: the queue needs a schema {SCHEMA} that it may create") from error


def _prepare(db: psycopg.Connection[Any], where: str) -> None:
    db.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    known = db.execute(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [SCHEMA]
    ).fetchone()
    noted, ours = (known[0] or "" if known else ""), layout()
    if noted == ours:
        return
    if known and not noted:
        raise StorageError(f"{where} has a schema {SCHEMA} that kohyo did not make; rename it")
    if noted > ours:
        raise NewerQueue(
            f"the queue on {where} was made by a newer version ({noted}, here {ours}); "
            "install the same version of kohyo and procrastinate on all machines"
        )
    db.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    db.execute(f"CREATE SCHEMA {SCHEMA}")
    db.execute(f"SET LOCAL search_path = {SCHEMA}")
    db.execute(SchemaManager.get_schema())
    db.execute(_OURS)
    db.execute(psycopg.sql.SQL("COMMENT ON SCHEMA {} IS {}").format(psycopg.sql.Identifier(SCHEMA), ours))


def make_app(url: str) -> procrastinate.App:
    """Make the engine's application on the queue of an archive; it is still to be opened."""
    connection: dict[str, Any] = {
        "options": f"-c search_path={SCHEMA}",
        "connect_timeout": 10,
        "keepalives_idle": 60,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo(url), kwargs=connection, min_size=1, max_size=6, timeout=60.0
    )
    return procrastinate.App(connector=connector)


def enqueue_visits(url: str, hosts: Mapping[str, Mapping[str, str]], *, asked: bool = False) -> int:
    """Enqueue a visit for each host that has none yet, and is not set aside; returns how many.

    ``hosts`` are names with what else the job is told. Whoever has ``asked`` for them by name lifts what sets
    them aside.
    """
    prepare(url)
    app = make_app(url)
    with app.open(), psycopg.connect(conninfo(url), options=f"-c search_path={SCHEMA}") as db:
        if asked:
            db.execute("DELETE FROM host_rest WHERE host = ANY(%s)", [list(hosts)])
            db.commit()
        there = "SELECT lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND lock IS NOT NULL"
        resting = "SELECT 'host:' || host FROM host_rest WHERE until > now()"
        passed_over = {row[0] for row in db.execute(f"{there} UNION {resting}")}
        jobs = []
        for host, told in hosts.items():
            lock = f"host:{host}"
            if lock not in passed_over:
                visit = app.configure_task(VISIT, queue=VISITS, lock=lock, queueing_lock=lock)
                jobs.append(visit.make_new_job(host=host, **told))
        added = sum(_defer(app, jobs[at : at + BATCH]) for at in range(0, len(jobs), BATCH))
        if added >= BATCH:
            db.execute("ANALYZE procrastinate_jobs")
    log_event(logger, "jobs.enqueued", jobs=added, waiting=len(hosts) - added)
    return added


def _defer(app: procrastinate.App, jobs: Iterable[Any]) -> int:
    """Enqueue jobs together, or one by one where another was faster with one of them."""
    jobs = list(jobs)
    try:
        return len(app.job_manager.batch_defer_jobs(jobs))
    except procrastinate.exceptions.AlreadyEnqueued:
        return sum(_defer(app, [job]) for job in jobs) if len(jobs) > 1 else 0


def retry(url: str, job: int) -> bool:
    """Enqueue a failed job again; False where there is none, or one waits for its host already."""
    app = make_app(url)
    with app.open(), psycopg.connect(conninfo(url), options=f"-c search_path={SCHEMA}") as db:
        found = db.execute("SELECT status, lock FROM procrastinate_jobs WHERE id = %s", [job]).fetchone()
        if found is None or found[0] != "failed":
            return False
        db.execute("DELETE FROM host_rest WHERE 'host:' || host = %s", [found[1]])
        db.commit()
        try:
            app.job_manager.connector.get_sync_connector().execute_query(
                "SELECT procrastinate_retry_job_v2(%(job)s, NULL, NULL, NULL, NULL)", job=job
            )
        except procrastinate.exceptions.UniqueViolation:  # another waits with the same lock
            return False
    return True


def cancel(url: str, job: int) -> bool:
    """Cancel a job that waits, and ask one that runs to end after its page; False where it has ended."""
    app = make_app(url)
    with app.open():
        return app.job_manager.cancel_job_by_id(job, abort=True)
