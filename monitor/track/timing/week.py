"""When in the week something comes, and which moment of it is best for the next visit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from monitor.track.timing.workdays import is_closed
from storage.text.japanese import JST

CONFIDENCE = 20.0
"""The prior weighs as much as so many changes."""

FEWEST = 0.1
"""No hour counts less than this part of an average one: what comes at night is seen as well."""

MOST_CHANGES = 400.0
"""So many changes are remembered of a source."""

LONGEST_WAIT = timedelta(days=2)
"""A change between looks that lie further apart says nothing of the hour at which it came."""

_HOUR = 3600.0
_OPEN = tuple(0.2 if h < 7 or h > 20 else 0.8 if h in (7, 8, 19, 20) else 2.4 for h in range(24))
_DAYS = (1.3, 1.3, 1.3, 1.3, 1.3, 0.25, 0.25)


@dataclass(frozen=True, eq=True)
class Week:
    """How the changes of a source are spread: those seen so far by hour and by day (Monday first), in Japan.

    Holidays count as Sundays.
    """

    hours: tuple[float, ...] = (0.0,) * 24
    days: tuple[float, ...] = (0.0,) * 7

    @cached_property
    def weights(self) -> tuple[tuple[float, ...], ...]:
        """The weight of each hour of each day; 1 on the average of a week without holidays."""
        hours, days = _mixed(self.hours, _OPEN), _mixed(self.days, _DAYS)
        raw = [[max(FEWEST, day * hour) for hour in hours] for day in days]
        mean = sum(map(sum, raw)) / 168
        return tuple(tuple(weight / mean for weight in day) for day in raw)

    @cached_property
    def roots(self) -> tuple[tuple[float, ...], ...]:
        """Square roots of the weights: visits are as dense as these (see pick_moment)."""
        return tuple(tuple(map(math.sqrt, day)) for day in self.weights)

    @cached_property
    def density(self) -> float:
        """The mean of the roots: how many visits are enough where one an hour would be without weights."""
        return sum(map(sum, self.roots)) / 168

    @cached_property
    def steepest(self) -> float:
        """The largest root."""
        return max(map(max, self.roots))

    def weigh(self, begin: datetime, end: datetime) -> float:
        """Return the average weight between two moments; 1 for times of many days."""
        seconds = (end - begin).total_seconds()
        if not 0 < seconds <= LONGEST_WAIT.total_seconds():
            return 1.0
        return sum(self.weights[d][h] * part for d, h, part in _pieces(begin, end)) / seconds

    def learn(self, begin: datetime, end: datetime) -> Week:
        """Learn that something came between two moments, most likely when most is expected."""
        if not timedelta() < end - begin <= LONGEST_WAIT:
            return self
        pieces = [(d, h, self.weights[d][h] * part) for d, h, part in _pieces(begin, end)]
        total = sum(weight for _, _, weight in pieces)
        hours, days = list(self.hours), list(self.days)
        fade = min(1.0, MOST_CHANGES / (sum(days) + 1.0))
        hours, days = [one * fade for one in hours], [one * fade for one in days]
        for day, hour, weight in pieces:
            hours[hour] += weight / total
            days[day] += weight / total
        return Week(tuple(hours), tuple(days))


def _mixed(seen: tuple[float, ...], prior: tuple[float, ...]) -> list[float]:
    """Mix what was seen with what is expected; 1 on the average."""
    size, expected = len(prior), sum(prior)
    return [
        size * (one + CONFIDENCE * given / expected) / (sum(seen) + CONFIDENCE)
        for one, given in zip(seen, prior, strict=True)
    ]


def _pieces(begin: datetime, end: datetime) -> list[tuple[int, int, float]]:
    """Cut a time into hours: of each the day, the hour and its seconds."""
    found = []
    at, left = begin.astimezone(JST), (end - begin).total_seconds()
    second = at.minute * 60 + at.second + at.microsecond / 1e6
    day, hour = at.date(), at.hour
    kind = 6 if is_closed(day) and day.weekday() < 5 else day.weekday()
    while left > 0:
        part = min(left, _HOUR - second)
        found.append((kind, hour, part))
        left, second, hour = left - part, 0.0, hour + 1
        if hour == 24:
            day, hour = day + timedelta(days=1), 0
            kind = 6 if is_closed(day) and day.weekday() < 5 else day.weekday()
    return found


def pick_moment(now: datetime, wait: float, week: Week, longest: timedelta) -> datetime:
    """Pick the next visit of a page for which ``wait`` hours would be right if all hours were alike.

    A visit is worth what it saves of the waiting of news. With weights w of the hours that is least where
    visits are as dense as the root of w, so that the moment is sought at which the news waiting by then
    (the integral of w, integrated once more), less ``wait`` times the integral of the roots, is least: in
    the limit of short waits that is a clock that runs as the roots do, and at the end of an office day it
    is a look at what the day has brought.
    """
    at = now.astimezone(JST)
    second = at.minute * 60 + at.second + at.microsecond / 1e6
    day, hour = at.date(), at.hour
    weights, roots = week.weights, week.roots
    kind = 6 if is_closed(day) and day.weekday() < 5 else day.weekday()
    limit, enough = longest.total_seconds() / _HOUR, wait * week.steepest
    passed = mass = cost = best = 0.0
    least = math.inf
    while passed < limit and mass <= enough:
        length = min(1.0 - second / _HOUR, limit - passed)
        weight, root = weights[kind][hour], roots[kind][hour]
        turn = min(length, max(0.0, (wait * root - mass) / weight))
        for x in (turn, length):
            worth = cost + mass * x + weight * x * x / 2 - wait * root * x
            if x > 0.0 and worth < least:
                least, best = worth, passed + x
        cost += mass * length + weight * length * length / 2 - wait * root * length
        mass, passed, second, hour = mass + weight * length, passed + length, 0.0, hour + 1
        if hour == 24:
            day, hour = day + timedelta(days=1), 0
            kind = 6 if is_closed(day) and day.weekday() < 5 else day.weekday()
    return now + timedelta(hours=best)
