"""What the environment says: each variable does what its line says, and a misspelt one is named."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor import config
from monitor.cli import main
from storage.archive import open_archive

PACKAGES = ("spiders", "monitor", "storage", "feeds")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("KOHYO_")]:
        monkeypatch.delenv(name)


def kohyo(*args: str, **environment: str) -> Result:
    return CliRunner().invoke(main, args, env=environment)


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("KOHYO_BASEURL", "KOHYO_BASE_URL"),
        ("KOHYO_TOKN", "KOHYO_TOKEN"),
        ("KOHYO_SOURCE", "KOHYO_SOURCES"),
        ("KOHYO_DBS", "KOHYO_DB"),
        ("KOHYO_CONFIRM_AFTR", "KOHYO_CONFIRM_AFTER"),
        ("kohyo_contact", "KOHYO_CONTACT"),
    ],
)
def test_a_misspelt_variable_is_named_once_and_its_value_never(misspelt: str, meant: str, tmp_path: Path):
    db = f"sqlite:///{tmp_path / 'kohyo.db'}"
    open_archive(db).close()
    result = kohyo("--db", db, "changes", **{misspelt: "the secret it holds"})
    about = [line for line in result.stderr.splitlines() if misspelt in line]
    assert about == [f"kohyo: {misspelt} is no variable of kohyo's; did you mean {meant}?"]
    assert "the secret" not in result.output
    assert result.exit_code == 0


@pytest.mark.parametrize("name", ["KOHYO_MAIL", "KOHYO_DESK", "KOHYO_SHARED", "KOHYO_REQUIRE_SHARED", "DBS"])
def test_a_variable_that_resembles_none_is_left_alone(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(name, "x")
    assert config.misspelt_variables() == []


def test_variables_that_exist_are_not_called_misspelt(monkeypatch: pytest.MonkeyPatch):
    for name in config.VARIABLES:
        monkeypatch.setenv(name, "x")
    assert config.misspelt_variables() == []


def test_a_pace_that_is_no_number_is_said_with_its_variable(tmp_path: Path):
    result = kohyo("--db", f"sqlite:///{tmp_path / 'x.db'}", "--no-bundled", "crawl", KOHYO_DELAY="fast")
    assert (result.exit_code, result.stderr) == (2, "kohyo: KOHYO_DELAY=fast: not a number\n")


def test_what_is_not_set_or_empty_has_its_default(monkeypatch: pytest.MonkeyPatch):
    for name in config.VARIABLES:
        monkeypatch.setenv(name, "")
    assert config.database_url().startswith("sqlite:///")
    assert (config.source_paths(), config.incident_paths()) == ([], [])
    assert (config.base_url(), config.base_url(default="")) == (config.LOCAL_URL, "")
    assert (config.hub(), config.token(), config.pace(), config.start_time()) == ("", "", {}, None)
    assert (config.is_plain(), config.shows_tracebacks()) == (False, False)
    assert abs((config.clock()() - datetime.now(UTC)).total_seconds()) < 60


def test_several_paths_stand_in_one_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KOHYO_SOURCES", os.pathsep.join(["a.toml", "", "folder"]))
    assert config.source_paths() == [Path("a.toml"), Path("folder")]


def test_the_environment_is_read_in_one_module():
    """``env:NAME`` in a file of targets names a variable of the user's; the demo hands some to its crawls."""
    root = Path(config.__file__).parents[1]
    elsewhere = {"feeds/notify/targets.py", "monitor/demo/story.py"}
    readers = {
        path.relative_to(root).as_posix()
        for package in PACKAGES
        for path in (root / package).rglob("*.py")
        if "environ" in (text := path.read_text("utf-8")) and ("os.environ" in text or "getenv" in text)
    }
    assert readers - elsewhere == {"monitor/config.py"}
