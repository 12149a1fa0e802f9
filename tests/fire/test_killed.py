"""A few points of `python -m tests.fire.killing`, at which commands are killed; `just fire` takes all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = ("crawl", "publish", "notify", "import", "place", "redact", "rederive", "migrate")


@pytest.mark.timeout(600)
def test_killed_at_any_write_nothing_is_lost_and_nothing_told_otherwise(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.fire.killing", "--points", "2", "--work", str(tmp_path / "work")],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
    )
    if done.returncode == 77:
        pytest.skip(done.stderr.strip())
    outcomes = {line["command"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert tuple(outcomes) == COMMANDS, done.stderr
    for outcome in outcomes.values():
        assert (outcome["lost"], outcome["double"], outcome["other"]) == (0, 0, {}), outcome
        assert outcome["killed"] == 2
        assert outcome["told_twice"] <= 2 if outcome["command"] == "notify" else not outcome["told_twice"]
