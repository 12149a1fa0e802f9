"""Alerts as news: ten broken sources are one message of ten lines, and their recovery is another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.notify.run import NotifyReport, notify, preview_messages
from feeds.notify.targets import TargetError, load_targets
from storage.archive import Archive, open_archive
from storage.records import Alert, Page, Source
from tests.databases import database_at
from tests.feeds.receivers import Hook, PostOffice, parts

pytest.importorskip("apprise")
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # by one of apprise's plugins

BASE = "https://kohyo.example/"
BEGIN = datetime(2026, 11, 28, 0, 0, tzinfo=UTC)
TEN = [f"city{number}" for number in range(10)]


class World:
    """Ten sources, each read an hour ago, and one receiver of alerts."""

    def __init__(self, archive: Archive, file: Path) -> None:
        self.archive, self.file, self.at = archive, file, BEGIN
        with archive.write() as writer:
            for id in TEN:
                url = f"https://www.{id}.example.lg.jp/news/"
                writer.put_source(Source(id, f"例示{id[4:]}市", "affected", start=(url,)))
                writer.put_page(replace(writer.add_page(id, url, "page"), last_success=BEGIN))

    def page(self, id: str, url: str = "") -> Page:
        with self.archive.read() as reader:
            found = reader.page(id, url or f"https://www.{id}.example.lg.jp/news/", "page")
        assert found is not None
        return found

    def breaks(self, *ids: str, kind: str = "unreachable", path: str = "", detail: str = "HTTP 503") -> None:
        self.at += timedelta(minutes=30)
        with self.archive.write() as writer:
            for id in ids:
                url = f"https://www.{id}.example.lg.jp/news/{path}"
                writer.raise_alert(Alert(kind, id, url, detail, self.at))

    def mends(self, *ids: str) -> None:
        self.at += timedelta(minutes=30)
        with self.archive.write() as writer:
            for id in ids:
                writer.put_page(replace(self.page(id), last_success=self.at))

    def tell(self, url: str, *more: str, alerts: str = "true") -> NotifyReport:
        keys = ["[[target]]", 'name = "operator"', f'url = "{url}"', f"alerts = {alerts}", *more]
        self.file.write_text("\n".join(keys))
        return notify(self.archive, load_targets(self.file), base_url=BASE, now=self.now)

    def now(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_archive(database_at(tmp_path / "kohyo.db")) as archive:
        yield World(archive, tmp_path / "targets.toml")


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as opened:
        yield opened


def test_ten_broken_sources_are_one_message_of_ten_lines_and_their_recovery_another(
    world: World, hook: Hook
) -> None:
    assert world.tell(hook.url).first_seen == ["operator"]
    world.breaks(*TEN)
    assert world.tell(hook.url).sent == 1
    for _ in range(3):  # as long as it lasts, nobody hears of it again
        world.breaks(*TEN)
        assert world.tell(hook.url).sent == 0
    world.mends(*TEN)
    assert world.tell(hook.url).sent == 1
    assert world.tell(hook.url).sent == 0
    broken, mended = (post.body for post in hook.acknowledged)
    assert broken["title"] == "公表 kohyo: 10情報源に異常"
    lines = broken["message"].splitlines()
    assert len(lines) == 10
    assert lines[3] == "www.city3.example.lg.jp 例示3市: 取得失敗 1ページ (HTTP 503)"
    assert [alert["turn"] for alert in broken["alerts"]] == ["raised"] * 10
    assert broken["changes"] == []
    assert mended["title"] == "公表 kohyo: 10情報源で解消"
    assert len(mended["message"].splitlines()) == 10
    assert mended["message"].startswith(
        "www.city0.example.lg.jp 例示0市: 取得失敗 1ページ (2026年11月28日 09:30から)"
    )
    assert {alert["turn"] for alert in mended["alerts"]} == {"recovered"}


def test_what_breaks_anew_is_told_anew_under_another_identity(world: World, hook: Hook) -> None:
    for _ in range(2):
        world.breaks("city1")
        world.tell(hook.url)
        world.mends("city1")
        world.tell(hook.url)
    titles = [post.body["title"].split()[0] for post in hook.acknowledged]
    assert titles == ["[警告]", "[解消]", "[警告]", "[解消]"]
    assert len({post.key for post in hook.acknowledged}) == 4


def test_pages_that_fail_one_by_one_are_one_trouble_and_a_start_page_is_another(
    world: World, hook: Hook
) -> None:
    for path in ("1.html", "2.html", "3.html"):
        world.breaks("city1", path=path)
        world.tell(hook.url)
    assert len(hook.acknowledged) == 1
    world.breaks("city1")
    assert world.tell(hook.url).sent == 1


def test_what_passes_is_told_once_and_never_called_well(world: World, hook: Hook) -> None:
    world.breaks("city1", kind="stood-still")
    assert world.tell(hook.url).sent == 1
    world.mends("city1")
    assert world.tell(hook.url).sent == 0
    world.at += timedelta(days=7)
    world.breaks("city1", kind="stood-still")
    assert world.tell(hook.url).sent == 0


@pytest.mark.parametrize(
    ("keys", "heard"),
    [
        (("true",), 4),
        (('["unreachable", "few-rows"]',), 3),
        (('"few-rows"',), 1),
        (("true", 'source = "city1"'), 1),
        (("true", 'publisher = "regulator"'), 0),
    ],
)
def test_a_target_names_the_kinds_and_sources_it_is_told_of(
    world: World, hook: Hook, keys: tuple[str, ...], heard: int
) -> None:
    alerts, *more = keys
    world.breaks("city1", "city2")
    world.breaks("city3", kind="few-rows")
    world.breaks("city4", kind="budget")
    world.tell(hook.url, *more, alerts=alerts)
    assert sum(len(post.body["alerts"]) for post in hook.acknowledged) == heard


def test_of_sources_that_were_never_read_well_nobody_is_told(world: World, hook: Hook) -> None:
    with world.archive.write() as writer:
        url = "https://www.city0.example.lg.jp/news/"
        writer.put_source(Source("city0", "例示市", "affected", start=(url,), seen="https://example.jp/"))
    world.breaks("city0")
    assert world.tell(hook.url).queued == 0


def test_a_digest_tells_both_at_its_hour_and_what_is_over_as_over(world: World, hook: Hook) -> None:
    digest = 'mode = "digest"', 'lang = "en"'
    world.tell(hook.url, *digest)
    world.breaks("city1", "city2")
    assert world.tell(hook.url, *digest).sent == 0
    world.mends("city2")
    assert world.tell(hook.url, *digest).waiting == 3
    world.at = BEGIN + timedelta(days=1)  # past 08:00 in Japan
    assert world.tell(hook.url, *digest).sent == 1
    (post,) = hook.acknowledged
    assert post.body["title"] == (
        "[Alert] www.city1.example.lg.jp 例示1市: not fetched: 1 page (HTTP 503), "
        "[Resolved] www.city2.example.lg.jp 例示2市: not fetched: 1 page (since 28 November 2026 09:30 JST)"
    )
    assert post.body["message"].splitlines() == [
        "■ kohyo: trouble with 1 source",
        "www.city1.example.lg.jp 例示1市: not fetched: 1 page (HTTP 503)",
        "",
        "■ kohyo: resolved at 1 source",
        "www.city2.example.lg.jp 例示2市: not fetched: 1 page (since 28 November 2026 09:30 JST)",
    ]


def test_a_japanese_message_says_what_is_on_record_in_english_in_japanese(world: World, hook: Hook) -> None:
    world.breaks("city1", kind="few-rows", detail="2 rows, at least 5 expected")
    world.tell(hook.url)
    (post,) = hook.acknowledged
    assert post.body["message"].splitlines()[-1].endswith("(一覧の行数2、想定は5以上)")


def test_of_sources_whose_declaration_is_gone_nothing_is_told_any_more(world: World, hook: Hook) -> None:
    def visit(*ids: str) -> None:
        with world.archive.write() as writer:
            writer.start_run("crawl", world.at)
            for id in ids:
                writer.put_page(replace(world.page(id), last_checked=world.at, failures=1))

    world.breaks("city1", "city2", detail="HTTP 503")
    visit("city1", "city2")
    assert world.tell(hook.url).sent == 1
    world.at += timedelta(days=29)
    visit("city2")
    with world.archive.read() as reader:
        assert {one.source for one in reader.troubles(world.now())} == {"city1", "city2"}
    world.at += timedelta(days=2)
    visit("city2")
    with world.archive.read() as reader:
        assert {one.source for one in reader.troubles(world.now())} == {"city2"}
    assert world.tell(hook.url).queued == 0  # nor is it called well
    visit("city1")  # declared again
    assert world.tell(hook.url).queued == 0
    world.mends("city1")
    assert world.tell(hook.url).sent == 1


def test_while_no_run_visits_anything_nothing_is_taken_for_gone(world: World, hook: Hook) -> None:
    with world.archive.write() as writer:
        writer.start_run("crawl", world.at)
        writer.put_page(replace(world.page("city1"), last_checked=world.at, failures=1))
    world.breaks("city1")
    world.at += timedelta(days=100)
    with world.archive.read() as reader:
        assert [one.source for one in reader.troubles(world.now())] == ["city1"]


def test_a_refused_message_comes_again_as_it_was(world: World, hook: Hook) -> None:
    hook.before = lambda _: False
    world.breaks("city1")
    assert world.tell(hook.url).failures
    world.breaks("city2")
    world.at += timedelta(minutes=6)
    hook.before = lambda _: True
    assert world.tell(hook.url).sent == 2
    first, second, third = hook.got
    assert first.key == second.key != third.key
    assert first.body["alerts"] == second.body["alerts"]


def test_a_dry_run_prints_and_a_mail_links_to_the_sources(world: World) -> None:
    with PostOffice() as office:
        world.breaks("city1", "city2")
        world.file.write_text(f'[[target]]\nname = "operator"\nurl = "{office.url}"\nalerts = true\n')
        targets = load_targets(world.file)
        ((_, shown),) = preview_messages(world.archive, targets, base_url=BASE, now=world.now)
        assert world.tell(office.url).sent == 1
        (mail,) = office.acknowledged
        text, html = parts(mail)
    assert text.strip() == shown.text.strip()
    assert f'href="{BASE}sources/city1.html"' in html


def test_filters_of_changes_are_mistakes_beside_alerts(tmp_path: Path) -> None:
    file = tmp_path / "targets.toml"
    file.write_text(
        '[[target]]\nname = "a"\nurl = "json://127.0.0.1/"\nalerts = true\nkind = "new"\nmin_count = 5\n'
        '[[target]]\nname = "b"\nurl = "json://127.0.0.1/"\nalerts = ["unreachabel"]\n'
        '[[target]]\nname = "c"\nurl = "json://127.0.0.1/"\nalerts = false\n'
    )
    with pytest.raises(TargetError) as caught:
        load_targets(file)
    first, second, third = str(caught.value).splitlines()
    assert first.endswith(
        "target[0]: is of alerts and has no kind, min_count; changes have a target of their own"
    )
    assert "target[1].alerts: must be true or some of unreachable, missing" in second
    assert third.endswith("target[2].alerts: must be true or kinds of alert")
