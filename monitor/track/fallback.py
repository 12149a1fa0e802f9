"""Whether a list is sick, so that another of the same publisher is visited in its place."""

from __future__ import annotations

from datetime import datetime

from monitor.track.judge.listing_rows import read_stored_rows
from storage.archive import Reader
from storage.records import Page, Source
from storage.text.japanese import JST
from storage.text.urls import place
from storage.topics import health

SICK_FAILURES = 3
"""A list that could not be read so many times running is sick; once or twice is an outage."""


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
    days = [row.published for row in read_stored_rows(version) if row.published]
    stopped = health.standstill(days, now.astimezone(JST).date())
    if stopped is not None:
        return f"its newest row is of {stopped[0]}"
    return "rows may have come and gone" if _has_rolled_off(reader, source, page) else ""


def _has_rolled_off(reader: Reader, source: Source, page: Page) -> bool:
    """Tell whether rows went between two visits since the lists in its place were read last."""
    rolled = [alert for alert in reader.alerts((source.id,), kinds=("rolled-off",)) if alert.url == page.url]
    others = (reader.page(source.id, url, "listing") for url in source.fallback)
    read = [one.last_success for one in others if one is not None and one.last_success is not None]
    last = max((alert.last_seen or alert.raised_at for alert in rolled), default=None)
    return last is not None and (not read or max(read) < last)


def is_in_place(source: Source, url: str) -> bool:
    """Tell whether an address is that of a list which stands in for the first."""
    return place(url) in map(place, source.fallback)
