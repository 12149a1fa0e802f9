"""The search pages: notices by their text, publishers whose name was typed, rows of lists by their titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from feeds.formats.entries import Names
from feeds.views.render import Context, clean_markup
from feeds.wording.sanitise import one_line
from feeds.wording.text_html import mark_spans
from storage.archive import Reader
from storage.query import Hit, ListedRow
from storage.records import Notice


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One hit of a search, its words marked."""

    notice: Notice
    title: str
    source: str
    snippet: Markup


def show_hits(hits: Sequence[Hit], names: Names) -> list[ShownHit]:
    """Prepare hits for the page, with the words marked."""
    return [
        ShownHit(
            hit.notice,
            one_line(hit.notice.title) or one_line(hit.notice.url),
            names.source(hit.notice.source),
            _show_snippet(hit),
        )
        for hit in hits
    ]


MAX_ROWS = 100
"""Rows of lists on one page, the newest."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a list."""

    title: str
    url: str
    published: date | None
    source: str
    source_name: str


def build_rows_page(reader: Reader, text: str, names: Names) -> Context:
    """Build the page of rows of the lists whose titles hold ``text``, of followed ones and all others."""
    found = reader.find_listed_rows(text) if text else []
    return {"text": text, "count": len(found), "rows": show_rows(found[:MAX_ROWS], names)}


def show_rows(found: Sequence[ListedRow], names: Names) -> list[ShownRow]:
    """Prepare rows of lists for a page."""
    return [
        ShownRow(
            one_line(one.row.title) or one_line(one.row.url),
            one.row.url,
            one.row.published,
            one.source,
            names.source(one.source),
        )
        for one in found
    ]


def _show_snippet(hit: Hit) -> Markup:
    """Mark the passage that was found, with a sign at either end where its text goes on."""
    before, behind = ("…" if more else "" for more in hit.goes_on)
    return clean_markup(f"{before}{mark_spans(hit.snippet, 0, hit.spans)}{behind}")
