"""Whether a list is sick, so that another of the same publisher is visited in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from storage.archive import Reader
from storage.records import Page, Row, Source
from storage.text.fold import fold
from storage.text.japanese import JST
from storage.text.urls import place
from storage.topics import health
from storage.topics.versions import read_stored_rows

SICK_FAILURES = 3
"""A list that could not be read so many times running is sick; once or twice is an outage."""

FEWEST_ROWS = 5
"""Rows from which on a list without a known rhythm should go on: a short one may be quiet for long."""

READ_STATES = 12
"""States of a list that are looked at for when rows came; enough for what is usual."""


def find_sickness(reader: Reader, source: Source, now: datetime) -> str:
    """Say in a few words what is wrong with the first list of a source; empty where it is well."""
    if source.listing is None or not source.fallback or not source.start:
        return ""
    page = reader.page(source.id, source.start[0], "listing")
    if page is None:
        return ""
    if page.failures >= SICK_FAILURES:
        return f"it could not be read {page.failures} times running"
    version = reader.version(page.version) if page.version is not None else None
    stopped = find_standstill(reader, page, read_stored_rows(version), now)
    if stopped is not None:
        return str(stopped)
    return "rows may have come and gone" if _has_rolled_off(reader, source, page, now) else ""


def find_standstill(
    reader: Reader, page: Page, listed: Sequence[Row], now: datetime
) -> health.Standstill | None:
    """Find out whether a list has stopped, by the days of its rows and by when rows came that were new."""
    days, today = [row.published for row in listed if row.published], now.astimezone(JST).date()
    if health.usual(days) is not None:
        return health.standstill(days, (), today)
    if (
        len(listed) < FEWEST_ROWS
        or page.last_changed is None
        or timedelta() <= now - page.last_changed <= health.SHORTEST_STANDSTILL
    ):
        return None
    return health.standstill(days, _came(reader, page), today)


def find_quiet(reader: Reader, source: Source, now: datetime) -> health.Standstill | None:
    """Find out whether a list has had nothing new for longer than its declaration expects."""
    (covered,) = reader.coverage(now, (source.id,))
    newest = covered.last_new_item
    if newest is None or source.quiet_after is None or now - newest <= timedelta(seconds=source.quiet_after):
        return None
    return health.Standstill(newest.astimezone(JST).date(), dated=False, usual_days=None)


def _came(reader: Reader, page: Page) -> Iterator[date]:
    """Yield the days on which rows came that had not been there: of the last states of a list, oldest first.

    A row that has another address or title than before is no new one.
    """
    heads = reader.history(page.id)[-READ_STATES:]
    stored = reader.versions_by_id(head.id for head in heads)
    known: set[str] = set()
    for head in heads:
        rows = read_stored_rows(stored.get(head.id))
        if not known or any({place(row.url), fold(row.title)}.isdisjoint(known) for row in rows):
            yield head.captured_at.astimezone(JST).date()
        known = {spelled for row in rows for spelled in (place(row.url), fold(row.title))}


def _has_rolled_off(reader: Reader, source: Source, page: Page, now: datetime) -> bool:
    """Tell whether rows went between two visits since the lists in its place were read last."""
    until = now + health.CLOCK_SLACK
    known = reader.alerts((source.id,), kinds=("rolled-off",), until=until)
    rolled = [alert for alert in known if alert.url == page.url]
    others = (reader.page(source.id, url, "listing") for url in source.fallback)
    read = [one.last_success for one in others if one is not None and one.last_success is not None]
    last = max((alert.last_seen or alert.raised_at for alert in rolled), default=None)
    return last is not None and (not read or max(read) < last)


def is_in_place(source: Source, url: str) -> bool:
    """Tell whether an address is that of a list which stands in for the first."""
    return place(url) in map(place, source.fallback)
