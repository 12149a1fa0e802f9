"""Which notice a listing's row is: address, title and date compared with the listing's last state.

A URL is no identity: one address can stand for several notices, and a notice can be re-dated,
re-titled or moved. Rows that scroll off a listing mean nothing here.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storage.records import Row
from storage.text.fold import fold

RowEventKind = Literal["new", "redated", "retitled", "moved"]


@dataclass(frozen=True, slots=True)
class RowEvent:
    """What happened to one row; ``before`` is its earlier form, None for ``new``."""

    kind: RowEventKind
    row: Row
    before: Row | None = None


def match_rows(before: Sequence[Row], after: Sequence[Row]) -> list[RowEvent]:
    """Compare two states of one listing, in the order of ``after``.

    Same address and title: same notice, a new date is an update. Same address, new title, old row
    gone: re-titled. Same title and date, new address, old row gone: moved. Otherwise new.
    """
    left = Counter(_identity(row) for row in before)
    unmatched: list[Row] = []
    for row in after:
        if left[_identity(row)]:
            left[_identity(row)] -= 1
        else:
            unmatched.append(row)
    gone = _gone(before, left)
    events: list[RowEvent] = []
    for row in unmatched:
        kind, old = _match(row, gone)
        if old is not None:
            gone.remove(old)
        events.append(RowEvent(kind, row, old))
    return events


def pair_rows(before: Sequence[Row], after: Sequence[Row]) -> list[tuple[Row | None, Row]]:
    """What other rules read of the same bytes, in the order of ``after``, each with what was read before.

    Nothing comes, goes or scrolls here: rows of one address are the same in their order, and a row whose
    address is read otherwise is that of the same title and date."""
    found: list[Row | None] = [None] * len(after)
    left = list(before)
    for parts in (slice(3), slice(2), slice(1), slice(1, 3)):  # of address, title and date
        waiting = defaultdict[tuple[str, ...], deque[Row]](deque)
        for row in left:
            waiting[_identity(row)[parts]].append(row)
        for place, row in enumerate(after):
            if found[place] is None and waiting[_identity(row)[parts]]:
                found[place] = waiting[_identity(row)[parts]].popleft()
        left = [row for rows in waiting.values() for row in rows]
    return list(zip(found, after, strict=True))


def _match(row: Row, gone: Sequence[Row]) -> tuple[RowEventKind, Row | None]:
    title = fold(row.title)
    for old in gone:
        if old.url == row.url and fold(old.title) == title:
            return "redated", old
    for old in gone:
        if fold(old.title) == title and old.published == row.published:
            return "moved", old
    at_address = [old for old in gone if old.url == row.url]
    if len(at_address) == 1:
        return "retitled", at_address[0]
    return "new", None


def _identity(row: Row) -> tuple[str, ...]:
    return row.url, fold(row.title), str(row.published)


def _gone(before: Sequence[Row], left: Counter[tuple[str, ...]]) -> list[Row]:
    """The rows no longer there, without those that merely scrolled off the end."""
    missing = left.copy()
    absent = []
    for row in before:
        absent.append(missing[_identity(row)] > 0)
        if absent[-1]:
            missing[_identity(row)] -= 1
    last_kept = max((place for place, is_absent in enumerate(absent) if not is_absent), default=len(before))
    return [row for place, row in enumerate(before) if absent[place] and place <= last_kept]
