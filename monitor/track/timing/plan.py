"""When a page is looked at again, and why. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.track.timing.rates import PRIORS, Nature, Rate, age, expose, learn
from monitor.track.timing.week import Week, pick_moment
from spiders.transport.manners.retry_after import read_retry_after
from storage.query import HostPace
from storage.records import SUCCESS, Capture, Learned, Outcome, Page, PlanReason, Source
from storage.text.urls import place
from storage.topics.health import SLOWEST_RHYTHM

PRICE = 0.05
"""What a request is worth: so many hours by which one piece of news is seen earlier."""

STIRRED_PRICE = PRICE / 4
"""The same while something goes on in the incident that a page belongs to."""

STIRRED_DAYS = 14.0

STIRRED_WAIT = timedelta(days=1)
"""When something was told in an incident, its other pages are looked at within this time."""

CEILING = timedelta(days=14)
"""No page waits longer, however quiet it is, but where the budget of its host is short.

One that never changes is asked more than once a week while it is young, and less later."""

SECOND_LOOK = timedelta(minutes=10)
"""After a text was held back, or a page was missing for the first time, look again soon."""

UNCONFIRMED_RHYTHM = timedelta(days=7)
"""An address that was seen elsewhere, and never read well, is tried ever more seldom, to this."""

FASTEST_PART = 4
"""A list that may rest is looked at so many times as often as declared, at the most, when news comes."""

_UNREAD: frozenset[Outcome] = frozenset(("error", "blocked", "missing", "soft-404", "empty", "unreadable"))


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a page's rhythm follows from; waits are in hours."""

    nature: Nature
    rate: Rate
    quiet_days: float  # since it came, changed, or its incident stirred
    daily: float  # changes to be expected in a day of average hours
    stirred: bool
    wait: float  # right for its rate
    least: float
    most: float

    @property
    def bounded(self) -> float:
        """The wait within its bounds, before a budget stretches it."""
        return max(self.least, min(self.most, self.wait))


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """The next visit, and what it was planned by."""

    due_at: datetime
    reason: PlanReason
    pace: float  # visits a day that a page like this takes at the least, without a budget


@dataclass(slots=True)
class Rhythms:
    """What planning goes by beside the page, kept while a run goes on: weeks of sources, sums over hosts."""

    budget: float
    weeks: dict[str, Week] = field(default_factory=dict)
    hosts: dict[str, HostPace] = field(default_factory=dict)

    def stretch(self, host: str) -> float:
        """Return how many times longer than they should pages of a host wait for its budget."""
        return self.hosts[host].stretch(self.budget)


def choose_wait(daily: float, price: float = PRICE) -> float:
    """Return the hours between two looks that cost least, of requests at a price and of news that waits.

    Looks every ``w`` hours let news of a rate wait for ``rate * w / 2`` in an hour: the root of twice the
    price over the rate is best, for all pages of a host at one price.
    """
    return math.sqrt(2 * price * 24 / daily)


def name_nature(page: Page, source: Source) -> Nature:
    """Say what a page is to the planner."""
    if page.role == "listing":
        return "list"
    return "watched" if is_start(page, source) else "notice"


def is_start(page: Page, source: Source) -> bool:
    """Tell whether a declaration names the page, so that its promise holds."""
    return page.role != "attachment" and place(page.url) in map(place, source.start)


def observe(page: Page, before: Page, source: Source, outcome: Outcome, week: Week) -> Page:
    """Learn from a look what it says of a page's rate: whether anything changed since it was read last."""
    if page.role == "attachment" or outcome not in SUCCESS:
        return page
    nature, now = name_nature(page, source), page.last_checked
    rate = known_rate(before, source)
    since = before.last_success
    if now is not None and since is not None:  # one before the other, or no exposure: nothing is learned
        quiet = _quiet_since(before) or since
        ages = ((since - quiet) / timedelta(days=1), (now - quiet) / timedelta(days=1))
        exposure = expose(nature, *ages) * week.weigh(since, now)
        rate = learn(rate, exposure, changed=_has_changed(before, outcome))
    return replace(page, learned=Learned(rate.shape, rate.exposure))


def learn_week(week: Week, before: Page, outcome: Outcome, now: datetime) -> Week:
    """Learn from a look that found something when in the week things come."""
    if before.role == "attachment" or before.last_success is None or not _has_changed(before, outcome):
        return week
    return week.learn(before.last_success, now)


def known_rate(page: Page, source: Source) -> Rate:
    """Return what is known of a page's rate; of one from before rates were learned what its rest tells."""
    if page.learned is not None:
        return Rate(page.learned.shape, page.learned.exposure)
    nature = name_nature(page, source)
    rate = PRIORS[nature]
    if page.last_success is None or page.last_changed is None:
        return rate
    return learn(
        rate, expose(nature, 0.0, (page.last_success - page.last_changed) / timedelta(days=1)), changed=False
    )


def estimate(page: Page, source: Source, now: datetime) -> Estimate:
    """Estimate a page's rhythm from what is known of it."""
    nature, rate = name_nature(page, source), known_rate(page, source)
    quiet = (now - (_quiet_since(page) or now)) / timedelta(days=1)
    stirred = page.stirred_at is not None and now - page.stirred_at < timedelta(days=STIRRED_DAYS)
    daily = rate.daily * age(nature, quiet)
    every, hour = timedelta(seconds=source.every), timedelta(hours=1)
    most = max(every, CEILING)
    if nature == "watched":
        most = max(every, timedelta(seconds=source.slowest) if source.slowest else SLOWEST_RHYTHM)
    price = STIRRED_PRICE if stirred else PRICE
    wait = choose_wait(daily, price)
    return Estimate(nature, rate, quiet, daily, stirred, wait, every / hour, most / hour)


def plan_visit(
    page: Page,
    source: Source,
    outcome: Outcome,
    capture: Capture,
    now: datetime,
    week: Week = Week(),  # noqa: B008  # frozen
    stretch: float = 1.0,
) -> VisitPlan:
    """Plan the next visit of a page that was looked at now, by the gravest reason that there is.

    ``stretch`` is how many times longer than it should pages of the host wait for its budget. Start pages
    keep what their declaration promises, whatever the budget.
    """
    every = timedelta(seconds=source.every)
    pace = timedelta(days=1) / every
    if (until := _retry_after(capture, now)) is not None:
        return VisitPlan(max(until, now + every), "retry-after", page.pace)
    if outcome == "held":
        return VisitPlan(now + min(SECOND_LOOK, every), "second-look", page.pace)
    backed_off = every * (1 << min(page.failures, 6))
    if source.seen and page.last_success is None and outcome in _UNREAD:
        return VisitPlan(now + min(UNCONFIRMED_RHYTHM, backed_off), "unconfirmed", page.pace)
    if outcome == "missing" and not page.gone:
        return VisitPlan(now + timedelta(hours=1), "missing", page.pace)
    if outcome in ("error", "blocked"):
        return VisitPlan(now + min(SLOWEST_RHYTHM, backed_off), "failing", page.pace)
    if page.role == "attachment":
        return VisitPlan(now + every, "attached", 0.0)
    if page.role == "listing":
        slowest = timedelta(seconds=source.slowest or 0)
        if slowest <= every or not is_start(page, source):
            return VisitPlan(now + every, "promised", pace)
        wait = source.every / 3600 * week.density
        return VisitPlan(
            max(now + every / FASTEST_PART, pick_moment(now, wait, week, slowest)), "rested", pace
        )
    if page.last_changed is None:
        return VisitPlan(now + every, "unread", pace)
    found = estimate(page, source, now)
    longest = found.most * (stretch if found.nature == "notice" else 1.0)
    if outcome in _UNREAD and not page.gone:
        longest = min(longest, max(found.least, SLOWEST_RHYTHM / timedelta(hours=1)))
    wait = min(found.bounded * (stretch if found.nature == "notice" else 1.0), longest)
    moment = pick_moment(now, wait, week, timedelta(hours=longest))
    return VisitPlan(max(now + every, moment), "learned", 24.0 / found.bounded)


def _has_changed(before: Page, outcome: Outcome) -> bool:
    return outcome == "version" and before.version is not None


def _quiet_since(page: Page) -> datetime | None:
    return max(filter(None, (page.last_changed, page.stirred_at)), default=None)


def _retry_after(capture: Capture, now: datetime) -> datetime | None:
    """Return until when the server asks to stay away, in 429 and 503.

    Without a status it is what the host asked for when another of its pages was visited.
    """
    said = capture.header("Retry-After") if capture.status in (None, 429, 503) else None
    return read_retry_after(said, now)
