"""Commands that read what is stored keep their contract: names, fields, times with a zone."""

from __future__ import annotations

import errno
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote
from typing import Any

import pytest
from click.testing import CliRunner, Result

from feeds.formats.entries import Names
from monitor.cli import main
from monitor.cli.common import plain, print_json
from monitor.cli.crawling import _summary
from monitor.cli.upkeep.health_lines import alert_lines, health_line, status_lines
from monitor.cli.upkeep.status import _run_line
from monitor.crawl.runs import RunReport
from storage.archive import open_archive
from storage.db.engine import parse_url, shown
from storage.query import Coverage
from storage.records import Alert, Gap, Run, Source
from tests.databases import database_at
from tests.monitor.story import DAY, LEAK, MORE, SORRY, URL, Story, html
from tests.storage.builders import change, publish

CHANGE = "id detected_at kind material reasons source notice url title from_version to_version summary facts"
NOTICE = "id source url title published updated status versions first_seen last_seen incidents"
ALERT = "id raised_at kind source url detail"
READ = "verdict title published updated encoding text attachments facts"
FACT = "field value unit qualifiers role start end raw"


@pytest.fixture
def db(tmp_path: Path) -> str:
    url = database_at(tmp_path / "kohyo.db")
    with open_archive(url) as archive:
        story = Story(archive)
        story.page(html(LEAK, SORRY))
        story.page(html(MORE, SORRY), DAY)
        story.page(b"", DAY, status=500)
    return url


def said(db: str, *args: str, **more: Any) -> Result:
    return CliRunner().invoke(main, ["--db", db, "--no-bundled", *args], catch_exceptions=False, **more)


def kohyo(db: str, *args: str) -> str:
    result = said(db, *args)
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(db: str, *args: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in kohyo(db, *args, "--json").splitlines()]


@pytest.mark.parametrize(("command", "fields"), [("changes", CHANGE), ("notices", NOTICE), ("alerts", ALERT)])
def test_json_fields(db: str, command: str, fields: str):
    found = rows(db, command)
    assert found
    assert all(set(fields.split()) <= set(row) for row in found)


def test_a_change_says_what_was_and_what_is(db: str):
    updated = next(row for row in rows(db, "changes") if row["kind"] == "updated")
    assert {"field": "count", "old": "約900万件", "new": "約928万件"} in updated["facts"]
    assert datetime.fromisoformat(updated["detected_at"]).utcoffset() == timedelta(0)


def test_filters(db: str):
    assert [row["kind"] for row in rows(db, "changes", "--kind", "new")] == ["new"]
    assert rows(db, "changes", "--since", "2030-01-01") == []
    assert len(rows(db, "changes", "--until", "2030-01-01", "--limit", "1")) == 1
    assert len(rows(db, "changes", "--source", "city")) == 2


def named(db: str) -> str:
    """The database as a hint names it to a shell."""
    return quote(shown(parse_url(db)))


@pytest.mark.parametrize("args", [("notices",), ("changes",), ("alerts",), ("search", "流出")])
def test_an_unknown_source_is_refused(db: str, args: tuple[str, ...]):
    done = said(db, *args, "--source", "city", "--source", "elsewhere")
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"kohyo: unknown source elsewhere; `kohyo sources list --db {named(db)} ")


@pytest.mark.parametrize("args", [("notices",), ("changes",), ("search", "流出")])
def test_an_unknown_incident_is_refused(db: str, args: tuple[str, ...]):
    done = said(db, *args, "--incident", "elsewhere")
    assert (done.exit_code, done.stdout) == (2, "")
    hint = f"`kohyo incidents --db {named(db)} --no-bundled`"
    assert done.stderr == f"kohyo: there is no incident elsewhere; {hint} lists them\n"
    assert said(db, *args, "--incident", "ntt-procx-2023").exit_code == 0


def test_a_source_that_is_declared_but_was_not_visited_is_known(db: str):
    done = CliRunner().invoke(main, ["--db", db, "notices", "--source", "ppc-press"])
    assert (done.exit_code, done.stdout) == (0, "")


@pytest.mark.parametrize("command", ["notices", "changes", "alerts"])
def test_no_hits_are_said_beside_the_output(db: str, command: str):
    done = said(db, command, "--until", "2001-01-01")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"no {command} found\n")
    assert said(db, command, "--until", "2001-01-01", "--json").stderr == ""


def test_a_search_without_hits_says_so(db: str):
    done = said(db, "search", "存在しない語")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "no notices found\n")


def test_a_search_for_a_publisher_leads_to_its_own_notices(db: str):
    alone, with_words = said(db, "search", "例示市"), said(db, "search", "例示市 流出")
    assert (alone.stdout, alone.exit_code) == ("", 0)
    assert re.search(r"^notices of 例示市 itself: \S+ notices --source city --db \S+ ", alone.stderr, re.M)
    assert "search '流出' --source city" in with_words.stderr
    assert said(db, "search", "流出").stderr == said(db, "search", "例示市", "--json").stderr == ""


def test_show_and_diff(db: str):
    (shown,) = rows(db, "show", "1")
    assert [version["number"] for version in shown["version_list"]] == [1, 2]
    assert set(FACT.split()) <= set(shown["facts"][0])
    assert "928万" in kohyo(db, "diff", "1", "1", "2")
    assert "<ins>" in kohyo(db, "diff", "1", "--html")


@pytest.mark.parametrize("query", ["流出", "928万", "漏", "個人情報の"])
def test_search_finds_any_length(db: str, query: str):
    assert [row["notice"] for row in rows(db, "search", query)] == [1]


def test_search_finds_nothing_where_nothing_is(db: str):
    assert rows(db, "search", "存在しない語") == []


def test_read_says_what_it_reads(db: str, tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_bytes(html("令和5年10月17日、約900万件の流出が判明しました。", SORRY))
    (read,) = rows(db, "read", str(page), "--url", "https://www.city.example.lg.jp/a.html")
    assert set(READ.split()) <= set(read)
    assert read["verdict"] == "content"
    for fact in read["facts"]:
        assert set(FACT.split()) <= set(fact)
        assert read["text"][fact["start"] : fact["end"]] == fact["raw"]
    assert 9_000_000 in [fact["value"] for fact in read["facts"] if fact["field"] == "count"]


def test_hostile_text_does_not_steer_the_terminal(tmp_path: Path):
    url = database_at(tmp_path / "kohyo.db")
    with open_archive(url) as archive:
        Story(archive).page(html(LEAK, title="\x1b[2J赤い\x07題名"))
    assert "\x1b" not in kohyo(url, "notices") + kohyo(url, "changes") + kohyo(url, "show", "1")


def test_export_verify_status_publish(db: str, tmp_path: Path):
    assert len(kohyo(db, "export", "--format", "jsonl").splitlines()) == 2
    assert kohyo(db, "export", "--format", "csv").startswith(("id,", "\ufeffid,"))
    kohyo(db, "export", "--format", "warc", str(tmp_path / "all.warc.gz"))
    assert (tmp_path / "all.warc.gz").stat().st_size > 200
    assert "as it was stored" in kohyo(db, "verify")
    assert "run " in kohyo(db, "status")
    assert rows(db, "status")[0]["state"] == ["overdue", "failing", "alerts"]
    assert "written" in kohyo(db, "publish", str(tmp_path / "site"))
    assert kohyo(db, "publish", str(tmp_path / "site")).startswith("0 files written")


def test_status_says_what_was_expected_and_what_is_wrong():
    when = datetime(2023, 10, 17, 3, tzinfo=UTC)
    opened = Gap(1, when, None)
    row = Coverage("city", 9, 7, when, when, when, when, 0, 0, expected=(10, None), rows=(3, 12))
    row = replace(row, open_gap=opened, state=("overdue", "few-rows"))
    said = health_line(row)
    assert said.startswith("read 2023-10-17 12:00")
    assert "9 pages, 0 open alerts, 3 rows" in said
    assert said.endswith(
        "3 rows of 10 to any number expected, unread since 2023-10-17 12:00: overdue, few-rows"
    )


def test_one_of_a_thing_is_said_as_one(capsys: pytest.CaptureFixture[str]):
    when = datetime(2023, 10, 17, 3, tzinfo=UTC)
    row = Coverage("city", 1, 7, when, when, when, when, 1, 1, expected=(10, None), rows=(1, 12))
    assert "1 page, 1 open alert, 1 row of 10" in health_line(row)
    run = Run(when, "crawl", stats={"alerts": 1, "changes": 1, "new": 2})
    assert _run_line(run, at_work=False).endswith(": 1 alert, 1 change, 2 new")
    _summary(RunReport(), Names({}, {}))
    assert capsys.readouterr().out.startswith("0 changes, 0 alerts; ")


WHEN = datetime(2023, 10, 17, 3, tzinfo=UTC)
WELL = Coverage("", 9, 7, WHEN, WHEN, WHEN, WHEN, 0, 0)


def test_status_groups_what_is_wrong_by_kind_and_host_worst_first_and_folds_the_rest():
    at = {"a": "https://b.jp/1", "b": "https://a.jp/", "c": "https://b.jp/2", "d": "https://d.jp/"}
    sources = [Source(name, name, "affected", (url,)) for name, url in at.items()]
    sources += [Source("e", "e", "affected"), Source("f", "f", "affected", ("https://f.jp/",))]
    states = {"a": ("alerts",), "b": ("failing", "alerts"), "c": ("alerts",), "d": ()}
    coverage = {name: replace(WELL, source=name, state=state) for name, state in states.items()}
    said = list(status_lines(sources, coverage, broken=False))
    assert said[0] == "6 sources: 5 fetched, 1 known by name only; 3 need attention"
    assert said[1] == "failing: 1 source of 1 host"
    assert said[2].startswith("  a.jp  b: read ")
    assert said[3] == "alerts: 2 sources of 1 host"
    assert [line[:10] for line in said[4:6]] == ["  b.jp  a:", "  b.jp  c:"]
    assert said[6:] == ["not visited yet: 1 source (f)", "in order: 1 source (d)"]
    assert list(status_lines(sources, coverage, broken=True)) == said[1:6]


def test_broken_is_an_exit_status_too(db: str, tmp_path: Path):
    text = f'id = "city"\nname = "例示市"\nkind = "affected"\nstart = ["{URL}"]\n'
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    given = ("--sources", str(tmp_path / "city.toml"), "--no-bundled")
    done = said(db, *given, "status", "--broken")
    assert done.exit_code == 1
    assert "overdue: 1 source of 1 host" in done.stdout
    assert said(db, *given, "status").exit_code == 0
    row = json.loads(said(db, *given, "status", "--broken", "--json").stdout)
    fields = "source pages notices last_checked last_success last_new_item last_changed failures alerts withdrawn every"
    fields += " quiet_after usual_interval expected_rows rows gaps unread_since state trials"
    assert list(row) == fields.split()  # what scripts read: added to, never changed
    assert (row["source"], row["state"][0]) == ("city", "overdue")


def test_alerts_of_a_run_are_said_once_for_each_host():
    def of(kind: str, source: str, url: str, detail: str) -> Alert:
        return Alert(kind, source, url, detail, WHEN)

    alerts = [of("few-rows", "c", "https://c.jp/", "3 rows")]
    alerts += [of("unreachable", "ab"[n % 2], f"https://a.jp/{n}", "no such host") for n in range(14)]
    alerts += [of("soft-404", "a", "https://a.jp/0", "no page")]
    assert list(alert_lines(alerts)) == [
        "a.jp unreachable: 14 pages of a, b, soft-404: 1 page of a (no such host)",
        "c.jp few-rows: 1 page of c (3 rows)",
    ]


def test_redaction_takes_the_text_out_of_search(db: str):
    assert rows(db, "search", "928万")
    kohyo(db, "redact", "1", "--reason", "個人の氏名が含まれていた", "--yes")
    assert rows(db, "search", "928万") == []
    assert rows(db, "show", "1")[0]["status"]


def test_lines_of_changes_lead_to_the_notice(db: str):
    for line in kohyo(db, "changes").splitlines():
        assert line.split()[0] == "1"


def test_a_redaction_asks_only_about_a_notice_that_exists(db: str):
    done = said(db, "redact", "999", "--reason", "x", input="y\n")
    assert (done.exit_code, done.stdout) == (2, "")
    hint = f"`kohyo notices --db {named(db)} --no-bundled`"
    assert done.stderr.splitlines() == [f"kohyo: there is no notice 999; {hint} lists them"]
    done = said(db, "redact", "1", "--reason", "x", input="n\n")
    assert done.exit_code == 1
    assert rows(db, "search", "928万")
    assert said(db, "redact", "1", "--reason", "x", input="y\n").exit_code == 0
    assert rows(db, "search", "928万") == []


def test_times_are_read_as_days_in_japan(db: str):
    assert rows(db, "changes", "--since", "2023-10-17", "--until", "2023-10-18")[0]["kind"] == "new"
    assert datetime.fromisoformat(rows(db, "notices")[0]["first_seen"]).astimezone(UTC).day == 17


def test_nothing_from_a_page_steers_the_terminal():
    assert plain("a\x9b31m\x1b[0m\u202eb\u2066\x85\n\tc\u061c") == "a�31m�[0m�b��\n\tc�"


def test_json_steers_no_terminal_and_says_the_same(capsys: pytest.CaptureFixture[str]):
    said = "a\x9b31m\x7f\x80\x85\x9f\u200e\u202e\u2066\x1b[0m 漏えい \ud83d"
    print_json({"title": said})
    printed = capsys.readouterr().out
    assert printed.rstrip("\n").isprintable()
    assert "漏えい" in printed
    assert json.loads(printed) == {"title": said}


def test_a_title_that_would_steer_the_terminal_is_printed_as_escapes(tmp_path: Path):
    db = database_at(tmp_path / "kohyo.db")
    with open_archive(db) as archive:
        Story(archive).page(html(LEAK, SORRY, title="個人情報の漏えい\u202e\x9b31mについて"))
    for args in (["notices"], ["show", "1"], ["changes"]):
        printed = kohyo(db, *args, "--json")
        assert printed
        assert all(line.isprintable() for line in printed.splitlines()), args


@pytest.mark.parametrize("form", ["jsonl", "csv", "warc"])
def test_an_export_to_a_terminal_is_text_that_does_not_steer_it(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = database_at(tmp_path / "kohyo.db")
    with open_archive(db) as archive, archive.write() as writer:
        writer.add_change(change(publish(writer, LEAK, title="個人情報の漏えい\u202e\x9b31mについて")))
    elsewhere = CliRunner().invoke(main, ["--db", db, "export", "--format", form])
    assert elsewhere.exit_code == 0
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
    shown = CliRunner().invoke(main, ["--db", db, "export", "--format", form])
    if form == "warc":
        assert (shown.exit_code, shown.stdout) == (2, "")
        assert "a WARC is no text for a terminal" in shown.stderr
    else:
        assert shown.exit_code == 0
        assert "漏えい\ufffd\ufffd31m" in shown.stdout
        assert len(shown.stdout.splitlines()) == len(elsewhere.stdout.splitlines())
        assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", shown.stdout)


def test_a_table_for_an_office_is_a_file_in_the_language_asked_for(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "facts.csv"
    assert said(db, "export", "--what", "facts", "--format", "csv", "--lang", "en", str(file)).exit_code == 0
    assert file.read_text("utf-8-sig").startswith("Notice,Publisher,")
    wrong = said(
        db, "export", "--what", "sources", "--format", "csv", "--kind", "new", "--lang", "en", str(file)
    )
    assert (wrong.exit_code, "it takes source" in wrong.stderr) == (2, True)
    wrong = said(db, "export", "--format", "xlsx", str(file), "--lang", "en")
    assert (wrong.exit_code, "--what" in wrong.stderr) == (2, True)
    wrong = said(db, "export", "--what", "facts", "--format", "warc", str(file))
    assert (wrong.exit_code, "--what" in wrong.stderr) == (2, True)
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
    refused = said(db, "export", "--what", "facts", "--format", "xlsx")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no text for a terminal" in refused.stderr


def test_evidence_goes_into_a_file_and_never_to_a_terminal(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "evidence.zip"
    assert said(db, "evidence", "notice", "1", str(file)).exit_code == 0
    piped = said(db, "evidence", "notice", "1")
    assert piped.stdout_bytes == file.read_bytes()
    missing = said(db, "evidence", "change", "999", str(file))
    assert (missing.exit_code, "there is no change 999" in missing.stderr) == (2, True)
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
    refused = said(db, "evidence", "notice", "1")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "a ZIP is no text for a terminal" in refused.stderr


def test_an_export_that_breaks_off_leaves_what_was_there(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object, __: object, out: io.BytesIO, *___: object) -> None:
        out.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    file = tmp_path / "all.jsonl"
    file.write_text("before")
    with monkeypatch.context() as broken:
        broken.setattr("storage.export.export_to", full)
        done = CliRunner().invoke(main, ["--db", db, "export", "--format", "jsonl", str(file)])
    assert (done.exit_code, file.read_text()) == (1, "before")
    assert "No space left" in done.stderr
    assert [one.name for one in tmp_path.glob("*.part")] + [one.name for one in tmp_path.glob(".*")] == []
    assert CliRunner().invoke(main, ["--db", db, "export", "--format", "jsonl", str(file)]).exit_code == 0
    assert len(file.read_text("utf-8").splitlines()) == 2


def test_verify_prints_json_lines_too(db: str):
    done = CliRunner().invoke(main, ["--db", db, "verify", "--json"])
    assert (done.exit_code, done.stdout) == (0, "")


def test_lists_are_restricted_to_texts_that_say_a_step_was_taken(tmp_path: Path) -> None:
    url = database_at(tmp_path / "steps.db")
    with open_archive(url) as archive:
        Story(archive).page(html(LEAK, "2026年9月2日に警察へ被害届を提出しました。", SORRY))
    for command in (["notices"], ["changes"], ["search", "警察"]):
        found = [
            CliRunner().invoke(main, ["--db", url, *command, "--step", step, "--json"]).stdout.splitlines()
            for step in ("police-informed", "persons-notified")
        ]
        assert list(map(len, found)) == [1, 0], command
    refused = CliRunner().invoke(main, ["--db", url, "notices", "--step", "police"])
    assert refused.exit_code == 2
