"""Workers as processes, on a real PostgreSQL, over hosts on loopback."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from storage.archive import open_archive
from storage.log_lines import EVENTS
from storage.query import Job
from tests.jobs.world import new_world, wait_until

pytestmark = pytest.mark.timeout(600)


def running(url: str) -> list[Job]:
    with open_archive(url) as archive, archive.read() as reader:
        return reader.jobs("running")


DIES_BEFORE_IT_WRITES_DOWN_A_VISIT = """
import os
from monitor.jobs.worker import Worker
put_on_record = Worker._put_on_record
async def die(self, job, host, ended):
    os.kill(os.getpid(), 9) if host else await put_on_record(self, job, host, ended)
Worker._put_on_record = die
"""


def test_two_workers_share_what_is_due_and_one_that_is_killed_loses_nothing(
    postgres_url: str, tmp_path: Path
):
    # killed between what a visit has written and the word that it is done, with another in flight
    with new_world(postgres_url, tmp_path) as (world, stack):
        world.put_sites(stack, 3, 2, slow=0.3)
        asked = world.kohyo("enqueue")
        assert asked.stdout == "3 hosts enqueued\n", asked.stderr
        first = world.start(stack, "first", "--concurrency", "2", prelude=DIES_BEFORE_IT_WRITES_DOWN_A_VISIT)
        wait_until(lambda: first.process.poll() == -9, why=first.log.read_text)
        begun = {one["job"] for one in first.events("job.began") if "host" in one}
        second = world.start(stack, "second", "--concurrency", "1")
        third = world.start(stack, "third", "--concurrency", "1")

        def all_seen() -> bool:
            with open_archive(postgres_url) as archive, archive.read() as reader:
                return (
                    sum(page.version is not None for n in range(3) for page in reader.pages(f"city-{n}")) == 6
                )

        wait_until(all_seen, why=second.log.read_text)
        wait_until(lambda: {one["job"] for one in [*second.events("job.recovered"), *third.events("job.recovered")]} >= begun, why=second.log.read_text)  # fmt: skip
        wait_until(lambda: not any(one.task == "visit" for one in running(postgres_url)))
        assert [second.end(), third.end()] == [0, 0]
        for worker in (first, second, third):
            for line in worker.events():
                assert line.keys() >= {"time", "level", "event", "worker"}, line
                assert line["event"] in EVENTS
        for site in world.sites:  # no page was published twice, and none was asked for by two at once
            pages = [one for one in site.asked if one.path.endswith(".html")]
            assert len({one.path for one in pages}) == 2
            # the answer takes 0.3 s: whoever asks sooner asks while another is being answered
            gaps = [later.at - one.at for one, later in pairwise(pages)]
            assert min(gaps) >= 0.3
        with open_archive(postgres_url) as archive, archive.read() as reader:
            figures = {one.name: one for one in reader.workers()}
            assert figures["second"].ended["done"] + figures["third"].ended["done"] >= 2
            assert figures["second"].ended_at is not None
            assert figures["first"].ended_at is None  # and seen no more


def test_a_worker_told_to_end_finishes_its_page_and_a_poisoned_host_harms_no_other(
    postgres_url: str, tmp_path: Path
):
    prelude = (
        "from monitor.cli.upkeep import working\nfrom monitor.jobs import worker\n"
        "from tests.jobs.stand_ins import die_of_the_first_host\n"
        "working._run_command = die_of_the_first_host\n"
        "worker.MAX_KILLS = 2\n"
    )
    with new_world(postgres_url, tmp_path) as (world, stack):
        world.put_sites(stack, 2, 8, slow=1.0)
        world.kohyo("enqueue")
        worker = world.start(stack, "only", "--concurrency", "2", prelude=prelude)
        killed = wait_until(lambda: [one for one in worker.events("job.ended") if one["outcome"] == "killed"])
        assert (killed[0]["host"], killed[0]["status"]) == ("127.0.1.1", -9)
        job = str(killed[0]["job"])  # the queue hears of its end behind the log
        wait_until(lambda: world.kohyo("jobs", "retry", job).returncode == 0, why=worker.log.read_text)
        wait_until(lambda: len(world.sites[1].asked) > 2, why=worker.log.read_text)
        assert worker.end() == 0
        done = [one for one in worker.events("job.ended") if one.get("host") == "127.0.1.2"]
        assert [one["outcome"] for one in done] == ["done"], worker.log.read_text()
        visited = {one.path for one in world.sites[1].asked} - {"/robots.txt"}
        assert done[0]["pages"] == len(visited) < 8
        assert re.search(r"told to end", worker.log.read_text())
