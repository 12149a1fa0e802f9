"""Word and Excel files as the same units that HTML gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from monitor.reading import page_dates
from monitor.reading.blocks import clean, cut_sentences
from monitor.reading.files.contained import open_contained
from monitor.reading.files.pdf import choose_title
from storage.records import Block, Reading

MAX_BYTES = 30_000_000
"""Bytes of a file that is opened; a list of ten thousand of what was lost takes half a million."""

_NAME = "ZIP archive or Office file"
_HEAD_CELLS = 3
"""Of a row that is a head though no mark says so: in two columns a label stands beside what it labels."""

Line = Mapping[str, Any]


def read_office(body: bytes, *, url: str = "") -> Reading:
    """Return the Reading of a file that begins as Office files do."""
    if len(body) > MAX_BYTES:
        return Reading("unreadable", f"{_NAME} of {len(body)} bytes")
    answer = open_contained(body)
    if "error" in answer:
        return Reading("unreadable", f"{_NAME}: {answer['error']}"[:200])
    units = tuple(_units(answer["lines"]))
    if not units:
        return Reading("unreadable", f"{_NAME}: no text in it")
    name = choose_title(clean(answer["title"]), [unit.text for unit in units])
    claims = page_dates.add_shown_dates(page_dates.Dates(), units, title=name, url=url)
    return Reading("content", answer["left"], name, claims.published, claims.updated, "", 0, units)


def _units(lines: Sequence[Line]) -> Iterator[Block]:
    head: tuple[str, ...] = ()
    for place, line in enumerate(lines):
        if "cells" not in line:
            text = clean(line["text"])
            if line["kind"] == "heading" and text:
                yield Block("heading", text, level=line["level"])
            elif text:
                yield from (Block(line["kind"], sentence) for sentence in cut_sentences(text))
            continue
        cells = tuple(map(clean, line["cells"]))
        filled = list(filter(None, cells))
        if not filled:
            continue
        if line["first"]:
            head = ()
        if len(filled) == 1:
            cells = tuple(filled)
        else:
            cells += ("",) * (len(head) - len(cells))
        yield Block("row", " | ".join(cells), cells, head)
        if len(filled) > 1 and (line["head"] or (line["first"] and _is_head(filled, lines, place))):
            head = cells


def _is_head(filled: Sequence[str], lines: Sequence[Line], place: int) -> bool:
    """Tell whether the first row of a table names what stands below it: words over figures."""
    if len(filled) < _HEAD_CELLS or any(map(_has_digit, filled)):
        return False
    below = takewhile(lambda line: not line.get("first"), lines[place + 1 : place + 20])
    return any(_has_digit(cell) for line in below for cell in line.get("cells", ()))


def _has_digit(cell: str) -> bool:
    return any(char.isdecimal() for char in cell)
