"""The README says the same in both languages: commands, files and numbers; and leads to a mailed digest."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, fenced
from tests.docs.test_commands import DOCUMENTS, lines
from tests.feeds.browser.story import find_lived
from tests.feeds.receivers import PostOffice

ENGLISH, JAPANESE = ROOT / "README.md", ROOT / "README.ja.md"


@pytest.mark.parametrize("language", ["sh", "toml"])
def test_both_readmes_have_the_same_commands_and_files(language: str) -> None:
    def bare(page: Path) -> list[list[str]]:
        return [
            [re.sub(r"\s+#.*", "", line) for line in block.splitlines()] for block in fenced(page, language)
        ]

    assert bare(JAPANESE) == bare(ENGLISH) != []


def test_both_readmes_have_the_same_line_for_cron_and_the_same_sums() -> None:
    japanese, english = (page.read_text("utf-8") for page in (JAPANESE, ENGLISH))
    assert re.findall(r"^\*/20 .*", japanese, re.MULTILINE) == re.findall(r"^\*/20 .*", english, re.MULTILINE)
    (core,) = re.findall(r"(\d+) sources of the incident are declared", english)
    (radar,) = re.findall(r"(\d+)\s+lists of the radar", english)
    assert f"情報源{core}件" in japanese
    assert f"新着一覧{radar}件" in japanese


def test_the_japanese_documents_are_held_like_the_others() -> None:
    assert {JAPANESE, *(ROOT / "docs").rglob("*.ja.md")} <= {*DOCUMENTS}


def test_who_follows_the_japanese_readme_gets_a_digest_by_mail(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The block on mail as it stands, after that which names the database; but for the port of the server."""
    pytest.importorskip("apprise")
    (tmp_path / "demo").mkdir()
    (tmp_path / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    shutil.copy(find_lived(tmp_path_factory), tmp_path / "demo")
    (first,) = [block for block in fenced(JAPANESE, "sh") if "KOHYO_DB" in block]
    (mail,) = [block for block in fenced(JAPANESE, "sh") if "KOHYO_MAIL" in block]
    (targets,) = fenced(JAPANESE, "toml")
    (tmp_path / "targets.toml").write_text(targets, "utf-8")
    ready = [line for line in lines(first) if not line.startswith("kohyo")]
    told = [line for line in lines(mail) if not line.startswith("pip")]
    with PostOffice() as office:
        script = "\n".join((*ready, *told)).replace("127.0.0.1:25", f"127.0.0.1:{office.port}")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "ja_JP.UTF-8", "HOME": str(tmp_path)},
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        (sent,) = office.got
    assert "公表 kohyo" in str(sent["Subject"])
