"""Workers that share visits, killed and cut off: what they tell, how they ask, how much faster many are than one.

    python -m tests.fire.sharing [--hosts 40] [--pages 2] [--rounds 2] [--workers 4] [--concurrency 2]
        [--kill-every 8] [--restarts 2] [--seconds 1800]
    python -m tests.fire.sharing --throughput [--hosts 8] [--pages 2] [--delay 3]

The trial of `tests.fire.together`, with `kohyo worker` in the place of crawls: in each round every page says
another number, all pages fall due, and what is due is enqueued; the next round begins when the archive has all
of it. Every few seconds a worker is killed with SIGKILL and another started, and the server of the database is
restarted in between. With ``--throughput`` nobody is killed: one worker, then four, each with one visit at a
time, do the same round, in which hosts want to be asked slowly; this takes some two minutes. Pages are asked for
twice when they change for the first time, so that both do rounds after that. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from monitor.jobs import worker as workers
from monitor.jobs.due_hosts import find_due_hosts
from monitor.jobs.job_queue import enqueue_visits, prepare
from spiders.declarations import load
from storage.archive import Archive, open_archive
from storage.db.engine import connect, parse_url
from storage.errors import StorageError
from tests.commands import Started, start
from tests.fire import together
from tests.fire.together import ENVIRONMENT, Sites, count_told, judge, tell
from tests.servers import Server, own_server

STALLED_SECONDS = 6.0
ENQUEUE_SECONDS = 3.0


def hurry() -> None:
    """Let a worker be taken for dead sooner, so that a trial does not last for hours.

    Its jobs are forked from what forks the workers, which has loaded all: a worker that lives for half a minute
    has no time to load it anew.
    """
    workers.BEAT_SECONDS, workers.STALLED_SECONDS = 1.0, STALLED_SECONDS
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[attr-defined]


class Crew:
    """The workers at work, the hosts they share, and the archive in which they keep what they saw."""

    def __init__(self, server: Server, folder: Path, sites: Sites, concurrency: int) -> None:
        self.url, self.folder, self.sites, self.concurrency = server.url(), folder, sites, concurrency
        self.running: list[Started] = []
        self.ended: Counter[str] = Counter()
        self.words: list[str] = []
        self.begun = 0
        self._enqueued = 0.0

    def start(self, *, lives_long: bool = False) -> None:
        """Start a worker; one that lives long loads first what its jobs are forked from, as all of them do."""
        self.begun += 1
        given = ["--db", self.url, "--sources", str(self.folder), "--no-bundled", "--name", f"w{self.begun}"]
        given += ["--concurrency", str(self.concurrency)]
        self.running.append(start("worker", *given, env=ENVIRONMENT, prepare=None if lives_long else hurry))

    def keep(self, number: int) -> None:
        """Count workers that ended by themselves, and start as many."""
        for one in [one for one in self.running if not one.is_running()]:
            self.running.remove(one)
            self.count(one)
        while len(self.running) < number:
            self.start()

    def count(self, one: Started) -> None:
        try:
            done = one.end(300)
        except FileNotFoundError:  # somebody has tidied up the folder of temporary files
            self.ended["ended"] += 1
            return
        self.ended[str(done.returncode)] += 1
        for line in done.stderr.splitlines():
            said = (
                json.loads(line)
                if line.startswith("{") and line.endswith("}")
                else {"event": "?", "text": line}
            )
            if said["event"] in ("?", "host.set_aside", "queue.lost", "job.recovered"):
                self.words.append(said["event"])

    def kill_one(self) -> None:
        victim = self.running.pop(0)
        victim.kill()
        self.ended["killed"] += 1

    def end(self) -> None:
        for one in self.running:
            one.terminate()
        for one in self.running:
            self.count(one)
        self.running = []

    def make_due(self) -> None:
        engine = connect(parse_url(self.url))
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE page SET due_at = now()"))
        engine.dispose()

    def enqueue(self, archive: Archive) -> None:
        """Enqueue what is due, as workers do every minute."""
        if time.monotonic() - self._enqueued > ENQUEUE_SECONDS:
            self._enqueued = time.monotonic()
            sources = load([self.folder], bundled=False)
            with suppress(StorageError, psycopg.Error):
                enqueue_visits(self.url, find_due_hosts(archive, sources, lambda: datetime.now(UTC)))


def live(options: argparse.Namespace, server: Server, folder: Path) -> dict[str, Any]:
    """Let workers work, be killed and be cut off, and say what came of it."""
    sites = Sites(options.hosts, options.pages)
    pages, began = options.hosts * options.pages, time.monotonic()
    with sites.served(), open_archive(server.url()) as archive:
        sites.declare(folder)
        crew = Crew(server, folder, sites, options.concurrency)
        next_kill = time.monotonic() + options.kill_every
        restarts = [
            (number + 1) * options.rounds // (options.restarts + 1) for number in range(options.restarts)
        ]
        done = told = 0
        while done < options.rounds and time.monotonic() - began < options.seconds:
            crew.keep(options.workers)
            crew.enqueue(archive)
            time.sleep(0.2)
            if options.kill_every and time.monotonic() > next_kill:
                crew.kill_one()
                next_kill = time.monotonic() + options.kill_every
            if done in restarts and pages / 3 < told < pages:
                restarts.remove(done)
                server.restart()
                crew.ended["restarts of the server"] += 1
            with suppress(StorageError):
                told = count_told(archive, sites)
                if told == pages:
                    done, told = done + 1, 0
                    if done < options.rounds:
                        sites.number += 1
                        crew.make_due()
        crew.end()
        with archive.read() as reader:
            jobs, resting = reader.count_jobs(), len(reader.resting_hosts())
        said = tell(crew, sites)  # type: ignore[arg-type]
        said["said"] = dict(Counter(crew.words))
        seconds = round(time.monotonic() - began)
        return {**judge(archive, sites, done), "seconds": seconds, "jobs": jobs, "set_aside": resting, **said}


def measure(options: argparse.Namespace, server: Server, folder: Path) -> dict[str, Any]:
    """Let one worker, then four, make the same visits.

    A first round makes all pages known, in a second each changes for the first time, and is looked at twice.
    """
    sites = Sites(options.hosts, options.pages)
    pages, took = options.hosts * options.pages, {}
    with sites.served(), open_archive(server.url()) as archive:
        sites.declare(folder)
        for number in (options.workers, options.workers, 1, options.workers):
            crew = Crew(server, folder, sites, 1)
            crew.make_due()
            sites.number += 1
            for _ in range(number):
                crew.start(lives_long=True)
            prepare(server.url())
            while count_workers(archive) < number:
                time.sleep(0.2)
            began = time.monotonic()
            while count_told(archive, sites) < pages:
                crew.enqueue(archive)
                time.sleep(0.2)
            took[number] = round(time.monotonic() - began, 1)
            crew.end()
    times = took[1] / took[options.workers]
    pause = {
        "least_pause": round(sites.least_pause(), 3),
        "owed": together.DELAY_SECONDS,
        "by_two": sites.asked_by_two(),
    }
    return {"seconds": took, "times": round(times, 2), **pause}


def count_workers(archive: Archive) -> int:
    with archive.read() as reader:
        return sum(one.ended_at is None for one in reader.workers())


def main() -> None:
    """Run the trial that the options describe."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--hosts", type=int)
    parser.add_argument("--pages", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--kill-every", type=float, default=8)
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--delay", type=float)
    parser.add_argument("--throughput", action="store_true")
    options = parser.parse_args()
    slow = options.throughput
    options.hosts = options.hosts or (8 if slow else 40)
    together.DELAY_SECONDS = options.delay or (3.0 if slow else together.DELAY_SECONDS)
    with tempfile.TemporaryDirectory() as folder, own_server() as server:
        done = (measure if options.throughput else live)(options, server, Path(folder))
        print(json.dumps(done))


if __name__ == "__main__":
    sys.exit(main())
