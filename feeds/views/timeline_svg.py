"""Draw the changes of an incident and the steps taken: one line a publisher, time from left to right.

Plain SVG with attributes only, as the policy of the pages allows no style in it; everything in it
also stands in the tables of the page.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from feeds.wording.sanitise import cut, text
from feeds.wording.tables.change_words import KINDS
from storage.text.japanese import JST

WIDTH, LEFT, RIGHT, ROW, TOP = 960, 210, 30, 42, 34
NAME_LETTERS = 32  # widths of a Latin letter that a line of a lane's name may take
STEP = "step"
MIN_APART_PIXELS = 74  # labels on one side of a line are no closer


@dataclass(frozen=True, slots=True)
class Point:
    """One change or step in the picture."""

    lane: str
    when: datetime
    kind: str
    label: str  # a stated count, or nothing
    title: str
    href: str


def list_kinds(points: Iterable[Point]) -> list[str]:
    """List the kinds of change in the picture, for its key; steps come last."""
    shown = {point.kind for point in points}
    return [kind for kind in (*KINDS, STEP) if kind in shown]


def draw_timeline(points: Sequence[Point], description: str) -> Markup:
    """Draw the points as SVG; empty where there are none."""
    if not points:
        return Markup("")
    points = sorted(points, key=lambda point: point.when)
    lanes = list(dict.fromkeys(point.lane for point in points))
    first, last = points[0].when, points[-1].when
    span = max((last - first).total_seconds(), timedelta(days=1).total_seconds())
    height = TOP + ROW * len(lanes) + 10

    def x(when: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (when - first).total_seconds() / span, 1)

    parts = [
        f'<svg class="timeline" role="group" aria-label="{text(description)}" '
        f'viewBox="0 0 {WIDTH} {height}" xmlns="http://www.w3.org/2000/svg">'
    ]
    shown = float("-inf")
    for mark in _months(first, last):
        at = max(x(mark), LEFT)
        parts.append(f'<line class="axis" x1="{at}" y1="{TOP - 10}" x2="{at}" y2="{height - 6}"/>')
        if at - shown >= MIN_APART_PIXELS and at < WIDTH - 40:
            parts.append(f'<text class="soft" x="{at + 3}" y="{TOP - 14}">{mark:%Y-%m}</text>')
            shown = at
    for number, (lane, name) in enumerate(zip(lanes, _fit_names(lanes), strict=True)):
        y = TOP + ROW * number + ROW // 2
        parts.append(f'<text x="0" lang="ja">{_draw_name(lane, name, y)}</text>')
        parts.append(f'<line class="axis" x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>')
        above = below = float("-inf")  # where the last label of either side stands
        for point in (one for one in points if one.lane == lane):
            at = x(point.when)
            parts.append(
                f'<a href="{text(point.href)}"><title>{text(point.title)}</title>'
                f"{_draw_mark(point.kind, at, y)}</a>"
            )
            if point.label and (at - above >= MIN_APART_PIXELS or at - below >= MIN_APART_PIXELS):
                high = at - above >= MIN_APART_PIXELS
                above, below = (at, below) if high else (above, at)
                end = ' text-anchor="end"' if at > WIDTH - RIGHT - MIN_APART_PIXELS else ""
                place = f'x="{at}" y="{y - 9 if high else y + 17}"{end}'
                parts.append(f'<text lang="ja" {place}>{text(cut(point.label, 14))}</text>')
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - every text in it went through marks.text


def _draw_mark(kind: str, x: float, y: int) -> str:
    """Draw a mark: round, square for an update, a triangle for a step; colour is not all that tells them."""
    if kind == STEP:
        corners = f"{x},{y - 6} {round(x - 6, 1)},{y + 5} {round(x + 6, 1)},{y + 5}"
        return f'<polygon class="{text(kind)}" points="{corners}"/>'
    corner = 0 if kind == "updated" else 5
    return (
        f'<rect class="{text(kind)}" x="{round(x - 5, 1)}" y="{y - 5}" width="10" height="10" rx="{corner}"/>'
    )


def _draw_name(lane: str, lines: Sequence[str], y: int) -> str:
    """Write a lane's name on one line beside it or two around it; its title holds the whole name."""
    first = y + 4 if len(lines) == 1 else y - 3
    spans = (f'<tspan x="0" y="{first + 15 * n}">{text(line)}</tspan>' for n, line in enumerate(lines))
    return f"<title>{text(lane)}</title>{''.join(spans)}"


def _fit_names(lanes: Sequence[str]) -> list[list[str]]:
    """Fit each lane's name into its lines; names that differ only in what is left out are numbered."""
    names = [_fit_name(lane) for lane in lanes]
    alike = Counter(map(tuple, names))
    return [
        _fit_name(lane, f"…({number})…") if alike[tuple(name)] > 1 else name
        for number, (lane, name) in enumerate(zip(lanes, names, strict=True), 1)
    ]


def _fit_name(name: str, left_out: str = "…") -> list[str]:
    """Fit a name on one line or two, without its middle if two do not hold it."""
    first = _cut_to_width(name, NAME_LETTERS)
    if first == name:
        return [name]
    word = first.rpartition(" ")[0]
    for begun in filter(None, (word, first)):
        rest = name[len(begun) :].strip()
        if _width(rest) <= NAME_LETTERS:
            return [begun, rest]
    return [first, left_out + _cut_to_width(name[::-1], NAME_LETTERS - _width(left_out))[::-1]]


def _cut_to_width(name: str, width: int) -> str:
    for end, letter in enumerate(name):
        width -= _width(letter)
        if width < 0:
            return name[:end]
    return name


def _width(name: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in name)


def _months(first: datetime, last: datetime) -> list[datetime]:
    """List the first of each month in between, thinned to about a dozen."""
    month = first.astimezone(JST).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = []
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months[:: max(1, len(months) // 12)]
