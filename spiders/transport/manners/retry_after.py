"""The one reader of Retry-After (RFC 9110, 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_AWAY = timedelta(days=7)
"""Whoever asks for more, by mistake or in earnest, is visited again after a week: no page is forgotten."""

_MAX_DIGITS = 9  # more is longer than LONGEST_AWAY, and more than a date or an integer may hold


def read_retry_after(value: str | bytes | None, now: datetime) -> datetime | None:
    """Read when a Retry-After ends: it is a number of seconds or an HTTP date.

    None where it says nothing. Never before ``now``, and never later than LONGEST_AWAY from then.
    """
    said = (value.decode("latin-1") if isinstance(value, bytes) else value or "").strip()
    if said.isdecimal() and said.isascii():
        digits = said.lstrip("0") or "0"
        away = timedelta(seconds=int(digits)) if len(digits) <= _MAX_DIGITS else LONGEST_AWAY
    else:
        try:
            until = parsedate_to_datetime(said)
            away = (until.replace(tzinfo=UTC) if until.tzinfo is None else until) - now
        except (ValueError, OverflowError):
            return None
    return now + min(max(away, timedelta()), LONGEST_AWAY)
