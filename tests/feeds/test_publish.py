from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
import pytest
from icalendar import Calendar
from lxml import etree

from feeds.addresses import Site
from feeds.formats.deadlines_ics import cut_sentence
from feeds.site import crew
from feeds.site.folder import Tree
from feeds.site.publish import PublishResult, publish
from feeds.site.rendering import Batch, Rendered, Task
from storage.archive import Archive
from storage.errors import Busy
from storage.query import Query
from storage.records import Block, Change, Fact, FactChange, IncidentLink, Notice, Source
from tests.databases import database_at
from tests.feeds import rules, sample

BASE = "https://kohyo.example/sub/"
Publish = Callable[..., PublishResult]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return tmp_path / "out"


def state(tree: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and the moment it was written."""
    files = [path for path in tree.rglob("*") if path.is_file()]
    return {str(path.relative_to(tree)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def touched(before: dict[str, tuple[bytes, int]], after: dict[str, tuple[bytes, int]]) -> set[str]:
    return {path for path, seen in after.items() if before.get(path) != seen}


def add(archive: Archive, source: str, day: str, **kw: Any) -> Change:
    with archive.write() as writer:
        notice = next(one for one in writer.notices() if one.source == source)
        return sample.Story(writer).change(notice, day, kw.pop("kind", "updated"), **kw)


def test_the_tree_is_that_of_the_design(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    files = set(state(tree))
    for form in ("atom", "rss", "json"):
        assert {
            f"feeds/all.{form}",
            f"feeds/source/fukuoka.{form}",
            f"feeds/incident/{sample.SLUG}.{form}",
        } <= files
    assert {
        "index.html",
        "coverage.html",
        "feeds.opml",
        "feeds/deadlines.ics",
        "notices/1.html",
        f"incidents/{sample.SLUG}.html",
        "sources/ppc.html",
        "static/kohyo.css",
    } <= files


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_feed_keeps_the_rules_and_tells_the_same(archive: Archive, tree: Path, lang: str) -> None:
    publish(archive, tree, base_url=BASE, lang=lang)
    for path in (tree / "feeds").rglob("*.atom"):
        ids = {
            form: check(path.with_suffix(f".{form}").read_bytes(), lang)
            for form, check in rules.CHECKS.items()
        }
        assert ids["atom"] == ids["rss"] == ids["json"]


def test_all_holds_every_material_change_newest_first_and_nothing_else(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    titles = [entry.title for entry in feedparser.parse(str(tree / "feeds/all.atom")).entries]
    assert titles == [
        "掲載終了: 例示マーケティング「元派遣社員によるお客さま情報の…」",
        "断りなく書き換え: 可能性あり → 確認されていない ほか1件 — 三重県「委託先における個人情報の流出の可能性」",
        "[新規] 個人情報保護委員会「例示マーケティング及び例示…」: 措置 勧告",
        "断りなく書き換え: 対象者数 133,655人 → 162,828人 — 福岡県「自動車税に関する個人情報の漏えい事案」",
        "[更新] 例示マーケティング「元派遣社員によるお客さま情報の…」: 件数 約900万件 → 約928万件",
        "[新規] 三重県「委託先における個人情報の流出の可能性」: 件数 約2,400件",
        "[新規] 福岡県「自動車税に関する個人情報の漏えい事案」: 対象者数 133,655人",
        "[新規] 例示マーケティング「元派遣社員によるお客さま情報の…」: 件数 約900万件",
    ]
    for path in (tree / "feeds").rglob("*.*"):
        assert "１６２" not in path.read_text()  # what only differs in notation


def test_a_second_publication_writes_no_byte(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    before = state(tree)
    assert publish(archive, tree, base_url=BASE).written == 0
    assert state(tree) == before


def test_equal_archives_give_equal_bytes(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path / "a", base_url=BASE)
    publish(archive, tmp_path / "b", base_url=BASE)
    assert {path: body for path, (body, _) in state(tmp_path / "a").items()} == {
        path: body for path, (body, _) in state(tmp_path / "b").items()
    }


ROSTER = {f"incidents/{sample.SLUG}/roster.{form}" for form in ("csv", "json")}


def test_one_change_touches_its_own_feeds_and_pages(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    before = state(tree)
    add(archive, "mie", "2024-10-01", facts=sample.counts("1人", "2人"))
    publish(archive, tree, base_url=BASE)
    forms = ("atom", "rss", "json")
    named = ("all", "source/mie", f"incident/{sample.SLUG}", "organisation/三重県")
    feeds = {f"feeds/{name}.{form}" for name in named for form in forms}
    pages = {"index.html", "notices/3.html", "sources/mie.html", f"incidents/{sample.SLUG}.html"}
    pages |= {"coverage.html", *ROSTER}  # they say when a source changed last, and how often
    assert touched(before, state(tree)) == feeds | pages | {".kohyo.json"}


def test_a_row_that_may_be_the_notice_of_a_body_is_shown_when_a_list_gets_it(
    archive: Archive, tree: Path
) -> None:
    """Of 浜松市 no notice is known."""
    with archive.write() as writer:
        page = writer.add_page("mie", "https://lists.example/", "listing")
    publish(archive, tree, base_url=BASE)
    name = f"incidents/{sample.SLUG}.html"
    assert "lists.example/1" not in (tree / name).read_text("utf-8")
    rows = [
        ("2023-11-02", "浜松市の個人情報の流出について", "1"),
        ("2023-11-02", "浜松市の花火大会について", "2"),
        ("2019-11-02", "浜松市の個人情報の流出について", "3"),
    ]
    blocks = tuple(
        Block("row", title, (day, title, f"https://lists.example/{at}", "")) for day, title, at in rows
    )
    with archive.write() as writer:
        listed = Notice("mie", page.id, page.url, "", None, sample.at("2023-11-02"), sample.at("2023-11-02"))
        sample.Story(writer).version(listed, "2023-11-02", blocks)
    before = state(tree)
    publish(archive, tree, base_url=BASE)
    assert name in touched(before, state(tree))
    shown = (tree / name).read_text("utf-8")
    assert [at for _, _, at in rows if f'href="https://lists.example/{at}"' in shown] == ["1"]


def test_bodies_newly_known_are_entries_with_who_says_so(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    path = tree / f"feeds/incident/{sample.SLUG}/roster.atom"
    titles = [entry.title for entry in feedparser.parse(path.read_bytes()).entries]
    assert len(rules.atom(path.read_bytes())) == len(titles)
    assert "三重県: 自らの公表" in titles
    assert not any(title.startswith("浜松市") for title in titles)  # declared, and nobody's news
    with archive.write() as writer:
        mie = next(one for one in writer.notices() if one.source == "mie")
        made = writer.page_by_id(mie.page)
        assert made is not None
        assert made.version is not None
        said = Fact("role", "processor", "x", 0, 1, qualifiers=("organisation:浜松市",))
        writer.add_facts(made.version, [said])
    add(archive, "mie", "2024-10-01")
    publish(archive, tree, base_url=BASE)
    titles = [entry.title for entry in feedparser.parse(path.read_bytes()).entries]
    assert "浜松市: 三重県 (委託先)" in titles
    (row,) = [
        row
        for row in csv.DictReader(
            (tree / f"incidents/{sample.SLUG}/roster.csv").read_text("utf-8-sig").splitlines()
        )
        if row["name"] == "浜松市"
    ]
    assert (row["has_disclosed"], row["named_by"]) == ("false", f"mie: processor (notice {mie.id})")


def test_step_by_step_gives_what_one_publication_gives(archive: Archive, tree: Path, tmp_path: Path) -> None:
    publish(archive, tree, base_url=BASE, limit=3)
    for day in range(1, 20):
        add(archive, "fukuoka", f"2024-10-{day:02}", facts=sample.counts(f"{day}人", f"{day + 1}人"))
        if day % 3 == 0:
            add(archive, "mie", f"2024-10-{day:02}", material=False, reasons=("form-only",))
        publish(archive, tree, base_url=BASE, limit=3)
    publish(archive, tmp_path / "fresh", base_url=BASE, limit=3)
    ours = {path: body for path, (body, _) in state(tree).items()}
    fresh = {path: body for path, (body, _) in state(tmp_path / "fresh").items()}
    assert ours.keys() == fresh.keys()
    assert [path for path in ours if ours[path] != fresh[path]] == []


@pytest.mark.parametrize("is_killed", [False, True])
def test_several_processes_write_the_bytes_that_one_writes(
    archive: Archive, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    sample.many(archive, 12)
    alone = publish(archive, tree, base_url=BASE, limit=3)
    apart: list[Rendered | None] = []
    monkeypatch.setattr("feeds.site.tree_pass.MANY_CHANGES", 1)
    monkeypatch.setattr("feeds.site.tree_pass.NOTICES_AT_ONCE", 2)
    result = Future.result

    def told(job: Future[Rendered | None]) -> Rendered | None:
        apart.append(result(job))
        return apart[-1]

    monkeypatch.setattr(Future, "result", told)
    if is_killed:
        monkeypatch.setattr(crew, "_render", _end_of_a_process)
    together = publish(archive, tmp_path / "out2", base_url=BASE, limit=3, processes=2)
    monkeypatch.undo()
    assert together == alone
    assert {path: body for path, (body, _) in state(tree).items()} == {
        path: body for path, (body, _) in state(tmp_path / "out2").items()
    }
    written = [done.written for done in apart if done]
    assert (sum(written) > 50) is not is_killed
    assert not publish(archive, tmp_path / "out2", base_url=BASE, limit=3).written


def _end_of_a_process(part: Batch) -> None:
    os._exit(1)


def test_a_process_that_sees_another_state_of_the_archive_renders_nothing(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_rendering", None)
    seen, task = archive.mark().told, Task(tmp_path, Site(BASE), 3, {}, {})
    for told in (seen - 1, seen):
        with monkeypatch.context() as patched, ExitStack() as opened:
            patched.setattr(crew, "_open", opened)
            crew._begin(archive.shared_url, told, task)
            assert (crew._render(Batch()) is None) is (told != seen)


def test_a_minor_change_is_on_the_page_and_in_no_feed(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    before = state(tree)
    add(archive, "mie", "2024-10-01", material=False, reasons=("form-only",), summary="表記のみの変更")
    publish(archive, tree, base_url=BASE)
    assert touched(before, state(tree)) == {
        "coverage.html",
        "notices/3.html",
        "sources/mie.html",
        f"incidents/{sample.SLUG}.html",
        *ROSTER,  # edits are counted, minor ones too
        ".kohyo.json",
    }


def test_a_link_confirmed_later_brings_the_notice_and_its_past_into_the_incident(
    archive: Archive, tree: Path
) -> None:
    add(archive, "mie", "2024-10-01")
    with archive.write() as writer:
        incident = writer.put_incident(replace(sample.INCIDENT, slug="other", name="別の事案"))
        writer.set_link(IncidentLink(incident.id, 3, "suggested"))
    publish(archive, tree, base_url=BASE)
    assert rules.atom((tree / "feeds/incident/other.atom").read_bytes()) == []
    with archive.write() as writer:
        writer.set_link(IncidentLink(incident.id, 3, "confirmed"))
    publish(archive, tree, base_url=BASE)
    assert len(rules.atom((tree / "feeds/incident/other.atom").read_bytes())) == 3
    assert "別の事案" in (tree / "feeds/all.atom").read_text()


def test_a_new_source_and_a_renamed_one(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    with archive.write() as writer:
        writer.put_source(Source("chiba", "千葉市", "affected"))
    publish(archive, tree, base_url=BASE)
    assert "千葉市" in (tree / "sources/chiba.html").read_text()
    with archive.write() as writer:
        writer.put_source(replace(sample.SOURCES[2], name="福岡県庁"))
    publish(archive, tree, base_url=BASE)
    assert "— 福岡県庁「" in (tree / "feeds/all.atom").read_text()


def test_notices_recorded_without_a_word_have_a_page(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    with archive.write() as writer:
        story = sample.Story(writer)
        notice = writer.notice(2)
        assert notice is not None
        page = writer.add_page("fukuoka", "https://www.pref.example.lg.jp/old.html", "page")
        old = writer.add_notice(
            replace(notice, page=page.id, title="前の公表", first_seen=sample.at("2024-12-01"))
        )
        story.version(old, "2024-12-01", sample.blocks("古い本文"))
    before = state(tree)
    publish(archive, tree, base_url=BASE)
    new = touched(before, state(tree)) - {".kohyo.json"}
    assert new == {f"notices/{old.id}.html", "sources/fukuoka.html", "coverage.html", "index.html"}


def test_what_alters_the_past_is_answered_by_the_whole(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    with archive.write() as writer:
        run = writer.start_run("import", sample.at("2025-01-01"))
        writer.finish_run(replace(run, status="done"))
    add(archive, "mie", "2023-11-01", facts=sample.counts("5人", "6人"))
    publish(archive, tree, base_url=BASE)
    assert "6人" in (tree / "feeds/all.atom").read_text()


def test_redacted_text_is_gone_from_every_file(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    with archive.write() as writer:
        writer.redact(3, "氏名が載っていたため", sample.at("2025-02-01"))
    publish(archive, tree, base_url=BASE)
    for path, (body, _) in state(tree).items():
        declared = path in {f"incidents/{sample.SLUG}.html", *ROSTER}
        assert declared or "第三者への漏えいは確認".encode() not in body, path
    assert "氏名が載っていたため" in (tree / "notices/3.html").read_text()
    rules.atom((tree / "feeds/all.atom").read_bytes())


def test_an_empty_archive_has_valid_feeds_as_old_as_can_be(tmp_path: Path) -> None:
    from storage.archive import open_archive

    with open_archive(database_at(tmp_path / "empty.db")) as empty:
        publish(empty, tmp_path / "out", base_url=BASE)
        assert publish(empty, tmp_path / "out", base_url=BASE).written == 0
    body = (tmp_path / "out/feeds/all.atom").read_bytes()
    assert rules.atom(body) == []
    assert b"<updated>1970-01-01T00:00:00+00:00</updated>" in body
    assert len(Calendar.from_ical((tmp_path / "out/feeds/deadlines.ics").read_bytes()).events) == 0


@pytest.mark.parametrize("base", ["", "example.jp", "ftp://example.jp/", "javascript:x"])
def test_a_base_url_that_is_none_is_refused_in_one_line(archive: Archive, tree: Path, base: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        publish(archive, tree, base_url=base)
    assert not tree.exists()


def test_a_broken_state_file_only_costs_time(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    for broken in ("", "[]", '{"stamp": 1}', "\0"):
        (tree / ".kohyo.json").write_text(broken)
        assert publish(archive, tree, base_url=BASE).written == 0


def test_files_are_replaced_whole_and_readable(
    archive: Archive, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(archive, tree, base_url=BASE)
    assert os.stat(tree / "index.html").st_mode & 0o777 == 0o644
    before = state(tree)
    add(archive, "mie", "2024-10-01")

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(OSError, match="no space"):
            publish(archive, tree, base_url=BASE)
    assert state(tree) == before  # no half file, nothing temporary
    publish(archive, tree, base_url=BASE)
    assert len(rules.atom((tree / "feeds/source/mie.atom").read_bytes())) == 3


def test_nothing_is_written_outside_of_the_tree(tmp_path: Path) -> None:
    for path in ("../x", "feeds/../../x", "/../x"):
        with pytest.raises(ValueError, match="outside"):
            Tree(tmp_path / "out").put(path, b"x")
    assert not list(tmp_path.iterdir())


# --- the way back -------------------------------------------------------------------------


def walk_xml(tree: Path, path: str) -> Iterator[bytes]:
    while path:
        body = (tree / path).read_bytes()
        yield body
        root = etree.fromstring(body)
        link = root.find('.//{http://www.w3.org/2005/Atom}link[@rel="prev-archive"]')
        path = "" if link is None else (link.get("href") or "").removeprefix(BASE)


@pytest.mark.parametrize("form", ["atom", "rss"])
@pytest.mark.parametrize("more", [0, 1, 2, 3, 4, 5, 22])
def test_archive_links_lead_back_to_every_change(archive: Archive, tree: Path, form: str, more: int) -> None:
    sample.many(archive, more)
    publish(archive, tree, base_url=BASE, limit=5)
    check = rules.CHECKS[form]
    found = [id for body in walk_xml(tree, f"feeds/all.{form}") for id in check(body)]
    with archive.read() as reader:
        told = {str(change.id) for change in reader.changes(Query(material=True))}
    assert {id.split("/")[1] for id in found} == told


def test_json_feeds_lead_back_too(archive: Archive, tree: Path) -> None:
    sample.many(archive, 22)
    publish(archive, tree, base_url=BASE, limit=5)
    path, found = "feeds/source/fukuoka.json", set()
    while path:
        feed = json.loads((tree / path).read_bytes())
        found |= {item["id"] for item in feed["items"]}
        path = feed.get("next_url", "").removeprefix(BASE)
    assert len(found) == 24


def test_a_full_archive_never_changes(archive: Archive, tree: Path) -> None:
    sample.many(archive, 12)
    publish(archive, tree, base_url=BASE, limit=5)
    before = state(tree)
    sample.many(archive, 6, first="2025-06-01")
    publish(archive, tree, base_url=BASE, limit=5)
    changed = {path for path in touched(before, state(tree)) if path in before}
    assert not [path for path in changed if path.startswith("feeds/all/")]
    body = (tree / "feeds/all/1.atom").read_text()
    assert "<fh:archive/>" in body
    assert f'rel="current" href="{BASE}feeds/all.atom"' in body


# --- calendar, lists ----------------------------------------------------------------------


def test_deadlines_are_events_that_keep_their_uid(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    first = (tree / "feeds/deadlines.ics").read_bytes()
    events = Calendar.from_ical(first).events
    assert [str(event["DTSTART"].dt) for event in events] == ["2024-02-29", "2024-03-29"]
    assert all(len(line.encode()) <= 75 for line in first.decode().split("\r\n"))
    moved = (FactChange("deadline", "2024-02-29", "2024-04-15"),)
    add(archive, "ppc", "2024-02-20", reasons=("deadline",), facts=moved)
    with archive.write() as writer:
        writer.start_run("import", sample.at("2025-01-01"))  # the change lies before the newest one
    publish(archive, tree, base_url=BASE)
    after = {
        str(event["UID"]): event
        for event in Calendar.from_ical((tree / "feeds/deadlines.ics").read_bytes()).events
    }
    uid = str(events[0]["UID"])
    assert (str(after[uid]["DTSTART"].dt), after[uid]["SEQUENCE"]) == ("2024-04-15", 1)
    assert len(after) == 2


def test_a_deadline_that_is_worded_otherwise_is_modified(archive: Archive, tree: Path) -> None:
    def first() -> Any:
        publish(archive, tree, base_url=BASE)
        return Calendar.from_ical((tree / "feeds/deadlines.ics").read_bytes()).events[0]

    before = first()
    with archive.write() as writer:
        notice = next(one for one in writer.notices() if one.source == "ppc")
        text = sample.blocks("経緯は令和6年2月29日までに委員会へ提出すること。")
        facts = (("deadline", "2024-02-29", "令和6年2月29日"),)
        later = sample.Story(writer).version(notice, "2025-02-01", text, facts=facts)
        sample.Story(writer).change(notice, "2025-02-01", "updated", to_version=later.id)
    after = first()
    assert "提出すること" in str(after["DESCRIPTION"])
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"])
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


def test_a_deadline_says_what_is_due(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    first, second = Calendar.from_ical((tree / "feeds/deadlines.ics").read_bytes()).events
    said, title, address = str(first["DESCRIPTION"]).split("\n")
    assert said == (
        "原因及び経緯は令和6年2月29日まで、再発防止策は令和6年3月29日までに報告するよう求めました。"
    )
    assert title.startswith("例示マーケティング及び")
    assert address == first["URL"]
    assert str(second["DESCRIPTION"]).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("前の文。3月29日までに報告する。次の文。", "3月29日までに報告する。"),
        ("表題\n報告 | 3月29日\n次", "報告 | 3月29日"),
        ("3月29日まで", "3月29日まで"),
        ("あ" * 500 + "3月29日" + "い" * 500, "…" + "あ" * 97 + "3月29日" + "い" * 97 + "…"),
    ],
)
def test_the_sentence_around_a_place(text: str, said: str) -> None:
    start = text.index("3月29日")
    assert cut_sentence(text, start, start + 5) == said


def test_opml_lists_every_feed(archive: Archive, tree: Path) -> None:
    publish(archive, tree, base_url=BASE)
    root = etree.fromstring((tree / "feeds.opml").read_bytes())
    feeds = [outline.get("xmlUrl") or "" for outline in root.iter("outline") if outline.get("type") == "rss"]
    assert len(feeds) == 1 + 1 + len(sample.SOURCES)
    for feed in feeds:
        rules.web(feed)
        assert (tree / feed.removeprefix(BASE)).is_file()


def test_what_killed_publications_left_half_written_is_cleared(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path, base_url=BASE)
    left = [tmp_path / ".kohyo-abc", tmp_path / "notices" / ".kohyo-def"]
    for file in left:
        file.write_bytes(b"<html>")
    publish(archive, tmp_path, base_url=BASE)
    assert not any(file.exists() for file in left)


def test_bytes_are_on_disk_before_they_bear_their_name(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replaced = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda file: (done.append("synced"), fsync(file)))
    monkeypatch.setattr(os, "replace", lambda *paths: (done.append("named"), replaced(*paths)))
    publish(archive, tmp_path, base_url=BASE)
    assert len(done) > 10
    assert done == ["synced", "named"] * (len(done) // 2)


def test_two_publications_into_one_folder_do_not_meet(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.site.folder.PATIENCE_SECONDS", 0)
    with Tree(tmp_path).alone(), pytest.raises(Busy, match="another publication"):
        publish(archive, tmp_path, base_url=BASE)


def test_a_publication_waits_for_another_process_and_goes_on_when_that_is_killed(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tmp_path / "out"
    held = (
        "import sys, time; from pathlib import Path; from feeds.site.folder import Tree\n"
        "with Tree(Path(sys.argv[1])).alone(): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", held, str(tree)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with monkeypatch.context() as patch:
            patch.setattr("feeds.site.folder.PATIENCE_SECONDS", 0)
            with pytest.raises(Busy):
                publish(archive, tree, base_url=BASE)
        other.kill()
        publish(archive, tree, base_url=BASE)
    assert (tree / "index.html").is_file()


def test_no_lock_is_served_and_that_of_an_earlier_release_goes(archive: Archive, tree: Path) -> None:
    tree.mkdir()
    (tree / ".kohyo.lock").touch()
    publish(archive, tree, base_url=BASE)
    assert [file.name for file in tree.rglob(".*")] == [".kohyo.json"]
