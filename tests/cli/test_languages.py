"""Commands speak one language in a line, publishers' own words aside: that of the run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from feeds.wording.tables.terminal_words import COUNTED, OF_CLICK, SENTENCES, STORY_IN_ENGLISH
from feeds.wording.words import say_detail
from monitor import config
from monitor.cli import main
from monitor.demo.epochs import EPOCHS
from storage.archive import open_archive
from tests import commands
from tests.databases import database_at
from tests.monitor.story import DAY, SINGLE, Story

ROOT = Path(__file__).parents[2]
JAPANESE = re.compile("[\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff]")
ENGLISH = re.compile(r"(?<![\w./:-])[A-Za-z]{3,}(?![\w./:=-])")
NAMES = re.compile(r"`[^`]*`|https?://\S+|\bKOHYO_\w+|--[a-z-]+|/\S+|\bkohyo\b|\bA-Z[A-Z-]+\b")
"""What is called alike in both languages: commands, addresses, variables, options, paths."""


def greek(*sentences: str) -> bytes:
    """A publisher's page in neither language, so that every word in one of them is ours."""
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return (
        f"<html><head><title>Αλφα</title></head><body><main><h1>Αλφα</h1>{body}</main></body></html>".encode()
    )


TEXT = ["Βήτα γάμμα δέλτα έψιλον ζήτα ήτα θήτα ιώτα κάππα λάμδα. " * 3, "Μυ νυ ξι όμικρον πι ρω. " * 3]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = database_at(tmp_path_factory.mktemp("greek") / "kohyo.db")
    with open_archive(url) as archive:
        story = Story(archive, replace(SINGLE, id="s1", name="Άλφα"))
        story.page(greek(*TEXT))
        story.page(greek(*TEXT, "Σίγμα ταυ ύψιλον φι χι. " * 3), DAY)
        story.page(b"", DAY, status=500)
    return url


def kohyo(*args: str, **environment: str) -> Result:
    return CliRunner().invoke(main, args, env=environment)


COMMANDS = [
    "status",
    "alerts --since 2100-01-01",
    "incidents suggest",
    "incidents check",
    "incidents link nobody 1",
    "verify",
    "rederive",
    "sources offers",
    "sources accept 5",
    "prune --dry-run",
    "rows Αλφα",
    "changes",
    "changes --source s1 --kind withdrawn",
    "notices",
    "notices --since 2100-01-01",
    "show 1",
    "show 999",
    "diff 1",
    "diff 1 1 9",
    "search Σίγμα",
    "search αβγ",
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("lang", "other"), [("ja", ENGLISH), ("en", JAPANESE)])
def test_a_run_speaks_one_language(db: str, command: str, lang: str, other: re.Pattern[str]):
    done = kohyo("--db", db, "--no-bundled", "--lang", lang, *command.split())
    said = (done.stdout + done.stderr).splitlines()
    assert said
    assert [line for line in said if other.search(NAMES.sub("", line))] == []


WRONG = [
    "",
    "nix",
    "notice",
    "--nix",
    "show",
    "show x",
    "show 1 2",
    "show --lim",
    "changes --limt 3",
    "changes --kind nix",
    "notices --limit 0",
    "notices --limit",
    "notices --json=1",
    "notices --since x",
    "rows --kind x",
    "--sets nix status",
    "--sets cor status",
    "sources check nix",
    "sources check ppc-pres",
    "read --published x y",
    "relevant /nix",
]


@pytest.mark.parametrize("command", WRONG)
@pytest.mark.parametrize(("lang", "other"), [("ja", ENGLISH), ("en", JAPANESE)])
def test_what_is_wrong_with_a_command_is_said_in_one_language(
    command: str, lang: str, other: re.Pattern[str]
):
    done = kohyo(*command.split(), KOHYO_LANG=lang)
    said = done.stderr.splitlines()
    assert said
    assert done.exit_code == 2
    names = re.compile(NAMES.pattern + r"|'[^']*'|\[[A-Z]+\]|\b[A-Z]{3,}\b|no such file or directory", re.I)
    told = [line for line in said if line.startswith(("Error:", "エラー:", "Try", "説明は", "kohyo:"))]
    assert told or not command  # without one, help is given
    assert [line for line in told if other.search(names.sub("", line))] == []


def test_what_is_wrong_with_an_archive_is_said_in_the_language_of_the_run(tmp_path: Path):
    file = tmp_path / "kohyo.db"
    file.write_text("Αλφα" * 200)
    said = kohyo("--db", f"sqlite:///{file}", "notices", "--lang", "ja").stderr
    assert said == f"kohyo: {file}はSQLiteのデータベースではありません。別のファイルを指定してください\n"
    assert "is no SQLite database" in kohyo("--db", f"sqlite:///{file}", "notices", "--lang", "en").stderr


def test_what_is_read_in_a_page_is_said_in_the_language_of_the_run(tmp_path: Path):
    for name, body, said in (
        ("whole.html", greek(*TEXT), ("読み取り可 (utf-8)", "content (utf-8)")),
        ("empty.html", b"", ("判読不能: 内容が空 (", "unreadable: no bytes (")),
    ):
        (tmp_path / name).write_bytes(body)
        for lang, begins in zip(("ja", "en"), said, strict=True):
            assert kohyo("read", str(tmp_path / name), "--lang", lang).stdout.startswith(begins)


def test_of_an_address_in_ones_own_network_it_is_said_what_allows_it():
    for command in (("read",), ("sources", "new")):
        for lang, said in (("ja", "--privateで許可できます"), ("en", "; --private allows it")):
            done = commands.kohyo(*command, "http://127.0.0.1:9/", "--lang", lang)
            assert done.returncode == 1
            assert done.stderr.rstrip().endswith(said)


def test_help_says_its_heads_in_the_language_asked_for_wherever_that_stands():
    for args in (("jobs", "--lang", "ja", "--help"), ("--lang=ja", "jobs", "--help")):
        said = kohyo(*args).stdout
        assert said.startswith("使い方: ")
        assert {"オプション:", "コマンド:"} <= set(said.splitlines())
    said = kohyo("jobs", "--help", "--lang", "en", LANG="ja_JP.UTF-8").stdout
    assert {"Options:", "Commands:"} <= set(said.splitlines())


def test_click_still_says_what_has_its_japanese():
    folder = Path(click.__file__).parent
    source = "".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    assert [one for one in OF_CLICK if one.replace("\n", "\\n").replace("\t", "\\t") not in source] == []
    for english, japanese in OF_CLICK.items():
        assert set(re.findall(r"{\w+", japanese)) <= set(re.findall(r"{\w+", english))


def test_an_english_run_names_kinds_in_english_and_a_japanese_one_in_japanese(db: str):
    assert "[Updated] " in kohyo("--db", db, "changes", "--lang", "en").stdout
    assert "[更新] " in kohyo("--db", db, "--lang", "ja", "changes").stdout


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "C", "LC_ALL": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "KOHYO_LANG": "en"}, "en"),
        ({"KOHYO_LANG": "ja"}, "ja"),
    ],
)
def test_the_language_is_the_variables_else_the_locales(
    environment: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "KOHYO_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert config.language() == lang


def test_pages_ask_the_option_and_the_variable_and_no_locale(db: str, tmp_path: Path):
    def title(*args: str, **environment: str) -> str:
        folder = tmp_path / "-".join((*args, *environment.values()))
        assert kohyo("--db", db, *args, "publish", str(folder), **environment).exit_code == 0
        return re.findall('<html lang="(..)"', (folder / "index.html").read_text("utf-8"))[0]

    assert title(LC_ALL="en_US.UTF-8") == title(LC_ALL="C") == "ja"
    assert title(KOHYO_LANG="en") == title("--lang", "en") == "en"


def test_a_language_that_is_none_is_refused():
    assert kohyo("--lang", "fr", "sources").exit_code == 2
    done = kohyo("sources", KOHYO_LANG="fr")
    assert (done.exit_code, done.stderr) == (2, "kohyo: KOHYO_LANG=fr: the languages are ja, en\n")


def test_json_is_the_same_in_both(db: str):
    first, second = (kohyo("--db", db, "changes", "--json", "--lang", lang).stdout for lang in ("ja", "en"))
    assert first == second != ""


FILES = sorted([*(ROOT / "monitor" / "cli").rglob("*.py"), ROOT / "monitor" / "demo" / "story.py"])


@cache
def calls() -> list[tuple[str, ast.Call]]:
    return [
        (f"{file.name}:{node.lineno}", node)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.Call)
    ]


def literals(node: ast.expr) -> Iterator[str]:
    """Strings that an expression may come to: of a choice, both."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def given(name: str, place: int) -> list[str]:
    found = (
        call.args[place]
        for _, call in calls()
        if isinstance(call.func, ast.Name) and call.func.id == name and len(call.args) > place
    )
    return [text for node in found for text in literals(node)]


def test_every_sentence_has_its_japanese_and_no_other_is_kept():
    none = [
        f"no {keyword.value.value} found"
        for _, call in calls()
        for keyword in call.keywords
        if keyword.arg == "named" and isinstance(keyword.value, ast.Constant)
    ]
    said = {*given("say", 0), *none}
    assert sorted(said - set(SENTENCES)) == []
    assert sorted(set(SENTENCES) - said) == []
    assert sorted(set(given("counted", 1)) - set(COUNTED)) == []


def test_japanese_and_english_of_a_sentence_take_the_same_words():
    assert [one for one, ja in SENTENCES.items() if one.count("{") != ja.count("{")] == []


def test_what_happens_in_the_demo_is_said_in_english_too():
    assert {epoch.about for epoch in EPOCHS} == set(STORY_IN_ENGLISH)
    assert [said for said in STORY_IN_ENGLISH.values() if JAPANESE.search(said)] == []


def test_no_command_prints_english_that_is_not_said_in_the_language_of_the_run():
    """Of what is written out where it is printed; what is composed elsewhere is seen by the runs above."""
    alone = [
        f"{place}: {ast.unparse(call.args[0])}"
        for place, call in calls()
        if isinstance(call.func, ast.Name | ast.Attribute)
        and ast.unparse(call.func) in ("click.echo", "fail", "echo")
        if call.args
        for text in spoken(call.args[0])
        if re.search("[A-Za-z]{3,}", text.replace("kohyo", ""))
    ]
    assert alone == []


def spoken(node: ast.expr) -> Iterator[str]:
    """Words of an expression that are written out in it, and not given to another function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from spoken(part)
    elif isinstance(node, ast.BinOp | ast.IfExp):
        for child in (node.left, node.right) if isinstance(node, ast.BinOp) else (node.body, node.orelse):
            yield from spoken(child)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("plain", "as_called"):
        for child in node.args:
            yield from spoken(child)


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("3 rows, at least 6 expected", "一覧の行数3、想定は6以上"),
        ("the newest row is of 2024-01-02; a new one every 1.5 days is usual", "最新の行は2024-01-02"),
        ("HTTP 503", "HTTP 503"),
    ],
)
def test_what_an_alert_says_in_detail_is_said_in_japanese_where_it_is_ours(detail: str, said: str):
    assert (say_detail(detail, "ja"), say_detail(detail, "en")) == (said, detail)
