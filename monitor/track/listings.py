"""A listing's capture: its rows compared with the last state, and what that means for notices.

A listing is versioned like a page, its rows being its text, but is never itself a change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from monitor.comparing.sameness.keys import make_text_key
from monitor.radar import answer_row
from monitor.track.context import TrackContext
from monitor.track.fallback import find_quiet, find_sickness, find_standstill, is_in_place
from monitor.track.judge.case import PageOutcome
from monitor.track.judge.intents import RowCase, decide_row
from monitor.track.judge.listing_rows import (
    RowEvent,
    identify,
    match_rows,
    moved_together,
    pair_rows,
)
from monitor.track.judge.recipe import make_listing_recipe
from monitor.track.notice import is_baseline
from monitor.track.page import ensure_page, record_check, sort_answer
from spiders.listings.feed_rows import NotAFeed
from spiders.listings.listing import read_rows
from storage.records import SUCCESS, Alert, Block, Capture, Notice, Outcome, Page, Row, Version
from storage.text.fold import fold
from storage.text.periods import AWAITED, unit_of
from storage.text.urls import fetchable, place
from storage.topics import health
from storage.topics.versions import read_stored_rows

ENOUGH_ROWS = 10
"""Rows from which on it is no chance that none of them is left."""

STANDSTILL_ALERTS = timedelta(days=7)
"""A list that stands still is said to once in this time."""

FEW_TOUCHED = 5
"""So many rows may say together that they were changed; of more it must be less than half of all, or the
list says so of whatever it shows."""

_ROW_FIELDS = ("date", "title", "address", "label")


def track_listing(context: TrackContext, capture: Capture) -> None:
    """Store a listing's state and follow up on each row that is new, re-dated, re-titled or moved."""
    if is_in_place(context.source, capture.url):
        _alert_in_place(context, capture.url)
        context = replace(context, source=context.source.in_place())
    page = ensure_page(context, capture.url, "listing")
    said, stored = sort_answer(context.writer, page, capture)
    page = replace(page, gone=said.outcome == "missing" and _is_awaited(context, page))
    if capture.index and said.readable:
        _track_index(context, page, capture, said.outcome)
        return
    if capture.rows is not None and said.readable:
        page = replace(page, rows=len(capture.rows))
    last = context.writer.version(page.version) if page.version is not None else None
    outdated = last is not None and last.recipe != make_listing_recipe(context.source)
    known = said.outcome == "same-bytes"
    if capture.rows is None or (said.outcome is not None and not (known and outdated)):
        outcome = said.outcome or "unreadable"
        context.result.outcome = record_check(context, page, capture, outcome, said.detail).outcome
        if context.result.outcome in SUCCESS:
            _check_expected(context, page, capture)
            _alert_standstill(context, page, read_stored_rows(last))
        return
    _check_expected(context, page, capture)
    if capture.cut:
        context.alert("budget", page.url, capture.cut)
    if not capture.rows:
        context.result.outcome = record_check(context, page, capture, "empty", "no rows", keep=True).outcome
        return
    if last is not None and outdated:  # an upgrade is no news: the old bytes are read again first
        if known and stored is not None:
            last = _reread(context, replace(last, snapshot=stored.id), capture.rows)
        else:
            last = _reread(context, last)
    _compare(context, page, capture, last, capture.rows, known=known)


def _compare(
    context: TrackContext,
    page: Page,
    capture: Capture,
    last: Version | None,
    after: tuple[Row, ...],
    *,
    known: bool,
) -> None:
    """Store the rows where they say something else than before, and follow up on each that does.

    ``known``: the bytes are those that were stored last.
    """
    before = read_stored_rows(last)
    same = last is not None and _alike(before, after)
    outcome: Outcome = "version" if not same else "same-bytes" if known else "same-text"
    seen = record_check(context, page, capture, outcome, keep=outcome != "same-bytes")
    context.result.outcome = seen.outcome
    if not same:
        _store(context, seen, after)
    _alert_rolled_off(context, page, before, after)
    notices = _Notices(context, after)
    events = match_rows(before, after)
    if moved_together(events) and moved_together(_events_before(context, page)):
        context.alert("addresses", page.url, "the addresses of its rows are others at every visit")
        events = [replace(event, kind="respelled") if event.kind == "moved" else event for event in events]
    for event in reversed(events):  # the newest stands first; tell in the order of events
        _follow(context, event, notices)
    _respell(context, before, after)
    _alert_standstill(context, page, after)  # what has just come is no silence
    if page.last_success is not None:
        _look_again(context, page.last_success, after)


def _events_before(context: TrackContext, page: Page) -> list[RowEvent]:
    """Compare the two states before the one that was stored just now."""
    known = [one.id for one in context.writer.history(page.id)][-3:-1]
    stored = context.writer.versions_by_id(known)
    states = [read_stored_rows(stored[number]) for number in known if number in stored]
    return match_rows(*states) if len(states) == 2 else []


def _alert_rolled_off(context: TrackContext, page: Page, before: Sequence[Row], after: Sequence[Row]) -> None:
    """Alert where rows may have come and gone between two visits."""
    left = {place(row.url) for row in before} & {place(row.url) for row in after}
    if len(before) >= ENOUGH_ROWS and not left:
        detail = f"none of the {len(before)} rows of the last visit is left: some may have come and gone"
        context.alert("rolled-off", page.url, detail)


def _alert_in_place(context: TrackContext, url: str) -> None:
    """Say once a week that another list is visited in place of a sick one."""
    source, why = context.source, find_sickness(context.writer, context.source, context.now)
    if why and not _alerts_of_late(context, "fallback"):
        context.alert("fallback", source.start[0], f"{why}: {url} is visited in its place")


def _alert_standstill(context: TrackContext, page: Page, listed: Sequence[Row]) -> None:
    """Alert where a list has stopped, whatever it answers."""
    source = context.source
    if not (source.periodic or place(page.url) == place(source.start[0])):
        return  # it is a list of an earlier year
    stopped = (
        find_standstill(context.writer, page, listed, context.now)
        if source.quiet_after is None
        else find_quiet(context.writer, source, context.now)
    )
    if stopped is None:
        return
    if not any(alert.url == page.url for alert in _alerts_of_late(context, "stood-still")):
        context.alert("stood-still", page.url, str(stopped))


def _alerts_of_late(context: TrackContext, kind: str) -> list[Alert]:
    """Return the alerts of a kind that were raised within the week, and by no clock that was ahead."""
    since, until = context.now - STANDSTILL_ALERTS, context.now + health.CLOCK_SLACK
    return context.writer.alerts((context.source.id,), kinds=(kind,), since=since, until=until)


def _track_index(context: TrackContext, page: Page, capture: Capture, outcome: Outcome | None) -> None:
    """Record the visit of a page that only leads to lists; its bytes are kept where they are new."""
    found = outcome or "same-text"
    context.result.outcome = record_check(context, page, capture, found, keep=outcome is None).outcome


def _reread(context: TrackContext, last: Version, found: Sequence[Row] | None = None) -> Version:
    """Read a listing's state by today's rules: ``found``, or else what they find in the stored bytes.

    What they see in other words stood there before: notices are put right, and nobody hears of it. Where they
    find less than half of the rows, they were made for what the site looks like since, and the state stays
    as it was read."""
    now = replace(last, recipe=make_listing_recipe(context.source))
    again = _rows_in(context, last) if found is None else found
    paired = pair_rows(read_stored_rows(last), again)
    if found is not None or 2 * sum(old is not None for old, _ in paired) >= len(last.blocks):
        notices = _Notices(context, again)
        for old, row in reversed(paired):
            _put_right(context, old, row, notices)
        now = _replace_rows(now, again)
    context.writer.replace_version(now)
    return now


def _rows_in(context: TrackContext, version: Version) -> Sequence[Row]:
    source, snapshot = context.source, context.writer.snapshot(version.snapshot, body=True)
    if source.listing is None or snapshot is None or snapshot.body is None:
        return ()
    content_type, encoding = snapshot.header("Content-Type"), source.page.encoding
    try:
        return read_rows(
            snapshot.body, snapshot.final_url, source.listing, encoding, content_type=content_type
        )
    except NotAFeed:  # what was HTML when it was stored, and is declared as a feed now
        return ()


def _put_right(context: TrackContext, old: Row | None, row: Row, notices: _Notices) -> None:
    """Note down what is read otherwise, and tell of a row that was overlooked if it is young."""
    known = RowEvent("new", row, old)
    if old is not None and notices.of(known):
        _follow(context, known, notices, corrected=True)
    elif notices.of(RowEvent("new", row)) is None:
        _follow(context, RowEvent("new", row), notices, overlooked=True)


def _is_awaited(context: TrackContext, page: Page) -> bool:
    """Tell whether the list of a day, month or year may have yet to come, though its address is known."""
    units = [unit for unit in map(unit_of, context.source.templates) if unit]
    if not units or page.version is not None:
        return False
    listed = (one.last_success for one in context.writer.pages(context.source.id, "listing"))
    last = max(filter(None, listed), default=None)
    return last is not None and context.now - last <= max(AWAITED[unit] for unit in units)


def _check_expected(context: TrackContext, page: Page, capture: Capture) -> None:
    """Alert where a list holds fewer or more rows than it should, its pages counted together.

    While pages that it leads to have yet to be read, it may hold more.
    """
    rules = context.source.listing
    if rules is None or page.rows is None:
        return
    (least, most), count, waits, start = rules.expect, page.rows, False, context.source.start
    if rules.more and not context.source.periodic:
        listed = context.writer.pages(context.source.id, "listing")
        read = {place(one.url): one.rows for one in listed if not one.failures and one.rows is not None}
        read[place(page.url)] = count
        waits = not {place(url) for url in (*capture.further, *start)} <= read.keys()
        count, least, most = sum(read.values()), least * len(start), most and most * len(start)
    if count < least and not waits:
        context.alert("few-rows", page.url, f"{count} rows, at least {least} expected")
    elif most is not None and count > most:
        context.alert("many-rows", page.url, f"{count} rows, at most {most} expected")


def _store(context: TrackContext, seen: PageOutcome, found: Sequence[Row]) -> None:
    assert seen.snapshot is not None
    empty = Version(
        page=seen.page.id,
        snapshot=seen.snapshot.id,
        captured_at=context.now,
        title=context.source.name,
        text="",
        blocks=(),
        attachments=(),
        key="",
        recipe=make_listing_recipe(context.source),
    )
    version = context.writer.add_version(_replace_rows(empty, found))
    context.writer.put_page(replace(seen.page, version=version.id, last_changed=context.now))


def _replace_rows(version: Version, found: Sequence[Row]) -> Version:
    """Return the version with other rows."""
    blocks = tuple(
        Block("row", " | ".join(cells), cells, _ROW_FIELDS)
        for cells in ((str(row.published or ""), row.title, row.url, row.label) for row in found)
    )
    text = "\n".join(block.text for block in blocks)
    return replace(version, text=text, blocks=blocks, key=make_text_key(blocks))


def _alike(before: Sequence[Row], after: Sequence[Row]) -> bool:
    """Tell whether two states say the same, whatever session or cache number is in their addresses."""
    if len(before) != len(after):
        return False
    return all(
        old == new or (place(old.url), replace(old, url="")) == (place(new.url), replace(new, url=""))
        for old, new in zip(before, after, strict=True)
    )


def _look_again(context: TrackContext, since: datetime, after: Sequence[Row]) -> None:
    """Make pages due that were changed behind the last look at them, as their list says.

    Only what was changed ``since`` the list was read before is looked up, or that day where no hour is said.
    """
    if len([row for row in after if row.touched and row.touched > since]) > max(FEW_TOUCHED, len(after) // 2):
        return
    for row in after:
        if row.touched is None or not since - timedelta(days=1) < row.touched <= context.now:
            continue
        page = context.writer.page(context.source.id, row.url, "page")
        if page is None or page.last_checked is None or page.due_at is None or page.planned == "retry-after":
            continue
        if page.last_checked < row.touched and page.due_at > context.now:
            context.writer.put_page(replace(page, due_at=context.now, planned="listed"))


def _respell(context: TrackContext, before: Sequence[Row], after: Sequence[Row]) -> None:
    """Ask for pages from now on where the listing says that they are: by https, under a newer number."""
    spelled = {place(row.url): fetchable(row.url) for row in before}
    for row in after:
        at, url = place(row.url), fetchable(row.url)
        if spelled.get(at, url) != url:
            page = context.writer.page(context.source.id, url, "page")
            if page is not None:
                context.writer.respell(page.id, url)


def _follow(
    context: TrackContext,
    event: RowEvent,
    known: _Notices,
    *,
    overlooked: bool = False,
    corrected: bool = False,
) -> None:
    """Gather what a row is to be judged by, and write what is decided of its notice."""
    writer, notice, row = context.writer, known.of(event), event.row
    respelled = event.before is not None and event.kind == "respelled"
    if respelled:
        if notice is None:
            return
        writer.respell(notice.page, fetchable(row.url))
    if notice is None and writer.notices_elsewhere(context.source.id, row.url):
        return  # another list has it too, and its notice was told
    if notice is None and answer_row(context.source, row).answer != "yes":
        return  # the listing's version holds it; of one to look at, its page decides when it is read
    page = ensure_page(context, row.url, "page")
    version = writer.version(page.version) if page.version is not None else None
    intent = decide_row(
        RowCase(
            event,
            page,
            notice,
            context.now,
            version,
            tuple(writer.facts(version.id)) if version is not None else (),
            baseline=notice is None and not overlooked and is_baseline(context, page, context.now),
            overlooked=overlooked,
            corrected=corrected,
        )
    )
    if intent is None:
        return
    if notice is not None and not corrected and not respelled:
        writer.put_page(replace(page, due_at=context.now, planned="listed"))
    known.put(notice, context.carry_out(intent))


class _Notices:
    """The stored notices that rows of one listing stand for, those of a page looked up once."""

    def __init__(self, context: TrackContext, listed: Sequence[Row]) -> None:
        self._context = context
        self._days: defaultdict[tuple[str, str], set[date | None]] = defaultdict(set)
        for row in listed:
            self._days[identify(row)[:2]].add(row.published)
        self._by_address = bool(context.source.fallback)
        self._looked_up: set[int] = set()
        self._found: defaultdict[tuple[str, str], dict[int, Notice]] = defaultdict(dict)

    def _look_up(self, page: Page) -> None:
        """Put the notices of a page beside the others, once."""
        if page.id not in self._looked_up:
            self._looked_up.add(page.id)
            for notice in self._context.writer.notices_of_page(page.id):
                self.put(None, notice)

    def of(self, event: RowEvent) -> Notice | None:
        """Return the notice of a row: address and title are the same, the date where it must be."""
        row = event.before or event.row
        page = self._context.writer.page(self._context.source.id, row.url, "page")
        if page is not None:
            self._look_up(page)
        same = list(self._found[identify(row)[:2]].values())
        dated = [notice for notice in same if notice.published == row.published]
        if event.before is None and not dated and row.published is not None:
            # Of two rows that differ in their date alone, and stand there together, each has its notice.
            others = self._days[identify(row)[:2]]
            same = [notice for notice in same if notice.published not in others]
        spelled = [notice for notice in dated or same if notice.url == row.url]  # by its fragment
        if not same and event.before is None and self._by_address and page is not None:
            # Two lists of one publisher, which name it otherwise.
            stored = self._context.writer.notices_of_page(page.id)
            same = stored if len(stored) == 1 else []
        return next(iter(spelled or dated or same), None)

    def put(self, before: Notice | None, notice: Notice) -> None:
        """Note what a notice is called now, and no longer what it was called before."""
        if before is not None:
            self._found[_called(before)].pop(before.id, None)
        self._found[_called(notice)][notice.id] = notice


def _called(notice: Notice) -> tuple[str, str]:
    return place(notice.url), fold(notice.title)
