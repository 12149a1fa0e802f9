"""How late news is seen, by when pages are looked at: median and 95th percentile of the delay.

    python -m bench.freshness [--pages 10000 100000] [--stretch 1 8] [--shared FOLDER]

Beside uniform polling stand the policy of kohyo (monitor/track/timing), which learns from what its own looks
find, the best one known, which is told the true rate of every page, and a clairvoyant that knows every
arrival. All of them make as many requests.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import random
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from monitor.track.timing.plan import CEILING, PRICE, choose_wait
from monitor.track.timing.rates import PRIORS, Nature, age, expose, learn
from monitor.track.timing.week import Week, pick_moment
from storage.text.japanese import JST

HOUR = 3600.0
DAY = 86_400.0
FLOOR = timedelta(minutes=15)


@dataclass(frozen=True)
class Figures:
    """What a policy comes to."""

    name: str
    requests: float
    delays: Sequence[float]  # in hours, sorted

    @property
    def median(self) -> float:
        """The middle delay."""
        return quantile(self.delays, 0.5)

    def __str__(self) -> str:
        """Write a line of the table."""
        p95 = quantile(self.delays, 0.95)
        mean = sum(self.delays) / max(1, len(self.delays))
        return f"{self.name:28} {self.requests:12,.0f} {self.median:9.2f} {p95:9.2f} {mean:9.2f}"


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of what is in order."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else math.nan


def delays_of(arrivals: Sequence[float], looks: Sequence[float]) -> Iterator[float]:
    """Return how many hours each arrival waits for the next look, if there is one."""
    for at in arrivals:
        place = bisect_left(looks, at)
        if place < len(looks):
            yield (looks[place] - at) / HOUR


# --- real arrivals ---------------------------------------------------------------------------


Arrivals = dict[str, list[float]]


def read_shared(shared: Path) -> Arrivals:
    """Read when three lists of two agencies and seven watched pages were seen to change."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    news = shared / "data/agency_news_csv/added_rows_by_commit.jsonl"
    for line in news.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        found[told["file"]].append(datetime.fromisoformat(told["at"]).timestamp())
    for manifest in sorted(shared.glob("data/history_*/*.manifest.csv")):
        blob = ""
        with manifest.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["blob"] and row["blob"] != blob:
                    if blob:
                        at = datetime.strptime(row["captured_at_utc"] + "+0000", "%Y%m%dT%H%M%SZ%z")
                        found[manifest.name].append(at.timestamp())
                    blob = row["blob"]
    return {name: sorted(times)[1:] for name, times in found.items()}


def spread(arrivals: Arrivals, chance: random.Random) -> Arrivals:
    """Put what a recorder saw at its polls anywhere in the hours since the poll before, also by night.

    The polls of weekdays at 10, 12, 15 and 18 in Japan are those of the recorder of the agencies; the
    others looked every six hours.
    """
    found = {}
    for name, times in arrivals.items():
        moved = []
        for at in times:
            since = at - 6 * HOUR
            if name.startswith("jp-"):
                since = max(poll for poll in _polls(at) if poll < at - 1.25 * HOUR)
            moved.append(chance.uniform(since, at))
        found[name] = sorted(moved)
    return found


def _polls(at: float) -> Iterator[float]:
    day = datetime.fromtimestamp(at, JST)
    for back in range(12):
        one = day - timedelta(days=back)
        if one.weekday() < 5:
            yield from (one.replace(hour=h, minute=0, second=0).timestamp() for h in (10, 12, 15, 18))


def follow(
    arrivals: Sequence[float], begin: float, end: float, price: float, *, nature: Nature = "list"
) -> list[float]:
    """Look at one page as kohyo does, learning its rate and its week; return the moments of the looks."""
    rate, week, at = PRIORS[nature], Week(), begin
    looks: list[float] = []
    changed_at = begin
    while at < end:
        looks.append(at)
        if len(looks) > 1:
            before = looks[-2]
            news = bisect_right(arrivals, at) > bisect_right(arrivals, before)
            then, now = datetime.fromtimestamp(before, UTC), datetime.fromtimestamp(at, UTC)
            seen = expose(nature, (before - changed_at) / DAY, (at - changed_at) / DAY)
            rate = learn(rate, seen * week.weigh(then, now), changed=news)
            if news:
                week, changed_at = week.learn(then, now), at
        wait = choose_wait(rate.daily * age(nature, (at - changed_at) / DAY), price)
        moment = pick_moment(datetime.fromtimestamp(at, UTC), wait, week, CEILING)
        at = max(at + FLOOR.total_seconds(), moment.timestamp())
    return looks


def replay(arrivals: Arrivals, every: float, burn: float = 0.2) -> list[Figures]:
    """Replay arrivals at as many requests as uniform polling every so many hours makes.

    The first part of each history is for learning and not counted.
    """
    spans = {name: (times[0], times[-1]) for name, times in arrivals.items()}
    since = {name: begin + burn * (end - begin) for name, (begin, end) in spans.items()}
    wanted = sum((end - since[name]) / (every * HOUR) for name, (_, end) in spans.items())

    def count(price: float) -> tuple[float, dict[str, list[float]]]:
        looks = {name: follow(times, *spans[name], price) for name, times in arrivals.items()}
        return sum(len(each) - bisect_left(each, since[name]) for name, each in looks.items()), looks

    price = every**2 / 100
    for _ in range(8):
        number, looks = count(price)
        if abs(number / wanted - 1) < 0.01:
            break
        price *= (number / wanted) ** 2  # for twice the price, the root of half as many requests
    counted = {name: [at for at in times if at >= since[name]] for name, times in arrivals.items()}
    lengths = {name: end - since[name] for name, (_, end) in spans.items()}
    roots = {name: math.sqrt(len(times) / lengths[name]) for name, times in counted.items()}
    share = wanted / sum(roots[name] * lengths[name] for name in counted)
    uniform = dict.fromkeys(counted, every * HOUR)
    rated = {name: 1 / (share * root) if root else math.inf for name, root in roots.items()}
    return [
        Figures("uniform", wanted, _polled(counted, uniform)),
        Figures("best by true mean rates", wanted, _polled(counted, rated)),
        Figures(
            "kohyo",
            number,
            sorted(d for name, times in counted.items() for d in delays_of(times, looks[name])),
        ),
        Figures("clairvoyant", wanted, clairvoyant(counted, wanted)),
    ]


def _polled(arrivals: Arrivals, steps: dict[str, float], phases: int = 16) -> list[float]:
    """Return the delays of polling each page at equal intervals, from several beginnings."""
    return sorted(
        (steps[name] * phase / phases - at) % steps[name] / HOUR
        for name, times in arrivals.items()
        for at in times
        for phase in range(phases)
    )


def clairvoyant(arrivals: Arrivals, requests: float) -> list[float]:
    """Return the delays of who knows every arrival: a look at each, or at the closest pairs together."""
    pauses = sorted(b - a for times in arrivals.values() for a, b in pairwise(times))
    number = sum(map(len, arrivals.values()))
    spared = max(0, number - int(requests))
    return sorted([0.0] * (number - spared) + [pause / HOUR for pause in pauses[:spared]])


# --- made-up populations ---------------------------------------------------------------------


class Spread:
    """Delays by classes of half a percent, since those of a million pages are too many to keep."""

    _LEAST, _STEP = 1e-4, math.log(1.005)

    def __init__(self) -> None:
        self._classes: Counter[int] = Counter()
        self._sum, self._number = 0.0, 0

    def add(self, hours: float) -> None:
        """Count a delay."""
        self._classes[int(math.log(max(hours, self._LEAST) / self._LEAST) / self._STEP)] += 1
        self._sum, self._number = self._sum + hours, self._number + 1

    def quantile(self, share: float) -> float:
        """Return a quantile, right to half a percent."""
        wanted, passed = share * self._number, 0
        for place in sorted(self._classes):
            passed += self._classes[place]
            if passed > wanted:
                return self._LEAST * math.exp((place + 0.5) * self._STEP)
        return math.nan

    @property
    def mean(self) -> float:
        """The mean delay."""
        return self._sum / max(1, self._number)


@dataclass(frozen=True)
class Made:
    """A made-up page: its days, and its true rate of changes a day at an age of so many days."""

    nature: Nature
    born: float
    end: float
    high: float
    rate: Callable[[float], float]
    seed: int

    def arrivals(self) -> list[float]:
        """Return when it changes, in days."""
        chance, found, at = random.Random(self.seed), [], self.born
        while self.high > 0 and (at := at + chance.expovariate(self.high)) < self.end:
            if chance.random() * self.high <= self.rate(at - self.born):
                found.append(at)
        return found


def steady(pages: int) -> Iterator[Made]:
    """Make pages that change at one rate each: six of ten never, some in months, some several times a day."""
    chance = random.Random(7)
    for seed in range(pages):
        kind = chance.random()
        middle = 0.0 if kind < 0.6 else 1 / 60 if kind < 0.9 else 1 / 3
        rate = middle * math.exp(chance.gauss(0.0, 1.2))
        yield Made("watched", 0.0, 120.0, rate, lambda _, rate=rate: rate, seed)  # type: ignore[misc]


def notices(pages: int) -> Iterator[Made]:
    """Make notices that come day by day, change in their first weeks and later hardly ever; a third never."""
    chance = random.Random(8)
    for seed in range(pages):
        rate = 0.0 if chance.random() < 1 / 3 else 0.15 * math.exp(chance.gauss(0.0, 1.0))
        fade = math.exp(chance.gauss(math.log(12.0), 0.5))

        def at_age(days: float, rate: float = rate, fade: float = fade) -> float:
            return rate * (math.exp(-days / fade) + 0.004)

        yield Made("notice", chance.uniform(0.0, 240.0), 240.0, rate * 1.004, at_age, seed)


def look(page: Made, arrivals: Sequence[float], stretch: float) -> Iterator[float]:
    """Look at a page as kohyo does, at a host whose budget stretches all waits so far; days of the looks."""
    rate, at, changed_at, place = PRIORS[page.nature], page.born, page.born, 0
    longest = CEILING / timedelta(days=1)
    while True:
        wait = choose_wait(rate.daily * age(page.nature, at - changed_at)) / 24
        before, at = at, at + min(longest, max(1 / 96, wait)) * stretch
        if at >= page.end:
            return
        yield at
        seen = expose(page.nature, before - changed_at, at - changed_at)
        changed = place < len(arrivals) and arrivals[place] <= at
        rate = learn(rate, seen, changed=changed)
        if changed:
            changed_at, place = at, bisect_right(arrivals, at, place)


def look_by_truth(page: Made, pace: float) -> Iterator[float]:
    """Look as densely as the root of the true rate, which nothing beats for long; days of the looks."""
    at = page.born
    while page.high > 0:
        step = pace / math.sqrt(page.rate(at - page.born))
        for _ in range(2):
            step = pace / math.sqrt(page.rate(at - page.born + step / 2))
        at += step
        if at >= page.end:
            return
        yield at


def simulate(
    population: Callable[[int], Iterator[Made]], pages: int, stretch: float, burn: float
) -> list[tuple[str, float, Spread]]:
    """Simulate a population under each policy, at as many requests as kohyo makes behind day ``burn``."""

    def run(plan: Callable[[Made, Sequence[float]], Iterable[float]]) -> tuple[float, Spread]:
        requests, delays = 0, Spread()
        for page in population(pages):
            arrivals = page.arrivals()
            looks = [at for at in plan(page, arrivals) if at >= burn]
            requests += len(looks)
            place = 0
            for at in arrivals:
                if at < burn:
                    continue
                while place < len(looks) and looks[place] < at:
                    place += 1
                if place == len(looks):
                    break
                delays.add((looks[place] - at) * 24)
        return requests, delays

    ours = run(lambda page, arrivals: look(page, arrivals, stretch))
    days = sum(page.end - max(burn, page.born) for page in population(pages))
    step = days / ours[0]
    even = run(lambda page, _: _evenly(page, step))
    pace = step
    for _ in range(4):
        best = run(lambda page, _, pace=pace: look_by_truth(page, pace))  # type: ignore[misc]
        if abs(best[0] / ours[0] - 1) < 0.01:
            break
        pace *= best[0] / ours[0]
    return [("uniform", *even), ("best known (true rates)", *best), ("kohyo", *ours)]


def _evenly(page: Made, step: float) -> Iterator[float]:
    at = page.born + random.Random(page.seed).random() * step
    while at < page.end:
        yield at
        at += step


def rest(days: int) -> list[int]:
    """Count the requests of each half-year to a notice that never changes."""
    looks = follow([], 0.0, days * DAY, PRICE, nature="notice")
    return [
        bisect_left(looks, end * DAY) - bisect_left(looks, (end - 182) * DAY) for end in range(182, days, 182)
    ]


HEAD = f"{'':28} {'requests':>12} {'median h':>9} {'p95 h':>9} {'mean h':>9}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", default=os.environ.get("KOHYO_SHARED", "../shared"))
    parser.add_argument("--pages", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--stretch", type=float, nargs="*", default=[1.0, 8.0])
    given = parser.parse_args()
    shared = Path(given.shared)
    print(f"requests to a notice that never changes, by half-year: {rest(4 * 364 + 1)}")
    if (shared / "data/agency_news_csv").is_dir():
        recorded = read_shared(shared)
        for title, arrivals in (
            ("as recorded", recorded),
            ("spread over the time since the poll before", spread(recorded, random.Random(2))),
        ):
            for every in (2, 6, 24):
                print(
                    f"\nreal arrivals, {title}: as many requests as one to each page every {every} h\n{HEAD}"
                )
                print(*replay(arrivals, every), sep="\n")
    else:
        print(f"no real arrivals at {shared}: skipped")
    for pages in given.pages:
        for population, burn in ((steady, 60.0), (notices, 90.0)):
            for stretch in given.stretch:
                title = f"{pages:,} pages, {population.__name__}, waits times {stretch:g} by a host's budget"
                print(f"\n{title}\n{HEAD}", flush=True)
                for name, number, found in simulate(population, pages, stretch, burn):
                    figures = f"{found.quantile(0.5):9.2f} {found.quantile(0.95):9.2f} {found.mean:9.2f}"
                    print(f"{name:28} {number:12,.0f} {figures}", flush=True)


if __name__ == "__main__":
    main()
