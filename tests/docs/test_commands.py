"""Commands in the documents are those of the program, and those that need no network are run as written."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from feeds.notify import targets
from monitor.cli import main
from monitor.cli.upkeep.health_lines import bare_name
from spiders import declarations
from tests.commands import kohyo
from tests.docs.markdown import DOCS, ROOT, fenced
from tests.feeds.browser.story import find_lived

README = ROOT / "README.md"
DOCUMENTS = sorted(
    [README, ROOT / "README.ja.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *DOCS.rglob("*.md")]
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def lines(block: str) -> list[str]:
    """The commands of a block: one a line, or joined by ``&&``, without comments."""
    return [
        command.strip()
        for line in block.splitlines()
        for command in re.sub(r"\s+#.*", "", line).split("&&")
        if command.strip()
    ]


COMMANDS = [
    pytest.param(command, id=f"{page.name}: {command}")
    for page in DOCUMENTS
    for block in fenced(page, "sh")
    for command in lines(block)
]


def parsed(arguments: list[str]) -> click.Context:
    """The context of the command that these arguments call. Raises click's errors; calls nothing."""
    command: click.Command = main
    context = main.make_context("kohyo", list(arguments))
    while isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command, context = found, found.make_context(name, rest, parent=context)
    return context


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_in_a_block_can_be_called(command: str, monkeypatch: pytest.MonkeyPatch):
    """What would install something or leave this machine is held against what it names, and not run."""
    words = shlex.split(command)
    if ">" in words:
        words = words[: words.index(">")]
    program, arguments = words[0].removeprefix(".venv/bin/"), words[1:]
    match program:
        case "kohyo":
            parsed(arguments)
        case "python" | "python3" if arguments[0] == "-m":
            assert find_spec(arguments[1]) is not None
        case "pip":
            extras = re.findall(r"\[(.*)\]", arguments[-1])
            assert set(extras) <= set(PROJECT["optional-dependencies"])
        case "pytest" | "just" | "." | "export":
            pass
        case _:
            pytest.fail(f"nobody knows what {program} is")


def options(context: click.Context) -> set[str]:
    known: set[str] = set()
    while context:
        known |= {name for parameter in context.command.params for name in parameter.opts}
        if context.parent is None:
            return known
        context = context.parent
    return known


INLINE = sorted(
    {
        code
        for page in DOCUMENTS
        if page.parent.name not in ("decisions", "reference")
        for code in re.findall(r"`((?:kohyo|just) [^`]+)`", page.read_text("utf-8").replace("\n", " "))
    }
)


@pytest.mark.parametrize("code", INLINE)
def test_a_command_in_a_sentence_exists_with_its_options(code: str):
    """Here words such as NOTICE stand for what is given."""
    program, *words = code.split()
    if program == "just":
        assert re.search(rf"^{words[0]}\b.*:", (ROOT / "justfile").read_text("utf-8"), re.MULTILINE)
        return
    command, context = main, click.Context(main, info_name="kohyo")
    known = set(options(context))
    for word in words:
        if word.startswith("-"):
            assert word.split("=")[0] in known, f"{code}: no option {word}"
        elif isinstance(command, click.Group) and word.islower():
            found = command.get_command(context, word)
            assert found is not None, f"{code}: no command {word}"
            command, context = found, click.Context(found, parent=context, info_name=word)
            known |= options(context)


def test_the_readme_says_how_many_sources_are_declared():
    text = " ".join(README.read_text("utf-8").split())
    (core,) = re.findall(r"(\d+) sources of the incident are declared", text)
    (radar,) = re.findall(r"(\d+) lists of the radar", text)
    declared = Counter(source.set for source in declarations.load())
    assert declared == {"core": int(core), "radar": int(radar)}


def test_the_readme_says_how_many_bodies_are_known_by_name_only():
    text = " ".join(README.read_text("utf-8").split())
    said = (
        r"(\d+) are fetched at addresses of their own, (\d+) bodies by .*? and (\d+) bodies are known by name"
    )
    ((own, listed, named),) = re.findall(said, text)
    sources = declarations.load()
    lists = {bare_name(source) for source in sources if source.start}
    core = [source for source in sources if source.set == "core"]
    unknown = [source for source in core if not source.start]
    without = [source for source in unknown if bare_name(source) not in lists]
    counted = (len(core) - len(unknown), len(unknown) - len(without), len(without))
    assert counted == (int(own), int(listed), int(named))


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # apprise, on Python 3.11
def test_the_targets_in_the_readme_are_targets(tmp_path: Path):
    (text,) = fenced(README, "toml")
    (tmp_path / "targets.toml").write_text(text, "utf-8")
    environment = {"KOHYO_MAIL": "json://127.0.0.1:9/"}
    assert [target.name for target in targets.load_targets(tmp_path / "targets.toml", environment)]


def test_the_crontab_in_the_readme_calls_kohyo(monkeypatch: pytest.MonkeyPatch):
    (line,) = [one for one in README.read_text("utf-8").splitlines() if one.startswith("*/20 ")]
    words = shlex.split(line)[5:]
    variables = [word.partition("=")[0] for word in words if word.startswith("KOHYO_")]
    assert variables == ["KOHYO_BASE_URL", "KOHYO_CONTACT"]
    assert parsed(words[words.index("kohyo") + 1 :]).info_name == "crawl"


# --- run as written ---------------------------------------------------------------------------


def test_the_marked_commands_are_those_of_ci():
    """``.ci/run`` runs both as they stand, from a clean clone; here it is seen that it finds them."""
    text, ci = README.read_text("utf-8"), (ROOT / ".ci" / "run").read_text("utf-8")
    for mark, last in (("demo", "kohyo demo"), ("test", "pytest -q -n 2")):
        (block,) = re.findall(rf"<!-- {mark} -->\n```sh\n(.*)\n```", text)
        assert block.endswith(last)
        assert f"readme_command {mark})" in ci


@pytest.fixture(scope="module")
def after_the_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of who followed the first command: an environment and a demo."""
    folder = tmp_path_factory.mktemp("clone")
    (folder / "demo").mkdir()
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    shutil.copy(find_lived(tmp_path_factory), folder / "demo")
    shutil.copytree(find_lived(tmp_path_factory).with_name("sources"), folder / "demo" / "sources")
    return folder


def test_the_second_block_of_the_readme_works_for_who_followed_the_first(after_the_demo: Path):
    (block,) = [one for one in fenced(README, "sh") if "KOHYO_DB" in one]
    *questions, serve = block.strip().splitlines()
    assert serve.split()[:2] == ["kohyo", "serve"]
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("KOHYO_", "VIRTUAL_ENV"))
    }
    bare["PATH"] = "/usr/local/bin:/usr/bin:/bin"

    def bash(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=after_the_demo, env=bare, capture_output=True, text=True, check=False, timeout=100,
        )  # fmt: skip

    setting = [line for line in questions if not line.startswith("kohyo")]
    done = bash("\necho ----\n".join(questions))
    assert (done.returncode, done.stderr) == (0, "")
    for line, answer in zip(questions, done.stdout.split("----\n"), strict=True):
        assert answer.strip() or line in setting, line

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # on a port of its own, since another may be at 8000
    command = re.sub(r"\s+#.*", "", serve)
    script = "\n".join([*setting, f"exec {command} --port {port}"])
    with running(script, after_the_demo, bare):
        page = answered(f"http://127.0.0.1:{port}/")
        assert "公表" in page


@contextlib.contextmanager
def running(script: str, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(["bash", "-c", script], cwd=folder, env=environment, stderr=subprocess.PIPE)
    try:
        yield
    finally:
        process.terminate()
        process.communicate(timeout=30)


def answered(address: str) -> str:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{address} does not answer")


@pytest.mark.parametrize(
    "command",
    [
        "kohyo sources list",
        "kohyo sources check",
        "kohyo status",
        "kohyo verify",
        "kohyo notices",
        "kohyo sources offers",
    ],
)
def test_what_the_readme_names_in_passing_works_after_the_demo(command: str, after_the_demo: Path):
    database = f"sqlite:///{after_the_demo / 'demo' / 'kohyo.db'}"
    done = kohyo(*command.split()[1:], env={"KOHYO_DB": database})
    assert done.returncode == 0, done.stderr
