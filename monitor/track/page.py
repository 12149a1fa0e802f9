"""One look at one page: what came back is read, decided over, and stored as evidence.

    capture | answer | read | decide_text | store(check, snapshot, version, facts)

What it means for the notices on the page is the business of ``monitor.track.notice``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from monitor.reading import read
from monitor.track.judge import boilerplate, decide
from monitor.track.context import TrackContext
from monitor.track.judge.recipe import recipe
from monitor.track.rederive import extract_facts, reread
from monitor.track.schedule import plan_visit
from storage.records import (
    SUCCESS,
    Capture,
    Check,
    Fact,
    Outcome,
    Page,
    Reading,
    Role,
    Snapshot,
    Source,
    Validators,
    Version,
)
from storage.text.urls import fetchable, place
from storage.topics import health
from storage.topics.versions import TOMBSTONE

RECENT_VERSIONS = 12
"""Versions looked at for what flickers: the cost of a visit must not grow with a page's history."""

_ALERTS: dict[Outcome, str] = {"error": "unreachable", "held": "redesign"}


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """One page after a look. ``version`` is set where a new one was stored, ``last`` is the one
    before it, ``facts`` are those of the new one."""

    page: Page
    outcome: Outcome
    detail: str = ""
    snapshot: Snapshot | None = None
    version: Version | None = None
    last: Version | None = None
    decision: decide.TextDecision | None = None
    facts: tuple[Fact, ...] = ()

    @property
    def success(self) -> bool:
        """Whether the page stood there and could be read, or was not even altered."""
        return self.outcome in SUCCESS

    @property
    def changed(self) -> bool:
        """Whether the text differs from one that was stored before."""
        return self.version is not None and self.last is not None

    @property
    def fresh(self) -> bool:
        """Whether the page was read for the first time."""
        return self.version is not None and self.version.number == 1

    @property
    def name(self) -> str:
        """What a person calls an attachment: its file name."""
        return urlsplit(self.page.url).path.rsplit("/", 1)[-1]


def ensure_page(context: TrackContext, url: str, role: Role, parent: int | None = None) -> Page:
    """The watched page at an address, noted down if it is new."""
    address = fetchable(url)
    page = context.writer.page(context.source.id, address, role)
    return page or context.writer.add_page(
        context.source.id, address, role, parent=parent, due_at=context.now
    )


def track_page(context: TrackContext, page: Page, capture: Capture) -> PageOutcome:
    """Store what a capture of ``page`` brought and say what came of it."""
    asked = page.snapshot is not None and capture.status != 304
    stored = context.writer.snapshot(page.snapshot or 0) if asked else None
    said = decide.sort_answer(capture, stored.sha256 if stored else None, digest_of(capture))
    if said.outcome is not None and said.outcome != "same-bytes":
        return record_check(context, page, capture, said.outcome, said.detail, keep=bool(capture.body))
    source, writer = context.source, context.writer
    upgraded = page.version is not None and writer.recipe(page.version) != recipe(source)
    if said.outcome == "same-bytes" and not upgraded:
        return record_check(context, page, capture, "same-bytes")
    last = writer.version(page.version) if page.version is not None else None
    if last is not None and upgraded:
        last = reread(writer, source, last)  # an upgrade is no news: the old bytes are read again first
    redacted = last is not None and last.text == TOMBSTONE
    outdated = last is not None and last.recipe != recipe(source)
    if said.outcome == "same-bytes" and (redacted or not outdated):
        return record_check(context, page, capture, "same-bytes")
    reading = _read(source, capture, capture.body)
    if reading.verdict != "content":
        return record_check(context, page, capture, reading.verdict, reading.detail, keep=True)
    if outdated:  # nothing to compare with: what is read now stands for itself
        context.alert("recipe", page.url, "the text from before cannot be read by today's rules")
        last = None
    again = _read(source, capture, capture.again) if capture.again is not None else None
    recurring = boilerplate.learn_recurring(writer, source, page, reading)
    decision = decide.decide_text(page, last, lambda: _history(context, page), reading, again, recurring)
    if last is not None and reading.replaced > last.replaced:
        context.alert(
            "decoding", page.url, f"{reading.replaced} undecodable characters, {last.replaced} before"
        )
    held = decision.key if decision.outcome == "held" else None
    page = replace(page, volatile=decision.volatile, held=held)
    seen = record_check(context, page, capture, decision.outcome, decision.detail, keep=True)
    if decision.outcome != "version":
        return seen
    return _with_version(context, seen, last, reading, decision)


def keep_earlier(context: TrackContext, page: Page, capture: Capture) -> None:
    """Store a capture that is older than what is known of its page: the bytes and the check, no more."""
    snapshot = _keep(context, page, capture) if capture.body else None
    evidence = snapshot.id if snapshot is not None else None
    context.writer.add_check(
        Check(page.id, context.run, context.now, "earlier", capture.status, "", evidence)
    )


def digest_of(capture: Capture) -> str:
    """What tells the bytes of one capture from another's."""
    return hashlib.sha256(capture.body).hexdigest()


def record_check(
    context: TrackContext,
    page: Page,
    capture: Capture,
    outcome: Outcome,
    detail: str = "",
    *,
    keep: bool = False,
) -> PageOutcome:
    """Write the check, the bytes where they are worth keeping, and the page's new state.

    Only bytes that were read become the page's newest snapshot, and only their validators are
    replayed: a block page must not be confirmed by a 304.
    """
    now, success = context.now, outcome in SUCCESS
    before = page
    snapshot = _keep(context, page, capture) if keep else None
    if success and snapshot is not None:
        page = replace(page, snapshot=snapshot.id, validators=_validators(capture))
    page = replace(
        page,
        last_checked=now,
        last_success=now if success else page.last_success,
        failures=0 if success else page.failures + 1,
        missing_since=None if success else page.missing_since or (now if outcome == "missing" else None),
        held=None if success else page.held,  # the text from before stands again: a first look starts anew
        settled=page.settled or capture.again is not None,
        fetched_at=now if capture.status == 200 else page.fetched_at,
    )
    page = replace(page, due_at=plan_visit(page, context.source, outcome, capture, now))
    context.writer.put_page(page)
    evidence = snapshot.id if snapshot is not None else page.snapshot if success else None
    context.writer.add_check(Check(page.id, context.run, now, outcome, capture.status, detail, evidence))
    if success and not before.gone:  # what is gone is not missed
        note_gaps(context, before)
    if not success and not (outcome == "missing" and page.gone):
        context.alert(_ALERTS.get(outcome, outcome), page.url, detail, snapshot)
    return PageOutcome(page, outcome, detail, snapshot)


def note_gaps(context: TrackContext, before: Page, answers: Collection[Outcome] = SUCCESS) -> None:
    """Put on record that a start page, read again now or found gone, had been unread for too long.
    ``before`` is the page with its last success until now."""
    allowed, last = health.patience(context.source), before.last_success
    starts = map(place, context.source.start)
    if last is None or context.now - last <= allowed:
        return
    if before.role == "attachment" or place(before.url) not in starts:
        return
    for gap in health.gaps(context.writer.checks_since(before.id, last), allowed, answers):
        context.writer.add_gap(context.source.id, gap)


def _with_version(
    context: TrackContext,
    seen: PageOutcome,
    last: Version | None,
    reading: Reading,
    decision: decide.TextDecision,
) -> PageOutcome:
    assert seen.snapshot is not None
    version = context.writer.add_version(
        Version(
            page=seen.page.id,
            snapshot=seen.snapshot.id,
            captured_at=context.now,
            title=reading.title,
            text=reading.text,
            blocks=reading.blocks,
            attachments=reading.attachments,
            key=decision.key,
            shape=decision.shape,
            recipe=recipe(context.source),
            published=reading.published.value if reading.published else None,
            updated=reading.updated.value if reading.updated else None,
            encoding=reading.encoding,
            replaced=reading.replaced,
        )
    )
    facts = tuple(extract_facts(version))
    context.writer.add_facts(version.id, facts)
    page = replace(seen.page, version=version.id, last_changed=context.now)
    if last is not None:
        page = replace(page, changes_seen=page.changes_seen + 1)
    context.writer.put_page(page)
    return replace(seen, page=page, version=version, last=last, decision=decision, facts=facts)


def _history(context: TrackContext, page: Page) -> decide.History:
    keys = context.writer.earlier_keys(page.id)
    recent = [context.writer.version(number) for number, _ in keys[-RECENT_VERSIONS:]]
    return decide.History([version for version in recent if version], frozenset(key for _, key in keys[:-1]))


def _read(source: Source, capture: Capture, body: bytes) -> Reading:
    return read(
        body,
        url=capture.final_url or capture.url,
        content_type=capture.header("Content-Type"),
        rules=source.page,
        status=capture.status or 200,
    )


def _keep(context: TrackContext, page: Page, capture: Capture) -> Snapshot:
    return context.writer.add_snapshot(
        Snapshot(
            page=page.id,
            captured_at=context.now,
            status=capture.status or 0,
            final_url=capture.final_url or capture.url,
            headers=capture.headers,
            sha256=digest_of(capture),
            size=len(capture.body),
            redirects=capture.redirects,
            body=capture.body,
        )
    )


def _validators(capture: Capture) -> Validators:
    """The server's validators; those of another address behind a redirect do not count."""
    if capture.redirects:
        return Validators()
    return Validators(capture.header("ETag"), capture.header("Last-Modified"))
