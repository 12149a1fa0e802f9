"""Lists of a day, month or year: addresses with ``{YYYY}{MM}``, and the texts of links to them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

from storage.records import Period
from storage.text.japanese import era_year, fold_width, parse_date, small_number
from storage.text.patterns import pattern_of

Unit = Literal["day", "month", "fiscal-year", "year"]

_FIELD = re.compile(r"\{([^{}]*)\}")
_REIWA_BEGAN = 2018
"""The year before the first of 令和."""


def _fiscal(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


FIELDS: Mapping[str, tuple[Unit, Callable[[date], str]]] = {
    "YYYY": ("year", lambda day: f"{day.year:04}"),
    "YY": ("year", lambda day: f"{day.year % 100:02}"),
    "R": ("year", lambda day: str(day.year - _REIWA_BEGAN)),
    "FY": ("fiscal-year", lambda day: f"{_fiscal(day):04}"),
    "RFY": ("fiscal-year", lambda day: str(_fiscal(day) - _REIWA_BEGAN)),
    "MM": ("month", lambda day: f"{day.month:02}"),
    "M": ("month", lambda day: str(day.month)),
    "DD": ("day", lambda day: f"{day.day:02}"),
    "D": ("day", lambda day: str(day.day)),
}
"""What an address may hold in braces: the period it names, and how that is written."""

_FINEST: tuple[Unit, ...] = ("day", "month", "fiscal-year", "year")

OVERLAP: Mapping[Unit, timedelta] = {
    "day": timedelta(days=1),
    "month": timedelta(days=3),
    "fiscal-year": timedelta(days=31),
    "year": timedelta(days=31),
}
"""How long into a period the list of the one before is visited too: its last rows come late."""

AWAITED: Mapping[Unit, timedelta] = {
    "day": timedelta(days=10),
    "month": timedelta(days=10),
    "fiscal-year": timedelta(days=60),
    "year": timedelta(days=60),
}
"""How long the list of a period may be missing, since any list of the source was read last. A day without
news has none, and the longest run of holidays is shorter; that of a month comes with its first row."""


def _unit(period: Period) -> Unit:
    days = (period.last - period.first).days
    if days > 31:
        return "fiscal-year" if period.first.month == 4 else "year"
    return "month" if days else "day"


def unit_of(address: str) -> Unit | None:
    """Name the finest period that an address has fields for; None where it has none.

    Raises ValueError for what is no field.
    """
    found = set()
    for name in _FIELD.findall(address):
        if name not in FIELDS:
            raise ValueError(f"{{{name}}} is none of {', '.join(f'{{{one}}}' for one in FIELDS)}")
        found.add(FIELDS[name][0])
    return next((unit for unit in _FINEST if unit in found), None)


def fill(address: str, day: date) -> str:
    """Write the period of ``day`` into an address."""
    return _FIELD.sub(lambda match: FIELDS[match[1]][1](day), address)


def addresses_at(templates: Iterable[str], day: date) -> tuple[str, ...]:
    """List the addresses to begin with on ``day``.

    Of each that names a period it is the one of that day and, at its start, the one before too. An address
    without fields stands for itself.
    """
    found: dict[str, None] = {}
    for template in templates:
        unit = unit_of(template)
        if unit is None:
            found[template] = None
            continue
        now = _around(unit, day)
        found[fill(template, day)] = None
        if day - now.first < OVERLAP[unit]:
            found[fill(template, now.first - timedelta(days=1))] = None
    return tuple(found)


def _around(unit: Unit, day: date) -> Period:
    if unit == "day":
        return Period(day, day)
    if unit == "month":
        return month(day.year, day.month)
    return fiscal_year(_fiscal(day)) if unit == "fiscal-year" else year(day.year)


def year(number: int) -> Period:
    """Return a calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


def fiscal_year(number: int) -> Period:
    """Return a Japanese fiscal year, which begins in April."""
    return Period(date(number, 4, 1), date(number + 1, 3, 31))


def month(of_year: int, number: int) -> Period:
    """Return a month."""
    first = date(of_year, number, 1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


_NAMED = pattern_of(
    r"""
    (?: (?: (?<![0-9])(?P<y>20[0-9]{2}) | (?P<era>令和|平成|(?<![A-Za-z])[RH]) \s?(?P<ey>元|[0-9]{1,2}) )
        \s*(?:\([^()]{1,12}\))?
        \s* (?: 年\s*(?P<fiscal>度)? | [./-] (?=\s*[0-9]{1,2}\s*(?:月|\Z)) | \Z ) \s* )?
    (?: (?<![0-9]) (?P<m>1[0-2]|0?[1-9]) \s* (?:月|(?<=[./-][0-9])\Z|(?<=[./-][0-9][0-9])\Z) (?![間末例号]) )?
    """,
    re.VERBOSE,
)
_OF_A_DAY = re.compile(r"月\s*[0-9]{1,2}\s*日")
MAX_NAME_CHARS = 30
"""A link to the list of a period says little else."""


def period_named(text: str, within: Period | None = None) -> Period | None:
    """Read the text of a link as the name of a year, fiscal year or month; None where it is none.

    A month without a year is that of ``within``, the period of the page it stands on.
    """
    said = " ".join(fold_width(text).split())
    if len(said) > MAX_NAME_CHARS or _OF_A_DAY.search(said) or parse_date(said):
        return None
    match = next((one for one in _NAMED.finditer(said) if one[0].strip()), None)
    if match is None:
        return None
    number: int | None = int(match["y"]) if match["y"] else None
    try:
        if match["era"]:
            number = era_year(match["era"], small_number(match["ey"]))
        if number is not None and not match["m"]:
            return fiscal_year(number) if match["fiscal"] else year(number)
        if number is not None:
            base = fiscal_year(number) if match["fiscal"] else year(number)
            return _month_in(base, int(match["m"]))
        return _month_in(within, int(match["m"])) if within else None
    except (ValueError, KeyError):
        return None


def _month_in(period: Period, number: int) -> Period | None:
    months = (month(of_year, number) for of_year in (period.first.year, period.last.year))
    return next((one for one in months if period.holds(one)), None)


def newest(named: Iterable[tuple[Period, str]], day: date) -> list[tuple[Period, str]]:
    """Choose of addresses with their periods the newest that has begun by ``day``.

    At its start the one before is chosen too; of periods that begin together the shortest is.
    """
    begun = sorted(
        {period: at for period, at in reversed(list(named)) if period.first <= day}.items(),
        key=lambda one: (one[0].first, -(one[0].last - one[0].first).days),
        reverse=True,
    )
    wanted = begun[:1]
    if begun and day - begun[0][0].first < OVERLAP[_unit(begun[0][0])]:
        wanted += [one for one in begun[1:] if one[0].last < begun[0][0].first][:1]
    return wanted
