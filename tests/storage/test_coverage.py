"""What the archive answers about its sources, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from storage.archive import Archive, Writer, open_archive
from storage.json_shapes import coverage_json
from storage.query import Coverage, Rhythm
from storage.records import Alert, Change, Check, Gap, ListingRules, Notice, Page, Source
from tests.storage.builders import NOW, later, notice
from tests.storage.former import to_the_first_schema

URL = "https://www.city.example.jp/news/"
CITY = Source(
    "city",
    "例示市",
    "affected",
    (f"{URL}#top",),
    quiet_after=30 * 86_400,
    listing=ListingRules("li", expect=(10, None)),
)


def listing(writer: Writer, **state: object) -> Page:
    writer.put_source(CITY)
    page = writer.add_page("city", URL, "listing")
    read = {"last_checked": NOW, "last_success": NOW, "due_at": later(hours=1), "rows": 12, **state}
    writer.put_page(replace(page, **read))  # type: ignore[arg-type]
    return page


def covered(writer: Writer, now: datetime | None = None) -> Coverage:
    (found,) = writer.coverage(now, ("city",))
    return found


def test_what_is_declared_stands_beside_what_is(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer)
        writer.put_source(Source("other", "Other", "company"))
        for number, day in enumerate((1, 2, 3, 5, 6, 9)):
            page = writer.add_page("city", f"{URL}{number}.html", "page")
            writer.add_notice(replace(notice(page), source="city", published=date(2023, 10, day)))
        found = covered(writer)
        assert (found.expected, found.rows) == ((10, None), (12, 12))
        assert (found.every, found.quiet_after, found.usual) == (3600, 30 * 86_400, 86_400)
        assert (found.open_gap, found.state) == (None, ())
        assert [one.source for one in writer.coverage()] == ["city", "other"]


def test_a_source_nobody_reads_any_more_is_overdue(archive: Archive) -> None:
    with archive.write() as writer:
        page = listing(writer)
        assert covered(writer, later(hours=3)).state == ()
        found = covered(writer, later(hours=4))
        assert (found.open_gap, found.state) == (Gap(page.id, NOW, None), ("overdue",))


def test_without_a_clock_the_last_visit_to_any_source_is_now(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer)
        writer.put_source(Source("other", "Other", "company", (URL,)))
        other = writer.add_page("other", URL, "page")
        writer.put_page(replace(other, last_checked=later(hours=9), last_success=later(hours=9)))
        assert {one.source: one.state for one in writer.coverage()} == {"city": ("overdue",), "other": ()}


def test_fewer_rows_and_silence_are_told(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer, rows=3)
        page = writer.add_page("city", f"{URL}1.html", "page")
        writer.add_notice(replace(notice(page, at=later(days=-31)), source="city"))
        assert covered(writer).state == ("few-rows", "quiet")


def test_gaps_of_the_last_ninety_days_are_counted(archive: Archive) -> None:
    with archive.write() as writer:
        page = listing(writer)
        for days, visits in ((100, 0), (80, 0), (2, 3)):
            began = later(days=-days)
            gap = Gap(page.id, began, began + timedelta(hours=5), visits, "error" if visits else None, "x\0")
            writer.add_gap("city", gap)
        other = writer.add_page("city", f"{URL}2022/", "listing")
        writer.add_gap("city", Gap(other.id, later(hours=-30), later(hours=-26)))
        found = covered(writer)
        assert (found.gaps, found.gap_seconds) == (2, 10 * 3600), "of the start page missed longest"
        told = writer.gaps("city", later(days=-90))
        assert [(gap.visits, gap.outcome, gap.detail) for gap in told] == [
            (0, None, ""),
            (3, "error", "x\ufffd"),
            (0, None, "x\ufffd"),
        ]
        assert writer.gaps("city", later(days=-90), limit=1) == told[:1]
        assert writer.gaps("elsewhere", NOW) == []


def test_of_a_gap_that_began_earlier_only_what_lies_within_is_counted(archive: Archive) -> None:
    with archive.write() as writer:
        page = listing(writer)
        writer.add_gap("city", Gap(page.id, later(days=-140), later(days=-60)))
        now = later(hours=1)
        (found,) = writer.coverage(now, ("city",))
        assert (found.gaps, found.gap_seconds) == (1, (30 * 24 - 1) * 3600)


def test_the_newest_visits_of_all_pages_come_newest_first(archive: Archive) -> None:
    with archive.write() as writer:
        start = listing(writer)
        pages = [start] + [writer.add_page("city", f"{URL}{number}.html", "page") for number in range(5)]
        for hour in range(10):
            for number, page in enumerate(pages[: 1 + hour % 3]):
                at = later(hours=hour, minutes=number)
                writer.add_check(Check(page.id, None, at, "same-text", 200))
                writer.put_page(replace(page, last_checked=at, last_success=at))
        writer.add_check(Check(start.id, None, later(days=-9), "earlier", 200))
        found = writer.visits("city", 4)
        assert [(url.removeprefix(URL), check.checked_at) for url, check in found] == [
            ("", later(hours=9)),
            ("1.html", later(hours=8, minutes=2)),
            ("0.html", later(hours=8, minutes=1)),
            ("", later(hours=8)),
        ]
        assert len(writer.visits("city", 100)) == 10 + 6 + 3 + 1


def missing(writer: Writer, *, version: int | None = None, noticed: bool = True) -> Notice | None:
    """A page that is gone, with the alert that said so first."""
    page = writer.add_page("city", f"{URL}1.html", "page")
    state = {"last_checked": NOW, "failures": 2, "missing_since": later(hours=-1), "gone": True}
    writer.put_page(replace(page, version=version, last_changed=later(days=-9), **state))  # type: ignore[arg-type]
    writer.raise_alert(Alert("missing", "city", page.url, "HTTP 404", later(hours=-1)))
    if not noticed:
        return None
    return writer.add_notice(replace(notice(page), source="city", status="withdrawn"))


def withdrawal(gone: Notice) -> Change:
    return Change(gone.id, "city", gone.url, gone.title, NOW, "withdrawn", material=True)


def test_a_withdrawal_is_a_change(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer)
        gone = missing(writer)
        assert gone is not None
        assert covered(writer).last_changed == later(days=-9)
        writer.add_change(withdrawal(gone))
        assert covered(writer).last_changed == NOW


def test_a_missing_page_is_no_open_alert_once_its_withdrawal_is_told(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer)
        gone = missing(writer)
        assert gone is not None
        assert (covered(writer).alerts, covered(writer).state) == (0, ())
        writer.raise_alert(Alert("blocked", "city", gone.url, "HTTP 403", later(hours=1)))
        assert covered(writer).alerts == 1, "whatever else its address says is open"


def test_a_source_of_which_every_page_is_gone_says_so_and_is_not_quiet(archive: Archive) -> None:
    with archive.write() as writer:
        single = replace(CITY, listing=None, start=(f"{URL}1.html",), quiet_after=3_600)
        writer.put_source(single)
        gone = missing(writer)
        assert gone is not None
        assert covered(writer, later(days=400)).state == ("gone",)
        writer.put_source(replace(single, start=(*single.start, f"{URL}2.html")))
        assert "gone" not in covered(writer, later(days=400)).state, "nobody has looked for the other"


def test_that_a_page_is_gone_explains_what_failed_there_before(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer)
        gone = missing(writer)
        assert gone is not None
        writer.raise_alert(Alert("blocked", "city", gone.url, "HTTP 503", later(hours=-2)))
        assert covered(writer).alerts == 0
        writer.raise_alert(Alert("unreachable", "city", gone.url, "no answer", NOW))
        assert covered(writer).alerts == 1, "nobody has seen since that it is gone"


def test_a_listing_that_is_missing_is_not_answered_by_a_page_at_its_address(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer)
        gone = missing(writer)
        assert gone is not None
        same = writer.add_page("city", gone.url, "listing")
        writer.put_page(replace(same, last_checked=NOW, failures=2))
        assert covered(writer).alerts == 1


def test_a_missing_attachment_that_stood_there_is_no_open_alert_once_it_is_gone(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer)
        missing(writer, version=7, noticed=False)
        assert covered(writer).alerts == 0


def test_a_dead_link_that_nobody_ever_saw_alive_stays_an_open_alert(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer)
        missing(writer, noticed=False)
        assert (covered(writer).alerts, covered(writer).state) == (1, ("alerts",))


def test_notice_pages_have_a_rhythm_of_their_own(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer)
        for number, (hours, state) in enumerate(
            [(2, {}), (24, {}), (500, {"failures": 3}), (700, {"gone": True})]
        ):
            page = writer.add_page("city", f"{URL}{number}.html", "page")
            due = later(hours=hours)
            writer.put_page(replace(page, last_checked=NOW, last_success=NOW, due_at=due, **state))
        assert writer.rhythm("city") == Rhythm(3, later(hours=2), 2 * 3600, 24 * 3600)
        assert writer.rhythm("elsewhere") == Rhythm(0, None, None, None)


def test_the_contract_holds_what_is_new(archive: Archive) -> None:
    with archive.write() as writer:
        listing(writer, rows=3)
        value = coverage_json(covered(writer, later(hours=4)))
    assert value["expected_rows"] == {"min": 10, "max": None}
    assert value["rows"] == {"fewest": 3, "most": 3}
    assert value["gaps"] == {"days": 90, "count": 0, "seconds": 0}
    assert value["unread_since"] == NOW.isoformat()
    assert value["state"] == ["overdue", "few-rows"]
    assert (value["every"], value["quiet_after"], value["usual_interval"]) == (3600, 30 * 86_400, None)


def test_an_archive_of_the_first_schema_is_upgraded(database_url: str) -> None:
    with open_archive(database_url) as archive, archive.write() as writer:
        page = listing(writer)
        to_the_first_schema(writer)
    with open_archive(database_url) as archive, archive.read() as reader:
        stored = reader.page_by_id(page.id)
        assert stored is not None
        assert (stored.last_success, stored.rows) == (NOW, None)
        (found,) = reader.coverage()
        assert (found.rows, found.gaps, found.state) == (None, 0, ())
