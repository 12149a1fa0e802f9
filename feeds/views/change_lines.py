"""Changes as lines of a list, as the home page and the pages of sources and incidents show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from feeds import addresses
from feeds.addresses import Site
from feeds.formats.entries import Names, make_headline, render_facts, render_matter, render_summary
from feeds.formats.headlines import fill_hunks
from feeds.views.render import clean_markup
from feeds.wording.headline import Headline
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
    incidents: list[tuple[str, str]]


def build_lines(
    reader: Reader, changes: Sequence[Change], names: Names, site: Site, within: str = ""
) -> list[ChangeLine]:
    """Build the lines of changes; ``within`` is the incident of the page, which is not repeated."""
    return [_build_line(change, names, site, within) for change in fill_hunks(reader, changes, site.lang)]


def _build_line(change: Change, names: Names, site: Site, within: str) -> ChangeLine:
    headline = make_headline(change, names, site.lang)
    return ChangeLine(
        change,
        headline,
        one_line(change.title) or one_line(change.url),
        names.source(change.source),
        addresses.change_anchor(change),
        clean_markup(render_matter(headline)),
        clean_markup("" if headline.matter else render_summary(change, site.lang)),
        clean_markup(render_facts(change, site.lang, told=headline.told)),
        [(slug, one_line(names.incidents.get(slug, slug))) for slug in change.incidents if slug != within],
    )


def group_by_day(rows: Iterable[ChangeLine], lang: str) -> list[tuple[str, list[ChangeLine]]]:
    """Group lines, newest first, under the day in Japan on which the change was seen."""

    def day(row: ChangeLine) -> date:
        return row.change.detected_at.astimezone(JST).date()

    return [(say_date(key, lang), list(group)) for key, group in groupby(rows, key=day)]
