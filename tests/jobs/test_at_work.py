"""A worker at work within this process: it outlives its database, and heeds what operators and newer versions want."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from monitor.jobs import job_queue
from monitor.jobs import worker as workers
from monitor.jobs.worker import JobFailed, Plan, Worker
from storage.archive import open_archive
from storage.errors import NewerSchema
from storage.query import Job
from tests.jobs.stand_ins import run_code
from tests.servers import own_server

ENDLESS = "import time; time.sleep(600)"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"BEAT_SECONDS": 0.2, "POLL_SECONDS": 0.1, "STALLED_SECONDS": 2.0}.items():
        monkeypatch.setattr(workers, name, value)


def at_work(url: str, code: str, steps: Callable[[Worker], Awaitable[None]]) -> Worker:
    """Do something beside a worker at work, and let it end."""

    async def both() -> Worker:
        worker = Worker(Plan(url, "w", "1.0", 1, run_code, [code], {}))
        running = asyncio.create_task(worker.run())
        try:
            async with asyncio.timeout(100):
                await steps(worker)
        finally:
            worker.stop()
            await running
        return worker

    return asyncio.run(both())


async def until(true: Callable[[], Any]) -> Any:
    while True:
        if found := await asyncio.to_thread(true):
            return found
        await asyncio.sleep(0.1)


def visits(url: str, state: str) -> list[Job]:
    with open_archive(url) as archive, archive.read() as reader:
        return [job for job in reader.jobs(state) if job.task == "visit"]


def test_a_worker_goes_on_after_a_restart_of_the_database():
    with own_server() as server:
        url = server.url()
        open_archive(url).close()

        async def steps(worker: Worker) -> None:
            await until(lambda: job_queue.enqueue_visits(url, {"h0.example": {}}))
            await until(lambda: visits(url, "done"))
            await asyncio.to_thread(server.restart)
            await until(lambda: job_queue.enqueue_visits(url, {"h1.example": {}}))
            await until(lambda: len(visits(url, "done")) == 2)

        at_work(url, "pass", steps)


def test_a_job_that_is_cancelled_ends_its_process(postgres_url: str):
    async def steps(worker: Worker) -> None:
        await asyncio.to_thread(job_queue.enqueue_visits, postgres_url, {"h0.example": {}})
        (job,) = await until(lambda: [one for one in visits(postgres_url, "running") if one.worker])
        process = await until(lambda: worker._processes[job.id]._process)
        assert await asyncio.to_thread(job_queue.cancel, postgres_url, job.id)
        await until(lambda: visits(postgres_url, "cancelled"))
        assert process.exitcode == -15

    at_work(postgres_url, ENDLESS, steps)


def test_a_worker_whose_archive_was_upgraded_meanwhile_takes_no_more_jobs(postgres_url: str):
    job_queue.enqueue_visits(postgres_url, {"h0.example": {}})

    async def steps() -> Worker:
        worker = Worker(Plan(postgres_url, "w", "1.0", 1, run_code, ["raise SystemExit(2)"], {}))
        async with worker._app.open_async():
            job = await worker._app.job_manager.fetch_job(
                ["visits"], await worker._app.job_manager.register_worker()
            )
            with pytest.raises(JobFailed):
                await worker._do(SimpleNamespace(job=job), "h0.example", "crawl")  # type: ignore[arg-type]
        return worker

    with psycopg.connect(job_queue.conninfo(postgres_url)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    worker = asyncio.run(steps())
    assert isinstance(worker._given_up, NewerSchema)
    assert worker._stop.is_set()
