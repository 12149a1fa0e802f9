"""A stored text as HTML, its facts marked in place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType

from markupsafe import Markup

from feeds.wording import sanitise
from feeds.wording.sanitise import one_line
from feeds.wording.tables.fact_words import DATE_ROLES, FIELDS, OF_FIELDS
from feeds.wording.tables.incident_words import PARTS_PLAYED
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import field_name, magnitude, phrase, quote_facts, say, say_days, word
from storage.records import Block, Fact, FactField, Version
from storage.text.wording import wording

Span = tuple[int, int]
QUOTE_CHARS = 160
"""Characters of a sentence that is quoted."""


def text_html(version: Version, facts: Iterable[Fact]) -> Markup:
    """Show the readable text of a version: headings, paragraphs, lists and tables as they stood there."""
    spans = _apart(facts)
    placed, offset = [], 0
    for block in version.blocks or [Block("text", line) for line in version.text.split("\n")]:
        placed.append((block, offset))
        offset += len(block.text) + 1
    parts: list[str] = []
    for kind, group in groupby(placed, key=lambda item: item[0].kind):
        blocks = list(group)
        if kind == "row":
            parts += _tables(blocks, spans)
        elif kind == "item":
            parts.append("<ul>" + "".join(f"<li>{_text(*item, spans)}</li>" for item in blocks) + "</ul>")
        else:
            tag = "h4" if kind == "heading" else "p"
            parts += [f"<{tag}>{_text(*item, spans)}</{tag}>" for item in blocks]
    return Markup("".join(parts))  # noqa: S704 - every text in it went through sanitise.text


def _text(block: Block, offset: int, spans: Sequence[Span]) -> str:
    return mark_spans(block.text, offset, spans)


def _tables(blocks: Sequence[tuple[Block, int]], spans: Sequence[Span]) -> Iterable[str]:
    """Put rows that share their column heads into one table; the rows that gave them are its head."""
    heads = {block.head for block, _ in blocks}
    following = [*(block.head for block, _ in blocks[1:]), ()]
    rows = [
        (block, offset)
        for (block, offset), head in zip(blocks, following, strict=True)
        if block.cells not in heads and not _gives(block, head)
    ]
    for head, group in groupby(rows, key=lambda item: item[0].head):
        cells = "".join(f'<th scope="col">{sanitise.text(cell)}</th>' for cell in head)
        body = "".join(_row(block, offset, spans) for block, offset in group)
        yield f"<table>{f'<thead><tr>{cells}</tr></thead>' if cells else ''}<tbody>{body}</tbody></table>"


def _gives(block: Block, head: Sequence[str]) -> bool:
    """Tell whether a row is one of several that say the heads of the rows below it: 件数 over 流出."""
    if block.head == head or len(block.cells) != len(head):
        return False
    return all(f" {cell} " in f" {whole} " for cell, whole in zip(block.cells, head, strict=True) if cell)


def _row(block: Block, offset: int, spans: Sequence[Span]) -> str:
    cells = []
    for cell in block.cells or (block.text,):
        cells.append(f"<td>{mark_spans(cell, offset, spans)}</td>")
        offset += len(cell) + len(" | ")
    return f"<tr>{''.join(cells)}</tr>"


def mark_spans(text: str, offset: int, spans: Sequence[Span]) -> str:
    """Mark in ``text``, which stands at ``offset`` of the whole, what lies in it of the whole's spans.

    The spans stand in order and apart, so a cell of a long table looks at its own only.
    """
    parts, at = [], 0
    for place in range(bisect_right(spans, offset, key=_end), len(spans)):
        start, end = max(spans[place][0] - offset, 0), min(spans[place][1] - offset, len(text))
        if start >= len(text):
            break
        parts.append(f"{sanitise.text(text[at:start])}<mark>{sanitise.text(text[start:end])}</mark>")
        at = end
    return "".join(parts) + sanitise.text(text[at:])


def _end(span: Span) -> int:
    return span[1]


def _apart(facts: Iterable[Fact]) -> list[Span]:
    """List places in order, without overlaps: of two facts at one place the longer is shown."""
    spans: list[Span] = []
    for fact in sorted(facts, key=lambda fact: (fact.start, -fact.end)):
        if fact.end > fact.start and (not spans or fact.start >= spans[-1][1]):
            spans.append((fact.start, fact.end))
    return spans


@dataclass(frozen=True, slots=True)
class FactsShown:
    """What a text says of one field, each thing once."""

    name: str
    values: list[str]
    current: frozenset[str] = frozenset()  # of these, what holds now where others stand beside it
    earlier: Mapping[str, int] = field(default_factory=dict)  # and what holds no more: the version it is from


NOTHING_SAID: Mapping[tuple[str, str], int] = MappingProxyType({})
SUPERSEDED = ("count", "outcome", "deadline")
"""Fields of which a later statement takes the place of an earlier one, though both may stand in the text."""


def facts_shown(
    facts: Iterable[Fact], lang: str, since: Mapping[tuple[str, str], int] = NOTHING_SAID
) -> list[FactsShown]:
    """Group the facts of a text by name, each value said once.

    What kohyo has words for is said by these, since the publisher's 流出 may stand in a sentence that denies
    it; the rest as the publisher puts it. ``since``: by field and wording, which version said it first; what
    the newest of them brought stands first.
    """
    order = list(FIELDS)
    found: dict[tuple[FactField, str], list[Fact]] = {}
    for fact in sorted(facts, key=lambda fact: order.index(fact.field)):
        found.setdefault((fact.field, _name(fact, lang)), []).append(fact)
    return [
        _weigh(field, FactsShown(name, _values(field, alike, lang)), alike, lang, since)
        for (field, name), alike in found.items()
    ]


def _first_versions(
    field: FactField, facts: Sequence[Fact], lang: str, since: Mapping[tuple[str, str], int]
) -> dict[str, int]:
    """Say of each value which version was the first to state it."""
    first: dict[str, int] = {}
    for fact in facts:
        for value in _values(field, [fact], lang):
            number = since.get((field, wording(fact)), 1)
            first[value] = min(number, first.get(value, number))
    return first


_TOTAL = re.compile("合計|総計|累計")


def _weigh(
    field: FactField,
    shown: FactsShown,
    facts: Sequence[Fact],
    lang: str,
    since: Mapping[tuple[str, str], int],
) -> FactsShown:
    """Tell what holds now from what an earlier version said; of counts the total, or the largest, holds."""
    if field not in SUPERSEDED or len(shown.values) < 2:
        return shown
    first = _first_versions(field, facts, lang, since)
    # a part, or a row of a table, is no later statement of the whole
    whole = [fact for fact in facts if "subset" not in fact.qualifiers and not _qualifier(fact, "row")]
    values = {value: fact for fact in whole for value in _values(field, [fact], lang)}
    newest = max((first[value] for value in values), default=0)
    earlier = {value: number for value, number in first.items() if number < newest and value in values}
    latest = [value for value in values if first[value] == newest]
    if field == "count":
        totals = [value for value in latest if _TOTAL.search(values[value].raw)]
        latest = totals or sorted(latest, key=lambda one: -magnitude(one))[: bool(earlier)]
    elif not earlier:
        latest = []
    ordered = sorted(shown.values, key=lambda one: (one not in latest, one in earlier))
    return FactsShown(shown.name, ordered, frozenset(latest), earlier)


def _name(fact: Fact, lang: str) -> str:
    """Name what a fact says: a date is called by what it is of."""
    if fact.field == "date" and fact.role in DATE_ROLES:
        return word(DATE_ROLES, fact.role, lang)
    return field_name(fact.field, fact.raw, lang)


def _values(field: FactField, facts: Sequence[Fact], lang: str) -> list[str]:
    if field == "days-to-publication":
        return [_took(fact, lang) for fact in facts]
    if field == "step":
        return list(dict.fromkeys(_say_step(fact, lang) for fact in facts))
    if field not in OF_FIELDS:
        return quote_facts(facts, lang)
    return list(dict.fromkeys(say(field, wording(fact), lang) for fact in facts))


def _took(fact: Fact, lang: str) -> str:
    """Say the days from discovery to publication with the two days they were counted between."""
    first, last = (say("date", _qualifier(fact, name), lang) for name in ("discovered", "published"))
    return f"{say_days(fact.value, lang)} ({first} → {last})"


def _say_step(fact: Fact, lang: str) -> str:
    """Say a step, when it was taken, and of how many things how many: 回収 (2024年1月10日、5のうち3)."""
    day, part, whole = (_qualifier(fact, name) for name in ("date", "part", "of"))
    aside = [say("date", day, lang)] if day else []
    if part and whole:
        aside.append(phrase(LABELS, "part-of", lang, f"{int(part):,}", f"{int(whole):,}"))
    said = say("step", wording(fact), lang)
    return f"{said} ({(', ' if lang == 'en' else '、').join(aside)})" if aside else said


def _qualifier(fact: Fact, name: str) -> str:
    """Return what a fact is qualified with under a name; nothing where it is not."""
    return next((q.partition(":")[2] for q in fact.qualifiers if q.startswith(f"{name}:")), "")


def parts_shown(text: str, facts: Iterable[Fact], lang: str) -> list[FactsShown]:
    """List which body plays which part, each once with the sentence of ``text`` that says so."""
    found: dict[str, dict[str, str]] = {}
    for fact in facts:
        for part, body in _parts(fact):
            quoted = f"{body}「{_sentence(text, fact)}」"
            found.setdefault(word(PARTS_PLAYED, part, lang), {}).setdefault(body, quoted)
    return [FactsShown(name, list(bodies.values())) for name, bodies in found.items()]


def _parts(fact: Fact) -> Iterable[tuple[str, str]]:
    if fact.field == "role" and (body := _qualifier(fact, "organisation")):
        yield str(fact.value), body
    if fact.field == "action":
        for name, part in (("respondent", "respondent"), ("by", "regulator")):
            if body := _qualifier(fact, name):
                yield part, body


def _sentence(text: str, fact: Fact) -> str:
    """Quote the sentence a fact stands in, of a long one what stands around the fact."""
    first = max(text.rfind(end, 0, fact.start) for end in "。\n") + 1
    ends = [at for end in "。\n" if (at := text.find(end, fact.end)) >= 0]
    last = min(ends, default=len(text))
    cut = max(first, fact.start - QUOTE_CHARS // 2), min(last, fact.end + QUOTE_CHARS // 2)
    before, behind = ("…" if cut[0] > first else ""), ("…" if cut[1] < last else "")
    return f"{before}{one_line(text[slice(*cut)])}{behind}"
