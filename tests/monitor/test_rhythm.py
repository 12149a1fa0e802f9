"""When a page is looked at again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.track.timing import plan
from storage.records import Capture, Learned, Outcome, Page, Source
from storage.text.japanese import JST
from storage.topics.health import SLOWEST_RHYTHM

NOW = datetime(2024, 1, 24, 3, tzinfo=UTC)
SOURCE = Source("s", "s", "company", every=3600)
HOUR = timedelta(hours=1)


def capture(status: int | None = 200, **headers: str) -> Capture:
    return Capture("s", "https://x.example/", "page", NOW, status, headers=tuple(headers.items()))


def plan_visit(page: Page, source: Source, outcome: Outcome, capture: Capture, now: datetime) -> datetime:
    return plan.plan_visit(page, source, outcome, capture, now).due_at


def page(**given) -> Page:  # type: ignore[no-untyped-def]
    return Page(1, "s", "https://x.example/", "page", **given)


def test_a_listing_keeps_its_pace():
    listing = Page(1, "s", "https://x.example/", "listing", last_changed=NOW - timedelta(days=300))
    assert plan_visit(listing, SOURCE, "not-modified", capture(304), NOW) == NOW + HOUR


def test_a_missing_page_is_looked_at_again_after_an_hour():
    slow = Source("s", "s", "company", every=86400)
    assert plan_visit(page(missing_since=NOW), slow, "missing", capture(404), NOW) == NOW + HOUR


def test_retry_after_is_obeyed_in_seconds_and_as_a_date():
    asked = plan_visit(page(), SOURCE, "blocked", capture(429, **{"Retry-After": "7200"}), NOW)
    assert asked == NOW + 2 * HOUR
    dated = plan_visit(
        page(), SOURCE, "blocked", capture(503, **{"retry-after": "Wed, 24 Jan 2024 09:00:00 GMT"}), NOW
    )
    assert dated == NOW + 6 * HOUR


def test_a_senseless_retry_after_is_passed_over():
    assert plan_visit(page(), SOURCE, "blocked", capture(429, **{"Retry-After": "soon"}), NOW) == NOW + HOUR


def test_failures_back_off():
    waits = [plan_visit(page(failures=n), SOURCE, "error", capture(None), NOW) - NOW for n in (1, 2, 3, 20)]
    assert waits == [2 * HOUR, 4 * HOUR, 8 * HOUR, SLOWEST_RHYTHM]


def test_a_host_that_asked_to_be_left_alone_is_left_alone_with_all_its_pages():
    stay_away = capture(None, **{"Retry-After": "Thu, 25 Jan 2024 03:00:00 GMT"})
    assert plan_visit(page(failures=1), SOURCE, "error", stay_away, NOW) == NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("outcome", "given", "source", "wait"),
    [
        ("held", {}, {}, timedelta(minutes=10)),
        ("held", {}, {"every": 60}, timedelta(minutes=1)),
        ("error", {"failures": 6}, {"every": 600}, 64 * timedelta(minutes=10)),
        ("error", {"failures": 7}, {"every": 600}, 64 * timedelta(minutes=10)),
        ("blocked", {"failures": 1}, {}, 2 * HOUR),
        ("missing", {"gone": True}, {"every": 7200}, 2 * HOUR),
        ("same-text", {}, {}, HOUR),
        ("same-text", {"last_changed": NOW - 40 * HOUR}, {"every": 86_400 * 3}, timedelta(days=3)),
        # an address that was seen elsewhere, and never read well
        ("missing", {"failures": 1}, {"seen": "a list"}, 2 * HOUR),
        ("soft-404", {"failures": 3}, {"seen": "a list"}, 8 * HOUR),
        ("error", {"failures": 9}, {"seen": "a list", "every": 7200}, 128 * HOUR),
        ("error", {"failures": 9}, {"seen": "a list", "every": 86_400}, timedelta(days=7)),
        ("error", {"failures": 9, "last_success": NOW}, {"seen": "a list"}, SLOWEST_RHYTHM),
        ("same-text", {"failures": 9}, {"seen": "a list"}, HOUR),
    ],
)
def test_each_outcome_has_its_wait(
    outcome: Outcome, given: dict[str, Any], source: dict[str, Any], wait: timedelta
):
    planned = plan_visit(page(**given), replace(SOURCE, **source), outcome, capture(), NOW)
    assert planned == NOW + wait


def test_retry_after_counts_only_where_it_may_be_said_and_never_hastens():
    asked = {"Retry-After": "7200"}
    assert plan_visit(page(), SOURCE, "same-text", capture(200, **asked), NOW) == NOW + HOUR
    assert plan_visit(page(), SOURCE, "blocked", capture(503, **{"Retry-After": "60"}), NOW) == NOW + HOUR
    assert plan_visit(page(), SOURCE, "error", capture(None, **asked), NOW) == NOW + 2 * HOUR


def learned(shape: float, exposure: float, **given: Any) -> Page:
    return page(learned=Learned(shape, exposure), last_success=NOW, last_changed=NOW, **given)


def wait(page: Page, outcome: Outcome = "same-text", stretch: float = 1.0, **source: Any) -> timedelta:
    return (
        plan.plan_visit(page, replace(SOURCE, **source), outcome, capture(), NOW, stretch=stretch).due_at
        - NOW
    )


def test_what_changes_more_often_is_looked_at_more_often_by_the_root() -> None:
    rare, often = (plan.estimate(learned(a, 1.0), SOURCE, NOW) for a in (0.01, 0.16))
    assert rare.wait == pytest.approx(4 * often.wait)
    assert plan.estimate(learned(100, 1.0), SOURCE, NOW).bounded == 1.0, "no faster than declared"
    assert plan.estimate(learned(1e-9, 1.0), SOURCE, NOW).bounded == 14 * 24, "two weeks at the most"


def test_a_notice_that_rests_is_looked_at_less_and_less_until_once_in_two_weeks() -> None:
    notice = page(last_changed=NOW)
    at, gaps = NOW, []
    while at < NOW + timedelta(days=400):
        before = replace(notice, last_success=at)
        due = plan.plan_visit(before, SOURCE, "same-text", capture(), at).due_at
        gaps.append((due - at) / timedelta(hours=1))
        seen = replace(before, last_checked=due, last_success=due)
        notice, at = plan.observe(seen, before, SOURCE, "same-text", plan.Week()), due
    assert gaps[0] < 10
    assert sum(gap < 48 for gap in gaps) >= 6
    assert sum(gaps[-10:]) / 10 > 300
    assert max(gaps) <= 14 * 24
    assert len(gaps) < 150, "requests of more than a year"


def test_a_start_page_rests_no_longer_than_a_day_unless_its_declaration_says_so() -> None:
    quiet, start = learned(1e-9, 1.0), {"start": ("https://x.example/",)}
    assert wait(quiet, **start) <= SLOWEST_RHYTHM
    assert wait(quiet, **start, slowest=7 * 86_400) > timedelta(days=5)
    assert wait(quiet, stretch=10.0, **start) <= SLOWEST_RHYTHM, "its promise holds whatever the budget"
    assert wait(quiet, stretch=10.0) > timedelta(days=60)
    lively = learned(0.05, 1.0)
    assert HOUR < wait(lively, **start) == wait(lively, stretch=2.0, **start) < 8 * HOUR
    assert wait(lively, stretch=2.0) > 1.5 * wait(lively)


def test_a_list_that_may_rest_is_asked_as_often_in_a_week_and_more_in_office_hours() -> None:
    source = replace(SOURCE, every=4 * 3600, slowest=86_400, start=("https://x.example/",))
    listing = Page(1, "s", "https://x.example/", "listing", last_changed=NOW)
    at, looks = NOW, []
    while at < NOW + timedelta(days=28):
        at = plan.plan_visit(listing, source, "same-bytes", capture(), at).due_at
        looks.append(at)
    assert 28 * 6 * 0.8 < len(looks) < 28 * 6 * 1.1
    office = [look for look in looks if look.astimezone(JST).hour in range(9, 20)]
    assert len(office) > 0.6 * len(looks)


def test_what_cannot_be_read_is_looked_at_daily_though_it_hardly_changes() -> None:
    assert wait(learned(1e-9, 1.0), "soft-404") <= timedelta(days=1)


def test_while_an_incident_stirs_its_pages_are_looked_at_twice_as_often() -> None:
    calm = learned(0.01, 1.0)
    stirred = replace(calm, stirred_at=NOW)
    assert plan.estimate(stirred, SOURCE, NOW).wait == pytest.approx(
        plan.estimate(calm, SOURCE, NOW).wait / 2
    )
    later = NOW + timedelta(days=15)
    assert not plan.estimate(stirred, SOURCE, later).stirred


def test_a_look_says_nothing_of_a_rate_where_no_time_has_passed_or_a_clock_went_back() -> None:
    before = learned(0.05, 0.6)
    for passed, learns in ((HOUR, True), (timedelta(), False), (-HOUR, False), (timedelta(days=-3), False)):
        after = replace(before, last_checked=NOW + passed)
        for outcome in ("same-text", "version"):
            seen = plan.observe(after, replace(before, version=1), SOURCE, outcome, plan.Week())  # type: ignore[arg-type]
            assert (seen.learned != before.learned) is learns, (passed, outcome)


def test_a_first_look_says_nothing_of_a_rate() -> None:
    before = page(last_changed=NOW)
    seen = plan.observe(replace(before, last_checked=NOW + HOUR), before, SOURCE, "version", plan.Week())
    assert seen.learned == Learned(0.035, 0.6)


def test_a_file_asks_for_no_visits_of_its_own() -> None:
    file = Page(1, "s", "https://x.example/a.pdf", "attachment", last_changed=NOW, pace=0.5)
    found = plan.plan_visit(file, SOURCE, "same-bytes", capture(), NOW)
    assert (found.due_at, found.reason, found.pace) == (NOW + HOUR, "attached", 0.0)
