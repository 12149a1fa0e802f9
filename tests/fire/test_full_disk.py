"""A database that has no room left: one clear line from every command, nothing half done, and on with it once there is room."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main
from storage.archive import Writer, open_archive
from storage.db import engine
from storage.errors import Unreachable
from storage.query import Query
from tests.feeds import sample


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite, also where the others are on a server: its room is not ours to take."""
    path = tmp_path_factory.mktemp("filled") / "kohyo.db"
    with open_archive(f"sqlite:///{path}") as archive, archive.write() as writer:
        sample.tell(writer)
    return path


@pytest.fixture
def full(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], str]:
    """The archive's URL, with room on its disk or without."""
    path = Path(shutil.copy(filled, tmp_path / "kohyo.db"))
    room = engine._PRAGMAS

    def set_room(enough: bool) -> str:
        pages = path.stat().st_size // 4096
        limit = () if enough else (f"max_page_count={pages}",)  # SQLite's own words for a full disk
        monkeypatch.setattr(engine, "_PRAGMAS", (*room, *limit))
        return f"sqlite:///{path}"

    return set_room


def state(url: str) -> tuple[object, ...]:
    with open_archive(url) as archive:
        assert list(archive.verify()) == []
        with archive.read() as reader:
            return (reader.changes(Query(limit=None)), reader.redactions(), reader.deliveries())


def kohyo(url: str, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["--db", url, "--no-bundled", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_reading_needs_no_room(full: Callable[[bool], str], tmp_path: Path):
    url = full(False)
    for command in ("changes", "status", "verify", "search 漏えい", f"publish {tmp_path / 'site'}"):
        status, _, words = kohyo(url, *command.split())
        assert status == 0, words


READING = (
    *(
        "changes",
        "notices",
        "alerts",
        "status",
        "verify",
        "search 漏えい",
        "sources list",
        "export --format jsonl",
    ),
    *("incidents list", "incidents show procx-2023", "incidents suggest", "incidents check"),
)


@pytest.mark.parametrize("command", READING)
def test_what_lies_on_media_that_nobody_can_write_is_read(
    full: Callable[[bool], str], command: str, monkeypatch: pytest.MonkeyPatch
):
    url = full(True)
    monkeypatch.setattr(engine, "_is_read_only", lambda path: True)
    status, _, words = kohyo(url, *command.split())
    assert (status, "cannot be written" in words) == (0, False), words
    status, _, words = kohyo(url, "incidents", "close", "procx-2023")
    assert (status, len(words.splitlines())) == (2, 1)
    assert "cannot be written" in words


def fill(writer: Writer) -> None:
    for number in range(2_000):
        writer.note(f"note {number}", "a" * 4_000)


def test_nothing_is_half_stored_and_it_is_said_in_a_line(full: Callable[[bool], str]):
    url = full(False)
    before = state(url)
    with (
        open_archive(url) as archive,
        pytest.raises(Unreachable, match="free space") as told,
        archive.write() as writer,
    ):
        fill(writer)
    assert "\n" not in str(told.value)
    assert state(full(True)) == before
    with open_archive(full(True)) as archive, archive.write() as writer:
        fill(writer)


def test_a_redaction_without_room_is_finished_when_there_is_some(full: Callable[[bool], str]):
    status, _, words = kohyo(full(False), "redact", "1", "--reason", "x", "--yes")
    if status:
        assert "Traceback" not in words
        assert len(words.strip().splitlines()) == 1
        status, _, words = kohyo(full(True), "redact", "1", "--reason", "x", "--yes")
    assert status == 0, words
    assert len(state(full(True))[1]) == 1  # type: ignore[arg-type]
