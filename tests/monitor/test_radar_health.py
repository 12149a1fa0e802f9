"""What a list must not hide: rows that came and went, that it has stopped, that it was never read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.crawl.runs import RunReport
from monitor.track.context import TrackResult
from monitor.track.timing.plan import UNCONFIRMED_RHYTHM, plan_visit
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


def test_a_list_that_is_quiet_for_longer_than_declared_is_said_to_be_once_a_week(archive: Archive) -> None:
    story = Story(archive, replace(LISTED, quiet_after=20 * 86_400))
    listed = rows(1, 3, date(2023, 10, 16))  # too few to say what is usual
    story.listing(*listed)
    story.listing(*listed, after=20 * DAY)
    assert "stood-still" not in story.alerts
    for after in (DAY, DAY, 7 * DAY):
        story.listing(*listed, after=after)
    assert story.alerts.count("stood-still") == 2
    with archive.read() as reader:
        assert {alert.detail for alert in reader.alerts()} == {"no row has come since 2023-10-17"}
    story.listing(*rows(1, 4, date(2023, 11, 15)), after=8 * DAY)
    assert story.alerts.count("stood-still") == 2


@pytest.mark.parametrize("dated", [True, False])
def test_a_clock_that_was_ahead_hides_no_list_that_stopped(story: Story, dated: bool) -> None:
    stale = [
        replace(row, published=row.published if dated else None) for row in rows(1, 12, date(2023, 10, 16))
    ]
    story.listing(*stale[1:], after=DAY)
    right = story.now
    story.listing(*stale, after=DAY * 20_000)
    story.listing(*stale, after=DAY * 200)
    story.now = right
    said = [[alert.kind for alert in story.listing(*stale, after=after).alerts] for after in (200 * DAY, DAY)]
    assert said == [["stood-still"], []]


@pytest.mark.parametrize("dated", [True, False])
def test_a_list_of_few_or_no_days_stands_still_by_when_its_rows_came(story: Story, dated: bool) -> None:
    listed = [
        replace(row, published=row.published if dated else None) for row in rows(1, 3, date(2023, 10, 16))
    ]
    story.listing(*listed)
    for number in range(6, 14):
        listed = [replace(listed[0], url=f"{LIST}{number}.html", title=f"催し {number}"), *listed[:4]]
        story.listing(*listed, after=2 * DAY)
    for _ in range(8):
        story.listing(*listed, after=DAY)
    assert "stood-still" not in story.alerts
    story.listing(*listed, after=DAY)
    with story.archive.read() as reader:
        (alert,) = [alert for alert in reader.alerts() if alert.kind == "stood-still"]
    assert alert.detail == "no row has come since 2023-11-02; a new one every 2.0 days is usual"


def test_a_short_list_without_a_rhythm_may_be_quiet_for_long(story: Story) -> None:
    for _ in range(3):
        story.listing(*rows(1, 4, date(2023, 10, 16)), after=60 * DAY)
    assert "stood-still" not in story.alerts
    story.listing(*rows(1, 5, date(2023, 10, 16)), after=DAY)
    story.listing(*rows(1, 5, date(2023, 10, 16)), after=60 * DAY)
    assert "stood-still" in story.alerts


def days(*numbers: int) -> list[date]:
    return [date(2026, 1, 5) + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("dated", "came", "last", "said"),
    [
        (range(0, 56, 7), (), 49 + 28, "the newest row is of 2026-02-23; a new one every 7.0 days is usual"),
        (
            range(8),
            (),
            7 + 7,
            "the newest row is of 2026-01-12; a new one every 1.0 days is usual",
        ),  # holidays
        ((*range(8), 99_999), (), 14, "the newest row is of 2026-01-12; a new one every 1.0 days is usual"),
        (range(8), (12,), 14, "the newest row is of 2026-01-12; a new one every 1.0 days is usual"),
        ((), range(0, 24, 4), 20 + 16, "no row has come since 2026-01-25; a new one every 4.0 days is usual"),
        ((0, 20, 40), (), 40 + 80, "the newest row is of 2026-02-14"),  # too few: four times the longest
        ((0, 3), (3, 6), 6 + 30, "no row has come since 2026-01-11"),  # nobody knows, and a month is long
    ],
)
def test_a_list_stands_still_by_its_own_rhythm(
    dated: tuple[int, ...], came: tuple[int, ...], last: int, said: str
) -> None:
    well, sick = days(last, last + 1)
    assert standstill(days(*dated), days(*came), well) is None
    assert str(standstill(days(*dated), days(*came), sick)) == said


def test_an_address_that_was_never_read_well_is_tried_ever_more_seldom() -> None:
    source = replace(FEED, every=3600)
    capture = Capture(source.id, LIST, "listing", NOW)
    page = Page(1, source.id, LIST, "listing")
    waits = [
        plan_visit(replace(page, failures=n), source, "error", capture, NOW).due_at - NOW for n in range(8)
    ]
    assert waits == sorted(waits)
    daily = plan_visit(replace(page, failures=6), replace(source, every=86_400), "missing", capture, NOW)
    assert daily.due_at - NOW == UNCONFIRMED_RHYTHM
    known = plan_visit(
        replace(page, failures=6, last_success=NOW), replace(source, every=86_400), "error", capture, NOW
    )
    assert known.due_at - NOW == DAY


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
