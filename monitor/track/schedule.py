"""When a page is looked at again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from spiders.transport.manners.retry_after import read_retry_after
from storage.records import Capture, Outcome, Page, Source
from storage.topics.health import SLOWEST_RHYTHM

SECOND_LOOK = timedelta(minutes=10)
"""After a text was held back, or a page was missing for the first time, look again soon."""

UNCONFIRMED_RHYTHM = timedelta(days=7)
"""An address that was seen elsewhere, and never read well, is tried ever more seldom, to this."""

_UNREAD: frozenset[Outcome] = frozenset(("error", "blocked", "missing", "soft-404", "empty", "unreadable"))

_VISITS_PER_REST = 20
"""A page is visited about this often in the time that has passed since its last change."""


def plan_visit(page: Page, source: Source, outcome: Outcome, capture: Capture, now: datetime) -> datetime:
    """Plan the next visit: listings at the source's pace, notices slower the longer they rest."""
    every = timedelta(seconds=source.every)
    if (until := _retry_after(capture, now)) is not None:
        return max(until, now + every)
    if outcome == "held":
        return now + min(SECOND_LOOK, every)
    if source.seen and page.last_success is None and outcome in _UNREAD:
        return now + min(UNCONFIRMED_RHYTHM, every * (1 << min(page.failures, 6)))
    if outcome == "missing" and not page.gone:
        return now + timedelta(hours=1)
    if outcome in ("error", "blocked"):
        return now + min(SLOWEST_RHYTHM, every * (1 << min(page.failures, 6)))
    if page.role == "listing" or page.last_changed is None:
        return now + every
    return now + max(every, min(SLOWEST_RHYTHM, (now - page.last_changed) / _VISITS_PER_REST))


def _retry_after(capture: Capture, now: datetime) -> datetime | None:
    """Return until when the server asks to stay away, in 429 and 503.

    Without a status it is what the host asked for when another of its pages was visited.
    """
    said = capture.header("Retry-After") if capture.status in (None, 429, 503) else None
    return read_retry_after(said, now)
