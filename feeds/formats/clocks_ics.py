"""The statutory clocks as a calendar of their own: when reports to the Commission are due by its rules.

Computed from the day of discovery that a company or an affected body states, and said to be computed: how
days are counted, and which limit applies, is for lawyers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from feeds.addresses import Site, notice_page
from feeds.course.clocks import DUE_DAYS
from feeds.formats.entries import Names
from feeds.formats.ics import UID_DOMAIN, DayEvent, write_events
from feeds.wording.sanitise import one_line
from feeds.wording.tables.feed_words import CLOCK_EVENTS, FEEDS
from feeds.wording.words import phrase, say_date, word
from storage.query import Discovery

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def write_clocks(discoveries: Iterable[Discovery], names: Names, site: Site) -> bytes:
    """Write the calendar of what is due after each discovery: of a notice that states several, the first."""
    first: dict[int, Discovery] = {}
    for one in discoveries:
        if _DAY.fullmatch(one.day) and (one.notice not in first or one.day < first[one.notice].day):
            first[one.notice] = one
    events = [event for one in first.values() for event in _events(one, names, site)]
    events.sort(key=lambda event: (event.day, event.uid))
    return write_events(events, name=word(FEEDS, "clocks", site.lang), product="clocks")


def _events(found: Discovery, names: Names, site: Site) -> Iterator[DayEvent]:
    lang, url = site.lang, site.url(notice_page(found.notice))
    discovered = date.fromisoformat(found.day)
    for number, (name, begin, end) in enumerate(DUE_DAYS):
        due = word(CLOCK_EVENTS, name, lang)
        from_what = phrase(CLOCK_EVENTS, "computed", lang, say_date(discovered, lang), one_line(found.raw))
        yield DayEvent(
            f"clock-{number}-{found.notice}@{UID_DOMAIN}",
            (discovered + timedelta(days=begin)).isoformat(),
            f"{due}: {names.source(found.source)}: {one_line(found.title)}",
            (from_what, word(CLOCK_EVENTS, "rules", lang), found.title, url),
            url,
            found.captured_at,
            days=end - begin + 1,
        )
