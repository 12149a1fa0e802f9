"""init: what it asks is written down, and what it writes works as it stands."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from storage.archive import open_archive
from tests.commands import kohyo

pytest.importorskip("apprise")
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # by one of apprise's plugins

CONTACT = ("--contact", "mailto:a@city.mihon.lg.jp")


def test_what_is_given_is_written_and_the_line_of_cron_works(tmp_path: Path):
    folder = tmp_path / "at 50% of it's"
    secret = "json://user:it's%20$HOME@127.0.0.1:9/"
    given = ("--base-url", "https://kohyo.mihon.lg.jp", "--targets-url", secret, "--lang", "en")
    done = kohyo("init", str(folder), "--yes", "--no-bundled", *CONTACT, *given)
    assert (done.returncode, done.stderr) == (0, "")
    assert "pages: none were due" in done.stdout
    assert {one.name for one in folder.iterdir() if one.suffix in (".env", ".toml", ".txt")} == {
        "kohyo.env",
        "targets.toml",
        "crontab.txt",
    }
    assert [oct((folder / name).stat().st_mode)[-3:] for name in ("kohyo.env", "targets.toml")] == ["600"] * 2
    said = subprocess.run(
        ["sh", "-c", f"set -a; . {shlex.quote(str(folder / 'kohyo.env'))}; printenv KOHYO_SEND_TO"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == f"{secret}\n"

    (line,) = (folder / "crontab.txt").read_text().splitlines()
    times, command = line[:13], line[13:]
    assert times == "*/20 * * * * "
    assert not re.search(r"(?<!\\)%", command)
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C"}
    ran = subprocess.run(
        ["/bin/sh", "-c", command.replace("\\%", "%")], env=bare, cwd="/", capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    with open_archive(f"sqlite:///{folder / 'kohyo.db'}") as archive, archive.read() as reader:
        assert [run.command for run in reader.runs()] == ["crawl", "crawl"]
        assert reader.setting("notify:operator")
    for hint in re.findall("`([^`]+)`", done.stdout):
        subprocess.run(["bash", "-n", "-c", hint], check=True)


def test_the_units_of_systemd_are_read_and_start_the_same(tmp_path: Path):
    folder = tmp_path / "50%"
    assert (
        kohyo("init", str(folder), "--yes", "--no-crawl", "--schedule", "systemd", *CONTACT).returncode == 0
    )
    units = ConfigParser(interpolation=None, strict=False)
    units.optionxform = str  # type: ignore[assignment]
    units.read([folder / "kohyo.service", folder / "kohyo.timer"])
    service = units["Service"]
    assert service["EnvironmentFile"] == f"{folder}/kohyo.env".replace("%", "%%")
    assert shlex.split(service["ExecStart"])[1:] == [
        "crawl",
        "--publish",
        f"{folder}/site".replace("%", "%%"),
    ]
    assert units["Timer"]["OnCalendar"] == "*:0/20"
    assert not (folder / "kohyo.db").exists()
    if systemd := shutil.which("systemd-analyze"):
        env = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
        files = [folder / "kohyo.service", folder / "kohyo.timer"]
        subprocess.run([systemd, "--user", "verify", *files], env=env, check=True)


def asked(monkeypatch: pytest.MonkeyPatch, *arguments: str, answers: str = "") -> Result:
    monkeypatch.setattr(os, "environ", {**os.environ, "KOHYO_LANG": "en"})
    return CliRunner().invoke(main, ["init", *arguments], input=answers)


def test_it_asks_until_somebody_can_be_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    answers = "\nmailto:you@example.org\nmailto:a@city.mihon.lg.jp\nnowhere\n\n\nn\n"
    done = asked(monkeypatch, str(tmp_path / "new"), answers=answers)
    assert done.exit_code == 0, done.output
    problems = [line.partition("--")[2] for line in done.stderr.splitlines() if "--" in line]
    assert [one.partition(":")[0] for one in problems] == ["contact", "contact", "base-url"]
    kept = (tmp_path / "new" / "kohyo.env").read_text()
    assert "KOHYO_CONTACT=mailto:a@city.mihon.lg.jp\n" in kept
    assert "KOHYO_BASE_URL" not in kept
    assert "addresses on" in done.stdout
    assert "# [[target]]" in (tmp_path / "new" / "targets.toml").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--contact: KOHYO_CONTACT is not set"),
        (("--contact", "mailto:a@b.example"), "nobody is reached at"),
        ((*CONTACT, "--base-url", "ftp://x"), "--base-url: links to ftp://x lead nowhere"),
        ((*CONTACT, "--targets-url", "nothing"), "--targets-url: not an address"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
):
    done = asked(monkeypatch, str(tmp_path / "new"), "--yes", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "new").exists()


def test_what_is_there_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "kohyo.env").write_text("mine")
    done = asked(monkeypatch, str(tmp_path), "--yes", *CONTACT)
    assert (done.exit_code, "is there already" in done.stderr) == (2, True)
    assert [one.read_text() for one in tmp_path.iterdir()] == ["mine"]
