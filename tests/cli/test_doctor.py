"""doctor: each thing in order, or what is wrong and what to do; what it prints works where it is printed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.cli.upkeep import checkup
from monitor.cli.upkeep.checkup import Finding
from storage.archive import open_archive
from storage.records import Lease, Snapshot, Source
from tests.commands import kohyo

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "ok"),
    [
        (lambda: checkup.check_contact(""), False),
        (lambda: checkup.check_contact("mailto:you@example.org"), False),
        (lambda: checkup.check_contact("you@city.example"), False),
        (lambda: checkup.check_contact("somebody"), False),
        (lambda: checkup.check_contact("mailto:you@city.mihon.lg.jp"), True),
        (lambda: checkup.check_contact("https://www.city.mihon.lg.jp/kohyo/"), True),
        (lambda: checkup.check_base_url(""), False),
        (lambda: checkup.check_base_url("http://127.0.0.1:8000"), False),
        (lambda: checkup.check_base_url("https://kohyo.example.org"), False),
        (lambda: checkup.check_base_url("kohyo.mihon.lg.jp"), False),
        (lambda: checkup.check_base_url("https://kohyo.mihon.lg.jp/a"), True),
        (lambda: checkup.check_base_url("http://192.168.1.7"), True),  # an office's own network
        (lambda: checkup.check_clock(NOW, None, None), True),
        (lambda: checkup.check_clock(NOW, NOW + timedelta(minutes=59), None), True),
        (lambda: checkup.check_clock(NOW, NOW + timedelta(minutes=61), None), False),
        (lambda: checkup.check_clock(NOW, None, "2024-01-01T00:00Z"), False),
        (lambda: checkup.check_clock(NOW, None, None, [timedelta(minutes=90), timedelta(minutes=-59)]), True),
        (lambda: checkup.check_clock(NOW, None, None, [timedelta(minutes=90), timedelta(days=1)]), False),
        (lambda: checkup.check_clock(NOW, None, None, [timedelta(minutes=-61)]), False),
        (lambda: checkup.check_runs(NOW, None), False),
        (lambda: checkup.check_runs(NOW, NOW - timedelta(hours=24)), True),
        (lambda: checkup.check_runs(NOW, NOW - timedelta(hours=25)), False),
        (lambda: checkup.check_disk("/", checkup.LEAST_FREE_BYTES), True),
        (lambda: checkup.check_disk("/", checkup.LEAST_FREE_BYTES - 1), False),
        (lambda: checkup.check_log(checkup.MAX_LOG_BYTES), True),
        (lambda: checkup.check_log(checkup.MAX_LOG_BYTES + 1), False),
        (lambda: checkup.check_token(""), True),
        (lambda: checkup.check_token("x" * 15), False),
        (lambda: checkup.check_token("x" * 16), True),
        (lambda: checkup.check_served("127.0.0.1", 8000, token=False), True),
        (lambda: checkup.check_served("localhost", 8000, token=False), True),
        (lambda: checkup.check_served("0.0.0.0", 8000, token=False), False),
        (lambda: checkup.check_served("::", 8000, token=True), True),
    ],
)
def test_a_thing_is_in_order_or_says_what_to_do(found: Callable[[], Finding], ok: bool):
    finding = found()
    assert finding.ok == ok, finding
    assert bool(finding.todo) != ok
    assert finding.said


def test_the_clock_is_compared_with_what_servers_said():
    def answered(*headers: tuple[str, str]) -> Snapshot:
        return Snapshot(1, NOW, 200, "https://a.jp/", headers, "", 0)

    said = [
        answered(("date", "Sat, 28 Nov 2026 10:00:00 GMT")),
        answered(("Date", "yesterday")),
        answered(("Content-Type", "text/html")),
        answered(("Date", "Sat, 28 Nov 2026 12:05:00 -0000")),
    ]
    assert checkup.compare_clocks(said) == [timedelta(hours=2), timedelta(minutes=-5)]


def test_times_are_those_of_japan_as_everywhere_else():
    said = (
        checkup.check_clock(NOW, None, None),
        checkup.check_clock(NOW, NOW + timedelta(days=1), None),
        checkup.check_runs(NOW, NOW),
        checkup.check_runs(NOW + timedelta(days=3), NOW),
    )
    assert [re.findall(r"2026-11-\d\d \d\d:\d\d", one.said) for one in said] == [
        ["2026-11-28 21:00"],
        ["2026-11-29 21:00"],
        ["2026-11-28 21:00"],
        ["2026-11-28 21:00"],
    ]
    assert not any("UTC" in one.said for one in said)


def test_it_says_who_holds_what_and_what_expired():
    def lease(host: str, holder: str, minute: int) -> Lease:
        return Lease(f"host:{host}", "o", 1, holder, datetime(2026, 11, 28, 12, minute, tzinfo=UTC))

    held = [lease(f"{n}.example.jp", "crawl 7@a", n) for n in range(5)]
    said = checkup.describe_leases(held, [lease("b.example.jp", "crawl 9@b", 9)])
    assert said.ok
    assert said.said == (
        "5 leases held; crawl 7@a: 5 (host:0.example.jp, host:1.example.jp, host:2.example.jp …) until "
        "2026-11-28 21:04:00; 1 lease expired, free for who comes next; "
        "crawl 9@b: 1 (host:b.example.jp) until 2026-11-28 21:09:00"
    )
    assert checkup.describe_leases([], []).said == "0 leases held"


def test_all_is_looked_at_and_a_secret_is_not_shown(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/kohyo.db"
    with open_archive(url) as archive, archive.write() as writer:
        writer.put_source(Source("city", "例示市", "affected", ("https://www.city.mihon.lg.jp/",)))
        writer.note("served", json.dumps({"host": "0.0.0.0", "port": 8000, "token": False}))
    targets = tmp_path / "targets.toml"
    targets.write_text('[[target]]\nname = "desk"\nurl = "env:KOHYO_DESK"\nkidn = "new"\n')
    env = {"KOHYO_TARGETS": str(targets), "KOHYO_TOKEN": "short", "KOHYO_CONTACT": "", "KOHYO_LANG": "en"}
    done = kohyo("--db", url, "--no-bundled", "doctor", "--json", env=env)
    assert (done.returncode, done.stderr) == (1, "")
    found = {one["check"]: one for one in map(json.loads, done.stdout.splitlines())}
    wrong = {"contact", "base-url", "token", "targets", "runs", "served"}
    assert {name for name, one in found.items() if not one["ok"]} == wrong
    assert {*found} == wrong | {"disk", "database", "clock", "leases", "sources"}
    assert all(one["todo"] for name, one in found.items() if name in wrong)
    assert "unknown key kidn" in found["targets"]["said"] or "no KOHYO_DESK" in found["targets"]["said"]
    assert "short" not in done.stdout


def test_an_archive_that_cannot_be_written_is_not_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    url = f"sqlite:///{tmp_path}/kohyo.db"
    with open_archive(url):
        pass

    def find() -> dict[str, Any]:
        said = CliRunner().invoke(main, ("--db", url, "--no-bundled", "doctor", "--json")).stdout
        return next(one for one in map(json.loads, said.splitlines()) if one["check"] == "database")

    assert find()["ok"]
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert (find()["ok"], "permissions" in find()["todo"]) == (False, True)


def test_without_an_archive_it_says_what_makes_one_and_makes_none(tmp_path: Path):
    done = kohyo("--db", f"sqlite:///{tmp_path}/none.db", "doctor", env={"KOHYO_LANG": "en"})
    assert done.returncode == 1
    assert "wrong  database: " in done.stdout
    assert list(tmp_path.iterdir()) == []
