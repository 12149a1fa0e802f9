"""The manual page is roff without a fault and has every command; completion answers as documented."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor import config
from monitor.cli.upkeep.man_page import write_man_page
from tests.docs.markdown import DOCS, fenced
from tests.docs.test_reference import commands

GUIDE = DOCS / "how-to" / "run-it-anywhere.md"


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff here")
def test_the_manual_page_is_set_without_a_warning_and_has_every_command() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-P-cbou"],
        input=write_man_page().encode(), capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    text = " ".join(done.stdout.decode().replace("‐", "-").replace("−", "-").split())
    assert [path for path, _, _ in commands() if not re.search(rf"{path}\b", text)] == []
    assert [name for name in config.VARIABLES if name not in text] == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_set_up_as_documented(shell: str, tmp_path: Path) -> None:
    (line,) = [
        one for one in fenced(GUIDE, "shell", "Complete what is typed")[0].splitlines() if shell in one
    ]
    assert f"_KOHYO_COMPLETE={shell}_source" in line
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["kohyo"], env={**os.environ, "PATH": path, "_KOHYO_COMPLETE": f"{shell}_source"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "_KOHYO_COMPLETE" in done.stdout


def test_a_half_typed_command_is_completed() -> None:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    asked = {"_KOHYO_COMPLETE": "bash_complete", "COMP_WORDS": "kohyo inc", "COMP_CWORD": "1"}
    done = subprocess.run(
        ["kohyo"], env={**os.environ, "PATH": path, **asked}, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["plain,incidents"]
