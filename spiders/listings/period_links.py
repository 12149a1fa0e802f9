"""Links of an index of lists to the lists of years and months. Pure: a parsed page in, addresses out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from storage.records import Period
from storage.text.periods import newest, period_named
from storage.text.urls import fetchable, place


def find_newest_lists(
    page: Any, links: Iterable[Any], url: str, day: date, within: Period | None = None
) -> tuple[tuple[Period, str], ...]:
    """Find among ``links`` of a parsed ``HtmlPage`` the newest list, and at its start the one before.

    ``within`` is the period of this page: parts of it alone are further lists, so that a list of a month,
    which links its neighbours, leads nowhere.
    """
    found: list[tuple[Period, str]] = []
    for link in links:
        address = page.address(link)
        if address is None or place(address) == place(url):
            continue
        period = period_named(link.text_content() or link.get("title") or "", within)
        if period is not None and (within is None or within.holds(period)):
            found.append((period, fetchable(address)))
    return tuple(newest(found, day))
