"""Stored differences as HTML: the same marks in a feed, on a page and in a mail.

Every text is escaped where it is put into markup, and whoever sends the whole out puts it through
``sanitise.clean``: a mistake in one is caught by the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from feeds.wording.sanitise import cut, mark_japanese, text
from feeds.wording.tables.change_words import HUNKS, PLACES
from feeds.wording.words import field_name, say, say_count, word
from storage.records import Block, FactChange, Hunk, Passage, Segment

MAX_HUNKS = 80  # shown in one entry; the page of the version pair has all of them
MAX_PASSAGE_CHARS = 3_000  # characters of one side of a hunk

_NOTED = ("move", "form", "link", "column")
"""Sorts of differences that are named, since the marks do not show them."""


def diff(hunks: Sequence[Hunk], lang: str, limit: int = MAX_HUNKS) -> str:
    """Show the hunks one below the other, old text in ``del``, new text in ``ins``."""
    shown = "".join(_passage_of(run, lang) for run in _passages(hunks[:limit]))
    if (more := len(hunks) - limit) > 0:
        rest = f"…and {say_count(more, 'more passage')}" if lang == "en" else f"…ほか{more}か所"
        shown += f"<p>{rest}</p>"
    return shown


def _passages(hunks: Sequence[Hunk]) -> Iterator[list[Hunk]]:
    """Put together what came or went in one piece."""
    run: list[Hunk] = []
    for hunk in hunks:
        if run and not hunk.goes_on:
            yield run
            run = []
        run.append(hunk)
    if run:
        yield run


def _passage_of(run: Sequence[Hunk], lang: str) -> str:
    hunk = run[0]
    label = f"<strong>{text(hunk.label)}</strong> " if hunk.label else ""
    if hunk.place:
        place = word(PLACES, hunk.place, lang)
        label += f"<strong>{f'<span{_ours(lang)}>{place}</span>' if lang == 'en' else place}</strong> "
    note = f"<em{_ours(lang)}>({word(HUNKS, hunk.op, lang)})</em> " if hunk.op in _NOTED else ""
    theirs = ' lang="ja"' if lang == "en" else ""
    return f'<div class="hunk {hunk.op}"{theirs}>{note}{label}{"<br>".join(map(_body, run))}</div>'


def _ours(lang: str) -> str:
    """Mark a word of ours amid what the publisher says in Japanese."""
    return ' lang="en"' if lang == "en" else ""


def _body(hunk: Hunk) -> str:
    if hunk.segments:
        return inline(hunk.segments)
    if hunk.op == "move":
        return text(cut(hunk.new or hunk.old, MAX_PASSAGE_CHARS))
    parts = []
    if hunk.old:
        parts.append(f"<del>{text(cut(hunk.old, MAX_PASSAGE_CHARS))}</del>")
    if hunk.new:
        parts.append(f"<ins>{text(cut(hunk.new, MAX_PASSAGE_CHARS))}</ins>")
    return (" → " if hunk.op == "cell" else "<br>").join(parts)


def inline(segments: Iterable[Segment], side: str = "both") -> str:
    """Show a changed passage with what went and what came in place; ``side`` leaves one of them out."""
    parts = []
    for segment in segments:
        if segment.equal:
            parts.append(text(segment.new))
            continue
        if segment.old and side != "new":
            parts.append(f"<del>{text(segment.old)}</del>")
        if segment.new and side != "old":
            parts.append(f"<ins>{text(segment.new)}</ins>")
    return "".join(parts)


def passage(row: Passage, side: str, lang: str) -> str:
    """Write one side of a row of two texts, ``old`` or ``new``; of ``both``, what went comes first."""
    sides = ((row.old, "old", "del"), (row.new, "new", "ins"))
    shown = [(block, tag) for block, own, tag in sides if block is not None and side in (own, "both")]
    if not shown:
        return ""
    if row.cells:
        return _note(row, lang) + _block(shown[-1][0], [inline(runs, side) for runs in row.cells])
    if row.op in ("same", "move"):  # the words are the same on both sides
        shown = [(shown[-1][0], "")]
    return _note(row, lang) + "".join(_block(block, _cells(block, tag)) for block, tag in shown)


def _note(row: Passage, lang: str) -> str:
    """Note where a moved passage is at its old place and where at its new one."""
    if row.op == "form":
        return f"<small{_ours(lang)}>({word(HUNKS, 'form', lang)})</small> "
    if row.op != "move":
        return ""
    ja, en = ("移動元", "moved from here") if row.new is None else ("移動先", "moved to here")
    return f"<small{_ours(lang)}>({en if lang == 'en' else ja})</small> "


def _cells(block: Block, tag: str) -> list[str]:
    cells = map(text, block.cells if len(block.cells) > 1 else (block.text,))
    return [f"<{tag}>{cell}</{tag}>" if tag and cell else cell for cell in cells]


def _block(block: Block, cells: Sequence[str]) -> str:
    """Show a block with its cells as cells, under the heads of their columns."""
    if len(cells) < 2:
        whole = "".join(cells)
        return f"<p><strong>{whole}</strong></p>" if block.kind == "heading" else f"<p>{whole}</p>"
    heads = block.head if len(block.head) == len(cells) and block.head != block.cells else ("",) * len(cells)
    labels = [f"<small>{text(head)}</small> " if head else "" for head in heads]
    items = "".join(f"<li>{label}{cell}</li>" for label, cell in zip(labels, cells, strict=True) if cell)
    return f'<ul class="cells">{items}</ul>'


def fact_list(facts: Sequence[FactChange], lang: str, *, more: int = 0) -> str:
    """List typed differences; empty where there are none.

    What merely came, as all of a new notice did, stands together by its name. ``more``: so many are left out.
    """
    came: dict[str, list[str]] = {}
    rows: list[tuple[str, list[str]]] = []
    for fact in facts:
        name = text(field_name(fact.field, fact.new or fact.old, lang))
        old, new = (
            value and mark_japanese(say(fact.field, value, lang), lang) for value in (fact.old, fact.new)
        )
        if old:
            rows.append((name, [f"<del>{old}</del> " + (f"→ <ins>{new}</ins>" if new else _gone(lang))]))
        elif name in came and new:
            came[name].append(new)
        elif new:
            came[name] = [new]
            rows.append((name, came[name]))
    items = [f"{name}: {(', ' if lang == 'en' else '、').join(values)}" for name, values in rows]
    if more:
        items.append(f"and {more} more" if lang == "en" else f"ほか{more}件")
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def fact_line(fact: FactChange, lang: str) -> str:
    """Say a typed difference as plain text."""
    old, new = (value and say(fact.field, value, lang) for value in (fact.old, fact.new))
    name = field_name(fact.field, fact.new or fact.old, lang)
    if old and new:
        return f"{name} {old} → {new}"
    if new:
        return f"{name} {new}"
    return f"{name} {old} {_gone(lang)}"


def _gone(lang: str) -> str:
    """Word the mark of struck-out text, which is read out and copied as if it stood."""
    return "(removed)" if lang == "en" else "(削除)"
