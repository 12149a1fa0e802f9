"""What goes wrong is said in one line, with the exit status of the contract."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from monitor.crawl.runs import RunReport, record_run
from monitor.track.context import TrackResult
from monitor.track.tracker import Tracker
from storage.archive import Archive, open_archive
from storage.db.tables import lease
from storage.errors import Unreachable
from storage.records import Alert
from storage.text.urls import place
from tests import commands
from tests.storage.builders import NOW

SOURCE = """
id = "city"
name = "例示市"
kind = "affected"
start = ["{start}"]
private = true
"""


@pytest.fixture
def db(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'kohyo.db'}"


def kohyo(*args: str) -> Result:
    return CliRunner().invoke(main, args, catch_exceptions=False)


def says(result: Result, *words: str) -> None:
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert all(word in lines[0] for word in words), lines
    assert "Traceback" not in result.output


def test_an_unknown_source(db: str):
    result = kohyo("--db", db, "crawl", "no-such-source")
    says(result, "no-such-source", "kohyo sources list")
    assert result.exit_code == 2


def test_a_broken_declaration_names_file_and_line(db: str, tmp_path: Path):
    (tmp_path / "city.toml").write_text('id = "city"\nname = \n', encoding="utf-8")
    result = kohyo("--db", db, "--sources", str(tmp_path / "city.toml"), "sources", "list")
    says(result, "city.toml", "line 2")
    assert result.exit_code == 2


def test_all_mistakes_at_once(db: str, tmp_path: Path):
    (tmp_path / "city.toml").write_text(
        'id = "town"\nname = "x"\nkind = "city"\nstart = ["file:///etc/passwd"]\nspeed = 1\n',
        encoding="utf-8",
    )
    result = kohyo("--db", db, "--no-bundled", "--sources", str(tmp_path), "sources", "check")
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) >= 4


@pytest.mark.parametrize(
    "url", ["x", "www.city.example.lg.jp", "ftp://a.example/", "http://", "https://[::1"]
)
@pytest.mark.parametrize("command", [("sources", "new"), ("read",)])
def test_what_is_no_address(db: str, command: tuple[str, ...], url: str):
    result = kohyo("--db", db, *command, url)
    says(result, url)
    assert result.exit_code == 2


@pytest.mark.parametrize("url", ["http://a.example:99999/", "http://a example/", "https://a.example:x/"])
def test_an_address_that_cannot_be_fetched(db: str, url: str):
    result = kohyo("--db", db, "sources", "new", url)
    says(result, url, "https://")
    assert result.exit_code == 2


@pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/x", "sqlite:////proc/no/such/place.db"])
def test_a_database_that_cannot_be(url: str):
    result = kohyo("--db", url, "changes")
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "args",
    [
        ("notices",),
        ("changes",),
        ("alerts",),
        ("incidents",),
        ("incidents", "show", "none"),
        ("show", "1"),
        ("diff", "1"),
        ("search", "x"),
        ("export", "--format", "csv", "{out}"),
        ("verify",),
        ("status",),
        ("rederive",),
        ("redact", "1", "--reason", "x", "--yes"),
        ("publish", "{out}"),
        ("serve", "--port", "0"),
        ("sources", "offers"),
        ("sources", "accept", "1"),
    ],
)
def test_what_needs_an_archive_makes_none(tmp_path: Path, args: tuple[str, ...]):
    missing, out = tmp_path / "nowhere" / "x.db", tmp_path / "out"
    result = kohyo("--db", f"sqlite:///{missing}", *(arg.format(out=out) for arg in args))
    says(result, f"{missing} does not exist", "kohyo crawl", "--db")
    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_declarations_are_listed_without_an_archive(db: str, tmp_path: Path):
    result = kohyo("--db", db, "sources", "list")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "ppc-press" in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # apprise, on Python 3.11
def test_a_target_that_can_match_nothing_is_told_by_name(db: str, tmp_path: Path):
    open_archive(db).close()
    targets = tmp_path / "targets.toml"
    head = '[[target]]\nname = "desk"\nurl = "json://127.0.0.1:9/"\n'
    for keys, told in (
        ('incident = "nowhere"', "target desk can match nothing: there is no incident nowhere"),
        ('source = "nowhere"', "target desk can match nothing: there is no source nowhere"),
        (
            'source = "ppc-press"\npublisher = "company"',
            "source = ppc-press with publisher = company: it is none",
        ),
    ):
        targets.write_text(head + keys)
        result = kohyo("--db", db, "--lang", "en", "notify", "--targets", str(targets), "--dry-run")
        assert told in result.stderr
        assert result.exit_code == 0
    targets.write_text(head + 'kind = "withdrawn"\nchanged_over = 5')
    result = kohyo("--db", db, "--lang", "en", "notify", "--targets", str(targets), "--dry-run")
    assert "target[0]: can match nothing: kind = withdrawn with changed_over" in result.output + result.stderr
    assert result.exit_code == 2


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_notifying_comes_before_the_first_crawl(db: str, tmp_path: Path):
    """A target hears of what comes after it was first seen."""
    targets = tmp_path / "targets.toml"
    targets.write_text('[[target]]\nname = "a"\nurl = "json://127.0.0.1:9/"\n', "utf-8")
    result = kohyo("--db", db, "notify", "--targets", str(targets))
    assert "target a is new" in result.stdout
    assert (tmp_path / "kohyo.db").exists()


def test_a_crawl_makes_the_archive(db: str, tmp_path: Path):
    assert commands.kohyo("--db", db, "--no-bundled", "crawl").returncode == 0
    assert (tmp_path / "kohyo.db").exists()


def test_a_file_that_is_no_database(tmp_path: Path):
    (tmp_path / "kohyo.db").write_text("not a database at all" * 100)
    says(kohyo("--db", f"sqlite:///{tmp_path / 'kohyo.db'}", "changes"), "kohyo.db")


def test_a_database_of_a_newer_schema_is_left_alone(db: str, tmp_path: Path):
    open_archive(db).close()
    with sqlite3.connect(tmp_path / "kohyo.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    result = kohyo("--db", db, "changes")
    says(result, "newer")
    assert result.exit_code == 2


def test_a_locked_archive(db: str):
    with open_archive(db) as archive, record_run(archive, "crawl", lambda: NOW, alone=False):
        result = kohyo("--db", db, "rederive")
    says(result, "another run")
    assert result.exit_code == 3


def test_reading_anew_writes_nothing_more_once_its_lease_is_lost(db: str, monkeypatch: pytest.MonkeyPatch):
    def lose_the_lease(archive: Archive, *_: object, **__: object) -> int:
        with open_archive(db) as other, other.write() as writer:
            writer._db.execute(lease.update().values(until=NOW))
            writer.end_silent_runs()
            writer.start_run("crawl", NOW)
        with archive.write():
            return 1

    open_archive(db).close()
    monkeypatch.setattr("monitor.track.rederive.rederive", lose_the_lease)
    result = kohyo("--db", db, "rederive")
    says(result, "lost its lease")
    assert result.exit_code == 3


def test_an_unreachable_host_is_an_alert_and_status_1(db: str, tmp_path: Path):
    (tmp_path / "city.toml").write_text(SOURCE.format(start="http://127.0.0.1:9/"), encoding="utf-8")
    pace = {"KOHYO_DELAY": "0", "KOHYO_CONFIRM_AFTER": "0"}
    done = commands.kohyo("--db", db, "--no-bundled", "--sources", str(tmp_path), "crawl", env=pace)
    assert done.returncode == 1
    assert "http://127.0.0.1:9/" in done.stderr
    assert "Traceback" not in done.stderr
    with open_archive(db) as archive, archive.read() as reader:
        assert [alert.kind for alert in reader.alerts()] == ["unreachable"]


@pytest.mark.parametrize(
    "args",
    [
        ("show", "4711"),
        ("diff", "4711"),
        ("incidents", "show", "none"),
        ("incidents", "link", "ntt-procx-2023", "4711"),
        ("sources", "accept", "4711"),
        ("search", " "),
        ("read", "/no/such/file"),
        ("import", "ppc-press", "/no/such.warc"),
        ("changes", "--since", "yesterday"),
    ],
)
def test_what_is_not_there(db: str, args: tuple[str, ...]):
    open_archive(db).close()
    result = kohyo("--db", db, *args)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_options_may_stand_before_or_after_the_command(db: str):
    open_archive(db).close()
    before = kohyo("--db", db, "--no-bundled", "--json", "verify")
    after = kohyo("verify", "--db", db, "--no-bundled", "--json")
    assert (before.exit_code, before.stdout) == (after.exit_code, after.stdout) == (0, "")


def full_disk() -> None:
    def broken(self: Tracker, *given: object) -> None:
        raise Unreachable("kohyo.db cannot be written; check for free space on its disk")

    Tracker.track = broken  # type: ignore[assignment,method-assign]


def test_a_storage_error_stops_the_crawl_and_is_named(db: str, tmp_path: Path):
    for number in range(2):
        text = SOURCE.format(start=f"http://127.0.0.1:9/{number}").replace("city", f"city-{number}")
        (tmp_path / f"city-{number}.toml").write_text(text, encoding="utf-8")
    pace = {"KOHYO_DELAY": "0.5", "KOHYO_CONFIRM_AFTER": "0"}
    asked = ("--db", db, "--no-bundled", "--sources", str(tmp_path), "crawl")
    done = commands.start(*asked, env=pace, prepare=full_disk).end()
    assert done.returncode == 1
    kept = [line for line in done.stderr.splitlines() if "free space" in line and line.startswith("kohyo: ")]
    assert kept, done.stderr
    assert "Traceback" not in done.stderr
    assert "did not come to its end" in done.stderr
    with open_archive(db) as archive, archive.read() as reader:
        assert [run.status for run in reader.runs(1)] == ["failed"]


def test_a_source_that_cannot_be_read_is_a_failure_and_one_notice_that_is_gone_is_none():
    report = RunReport(starts={("city", place("https://www.example.jp/news/")): True})
    for url in ("https://www.example.jp/news/", "https://www.example.jp/news/1.html"):
        told = Alert("soft-404", "city", url, "nothing to read", NOW)
        report.add(TrackResult("city", url, "soft-404", alerts=[told]))
    assert report.failures == ["city: https://www.example.jp/news/: nothing to read"]


@pytest.mark.parametrize("is_list", [True, False])
def test_a_list_that_is_missing_is_a_failure_and_a_watched_page_that_is_gone_is_news(is_list: bool):
    url = "https://www.example.jp/news/"
    report = RunReport(starts={("city", place(url)): is_list})
    report.add(TrackResult("city", url, "missing", alerts=[Alert("missing", "city", url, "HTTP 404", NOW)]))
    assert bool(report.failures) is is_list


def test_a_damaged_database_is_something_that_verify_finds(db: str, tmp_path: Path):
    open_archive(db).close()
    path = tmp_path / "kohyo.db"
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    result = kohyo("--db", db, "verify")
    says(result, "damaged", "backup")
    assert result.exit_code == 1


def test_publishing_after_a_crawl_onto_a_full_disk_is_one_line(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path / "site" / "index.html"))

    monkeypatch.setattr("monitor.cli.crawling.run_crawl", lambda *_: RunReport())
    monkeypatch.setattr("monitor.jobs.publishing.publish", full)
    result = kohyo("--db", db, "--no-bundled", "crawl", "--publish", str(tmp_path / "site"))
    says(result, "site", "No space left")
    assert result.exit_code == 1


def test_a_run_that_was_killed_is_not_called_running(db: str):
    with open_archive(db) as archive:
        with archive.write() as writer:
            writer.start_run("crawl", NOW)
        assert "ended without a word" in kohyo("--db", db, "--no-bundled", "status").stdout
        with record_run(archive, "rederive", lambda: NOW):
            said = kohyo("--db", db, "--no-bundled", "status").stdout
            assert "running" in said
            assert re.search(r"at work: rederive \d+@.*: the whole archive\n", said)
        with archive.read() as reader:
            assert [run.status for run in reader.runs()] == ["done", "failed"]
    lines = kohyo("--db", db, "--no-bundled", "status").stdout.splitlines()
    assert ["ended without a word" in line for line in lines[:2]] == [False, True]
