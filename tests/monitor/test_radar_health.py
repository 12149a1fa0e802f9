"""What a list must not hide: rows that came and went, that it has stopped, that it was never read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.crawl.runs import RunReport
from monitor.track.context import TrackResult
from monitor.track.schedule import UNCONFIRMED_RHYTHM, plan_visit
from storage.archive import Archive
from storage.records import Alert, Capture, ListingRules, Page, Row
from storage.topics.health import standstill
from tests.monitor.story import DAY, LEAK, LIST, LISTED, SORRY, Story, html

FEED = replace(LISTED, listing=ListingRules(topic="personal-data"), seen="somebody's list, 2026")
NOW = datetime(2023, 10, 17, 4, tzinfo=UTC)


def rows(first: int, count: int, newest: date) -> tuple[Row, ...]:
    return tuple(
        Row(f"{LIST}{n}.html", f"催しのお知らせ {n}", newest - timedelta(days=n - first))
        for n in range(first, first + count)
    )


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive, FEED)


def test_rows_that_may_have_come_and_gone_between_two_visits_are_an_alert(story: Story) -> None:
    story.listing(*rows(100, 12, date(2023, 10, 17)))
    story.listing(*rows(95, 12, date(2023, 10, 17)))
    assert "rolled-off" not in story.alerts
    story.listing(*rows(10, 12, date(2023, 10, 17)))
    assert story.alerts.count("rolled-off") == 1


def test_a_list_that_answers_and_has_stopped_is_sick_and_said_to_be_once_a_week(story: Story) -> None:
    stale = rows(1, 12, date(2023, 10, 16))
    story.listing(*stale)
    assert "stood-still" not in story.alerts
    for _ in range(12):
        story.listing(*stale, after=DAY)
    assert story.alerts.count("stood-still") == 1
    story.listing(*stale, after=7 * DAY)
    assert story.alerts.count("stood-still") == 2


def test_a_list_stands_still_by_its_own_rhythm() -> None:
    weekly = [date(2026, 1, 5) + timedelta(days=7 * n) for n in range(8)]
    assert standstill(weekly, weekly[-1] + timedelta(days=28)) is None
    assert standstill(weekly, weekly[-1] + timedelta(days=29)) == (weekly[-1], 7 * 86_400)
    daily = [date(2026, 1, 5) + timedelta(days=n) for n in range(8)]
    assert standstill(daily, daily[-1] + timedelta(days=7)) is None  # holidays
    assert standstill([*daily, date(9999, 1, 1)], daily[-1] + timedelta(days=8)) == (daily[-1], 86_400)
    assert standstill(daily[:3], daily[-1] + timedelta(days=900)) is None  # too few to know a rhythm


def test_an_address_that_was_never_read_well_is_tried_ever_more_seldom() -> None:
    source = replace(FEED, every=3600)
    capture = Capture(source.id, LIST, "listing", NOW)
    page = Page(1, source.id, LIST, "listing")
    waits = [plan_visit(replace(page, failures=n), source, "error", capture, NOW) - NOW for n in range(8)]
    assert waits == sorted(waits)
    daily = plan_visit(replace(page, failures=6), replace(source, every=86_400), "missing", capture, NOW)
    assert daily - NOW == UNCONFIRMED_RHYTHM
    known = plan_visit(
        replace(page, failures=6, last_success=NOW), replace(source, every=86_400), "error", capture, NOW
    )
    assert known - NOW == DAY


def test_an_unconfirmed_address_fails_no_run() -> None:
    told = Alert("unreachable", "city", LIST, "no answer", NOW)
    report = RunReport(unconfirmed={"city"})
    report.add(TrackResult("city", LIST, "error", alerts=[told]))
    assert (report.failures, report.alerts, report.unanswered) == ([], [], 1)


def test_the_first_visit_tells_what_is_relevant_of_the_last_thirty_days_and_nothing_older(
    story: Story,
) -> None:
    leak = "個人情報の漏えいについて"
    young = Row(f"{LIST}young.html", f"{leak}(1)", date(2023, 10, 1))
    old = Row(f"{LIST}old.html", f"{leak}(2)", date(2023, 9, 1))
    story.listing(young, old, *rows(1, 3, date(2023, 10, 16)))
    for row in (old, young):
        story.page(html(LEAK, SORRY), url=row.url, row=row)
    assert [change.title for change in story.changes] == [young.title]
