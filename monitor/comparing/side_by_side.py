"""Two whole texts in rows, so that a person can read them side by side.

Every block of either text stands in exactly one row, in the order of its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from monitor.comparing.align import Alignment, Unit, align, find_same_run
from monitor.comparing.sameness.keys import make_block_key
from monitor.comparing.sameness.values import normalise_values
from monitor.comparing.table_rows import is_row, map_columns
from monitor.comparing.tokens import compare_tokens
from storage.records import Block, Passage, PassageOp, Segment


def lay_out(old: Sequence[Block], new: Sequence[Block]) -> tuple[Passage, ...]:
    """Lay two texts out in rows, side by side."""
    return tuple(_Rows(old, new, align(old, new)).rows())


class _Rows:
    """Walks both texts at once. ``_i`` and ``_j`` are the next blocks of either side."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block], alignment: Alignment) -> None:
        self._old, self._new = old, new
        self._i = self._j = 0
        self._edited = {a.at: (a, b) for a, b in alignment.edited}
        self._edits = {b.at for _, b in alignment.edited}
        self._moved = {b.at: (a, b) for a, b in alignment.moved}
        self._left = {a.at for a, _ in alignment.moved}
        self._deleted = {unit.at for unit in alignment.deleted}
        self._inserted = {unit.at for unit in alignment.inserted}

    def rows(self) -> Iterator[Passage]:
        while self._i < len(self._old) or self._j < len(self._new):
            went, came = self._run_of_old(), self._run_of_new()
            if went or came:
                yield from self._exchanged(went, came)
            elif self._i == len(self._old) or self._j == len(self._new):
                yield self._alone(of_old=self._j == len(self._new))
            elif self._i in self._edited and self._edited[self._i][1].at == self._j:
                yield _edit(*self._edited[self._i])
                self._i, self._j = self._i + 1, self._j + 1
            elif self._i in self._edited or self._j in self._edits:
                yield self._alone(of_old=self._j in self._edits)
            else:
                yield from self._same()

    def _run_of_old(self) -> range:
        start = self._i
        while self._i in self._deleted or self._i in self._left:
            self._i += 1
        return range(start, self._i)

    def _run_of_new(self) -> range:
        start = self._j
        while self._j in self._inserted or self._j in self._moved:
            self._j += 1
        return range(start, self._j)

    def _exchanged(self, went: range, came: range) -> Iterator[Passage]:
        """Put what went and what came in one place side by side."""
        left, right = list(went), list(came)
        while left or right:
            if left and left[0] in self._left:
                yield Passage("move", self._old[left.pop(0)], None)
            elif right and right[0] in self._moved:
                a, b = self._moved[right.pop(0)]
                yield Passage("move", None, b.block, _cells(a, b) if a.key != b.key else ())
            else:
                gone = self._old[left.pop(0)] if left else None
                fresh = self._new[right.pop(0)] if right else None
                yield Passage("replace" if gone and fresh else "delete" if gone else "insert", gone, fresh)

    def _alone(self, *, of_old: bool) -> Passage:
        """Show a block of noise, which is neither paired nor counted as come or gone."""
        if of_old:
            self._i += 1
            return Passage("same", self._old[self._i - 1], None)
        self._j += 1
        return Passage("same", None, self._new[self._j - 1])

    def _same(self) -> Iterator[Passage]:
        """Show what says the same on both sides, though it may be cut into other blocks."""
        i, j = self._i, self._j
        keys = [_bare(block) for block in self._old[i : i + _CUT_BLOCKS]]
        others = [_bare(block) for block in self._new[j : j + _CUT_BLOCKS]]
        if not keys[0] or not others[0]:
            if not keys[0] and not others[0]:
                ends = 1, 1
            else:
                yield self._alone(of_old=not keys[0])
                return
        else:
            ends = find_same_run(keys, 0, others, 0) or (1, 1)
        self._i, self._j = i + ends[0], j + ends[1]
        for a, b in zip_longest(self._old[i : self._i], self._new[j : self._j]):
            yield Passage("same", a, b)


_CUT_BLOCKS = 50
"""Blocks within which one text may be cut unlike the other."""


def _bare(block: Block) -> str:
    return make_block_key(block.text).replace("|", "")


def _edit(a: Unit, b: Unit) -> Passage:
    op: PassageOp = "form" if normalise_values(a.key) == normalise_values(b.key) else "change"
    return Passage(op, a.block, b.block, _cells(a, b))


def _cells(a: Unit, b: Unit) -> tuple[tuple[Segment, ...], ...]:
    if not (is_row(a) and is_row(b)):
        return (_runs(a.block.text, b.block.text),)
    cells = []
    for i, j in map_columns(a, b):
        old = "" if i is None else a.block.cells[i]
        new = "" if j is None else b.block.cells[j]
        cells.append(_runs(old, new))
    return tuple(cells)


def _runs(old: str, new: str) -> tuple[Segment, ...]:
    if old == new:
        return (Segment(old, new),)
    return tuple(run.segment for run in compare_tokens(old, new))
