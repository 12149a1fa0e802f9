"""Which notice a listing's row is: address, title and date compared with the listing's last state.

A URL is no identity: one address can stand for several notices, and a notice can be re-dated,
re-titled or moved. Rows that scroll off a listing mean nothing here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from storage.records import Row
from storage.text.fold import fold
from storage.text.urls import place

_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp|cgi)$", re.I)
RowEventKind = Literal["new", "redated", "retitled", "moved", "respelled"]


@dataclass(frozen=True, slots=True)
class RowEvent:
    """What happened to one row; ``before`` is its earlier form, None for ``new``."""

    kind: RowEventKind
    row: Row
    before: Row | None = None


def match_rows(before: Sequence[Row], after: Sequence[Row]) -> list[RowEvent]:
    """Compare two states of one listing, in the order of ``after``.

    Same address and title: same notice, a new date is an update. Same address, new title, old row
    gone: re-titled. Same title and date, new address, old row gone: moved, or spelled otherwise where
    nothing shows that anything moved. Otherwise new. The time it takes grows with the rows, not their square.
    """
    left = Counter(map(identify, before))
    unmatched: list[Row] = []
    for row in after:
        key = identify(row)
        if left[key]:
            left[key] -= 1
        else:
            unmatched.append(row)
    gone = _Gone(_list_gone(before, left))
    events: list[RowEvent] = []
    for row in unmatched:
        kind, old = gone.take(row)
        events.append(RowEvent(kind, row, old))
    return _with_evidence(events)


def moved_together(events: Sequence[RowEvent]) -> bool:
    """Tell whether all that happened to a list is that most of its rows, three or more, have other addresses.

    Once that is another site; at two visits running it is a number made anew for every visitor.
    """
    moved = sum(event.kind in ("moved", "respelled") for event in events)
    return moved >= 3 and 2 * moved > len(events)


def pair_rows(before: Sequence[Row], after: Sequence[Row]) -> list[tuple[Row | None, Row]]:
    """Pair what other rules read of the same bytes, in the order of ``after``, with what was read before.

    Nothing comes, goes or scrolls here: rows of one address are the same in their order, and a row whose
    address is read otherwise is that of the same title and date."""
    found: list[Row | None] = [None] * len(after)
    left = list(before)
    for parts in (slice(3), slice(2), slice(1), slice(1, 3)):  # of address, title and date
        waiting = defaultdict[tuple[str, ...], deque[Row]](deque)
        for row in left:
            waiting[tuple(identify(row)[parts])].append(row)
        for number, row in enumerate(after):
            if found[number] is None and waiting[tuple(identify(row)[parts])]:
                found[number] = waiting[tuple(identify(row)[parts])].popleft()
        left = [row for rows in waiting.values() for row in rows]
    return list(zip(found, after, strict=True))


def identify(row: Row) -> tuple[str, str, str]:
    """Return what two forms of one row have in common: place, folded title and date."""
    return place(row.url), fold(row.title), str(row.published)


class _Gone:
    """Rows that are no longer there, found in turn by what a new row has in common with them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows: list[Row | None] = list(rows)
        self._by: defaultdict[tuple[str, ...], deque[int]] = defaultdict(deque)
        self._standing: Counter[str] = Counter()
        for number, row in enumerate(rows):
            for key in self._keys(row):
                self._by[key].append(number)
            self._standing[place(row.url)] += 1

    def take(self, row: Row) -> tuple[RowEventKind, Row | None]:
        """Say what became of the row that this one stands for, and leave it out from now on."""
        titled, dated, at = self._keys(row)
        if old := self._first(titled):
            return "redated", old
        if old := self._first(dated):
            return "moved", old
        if self._standing[at[1]] == 1 and (old := self._first(at)):
            return "retitled", old
        return "new", None

    def _first(self, key: tuple[str, ...]) -> Row | None:
        waiting = self._by.get(key, deque())
        while waiting:
            number = waiting.popleft()
            row, self._rows[number] = self._rows[number], None
            if row is not None:
                self._standing[place(row.url)] -= 1
                return row
        return None

    @staticmethod
    def _keys(row: Row) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        at, title, day = identify(row)
        return ("titled", at, title), ("dated", title, day), ("at", at)


def _with_evidence(events: list[RowEvent]) -> list[RowEvent]:
    """Call a row moved only where something shows that it is.

    That is another path or host, or a number in its query that is not altered in all rows at once, as
    sessions and numbers against caches are.
    """
    moved = [event for event in events if event.kind == "moved" and event.before is not None]
    in_query = [event for event in moved if event.before and _stem(event.before.url) == _stem(event.row.url)]
    together = len(in_query) >= 3 and 2 * len(in_query) > len(events)
    spelled = {id(event) for event in in_query if together or not _numbers(event)}
    return [replace(event, kind="respelled") if id(event) in spelled else event for event in events]


def _stem(url: str) -> str:
    """Return an address without query and without the name of a folder's own page (``/index.html``)."""
    return _INDEX.sub("", re.split("[;?#]", place(url), maxsplit=1)[0])


def _numbers(event: RowEvent) -> bool:
    """Tell whether a parameter that differs holds a digit, as what names an article does."""
    assert event.before is not None
    old, new = (set(re.split("[;?&#]", place(row.url))[1:]) for row in (event.before, event.row))
    return any(char.isdigit() for pair in old ^ new for char in pair.partition("=")[2] or pair)


def _list_gone(before: Sequence[Row], left: Counter[tuple[str, str, str]]) -> list[Row]:
    """Return the rows no longer there, without those that merely scrolled off the end."""
    missing = left.copy()
    absent = []
    for row in before:
        absent.append(missing[identify(row)] > 0)
        if absent[-1]:
            missing[identify(row)] -= 1
    last_kept = max((number for number, gone in enumerate(absent) if not gone), default=len(before))
    return [row for number, row in enumerate(before) if absent[number] and number <= last_kept]
