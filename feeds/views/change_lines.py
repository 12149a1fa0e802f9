"""Changes as lines of a list, as the home page and the pages of sources and incidents show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup

from feeds import addresses
from feeds.addresses import Site
from feeds.formats.entries import Names, render_facts, render_matter, render_summary
from feeds.formats.headlines import fill_hunks
from feeds.views.render import clean_markup
from feeds.wording.headline import Headline, compose_headline
from feeds.wording.sanitise import one_line
from feeds.wording.words import say_date
from storage.archive import Reader
from storage.records import Change
from storage.text.japanese import JST

MAX_NOTICES = 200
"""Notices listed on one page of a source or an incident."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change in a list."""

    change: Change
    headline: Headline
    title: str
    source: str
    path: str
    matter: Markup  # of the headline
    summary: Markup  # where the headline does not tell what changed
    facts: Markup  # beside that of the headline
    incidents: tuple[tuple[str, str], ...]


def build_lines(
    reader: Reader, changes: Sequence[Change], names: Names, site: Site, within: str = ""
) -> list[ChangeLine]:
    """Build the lines of changes; ``within`` is the incident of the page, which is not repeated."""
    return [
        _build_line(
            change,
            names.source(change.source),
            names.is_third_party(change.source),
            tuple(
                (slug, one_line(names.incidents.get(slug, slug)))
                for slug in change.incidents
                if slug != within
            ),
            site.lang,
        )
        for change in fill_hunks(reader, changes, site.lang)
    ]


@lru_cache(2_000)  # what is new stands on the pages of its source and its incident, too
def _build_line(
    change: Change, publisher: str, third_party: bool, incidents: tuple[tuple[str, str], ...], lang: str
) -> ChangeLine:
    headline = compose_headline(change, publisher, lang, third_party=third_party)
    return ChangeLine(
        change,
        headline,
        one_line(change.title) or one_line(change.url),
        publisher,
        addresses.change_anchor(change),
        clean_markup(render_matter(headline)),
        clean_markup("" if headline.matter else render_summary(change, lang)),
        clean_markup(render_facts(change, lang, told=headline.told)),
        incidents,
    )


def group_by_day(rows: Iterable[ChangeLine], lang: str) -> list[tuple[str, list[ChangeLine]]]:
    """Group lines, newest first, under the day in Japan on which the change was seen."""

    def day(row: ChangeLine) -> date:
        return row.change.detected_at.astimezone(JST).date()

    return [(say_date(key, lang), list(group)) for key, group in groupby(rows, key=day)]
