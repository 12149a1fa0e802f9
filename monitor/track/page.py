"""One visit to one page: gather what judging needs, judge, and store what came of it as evidence.

    capture | gather | judge | apply (check, snapshot, version, facts)

What it means for the notices on the page is the business of ``monitor.track.notice``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from monitor.track.context import TrackContext
from monitor.track.judge import case as cases
from monitor.track.judge.case import History, Judgement, PageCase, PageOutcome, TextDecision
from monitor.track.judge.recipe import make_recipe
from monitor.track.timing.plan import is_start
from storage.archive import Reader
from storage.errors import FAULT, TOO_EXPENSIVE
from storage.records import (
    SUCCESS,
    Capture,
    Check,
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

RECENT_VERSIONS = 12
"""Versions looked at for what flickers: the cost of a visit must not grow with a page's history."""

MAX_ENDLESS_VISITS = 5
"""A page that has lost its </html> this many times in a row has changed its template, and is read."""

_ALERTS: dict[Outcome, str] = {"error": "unreachable", "held": "redesign"}
ALERTS_BY_DETAIL = {FAULT: "failed", TOO_EXPENSIVE: "too-expensive"}


def ensure_page(context: TrackContext, url: str, role: Role, parent: int | None = None) -> Page:
    """Return the watched page at an address, noted down if it is new."""
    address = fetchable(url)
    page = context.writer.page(context.source.id, address, role)
    return page or context.writer.add_page(
        context.source.id, address, role, parent=parent, due_at=context.now
    )


def track_page(context: TrackContext, page: Page, capture: Capture) -> PageOutcome:
    """Store what a capture of ``page`` brought and say what came of it."""
    if ready := context.ready.get((page.role, place(page.url))):
        case, judged = ready
        if _state(case.page) != _state(page):
            raise Overtaken
    else:
        case = gather(context.writer, context.source, page, capture)
        if capture.role == "page":
            case = replace(case, ahead=context.ahead)
        judged = judge_case(case)
    if judged.unsure and case.last is not None:
        case = replace(case, history=_read_history(context.writer, case.last))
        judged = judge_case(case)
    return apply(context, replace(case, page=page), judged)


def judge_case(case: PageCase) -> Judgement:
    """Judge a case; the rules of reading are loaded when one has first to be read."""
    if (unread := cases.judge_unread(case)) is not None:
        return unread
    from monitor.track.judge.judgement import judge

    return judge(case)


class Overtaken(Exception):
    """The page is no longer as it was when its case was gathered: it has to be judged anew."""


def _state(page: Page) -> tuple[object, ...]:
    """Return what a judgement goes by."""
    return page.version, page.snapshot, page.held, page.volatile, page.settled, page.gone


def list_stored_digests(writer: Reader, page: Page) -> dict[str, str]:
    """Return the digests of the bytes that hung on a page last, readable or not, by the files' addresses."""
    found: dict[str, str] = {}
    for file in sorted(writer.attachments_of(page.id), key=lambda file: file.id):
        number = _find_last_bytes(writer, file)
        stored = writer.snapshot(number) if number is not None else None
        if stored is not None:
            found[file.url] = stored.sha256
    return found


def _find_last_bytes(reader: Reader, file: Page) -> int | None:
    """Return the snapshot of what a file held last, readable or not."""
    if file.snapshot is not None:
        return file.snapshot
    unread = (check for check in reader.checks(file.id) if check.outcome == "unreadable")
    return next((check.snapshot for check in unread), None)


def find_first_addresses(stored: Mapping[str, str], captures: Iterable[Capture]) -> dict[str, str]:
    """Return the earlier address by which the bytes of a file are known, by the place where it is now.

    A file that is called otherwise now is told: whoever names it anew says something.
    """
    now = {place(item.url): digest_of(item) for item in captures if item.status == 200 and item.body}
    digests = {**{place(url): sha for url, sha in stored.items()}, **now}
    first: dict[tuple[str, str], str] = {}
    spelled = {place(url): url for url in stored}
    for at, digest in digests.items():
        first.setdefault((digest, _file_name(at)), spelled.get(at, at))
    known = ((at, first[digest, _file_name(at)]) for at, digest in digests.items())
    return {at: address for at, address in known if place(address) != at}


def _file_name(url: str) -> str:
    return urlsplit(url).path.rsplit("/", 1)[-1].casefold()


def compare_files(
    item: PageOutcome, capture: Capture, stored: Mapping[str, str], *, overlooked: bool = False
) -> PageOutcome:
    """Say of an attachment whether its bytes are known, or others than before where nobody can read them.

    ``overlooked``: it hung on the page before, and our rules did not see it.
    """
    if capture.status != 200 or not capture.body:
        return item
    digest, before = digest_of(capture), stored.get(item.page.url)
    replaced = item.outcome == "unreadable" and before is not None and before != digest
    return replace(item, known_bytes=overlooked or digest in stored.values(), replaced=replaced)


def gather(writer: Reader, source: Source, page: Page, capture: Capture) -> PageCase:
    """Gather what judging a capture needs; little, where its bytes need no reading."""
    answer, stored = sort_answer(writer, page, capture)
    case = PageCase(source, page, capture, answer)
    if stored is not None and capture.moved_to and place(stored.final_url) != place(capture.moved_to):
        case = replace(case, moved_from=stored.final_url)
    if answer.outcome not in (None, "same-bytes"):
        return case
    upgraded = page.version is not None and writer.recipe(page.version) != make_recipe(source)
    if answer.outcome == "same-bytes" and not upgraded:
        return case
    last = writer.version(page.version) if page.version is not None else None
    evidence = writer.snapshot(last.snapshot, body=True) if last is not None and upgraded else None
    from monitor.track.judge import boilerplate

    elsewhere: dict[str, int] = {}
    if boilerplate.is_learned_on(source, page):
        # what stands on one page less than recurs can become recurring by this one
        elsewhere = writer.blocks_elsewhere(page.id, host_of(page), boilerplate.RECURS_ON_PAGES - 1)
    history = History()
    if last is not None:
        past = writer.past_blocks(page.id) if not upgraded else None
        history = _read_history(writer, last) if past is None else _recall(writer, last, past)
    files: dict[str, str] = {}
    if last is not None and capture.attachments:
        files = find_first_addresses(list_stored_digests(writer, page), capture.attachments)
    return replace(case, last=last, evidence=evidence, history=history, elsewhere=elsewhere, same_files=files)


def sort_answer(reader: Reader, page: Page, capture: Capture) -> tuple[cases.Answer, Snapshot | None]:
    """Sort a capture by what came beside what is stored, and return the stored snapshot with the answer."""
    known = page.snapshot is not None and capture.status != 304
    stored = reader.snapshot(page.snapshot) if known and page.snapshot is not None else None
    answer = cases.sort_answer(capture, stored.sha256 if stored else None, digest_of(capture))
    if page.role == "attachment" and answer.outcome is None and cases.is_html(capture.body):
        number = _find_last_bytes(reader, page)
        held = reader.snapshot(number, body=True) if number is not None else None
        if held is not None and held.body is not None and not cases.is_html(held.body):
            return cases.Answer("soft-404", "a page of HTML stands where the document was"), stored
    unread = answer.outcome is None and stored is not None and page.failures < MAX_ENDLESS_VISITS
    if stored is not None and unread and not cases.has_end(capture.body):
        before = reader.snapshot(stored.id, body=True)
        if before is not None and before.body is not None and cases.has_end(before.body):
            return cases.Answer("error", "the page ends without </html>, which it had before"), stored
    return answer, stored


def apply(context: TrackContext, case: PageCase, judged: Judgement) -> PageOutcome:
    """Write what a capture came to: alerts, check, bytes and, where there is one, the new version."""
    page, writer = case.page, context.writer
    if judged.renewed is not None:
        writer.replace_version(judged.renewed.version)
        writer.replace_facts(judged.renewed.version.id, judged.renewed.facts)
        context.touched.add(page.parent or page.id)
    if judged.furniture is not None:
        writer.put_host_blocks(host_of(page), page.id, judged.furniture)
    for kind, detail in judged.alerts:
        context.alert(kind, page.url, detail)
    if judged.decision is not None:
        held = judged.decision.key if judged.outcome == "held" else None
        page = replace(page, volatile=judged.decision.volatile, held=held)
    seen = record_check(context, page, case.capture, judged.outcome, judged.detail, keep=judged.keep)
    seen = replace(seen, moved_from=case.moved_from)
    if judged.decision is None or judged.reading is None or judged.outcome != "version":
        return seen
    if page.version is not None:
        from monitor.track.judge.decide import list_past_blocks

        known = judged.last is not None and judged.renewed is None
        writer.put_past_blocks(page.id, list_past_blocks(case.history, judged.reading) if known else None)
    return _with_version(context, seen, judged, judged.reading, judged.decision)


def host_of(page: Page) -> str:
    """Return the host under which blocks of a page are counted."""
    return urlsplit(page.url).netloc


def keep_earlier(context: TrackContext, page: Page, capture: Capture) -> None:
    """Store a capture that is older than what is known of its page: the bytes and the check, no more."""
    snapshot = _keep(context, page, capture) if capture.body else None
    evidence = snapshot.id if snapshot is not None else None
    context.writer.add_check(
        Check(page.id, context.run, context.now, "earlier", capture.status, "", evidence)
    )


def digest_of(capture: Capture) -> str:
    """Return what tells the bytes of one capture from another's."""
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
    replayed: a block page must not be confirmed by a 304. The state of a page with a new version is left to
    whoever writes that.
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
        missing_since=None if success else _missing_since(page, outcome, now),
        held=None if success else page.held,  # the text from before stands again: a first look starts anew
        settled=page.settled or capture.again is not None,
        fetched_at=now if capture.status == 200 else page.fetched_at,
    )
    page = context.plan(before, page, outcome, capture)
    if outcome != "version":
        context.writer.put_page(page)
    evidence = snapshot.id if snapshot is not None else page.snapshot if success else None
    context.writer.add_check(Check(page.id, context.run, now, outcome, capture.status, detail, evidence))
    if success and not before.gone:  # what is gone is not missed
        note_gaps(context, before)
    if not success and not (outcome == "missing" and page.gone):
        kinds = (kind for start, kind in ALERTS_BY_DETAIL.items() if detail.startswith(start))
        kind = next(kinds, _ALERTS.get(outcome, outcome))
        context.alert(kind, page.url, detail, snapshot)
    return PageOutcome(page, outcome, snapshot)


def _missing_since(page: Page, outcome: Outcome, now: datetime) -> datetime | None:
    """Return since when an unread page is missing, at the latest since now: a clock may have been ahead."""
    if page.missing_since is not None:
        return min(page.missing_since, now)
    return now if outcome == "missing" else None


def note_gaps(context: TrackContext, before: Page, answers: Collection[Outcome] = SUCCESS) -> None:
    """Put on record that a start page, read again now or found gone, had been unread for too long.

    ``before`` is the page with its last success until now.
    """
    last = before.last_success
    allowed = health.patience(context.source, health.planned_wait(last, before.awaited_at))
    if last is None or context.now - last <= allowed or not is_start(before, context.source):
        return
    for gap in health.gaps(context.writer.checks_since(before.id, last), allowed, answers):
        context.writer.add_gap(context.source.id, gap)


def _with_version(
    context: TrackContext,
    seen: PageOutcome,
    judged: Judgement,
    reading: Reading,
    decision: TextDecision,
) -> PageOutcome:
    from monitor.track.judge.judgement import make_version

    assert seen.snapshot is not None
    made = make_version(context.source, seen.page.id, seen.snapshot.id, context.now, reading, decision)
    version = context.writer.add_version(made)
    context.writer.add_facts(version.id, judged.facts)
    page = replace(seen.page, version=version.id, last_changed=context.now)
    if judged.last is not None:
        page = replace(page, changes_seen=page.changes_seen + 1)
    context.writer.put_page(page)
    context.touched.add(page.parent or page.id)
    return replace(seen, page=page, version=version, last=judged.last, decision=decision, facts=judged.facts)


def _recall(reader: Reader, last: Version, past: frozenset[int]) -> History:
    """Return what tells whether earlier versions have to be read."""
    keys = reader.earlier_keys(last.page)
    return History((last,), frozenset(key for _, key in keys[:-1]), past)


def _read_history(reader: Reader, last: Version) -> History:
    """Return the latest versions of a page, read one by one."""
    keys = reader.earlier_keys(last.page)
    earlier = [number for number, _ in keys[-RECENT_VERSIONS:] if number != last.id]
    stored = reader.versions_by_id(earlier) if earlier else {}
    recent = (*(stored[number] for number in earlier), last)
    return History(recent, frozenset(key for _, key in keys[:-1]))


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
    """Return the server's validators; those of another address behind a redirect do not count."""
    if capture.redirects:
        return Validators()
    return Validators(capture.header("ETag"), capture.header("Last-Modified"))
