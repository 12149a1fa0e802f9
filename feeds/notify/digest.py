"""A day's or a week's changes in one mail: by incident, then by source, from the feeds' own entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from feeds.formats.entries import FeedEntry, Names, render_facts, render_silence, render_summary
from feeds.wording import diff_html, sanitise
from feeds.wording.diff_text import to_text
from feeds.wording.sanitise import cut, one_line, plain
from feeds.wording.tables.count_words import AMOUNTS
from feeds.wording.tables.feed_words import FEEDS
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import phrase, say_count, say_date, word
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
    """An incident, or the changes that belong to none; the items of each source are in order of time."""

    name: str
    sources: tuple[tuple[str, tuple[DigestItem, ...]], ...]


def make_title(changes: Sequence[Change], lang: str) -> str:
    """Make the title of a digest: 公表 kohyo: 2024年1月17日〜2024年1月24日の変更 3件."""
    days = [change.detected_at.astimezone(JST).date() for change in changes]
    first, last = (say_date(day, lang) for day in (min(days), max(days)))
    span = first if first == last else phrase(AMOUNTS, "from-to", lang, first, last)
    return phrase(FEEDS, "digest", lang, span, len(changes), say_count(len(changes), "change"))


def group_sections(
    changes: Sequence[Change], entries: Sequence[FeedEntry], names: Names, lang: str
) -> tuple[DigestSection, ...]:
    """Group changes by incident, then by source. A change of several incidents is under the first only."""

    def incident(item: DigestItem) -> str:
        slug = min(item.change.incidents, default="")
        return one_line(names.incidents.get(slug, slug))

    def source(item: DigestItem) -> str:
        return names.source(item.change.source)

    def order(item: DigestItem) -> tuple[bool, str, str, object, int]:
        name = incident(item)
        return (not name, name, source(item), item.change.detected_at, item.change.id)

    items = sorted(map(DigestItem, changes, entries), key=order)
    rest = word(LABELS, "other-notices", lang)
    return tuple(
        DigestSection(
            name or rest,
            tuple((publisher, tuple(each)) for publisher, each in groupby(list(group), source)),
        )
        for name, group in groupby(items, incident)
    )


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
                yield from ("", item.entry.title)
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
            f"<p>{sanitise.link(entry.url, entry.title)}</p>",
            render_silence(change, lang),
            render_summary(change, lang),
            render_facts(change, lang),
            diff_html.diff(change.hunks, lang, limit=MAX_HUNKS),
            f"<p>{' · '.join(links)}</p>",
        )
    )
