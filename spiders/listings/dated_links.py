"""Rows of an HTML list that nobody described: its dated links. Pure: a parsed page in, rows out.

A date belongs to a link if it stands beside it, in its title, or in the nearest heading before it. A
heading may say part of a date (2026年11月, then 26日). A month and day without a year have that of the
heading or, failing one, the latest in which they are no later than the newest whole date of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from spiders.listings.row_titles import strip_marks
from spiders.listings.slug_dates import read_slug_date
from storage.records import Row
from storage.text.japanese import era_year, find_dates, fold_width, parse_date, small_number

MIN_TITLE_CHARS = 4
ROW_CHARS = 400
"""What is read of a row to find its date; a row is a line or two."""
HEADING_CHARS = 40

_ROW_TAGS = frozenset({"li", "tr", "dd", "article", "p"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption", "time"})
_FURNITURE = frozenset({"nav", "header", "footer", "aside", "script", "style", "form", "noscript", "select"})
_PART = re.compile(
    r"""
    (?: (?: (?P<y>20[0-9]{2}) | (?P<era>令和|平成|[RH]) \s? (?P<ey>元|[0-9]{1,2}) ) \s*(?:\([^()]{1,12}\))?
        \s* [年/.\-] (?P<fiscal>度)? \s* )?
    (?: (?P<m>[0-9]{1,2}) \s* [月/.] \s* )?
    (?: (?P<d>[0-9]{1,2}) (?=\s*(?:日|\()) )?
    """,
    re.VERBOSE,
)
_MONTH_DAY = re.compile(
    r"(?<![0-9])(?P<m>1[0-2]|0?[1-9]) \s* [月/.] \s* (?P<d>[12][0-9]|3[01]|0?[1-9]) (?![0-9])", re.X
)


@dataclass(frozen=True, slots=True)
class _Day:
    """What headings have said so far of a date; None where they have not."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def whole(self) -> date | None:
        return _date(self.year, self.month, self.day)


def read_dated_links(page: Any) -> tuple[Row, ...]:
    """Read the links of a parsed ``HtmlPage`` that have a date, in its order, each address once."""
    newest = max((day for _, _, day in find_dates(_text(page.root, 200_000))), default=None)
    rows: dict[str, Row] = {}
    for row in _rows(page, newest):
        rows.setdefault(row.url, row)
    return tuple(rows.values())


def _rows(page: Any, newest: date | None) -> Iterator[Row]:
    said, taken = _Day(), set()
    for element in _content(page.root):
        if element.tag in _HEADINGS and element.find(".//a") is None:
            said = _add_heading(said, _text(element, HEADING_CHARS))
        elif element.tag == "a":
            item = _row_of(element)
            title = " ".join((_text(element, ROW_CHARS) or element.get("title") or "").split())
            url = page.address(element) if item not in taken and len(title) >= MIN_TITLE_CHARS else None
            if url is None:
                continue
            beside = _text(item, ROW_CHARS).replace(_text(element, ROW_CHARS), " ")
            if day := _day(beside, title, said, newest) or read_slug_date(url):
                taken.add(item)
                yield Row(url=url, title=strip_marks(title), published=day)


def _content(root: Any) -> Iterator[Any]:
    """Walk the page without its furniture, in document order."""
    stack = [root]
    while stack:
        element = stack.pop()
        if isinstance(element.tag, str) and element.tag not in _FURNITURE:
            yield element
            stack.extend(reversed(element))


def _row_of(link: Any) -> Any:
    return next((one for one in link.iterancestors() if one.tag in _ROW_TAGS), link.getparent())


def _text(element: Any, limit: int) -> str:
    parts: list[str] = []
    for part in element.itertext():
        parts.append(part)
        limit -= len(part)
        if limit <= 0:
            break
    return fold_width("".join(parts))


def _add_heading(said: _Day, heading: str) -> _Day:
    """Take what a heading adds: a year begins anew, a month keeps the year, a day keeps both."""
    if whole := parse_date(heading):
        return _Day(whole.year, whole.month, whole.day)
    match = _PART.match(heading.strip())
    assert match is not None  # every part of it may be missing
    year = int(match["y"]) if match["y"] else None
    if match["era"]:
        year = era_year(match["era"], small_number(match["ey"]))
    month = int(match["m"]) if match["m"] else None
    day = int(match["d"]) if match["d"] else None
    if year is not None:
        return _Day(None if match["fiscal"] else year, month, day if month else None)
    if month is not None:
        return replace(said, month=month, day=day)
    return replace(said, day=day) if day is not None and said.month is not None else said


def _day(beside: str, title: str, said: _Day, newest: date | None) -> date | None:
    if whole := parse_date(beside) or parse_date(title):
        return whole
    for text in (beside, title):
        if (match := _MONTH_DAY.search(text)) and (year := said.year or (newest and newest.year)):
            found = _date(year, int(match["m"]), int(match["d"]))
            if found and said.year is None and newest and found > newest:
                found = _date(year - 1, found.month, found.day)
            return found
    return said.whole


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year, month, day) if year and month and day else None
    except ValueError:
        return None
