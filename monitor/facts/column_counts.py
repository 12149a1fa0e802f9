"""Tables: what heads a cell, and numbers whose unit stands in the head of their column: 件数 | 1,500.

A row is a line of cells joined by `` | ``, as reading writes tables; a head is a row without digits. A
cell that others reach into is empty: 件数 over 持ち出し and 流出, and a municipality beside several rows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from storage.records import Fact
from storage.text.patterns import pattern_of
from storage.text.units import COMMON_UNITS, LABEL_UNITS, any_of

_COUNTED = pattern_of(
    rf"(?P<kind>{any_of((*LABEL_UNITS, '名', '台', '枚', '団体'))})数"
    rf"|\((?P<unit>{any_of((*COMMON_UNITS, '台', '枚'))})\)\Z"
)
_NUMBER = pattern_of(r"(?:約|最大|延べ)*(?P<n>[0-9][0-9,]*(?:\.[0-9]+)?[万億]?(?:[0-9,]+)?)")
_NOT_SAID = pattern_of(r"(?P<said>確認中|調査中|精査中|集計中|非公表|未公表|不明|未定)")
_DIGIT = pattern_of(r"[0-9]")
_UNITS = {"者": "人", "名": "人"}
_MAX_HEAD_CHARS = 40  # characters of what still is a head
_LONGEST_ROW = 5_000  # characters of a row that people read as one
_MIN_COLUMNS = 3  # of two, the first row may be a term with its description as the others are
_KNOWING = frozenset(("count", "date"))
"""Fields whose facts are told with the heads of their cell."""


@dataclass(frozen=True, slots=True)
class CountCell:
    """A bare number, or what stands for one, in a column of counts."""

    start: int
    end: int
    text: str
    unit: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table's body: where it starts, its line, and what heads it and its columns."""

    start: int
    line: str
    head: str
    columns: Sequence[Sequence[str]]
    units: Mapping[int, str]

    def cells(self) -> Iterator[tuple[int, str]]:
        """List the cells with their places in the text."""
        at = self.start
        for cell in self.line.split("|"):
            yield at, cell
            at += len(cell) + 1


def find_table_rows(text: str) -> list[TableRow]:
    """Find the rows of the bodies of tables."""
    found: list[TableRow] = []
    if " | " not in text:
        return found
    start = width = 0
    table = _Table([])
    for line in text.split("\n"):
        if " | " not in line:
            width = 0
        else:
            if line.count("|") + 1 != width:
                width = line.count("|") + 1
                table = _Table([[] for _ in range(width)])
            if not table.takes(line):
                table.head = line.partition("|")[0].strip() or table.head
                found.append(TableRow(start, line, table.head, table.columns, table.units))
        start += len(line) + 1
    return found


@dataclass(slots=True)
class _Table:
    """What has been read of a table: the heads of its columns, and of its last row."""

    columns: list[list[str]]
    begun: bool = False  # whether its body has
    head: str = ""
    units: dict[int, str] = field(default_factory=dict)

    def takes(self, line: str) -> bool:
        """Take a row as one of heads; say whether it is one."""
        if _DIGIT.search(line):
            self.begun = True
            return False
        if self.begun and (self.units or not _COUNTED.search(line)):
            return False
        row = [cell.strip() for cell in line.split("|")]
        below = not self.begun and self._is_below(row)
        if any(map(_NOT_SAID.fullmatch, row)) or (
            any(self.columns) and not below and (self.units or not _read_heading(row))
        ):
            self.begun = True
            return False
        if below:
            self._spread(row)
        else:
            self.columns = [[] for _ in row]
        for column, cell in zip(self.columns, row, strict=True):
            if cell and cell not in column:
                column.append(cell)
        self.begun, self.head = False, ""
        self.units = _read_heading([" ".join(reversed(column)) for column in self.columns])
        return True

    def _is_below(self, row: list[str]) -> bool:
        """Say whether a row is the rest of the heads: one above reaches over several of its cells."""
        reached = any(cell and not column for cell, column in zip(row, self.columns, strict=True))
        return reached and any(self.columns) and not all(row)

    def _spread(self, row: list[str]) -> None:
        """Let a head that covers columns without one, each with a head below, be the head of these too."""
        for i, (before, column) in enumerate(zip(self.columns, self.columns[1:], strict=False), 1):
            if not column and row[i]:
                column += before


def find_count_cells(table: Iterable[TableRow]) -> Iterator[CountCell]:
    """Find the bare cells of columns whose heading says what is counted."""
    for row in table:
        if not row.units:
            continue
        for i, (at, cell) in enumerate(row.cells()):
            bare = cell.strip()
            if i in row.units and (_NUMBER.fullmatch(bare) or _NOT_SAID.fullmatch(bare)):
                start = at + len(cell) - len(cell.lstrip())
                yield CountCell(start, start + len(bare), bare, row.units[i])


def _read_heading(row: list[str]) -> dict[int, str]:
    """Column to unit, of the heads of a table."""
    found = ((i, _COUNTED.search(cell)) for i, cell in enumerate(row))
    units = ((i, match["kind"] or match["unit"]) for i, match in found if match)
    return {i: _UNITS.get(unit, unit) for i, unit in units}


def add_heads(table: Sequence[TableRow], facts: Iterable[Fact]) -> list[Fact]:
    """Add to counts and dates in tables what heads their row and their column."""
    if not table:
        return list(facts)
    starts = [row.start for row in table]
    return [_with_heads(table, starts, fact) if fact.field in _KNOWING else fact for fact in facts]


def _with_heads(table: Sequence[TableRow], starts: Sequence[int], fact: Fact) -> Fact:
    row = table[bisect_right(starts, fact.start) - 1]
    if not row.start <= fact.start < row.start + len(row.line) or len(row.line) > _LONGEST_ROW:
        return fact
    i = row.line.count("|", 0, fact.start - row.start)
    named = len(row.columns) >= _MIN_COLUMNS or row.units
    said = (("row", row.head if i else ""), ("column", " ".join(row.columns[i]) if named else ""))
    heads = (f"{name}:{head}" for name, head in said if head and len(head) <= _MAX_HEAD_CHARS)
    return replace(fact, qualifiers=(*fact.qualifiers, *heads))
