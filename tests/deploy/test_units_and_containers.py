"""The files of docs/deploy are held to what can be seen of them without the machine they are for."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from monitor import config
from monitor.cli import main
from tests.docs.markdown import DOCS, ROOT

DEPLOY = DOCS / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze here")


def calls_kohyo(words: list[str]) -> None:
    """Fail unless the words after ``kohyo`` are a command with its options. Calls nothing."""
    context = main.make_context("kohyo", list(words))
    name, command, rest = main.resolve_command(context, [*context._protected_args, *context.args])
    assert command is not None, name
    command.make_context(name, rest, parent=context)


@pytest.fixture
def installed(tmp_path: Path) -> list[Path]:
    """The units with the program of this environment, as they would lie beside each other."""
    program = tmp_path / "kohyo"
    program.write_text(f"#!{sys.executable}\n", "utf-8")
    program.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/kohyo/bin/kohyo", str(program))
        (tmp_path / unit.name).write_text(text, "utf-8")
    return [tmp_path / unit.name for unit in UNITS]


def test_who_asks_by_hand_asks_as_the_services_do(tmp_path: Path):
    settings, became, program = (tmp_path / name for name in ("kohyo.env", "runuser", "kohyo"))
    written = (DEPLOY / "kohyo.env").read_text("utf-8")
    settings.write_text(re.sub(r"^#(?=KOHYO_MAIL)", "", written, flags=re.MULTILINE), "utf-8")
    became.write_text('#!/bin/sh\nprintf "%s\\n" "$@" "$KOHYO_DB" "$KOHYO_MAIL"\n', "utf-8")
    became.chmod(0o755)
    program.write_text((DEPLOY / "kohyo").read_text("utf-8").replace("/etc/kohyo", str(tmp_path)), "utf-8")
    done = subprocess.run(
        ["sh", program, "search", "漏えい 1,000"],
        capture_output=True, text=True, check=True, env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )  # fmt: skip
    *given, database, mail = done.stdout.splitlines()
    assert given == ["-u", "kohyo", "--", "/opt/kohyo/bin/kohyo", "search", "漏えい 1,000"]
    assert database == "sqlite:////var/lib/kohyo/kohyo.db"
    assert mail.endswith("&to=office@example.org")


@needs_systemd
def test_systemd_takes_the_units(installed: list[Path]):
    done = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", *installed], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_a_service_exposes_little(installed: list[Path]):
    for unit in installed:
        if unit.suffix == ".service":
            command = [str(ANALYZE), "security", "--no-pager", "--offline=yes", "--threshold=20", unit]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout[-200:]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_calls_kohyo_as_it_can_be_called(unit: Path):
    said = configparser.ConfigParser(strict=False, interpolation=None)
    said.optionxform = str  # type: ignore[assignment,method-assign]
    said.read(unit, "utf-8")
    service = said["Service"]
    words = shlex.split(service["ExecStart"])
    assert words[0] == "/opt/kohyo/bin/kohyo"
    calls_kohyo(words[1:])
    assert service["User"] == "kohyo"
    assert service["EnvironmentFile"] == "/etc/kohyo/kohyo.env"
    follows = {said["Unit"].get("OnSuccess"), said["Unit"].get("OnFailure")} - {None}
    assert follows <= {one.name for one in UNITS}


@pytest.mark.parametrize("name", ["kohyo.env", "compose.env"])
def test_an_environment_names_variables_that_exist(name: str):
    stated = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / name).read_text("utf-8"), re.MULTILINE)
    assert stated
    assert set(stated) - {"KOHYO_MAIL"} <= {*config.VARIABLES}


def test_a_timer_starts_a_service_that_is_there():
    for timer in DEPLOY.glob("*.timer"):
        assert timer.with_suffix(".service").exists()


# --- containers -------------------------------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    joined = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [
        (name, rest.strip())
        for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line)
    ]


def test_the_image_runs_as_nobody_s_root_and_says_whether_it_is_well():
    last = dict(instructions())
    assert int(last["USER"]) >= 1000
    assert last["ENTRYPOINT"] == '["kohyo"]'
    assert "CMD" in last["HEALTHCHECK"]
    names = [name for name, _ in instructions()]
    assert names.index("USER") > max(at for at, name in enumerate(names) if name == "RUN"), "root builds"
    assert set(names) <= {
        "ARG", "FROM", "COPY", "RUN", "ENV", "USER", "WORKDIR", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD",
    }  # fmt: skip


def test_nothing_is_installed_but_by_hash_or_from_the_checkout():
    installs = [
        one
        for name, rest in instructions()
        if name == "RUN"
        for one in rest.split("&&")
        if "pip install" in one
    ]
    assert len(installs) == 3
    assert all("--require-hashes" in one or "--no-index" in one for one in installs), installs
    pinned = (DEPLOY / "build-requirements.txt").read_text("utf-8").replace("\\\n", " ")
    for line in pinned.splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z-]+==[\d.]+\s+--hash=sha256:[0-9a-f]{64}", line), (
            line
        )


def test_what_the_image_copies_is_in_the_checkout_or_made_by_a_recipe():
    recipes = (ROOT / "justfile").read_text("utf-8")
    for name, rest in instructions():
        if name == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                made = source.startswith("dist/") and (
                    "dist/requirements.txt" in recipes or "-w dist" in recipes
                )
                assert made or (ROOT / source).is_file(), source


def test_compose_names_a_database_beside_it_that_nobody_else_reaches():
    said = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    services = said["services"]
    assert services["db"]["networks"] == ["inside"]
    assert said["networks"]["inside"] == {"internal": True}
    assert "ports" not in services["db"]
    assert services["db"]["healthcheck"]["test"][0] == "CMD"
    assert "@" not in services["db"]["image"] or "sha256:" in services["db"]["image"]
    for name in ("serve", "visits"):
        one = services[name]
        assert (DEPLOY / one["build"]["context"]).resolve() == ROOT
        assert (ROOT / one["build"]["dockerfile"]).is_file()
        assert (DEPLOY / one["env_file"]).is_file()
        assert one["environment"]["KOHYO_DB"].startswith("postgresql://")
        assert one["cap_drop"] == ["ALL"]
        assert one["read_only"] is True
        assert one["depends_on"]["db"]["condition"] == "service_healthy"
    assert all(port.startswith("127.0.0.1:") for port in services["serve"]["ports"])
    volumes = {
        v.split(":")[0] for one in services.values() for v in one.get("volumes", ()) if not v.startswith(".")
    }
    assert volumes == set(said["volumes"])


def test_the_loop_of_compose_calls_kohyo_as_it_can_be_called(tmp_path: Path):
    said = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    (loop,) = said["services"]["visits"]["command"]
    assert subprocess.run(["sh", "-n", "-c", loop], check=False).returncode == 0
    commands = re.findall(r"\bkohyo (\w[^;]*?)(?:;|$)", loop)
    assert len(commands) == 2
    for command in commands:
        calls_kohyo(shlex.split(command))
