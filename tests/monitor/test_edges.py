"""Stories at the edges of the rules: what must be neither told twice, nor falsely, nor lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.demo.pdf_maker import render
from monitor.track.rederive import rederive
from monitor.track.tracker import Tracker
from storage.archive import Archive
from storage.query import Query
from storage.records import PageRules
from tests.monitor.story import (
    DAY,
    HOUR,
    LEAK,
    LIST,
    LISTED,
    MORE,
    SINGLE,
    SORRY,
    URL,
    Story,
    html,
    row,
    told,
)


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


@pytest.fixture
def listed(archive: Archive) -> Story:
    return Story(archive, LISTED)


OLD = row(1, "休館日のお知らせ", date(2022, 1, 5))
NEW = row(2, "個人情報の漏えいについて", date(2023, 10, 17))
BEFORE = [f"第{n}の説明として、経緯と対応を順に述べる文章がここに続きます。" for n in range(12)]
ERROR = [f"ただいま混み合っています。時間をおいてお試しください。その{n}を確認中です。" for n in range(12)]


def read_page(story: Story, number: int, *paragraphs: str, **more: object) -> list:
    given = {"url": f"{LIST}{number}.html", **more}
    return told(story.page(html(*paragraphs), timedelta(minutes=1), **given))


# --- held texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 304])
def test_an_error_page_that_alternates_with_the_notice_is_never_told(story: Story, status: int):
    good, wrong = html(LEAK, *BEFORE), html(*ERROR, title="ご案内")
    story.page(good)
    for _ in range(3):
        assert story.page(wrong, DAY).outcome == "held"
        assert story.page(good if status == 200 else b"", DAY, status=status).changes == []
    assert [change.kind for change in story.changes] == ["new"]


# --- an upgrade is no news ------------------------------------------------------------------------


def test_what_the_new_declaration_cannot_read_in_the_old_bytes_is_no_news(story: Story):
    story.page(html(LEAK, SORRY))
    story.source = replace(SINGLE, page=PageRules(include=(".body",)))
    redesigned = (
        html(LEAK, SORRY)
        .replace(b"<main>", b'<main><div class="body">')
        .replace(b"</main>", b"</div></main>")
    )
    seen = story.page(redesigned, DAY)
    assert (seen.changes, [alert.kind for alert in seen.alerts]) == ([], ["recipe"])
    more = redesigned.replace("約900万件".encode(), "約928万件".encode())
    assert "count" in story.page(more, DAY).changes[0].reasons


def test_a_declaration_that_reads_nothing_in_an_unchanged_page_is_an_alert(story: Story):
    story.page(html(LEAK, SORRY))
    story.source = replace(SINGLE, page=PageRules(include=(".typo",)))
    seen = story.page(html(LEAK, SORRY), DAY)
    assert (seen.outcome, seen.changes, [alert.kind for alert in seen.alerts]) == ("empty", [], ["empty"])


def test_everything_stored_is_read_again_in_silence_and_under_its_number(archive: Archive):
    story, body = Story(archive), html(LEAK, SORRY)
    aside = body.replace(b"</main>", "</main><aside><p>別紙は1,234件です。</p></aside>".encode())
    story.page(aside, headers=(("Content-Type", "text/html"), ("X", "1")))
    story.page(aside.replace("約900万件".encode(), "約928万件".encode()), DAY)
    with archive.read() as reader:
        before, changes = reader.versions(reader.pages()[0].id), reader.changes(Query(limit=None))
    heard: list[tuple[str, int, int]] = []
    assert rederive(archive, [story.source], lambda *said: heard.append(said)) == 0  # nothing is out of date
    other = replace(SINGLE, page=PageRules(include=("main", "aside")))
    assert rederive(archive, [other, replace(other, id="nobody")], lambda *said: heard.append(said)) == 2
    assert rederive(archive, [other]) == 0
    assert heard == [("city", 1, 1)] * 2
    with archive.read() as reader:
        after = reader.versions(reader.pages()[0].id)
        assert [(one.id, one.number, one.snapshot, one.captured_at) for one in after] == [
            (one.id, one.number, one.snapshot, one.captured_at) for one in before
        ]
        assert [one.text.endswith("1,234件です。") for one in (*before, *after)] == [False, False, True, True]
        assert [{fact.value for fact in reader.facts(one.id) if fact.field == "count"} for one in after] == [
            {9_000_000, 1234}, {9_280_000, 1234},
        ]  # fmt: skip
        assert reader.changes(Query(limit=None)) == changes
    assert story.alerts == []


def test_cosmetics_after_a_redaction_are_no_change_and_a_change_quotes_nothing(story: Story):
    story.page(html(LEAK, SORRY))
    with story.archive.write() as writer:
        writer.redact(story.changes[0].notice, "氏名", story.now)
    assert story.page(html(LEAK, SORRY) + b"<!-- 2 -->", DAY).changes == []
    (change,) = story.page(html(MORE, SORRY), DAY).changes
    assert (change.kind, change.hunks) == ("updated", ())


# --- a first visit is a baseline --------------------------------------------------------------------

EARLIER = f"{LIST}earlier.html"


def test_a_listing_that_could_not_be_read_on_the_first_visit_is_a_baseline_on_the_second(listed: Story):
    listed.listing(NEW, OLD)
    rows = [row(n, f"過去のお知らせ{n}", date(2021, 4, n)) for n in range(10, 20)]
    late = listed.capture(b"rows", url=EARLIER, role="listing", rows=tuple(rows))
    assert listed.visit(HOUR, late)[0].changes == []
    assert read_page(listed, 12, "過去の内容です。", SORRY) == []


def test_undated_rows_of_a_first_visit_that_was_killed_are_no_news_on_the_next(listed: Story):
    listed.listing(replace(NEW, published=None), replace(OLD, published=None))
    assert read_page(listed, 1, "休館日は月曜日です。", SORRY) == [
        ("new", ())
    ]  # dated 2023-10-17 by its page
    stale = html("入札の結果です。", SORRY, date_line="更新日：2022年1月5日")
    assert listed.page(stale, url=NEW.url).changes == []


def test_a_start_page_that_a_killed_first_visit_never_reached_is_a_baseline(story: Story):
    other = f"{LIST}9.html"
    story.source = replace(SINGLE, start=(URL, other))
    story.page(html(LEAK, SORRY))
    assert (
        story.page(html("古いお知らせです。", SORRY, date_line="更新日：2022年1月5日"), url=other).changes
        == []
    )


def test_a_start_page_that_was_not_there_yet_is_news_when_it_appears(story: Story):
    story.page(b"", status=404)
    assert told(story.page(html(LEAK, SORRY, date_line=""))) == [("new", ())]


def test_an_undated_row_on_a_page_read_before_is_judged_by_the_page(listed: Story):
    stale = html("休館日は月曜日です。", SORRY, date_line="更新日：2022年1月5日")
    first = listed.capture(b"1", url=LIST, role="listing", rows=(NEW, OLD))
    second = listed.capture(
        b"2", url=EARLIER, role="listing", rows=(replace(OLD, title="別件", published=None),)
    )
    captures = [first, listed.capture(stale, url=OLD.url), second]
    assert [told(tracked) for tracked in listed.visit(HOUR, *captures)] == [[], [], []]


# --- which notice a row is --------------------------------------------------------------------------


def test_rows_that_differ_in_their_date_alone_are_two_notices(listed: Story):
    listed.listing(NEW, OLD)
    read_page(listed, 2, LEAK, SORRY)
    again = replace(NEW, published=date(2023, 10, 18))
    assert told(listed.listing(again, NEW, OLD, after=DAY)) == [("new", ())]
    assert listed.listing(again, NEW, OLD, after=DAY, headers=()).changes == []
    assert len(listed.changes) == 2


def test_a_page_that_names_itself_anew_keeps_the_notice_of_its_row(listed: Story):
    listed.listing(NEW, OLD)
    read_page(listed, 2, LEAK, SORRY)
    second = html(LEAK, MORE, title="個人情報の漏えいについて（第2報）")
    assert [change.kind for change in listed.page(second, DAY, url=NEW.url).changes] == ["updated"]
    assert told(listed.listing(replace(NEW, published=date(2023, 10, 18)), OLD, after=DAY)) == [
        ("updated", ("date",))
    ]


def test_a_row_in_another_width_is_the_same_notice(listed: Story):
    listed.listing(replace(NEW, title="お詫び（第２報）"), OLD)
    read_page(listed, 2, LEAK, SORRY)
    narrow = replace(NEW, title="お詫び(第2報)")
    assert listed.listing(narrow, OLD, after=DAY).changes == []
    assert told(listed.listing(replace(narrow, published=date(2023, 10, 18)), OLD, after=DAY)) == [
        ("updated", ("date",))
    ]


def test_a_notice_that_moves_before_it_was_told_is_told_once_as_new(listed: Story):
    listed.listing(NEW, OLD)
    read_page(listed, 1, "休館日は月曜日です。", SORRY)
    moved = replace(NEW, url=OLD.url)
    assert told(listed.listing(moved, OLD, after=DAY)) == [("new", ())]
    assert [change.kind for change in listed.changes] == ["new"]


# --- withdrawn and restored -------------------------------------------------------------------------


def test_a_dead_link_that_was_never_alive_is_not_withdrawn(listed: Story):
    listed.listing(NEW, OLD)
    for _ in range(3):
        assert listed.page(b"", DAY, url=OLD.url, status=404).changes == []


def test_a_notice_told_from_its_row_is_withdrawn_and_restored_and_withdrawn_again(listed: Story):
    listed.listing(NEW, OLD)
    kinds = []
    for body, status in [(b"", 404), (b"", 404), (html(LEAK, SORRY), 200), (b"", 404), (b"", 404)]:
        kinds += [change.kind for change in listed.page(body, DAY, url=NEW.url, status=status).changes]
    assert kinds == ["new", "withdrawn", "restored", "withdrawn"]


def test_a_page_that_says_the_notice_was_taken_down_and_then_shows_it_again(story: Story):
    notice, down = html(LEAK, *BEFORE), html("このお知らせは掲載を終了しました。")
    story.page(notice)
    for body in (down, down, notice, notice):
        story.page(body, DAY)
    assert [change.kind for change in story.changes] == ["new", "withdrawn", "restored"]


# --- offers -----------------------------------------------------------------------------------------


def test_the_links_of_an_xhtml_page_with_its_declaration_are_offered(story: Story):
    story.source = replace(SINGLE, kind="index", page=PageRules(include=("main",), offers="main a"))
    links = '<a href="https://b.example/x#part">B市</a> <a href="http://[broken">C</a> <a href="/own">D</a>'
    body = b'<?xml version="1.0" encoding="utf-8"?>' + html(LEAK, SORRY, links)
    story.page(body)
    with story.archive.read() as reader:
        assert [offer.url for offer in reader.offers()] == ["https://b.example/x"]


# --- imports ----------------------------------------------------------------------------------------


def test_what_an_import_brings_of_an_earlier_time_is_evidence_and_no_change(story: Story):
    story.page(html(LEAK, SORRY), DAY)
    earlier = story.capture(html(MORE, SORRY), -HOUR)
    tracker = Tracker(story.archive, [SINGLE])
    assert (tracker.track_imported(earlier).outcome, len(story.changes)) == ("earlier", 1)
    with story.archive.read() as reader:
        (page,) = reader.pages("city")
        assert len(reader.snapshots(page.id)) == 2
        assert reader.was_checked("city", URL, earlier.captured_at)
    assert story.page(html(LEAK, SORRY), DAY).outcome == "same-bytes"
    assert told(tracker.track_imported(story.capture(html(MORE, SORRY), HOUR)))[0][0] == "updated"


# --- attachments ------------------------------------------------------------------------------------


def test_an_attachment_that_goes_from_under_its_link_and_comes_back_is_told_once_each(story: Story):
    body = html(LEAK, '<a href="a.pdf">別紙 (PDF)</a>')
    address = {"url": f"{LIST}a.pdf", "role": "attachment"}
    pdf = render(["対象者は1,234人です。"])
    heard = []
    for content, status in [(pdf, 200), (b"", 404), (b"", 404), (b"", 404), (pdf, 200), (pdf, 200)]:
        file = story.capture(
            content, DAY, status=status, headers=(("Content-Type", "application/pdf"),), **address
        )
        heard.append(told(story.page(body, DAY, attachments=(file,))))
    removed, added = [("updated", ("removed", "attachment"))], [("updated", ("added", "attachment"))]
    assert heard == [[("new", ())], [], removed, [], added, []]
    assert story.alerts.count("missing") <= 2


# --- rhythm -----------------------------------------------------------------------------------------


def test_a_page_that_never_changed_is_not_visited_every_hour_for_ever(story: Story):
    story.page(html(LEAK, SORRY))
    story.page(html(LEAK, SORRY), 40 * DAY)
    with story.archive.read() as reader:
        (page,) = reader.pages("city")
        assert page.due_at == story.now + DAY
