"""The queue of jobs on a real PostgreSQL: what is enqueued, what is done again, what is set aside, what is refused."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from feeds.web.app import make_app
from monitor.cli.upkeep import working
from monitor.crawl.agenda import ArchiveAgenda
from monitor.jobs import job_queue
from monitor.jobs.due_hosts import find_due_hosts
from monitor.jobs.process import Ended
from monitor.jobs.worker import MAX_DEATHS, MAX_KILLS, Plan, Worker
from storage.archive import Archive, open_archive
from storage.errors import StorageError
from storage.records import HostState, Source
from storage.topics.leasing.jobs import OUTCOMES, SCHEMA
from tests.commands import kohyo
from tests.docs.markdown import DOCS, named
from tests.feeds.client import Client
from tests.jobs.stand_ins import run_code

Work = Callable[[Worker], Awaitable[None]]


def in_worker(url: str, work: Work) -> None:
    """Do something within an open worker that takes no jobs by itself."""

    async def opened() -> None:
        worker = Worker(Plan(url, "test", "1.0", 1, run_code, ["raise SystemExit(1)"], {}))
        async with worker._app.open_async():
            await work(worker)

    job_queue.prepare(url)
    asyncio.run(opened())


def hosts(number: int) -> dict[str, dict[str, str]]:
    return {f"h{n}.example": {"source": "city", "url": f"https://h{n}.example/"} for n in range(number)}


def states(url: str) -> dict[str, int]:
    with open_archive(url) as archive, archive.read() as reader:
        return {state: number for state, number in reader.count_jobs().items() if number}


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(job_queue.conninfo(url), options=f"-c search_path={SCHEMA}", autocommit=True) as db:
        found = db.execute(query)  # type: ignore[call-overload]
        return list(found) if found.description else []


def test_a_host_waits_once_and_a_queue_of_many_is_counted_for_the_next_question(postgres_url: str):
    assert job_queue.enqueue_visits(postgres_url, hosts(3)) == 3
    assert job_queue.enqueue_visits(postgres_url, hosts(2500)) == 2497
    assert job_queue.enqueue_visits(postgres_url, hosts(2500)) == 0
    assert states(postgres_url) == {"waiting": 2500}
    # without these two the engine takes minutes to find the next of 100,000 jobs
    ((rows,),) = ask(
        postgres_url, f"SELECT reltuples FROM pg_class WHERE oid = '{SCHEMA}.procrastinate_jobs'::regclass"
    )
    assert rows == 2500
    plan = ask(
        postgres_url,
        "EXPLAIN SELECT 1 FROM procrastinate_jobs WHERE lock = 'host:h7.example' AND status IN ('todo', 'doing')",
    )
    assert "procrastinate_jobs_lock" in str(plan)


def test_a_host_is_due_where_a_page_is_and_it_neither_waits_nor_rests(postgres_url: str):
    sources = [
        Source(f"city-{n}", "例示市", "affected", (f"https://h{n}.example/", f"https://h{n}.example/b"))
        for n in range(4)
    ]
    with open_archive(postgres_url) as archive:
        with archive.write() as writer:
            for source in sources:
                writer.put_source(source)
            writer.put_host("h1.example", HostState(rest=600))
            writer.put_host("h2.example", HostState(away=600, delay=2.0))

        def due() -> dict[str, dict[str, str]]:
            return find_due_hosts(archive, sources, lambda: datetime.now(UTC))

        assert due() == {
            f"h{n}.example": {"source": f"city-{n}", "url": f"https://h{n}.example/"} for n in (0, 3)
        }
        job_queue.enqueue_visits(postgres_url, hosts(1))
        assert list(due()) == ["h3.example"]
        with archive.write() as writer:
            for url in sources[3].start:
                writer.add_page("city-3", url, "page", due_at=datetime.now(UTC) + timedelta(hours=1))
        assert due() == {}


def test_what_is_due_of_a_source_is_read_once_of_however_many_hosts_it_is(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
):
    source = Source("roll", "名簿", "affected", tuple(f"https://h{n}.example/" for n in range(40)))
    read, visits = [], ArchiveAgenda.visits
    monkeypatch.setattr(ArchiveAgenda, "visits", lambda *given: read.append(given) or visits(*given))
    with archive.write() as writer:
        writer.put_source(source)
    found = find_due_hosts(archive, [source], lambda: datetime.now(UTC))
    assert [told["url"] for told in found.values()] == list(source.start)
    assert len(read) == 1


def test_two_that_enqueue_at_once_enqueue_a_host_once(postgres_url: str):
    job_queue.prepare(postgres_url)
    app = job_queue.make_app(postgres_url)
    with app.open():

        def job(host: str) -> object:
            return app.configure_task("visit", queue="visits", lock=host, queueing_lock=host).make_new_job(
                host=host
            )

        assert job_queue._defer(app, [job("a")]) == 1
        assert (
            job_queue._defer(app, [job("a"), job("b")]) == 1
        )  # what another had enqueued meanwhile is passed over
    assert states(postgres_url) == {"waiting": 2}


def test_a_job_whose_worker_died_is_done_again_and_given_up_where_another_waits_for_its_host(
    postgres_url: str,
):
    async def work(worker: Worker) -> None:
        manager = worker._app.job_manager
        dead = await manager.register_worker()
        first = await manager.fetch_job(["visits"], dead)
        second = await manager.fetch_job(["visits"], dead)
        assert first is not None
        assert second is not None
        # the host of the second waits again already, as when somebody enqueued it while it ran
        same = worker._app.configure_task(
            "visit", queue="visits", lock=second.lock, queueing_lock=second.lock
        )
        await same.defer_async(host="h1.example")
        await worker._recover()
        assert states(postgres_url) == {
            "waiting": 2,
            "running": 2,
        }  # fmt: skip - its worker lives
        await manager.unregister_worker(dead)
        await worker._recover()
        assert states(postgres_url) == {"waiting": 3, "failed": 1}
        again = await manager.fetch_job(["visits"], await manager.register_worker())
        assert again is not None
        assert (again.id, again.attempts) == (first.id, 1)

    job_queue.enqueue_visits(postgres_url, hosts(3))
    in_worker(postgres_url, work)


def test_a_job_over_which_one_worker_after_the_other_dies_is_given_up_and_its_host_set_aside(
    postgres_url: str,
):
    async def work(worker: Worker) -> None:
        manager = worker._app.job_manager
        dead = await manager.register_worker()
        assert await manager.fetch_job(["visits"], dead)
        await manager.unregister_worker(dead)
        await worker._recover()

    job_queue.enqueue_visits(postgres_url, hosts(1))
    for attempts, state in ((MAX_DEATHS - 2, "waiting"), (MAX_DEATHS - 1, "failed")):
        ask(postgres_url, f"UPDATE procrastinate_jobs SET attempts = {attempts}")
        in_worker(postgres_url, work)
        assert states(postgres_url) == {state: 1}
    with open_archive(postgres_url) as archive, archive.read() as reader:
        assert [one.host for one in reader.resting_hosts()] == ["h0.example"]


def test_a_host_that_kills_its_visits_is_set_aside_told_and_taken_up_again_when_asked_for(postgres_url: str):
    with open_archive(postgres_url) as archive, archive.write() as writer:
        writer.put_source(Source("city", "例示市", "affected", ("https://h0.example/",)))

    async def work(worker: Worker) -> None:
        said = [
            await worker._count_kill("h0.example", "city", "https://h0.example/", "status -9")
            for _ in range(MAX_KILLS)
        ]
        assert said == [False] * (MAX_KILLS - 1) + [True]
        assert await worker._count_kill("h1.example", "nobody", "", "status -9") is False

    in_worker(postgres_url, work)
    with open_archive(postgres_url) as archive, archive.read() as reader:
        (resting,) = reader.resting_hosts()
        assert (resting.host, resting.kills) == ("h0.example", MAX_KILLS)
        (alert,) = reader.alerts(kinds=("set-aside",))
        assert alert.url == "https://h0.example/"
        assert f"{MAX_KILLS} visits in a row" in alert.detail
    assert job_queue.enqueue_visits(postgres_url, hosts(2)) == 1  # the rest goes on
    assert job_queue.enqueue_visits(postgres_url, hosts(1), asked=True) == 1
    with open_archive(postgres_url) as archive, archive.read() as reader:
        assert reader.resting_hosts() == []


def test_a_failed_job_waits_again_when_asked_and_one_that_waits_is_cancelled(postgres_url: str):
    job_queue.enqueue_visits(postgres_url, hosts(2))
    ask(postgres_url, "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = 1")
    assert job_queue.retry(postgres_url, 1)
    assert not job_queue.retry(postgres_url, 1)
    assert not job_queue.retry(postgres_url, 77)
    assert job_queue.cancel(postgres_url, 2)
    assert not job_queue.cancel(postgres_url, 2)
    assert states(postgres_url) == {"waiting": 1, "cancelled": 1}


def test_a_queue_of_an_older_layout_is_made_anew_and_one_of_a_newer_is_refused(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    job_queue.enqueue_visits(postgres_url, hosts(2))
    newer = job_queue.layout() + "0"
    monkeypatch.setattr(job_queue, "layout", lambda: newer)
    job_queue.prepare(postgres_url)
    assert states(postgres_url) == {}
    monkeypatch.undo()
    with pytest.raises(job_queue.NewerQueue, match="install the same version"):
        job_queue.prepare(postgres_url)
    refused = kohyo("--db", postgres_url, "--no-bundled", "worker")
    assert refused.returncode == 2
    assert "made by a newer version" in refused.stderr.splitlines()[-1]
    ask(postgres_url, f"COMMENT ON SCHEMA {SCHEMA} IS NULL")
    with pytest.raises(StorageError, match="that kohyo did not make"):
        job_queue.prepare(postgres_url)


def test_a_worker_of_an_older_version_than_the_archive_refuses(postgres_url: str):
    with psycopg.connect(job_queue.conninfo(postgres_url)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    refused = kohyo("--db", postgres_url, "--no-bundled", "worker")
    assert refused.returncode == 2
    assert "newer" in refused.stderr


def test_workers_need_postgresql_and_their_extra(
    file_url: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    for command in ("worker", "enqueue"):
        refused = kohyo("--db", file_url, command)
        assert (refused.returncode, "is no PostgreSQL" in refused.stderr) == (2, True)
    listed = kohyo("--db", file_url, "jobs")
    assert (listed.returncode, listed.stdout, listed.stderr) == (0, "", "no jobs found\n")
    monkeypatch.setattr(working, "find_spec", lambda name: None)
    monkeypatch.setenv("KOHYO_DB", postgres_url)
    with pytest.raises(SystemExit):
        working._need_queue()


@pytest.mark.parametrize(
    ("ended", "outcome"),
    [
        (Ended(0, 1.0, 3, has_run=True), "done"),
        (Ended(1, 1.0, 3, has_run=True), "failed"),
        (Ended(1, 1.0), "killed"),  # it broke off: what was due is due at once
        (Ended(2, 1.0), "killed"),
        (Ended(3, 1.0), "nothing-free"),
        (Ended(-9, 1.0), "killed"),
        (Ended(-9, 1.0, told_to=True), "killed"),
        (Ended(-15, 1.0), "killed"),
        (Ended(-15, 1.0, told_to=True), "failed"),  # before it could heed it
    ],
)
def test_the_end_of_a_process_says_what_became_of_its_job(ended: Ended, outcome: str):
    assert ended.outcome == outcome
    assert outcome in OUTCOMES


def test_figures_and_the_list_of_jobs_say_what_each_worker_did(postgres_url: str):
    job_queue.enqueue_visits(postgres_url, hosts(3))

    async def work(worker: Worker) -> None:
        from monitor.jobs.worker import _APPEAR, _BEGIN

        await worker._execute(_APPEAR, name="test", version="1.0")
        for seconds, status in ((2.5, 0), (1.0, 1)):
            job = await worker._app.job_manager.fetch_job(
                ["visits"], await worker._app.job_manager.register_worker()
            )
            assert job is not None
            await worker._execute(_BEGIN, job=job.id, worker="test", host="h")
            await worker._put_on_record(job, "h", Ended(status, seconds, 4, has_run=True))

    in_worker(postgres_url, work)
    with open_archive(postgres_url) as archive:
        with archive.read() as reader:
            latest, second, first = reader.jobs()
            assert (latest.state, latest.worker) == ("waiting", "")
            assert (second.outcome, second.status, second.pages) == ("failed", 1, 4)
            assert (first.outcome, first.host, first.seconds) == ("done", "h0.example", 2.5)
            assert [one.id for one in reader.jobs("waiting")] == [3]
            assert [one.id for one in reader.jobs(host="h1.example")] == [2]
            (figures,) = reader.workers()
            assert figures.ended == {"done": 1, "failed": 1, "nothing-free": 0, "killed": 0}
            assert (figures.pages, figures.seconds) == (8, 3.5)
            assert abs((figures.seen_at - datetime.now(UTC)).total_seconds()) < 600
        told = Client(make_app(archive)).get("/metrics").text
    shown = {
        name
        for name in re.findall(r"^# TYPE (kohyo_\w+) ", told, re.MULTILINE)
        if not name.endswith("_created")
    }
    assert set(named(DOCS / "reference" / "feeds-and-api.md", "Figures of workers")) <= shown
    for line in (
        'kohyo_worker_jobs_total{outcome="done",worker="test"} 1.0',
        'kohyo_worker_jobs_total{outcome="failed",worker="test"} 1.0',
        'kohyo_worker_seconds_total{worker="test"} 3.5',
        'kohyo_worker_pages_total{worker="test"} 8.0',
        'kohyo_jobs{state="waiting"} 1.0',
        "kohyo_hosts_set_aside 0.0",
    ):
        assert line in told
