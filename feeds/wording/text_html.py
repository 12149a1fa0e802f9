"""A stored text as HTML, its facts marked in place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from feeds.wording import sanitise
from feeds.wording.tables import FIELDS, OF_FIELDS
from feeds.wording.words import field_name, quote_facts, say
from storage.records import Block, Fact, FactField, Version
from storage.text.wording import wording

Span = tuple[int, int]


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


def facts_shown(facts: Iterable[Fact], lang: str) -> list[FactsShown]:
    """Group the facts of a text by name, each value said once.

    What kohyo has words for is said by these, since the publisher's 流出 may stand in a sentence that denies
    it; the rest as the publisher puts it.
    """
    order = list(FIELDS)
    found: dict[tuple[FactField, str], list[Fact]] = {}
    for fact in sorted(facts, key=lambda fact: order.index(fact.field)):
        found.setdefault((fact.field, field_name(fact.field, fact.raw, lang)), []).append(fact)
    return [FactsShown(name, _values(field, alike, lang)) for (field, name), alike in found.items()]


def _values(field: FactField, facts: Sequence[Fact], lang: str) -> list[str]:
    if field not in OF_FIELDS:
        return quote_facts(facts, lang)
    return list(dict.fromkeys(say(field, wording(fact), lang) for fact in facts))
