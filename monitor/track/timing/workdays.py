"""The days on which offices in Japan are closed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_FIXED = {(1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23)}
_MONDAYS = {(1, 2), (7, 3), (9, 3), (10, 2)}
"""Month, and which Monday of it."""
_YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)}
"""Days on which public offices are closed by law beside the holidays."""


@lru_cache(maxsize=4096)
def is_closed(day: date) -> bool:
    """Tell whether offices are closed: weekends, holidays of the law as it is today, the turn of the year.

    A holiday on a Sunday is made up for on the next day that is none; a day between two holidays is one.
    """
    if day.weekday() >= 5 or (day.month, day.day) in _YEAR_END:
        return True
    one = timedelta(days=1)
    if _is_holiday(day) or (_is_holiday(day - one) and _is_holiday(day + one)):
        return True
    before = day - one
    while _is_holiday(before):
        if before.weekday() == 6:
            return True
        before -= one
    return False


def _is_holiday(day: date) -> bool:
    if (day.month, day.day) in _FIXED:
        return True
    if day.weekday() == 0 and (day.month, (day.day + 6) // 7) in _MONDAYS:
        return True
    return day.day == {3: _equinox(20.8431, day.year), 9: _equinox(23.2488, day.year)}.get(day.month)


def _equinox(base: float, year: int) -> int:
    """Return the day of an equinox: the usual formula, right from 1980 to 2099."""
    return int(base + 0.242194 * (year - 1980) - (year - 1980) // 4)
