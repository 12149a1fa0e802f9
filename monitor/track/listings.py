"""A listing's capture: its rows compared with the last state, and what that means for notices.

A listing is versioned like a page, its rows being its text, but is never itself a change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from monitor.comparing import summarise, text_key, text_shape
from monitor.track.context import TrackContext
from monitor.track.judge.judgement import PageOutcome
from monitor.track.judge.recipe import listing_recipe
from monitor.track.listing_rows import RowEvent, RowEventKind, identity, match_rows, pair_rows
from monitor.track.notice import add_notice, tell_new
from monitor.track.page import ensure_page, record_check, sort_answer
from spiders.listings.listing import rows
from storage.records import Block, Capture, ChangeKind, Hunk, Notice, Page, Row, Version
from storage.text.fold import fold
from storage.text.urls import fetchable, place

_ROW_FIELDS = ("date", "title", "address", "label")


def track_listing(context: TrackContext, capture: Capture) -> None:
    """Store a listing's state and follow up on each row that is new, re-dated, re-titled or moved."""
    page = ensure_page(context, capture.url, "listing")
    said, stored = sort_answer(context, page, capture)
    if capture.rows is not None and said.readable:
        page = replace(page, rows=len(capture.rows))
    last = context.writer.version(page.version) if page.version is not None else None
    outdated = last is not None and last.recipe != listing_recipe(context.source)
    known = said.outcome == "same-bytes"
    if capture.rows is None or (said.outcome is not None and not (known and outdated)):
        outcome = said.outcome or "unreadable"
        context.result.outcome = record_check(context, page, capture, outcome, said.detail).outcome
        return
    before, after = stored_rows(last), capture.rows
    _expected(context, page, len(after))
    if not after:
        context.result.outcome = record_check(context, page, capture, "empty", "no rows", keep=True).outcome
        return
    if last is not None and outdated:  # an upgrade is no news: the old bytes are read again first
        if known and stored is not None:
            last = _reread(context, replace(last, snapshot=stored.id), after)
        else:
            last = _reread(context, last)
        before = stored_rows(last)
    events = match_rows(before, after)
    same = last is not None and _alike(before, after)
    outcome = "version" if not same else "same-bytes" if known else "same-text"
    seen = record_check(context, page, capture, outcome, keep=outcome != "same-bytes")
    context.result.outcome = seen.outcome
    if not same:
        _store(context, seen, after)
    notices = _Notices(context, after)
    for event in reversed(events):  # listings show the newest first; tell in the order of events
        _follow(context, event, notices)
    _respell(context, before, after)


def stored_rows(version: Version | None) -> list[Row]:
    """The rows that a listing's stored version holds."""
    blocks = version.blocks if version is not None else ()
    return [
        Row(url, title, date.fromisoformat(day) if day else None, label)
        for day, title, url, label in (block.cells for block in blocks)
    ]


def _reread(context: TrackContext, last: Version, found: Sequence[Row] | None = None) -> Version:
    """The listing's state as today's rules read it: ``found``, or else what they find in the stored bytes.

    What they see in other words stood there before: notices are put right, and nobody hears of it. Where they
    find less than half of the rows, they were made for what the site looks like since, and the state stays
    as it was read."""
    now = replace(last, recipe=listing_recipe(context.source))
    again = _rows_in(context, last) if found is None else found
    paired = pair_rows(stored_rows(last), again)
    if found is not None or 2 * sum(old is not None for old, _ in paired) >= len(last.blocks):
        notices = _Notices(context, again)
        for old, row in reversed(paired):
            _put_right(context, old, row, notices)
        now = _saying(now, again)
    context.writer.replace_version(now)
    return now


def _rows_in(context: TrackContext, version: Version) -> Sequence[Row]:
    source, snapshot = context.source, context.writer.snapshot(version.snapshot, body=True)
    if source.listing is None or snapshot is None or snapshot.body is None:
        return ()
    content_type, encoding = snapshot.header("Content-Type"), source.page.encoding
    return rows(snapshot.body, snapshot.final_url, source.listing, encoding, content_type=content_type)


def _put_right(context: TrackContext, old: Row | None, row: Row, notices: _Notices) -> None:
    """Note down what is read otherwise. A row that was overlooked is told if it is dated and so young that it
    would be told on a first visit, too."""
    known = old and notices.of(RowEvent("new", row, old))
    if known:
        notices.put(known, _correct(context, known, row))
    elif notices.of(RowEvent("new", row)) is None:
        page = ensure_page(context, row.url, "page")
        version = context.writer.version(page.version) if page.version is not None else None
        notice = add_notice(context, page, row, version, row.url, overlooked=True)
        notices.put(None, notice)
        _tell_if_read(context, notice, version)


def _expected(context: TrackContext, page: Page, count: int) -> None:
    rules = context.source.listing
    least, most = rules.expect if rules is not None else (1, None)
    if count < least:
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
        shape="",
        recipe=listing_recipe(context.source),
    )
    version = context.writer.add_version(_saying(empty, found))
    context.writer.put_page(replace(seen.page, version=version.id, last_changed=context.now))


def _saying(version: Version, found: Sequence[Row]) -> Version:
    """The version with other rows."""
    blocks = tuple(
        Block("row", " | ".join(cells), cells, _ROW_FIELDS)
        for cells in ((str(row.published or ""), row.title, row.url, row.label) for row in found)
    )
    text = "\n".join(block.text for block in blocks)
    return replace(version, text=text, blocks=blocks, key=text_key(blocks), shape=text_shape(blocks))


def _alike(before: Sequence[Row], after: Sequence[Row]) -> bool:
    """Whether two states say the same, whatever session or number against caches is in their addresses."""
    if len(before) != len(after):
        return False
    return all(
        old == new or (place(old.url), replace(old, url="")) == (place(new.url), replace(new, url=""))
        for old, new in zip(before, after, strict=True)
    )


def _respell(context: TrackContext, before: Sequence[Row], after: Sequence[Row]) -> None:
    """Ask for pages from now on where the listing says that they are: by https, under a newer number."""
    spelled = {place(row.url): fetchable(row.url) for row in before}
    for row in after:
        at, url = place(row.url), fetchable(row.url)
        if spelled.get(at, url) != url:
            page = context.writer.page(context.source.id, url, "page")
            if page is not None:
                context.writer.respell(page.id, url)


def _follow(context: TrackContext, event: RowEvent, known: _Notices) -> None:
    row, before = event.row, event.before
    if before is not None and event.kind == "respelled":
        if notice := known.of(event):
            context.writer.respell(notice.page, fetchable(row.url))
            known.put(notice, _correct(context, notice, row))
        return
    page = ensure_page(context, row.url, "page")
    version = context.writer.version(page.version) if page.version is not None else None
    notice = known.of(event)
    if notice is None:
        notice = add_notice(context, page, row, version, row.url)
        known.put(None, notice)
    elif before is None:
        return  # the same notice in a second listing of this source
    else:
        context.writer.put_page(replace(page, due_at=context.now))
        notice, earlier = _correct(context, notice, row), notice
        known.put(earlier, notice)
        if notice.status != "listed":
            _tell(context, notice, event.kind, before, row)
    _tell_if_read(context, notice, version)


def _tell_if_read(context: TrackContext, notice: Notice, version: Version | None) -> None:
    """Tell a notice whose page was read before."""
    if version is not None and notice.status == "listed":
        tell_new(context, notice, version, context.writer.facts(version.id))


def _correct(context: TrackContext, notice: Notice, row: Row) -> Notice:
    """Note down what a row says of a notice now. A day that it does not say may be known from the page."""
    page, day = ensure_page(context, row.url, "page"), row.published or notice.published
    notice = replace(notice, url=row.url, title=row.title, published=day, page=page.id)
    context.writer.put_notice(notice)
    return notice


def _tell(context: TrackContext, notice: Notice, event: RowEventKind, before: Row, row: Row) -> None:
    reason, old, new = {
        "moved": ("address", before.url, row.url),
        "retitled": ("title", before.title, row.title),
        "redated": ("date", str(before.published or ""), str(row.published or "")),
    }[event]
    hunk = Hunk("change", old, new, reasons=(reason,), label=reason)
    kind: ChangeKind = "moved" if event == "moved" else "updated"
    context.tell(notice, kind, reasons=[reason], hunks=[hunk], summary=summarise([hunk], ()))


class _Notices:
    """The stored notices that rows of one listing stand for, each page's record_check up once."""

    def __init__(self, context: TrackContext, listed: Sequence[Row]) -> None:
        self._ledger = context
        self._days: defaultdict[tuple[str, str], set[date | None]] = defaultdict(set)
        for row in listed:
            self._days[identity(row)[:2]].add(row.published)
        self._looked_up: set[int] = set()
        self._found: defaultdict[tuple[str, str], dict[int, Notice]] = defaultdict(dict)

    def of(self, event: RowEvent) -> Notice | None:
        """The notice of a row: address and title are the same, the date where it must be."""
        row = event.before or event.row
        page = self._ledger.writer.page(self._ledger.source.id, row.url, "page")
        if page is not None and page.id not in self._looked_up:
            self._looked_up.add(page.id)
            for notice in self._ledger.writer.notices_of_page(page.id):
                self.put(None, notice)
        same = list(self._found[identity(row)[:2]].values())
        dated = [notice for notice in same if notice.published == row.published]
        if event.before is None and not dated and row.published is not None:
            # Of two rows that differ in their date alone, and stand there together, each has its notice.
            others = self._days[identity(row)[:2]]
            same = [notice for notice in same if notice.published not in others]
        spelled = [notice for notice in dated or same if notice.url == row.url]  # by its fragment
        return next(iter(spelled or dated or same), None)

    def put(self, before: Notice | None, notice: Notice) -> None:
        """Note what a notice is called now, and no longer what it was called before."""
        if before is not None:
            self._found[_called(before)].pop(before.id, None)
        self._found[_called(notice)][notice.id] = notice


def _called(notice: Notice) -> tuple[str, str]:
    return place(notice.url), fold(notice.title)
