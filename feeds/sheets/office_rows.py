"""Rows for an office: facts, changes, notices, the roster, sources and alerts, one value a column.

A value is a text, a whole number, a day, a moment or yes and no. What kohyo has words for is said in the
language asked for, what publishers wrote stays as they wrote it. Counts are quoted, never added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from feeds import addresses
from feeds.course.incident_course import load_course
from feeds.course.roster import RosterBody
from feeds.formats.entries import Names
from feeds.formats.headlines import load_headlines
from feeds.wording.conditions import BY_NAME, PERIOD
from feeds.wording.sanitise import one_line
from feeds.wording.tables.change_words import KINDS, REASONS
from feeds.wording.tables.count_words import LIMITS, QUALIFIERS
from feeds.wording.tables.fact_words import DATE_ROLES, FIELDS
from feeds.wording.tables.incident_words import PARTS_NAMED, STAGES, STATUSES
from feeds.wording.tables.source_words import ALERTS, SOURCE_KINDS, STATES
from feeds.wording.words import join_words, magnitude, say, say_body, word
from storage.archive import Reader
from storage.query import Query
from storage.records import Change, Fact, FactChange, Incident, Notice, Page
from storage.text.japanese import parse_date
from storage.text.wording import wording

Value = str | int | bool | date | datetime | None
OfficeRow = dict[str, Value]

BATCH_ITEMS = 200  # notices or changes held in memory at a time


@dataclass(frozen=True, slots=True)
class Office:
    """What rows are made with: who asks, by which names, in which language, and where the record stands."""

    reader: Reader
    query: Query
    names: Names
    now: datetime
    base_url: str = ""

    @property
    def lang(self) -> str:
        """The language of heads and of what kohyo has words for."""
        return self.names.lang

    def record(self, notice: int) -> str | None:
        """Give the address of a notice's page in the published record, where that has one."""
        return f"{self.base_url.rstrip('/')}/{addresses.notice_page(notice)}" if self.base_url else None

    def publisher(self, source: str) -> OfficeRow:
        """Name the publisher of a row."""
        found = self.names.sources.get(source)
        kind = word(SOURCE_KINDS, found.kind, self.lang) if found else None
        return {"publisher": self.names.source(source), "publisher_kind": kind, "source": source}

    def join(self, values: Sequence[str]) -> str | None:
        """Put several values into one cell, each once."""
        return join_words(list(dict.fromkeys(values)), self.lang, "; ") or None


Groups = Iterator[tuple[int, list[OfficeRow]]]
"""Rows of one notice, change, body or source at a time, with its id: the next file goes on behind it."""


@dataclass(frozen=True, slots=True)
class OfficeTable:
    """One kind of file: its columns, and how its rows are made."""

    columns: tuple[str, ...]
    rows: Callable[[Office], Groups]
    filters: tuple[str, ...] = (*BY_NAME, PERIOD)
    """Filters that restrict it; any other would look as if it did."""


_PUBLISHER = ("publisher", "publisher_kind", "source")


Item = TypeVar("Item", Notice, Change)


def _batches(query: Query, read: Callable[[Query], list[Item]]) -> Iterator[list[Item]]:
    """Yield what passes a query, so many at a time."""
    left = query.limit
    while left is None or left > 0:
        found = read(replace(query, limit=BATCH_ITEMS if left is None else min(left, BATCH_ITEMS)))
        if not found:
            return
        yield found
        query = replace(query, after=found[-1].id)
        left = None if left is None else left - len(found)


_SAID_OF_NOTICES = ("count", "outcome", "action", "provision", "deadline")


def _notice_rows(office: Office) -> Groups:
    for batch in _batches(office.query, office.reader.notices):
        facts = office.reader.current_facts({one.page for one in batch}, _SAID_OF_NOTICES)
        for notice in batch:
            yield notice.id, [_notice_row(office, notice, facts[notice.page])]


def _notice_row(office: Office, notice: Notice, facts: Sequence[Fact]) -> OfficeRow:
    said = {field: [one for one in facts if one.field == field] for field in _SAID_OF_NOTICES}
    counts = [
        one for one in said["count"] if isinstance(one.value, int) and one.role in ("affected", "notified")
    ]
    largest = max(counts, key=lambda one: one.value, default=None)
    days = sorted(str(one.value) for one in said["deadline"])
    return {
        "notice": notice.id,
        **office.publisher(notice.source),
        "title": one_line(notice.title),
        "published": notice.published,
        "updated": notice.updated,
        "status": word(STATUSES, notice.status, office.lang),
        "largest_count": largest.value if largest else None,
        "unit": largest.unit if largest else None,
        "qualifier": _qualifiers(office, largest) if largest else None,
        "outcome": office.join([say("outcome", wording(one), office.lang) for one in said["outcome"]]),
        "action": office.join([say("action", wording(one), office.lang) for one in said["action"]]),
        "provision": office.join([say("provision", wording(one), office.lang) for one in said["provision"]]),
        "deadline": office.join(days),
        "incidents": office.join([office.names.incident(slug) for slug in notice.incidents]),
        "versions": notice.versions,
        "first_seen": notice.first_seen,
        "last_seen": notice.last_seen,
        "url": notice.url,
        "record": office.record(notice.id),
    }


def _qualifiers(office: Office, fact: Fact) -> str | None:
    if office.lang == "ja":
        return office.join(fact.qualifiers)
    return office.join([QUALIFIERS.get(one) or LIMITS.get(one) or one for one in fact.qualifiers])


def _fact_rows(office: Office) -> Groups:
    told: set[int] = set()  # pages that hold several notices state their facts once
    for batch in _batches(office.query, office.reader.notices):
        for notice in batch:
            page = office.reader.page_by_id(notice.page)
            documents = [page, *office.reader.attachments_of(notice.page)] if page else []
            rows = [
                row
                for document in documents
                if document.id not in told
                for row in _facts_of_document(office, notice, document)
            ]
            told.update(document.id for document in documents)
            yield notice.id, rows


def _facts_of_document(office: Office, notice: Notice, document: Page) -> Iterator[OfficeRow]:
    history = office.reader.history(document.id)
    if not history:
        return
    head = history[-1]
    for fact in office.reader.facts(head.id):
        yield {
            "notice": notice.id,
            **office.publisher(notice.source),
            "title": one_line(notice.title),
            "published": notice.published,
            "field": word(FIELDS, fact.field, office.lang),
            **_fact_values(office, fact),
            "quoted": one_line(fact.raw),
            "version": head.number,
            "seen": head.captured_at,
            "document": document.url,
            "sha256": head.sha256,
            "record": office.record(notice.id),
        }


def _fact_values(office: Office, fact: Fact) -> OfficeRow:
    said = say(fact.field, wording(fact), office.lang)
    is_count, is_day = fact.field == "count", fact.field in ("date", "deadline")
    day = parse_date(str(fact.value)) if is_day else None
    return {
        "role": _say_role(office, fact),
        "value": said,
        "count": fact.value if is_count and isinstance(fact.value, int) else None,
        "unit": fact.unit or None,
        "qualifier": _qualifiers(office, fact) if is_count else None,
        "outcome": said if fact.field == "outcome" else None,
        "action": said if fact.field == "action" else None,
        "provision": said if fact.field == "provision" else None,
        "date": day,
    }


def _say_role(office: Office, fact: Fact | FactChange) -> str | None:
    """Say what a fact is of: of a date in words, else by the term that stands in the reference."""
    return word(DATE_ROLES, fact.role, office.lang) or None


def _change_rows(office: Office) -> Groups:
    for changes in _batches(office.query, office.reader.brief_changes):
        headlines = load_headlines(office.reader, changes, office.names)
        for change in changes:
            yield change.id, _change_row(office, change, headlines[change.id])


def _change_row(office: Office, change: Change, headline: str) -> list[OfficeRow]:
    link = change.link
    whole: OfficeRow = {
        "change": change.id,
        "detected": change.detected_at,
        **office.publisher(change.source),
        "notice": change.notice,
        "title": one_line(change.title),
        "headline": headline,
        "kind": word(KINDS, change.kind, office.lang),
        "silent": "silent" in change.reasons,
        "material": change.material,
        "reasons": office.join([word(REASONS, one, office.lang) for one in change.reasons]),
    }
    proof: OfficeRow = {
        "from_sha256": link.old_sha256 or None if link else None,
        "to_sha256": link.new_sha256 or None if link else None,
        "chain_number": link.number if link else None,
        "chain_hash": link.hash if link else None,
        "url": change.url,
        "record": office.record(change.notice),
    }
    return [{**whole, **_difference(office, fact), **proof} for fact in change.facts or (None,)]


def _difference(office: Office, fact: FactChange | None) -> OfficeRow:
    if fact is None:
        return dict.fromkeys(("field", "role", "before", "after", "count_before", "count_after"))
    counts = [
        (fact.field == "count" and value and magnitude(value)) or None for value in (fact.old, fact.new)
    ]
    return {
        "field": word(FIELDS, fact.field, office.lang),
        "role": _say_role(office, fact),
        "before": say(fact.field, fact.old, office.lang) if fact.old else None,
        "after": say(fact.field, fact.new, office.lang) if fact.new else None,
        "count_before": counts[0],
        "count_after": counts[1],
    }


def _roster_rows(office: Office) -> Groups:
    for incident in office.reader.incidents():
        if office.query.incident in (None, incident.slug):
            known = load_course(office.reader, incident)
            yield incident.id, [_roster_row(office, incident, body) for body in known.roster]


def _roster_row(office: Office, incident: Incident, body: RosterBody) -> OfficeRow:
    entry = body.entry
    return {
        "incident": incident.slug,
        "incident_name": office.names.incident(incident.slug),
        "body": one_line(entry.name),
        "body_kind": say_body(entry.kind, office.lang),
        "has_disclosed": body.has_disclosed,
        "disclosed": body.disclosed,
        "days_after_first": body.days,
        "count": magnitude(body.count) or None if body.count else None,
        "latest_count": body.count or None,
        "stage": word(STAGES, body.stage, office.lang) if body.stage else None,
        "outcome": office.join([say("outcome", one, office.lang) for one in body.outcomes]),
        "steps": office.join([say("step", one, office.lang) for one in body.steps]),
        "edits": body.edits,
        "silent_edits": body.silent_edits,
        "last_edit": body.last_edit,
        "declared_count": entry.count or None,
        "later": entry.later or None,
        "named_by": office.join(
            [
                f"{office.names.source(one.notice.source)}: {word(PARTS_NAMED, one.part, office.lang)}"
                for one in body.named
            ]
        ),
        "notices": office.join([str(one.id) for one in body.notices]),
        "source": entry.source or None,
    }


def _source_rows(office: Office) -> Groups:
    wanted = office.query.sources
    for number, row in enumerate(office.reader.coverage(office.now, wanted)):
        source = office.names.sources[row.source]
        named = office.publisher(row.source)
        yield (
            number,
            [
                {
                    **named,
                    "set": source.set,
                    "address": source.start[0] if source.start else None,
                    "status": office.join([word(STATES, one, office.lang) for one in row.state]),
                    "pages": row.pages,
                    "notice_count": row.notices,
                    "last_checked": row.last_checked,
                    "last_success": row.last_success,
                    "last_new_item": row.last_new_item,
                    "last_changed": row.last_changed,
                    "failures": row.failures,
                    "alerts": row.alerts,
                }
            ],
        )


def _alert_rows(office: Office) -> Groups:
    query = office.query
    for alert in office.reader.alerts(
        query.sources, since=query.since, until=query.until, limit=query.limit, after=query.after
    ):
        row: OfficeRow = {
            "alert": alert.id,
            "raised": alert.raised_at,
            "last_seen": alert.last_seen,
            "times": alert.times,
            "kind": word(ALERTS, alert.kind, office.lang),
            **office.publisher(alert.source),
            "url": alert.url,
            "detail": one_line(alert.detail),
        }
        yield alert.id, [row]


def take_rows(table: OfficeTable, office: Office, most: int) -> tuple[list[OfficeRow], int | None]:
    """Take at least so many rows, if there are, whole notices or changes at a time.

    The second value is the id behind which the next file goes on, or None where this is all.
    """
    rows: list[OfficeRow] = []
    last = None
    for id, group in table.rows(office):
        if len(rows) >= most:
            return rows, last
        rows += group
        last = id
    return rows, None


OFFICE_TABLES = {
    "facts": OfficeTable(
        (
            "notice", *_PUBLISHER, "title", "published", "field", "role", "value", "count", "unit",
            "qualifier", "outcome", "action", "provision", "date", "quoted", "version", "seen", "document",
            "sha256", "record",
        ),
        _fact_rows,
    ),
    "changes": OfficeTable(
        (
            "change", "detected", *_PUBLISHER, "notice", "title", "headline", "kind", "silent", "material",
            "reasons", "field", "role", "before", "after", "count_before", "count_after", "from_sha256",
            "to_sha256", "chain_number", "chain_hash", "url", "record",
        ),
        _change_rows,
    ),
    "notices": OfficeTable(
        (
            "notice", *_PUBLISHER, "title", "published", "updated", "status", "largest_count", "unit",
            "qualifier", "outcome", "action", "provision", "deadline", "incidents", "versions", "first_seen",
            "last_seen", "url", "record",
        ),
        _notice_rows,
    ),
    "roster": OfficeTable(
        (
            "incident", "incident_name", "body", "body_kind", "has_disclosed", "disclosed",
            "days_after_first", "count", "latest_count", "stage", "outcome", "steps", "edits",
            "silent_edits", "last_edit", "declared_count", "later", "named_by", "notices", "source",
        ),
        _roster_rows,
        ("incident",),
    ),
    "sources": OfficeTable(
        (
            *_PUBLISHER, "set", "address", "status", "pages", "notice_count", "last_checked", "last_success",
            "last_new_item", "last_changed", "failures", "alerts",
        ),
        _source_rows,
        ("source",),
    ),
    "alerts": OfficeTable(
        ("alert", "raised", "last_seen", "times", "kind", *_PUBLISHER, "url", "detail"),
        _alert_rows,
        ("source", "since", "until"),
    ),
}  # fmt: skip
"""What can be had as a file for an office, with the columns in their order."""
