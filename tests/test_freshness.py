"""How late news is seen, beside other policies at equal requests; the figures are those of bench/freshness.py."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bench import freshness
from bench.freshness import DAY, HOUR
from storage.text.japanese import JST


def office_news(days: int, a_day: float, seed: int) -> list[float]:
    """Moments of news that comes on weekdays from nine to six."""
    chance, found = random.Random(seed), []
    for n in range(days):
        day = datetime(2026, 1, 5, 9, tzinfo=JST) + timedelta(days=n)
        number = 0 if day.weekday() >= 5 else int(a_day + chance.random())
        found += [day.timestamp() + chance.uniform(0, 9 * HOUR) for _ in range(number)]
    return sorted(found)


@pytest.mark.parametrize("every", [6.0, 24.0])
def test_news_is_seen_in_a_third_of_the_time_of_uniform_polling(every: float) -> None:
    arrivals = {str(n): office_news(180, rate, n) for n, rate in enumerate((3.0, 1.0, 0.1, 0.06, 0.06))}
    uniform, _, ours, clairvoyant = freshness.replay(arrivals, every)
    assert uniform.median == pytest.approx(every / 2, rel=0.1)
    assert ours.requests <= 1.02 * uniform.requests
    assert ours.median <= uniform.median / 3
    assert clairvoyant.median == 0


def test_who_learns_rates_is_little_later_than_who_is_told_them() -> None:
    found = freshness.simulate(freshness.steady, 250, 4.0, 60.0)
    (_, asked, uniform), (_, best_asked, best), (_, our_asked, ours) = found
    assert asked == pytest.approx(our_asked, rel=0.05)
    assert best_asked == pytest.approx(our_asked, rel=0.02)
    assert ours.quantile(0.5) <= 1.3 * best.quantile(0.5)
    assert ours.quantile(0.5) <= uniform.quantile(0.5) / 3


@pytest.mark.parametrize("found", range(7))
def test_what_never_changes_costs_no_more_than_a_request_a_week_from_its_birth(found: int) -> None:
    begin = (found * 24 + 3) * HOUR
    looks = freshness.follow([], begin, begin + 546 * DAY, freshness.PRICE, nature="notice")
    ages = [(at - begin) / DAY for at in looks]
    assert sum(age < 182 for age in ages) <= 26
    assert sum(age < 1 for age in ages) >= 2, "and is looked at most while it is young"
    settled = [age for age in ages if age >= 28]
    assert min(later - one for one, later in pairwise(settled)) >= 7 - 1e-6


def test_who_learns_how_young_notices_change_is_little_later_than_who_is_told() -> None:
    found = freshness.simulate(freshness.notices, 1500, 1.0, 90.0)
    (_, _, uniform), (_, best_asked, best), (_, our_asked, ours) = found
    assert best_asked == pytest.approx(our_asked, rel=0.02)
    assert ours.quantile(0.5) <= 1.3 * best.quantile(0.5)
    assert ours.quantile(0.5) <= uniform.quantile(0.5) / 3


def test_delays_are_those_to_the_next_look() -> None:
    assert list(freshness.delays_of([1.0, 2.0, 2 * HOUR, DAY], [2.0, 3 * HOUR])) == [
        pytest.approx(1 / HOUR), 0.0, pytest.approx(1.0),
    ]  # fmt: skip
    assert math.isnan(freshness.quantile([], 0.5))
    assert freshness.clairvoyant({"a": [0.0, HOUR, 3 * HOUR]}, 2) == [0.0, 0.0, 1.0]
