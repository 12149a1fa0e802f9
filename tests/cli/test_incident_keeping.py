"""An incident kept on the command line, from its notices to its end, and each mistake in clear words."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from storage.archive import open_archive
from tests.databases import database_at
from tests.monitor.story import DAY, SINGLE, Story, html

SEED = "ntt-procx-2023"
TEXT = "見本データ株式会社に委託していた業務で、1,234人分の個人情報が流出しました。電話:0120-111-222"


@pytest.fixture
def db(tmp_path: Path) -> str:
    url = database_at(tmp_path / "kohyo.db")
    with open_archive(url) as archive:
        Story(archive).page(html(TEXT))
    return url


def kohyo(db: str, *args: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["--db", db, "incidents", *args], input=given, catch_exceptions=False)


def shown(db: str, slug: str) -> dict[str, object]:
    return dict(json.loads(kohyo(db, "show", slug, "--json").stdout))


def test_an_incident_is_drafted_edited_merged_and_taken_back(db: str, tmp_path: Path) -> None:
    made = kohyo(db, "new", "mihon-2023", "--from", "1", "--title", "見本の事案")
    assert made.exit_code == 0
    said, _, toml = made.stdout.partition("\n")
    assert said == "made the incident mihon-2023: 見本の事案"
    drafted = tomllib.loads(toml)
    assert (drafted["respondents"], drafted["hotlines"]) == (["見本データ"], ["0120-111-222"])
    assert drafted["roster"][0]["count"] == "1,234人分"
    known = shown(db, "mihon-2023")
    assert (known["origin"], known["status"], known["notices"]) == ("drafted", "open", 1)

    keys = tmp_path / "keys.toml"
    keys.write_text('hotlines = []\nname = "別の名"\n', "utf-8")
    assert kohyo(db, "edit", "mihon-2023", str(keys)).stdout == "changed name, hotlines of mihon-2023\n"
    assert kohyo(db, "edit", "mihon-2023", "-", given='name = "別の名"').exit_code == 1
    assert kohyo(db, "merge", SEED, "mihon-2023").exit_code == 0
    assert shown(db, "mihon-2023")["slug"] == SEED
    assert kohyo(db, "merge", SEED, "mihon-2023").exit_code == 1
    assert "edited by hand, which goes before its declaration: respondents" in kohyo(db, "check").stdout
    assert kohyo(db, "undo", SEED).stdout == f"undid of {SEED}: merged\n"
    assert kohyo(db, "check").stdout == "1 declaration is valid\n"
    known = shown(db, "mihon-2023")
    assert (known["name"], known["notices"]) == ("別の名", 1)
    assert [(step["action"], bool(step["undone_at"])) for step in known["trace"]] == [  # type: ignore[attr-defined]
        ("new", False),
        ("edit", False),
        ("merge", True),
    ]
    for command, left in (("close", 0), ("close", 1), ("reopen", 0), ("remove", 0), ("remove", 1)):
        assert kohyo(db, command, "mihon-2023").exit_code == left
    assert "was removed; undo brings it back" in kohyo(db, "show", "mihon-2023").stderr
    assert kohyo(db, "undo", "mihon-2023").exit_code == 0
    assert "reopen, by command" in kohyo(db, "show", "mihon-2023").stdout


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("new", "x"), 2, "name the notices behind --from, or give it a --title"),
        (("new", "x", "7"), 2, "there is no notice 7; `kohyo notices --db "),
        (("new", "x", "--from", "7", "8"), 2, "there is no notice 7, 8; `kohyo notices --db "),
        (("new", "X y", "--from", "1"), 2, "'X y' cannot be a slug"),
        (("new", SEED, "--from", "1"), 1, f"the slug {SEED} is taken by"),
        (("show", "ntt-prox-2023"), 2, f"there is no incident ntt-prox-2023; did you mean {SEED}?"),
        (("merge", SEED, SEED), 2, f"{SEED} cannot be merged into itself"),
        (("split", SEED, "x", "1"), 2, f"these do not belong to {SEED}: 1"),
        (("link", SEED, "1", "9"), 2, "there is no notice 9"),
        (("undo", SEED), 1, f"nothing was done to {SEED} that could be undone"),
        (("edit", SEED, "-"), 2, "respondets: unknown key, did you mean respondents?"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    db: str, args: tuple[str, ...], status: int, said: str
) -> None:
    done = kohyo(db, *args, given='respondets = ["x"]')
    assert (done.exit_code, done.stdout) == (status, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert kohyo(db, "--json").stdout.count("\n") == 1


def test_check_names_every_mistake_and_what_no_file_declares_any_more(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mihon.toml"
    monkeypatch.setenv("KOHYO_INCIDENTS", str(file))
    file.write_text('nme = "x"\nseeds = "y"\n', "utf-8")
    broken = kohyo(db, "check")
    assert (broken.exit_code, broken.stdout, broken.stderr.count("\n")) == (1, "", 3)
    file.write_text('name = "見本"\n', "utf-8")
    assert kohyo(db, "check").stdout == "2 declarations are valid\n"
    monkeypatch.delenv("KOHYO_INCIDENTS")
    assert "mihon: no file declares it any more; it stays as it is" in kohyo(db, "check").stdout
    assert kohyo(db, "remove", "mihon").exit_code == 0
    assert kohyo(db, "check").stdout == "1 declaration is valid\n"
    monkeypatch.setenv("KOHYO_INCIDENTS", str(file))
    assert (
        "mihon: declared, and removed by hand; `kohyo incidents undo mihon --db " in kohyo(db, "check").stdout
    )


def test_notices_of_no_incident_are_offered_until_they_have_one(db: str) -> None:
    assert kohyo(db, "suggest").stderr == "no clusters found\n"
    other = "https://www.city.example.lg.jp/oshirase/2.html"
    with open_archive(db) as archive:
        source = replace(SINGLE, id="town", name="例示町", start=(other,))
        Story(archive, source, Story(archive).now + 9 * DAY).page(html(TEXT, title="お詫び"), url=other)
    said = kohyo(db, "suggest").stdout.splitlines()
    assert said[0].startswith("0.94  2 notices: hotline: 0120-111-222 (2); same body: 見本データ (2); ")
    assert said[1:] == [
        "  1  -  city  個人情報の漏えいについて",
        "  2  -  town  お詫び",
    ]
    (row,) = [json.loads(line) for line in kohyo(db, "suggest", "--json").stdout.splitlines()]
    assert [notice["id"] for notice in row["notices"]] == [1, 2]
    assert row["evidence"][0] == {"text": "hotline: 0120-111-222", "notices": 2}
    assert kohyo(db, "new", "mihon-2023", "--from", "1").exit_code == 0
    assert kohyo(db, "suggest").stderr == "no clusters found\n"  # the other is suggested to it
    assert shown(db, "mihon-2023")["suggested"] == 1
