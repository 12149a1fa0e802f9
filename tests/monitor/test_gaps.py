"""What the tracker puts on record for coverage: gaps of start pages, rows of listings."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from monitor.track.tracker import Tracker
from storage.archive import Archive
from storage.records import Gap
from tests.monitor.story import DAY, HOUR, LEAK, LIST, LISTED, URL, Story, html, row

ROWS = tuple(row(number, f"お知らせ{number}", date(2023, 10, number)) for number in (1, 2, 3))


def gaps(archive: Archive, story: Story) -> list[tuple[timedelta, Gap]]:
    """Each with its length."""
    with archive.read() as reader:
        found = reader.gaps("city", datetime.fromtimestamp(0, story.now.tzinfo))
    return [(gap.ended_at - gap.began_at, gap) for gap in found if gap.ended_at]


def test_a_listing_read_again_after_too_long_leaves_a_gap(archive: Archive) -> None:
    story = Story(archive, LISTED)
    story.listing(*ROWS)
    story.listing(*ROWS, after=3 * HOUR)
    assert gaps(archive, story) == []
    story.listing(*ROWS, after=4 * HOUR)
    ((length, gap),) = gaps(archive, story)
    assert (length, gap.visits, gap.outcome) == (4 * HOUR, 0, None)


def test_a_gap_says_what_kept_us_out(archive: Archive) -> None:
    story = Story(archive, LISTED)
    story.listing(*ROWS)
    for error in ("no answer in time", "robots.txt forbids this address"):
        story.visit(
            2 * HOUR,
            story.capture(after=2 * HOUR, url=LIST, role="listing", rows=None, status=None, error=error),
        )
    story.listing(*ROWS, after=HOUR)
    ((length, gap),) = gaps(archive, story)
    assert (length, gap.visits) == (5 * HOUR, 2)
    assert (gap.outcome, gap.detail) == ("error", "robots.txt forbids this address")


def test_a_watched_page_may_rest_and_what_is_no_start_page_is_not_missed(archive: Archive) -> None:
    story = Story(archive)
    story.page(html(LEAK))
    story.page(html(LEAK), after=3 * DAY)
    story.page(html(LEAK), url=URL.replace("1.html", "2.html"))
    story.page(html(LEAK), url=URL.replace("1.html", "2.html"), after=9 * DAY)
    assert gaps(archive, story) == []
    story.page(html(LEAK))
    assert [length for length, _ in gaps(archive, story)] == [9 * DAY + 2 * HOUR]


def test_a_page_found_gone_was_unread_until_it_was_found_so(archive: Archive) -> None:
    story = Story(archive)
    story.page(html(LEAK))
    story.page(status=404, after=20 * DAY)
    assert gaps(archive, story) == [], "it may be there again in an hour"
    story.page(status=404, after=2 * HOUR)
    ((length, gap),) = gaps(archive, story)
    assert (length, gap.visits, gap.outcome) == (20 * DAY, 0, None)
    story.page(status=404, after=DAY)
    story.page(html(LEAK), after=30 * DAY)
    assert [length for length, _ in gaps(archive, story)] == [20 * DAY], "what is gone is not missed"
    story.page(html(LEAK), after=9 * DAY)
    assert [length for length, _ in gaps(archive, story)] == [9 * DAY, 20 * DAY]


def test_old_captures_that_come_in_between_hide_no_gap(archive: Archive) -> None:
    story = Story(archive)
    story.page(html(LEAK))
    story.page(status=404, after=20 * DAY)
    for days in range(300, 304):
        earlier = story.capture(html(LEAK), -days * DAY)
        Tracker(archive, [story.source], story.runs).track_imported(earlier)
    story.page(status=404, after=2 * HOUR)
    assert [length for length, _ in gaps(archive, story)] == [20 * DAY]


def test_a_page_found_gone_in_time_leaves_no_gap(archive: Archive) -> None:
    story = Story(archive)
    story.page(html(LEAK))
    for _ in range(2):
        story.page(status=404, after=2 * HOUR)
    assert gaps(archive, story) == []


def test_the_rows_of_the_newest_reading_are_counted(archive: Archive) -> None:
    story = Story(archive, LISTED)

    def rows() -> int | None:
        with archive.read() as reader:
            page = reader.page("city", LIST, "listing")
        return page.rows if page else None

    story.listing(*ROWS)
    assert rows() == 3
    story.listing(*ROWS[:1])
    assert rows() == 1
    story.listing(status=503)
    assert rows() == 1, "what could not be read has no rows to count"
    story.listing()
    assert rows() == 0
