"""Whether a source is read as it should be: judged from times alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query import Coverage, State
from storage.records import SUCCESS, Check, Gap, ListingRules, Outcome, Source
from storage.topics import health
from storage.topics.health import Start
from tests.storage.builders import NOW, later

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LISTED = Source(
    "city", "例示市", "affected", ("https://a.example/",), listing=ListingRules("li", expect=(10, 200))
)
WATCHED = replace(LISTED, listing=None)
HEALTHY = Coverage("city", 3, 5, NOW, NOW, NOW, NOW, 0, 0, expected=(10, 200), rows=(12, 12))


def checks(*told: tuple[float, Outcome]) -> list[Check]:
    """Checks of one page by the hour of each."""
    return [
        Check(1, None, later(hours=hour), outcome, detail=f"{outcome} at {hour}") for hour, outcome in told
    ]


def found(told: Iterable[Check]) -> list[Gap]:
    return list(health.gaps(told, 3 * HOUR))


def test_visits_in_time_leave_no_gap() -> None:
    assert found(checks((0, "version"), (1, "same-text"), (3, "not-modified"), (6, "same-bytes"))) == []


def test_a_gap_without_visits_says_that_nobody_went_there() -> None:
    assert found(checks((0, "version"), (5, "same-text"))) == [Gap(1, NOW, later(hours=5))]


def test_a_gap_with_visits_says_how_the_last_of_them_failed() -> None:
    told = checks((0, "version"), (1, "error"), (3, "blocked"), (5, "same-text"), (6, "same-text"))
    assert found(told) == [Gap(1, NOW, later(hours=5), 2, "blocked", "blocked at 3")]


def test_a_failure_between_two_timely_successes_is_none() -> None:
    assert found(checks((0, "version"), (1, "error"), (2, "same-text"))) == []


def test_before_the_first_success_and_behind_the_last_nothing_is_known() -> None:
    assert found(checks((0, "error"), (9, "version"), (10, "error"), (30, "error"))) == []


def test_what_was_imported_late_is_no_visit() -> None:
    assert found(checks((0, "version"), (2, "earlier"), (5, "same-text"))) == [Gap(1, NOW, later(hours=5))]


def test_of_a_page_that_is_gone_its_absence_was_an_answer() -> None:
    told = checks((0, "version"), (9, "error"), (20, "missing"), (22, "missing"))
    assert found(told) == []
    assert list(health.gaps(told, 3 * HOUR, health.WHEN_GONE)) == [
        Gap(1, NOW, later(hours=20), 1, "error", "error at 9")
    ]


OUTCOMES: Sequence[Outcome] = ("version", "same-text", "not-modified", "error", "blocked", "empty", "earlier")
TOLD = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(OUTCOMES)), max_size=40, unique_by=lambda pair: pair[0]
).map(lambda told: checks(*sorted(told)))


@given(TOLD)
def test_gaps_lie_between_successes_in_order_and_hold_none(told: list[Check]) -> None:
    read = [check.checked_at for check in told if check.outcome in SUCCESS]
    gaps = found(told)
    for gap in gaps:
        assert gap.ended_at is not None
        assert gap.ended_at - gap.began_at > 3 * HOUR
        assert {gap.began_at, gap.ended_at} <= set(read)
        assert not any(gap.began_at < moment < gap.ended_at for moment in read)
    ends = [moment for gap in gaps for moment in (gap.began_at, gap.ended_at)]
    assert ends == sorted(ends)  # type: ignore[type-var]
    uncovered = [b - a for a, b in pairwise(read) if b - a > 3 * HOUR]
    assert len(gaps) == len(uncovered), "and none is left out"


@given(TOLD)
def test_gaps_are_the_same_whether_found_one_by_one_or_at_once(told: list[Check]) -> None:
    one_by_one, last = [], 0
    for number, check in enumerate(told):
        if check.outcome in SUCCESS:
            one_by_one += found(told[last : number + 1])
            last = number
    assert one_by_one == found(told)


def test_a_listing_is_missed_by_its_pace_and_a_watched_page_may_rest_a_day() -> None:
    assert health.patience(LISTED) == 3 * HOUR
    assert health.patience(WATCHED) == 3 * DAY
    assert health.patience(replace(WATCHED, every=7 * 86_400)) == 21 * DAY


# --- the one that is open -----------------------------------------------------------------


def start(page: int, hours: float | None, failures: int = 0, *, gone: bool = False) -> Start:
    read = None if hours is None else later(hours=-hours)
    return Start(page, read, later(hours=1), failures, gone=gone)


def test_the_start_page_unread_longest_has_the_open_gap() -> None:
    starts = [start(1, 4), start(2, 9, failures=2), start(3, 1)]
    assert health.open_gap(LISTED, starts, NOW) == Gap(2, later(hours=-9), None, 2)


@pytest.mark.parametrize(
    "starts", [[], [start(1, 3)], [start(1, None, 4)], [start(1, 99, 4, gone=True)]], ids=repr
)
def test_no_gap_is_open_where_none_is_known(starts: list[Start]) -> None:
    assert health.open_gap(LISTED, starts, NOW) is None


@pytest.mark.parametrize(
    ("source", "wait", "unread", "missed"),
    [
        (WATCHED, timedelta(hours=5), 3 * DAY, False),
        (WATCHED, 7 * DAY, 9 * DAY, False),
        (WATCHED, 7 * DAY, 9 * DAY + HOUR, True),
        (LISTED, 12 * HOUR, 14 * HOUR, False),
        (LISTED, 12 * HOUR, 15 * HOUR, True),
        (LISTED, 9000 * DAY, 16 * DAY, True),  # by a clock that was wrong
        (LISTED, -DAY, 3 * HOUR, False),
    ],
)
def test_who_was_planned_to_wait_is_missed_by_the_plan(
    source: Source, wait: timedelta, unread: timedelta, missed: bool
) -> None:
    read = NOW - unread
    late = Start(1, read, NOW, 0, awaited_at=read + wait)
    assert (health.open_gap(source, [late], NOW) is not None) is missed


# --- what is usual ------------------------------------------------------------------------


def days(*numbers: int) -> list[date]:
    return [date(2023, 10, 1) + timedelta(days=number) for number in numbers]


def test_the_middle_interval_is_usual() -> None:
    assert health.usual(days(0, 1, 2, 3, 4, 100)) == 86_400
    assert health.usual(days(0, 7, 14, 14, 21, 28, 35)) == 7 * 86_400


def test_too_few_days_tell_nothing() -> None:
    assert health.usual(days()) is None
    assert health.usual(days(0, 1, 2, 3, 4, 4, 4)) is None


@given(st.lists(st.dates()), st.randoms())
def test_the_order_of_days_does_not_matter(some: list[date], random: object) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    usual = health.usual(some)
    assert health.usual(shuffled) == usual
    assert usual is None or usual >= 86_400


# --- state --------------------------------------------------------------------------------

READ = [Start(1, NOW, later(hours=1), 0)]
OPEN = Gap(1, later(hours=-9), None)


@pytest.mark.parametrize(
    ("source", "covered", "starts", "state"),
    [
        (LISTED, HEALTHY, READ, ()),
        (replace(LISTED, start=()), HEALTHY, [], ("address-unknown",)),
        (LISTED, Coverage("city", 0, 0, None, None, None, None, 0, 0), [], ("unvisited",)),
        (LISTED, replace(HEALTHY, open_gap=OPEN), READ, ("overdue",)),
        (
            LISTED,
            replace(HEALTHY, open_gap=replace(OPEN, visits=2), failures=1),
            [Start(1, OPEN.began_at, later(hours=-1), 2)],
            ("failing",),
        ),
        (
            LISTED,
            replace(HEALTHY, open_gap=replace(OPEN, visits=2), failures=1),
            [Start(1, OPEN.began_at, later(hours=-4), 2)],
            ("overdue", "failing"),
        ),
        (LISTED, replace(HEALTHY, failures=2, withdrawn=2), READ, ()),
        (LISTED, replace(HEALTHY, failures=3, withdrawn=2), READ, ("failing",)),
        (LISTED, replace(HEALTHY, rows=(9, 30)), READ, ("few-rows",)),
        (LISTED, replace(HEALTHY, rows=None), READ, ()),
        (replace(LISTED, quiet_after=86_400), HEALTHY, READ, ()),
        (
            replace(LISTED, quiet_after=86_400),
            replace(HEALTHY, last_new_item=later(hours=-25)),
            READ,
            ("quiet",),
        ),
        (replace(LISTED, quiet_after=86_400), replace(HEALTHY, last_new_item=None), READ, ()),
        (LISTED, replace(HEALTHY, alerts=1, rows=(0, 0)), READ, ("few-rows", "alerts")),
        (LISTED, replace(HEALTHY, last_checked=later(hours=2)), READ, ("clock",)),
        (LISTED, replace(HEALTHY, last_checked=later(minutes=59)), READ, ()),
        (LISTED, HEALTHY, [Start(1, NOW, later(days=16), 0)], ("clock",)),
        (LISTED, HEALTHY, [Start(1, NOW, later(days=14), 0)], ()),
        (replace(LISTED, every=30 * 86_400), HEALTHY, [Start(1, NOW, later(days=30), 0)], ()),
    ],
)
def test_no_news_is_told_from_broken(
    source: Source, covered: Coverage, starts: list[Start], state: tuple[State, ...]
) -> None:
    assert health.state(source, covered, starts, NOW) == state


@pytest.mark.parametrize(
    ("outcome", "detail", "why"),
    [
        (None, "", "not-run"),
        ("error", "HTTP 500", "error"),
        ("error", "robots.txt forbids this address", "robots"),
        ("error", "staying out: https://a.example/robots.txt answered 503", "robots"),
        ("blocked", "HTTP 403", "blocked"),
        ("empty", "no rows", "empty"),
    ],
)
def test_the_reason_of_a_gap_is_one_of_our_words(outcome: Outcome | None, detail: str, why: str) -> None:
    assert health.reason(outcome, detail) == why
