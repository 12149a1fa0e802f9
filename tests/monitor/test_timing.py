"""How often a page changes, when in the week news comes, and what a host bears in a day."""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.crawl.day_budget import DayBudget, DueVisit
from monitor.track.timing.plan import CEILING
from monitor.track.timing.rates import MEMORY_DAYS, PRIORS, Rate, age, expose, learn
from monitor.track.timing.week import Week, pick_moment
from monitor.track.timing.workdays import is_closed
from storage.query import HostPace
from storage.text.japanese import JST

MONDAY = datetime(2026, 11, 30, tzinfo=JST)
HOUR = timedelta(hours=1)

shapes = st.floats(0.1, 50)
exposures = st.floats(0.01, 300)


@given(shapes, exposures, st.floats(1e-6, 300))
@settings(max_examples=60)
def test_a_look_that_found_something_raises_the_rate_and_one_that_found_nothing_lowers_it(
    shape: float, exposure: float, days: float
) -> None:
    before = Rate(shape, exposure)
    for changed in (True, False):
        after = learn(before, days, changed=changed)
        assert 0 < after.daily < math.inf
        assert after.exposure <= MEMORY_DAYS * (1 + 1e-9)
        if after.exposure < MEMORY_DAYS * 0.99 and after.shape > 0.11:
            assert (after.daily >= before.daily * (1 - 1e-6)) is changed or days < 1e-3


def test_a_change_after_a_long_time_says_less_than_one_after_a_short() -> None:
    soon, late = (learn(Rate(0.5, 1.0), days, changed=True) for days in (0.01, 100.0))
    assert soon.daily == pytest.approx(1.5, rel=0.02)
    assert late.daily == pytest.approx(0.5, rel=0.2), "it had to be expected: several may have come"


@pytest.mark.parametrize("true", [0.05, 1.0, 6.0])
def test_the_rate_is_found_though_of_several_changes_between_two_looks_one_is_seen(true: float) -> None:
    chance, rate = random.Random(3), PRIORS["list"]
    for _ in range(600):
        pause = chance.uniform(0.1, 1.0)
        rate = learn(rate, pause, changed=chance.random() < 1 - math.exp(-true * pause))
    assert rate.daily == pytest.approx(true, rel=0.25)


@given(st.floats(0, 500), st.floats(0, 500), st.floats(0, 500))
@settings(max_examples=40)
def test_exposure_adds_up_and_is_less_the_older_a_notice(a: float, b: float, c: float) -> None:
    a, b, c = sorted((a, b, c))
    assert expose("notice", a, b) + expose("notice", b, c) == pytest.approx(expose("notice", a, c), abs=1e-9)
    assert expose("notice", b, b + 1) <= expose("notice", a, a + 1) + 1e-12
    assert expose("list", a, b) == pytest.approx(b - a)
    assert age("notice", c) <= age("notice", a) <= 1


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        ((2026, 11, 27), False),
        ((2026, 11, 28), True),  # Saturday
        ((2026, 11, 23), True),  # on the day itself
        ((2026, 1, 12), True),  # second Monday
        ((2026, 1, 19), False),
        ((2026, 5, 6), True),  # made up for: the third was a Sunday
        ((2025, 5, 7), False),
        ((2026, 9, 22), True),  # between two holidays
        ((2026, 3, 20), True),  # equinoxes
        ((2025, 9, 23), True),
        ((2024, 2, 12), True),
        ((2026, 12, 31), True),
        ((2026, 1, 5), False),
    ],
)
def test_offices_are_closed_on_weekends_and_holidays(day: tuple[int, int, int], closed: bool) -> None:
    assert is_closed(date(*day)) is closed


def test_the_weights_of_a_week_are_one_on_the_average_and_nothing_is_left_out() -> None:
    week = Week()
    for hour in (3, 4, 5):
        week = week.learn(MONDAY + timedelta(hours=hour), MONDAY + timedelta(hours=hour + 1))
    hours = [weight for day in week.weights for weight in day]
    assert sum(hours) == pytest.approx(168)
    assert min(hours) > 0.05
    assert week.weights[0][4] > Week().weights[0][4]
    whole = MONDAY, MONDAY + timedelta(days=1)
    assert week.weigh(*whole) == pytest.approx(sum(week.weights[0]) / 24)
    assert week.learn(MONDAY, MONDAY + timedelta(days=5)) is week, "so long a time says nothing of an hour"


def test_when_news_comes_is_learned_though_only_the_looks_are_known() -> None:
    week, at = Week(), MONDAY
    for n in range(120):  # always at half past four in the morning, seen at the next look
        day = MONDAY + timedelta(days=n)
        looks = [day + timedelta(hours=h) for h in (0, 3 + n % 2, 5 + n % 3, 12)]
        news = day + timedelta(hours=4.5)
        at = next(look for look in looks if look >= news)
        week = week.learn(max(look for look in looks if look < news), at)
    tuesday = week.weights[1]
    assert tuesday[4] > 2 * Week().weights[1][4]
    assert tuesday[4] > 3 * tuesday[22]


def test_a_saturday_is_no_sunday_and_a_holiday_is_one_from_its_first_hour() -> None:
    week, saturday = Week(), MONDAY + timedelta(days=5)
    for n in range(40):  # what comes comes on Saturdays at noon
        noon = saturday + timedelta(days=7 * n, hours=12)
        week = week.learn(noon, noon + HOUR)
    (on_saturday, on_sunday) = week.weights[5:7]
    assert on_saturday[12] > 2 * on_sunday[12]
    for begin in (saturday - HOUR, saturday, saturday + timedelta(hours=3)):  # into the day, and within it
        passed = (timedelta(hours=13) - (begin - saturday)) / HOUR
        hours = sum(on_saturday[:13]) if begin <= saturday else sum(on_saturday[3:13])
        hours += week.weights[4][23] if begin < saturday else 0.0
        assert week.weigh(begin, saturday + timedelta(hours=13)) == pytest.approx(hours / passed)
        assert pick_moment(begin, 24.0, week, CEILING) == saturday + timedelta(hours=13)
    holiday = datetime(2026, 11, 23, tzinfo=JST)  # a Monday
    assert week.weigh(holiday, holiday + HOUR) == pytest.approx(on_sunday[0])
    assert week.weigh(holiday - HOUR, holiday + HOUR) == pytest.approx((on_sunday[23] + on_sunday[0]) / 2)


@given(st.integers(0, 7 * 24 * 60), st.floats(0.01, 5000))
@settings(max_examples=60)
def test_the_next_moment_lies_ahead_and_no_further_than_allowed(minutes: int, wait: float) -> None:
    now = MONDAY + timedelta(minutes=minutes)
    moment = pick_moment(now, wait, Week(), CEILING)
    assert now < moment <= now + CEILING
    assert pick_moment(now, wait, Week(), HOUR) <= now + HOUR + timedelta(microseconds=1)


def test_looks_are_as_many_as_their_wait_says_and_dense_in_office_hours() -> None:
    for wait in (1.0, 6.0, 30.0):
        at, looks = MONDAY, []
        while at < MONDAY + timedelta(days=70):
            at = pick_moment(at, wait, Week(), CEILING)
            looks.append(at.astimezone(JST))
        wanted = 70 * 24 / wait * Week().density
        assert 0.75 * wanted < len(looks) < 1.15 * wanted
        assert sum(look.weekday() < 5 for look in looks) > 0.8 * len(looks)


def test_a_day_that_ends_is_looked_at_before_the_night() -> None:
    afternoon = MONDAY + timedelta(hours=14)
    assert pick_moment(afternoon, 9.0, Week(), CEILING) == MONDAY + timedelta(hours=19)
    friday = MONDAY + timedelta(days=4, hours=10)
    assert pick_moment(friday, 24.0, Week(), CEILING) < friday + timedelta(days=1), "and not on Saturday"


DAY = date(2026, 11, 28)


def test_a_host_is_asked_no_more_in_a_day_than_it_bears_and_start_pages_always() -> None:
    budget = DayBudget(
        10, {"a": HostPace(day=DAY, requests=7), "b": HostPace(day=date(2026, 11, 27), requests=7)}
    )
    due = [DueVisit("a", 2, 50.0), DueVisit("a", 1, 40.0), DueVisit("a", 1, 0.0), DueVisit("a", 1, 60.0)]
    assert not budget.bears({"a": 4}, DAY)
    assert budget.choose(due, DAY) == {0, 1, 2}, "one that cannot wait, and what has been due longest"
    assert budget.choose([DueVisit("a", 1, 70.0), DueVisit("b", 99, 1.0)], DAY) == {1}, "another day"
    assert budget.choose([DueVisit("a", 1, 70.0), DueVisit("a", 1, 0.0), DueVisit("b", 1, 1.0)], DAY) == {1}


def test_what_hosts_bear_is_handed_out_at_once_and_counted() -> None:
    budget = DayBudget(10, {"a": HostPace(day=DAY, requests=7)})
    assert budget.bears({"a": 2, "b": 10}, DAY)
    assert not budget.bears({"a": 2}, DAY), "one is left"
    assert budget.bears({"a": 1}, DAY)


def test_pages_wait_longer_where_a_host_bears_less_than_they_ask_for() -> None:
    assert HostPace(promised=100, wished=900).stretch(1000) == 1.0
    assert HostPace(promised=100, wished=1800).stretch(1000) == 2.0
    assert HostPace(promised=5000, wished=100).stretch(1000) == 1.0, "a tenth is theirs"
    assert HostPace(promised=5000, wished=200).stretch(1000) == 2.0


def test_zones_do_not_matter_to_the_week() -> None:
    assert pick_moment(MONDAY.astimezone(UTC), 5.0, Week(), CEILING) == pick_moment(
        MONDAY, 5.0, Week(), CEILING
    )
