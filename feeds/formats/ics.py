"""An iCalendar file (RFC 5545) of all-day events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from feeds.wording.sanitise import one_line, plain

UID_DOMAIN = "kohyo.invalid"  # as in the tags of feeds: reserved, so nobody else can coin such a UID

MAX_SUMMARY_CHARS = 80

ALARMS = ("-P6DT15H", "-PT15H")
"""Before the day begins: at nine in the morning a week and a day before."""


@dataclass(frozen=True, slots=True)
class DayEvent:
    """An event of whole days. ``changed`` is when what it says was last seen to be another."""

    uid: str
    day: str  # ISO 8601: a day, or a month where only that is known
    summary: str
    about: tuple[str, ...]  # lines
    url: str
    changed: datetime
    moves: int = 0
    days: int = 1
    alarms: bool = False


def write_events(events: Iterable[DayEvent], *, name: str, product: str) -> bytes:
    """Write a calendar; what has no day that can be is left out."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//kohyo//{product}//JA",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape_text(name)}",
    ]
    for event in events:
        span = _span_of_day(event.day, event.days)
        if span is None:
            continue
        # The stamp is when kohyo saw this, not when the file was written: equal data, equal bytes.
        stamp = event.changed.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        summary = _escape_text(one_line(event.summary, MAX_SUMMARY_CHARS))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{stamp}",
            f"LAST-MODIFIED:{stamp}",
            f"SEQUENCE:{event.moves}",
            f"DTSTART;VALUE=DATE:{span[0]:%Y%m%d}",
            f"DTEND;VALUE=DATE:{span[1]:%Y%m%d}",
            f"SUMMARY:{summary}",
            "DESCRIPTION:" + _escape_text("\n".join(filter(None, map(one_line, event.about)))),
            f"URL:{event.url}",
            "TRANSP:TRANSPARENT",
        ]
        for trigger in ALARMS if event.alarms else ():
            alarm = ("ACTION:DISPLAY", f"TRIGGER:{trigger}", f"DESCRIPTION:{summary}")
            lines += ["BEGIN:VALARM", *alarm, "END:VALARM"]
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(_fold_line(line) for line in lines).encode()


def _span_of_day(day: str, days: int) -> tuple[date, date] | None:
    """Give the first day and the day after the last: a month where only the month is known."""
    try:
        if len(day) == len("2024-02"):
            first = date.fromisoformat(f"{day}-01")
            return first, (first + timedelta(days=32)).replace(day=1)
        first = date.fromisoformat(day)
        return first, first + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def _escape_text(value: str) -> str:
    """Escape TEXT as in RFC 5545, 3.3.11."""
    escaped = plain(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _fold_line(line: str) -> str:
    """Fold a line into pieces of at most 75 octets, never inside a character."""
    pieces, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += width
    return "\r\n".join(pieces) + "\r\n"
