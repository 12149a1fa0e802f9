"""Coverage and the page of a source: no news is told from broken, in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from feeds.site.publish import publish
from feeds.web.app import make_app
from feeds.wording import words
from feeds.wording.tables import source_words
from storage.archive import Archive, Writer
from storage.query import Trial
from storage.records import Alert, Check, Gap, Outcome, Source
from storage.topics.health import reason
from storage.topics.operations import STORY
from tests.feeds import sample
from tests.feeds.client import Client
from tests.feeds.test_pages import Page, accessible, strict
from tests.feeds.test_publish import state

NOW = sample.at("2024-09-12")
HOUR = timedelta(hours=1)


def ppc(writer: Writer, *, rows: int | None = 42, failures: int = 0, read: datetime = NOW) -> int:
    """The listing of a regulator, read when nothing else is said just now."""
    source = sample.SOURCES[0]
    assert source.listing is not None
    declared = replace(source, quiet_after=90 * 86_400, listing=replace(source.listing, expect=(10, 200)))
    writer.put_source(declared)
    page = writer.add_page("ppc", source.start[0], "listing")
    writer.put_page(
        replace(page, last_checked=NOW, last_success=read, due_at=NOW + HOUR, failures=failures, rows=rows)
    )
    return page.id


def shown(archive: Archive, path: str, lang: str = "ja", now: datetime = NOW) -> Page:
    web = Client(make_app(archive, base_url="https://kohyo.example/", now=lambda: now))
    body = re.sub("(</t[dh]>|</d[td]>|<br>)", r" \1", web.get(f"{path}?lang={lang}").text)
    page = Page(body.replace("</tr>", "¶</tr>"))
    strict(page)
    accessible(page)
    for region in [one for one in page.all("div") if one.get("class") == "scroll"]:
        assert region.get("tabindex") == "0"
        assert region.get("role") == "region"
        named = region.get("aria-label") or region.get("aria-labelledby")
        assert named
    return page


def row(page: Page, name: str) -> str:
    """The text of a source's row in the table."""
    return " ".join(page.text[page.text.index(name) :].partition("¶")[0].split())


def test_what_was_expected_stands_beside_what_was_met(archive: Archive) -> None:
    with archive.write() as writer:
        ppc(writer, rows=3)
    told = row(shown(archive, "/coverage.html"), "個人情報保護委員会")
    for said in ("公表 1件", "行数が想定より少ない", "想定より長く新規なし", "3 想定 10–200", "確認 1時間"):
        assert said in told
    assert "新規 不明 想定 90日 なし" in told
    english = row(shown(archive, "/coverage.html", "en"), "個人情報保護委員会")
    for said in (
        "fewer rows than expected",
        "quiet longer than expected",
        "visits 1 hour",
        "new unknown",
    ):
        assert said in english


def test_what_is_not_in_order_is_counted_and_stands_out(archive: Archive) -> None:
    with archive.write() as writer:
        for source in sample.SOURCES[1:-1]:  # all but those without a visit and without an address
            page = writer.add_page(source.id, source.start[0], "page")
            writer.put_page(replace(page, last_checked=NOW, last_success=NOW))
        ppc(writer, rows=3)
    page = shown(archive, "/coverage.html")
    assert "4情報源のうち1件に注意が必要です。アドレス不明のため確認していない情報源: 1。" in page.text
    marked = [tag for tag in page.all("strong") if tag.get("class") == "wrong"]
    assert len(marked) == 3, "the number, few rows and silence"
    assert "要注意: 行数が想定より少ない" in page.text
    assert "要注意: アドレス不明" not in page.text
    english = shown(archive, "/coverage.html", "en")
    assert "1 of 4 sources needs attention." in english.text
    assert "needs attention: fewer rows than expected" in english.text
    told = shown(archive, "/sources/ppc.html")
    assert "要注意: 行数が想定より少ない" in told.text
    with archive.write() as writer:
        ppc(writer)
        writer.put_source(sample.SOURCES[0])
    assert "4情報源はすべて正常です。" in shown(archive, "/coverage.html").text
    assert "All 4 sources are in order." in shown(archive, "/coverage.html", "en").text


def test_a_source_whose_page_is_gone_says_so_though_nothing_is_wrong_with_it(archive: Archive) -> None:
    with archive.write() as writer:
        source = sample.SOURCES[3]
        page = writer.add_page(source.id, source.start[0], "page")
        writer.put_page(replace(page, last_checked=NOW, last_success=NOW, failures=2, gone=True))
        ppc(writer)
    page = shown(archive, "/coverage.html")
    assert "ページなし(掲載終了)" in row(page, source.name)
    assert "要注意" not in row(page, source.name)
    assert "確認していたページがなくなった情報源: 1(掲載終了)。" in page.text
    english = shown(archive, "/coverage.html", "en")
    assert "its page is gone" in row(english, source.name)
    assert "Sources of which the page is gone: 1." in english.text
    with archive.write() as writer:
        writer.raise_alert(Alert("redesign", source.id, source.start[0] + "x", "much changed", NOW))
    both = shown(archive, "/coverage.html").text
    assert "要注意: ページなし(掲載終了)" in both
    assert "確認していたページがなくなった情報源" not in both, "it is among those that need attention"


def test_pages_that_are_gone_are_counted_beside_those_that_stand(archive: Archive) -> None:
    with archive.write() as writer:
        ppc(writer)
        page = writer.add_page("ppc", "https://www.example.go.jp/news/1.html", "page")
        writer.put_page(replace(page, last_checked=NOW, last_success=NOW, failures=2, gone=True))
    assert "なくなったページ 1件" in row(shown(archive, "/coverage.html"), "個人情報保護委員会")
    assert "pages gone: 1" in row(shown(archive, "/coverage.html", "en"), "個人情報保護委員会")


def test_silence_of_our_own_is_told_apart(archive: Archive) -> None:
    with archive.write() as writer:
        ppc(writer)
    assert "長く巡回なし" not in row(shown(archive, "/coverage.html"), "個人情報保護委員会")
    told = row(shown(archive, "/coverage.html", now=NOW + 9 * HOUR), "個人情報保護委員会")
    assert "長く巡回なし" in told
    assert "継続中 2024年9月12日" in told
    assert "なし 継続中" not in told, "a gap that goes on is one"


def test_a_story_of_the_past_is_judged_as_of_its_end_and_says_so(archive: Archive) -> None:
    with archive.write() as writer:
        ppc(writer)
        assert writer.story_end() is None
        writer.note(STORY, NOW.isoformat())
        assert writer.story_end() == NOW
    base, late = "https://kohyo.example/", NOW + 900 * 24 * HOUR
    then = Client(make_app(archive, base_url=base, now=lambda: NOW))
    years = Client(make_app(archive, base_url=base, now=lambda: late, as_of=NOW))
    for path in ("/coverage.html", "/sources/ppc.html"):
        told = years.get(path).text
        assert told.count("長く巡回なし") == then.get(path).text.count("長く巡回なし")
        assert ("基準時刻" in told, "基準時刻" in then.get(path).text) == (True, False)
    assert years.get("/api/sources/ppc").json() == then.get("/api/sources/ppc").json()
    with archive.write() as writer:  # who crawls into it brings it to life
        writer.start_run("crawl", NOW + 2 * HOUR)
        assert writer.story_end() is None


def test_a_source_without_an_address_says_no_more_than_that(archive: Archive) -> None:
    page = shown(archive, "/coverage.html")
    assert "アドレス不明" in row(page, "沖縄県")[:20]
    groups = [one for one in page.all("th") if one.get("scope") == "rowgroup"]
    assert len(groups) == 4, "overdue and unvisited, then company and affected bodies, in order"


def test_what_is_wrong_stands_first_by_what_it_is_and_the_rest_is_folded(archive: Archive) -> None:
    with archive.write() as writer:
        for source in sample.SOURCES[1:-1]:
            page = writer.add_page(source.id, source.start[0], "page")
            writer.put_page(replace(page, last_checked=NOW, last_success=NOW))
        ppc(writer, rows=3)
        writer.put_trials([Trial("ppc", sample.SOURCES[0].start[0], NOW, "HTTP 403")])
    page = shown(archive, "/coverage.html", "en")
    assert page.text.index("fewer rows than expected") < page.text.index("The other sources: 4")
    assert page.text.index("個人情報保護委員会") < page.text.index("The other sources: 4")
    assert "tried 12 September 2024: HTTP 403" in row(page, "個人情報保護委員会")
    (folded,) = page.all("details")
    assert "open" not in folded


def test_gaps_of_late_stand_on_the_page_with_their_reason(archive: Archive) -> None:
    with archive.write() as writer:
        page = ppc(writer, failures=1, read=NOW - 20 * HOUR)
        day = timedelta(days=1)
        writer.add_gap("ppc", Gap(page, NOW - 9 * day, NOW - 8 * day))
        robots = "robots.txt forbids this address"
        writer.add_gap("ppc", Gap(page, NOW - 5 * day, NOW - 4 * day, 3, "error", robots))
        writer.add_gap("ppc", Gap(page, NOW - 200 * day, NOW - 190 * day))
        writer.add_check(Check(page, None, NOW, "blocked", 403, "HTTP 403"))
    text = " ".join(shown(archive, "/sources/ppc.html").text.split())
    assert "欠測(直近90日) 2回・計2日" in text
    assert "2024年9月11日 14:00 継続中 アクセス拒否 (失敗1回) HTTP 403" in text
    assert "2024年9月8日 10:00 1日 robots.txtにより不可 (失敗3回)" in text
    assert "1日 巡回なし" in text
    assert "2024年2月" not in text.partition("最近の確認")[0].partition("欠測")[2]


def test_the_page_of_a_source_shows_its_last_visits_and_rhythm(archive: Archive) -> None:
    with archive.write() as writer:
        page = ppc(writer)
        for number, outcome in enumerate(("version", "not-modified", "error")):
            detail = "<b>no answer</b>" if outcome == "error" else ""
            status = None if outcome == "error" else 200
            writer.add_check(Check(page, None, NOW + number * HOUR, outcome, status, detail))  # type: ignore[arg-type]
        notice = writer.notice(4)
        assert notice is not None
        known = writer.page_by_id(notice.page)
        assert known is not None
        writer.put_page(replace(known, last_checked=NOW, last_success=NOW, due_at=NOW + 12 * HOUR))
    told = " ".join(shown(archive, "/sources/ppc.html").text.split())
    assert "最近の確認" in told
    visits = told.partition("最近の確認")[2]
    order = [visits.index(said) for said in ("<b>no answer</b>", "変更なし(サーバーの応答)", "新しい版")]
    assert order == sorted(order), "newest first"
    assert "次の確認 2024年9月12日 22:00 現在の間隔(最短〜最長) 12時間" in told
    assert "no visit" not in " ".join(shown(archive, "/sources/ppc.html", "en").text.split())


def test_what_moves_with_every_visit_is_not_in_the_published_source_page(
    archive: Archive, tmp_path: Path
) -> None:
    with archive.write() as writer:
        page = ppc(writer)
    publish(archive, tmp_path / "out", base_url="https://kohyo.example/")
    before = state(tmp_path / "out")
    assert publish(archive, tmp_path / "out", base_url="https://kohyo.example/").written == 0
    with archive.write() as writer:
        known = writer.page_by_id(page)
        assert known is not None
        writer.add_check(Check(page, None, NOW + HOUR, "not-modified", 304))
        writer.put_page(replace(known, last_checked=NOW + HOUR, last_success=NOW + HOUR))
    publish(archive, tmp_path / "out", base_url="https://kohyo.example/")
    changed = {path for path, seen in state(tmp_path / "out").items() if before[path] != seen}
    assert changed - {".kohyo.json"} == {"coverage.html"}  # that one notes which state was published
    text = Page((tmp_path / "out/coverage.html").read_text("utf-8")).text
    assert "2024年9月12日 11:00" in text.partition("情報源")[2]


def test_every_outcome_and_state_has_its_words() -> None:
    outcomes: tuple[Outcome, ...] = Outcome.__args__  # type: ignore[attr-defined]
    assert {*outcomes, "robots", reason(None, "")} == set(source_words.OUTCOMES)


@pytest.mark.parametrize(
    ("seconds", "ja", "en"),
    [
        (0, "0分", "0 minutes"),
        (45, "45秒", "45 seconds"),
        (3_600, "1時間", "1 hour"),
        (5_400, "1時間30分", "1 hour 30 minutes"),
        (86_400 * 2 + 3_600 * 4 + 61, "2日4時間", "2 days 4 hours"),
        (86_400 + 61, "1日", "1 day"),
    ],
)
def test_lengths_of_time_are_said_by_their_largest_units(seconds: float, ja: str, en: str) -> None:
    assert (words.say_span(seconds, "ja"), words.say_span(seconds, "en")) == (ja, en)


def test_a_source_never_visited_knows_nothing(archive: Archive) -> None:
    with archive.write() as writer:
        writer.put_source(Source("new", "新設庁", "regulator", ("https://new.example/",)))
    told = row(shown(archive, "/coverage.html"), "新設庁")
    assert "未巡回 なし" in told
    assert "不明" in told
