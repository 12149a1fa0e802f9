"""Rows beside rows: which cell of which row and column changed, and whether a column came or went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from monitor.comparing.align import Unit
from monitor.comparing.lcs import find_matching_runs
from monitor.comparing.sameness.keys import make_block_key

ColumnMap = list[tuple[int | None, int | None]]
"""Old and new index of each column; None where it is missing on that side."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell on both sides, with the words that say where it stands."""

    old: str
    new: str
    label: str


@dataclass(slots=True)
class Column:
    """A column that a table gained (``gained``) or lost, with its cells row by row."""

    label: str
    gained: bool
    at: int
    cells: list[str] = field(default_factory=list)


def is_row(unit: Unit) -> bool:
    """Tell whether a block is a row of several cells."""
    return len(unit.block.cells) > 1


def find_changed_cells(old: Unit, new: Unit, columns: ColumnMap) -> list[Cell]:
    """List the cells that stand on both sides and differ."""
    a, b = old.block.cells, new.block.cells
    return [
        Cell(a[i], b[j], _label(new, j))
        for i, j in columns
        if i is not None and j is not None and make_block_key(a[i]) != make_block_key(b[j])
    ]


def _label(row: Unit, column: int) -> str:
    """Say where a cell stands, as far as the table says: "みなと通販 / 件数"."""
    cells, head = row.block.cells, row.block.head
    name = cells[0].strip() if column > 0 else ""
    if not name and row.block.row_head:  # a cell above names the row, and perhaps one before the column
        within = next((cell.strip() for cell in cells[:column] if cell.strip()), "")
        name = " / ".join(part for part in (row.block.row_head, within) if part)
    title = head[column].strip() if column < len(head) and len(head) == len(cells) else ""
    return " / ".join(part for part in (name, title) if part)


def map_columns(old: Unit, new: Unit) -> ColumnMap:
    """Map columns to columns: by the heads where both tables have them, else by the cells."""
    a, b = old.block, new.block
    heads = len(a.head) == len(a.cells) and len(b.head) == len(b.cells)
    if len(a.cells) == len(b.cells) and (not heads or _keys(a.head) == _keys(b.head)):
        return [(i, i) for i in range(len(a.cells))]
    left, right = (_keys(a.head), _keys(b.head)) if heads else (_keys(a.cells), _keys(b.cells))
    out: ColumnMap = []
    i = j = 0
    for at, bt, size in find_matching_runs(left, right):
        gap_old, gap_new = list(range(i, at)), list(range(j, bt))
        if len(gap_old) == len(gap_new) or not heads:  # renamed heads, edited cells
            both = min(len(gap_old), len(gap_new))
            out += zip(gap_old[:both], gap_new[:both], strict=True)
            gap_old, gap_new = gap_old[both:], gap_new[both:]
        out += ((x, None) for x in gap_old)
        out += ((None, y) for y in gap_new)
        out += ((at + k, bt + k) for k in range(size))
        i, j = at + size, bt + size
    return out


def _keys(cells: Iterable[str]) -> list[str]:
    return [make_block_key(cell) for cell in cells]


def find_changed_columns(pairs: Sequence[tuple[Unit, Unit]]) -> tuple[list[Column], set[int]]:
    """Find columns that came or went in at least two rows of a table.

    Returns these, and the new places of the rows that they explain.
    """
    found: list[Column] = []
    explained: set[int] = set()
    rows = [(a, b) for a, b in pairs if is_row(a) and is_row(b)]
    for _, group in groupby(enumerate(rows), key=lambda item: item[1][1].at - item[0]):
        table = [pair for _, pair in group]
        columns: dict[tuple[bool, int], Column] = {}
        touched: dict[tuple[bool, int], set[int]] = {}
        for a, b in table:
            for i, j in map_columns(a, b):
                if i is not None and j is not None:
                    continue
                unit, index = (b, j) if i is None else (a, i)
                assert index is not None
                where = (i is None, index)
                cells, head = unit.block.cells, unit.block.head
                label = head[index] if len(head) == len(cells) else ""
                column = columns.setdefault(where, Column(label, i is None, b.at))
                column.label = column.label or label
                if not (head and cells == head):
                    column.cells.append(f"{cells[0]}: {cells[index]}" if index else cells[index])
                touched.setdefault(where, set()).add(b.at)
        for where, column in columns.items():
            if len(touched[where]) >= 2:
                # a table without marked heads names its columns in its first row
                column.label = column.label or column.cells[0].rpartition(": ")[2]
                found.append(column)
                explained |= touched[where]
    return found, explained
