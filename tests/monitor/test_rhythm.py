"""When a page is looked at again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.track.schedule import SLOWEST_RHYTHM, plan_visit
from storage.records import Capture, Outcome, Page, Source

NOW = datetime(2024, 1, 24, 3, tzinfo=UTC)
SOURCE = Source("s", "s", "company", every=3600)
HOUR = timedelta(hours=1)


def capture(status: int | None = 200, **headers: str) -> Capture:
    return Capture("s", "https://x.example/", "page", NOW, status, headers=tuple(headers.items()))


def page(**given) -> Page:  # type: ignore[no-untyped-def]
    return Page(1, "s", "https://x.example/", "page", **given)


def test_a_listing_keeps_its_pace():
    listing = Page(1, "s", "https://x.example/", "listing", last_changed=NOW - timedelta(days=300))
    assert plan_visit(listing, SOURCE, "not-modified", capture(304), NOW) == NOW + HOUR


def test_a_notice_that_rests_is_visited_less_and_less_but_daily():
    young, old = page(last_changed=NOW - timedelta(days=2)), page(last_changed=NOW - timedelta(days=400))
    assert HOUR < plan_visit(young, SOURCE, "same-text", capture(), NOW) - NOW < timedelta(hours=3)
    assert plan_visit(old, SOURCE, "same-text", capture(), NOW) == NOW + SLOWEST_RHYTHM


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
        ("same-text", {"last_changed": NOW - 40 * HOUR}, {}, 2 * HOUR),
        ("same-text", {"last_changed": NOW - 10 * HOUR}, {}, HOUR),
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
