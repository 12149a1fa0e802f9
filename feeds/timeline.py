"""The changes of an incident as a picture: one line a publisher, time from left to right.

Plain SVG with attributes only, as the policy of the pages allows no style in it; whatever it shows
stands in the tables of the page too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from feeds.clean import cut
from feeds.marks import text
from feeds.words import JST

WIDTH, LEFT, RIGHT, ROW, TOP = 960, 210, 30, 42, 34
APART = 74  # labels on one side of a line are no closer


@dataclass(frozen=True, slots=True)
class Point:
    lane: str
    when: datetime
    kind: str
    label: str  # a stated count, or nothing
    title: str
    href: str


def timeline(points: Sequence[Point], description: str) -> Markup:
    """Empty where there is nothing to show."""
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
        if at - shown >= APART and at < WIDTH - 40:
            parts.append(f'<text class="soft" x="{at + 3}" y="{TOP - 14}">{mark:%Y-%m}</text>')
            shown = at
    for number, lane in enumerate(lanes):
        y = TOP + ROW * number + ROW // 2
        parts.append(f'<text x="0" y="{y + 4}">{text(cut(lane, 16))}</text>')
        parts.append(f'<line class="axis" x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>')
        above = below = float("-inf")  # where the last label of either side stands
        for point in (one for one in points if one.lane == lane):
            at = x(point.when)
            parts.append(
                f'<a href="{text(point.href)}"><title>{text(point.title)}</title>'
                f'<circle class="{text(point.kind)}" cx="{at}" cy="{y}" r="5"/></a>'
            )
            if point.label and (at - above >= APART or at - below >= APART):
                high = at - above >= APART
                above, below = (at, below) if high else (above, at)
                end = ' text-anchor="end"' if at > WIDTH - RIGHT - APART else ""
                parts.append(
                    f'<text x="{at}" y="{y - 9 if high else y + 17}"{end}>{text(cut(point.label, 14))}</text>'
                )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - every text in it went through marks.text


def _months(first: datetime, last: datetime) -> list[datetime]:
    """The first of each month in between, thinned to about a dozen."""
    month = first.astimezone(JST).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = []
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months[:: max(1, len(months) // 12)]
