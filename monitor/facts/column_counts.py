"""Numbers whose unit stands in the heading of their column: 件数 | 1,500.

A row is a line of cells joined by `` | ``, as reading writes tables; a heading is a row without digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COUNTED = re.compile(
    r"(?P<kind>件|人|者|名|社|世帯|戸|台|枚|口座|アカウント|団体)数|\((?P<unit>件|人|名|社|世帯|台|枚)\)\Z"
)
_NUMBER = re.compile(r"(?:約|最大|延べ)*(?P<n>[0-9][0-9,]*(?:\.[0-9]+)?[万億]?(?:[0-9,]+)?)")
_NOT_SAID = re.compile(r"(?P<said>確認中|調査中|精査中|集計中|非公表|未公表|不明|未定)")
_CELL = re.compile(r"[^|\n]+")
_UNITS = {"者": "人", "名": "人"}


@dataclass(frozen=True, slots=True)
class CountCell:
    """A bare number, or what stands for one, in a column of counts."""

    start: int
    end: int
    text: str
    unit: str


def cells(text: str) -> Iterator[CountCell]:
    """Find the bare cells of columns whose heading says what is counted."""
    heading: dict[int, str] = {}
    width = start = 0
    for line in text.splitlines(keepends=True):
        if " | " not in line:
            width = 0
        else:
            row = [(m.start(), m[0]) for m in _CELL.finditer(line)]
            if len(row) != width:
                heading = _heading([cell for _, cell in row])
                width = len(row) if heading else 0
            else:
                yield from _counted(row, heading, start)
        start += len(line)


def _heading(row: list[str]) -> dict[int, str]:
    """Map column to unit, of a row that heads a table of at least two columns; else nothing."""
    if any(re.search(r"[0-9]", cell) for cell in row):
        return {}
    found = ((i, _COUNTED.search(cell.strip())) for i, cell in enumerate(row))
    units = ((i, match["kind"] or match["unit"]) for i, match in found if match)
    return {i: _UNITS.get(unit, unit) for i, unit in units}


def _counted(row: list[tuple[int, str]], heading: dict[int, str], offset: int) -> Iterator[CountCell]:
    for i, unit in heading.items():
        at, cell = row[i]
        bare = cell.strip()
        if _NUMBER.fullmatch(bare) or _NOT_SAID.fullmatch(bare):
            start = offset + at + len(cell) - len(cell.lstrip())
            yield CountCell(start, start + len(bare), bare, unit)
