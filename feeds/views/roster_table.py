"""The roster of an incident as a table: who, since when, how many, what was done, and who says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from feeds import addresses
from feeds.course.incident_course import Course
from feeds.course.roster import RosterBody
from feeds.formats.entries import Names
from feeds.views.render import Context, clean_markup
from feeds.views.search_page import ShownRow, show_rows
from feeds.wording import sanitise
from feeds.wording.sanitise import one_line
from feeds.wording.tables.count_words import AMOUNTS
from feeds.wording.tables.incident_words import PARTS_NAMED, STAGES
from feeds.wording.words import join_words, magnitude, phrase, say, say_body, say_date, say_days, word
from storage.archive import Reader
from storage.query import ListedRow
from storage.records import BELONGING, Notice, RosterEntry
from storage.text.body_names import name_key, strip_form
from storage.text.fold import fold

OPEN_ROWS, MAX_ROWS = 12, 300
"""Bodies that stand there unfolded, and at most; the files hold all."""
MAX_SHOWN = 3
"""Of a body's own notices the newest, and of those that name it the first."""
MAX_LISTED = 2
"""Rows of lists that are shown of a body without a notice of its own."""

SLACK, LONGEST = timedelta(days=30), timedelta(days=730)
"""Rows of other days are of something else: so long before the first notice, and so long after."""

_LAST = "\U0010ffff"
ORDERS: Mapping[str, Callable[[RosterBody], Any]] = {
    "body": lambda row: fold(row.entry.name),
    "day": lambda row: (row.disclosed is None, row.disclosed, row.entry.disclosed or _LAST),
    "count": lambda row: -magnitude(row.count),
    "edit": lambda row: -row.last_edit.timestamp() if row.last_edit else 0.0,
}
"""Orders of the table; without one, declared bodies first."""


@dataclass(frozen=True, slots=True)
class ShownNaming:
    """A notice of another that names the body, and as what."""

    notice: int
    source: str
    part: str


@dataclass(frozen=True, slots=True)
class ShownBody:
    """One body of the roster with what is on record of it."""

    page: str  # path of its own page, of what it published and where else it is named
    name: str
    kind: str
    disclosed: str
    took: str
    count: str
    stage: str
    said: Markup  # outcomes and steps
    edits: int
    silent_edits: int
    last_edit: datetime | None
    later: str  # what was declared to have come later, where that is no count
    notices: tuple[Notice, ...]  # its own, the newest
    named: list[ShownNaming]
    more: int  # its own notices and those that name it, which are not shown
    declared: bool
    listed: list[ShownRow]  # rows of lists that may be its notice
    words: str  # by which rows of lists are searched for it


def build_roster_table(reader: Reader, known: Course, names: Names, lang: str, order: str = "") -> Context:
    """Build the table of an incident's roster in one of ORDERS."""
    roster = sorted(known.roster, key=ORDERS[order]) if order else known.roster
    listed = _find_listed(reader, known, roster[:MAX_ROWS])
    pages = _find_pages(reader, known, roster[:MAX_ROWS])
    shown = [
        _show(row, names, lang, listed.get(row.entry.name, ()), pages.get(row.entry.name, ""))
        for row in roster[:MAX_ROWS]
    ]
    return {
        "open": shown[:OPEN_ROWS],
        "folded": shown[OPEN_ROWS:],
        "order": order,
        "count": len(roster),
        "hidden": len(roster) - len(shown),
        "seeks": any(one.words for one in shown),
    }


def _find_pages(reader: Reader, known: Course, roster: Iterable[RosterBody]) -> Mapping[str, str]:
    """Find the pages of bodies of which the incident's notices are or tell a part, by their names."""
    belonging = [row.notice.id for row in known.linked if row.link.status in BELONGING]
    spoken = reader.bodies_of_notices(belonging, ("publisher", "party"))
    keys = {row.entry.name: name_key(row.entry.name) for row in roster if row.notices or row.named}
    called = reader.names_of_bodies(filter(None, keys.values()))
    roots = {name: called[key][0] for name, key in keys.items() if key}
    return {name: addresses.organisation_page(root) for name, root in roots.items() if root in spoken}


def _find_listed(
    reader: Reader, known: Course, roster: Iterable[RosterBody]
) -> Mapping[str, Sequence[ListedRow]]:
    """Find rows of the lists that may be a notice of bodies of which none is known, by name and day."""
    first, window = known.summary.first, known.incident.window
    if first is None:
        return {}
    since, until = first - SLACK, first + LONGEST
    if window and window[1]:
        until = max(until, window[1])
    words = {row.entry.name: strip_form(row.entry.name) for row in roster if not row.has_disclosed}
    return {
        name: [one for one in rows if one.row.published is None or since <= one.row.published <= until]
        for name, rows in reader.find_rows_on_incidents(words).items()
    }


def _show(row: RosterBody, names: Names, lang: str, listed: Sequence[ListedRow], page: str) -> ShownBody:
    entry = row.entry
    said = [say("outcome", one, lang) for one in row.outcomes] + [say("step", one, lang) for one in row.steps]
    return ShownBody(
        page=page,
        name=_english_name(entry, names) or one_line(entry.name),
        kind=one_line(say_body(entry.kind, lang)),
        disclosed=say_date(row.disclosed, lang) or _say_disclosed(one_line(entry.disclosed), lang),
        took=say_days(row.days, lang),
        count=one_line(row.count),
        stage=word(STAGES, row.stage, lang) if row.stage else "",
        said=clean_markup(sanitise.mark_japanese(join_words(said, lang, "; "), lang)),
        edits=row.edits,
        silent_edits=row.silent_edits,
        last_edit=row.last_edit,
        later=one_line(entry.later) if entry.later != row.count else "",
        notices=row.notices[-MAX_SHOWN:],
        named=[
            ShownNaming(one.notice.id, names.source(one.notice.source), word(PARTS_NAMED, one.part, lang))
            for one in row.named[:MAX_SHOWN]
        ],
        more=max(len(row.notices) - MAX_SHOWN, 0) + max(len(row.named) - MAX_SHOWN, 0),
        declared=row.declared,
        listed=show_rows(listed[:MAX_LISTED], names),
        words=one_line(strip_form(entry.name)) if not row.has_disclosed else "",
    )


def _english_name(entry: RosterEntry, names: Names) -> str:
    """Give the name of a watched body on an English page, where it is declared."""
    source = names.sources.get(entry.source)
    return one_line(source.name_en) if source and names.lang == "en" else ""


def _say_disclosed(when: str, lang: str) -> str:
    """Say a day, a month, 2023-10-26まで, or what else a roster may give for when a body disclosed."""
    day = when.removesuffix(phrase(AMOUNTS, "by", "ja", ""))
    said = say("date", day, lang)
    if said == day:
        return when
    if day == when:
        return said
    return phrase(AMOUNTS, "by", lang, said)
