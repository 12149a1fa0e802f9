"""Deadlines as an iCalendar file (RFC 5545).

A deadline that is moved stays the same event: its UID comes from the notice and from when the
deadline first appeared there, never from its date, and each move raises its SEQUENCE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from feeds.addresses import Site, notice_page
from feeds.formats.entries import Names
from feeds.wording.sanitise import one_line, plain
from feeds.wording.tables.feed_words import FEEDS
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import word
from storage.archive import Reader
from storage.query import Query
from storage.records import Change, Notice

UID_DOMAIN = "kohyo.invalid"  # as in the tags of feeds: reserved, so nobody else can coin such a UID

MAX_SUMMARY_CHARS, MAX_SENTENCE_CHARS = 80, 200  # characters
_ENDS = "。\n"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date by which something is due, with its history within a notice."""

    notice: int
    born: int  # the change that brought it
    place: int  # among those born together
    day: str  # ISO 8601: a day, or a month where only that is known
    changed: datetime
    moves: int = 0

    @property
    def uid(self) -> str:
        """Give the event's UID, which stays the same when the deadline moves."""
        return f"deadline-{self.notice}-{self.born}-{self.place}@{UID_DOMAIN}"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """A deadline with what the calendar shows of it."""

    deadline: Deadline
    notice: Notice
    publisher: str
    url: str  # of the notice's page
    sentence: str  # what is due, in the publisher's own words; empty where these are gone
    changed: datetime  # when either was last seen to be another


def notices_with_deadlines(changes: Iterable[Change]) -> set[int]:
    """List the notices among whose changes a deadline is stated."""
    return {change.notice for change in changes for fact in change.facts if fact.field == "deadline"}


class NoticesWithDeadlines:
    """A cache of the notices that state a deadline; only changes that came since are read again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._notices: set[int] = set()
        self._seen: tuple[int, int] = (0, 0)  # the newest change, and the last run that altered the past

    def refresh(self, reader: Reader) -> set[int]:
        """Bring the cache up to date and return the ids of the notices."""
        newest = reader.brief_changes(Query(limit=1))
        seen = (newest[0].id if newest else 0, reader.last_run_that_altered_the_past())
        with self._lock:
            if seen != self._seen:
                until = self._seen[0] if seen[1] == self._seen[1] else 0
                self._notices |= notices_with_deadlines(_changes_back_to(reader, until))
                self._seen = seen
            return set(self._notices)


def _changes_back_to(reader: Reader, last: int) -> Iterator[Change]:
    """Read changes from the newest back to the one with the id ``last``."""
    after: int | None = None
    while found := reader.brief_changes(Query(material=True, limit=200, after=after)):
        for change in found:
            if change.id == last:
                return
            yield change
        after = found[-1].id


def follow_deadlines(changes: Sequence[Change]) -> list[Deadline]:
    """Follow a notice's deadlines through its changes (oldest first) and return those it states now."""
    standing: list[Deadline] = []
    for change in changes:
        places = 0
        for fact in change.facts:
            if fact.field != "deadline":
                continue
            known = next((at for at, one in enumerate(standing) if fact.old and one.day == fact.old), None)
            if fact.new is None:
                if known is not None:
                    del standing[known]
            elif known is not None:
                old = standing[known]
                standing[known] = replace(old, day=fact.new, changed=change.detected_at, moves=old.moves + 1)
            elif all(one.day != fact.new for one in standing):
                standing.append(Deadline(change.notice, change.id, places, fact.new, change.detected_at))
                places += 1
    return standing


def write_deadlines(reader: Reader, notices: Iterable[int], names: Names, site: Site) -> bytes:
    """Write the calendar of all deadlines that these notices state, in order of their days."""
    events = []
    for id in notices:
        notice = reader.notice(id)
        if notice is not None:
            publisher, url = names.source(notice.source), site.url(notice_page(id))
            standing = follow_deadlines(reader.changes_of_notice(id))
            said = _quote_deadlines(reader, notice) if standing else {}
            for deadline in standing:
                sentence, captured = said.get(deadline.day, ("", deadline.changed))
                changed = max(deadline.changed, captured)
                events.append(CalendarEvent(deadline, notice, publisher, url, sentence, changed))
    events.sort(key=lambda event: (event.deadline.day, event.deadline.uid))
    return write_calendar(events, site.lang)


def _quote_deadlines(reader: Reader, notice: Notice) -> dict[str, tuple[str, datetime]]:
    """Find, for each day, the sentence that sets that deadline, and since when the text reads so.

    The notice's own page is asked first, then its attachments.
    """
    said: dict[str, tuple[str, datetime]] = {}
    for page in (reader.page_by_id(notice.page), *reader.attachments_of(notice.page)):
        if page is None or page.version is None:
            continue
        facts = [fact for fact in reader.facts(page.version) if fact.field == "deadline"]
        version = reader.version(page.version) if facts else None
        if version is not None:
            for fact in facts:
                due = cut_sentence(version.text, fact.start, fact.end)
                said.setdefault(str(fact.value), (due, version.captured_at))
    return said


def cut_sentence(text: str, start: int, end: int) -> str:
    """Cut out the sentence or line around a place in a text; of a long one, what stands closest."""
    first = max(text.rfind(mark, 0, start) for mark in _ENDS) + 1
    last = min((at + 1 for mark in _ENDS if (at := text.find(mark, end)) >= 0), default=len(text))
    around = (MAX_SENTENCE_CHARS - (end - start)) // 2
    begun, ended = max(first, start - around), min(last, end + around)
    said = " ".join(text[begun:ended].split())
    return ("…" if begun > first else "") + said + ("…" if ended < last else "")


def write_calendar(events: Iterable[CalendarEvent], lang: str) -> bytes:
    """Write all-day events, one for each deadline of each notice."""
    name, due = word(FEEDS, "deadlines", lang), word(LABELS, "due", lang)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//kohyo//deadlines//JA",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape_text(name)}",
    ]
    for event in events:
        deadline = event.deadline
        span = _span_of_day(deadline.day)
        if span is None:
            continue
        # The stamp is when kohyo saw this, not when the file was written: equal data, equal bytes.
        stamp = event.changed.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        title = one_line(event.notice.title)
        about = [line for line in (one_line(event.sentence), title, event.url) if line]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{deadline.uid}",
            f"DTSTAMP:{stamp}",
            f"LAST-MODIFIED:{stamp}",
            f"SEQUENCE:{deadline.moves}",
            f"DTSTART;VALUE=DATE:{span[0]:%Y%m%d}",
            f"DTEND;VALUE=DATE:{span[1]:%Y%m%d}",
            "SUMMARY:" + _escape_text(one_line(f"{due}: {event.publisher}: {title}", MAX_SUMMARY_CHARS)),
            "DESCRIPTION:" + _escape_text("\n".join(about)),
            f"URL:{event.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(_fold_line(line) for line in lines).encode()


def _span_of_day(day: str) -> tuple[date, date] | None:
    """Give the first day and the day after the last: a month where only the month is known."""
    try:
        if len(day) == len("2024-02"):
            first = date.fromisoformat(f"{day}-01")
            return first, (first + timedelta(days=32)).replace(day=1)
        first = date.fromisoformat(day)
        return first, first + timedelta(days=1)
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
