"""A worker: takes jobs from the queue, does each in a process of its own, and sees to what is periodical.

Who visits a host is settled by the host's lease. The queue's lock on it saves a start in vain, and no more.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from procrastinate import App, JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from monitor.jobs import job_queue
from monitor.jobs.job_queue import DUTIES, VISIT, VISITS
from monitor.jobs.process import Ended, JobProcess, Program
from storage.archive import open_archive
from storage.errors import NewerSchema, StorageError, Unreachable
from storage.log_lines import log_event
from storage.records import Alert

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
"""Between two questions for jobs. Nothing listens besides: a listener ends with its connection, and with it
the worker, at every restart of the database."""

BEAT_SECONDS = 10.0
"""Between two signs of life."""

STALLED_SECONDS = 30.0
"""Without a sign of life after which a worker is taken for dead, and its jobs are done again."""

MAX_KILLS = 5
"""Visits of a host in a row that end their process; then it is set aside."""

MAX_DEATHS = 20
"""Workers that die over one and the same job; then its host is set aside as well. A machine that goes takes
all visits of its worker with it, and those are seldom to blame."""

REST_HOURS = 6
"""For which it is."""

KEPT_HOURS = 24 * 14
"""For which ended jobs, and workers that are gone, are shown."""

LONGEST_PAUSE = 30.0
"""Seconds until a queue that does not answer is asked again."""

_BUSY = 10
"""Priority of what keeps the queue going."""

_LOST = (ConnectorException, psycopg.Error, Unreachable, OSError)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a worker is to do, and how it runs kohyo for it."""

    url: str
    name: str
    version: str
    concurrency: int
    program: Program  # kohyo
    options: Sequence[str]  # of it, that say what it works with
    environment: Mapping[str, str]
    site: Path | None = None  # is published to
    notifies: bool = False


class JobFailed(Exception):
    """A job did not end well; what became of it is on record."""


class Worker:
    """A worker at work. ``run`` returns when it was told to end, or cannot go on."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._processes: dict[int, JobProcess] = {}
        self._ids: set[int] = set()  # under which the engine knows us
        self._stop = asyncio.Event()
        self._given_up: StorageError | None = None
        self._duties = [DUTIES]  # queues of what this one can do besides visits
        self._app: App = self._make_app()

    def stop(self) -> None:
        """Take no more jobs, and end those at work after the page in flight; told again, at once."""
        for process in list(self._processes.values()):
            process.kill() if self._stop.is_set() else process.tell_to_end()
        if not self._stop.is_set():
            log_event(logger, "worker.stopping", worker=self._plan.name, jobs=len(self._processes))
        self._stop.set()

    async def run(self) -> None:
        """Work until told to end. Raises StorageError where archive or queue are of a newer version."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        pause = 1.0
        while not self._stop.is_set():
            began = loop.time()
            try:
                await asyncio.to_thread(job_queue.prepare, self._plan.url)
                async with self._app.open_async():
                    await self._work()
            except _LOST as error:
                log_event(logger, "queue.lost", logging.WARNING, worker=self._plan.name, text=_say(error))
            pause = 1.0 if loop.time() - began > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)
        log_event(logger, "worker.ended", worker=self._plan.name)
        if self._given_up is not None:
            raise self._given_up

    async def _work(self) -> None:
        """Take jobs until told to end, or until the queue is lost."""
        plan = self._plan
        await self._execute(_APPEAR, name=plan.name, version=plan.version)
        log_event(
            logger, "worker.began", worker=plan.name, version=plan.version, concurrency=plan.concurrency
        )
        await self._recover()
        serving = [
            asyncio.create_task(self._serve([VISITS], plan.concurrency)),
            asyncio.create_task(self._serve(self._duties, 1)),
            asyncio.create_task(self._beat()),
            asyncio.create_task(self._stop.wait()),
        ]
        await asyncio.wait(serving, return_when=asyncio.FIRST_COMPLETED)
        for one in serving:
            one.cancel()
        ended = await asyncio.gather(*serving, return_exceptions=True)
        with suppress(*_LOST):
            await self._execute(_LEAVE, name=plan.name)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _serve(self, queues: list[str], concurrency: int) -> None:
        await self._app.run_worker_async(
            queues=queues,
            name=self._plan.name,
            concurrency=concurrency,
            fetch_job_polling_interval=POLL_SECONDS,
            abort_job_polling_interval=POLL_SECONDS,
            listen_notify=False,
            install_signal_handlers=False,
            update_heartbeat_interval=BEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
        )

    async def _beat(self) -> None:
        """Give signs of life, and find visits of ours whose end could not be written down."""
        suspected: set[int] = set()
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._execute(_BEAT, name=self._plan.name)
            rows = await self._fetch(_OF_WORKERS, ids=sorted(self._ids))
            lost = {row["id"]: row["lock"] for row in rows if row["id"] not in self._processes}
            for id in lost.keys() & suspected:  # twice: one may just begin, or be about to be written down
                await self._do_again(id, lost[id], "its end could not be written down")
            suspected = set(lost)

    # --- the jobs --------------------------------------------------------------------------------

    def _make_app(self) -> App:
        app, plan = job_queue.make_app(self._plan.url), self._plan

        @app.task(queue=VISITS, name=VISIT, pass_context=True)
        async def visit(context: JobContext, host: str, source: str = "", url: str = "") -> None:
            ended = await self._do(context, host, "crawl", "--host", host, "-v")
            if ended.outcome == "killed":
                await self._count_kill(host, source, url, f"its process ended with status {ended.status}")
            else:
                await self._execute("DELETE FROM host_rest WHERE host = %(host)s", host=host)
            _judge(ended)

        def duty(name: str, cron: str, *arguments: str, queue: str = DUTIES) -> None:
            async def do(context: JobContext, timestamp: int) -> None:
                _judge(await self._do(context, "", *arguments))

            lock = f"duty:{name}"
            task = app.task(queue=queue, name=name, pass_context=True, queueing_lock=lock, priority=_BUSY)
            app.periodic(cron=cron)(task(do))
            if queue not in self._duties:
                self._duties.append(queue)

        duty("enqueue", "* * * * *", "enqueue")
        duty("verify", "0 18 * * 6", "verify")  # in Japan on Sunday at 3
        if plan.site is not None:
            duty("publish", "*/5 * * * *", "publish", str(plan.site), queue="publish")
        if plan.notifies:
            duty("notify", "*/5 * * * *", "notify", queue="notify")

        @app.periodic(cron="* * * * * */15")
        @app.task(queue=DUTIES, name="recover", queueing_lock="duty:recover", priority=_BUSY)
        async def recover(timestamp: int) -> None:
            await self._recover()

        @app.periodic(cron="30 * * * *")
        @app.task(queue=DUTIES, name="tidy", queueing_lock="duty:tidy")
        async def tidy(timestamp: int) -> None:
            await app.job_manager.delete_old_jobs(
                KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
            )
            await app.job_manager.delete_old_jobs(1, queue=DUTIES)
            await self._execute(_FORGET, hours=KEPT_HOURS)

        return app

    async def _do(self, context: JobContext, host: str, *arguments: str) -> Ended:
        """Do a job in a process, and put on record how it went."""
        job, plan = context.job, self._plan
        assert job.id is not None
        if job.worker_id is not None:
            self._ids.add(job.worker_id)
        process = JobProcess(plan.program, [*plan.options, *arguments], plan.environment, plan.name, job.id)
        self._processes[job.id] = process
        try:
            log_event(logger, "job.began", worker=plan.name, job=job.id, task=job.task_name, host=host)
            await self._execute(_BEGIN, job=job.id, worker=plan.name, host=host)
            if self._stop.is_set():
                raise JobFailed("the worker was told to end")
            ended = await process.run()
            await self._put_on_record(job, host, ended)
        finally:
            del self._processes[job.id]
        if ended.status == 2 and (newer := await asyncio.to_thread(self._find_newer)):
            self._given_up = newer
            self.stop()
            raise JobFailed(str(newer))
        return ended

    async def _put_on_record(self, job: Job, host: str, ended: Ended) -> None:
        log_event(
            logger,
            "job.ended",
            worker=self._plan.name,
            job=job.id,
            task=job.task_name,
            host=host,
            outcome=ended.outcome,
            status=ended.status,
            seconds=ended.seconds,
            pages=ended.pages,
        )
        await self._execute(
            _END,
            job=job.id,
            outcome=ended.outcome,
            status=ended.status,
            seconds=ended.seconds,
            pages=ended.pages,
        )
        column = ended.outcome.replace("-", "_")
        counted = _COUNT.format(column=column)  # one of four words of ours
        await self._execute(counted, name=self._plan.name, seconds=ended.seconds, pages=ended.pages)

    def _find_newer(self) -> NewerSchema | None:
        """Find out whether another version has upgraded the archive meanwhile."""
        try:
            open_archive(self._plan.url).close()
        except NewerSchema as error:
            return error
        except StorageError:
            pass
        return None

    # --- what goes wrong -------------------------------------------------------------------------

    async def _recover(self) -> None:
        """Have jobs of workers that died done again."""
        stalled = await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
        for job in stalled:
            assert job.id is not None
            await self._do_again(job.id, job.lock or "", "its worker died", job)

    async def _do_again(self, id: int, lock: str, why: str, died: Job | None = None) -> None:
        host = lock.removeprefix("host:")
        given_up = not host  # a duty comes again by itself
        if died is not None and host and died.attempts + 1 >= MAX_DEATHS:
            told = died.task_kwargs
            given_up = await self._count_kill(host, str(told.get("source")), str(told.get("url")), why, 1)
        try:
            if not given_up:
                await self._app.job_manager.retry_job_by_id_async(id, retry_at=datetime.now(UTC))
        except ConnectorException:  # another waits for this host already, or somebody was faster
            given_up = True
        if given_up:
            with suppress(ConnectorException):
                await self._app.job_manager.finish_job_by_id_async(id, Status.FAILED, delete_job=False)
        outcome = "failed" if given_up else "waiting"
        log_event(
            logger,
            "job.recovered",
            logging.WARNING,
            worker=self._plan.name,
            job=id,
            host=host,
            outcome=outcome,
            text=why,
        )

    async def _count_kill(self, host: str, source: str, url: str, why: str, most: int | None = None) -> bool:
        """Count a visit that ended its process; True where the host is set aside now."""
        (row,) = await self._fetch(_KILLED, host=host, most=most or MAX_KILLS, hours=REST_HOURS, detail=why)
        if row["until"] is None:
            return False
        detail = f"{row['kills']} visits in a row ended their process ({why}); set aside for {REST_HOURS} h"
        log_event(
            logger,
            "host.set_aside",
            logging.ERROR,
            worker=self._plan.name,
            host=host,
            source=source,
            kills=row["kills"],
            until=row["until"].isoformat(),
            text=why,
        )
        alert = Alert("set-aside", source, url, detail, datetime.now(UTC))
        with suppress(StorageError):  # of a source that was never read: the log and the page of jobs say it
            await asyncio.to_thread(self._raise_alert, alert)
        return True

    def _raise_alert(self, alert: Alert) -> None:
        with open_archive(self._plan.url) as archive, archive.write() as writer:
            writer.raise_alert(alert)

    async def _execute(self, query: str, **values: object) -> None:
        await self._app.connector.execute_query_async(query, **values)

    async def _fetch(self, query: str, **values: object) -> list[dict[str, Any]]:
        return list(await self._app.connector.execute_query_all_async(query, **values))


def _judge(ended: Ended) -> None:
    if ended.outcome in ("failed", "killed"):
        raise JobFailed(f"status {ended.status}")


def _say(error: BaseException) -> str:
    return " ".join(str(error.__cause__ or error).split()) or type(error).__name__


_APPEAR = """
INSERT INTO worker (name, version) VALUES (%(name)s, %(version)s)
ON CONFLICT (name) DO UPDATE SET version = %(version)s, started_at = now(), seen_at = now(), ended_at = NULL
"""
_BEAT = "UPDATE worker SET seen_at = now() WHERE name = %(name)s"
_LEAVE = "UPDATE worker SET seen_at = now(), ended_at = now() WHERE name = %(name)s"
_FORGET = "DELETE FROM worker WHERE seen_at < now() - make_interval(hours => %(hours)s)"
_OF_WORKERS = """
SELECT id, lock FROM procrastinate_jobs
WHERE status = 'doing' AND worker_id = ANY(%(ids)s) AND task_name = 'visit'
"""
_BEGIN = """
INSERT INTO job_run (job_id, worker, host) VALUES (%(job)s, %(worker)s, %(host)s)
ON CONFLICT (job_id) DO UPDATE SET worker = %(worker)s, started_at = now(), ended_at = NULL, outcome = NULL
"""
_END = """
UPDATE job_run SET ended_at = now(), outcome = %(outcome)s, status = %(status)s, seconds = %(seconds)s,
    pages = %(pages)s WHERE job_id = %(job)s
"""
_COUNT = """
UPDATE worker SET {column} = {column} + 1, seconds = seconds + %(seconds)s, pages = pages + %(pages)s,
    seen_at = now() WHERE name = %(name)s
"""
_KILLED = """
INSERT INTO host_rest (host, kills, detail, until) VALUES (%(host)s, 1, %(detail)s,
    CASE WHEN 1 >= %(most)s THEN now() + make_interval(hours => %(hours)s) END)
ON CONFLICT (host) DO UPDATE SET kills = host_rest.kills + 1, detail = %(detail)s,
    until = CASE WHEN host_rest.kills + 1 >= %(most)s
        THEN now() + make_interval(hours => %(hours)s) ELSE host_rest.until END
RETURNING kills, until
"""


def default_name() -> str:
    """Name a worker by its machine and process."""
    return f"{os.uname().nodename}-{os.getpid()}"


def run_worker(plan: Plan) -> None:
    """Prepare the queue and work until told to end. Raises StorageError."""
    logging.getLogger("procrastinate.worker").addFilter(_is_no_outcome)
    job_queue.prepare(plan.url)

    async def work() -> None:
        await Worker(plan).run()

    asyncio.run(work())


def _is_no_outcome(record: logging.LogRecord) -> bool:
    """Leave out what the engine says of how jobs ended: ours says it, with more keys."""
    return getattr(record, "action", "") not in ("job_error", "job_aborted")
