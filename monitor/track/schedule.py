"""When a page is looked at again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from storage.records import Capture, Outcome, Page, Source
from storage.topics.health import SLOWEST_RHYTHM

SECOND_LOOK = timedelta(minutes=10)
"""After a text was held back, or a page was missing for the first time, look again soon."""

_VISITS_PER_REST = 20
"""A page is visited about this often in the time that has passed since its last change."""


def plan_visit(page: Page, source: Source, outcome: Outcome, capture: Capture, now: datetime) -> datetime:
    """When to look again: listings at the source's pace, notices slower the longer they rest."""
    every = timedelta(seconds=source.every)
    if (asked := _retry_after(capture, now)) is not None:
        return now + max(asked, every)
    if outcome == "held":
        return now + min(SECOND_LOOK, every)
    if outcome == "missing" and not page.gone:
        return now + timedelta(hours=1)
    if outcome in ("error", "blocked"):
        return now + min(SLOWEST_RHYTHM, every * (1 << min(page.failures, 6)))
    if page.role == "listing" or page.last_changed is None:
        return now + every
    return now + max(every, min(SLOWEST_RHYTHM, (now - page.last_changed) / _VISITS_PER_REST))


def _retry_after(capture: Capture, now: datetime) -> timedelta | None:
    """What the server asks for in 429 and 503 (RFC 9110, 10.2.3): seconds, or a date. Without a status
    it is what the host asked for when another of its pages was visited."""
    value = capture.header("Retry-After")
    if value is None or capture.status not in (None, 429, 503):
        return None
    if value.strip().isdigit():
        return min(timedelta(seconds=int(value)), 7 * SLOWEST_RHYTHM)
    try:
        return min(max(parsedate_to_datetime(value) - now, timedelta()), 7 * SLOWEST_RHYTHM)
    except (ValueError, TypeError):
        return None
