"""The global options: what is given on the command line wins over the environment, the later over the earlier."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from storage.archive import open_archive
from tests.databases import database_at
from tests.monitor.story import LEAK, Story, html

SOURCE = 'id = "{0}"\nname = "{0}"\nkind = "affected"\nstart = ["https://{0}.example/"]\n'


def kohyo(*args: str, **environment: str) -> Result:
    return CliRunner().invoke(main, args, env=environment, catch_exceptions=False)


@pytest.fixture
def full(tmp_path: Path) -> str:
    url = database_at(tmp_path / "full.db")
    with open_archive(url) as archive:
        Story(archive).page(html(LEAK))
    return url


@pytest.fixture
def empty(tmp_path: Path) -> str:
    url = database_at(tmp_path / "empty.db")
    open_archive(url).close()
    return url


def test_a_database_on_the_command_line_wins_over_the_environment(full: str, empty: str):
    assert kohyo("--db", full, "notices", KOHYO_DB=empty).stdout
    assert kohyo("notices", "--db", full, KOHYO_DB=empty).stdout
    assert kohyo("notices", KOHYO_DB=full).stdout


def test_the_later_database_wins(full: str, empty: str):
    assert kohyo("--db", empty, "notices", "--db", full, KOHYO_DB=empty).stdout
    assert not kohyo("--db", full, "notices", "--db", empty, KOHYO_DB=full).stdout


def test_sources_on_the_command_line_win_over_the_environment(tmp_path: Path, empty: str):
    for name in ("given", "around"):
        (tmp_path / f"{name}.toml").write_text(SOURCE.format(name), "utf-8")
    given, around = str(tmp_path / "given.toml"), str(tmp_path / "around.toml")
    bare = ("--db", empty, "--no-bundled")

    def listed(*args: str) -> list[str]:
        done = kohyo(*bare, *args, KOHYO_SOURCES=around)
        return [line.split()[0] for line in done.stdout.splitlines()]

    assert listed("--sources", given, "sources", "list") == ["given"]
    assert listed("sources", "list", "--sources", given) == ["given"]
    assert listed("sources", "list") == ["around"]
    assert listed("sources") == ["around"]
