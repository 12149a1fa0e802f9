"""The page that compares two versions: what changed, and both texts with it marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from feeds import addresses
from feeds.addresses import Site
from feeds.formats.entries import Names
from feeds.views.render import Context, clean_markup
from feeds.wording import diff_html
from feeds.wording.cite import Citation
from feeds.wording.sanitise import one_line
from feeds.wording.tables.change_words import PHRASES
from feeds.wording.words import phrase, say_date
from storage.records import Comparison, Notice, Passage, Version, VersionHead

VIEWS = ("side", "inline")
_NOTHING = Markup("")

CONTEXT_PASSAGES = 1
"""Unchanged passages shown before and after what changed; the rest is folded away."""


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A passage on both sides, or ``both`` in one; ``folded`` counts the unchanged ones it stands for."""

    op: str
    old: Markup = _NOTHING
    new: Markup = _NOTHING
    both: Markup = _NOTHING
    folded: int = 0


def build_comparison_page(
    notice: Notice,
    old: Version,
    new: Version,
    history: Sequence[VersionHead],
    comparison: Comparison,
    names: Names,
    site: Site,
    view: str,
) -> Context:
    """Build the page that compares two versions of a notice; ``view`` is one of VIEWS."""
    return {
        "notice": notice,
        "title": one_line(notice.title) or one_line(notice.url),
        "publisher": names.source(notice.source),
        "sides": (old, new),
        "citation": Citation(
            f"kohyo-notice-{notice.id}-version-{new.id}",
            names.source(notice.source),
            notice.title or notice.url,
            notice.url,
            notice.published,
            new.captured_at,
            new.sha256,
            site.url(addresses.pair_page(notice.id, old.id, new.id)),
        ),
        "digests": {one.id: one.text_sha256 for one in (old, new) if not one.redacted},
        "history": history,
        "view": view,
        "stood": _date_that_stood(old, new, comparison, site.lang),
        "changed": clean_markup(diff_html.diff(comparison.hunks, site.lang, limit=1_000)),
        "rows": list(_build_rows(comparison.passages, site.lang, view)) if comparison.hunks else [],
    }


def _date_that_stood(old: Version, new: Version, comparison: Comparison, lang: str) -> str:
    """Say with both dates that the text changed and the page's own date did not; nothing where it did."""
    before, after = old.updated or old.published, new.updated or new.published
    changed = any(hunk.op != "form" and hunk.place not in ("stamp", "slot") for hunk in comparison.hunks)
    if not changed or before is None or before != after:
        return ""
    return phrase(PHRASES, "date-stood-at", lang, say_date(before, lang), say_date(after, lang))


def _build_rows(passages: Sequence[Passage], lang: str, view: str) -> Iterator[ComparisonRow]:
    runs = [(op == "same", list(run)) for op, run in groupby(passages, key=lambda row: row.op)]
    for number, (same, run) in enumerate(runs):
        if not same:
            yield from (_build_row(passage, lang, view) for passage in run)
            continue
        before = CONTEXT_PASSAGES if number else 0
        after = CONTEXT_PASSAGES if number < len(runs) - 1 else 0
        middle = run[before : len(run) - after]
        if len(middle) < 2:
            before, middle, after = len(run), [], 0
        yield from (_build_row(passage, lang, view) for passage in run[:before])
        if middle:
            whole = "".join(diff_html.passage(passage, "both", lang) for passage in middle)
            yield ComparisonRow("fold", both=clean_markup(whole), folded=len(middle))
        yield from (_build_row(passage, lang, view) for passage in run[len(run) - after :] if after)


def _build_row(passage: Passage, lang: str, view: str) -> ComparisonRow:
    if view == "inline":
        return ComparisonRow(passage.op, both=clean_markup(diff_html.passage(passage, "both", lang)))
    old, new = (clean_markup(diff_html.passage(passage, side, lang)) for side in ("old", "new"))
    return ComparisonRow(passage.op, old, new)
