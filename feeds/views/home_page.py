"""The home page: incidents and months at a glance, the newest changes, and the form that narrows these."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlencode

from markupsafe import Markup, escape

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.course.incident_course import load_summary
from feeds.course.summary import IncidentSummary
from feeds.formats.entries import Names
from feeds.views.change_lines import build_lines, group_by_day
from feeds.views.render import Context, render_part
from feeds.wording.sanitise import one_line, text
from feeds.wording.tables.change_words import KINDS, REASONS
from feeds.wording.tables.count_words import SIZES
from feeds.wording.tables.fact_words import OF_FIELDS
from feeds.wording.tables.page_words import LABELS
from feeds.wording.tables.source_words import SOURCE_KINDS
from feeds.wording.words import say_condition, word
from storage.archive import Reader
from storage.query import Figures, Query
from storage.records import Change, Incident
from storage.text.japanese import JST

OPEN_INCIDENTS = 12
"""Incidents of which figures are shown, those that changed last; the others stand below by their names."""
MONTHS = 13
"""A year, and the same month of the year before."""

_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 720, 92, 8, 22, 44
"""Of the picture, in its own units: its width, the height of each of its two rows of bars, the margins."""


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident with what is known of it in one line."""

    incident: Incident
    name: str
    changed: datetime | None
    summary: IncidentSummary


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """A month with its notices, and the largest count that one of them states."""

    name: str
    figures: Figures


def build_overview(reader: Reader, names: Names, site: Site) -> Context:
    """Build what is the same on every page of the list: ``overview`` and ``subscribing``, as HTML."""
    incidents = [(incident, _last_change(reader, incident)) for incident in reader.incidents()]
    newest = sorted(incidents, key=lambda pair: (pair[1] is not None, pair[1]), reverse=True)
    shown = [
        IncidentLine(one, names.incident(one.slug), changed, load_summary(reader, one, names.sources))
        for one, changed in newest[:OPEN_INCIDENTS]
    ]
    months = _list_months(reader)
    known = {
        "incidents": shown,
        "others": [(one.slug, names.incident(one.slug)) for one, _ in newest[OPEN_INCIDENTS:]],
        "months": months,
        "chart": draw_months(months, site.lang),
    }
    return {
        part: render_part(f"_{part}.html.j2", addresses.HOME, site, known)
        for part in ("overview", "subscribing")
    }


def _last_change(reader: Reader, incident: Incident) -> datetime | None:
    found = reader.brief_changes(Query(incident=incident.slug, material=True, limit=1))
    return found[0].detected_at if found else None


def _list_months(reader: Reader) -> list[ShownMonth]:
    """List the months up to the newest material change, from the first with a notice on; at most MONTHS."""
    newest = reader.brief_changes(Query(material=True, limit=1))
    if not newest:
        return []
    until = _next_month(newest[0].detected_at.astimezone(JST))
    months: list[ShownMonth] = []
    for _ in range(MONTHS):
        since = (until - timedelta(days=1)).replace(day=1)
        figures = reader.figures_between(since, until)
        months.insert(0, ShownMonth(f"{since:%Y-%m}", figures))
        until = since
    while months and not months[0].figures.notices:
        months.pop(0)
    return months


def _next_month(moment: datetime) -> datetime:
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def draw_months(months: Sequence[ShownMonth], lang: str) -> Markup:
    """Draw the months as two rows of bars: notices, and the largest stated count by its order."""
    if not months:
        return Markup("")
    most = max(month.figures.notices for month in months) or 1
    largest = max((month.figures.largest or 0) for month in months)
    step = (_WIDTH - 2 * _LEFT) / MONTHS
    height = 2 * (_HEIGHT + _GAP)
    parts = [
        f'<svg class="months" role="img" aria-label="{text(word(LABELS, "by-month", lang))}" '
        f'viewBox="0 0 {_WIDTH} {height}" xmlns="http://www.w3.org/2000/svg">'
    ]
    rows = (("notices-by-month", "notices"), ("largest-by-month", "largest"))
    for number, (title, which) in enumerate(rows):
        base = (number + 1) * (_HEIGHT + _GAP) - _TOP
        head = text(word(LABELS, title, lang))
        parts.append(f'<text class="soft" x="{_LEFT}" y="{base - _HEIGHT - 8}">{head}</text>')
        parts.append(f'<line class="axis" x1="{_LEFT}" y1="{base}" x2="{_WIDTH - _LEFT}" y2="{base}"/>')
        for place, month in enumerate(months):
            figures, left = month.figures, _LEFT + place * step
            if which == "notices":
                share, said = figures.notices / most, f"{figures.notices:,}"
            else:
                share, said = _magnitude(figures.largest, largest), shorten(figures.largest, lang)
            high = round(share * (_HEIGHT - 18), 1)
            parts.append(
                f'<rect class="{which}" x="{left + step * 0.2:.1f}" y="{base - high:.1f}" '
                f'width="{step * 0.6:.1f}" height="{high}"/>'
            )
            if share:
                at = f'x="{left + step / 2:.1f}" y="{base - high - 4:.1f}"'
                parts.append(f'<text text-anchor="middle" {at}>{text(said)}</text>')
            if number:
                at = f'x="{left + step / 2:.1f}" y="{base + 15}"'
                # the year once, and again where it is another: a column is as wide as one of these
                named = month.name if place == 0 or month.name.endswith("-01") else month.name[-2:]
                parts.append(f'<text class="soft" text-anchor="middle" {at}>{text(named)}</text>')
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - every text in it went through sanitise.text


def _magnitude(value: int | None, largest: int) -> float:
    """Give the height of a count among others, by its order: 100 beside 1,000,000 is a third."""
    return math.log10(value + 1) / math.log10(largest + 1) if value and largest else 0.0


def shorten(value: int | None, lang: str) -> str:
    """Write a count in three digits and what stands for the rest: 928万, 9.28M."""
    if not value:
        return ""
    rounded = int(float(f"{value:.3g}"))
    fitting = ((size, unit) for of, size, unit in SIZES if of == lang and rounded >= size)
    size, unit = next(fitting, (1, ""))
    return f"{rounded / size:,.10g}{unit}"


def build_home_page(
    reader: Reader,
    changes: Sequence[Change],
    overview: Context,
    names: Names,
    site: Site,
    *,
    older: str | None = None,
) -> Context:
    """Build the home page of these changes, below the overview of all.

    ``older`` is the address of the next page, if there is one.
    """
    rows = build_lines(reader, changes, names, site)
    return {
        "days": group_by_day(rows, site.lang),
        **overview,
        "feeds": [("kohyo", FeedAddress(addresses.ALL))],
        "choice": None,
        "count": None,
        "older": older,
    }


@dataclass(frozen=True, slots=True)
class ExtraCondition:
    """A condition of the address that the form has no field for; ``without`` is the address without it."""

    name: str
    value: str
    said: str
    without: str


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """The form of filters: what can be chosen, what was chosen, and the same choice as a feed and a file."""

    action: str
    sources: list[tuple[str, str]]
    incidents: list[tuple[str, str]]
    chosen: dict[str, str]
    others: list[ExtraCondition]
    feed: FeedAddress
    file: FeedAddress  # the same rows to keep
    lang: str

    def options(self, name: str) -> Markup:
        """Write the options of a field, of which one may be chosen."""
        known = {"source": self.sources, "incident": self.incidents}
        written = _write_options(tuple(known[name])) if name in known else _write_known(name, self.lang)
        chosen = f'<option value="{escape(self.chosen[name])}"'
        # no value is chosen twice, and none looks like another with something behind it: it ends in a quote
        return Markup(written.replace(f"{chosen}>", f"{chosen} selected>"))  # noqa: S704 - escaped there

    @property
    def narrowed(self) -> bool:
        """Say whether anything but the words and their order was chosen."""
        chosen = any(value for name, value in self.chosen.items() if name not in ("q", "order"))
        return chosen or bool(self.others)


_VALUES: Mapping[str, Iterable[str]] = {
    "publisher": SOURCE_KINDS,
    "kind": KINDS,
    "reason": REASONS,
    **OF_FIELDS,
}
"""By the field of the form, what can be chosen of what kohyo tells apart."""


@lru_cache(32)
def _write_known(name: str, lang: str) -> str:
    return _write_options(tuple((value, say_condition(name, value, lang)) for value in _VALUES[name]))


@lru_cache(8)
def _write_options(values: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<option value="{escape(value)}">{escape(said)}</option>\n' for value, said in values)


def build_choice(
    names: Names, action: str, chosen: dict[str, str], parameters: Iterable[tuple[str, str]], lang: str
) -> FilterChoice:
    # a feed has its own order, and so has what is new
    """Build the form of filters from the parameters of an address."""
    parameters = list(parameters)
    said = [(name, value) for name, value in parameters if name != "order"]
    stated = parameters if action == addresses.SEARCH else said
    others = [
        ExtraCondition(
            name,
            value,
            _say_condition(names, name, value, lang),
            _page_address(action, stated[:at] + stated[at + 1 :]),
        )
        for at, (name, value) in enumerate(stated)
        if chosen.get(name) != value or not _has_field(names, action, name, value)
    ]
    return FilterChoice(
        action,
        sorted(((id, names.source(id)) for id in names.sources), key=lambda pair: pair[1]),
        [(slug, one_line(name)) for slug, name in names.incidents.items()],
        chosen,
        others,
        FeedAddress(addresses.SEARCH_FEED, urlencode(said)),
        _file_address(action, stated),
        lang,
    )


def _file_address(action: str, stated: Sequence[tuple[str, str]]) -> FeedAddress:
    if action == addresses.SEARCH:
        if any(name == "q" for name, _ in stated):
            return FeedAddress(addresses.HITS_FILE, urlencode(stated))
        return FeedAddress(addresses.NOTICES_FILE, urlencode([one for one in stated if one[0] != "order"]))
    if all(name != "material" for name, _ in stated):  # goes without saying on a page, and not in the API
        stated = [*stated, ("material", "true")]
    return FeedAddress(addresses.CHANGES_FILE, urlencode(stated))


def _has_field(names: Names, action: str, name: str, value: str) -> bool:
    """Say whether the form can show this value; of several values of one name a field shows one."""
    if name in ("q", "order"):
        return action == addresses.SEARCH
    if name == "material":
        return action == addresses.HOME and value == "any"
    known: Mapping[str, Container[str]] = {"source": names.sources, "incident": names.incidents}
    return name not in known or value in known[name]


def _say_condition(names: Names, name: str, value: str, lang: str) -> str:
    if name == "source" and value in names.sources:
        return names.source(value)
    if name == "incident":
        return one_line(names.incidents.get(value, value))
    return say_condition(name, value, lang)


def _page_address(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
