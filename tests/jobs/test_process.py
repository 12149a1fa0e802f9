"""A job is a process with limits, and whatever it says becomes lines of one log."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import os
import subprocess
import sys
from importlib import import_module
from multiprocessing.util import Finalize
from pathlib import Path

import pytest

from monitor.cli.upkeep import working
from monitor.jobs import process, ready
from monitor.jobs.process import Ended, JobProcess
from storage.text.patterns import Late, compile_loaded
from tests.commands import kohyo, start
from tests.jobs.stand_ins import run_code
from tests.jobs.world import ROOT, new_world, wait_until
from tests.monitor.story import html

LARGE = {
    "feeds",
    "monitor",
    "platformdirs",
    "psycopg",
    "scrapy",
    "spiders",
    "sqlalchemy",
    "storage",
    "twisted",
}


@pytest.fixture(scope="module", autouse=True)
def quick() -> None:
    process.load_before(["monitor.jobs.process", "tests.jobs.stand_ins"])


def do(code: str, seconds: float = 60.0) -> Ended:
    job = JobProcess(run_code, [code], os.environ, "w1", 7)
    return asyncio.run(job.run(seconds))


def test_events_go_on_with_worker_and_job_and_what_else_it_says_becomes_an_event(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    said = [
        '{"time": "t", "level": "info", "event": "run.ended", "pages": 12, "text": "a\\u0085b\\u202ec"}',
        '{"event": "of nobody"}',
        "{broken",
        "kohyo: \x1b[31mred\xff",
        "LONG",
        "the end",
    ]
    with caplog.at_level("INFO"):
        ended = do(
            f"import sys\nfor one in {said!r}: sys.stderr.buffer.write(one.encode('latin-1') + b'\\n')"
        )
    assert (ended.outcome, ended.pages) == ("done", 12)
    (line,) = capsys.readouterr().err.splitlines()
    read = json.loads(line)
    assert (read["worker"], read["job"], read["text"]) == ("w1", 7, "a\x85b\u202ec")
    assert line.isprintable()
    texts = [record.args["text"] for record in caplog.records if isinstance(record.args, dict)]
    assert texts[:3] == ['{"event": "of nobody"}', "{broken", "kohyo: \x1b[31mred�"]
    assert texts[-1] == "the end"


def test_a_log_without_room_ends_no_job(monkeypatch: pytest.MonkeyPatch):
    with io.TextIOWrapper(open("/dev/full", "wb", buffering=0), write_through=True) as full:
        monkeypatch.setattr("sys.stderr", full)
        said = '{"event": "run.ended", "pages": 3}'
        ended = do(f"import sys\nsys.stderr.write({said!r} + chr(10))\nsys.stderr.write({said!r} + chr(10))")
    assert (ended.outcome, ended.pages) == ("done", 3)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", -11),
        ("held = bytearray(600 << 20)", 1),  # more than it may have
    ],
    ids=["killed", "too large"],
)
def test_one_that_dies_or_takes_too_much_harms_nobody_else(
    code: str, status: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(process, "JOB_BYTES", 300 << 20)
    ended = do(code)
    assert (ended.status, ended.outcome) == (status, "killed")


def test_one_that_takes_too_long_is_told_to_end_and_killed_where_it_does_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process, "GRACE_SECONDS", 1.0)
    heeding = "import signal, sys, time\nsignal.signal(15, lambda *_: sys.exit(0))\ntime.sleep(60)"
    ended = do(heeding, 3.0)
    assert (ended.status, ended.told_to, ended.outcome) == (0, True, "done")
    deaf = "import signal, time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(60)"
    assert do(deaf, 3.0).outcome == "killed"


def test_one_whose_worker_is_killed_is_told_to_end(tmp_path: Path):
    job = f"""
import pathlib, signal, sys, time
def heed(*_):
    pathlib.Path({str(tmp_path / "told")!r}).touch()
    sys.exit()
signal.signal(15, heed)
print("begun", flush=True)
time.sleep(60)
"""
    worker = f"""
import asyncio, logging, os
from monitor.jobs.process import JobProcess
from tests.commands import kohyo, start
from tests.jobs.stand_ins import run_code
from tests.jobs.world import ROOT, new_world, wait_until
from tests.monitor.story import html

LARGE = {"feeds", "monitor", "platformdirs", "psycopg", "scrapy", "spiders", "sqlalchemy", "storage", "twisted"}
logging.basicConfig(level=logging.INFO)
asyncio.run(JobProcess(run_code, [{job!r}], os.environ, "w1", 7).run())
"""
    command = [sys.executable, "-c", worker]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert b"process.said" in process.stderr.readline()
        process.kill()
    wait_until((tmp_path / "told").exists, 60)


def test_what_is_loaded_before_jobs_can_be_loaded_and_leaves_no_pattern_to_be_compiled():
    assert all(import_module(name) for name in working.LOADED)  # who loads it says nothing of what it misses
    compile_loaded()  # as the last of them did when it was imported
    late = [one for one in gc.get_objects() if issubclass(type(one), Late)]
    assert len(late) > 300
    assert all(object.__getattribute__(one, "compiled") for one in late), "an empty slot raises"
    assert working.LOADED[-1] == ready.__name__


def note_what_is_loaded() -> None:
    """Load what is loaded before jobs; say at the end what else of other programs, or of ours, was loaded."""
    for name in working.LOADED:
        import_module(name)
    before = set(sys.modules)

    def say() -> None:
        later = sorted(name for name in set(sys.modules) - before if name.partition(".")[0] in LARGE)
        print("LATER", *later, flush=True)

    Finalize(None, say, exitpriority=0)


def test_a_visit_loads_nothing_that_could_be_loaded_before_jobs(postgres_url: str, tmp_path: Path):
    given = ["--no-bundled", "--db", postgres_url, "--sources", str(tmp_path / "sources")]
    with new_world(postgres_url, tmp_path, KOHYO_CONFIRM_AFTER="0", KOHYO_CONTACT="mailto:a@example.jp") as (
        world,
        stack,
    ):
        world.put_sites(stack, 1, 1)
        assert kohyo("crawl", *given, env=world.variables).returncode == 0
        world.sites[0].put("/0.html", html("個人情報の漏えいについて", "対象は25名です。"))
        visit = start("crawl", "--all", *given, "-v", env=world.variables, prepare=note_what_is_loaded).end()
    assert visit.returncode == 0, visit.stderr
    assert visit.stdout.partition("LATER")[2].split() == ["twisted.internet.reactor"], (
        "it stands for one process"
    )
