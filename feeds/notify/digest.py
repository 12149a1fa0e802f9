"""A day's or a week's changes in one mail: by incident, then by source, from the feeds' own entries.

What was rewritten without a word, what turned round and what is gone comes first, and in the subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.formats.entries import FeedEntry, Names, render_facts, render_silence, render_summary
from feeds.wording import diff_html, sanitise
from feeds.wording.diff_text import to_text
from feeds.wording.sanitise import cut, one_line, plain
from feeds.wording.tables.count_words import AMOUNTS
from feeds.wording.tables.feed_words import FEEDS
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import phrase, say_count, say_date, say_time, word
from storage.records import Change
from storage.text.japanese import JST

MAX_HUNKS = 5
"""Passages shown of one change; the record has them all."""

MAX_PASSAGE_CHARS = 500
"""Characters of a passage in the plain text."""


@dataclass(frozen=True, slots=True)
class DigestItem:
    """A change and its entry."""

    change: Change
    entry: FeedEntry


@dataclass(frozen=True, slots=True)
class DigestSection:
    """An incident, or the changes that belong to none.

    Sources and their items are in order of time, but for what leads.
    """

    name: str
    sources: tuple[tuple[str, tuple[DigestItem, ...]], ...]


def make_title(changes: Sequence[Change], lang: str) -> str:
    """Make the title of a digest: 公表 kohyo: 2024年1月17日〜2024年1月24日の変更 3件."""
    days = [change.detected_at.astimezone(JST).date() for change in changes]
    first, last = (say_date(day, lang) for day in (min(days), max(days)))
    span = first if first == last else phrase(AMOUNTS, "from-to", lang, first, last)
    return phrase(FEEDS, "digest", lang, span, len(changes), say_count(len(changes), "change"))


def make_subject(title: str, entries: Sequence[FeedEntry]) -> str:
    """Make the subject of a digest: its title, behind the change that leads if there is one."""
    lead = next(
        (entry.title for entry in sorted(entries, key=lambda entry: entry.published) if entry.leads), ""
    )
    return f"{lead} ({title})" if lead else title


def group_sections(
    changes: Sequence[Change], entries: Sequence[FeedEntry], names: Names, lang: str
) -> tuple[DigestSection, ...]:
    """Group changes by incident, then by source. A change of several incidents is under the first only."""
    incidents: dict[str, dict[str, list[DigestItem]]] = {}
    for item in sorted(map(DigestItem, changes, entries), key=_order):
        slug = min(item.change.incidents, default="")
        sources = incidents.setdefault(one_line(names.incidents.get(slug, slug)), {})
        sources.setdefault(names.source(item.change.source), []).append(item)
    rest = word(LABELS, "other-notices", lang)
    return tuple(
        DigestSection(name or rest, tuple((publisher, tuple(items)) for publisher, items in sources.items()))
        for name, sources in sorted(incidents.items(), key=lambda incident: not incident[0])
    )


def _order(item: DigestItem) -> tuple[bool, datetime, int]:
    return not item.entry.leads, item.change.detected_at, item.change.id


def write_text(title: str, sections: Sequence[DigestSection], lang: str) -> str:
    """Write a digest as plain text."""
    return "\n".join(_write_lines(title, sections, lang)) + "\n"


def _write_lines(title: str, sections: Sequence[DigestSection], lang: str) -> Iterator[str]:
    record = word(LABELS, "record", lang)
    yield title
    for section in sections:
        yield from ("", f"■ {section.name}")
        for _, items in section.sources:
            for item in items:
                yield from ("", item.entry.title, f"  {say_time(item.change.detected_at, lang)}")
                yield from (f"  {line}" for line in item.entry.summary.splitlines())
                if item.change.hunks:
                    passages = to_text(item.change.hunks, lang, MAX_HUNKS).splitlines()
                    yield from (f"  {cut(plain(line), MAX_PASSAGE_CHARS)}" for line in passages)
                if item.entry.original:
                    yield f"  {item.entry.original}"
                yield f"  {record}: {item.entry.url}"


def write_html(title: str, sections: Sequence[DigestSection], lang: str) -> str:
    """Write a digest as HTML."""
    parts = [f"<h3>{sanitise.text(title)}</h3>"]
    for section in sections:
        parts.append(f"<h3>{sanitise.text(section.name)}</h3>")
        for publisher, items in section.sources:
            parts.append(f"<p><strong>{sanitise.text(publisher)}</strong></p><ul>")
            parts += [f"<li>{_write_item(item, lang)}</li>" for item in items]
            parts.append("</ul>")
    return sanitise.clean("".join(parts))


def _write_item(item: DigestItem, lang: str) -> str:
    change, entry = item.change, item.entry
    links = [sanitise.link(entry.url, word(LABELS, "record", lang))]
    if entry.original:
        links.insert(0, sanitise.link(entry.original, word(LABELS, "original", lang)))
    return "".join(
        (
            f"<p>{sanitise.link(entry.url, entry.title)}<br>{say_time(change.detected_at, lang)}</p>",
            render_silence(change, lang),
            render_summary(change, lang),
            render_facts(change, lang),
            diff_html.diff(change.hunks, lang, limit=MAX_HUNKS),
            f"<p>{' · '.join(links)}</p>",
        )
    )
