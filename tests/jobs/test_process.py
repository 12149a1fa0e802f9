"""A job is a process with limits, and whatever it says becomes lines of one log."""

from __future__ import annotations

import asyncio
import json
import os
import sys

import pytest

from monitor.jobs import process
from monitor.jobs.process import Ended, JobProcess


def do(code: str, seconds: float = 60.0) -> Ended:
    job = JobProcess([sys.executable, "-c", code], os.environ, "w1", 7)
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
    ended = do(heeding, 2.0)
    assert (ended.status, ended.told_to, ended.outcome) == (0, True, "done")
    deaf = "import signal, time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(60)"
    assert do(deaf, 2.0).outcome == "killed"
