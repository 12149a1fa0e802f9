"""Changes as lines of a list, as the home page and the pages of sources and incidents show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup, escape

from feeds import addresses
from feeds.addresses import Site
from feeds.formats.entries import Names, render_facts, render_matter, render_summary
from feeds.formats.headlines import fill_hunks
from feeds.views.following.visits import SeenUntil
from feeds.views.render import clean_markup
from feeds.wording.headline import Headline, compose_headline
from feeds.wording.sanitise import mark_japanese, one_line
from feeds.wording.tables.change_words import REASONS
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import say_date, say_time, word
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
    shown: dict[tuple[str, str, bool], Markup] = field(default_factory=dict, compare=False, repr=False)

    def show(self, root: str, site: Site, visit: SeenUntil | None) -> Markup:
        """Show the line on a page whose links begin with ``root``, marked if it is new since a visit.

        A page has a hundred of them, most of which stood on the page before it: a template takes five times
        as long over one.
        """
        fresh = visit is not None and self.change.id > visit.behind
        kept = root, site.keep, fresh
        if (shown := self.shown.get(kept)) is None:
            shown = self.shown[kept] = _write_line(self, root, site, fresh)
        return shown


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


def _write_line(line: ChangeLine, root: str, site: Site, fresh: bool) -> Markup:
    said, change, lang = line.headline, line.change, site.lang
    ja = ' lang="ja"' if lang == "en" else ""
    parts = ['<li>\n<p class="headline">']
    if fresh:
        parts.append(f'<span class="kind fresh">{escape(word(LABELS, "fresh", lang))}</span> ')
    parts.append(_write_badge(change.kind, said.mark, said.badge))
    if said.leads and said.matter:
        more = f' <span class="soft">{escape(said.more)}</span>' if said.more else ""
        parts.append(f'<span class="matter">{line.matter}</span>{more}<br>')
    parts.append(_write_publisher(_href(root, site, addresses.source_page(change.source)), line.source, lang))
    parts.append(f"<a {_href(root, site, line.path)}{ja}>{escape(line.title)}</a></p>\n")
    if said.matter and not said.leads:
        parts.append(f'<p class="matter">{line.matter}</p>')
    moment, when = change.detected_at.isoformat(timespec="seconds"), say_time(change.detected_at, lang)
    parts.append(f'{line.summary}\n{line.facts}\n<p class="meta"><time datetime="{moment}">{when}</time>')
    parts.append(_write_reasons(change.reasons, lang))
    for slug, name in line.incidents:
        at = _href(root, site, addresses.incident_page(slug))
        parts.append(f" · <a {at}>{mark_japanese(name, lang)}</a>")
    return Markup("".join((*parts, "</p>\n</li>\n")))  # noqa: S704 - every text in it was escaped


def _href(root: str, site: Site, path: str) -> str:
    return f'href="{escape(root + site.local(path))}"'


# what is the same in many lines


@lru_cache(1_000)
def _write_badge(kind: str, mark: str, badge: str) -> str:
    return f'<span class="kind {escape(kind)} {escape(mark)}">{escape(badge)}</span>\n'


@lru_cache(1_000)
def _write_publisher(href: str, name: str, lang: str) -> str:
    return f'<a class="publisher" {href}>{mark_japanese(name, lang)}</a> '


@lru_cache(1_000)
def _write_reasons(reasons: tuple[str, ...], lang: str) -> str:
    return "".join(f" · {escape(word(REASONS, reason, lang))}" for reason in reasons)


def group_by_day(rows: Iterable[ChangeLine], lang: str) -> list[tuple[str, list[ChangeLine]]]:
    """Group lines, newest first, under the day in Japan on which the change was seen."""

    def day(row: ChangeLine) -> date:
        return row.change.detected_at.astimezone(JST).date()

    return [(say_date(key, lang), list(group)) for key, group in groupby(rows, key=day)]
