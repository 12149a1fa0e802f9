"""Deadlines as a calendar: a duty once, however many notices state it.

A deadline that is moved stays the same event: its UID comes from the notice and from when the
deadline first appeared there, never from its date, and each move raises its SEQUENCE.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from feeds.addresses import Site, notice_page
from feeds.formats.entries import Names
from feeds.formats.ics import UID_DOMAIN, DayEvent, write_events
from feeds.wording.sanitise import one_line
from feeds.wording.tables.feed_words import FEEDS
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import word
from storage.archive import Reader
from storage.query import Query
from storage.records import Change, Notice

MAX_SENTENCE_CHARS = 200
_ENDS = "。\n"

_DAYS = re.compile(r"(?:令和|平成)?[0-9０-９元]+(?:年度?|月|日)|期限")
_SUBSTANCE = re.compile("[\u3400-\u9fff々]{2,}|[\u30a1-\u30fa\u30fc]{2,}")
_MIN_SHARED = 0.5
"""Part of the pairs of characters of the shorter sentence that two sentences about one duty share."""


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
    by_regulator: bool = False


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
    regulators = {source.id for source in reader.sources() if source.kind == "regulator"}
    for id in notices:
        notice = reader.notice(id)
        if notice is not None:
            publisher, url = names.source(notice.source), site.url(notice_page(id))
            standing = follow_deadlines(reader.changes_of_notice(id))
            said = _quote_deadlines(reader, notice) if standing else {}
            for deadline in standing:
                sentence, captured = said.get(deadline.day, ("", deadline.changed))
                changed = max(deadline.changed, captured)
                by = notice.source in regulators
                events.append(CalendarEvent(deadline, notice, publisher, url, sentence, changed, by))
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
    """Write all-day events with alarms before them, one for each duty, in order of their days."""
    due = word(LABELS, "due", lang)
    duties = [_write_duty(group, due) for group in group_duties(events)]
    duties.sort(key=lambda duty: (duty.day, duty.uid))
    return write_events(duties, name=word(FEEDS, "deadlines", lang), product="deadlines")


def group_duties(events: Iterable[CalendarEvent]) -> list[list[CalendarEvent]]:
    """Bring together what states one duty: due on one day, of one incident or source, worded alike.

    An order of the regulator and what the companies say of it are one duty. Two events without a sentence, or
    with sentences about other things, are never one.
    """
    of_day: defaultdict[str, list[list[CalendarEvent]]] = defaultdict(list)
    for event in sorted(events, key=lambda event: (event.deadline.born, event.deadline.place)):
        groups = of_day[event.deadline.day]
        same = (group for group in groups if any(_is_one_duty(event, other) for other in group))
        if (group := next(same, None)) is None:
            groups.append([event])
        else:
            group.append(event)
    return [group for groups in of_day.values() for group in groups]


def _is_one_duty(one: CalendarEvent, other: CalendarEvent) -> bool:
    if one.notice.id == other.notice.id:
        return False
    if not {*one.notice.incidents} & {*other.notice.incidents} and one.notice.source != other.notice.source:
        return False
    first, second = _bigrams(one.sentence), _bigrams(other.sentence)
    fewest = min(len(first), len(second))
    return fewest > 0 and len(first & second) >= _MIN_SHARED * fewest


def _bigrams(sentence: str) -> set[str]:
    """Split the words of substance of a sentence into pairs of characters; days and numbers are none."""
    return {
        run[at : at + 2] for run in _SUBSTANCE.findall(_DAYS.sub(" ", sentence)) for at in range(len(run) - 1)
    }


def _write_duty(group: Sequence[CalendarEvent], due: str) -> DayEvent:
    """Write a duty by the event that was first known, whose UID stays; the regulator's word goes first."""
    shown = sorted(group, key=lambda event: not event.by_regulator)
    lines = [line for event in shown for line in (event.sentence, event.notice.title, event.url)]
    return DayEvent(
        group[0].deadline.uid,
        group[0].deadline.day,
        f"{due}: {shown[0].publisher}: {one_line(shown[0].notice.title)}",
        tuple(lines),
        shown[0].url,
        max(event.changed for event in group),
        moves=sum(event.deadline.moves for event in group) + len(group) - 1,
        alarms=True,
    )
