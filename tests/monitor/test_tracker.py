"""What captures lead to: one rule of the design a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.crawl.agenda import ArchiveAgenda
from monitor.demo.pdf_maker import render
from monitor.track.context import TrackResult
from monitor.track.tracker import Tracker
from spiders.listings.listing import read_rows
from storage.archive import Archive
from storage.query import Query
from storage.records import Capture, ListingRules, Validators
from tests.monitor.story import DAY, HOUR, LEAK, LIST, LISTED, MORE, SORRY, Story, html, row, told


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


@pytest.fixture
def listed(archive: Archive) -> Story:
    return Story(archive, LISTED)


# --- a page -----------------------------------------------------------------------------------


def test_a_fresh_notice_of_a_new_source_is_news(story: Story):
    assert told(story.page(html(LEAK, SORRY))) == [("new", ())]


def test_an_old_notice_of_a_new_source_is_recorded_without_a_word(story: Story):
    story.page(html(LEAK, date_line="更新日：2022年4月1日"))
    assert story.changes == []
    with story.archive.read() as reader:
        assert [notice.status for notice in reader.notices()] == ["standing"]


def test_the_same_bytes_are_a_check_and_nothing_else(story: Story):
    story.page(html(LEAK))
    assert story.page(html(LEAK)).outcome == "same-bytes"
    with story.archive.read() as reader:
        (page,) = reader.pages("city")
        assert len(reader.snapshots(page.id)) == 1
        assert [check.outcome for check in reader.checks(page.id)] == ["same-bytes", "version"]


def test_a_new_count_is_told_with_both_values(story: Story):
    story.page(html(LEAK, SORRY))
    (change,) = story.page(html(MORE, SORRY, date_line="更新日：2023年12月19日"), DAY).changes
    assert change.kind == "updated"
    assert change.material
    assert "count" in change.reasons
    assert "silent" not in change.reasons
    assert ("約900万件", "約928万件") in [(fact.old, fact.new) for fact in change.facts]
    assert "928万件" in change.summary


def test_content_that_changes_under_the_same_update_date_is_silent(story: Story):
    story.page(html(LEAK, SORRY))
    assert "silent" in story.page(html(MORE, SORRY), DAY).changes[0].reasons


def test_a_new_update_date_alone_does_not_matter(story: Story):
    story.page(html(LEAK, SORRY))
    changes = story.page(html(LEAK, SORRY, date_line="更新日：2024年4月1日"), DAY).changes
    assert not any(change.material for change in changes)


def test_there_and_back_again_is_two_changes_the_second_reverted(story: Story):
    for body in (html(LEAK, SORRY), html(MORE, SORRY), html(LEAK, SORRY)):
        story.page(body, DAY)
    first, second = [change for change in story.changes if change.kind == "updated"]
    assert "reverted" not in first.reasons
    assert "reverted" in second.reasons


def test_another_notation_of_the_same_values_is_recorded_but_does_not_matter(story: Story):
    story.page(html("令和5年10月17日に28名分の流出が判明しました。", SORRY))
    changes = story.page(html("2023年10月17日に二十八名分の流出が判明しました。", SORRY), DAY).changes
    assert [(change.material, change.reasons) for change in changes] == [(False, ("form-only",))]


def test_a_new_title_is_told(story: Story):
    story.page(html(LEAK, SORRY))
    changes = story.page(html(LEAK, SORRY, title="個人情報の漏えいについて（第2報）"), DAY).changes
    assert "title" in changes[0].reasons


# --- what cannot be read is never a change ----------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (None, b"", "error"),
        (500, b"oops", "error"),
        (403, b"<title>Access Denied</title>", "blocked"),
        (200, b"<html><body><main></main></body></html>", "empty"),
        (200, b"\x00\x01\x02" * 4000, "unreadable"),
    ],
)
def test_a_failure_to_read_is_an_alert_and_the_last_good_version_stays(
    story: Story, status: int | None, body: bytes, outcome: str
):
    story.page(html(LEAK, SORRY))
    failed = story.page(body, DAY, status=status, error="no answer in time" if status is None else "")
    assert failed.outcome == outcome
    assert failed.changes == []
    assert len(failed.alerts) == 1
    assert story.page(html(LEAK, SORRY), DAY).outcome == "same-bytes"


def test_being_sent_to_the_front_page_is_no_content(story: Story):
    story.page(html(LEAK, SORRY))
    sent = story.page(html("ようこそ例示市へ"), DAY, final_url="https://www.city.example.lg.jp/")
    assert (sent.outcome, sent.changes) == ("soft-404", [])


def test_a_block_page_does_not_lend_its_validators(story: Story):
    story.page(html(LEAK, SORRY))
    story.page(b"<title>Attention Required!</title>", DAY, status=403, headers=(("ETag", '"blocked"'),))
    with story.archive.read() as reader:
        (page,) = reader.pages("city")
        assert page.validators.etag == '"1"'


def test_a_wholesale_change_waits_for_a_second_look(story: Story):
    before = [f"第{n}の説明として、経緯と対応を順に述べる文章がここに続きます。" for n in range(12)]
    after = [f"全く別のご案内その{n}。催し物の日程と会場の地図をお知らせします。" for n in range(12)]
    story.page(html(LEAK, *before))
    held = story.page(html(*after), DAY)
    assert (held.outcome, held.changes, [alert.kind for alert in held.alerts]) == ("held", [], ["redesign"])
    assert [change.kind for change in story.page(html(*after), HOUR).changes] == ["updated"]


def test_what_differs_between_two_fetches_in_one_visit_is_noise(story: Story):
    story.page(html(LEAK, "本日のおすすめ：公園の桜", SORRY))
    seen = story.page(
        html(LEAK, "本日のおすすめ：図書館の新着", SORRY),
        DAY,
        again=html(LEAK, "本日のおすすめ：市場の朝市", SORRY),
    )
    assert (seen.outcome, seen.changes) == ("same-text", [])


# --- withdrawn and restored -----------------------------------------------------------------------


def test_gone_twice_an_hour_apart_is_withdrawn_and_back_again_restored(story: Story):
    story.page(html(LEAK, SORRY))
    assert story.page(b"", DAY, status=404).changes == []
    assert story.page(b"", timedelta(minutes=30), status=404).changes == []
    assert told(story.page(b"", timedelta(minutes=30), status=410)) == [("withdrawn", ())]
    assert story.page(b"", DAY, status=404).changes == []
    assert told(story.page(html(LEAK, SORRY), DAY)) == [("restored", ())]


def test_a_clock_that_was_ahead_hides_no_withdrawal(story: Story):
    story.page(html(LEAK, SORRY))
    right = story.now
    story.page(b"", DAY * 20_000, status=404)
    story.now = right
    assert story.page(b"", DAY, status=404).changes == []
    assert told(story.page(b"", HOUR, status=404)) == [("withdrawn", ())]


def test_what_is_withdrawn_raises_no_more_alerts(story: Story):
    story.page(html(LEAK, SORRY))
    for _ in range(2):
        story.page(b"", DAY, status=404)
    assert story.page(b"", DAY, status=404).alerts == []


def test_an_answer_between_two_404s_starts_the_hour_anew(story: Story):
    story.page(html(LEAK, SORRY))
    story.page(b"", DAY, status=404)
    story.page(html(LEAK, SORRY), HOUR)
    assert story.page(b"", HOUR, status=404).changes == []


# --- attachments ----------------------------------------------------------------------------------


def attachment(story: Story, text: str, after: timedelta, name: str = "a.pdf") -> Capture:
    return story.capture(
        render([text]),
        after,
        url=f"{LIST}{name}",
        role="attachment",
        headers=(("Content-Type", "application/pdf"),),
    )


def test_a_replaced_attachment_under_an_unchanged_page_is_told(story: Story):
    body = html(LEAK, '<a href="a.pdf">別紙 (PDF)</a>')
    story.page(body, attachments=(attachment(story, "対象者は1,234人です。", HOUR),))
    seen = story.page(body, DAY, attachments=(attachment(story, "対象者は1,534人です。", DAY),))
    (change,) = seen.changes
    assert change.kind == "updated"
    assert {"attachment", "count"} <= set(change.reasons)
    assert any("a.pdf" in hunk.label for hunk in change.hunks)


def test_a_new_notice_has_the_facts_of_its_attachment(story: Story):
    body = html(SORRY, '<a href="a.pdf">別紙 (PDF)</a>')
    (change,) = story.page(body, attachments=(attachment(story, "対象者は1,234人です。", HOUR),)).changes
    assert "1,234人" in [fact.new for fact in change.facts]


def test_an_unreadable_attachment_is_an_alert(story: Story):
    broken = replace(attachment(story, "x", HOUR), body=b"%PDF-1.4 broken")
    seen = story.page(html(LEAK, SORRY), attachments=(broken,))
    assert [alert.kind for alert in seen.alerts] == ["unreadable"]


# --- listings -------------------------------------------------------------------------------------

OLD = row(1, "休館日のお知らせ", date(2022, 1, 5))
NEW = row(2, "個人情報の漏えいについて", date(2023, 10, 17))


def read_page(story: Story, number: int, *paragraphs: str, after: timedelta = timedelta(minutes=1)) -> list:
    return told(story.page(html(*paragraphs), after, url=f"{LIST}{number}.html"))


def test_a_listed_notice_is_told_once_it_is_read(listed: Story):
    assert listed.listing(NEW, OLD).changes == []
    assert read_page(listed, 2, LEAK, SORRY) == [("new", ())]
    assert read_page(listed, 1, "休館日は月曜日です。", SORRY) == []
    assert listed.listing(NEW, OLD).changes == []


def test_an_undated_row_is_judged_by_the_date_of_its_page(listed: Story):
    listed.listing(replace(NEW, published=None), replace(OLD, published=None))
    # one run: the pages are read in the visit in which the listing was
    fresh = html(LEAK, SORRY)
    stale = html("休館日は月曜日です。", SORRY, date_line="更新日：2022年1月5日")
    with_pages = [listed.capture(fresh, url=NEW.url), listed.capture(stale, url=OLD.url)]
    tracker = Tracker(listed.archive, [LISTED], listed.runs)
    assert [told(tracker.track(capture)) for capture in with_pages] == [[("new", ())], []]


def test_a_listed_notice_that_cannot_be_read_is_told_all_the_same(listed: Story):
    listed.listing(NEW, OLD)
    assert told(listed.page(b"", status=None, error="timeout", url=NEW.url)) == [("new", ())]
    assert read_page(listed, 2, LEAK, SORRY) == []


def test_another_notice_on_a_page_read_before_is_told_at_once(listed: Story):
    listed.listing(NEW, OLD)
    read_page(listed, 2, LEAK, SORRY)
    second = replace(NEW, title="個人情報の漏えいについて（第2報）", published=date(2023, 12, 19))
    assert told(listed.listing(second, NEW, OLD, after=DAY)) == [("new", ())]


def test_a_redated_retitled_or_moved_row_is_told_as_such(listed: Story):
    other = row(3, "入札の結果", date(2023, 10, 10))
    listed.listing(NEW, other, OLD)
    for number in (1, 2, 3):
        read_page(listed, number, LEAK, SORRY)
    redated = replace(NEW, published=date(2023, 11, 2))
    assert told(listed.listing(redated, other, OLD, after=DAY)) == [("updated", ("date",))]
    retitled = replace(redated, title="個人情報の漏えいについて（訂正）")
    assert told(listed.listing(retitled, other, OLD, after=DAY)) == [("updated", ("title",))]
    moved = replace(retitled, url=f"{LIST}archive/2.html")
    assert told(listed.listing(moved, other, OLD, after=DAY)) == [("moved", ("address",))]


def test_rows_that_scroll_off_are_not_withdrawn(listed: Story):
    listed.listing(NEW, OLD)
    read_page(listed, 2, LEAK, SORRY)
    third = row(3, "別のお知らせ", date(2023, 10, 20))
    assert listed.listing(third, NEW, after=DAY).changes == []
    with listed.archive.read() as reader:
        assert {notice.status for notice in reader.notices()} <= {"standing", "listed"}


def test_too_few_rows_are_an_alert(listed: Story):
    listed.listing(NEW, OLD)
    assert [alert.kind for alert in listed.listing(NEW, after=DAY).alerts] == ["few-rows"]
    assert listed.listing(after=DAY).outcome == "empty"


def listing_of(*items: tuple[int, str, str]) -> bytes:
    rows = "".join(
        f"<li><time>{day}</time> <a href='{number}.html'><b>お知らせ</b> <i>{title}</i></a></li>"
        for number, title, day in items
    )
    return f"<!doctype html><meta charset='utf-8'><ul>{rows}</ul>".encode()


def read_by(story: Story, rules: ListingRules, body: bytes, url: str = LIST) -> list:
    """One visit with other rules: what a listing's bytes say by them."""
    return told(tracked_by(story, rules, body, url))


def tracked_by(story: Story, rules: ListingRules, body: bytes, url: str = LIST) -> TrackResult:
    story.source = replace(LISTED, start=(LIST, url), listing=rules)
    capture = story.capture(body, DAY, url=url, role="listing", rows=read_rows(body, url, rules))
    return story.visit(DAY, capture)[0]


def titles(story: Story) -> list[str]:
    with story.archive.read() as reader:
        return [notice.title for notice in sorted(reader.notices(), key=lambda notice: notice.id)]


LEAKED, CLOSED = (2, "個人情報の漏えいについて", "2023年10月17日"), (1, "休館日のお知らせ", "2022年1月5日")
ANY, TITLED = ListingRules("li"), ListingRules("li", title="i", date="time")


def test_a_listing_read_by_other_rules_is_no_news(listed: Story):
    page = listing_of(LEAKED, CLOSED)
    read_by(listed, ANY, page)
    for number in (1, 2):
        read_page(listed, number, LEAK, SORRY)
    told_before = len(listed.changes)
    assert read_by(listed, TITLED, page) == []  # the same bytes
    with listed.archive.read() as reader:
        assert [notice.title for notice in reader.notices()] == [LEAKED[1], CLOSED[1]]
    for number in (1, 2):
        read_page(listed, number, LEAK, SORRY)
    assert len(listed.changes) == told_before


def test_what_changes_while_the_rules_change_is_told(listed: Story):
    read_by(listed, ANY, listing_of(LEAKED, CLOSED))
    for number in (1, 2):
        read_page(listed, number, LEAK, SORRY)
    retitled = (2, "個人情報の漏えいについて（第2報）", "2023年10月17日")
    third = (3, "お客さま情報の紛失", "2023年10月19日")
    assert read_by(listed, TITLED, listing_of(third, retitled, CLOSED)) == [("updated", ("title",))]
    assert read_page(listed, 3, LEAK, SORRY) == [("new", ())]


def test_rows_that_the_rules_overlooked_are_told_only_if_they_are_young(listed: Story):
    page = listing_of((3, "お客さま情報の紛失", "2023年10月16日"), LEAKED, CLOSED, (4, "日付のないもの", ""))
    read_by(listed, replace(TITLED, follow=("/2.html",)), page)
    read_page(listed, 2, LEAK, SORRY)
    assert read_by(listed, TITLED, page) == []
    assert [read_page(listed, number, LEAK, SORRY) for number in (1, 3, 4)] == [[], [("new", ())], []]


def test_rules_for_a_site_that_looks_otherwise_now_leave_what_was_read(listed: Story):
    read_by(listed, TITLED, listing_of(LEAKED, CLOSED))
    for number in (1, 2):
        read_page(listed, number, LEAK, SORRY)
    redesigned = listing_of(LEAKED, CLOSED).replace(b"li>", b"dd>").replace(b"<li", b"<dd")
    assert tracked_by(listed, TITLED, redesigned).outcome == "empty"
    assert read_by(listed, replace(TITLED, item="dd"), redesigned) == []
    assert titles(listed) == [CLOSED[1], LEAKED[1]]


def test_a_mistake_in_the_rules_is_an_alert_and_costs_nothing(listed: Story):
    page = listing_of(LEAKED, CLOSED)
    read_by(listed, TITLED, page)
    for number in (1, 2):
        read_page(listed, number, LEAK, SORRY)
    for _ in range(2):
        wrong = tracked_by(listed, replace(TITLED, item="li.x"), page)
        assert (wrong.outcome, [alert.kind for alert in wrong.alerts]) == ("empty", ["few-rows", "empty"])
    assert read_by(listed, TITLED, page) == []
    assert titles(listed) == [CLOSED[1], LEAKED[1]]


def test_two_listings_of_the_same_notices_are_read_anew(listed: Story):
    page, other = listing_of(LEAKED, CLOSED), f"{LIST}archive.html"
    for url in (LIST, other):
        read_by(listed, ANY, page, url)
    for number in (1, 2):
        read_page(listed, number, LEAK, SORRY)
    for url in (LIST, other):
        assert read_by(listed, TITLED, page, url) == []
    assert titles(listed) == [CLOSED[1], LEAKED[1]]
    assert told(listed.page(html(MORE, SORRY), url=f"{LIST}2.html"))[0][0] == "updated"


def test_every_row_is_paired_the_last_one_and_two_of_one_address(listed: Story):
    first = (2, "お客さま情報の紛失（その1）", "2023年10月16日")
    page = listing_of(first, (2, "お客さま情報の紛失（その2）", "2023年10月17日"), CLOSED)
    page = page.replace("<b>お知らせ</b> <i>休館日".encode(), "<i>休館日".encode())  # alike by either rule
    read_by(listed, ANY, page)
    for number in (1, 2):
        read_page(listed, number, LEAK, SORRY)
    assert read_by(listed, TITLED, page) == []
    with listed.archive.read() as reader:
        found = [(notice.title, notice.url, str(notice.published)) for notice in reader.notices()]
    assert sorted(found) == [
        ("お客さま情報の紛失（その1）", f"{LIST}2.html", "2023-10-16"),
        ("お客さま情報の紛失（その2）", f"{LIST}2.html", "2023-10-17"),
        ("休館日のお知らせ", f"{LIST}1.html", "2022-01-05"),
    ]


def test_an_overlooked_row_of_a_page_that_was_read_is_told_at_once(listed: Story):
    page = listing_of((2, "紛失（第2報）", "2023年10月17日"), (2, "紛失", "2023年10月16日"), CLOSED)
    read_by(listed, replace(TITLED, item="li:not(:first-child)"), page)
    read_page(listed, 2, LEAK, SORRY)
    assert read_by(listed, TITLED, page) == [("new", ())]


def test_a_day_that_only_the_page_says_stays(listed: Story):
    page = listing_of((2, "紛失", ""), (1, "休館日", ""))
    read_by(listed, ANY, page)
    for number in (1, 2):
        read_page(listed, number, LEAK, SORRY)
    with listed.archive.read() as reader:
        days = [notice.published for notice in reader.notices()]
    read_by(listed, TITLED, page)
    with listed.archive.read() as reader:
        assert [notice.published for notice in reader.notices()] == days
    assert titles(listed) == ["休館日", "紛失"]


def test_who_changes_the_rules_gets_the_whole_listing(listed: Story):
    """Asked with its validators, it would answer that nothing has changed."""
    read_by(listed, ANY, listing_of(LEAKED, CLOSED))

    def asked(rules: ListingRules) -> Validators:
        source = replace(LISTED, listing=rules)
        agenda = ArchiveAgenda(listed.archive, [source], lambda: listed.now, everything=True)
        return next(visit.validators for visit in agenda.visits(source) if visit.role == "listing")

    assert asked(replace(ANY, expect=(5, None))) == Validators('"1"')
    assert asked(TITLED) == Validators()


# --- nothing twice --------------------------------------------------------------------------------


def test_a_second_run_over_the_same_states_adds_nothing(listed: Story):
    for _ in range(2):
        listed.listing(NEW, OLD)
        read_page(listed, 2, LEAK, SORRY)
        read_page(listed, 1, "休館日は月曜日です。", SORRY)
    assert len(listed.changes) == 1
    with listed.archive.read() as reader:
        assert len(reader.notices(Query())) == 2
        assert all(notice.versions == 1 for notice in reader.notices(Query()))
