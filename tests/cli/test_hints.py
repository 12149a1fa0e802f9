"""Every command that is printed works as it stands, in the shell in which it is read."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli import _COMMANDS
from monitor.demo.story import _places
from tests.commands import start
from tests.docs.markdown import PACKAGES, ROOT
from tests.feeds import sample

PRINTED = re.compile(r"(?<![`/\w-])kohyo (?:--\w+|" + "|".join(_COMMANDS) + r")\b")


def said(file: Path) -> Iterator[str]:
    """Strings of a file that are no docstrings."""
    tree = ast.parse(file.read_bytes())
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


def test_a_command_in_a_sentence_stands_between_backticks_where_it_is_made_to_work():
    files = [file for package in PACKAGES if package != "feeds" for file in (ROOT / package).rglob("*.py")]
    files += (ROOT / "feeds" / "wording" / "tables").glob("[dt]*.py")  # what the command line says, too
    found = [f"{file.name}: {text}" for file in files for text in said(file) if PRINTED.search(text)]
    assert found == []
    named = {word for file in files for text in said(file) for word in re.findall(r"`kohyo ([a-z]+)", text)}
    assert named <= set(_COMMANDS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with kohyo in a place that wants quoting, and an archive."""
    made = tmp_path_factory.mktemp("at work")
    (made / "my tools").mkdir()
    shutil.copy(Path(sys.executable).with_name("kohyo"), made / "my tools" / "kohyo")
    sample.archive(made).close()
    return made


def _called_there() -> None:
    os.chdir(os.environ["FOLDER"])
    sys.argv[0] = str(Path("my tools", "kohyo").absolute())


def in_a_shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KOHYO_")}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=plain, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("lang", "arguments"),
    [
        ("en", ("search", "x", "--db", "sqlite:///none at all.db")),
        ("ja", ("show", "99999", "--db", "sqlite:///kohyo.db")),
        ("en", ("crawl", "nowhere", "--db", "sqlite:///kohyo.db")),
        ("en", ("sources", "accept", "99999", "--db", "sqlite:///kohyo.db")),
    ],
)
def test_a_hint_works_as_it_is_printed(folder: Path, lang: str, arguments: tuple[str, ...]):
    env = {"FOLDER": str(folder), "KOHYO_LANG": lang}
    done = start(*arguments, "--no-bundled", env=env, prepare=_called_there).end()
    (command,) = re.findall("`([^`]+)`", done.stderr)
    assert command.startswith("'my tools/kohyo' ")
    tried = in_a_shell(folder, command)
    assert tried.returncode in (0, 1), tried.stderr
    assert "Usage:" not in tried.stderr


def test_the_demo_ends_with_commands_that_work(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", [str(folder / "my tools" / "kohyo")])
    lines: list[str] = []
    _places(folder, f"sqlite:///{folder}/kohyo.db", lines.append)
    commands = [line.strip() for line in lines if "my tools" in line]
    assert len(commands) == 3
    for command in commands[:2]:
        assert in_a_shell(folder, command).returncode == 0
