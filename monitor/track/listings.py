"""A listing's capture: its rows compared with the last state, and what that means for notices.

A listing is versioned like a page, its rows being its text, but is never itself a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urldefrag

from monitor.comparing import summarise, text_key, text_shape
from monitor.track import decide
from monitor.track.context import TrackContext
from monitor.track.listing_rows import RowEvent, RowEventKind, match_rows, pair_rows
from monitor.track.notice import add_notice, tell_new
from monitor.track.page import PageOutcome, digest_of, ensure_page, record_check
from monitor.track.recipe import listing_recipe
from spiders.listings.listing import rows
from storage.records import Block, Capture, ChangeKind, Hunk, Notice, Page, Row, Version
from storage.text.fold import fold

_ROW_FIELDS = ("date", "title", "address", "label")


def track_listing(context: TrackContext, capture: Capture) -> None:
    """Store a listing's state and follow up on each row that is new, re-dated, re-titled or moved."""
    page = ensure_page(context, capture.url, "listing")
    stored = context.writer.snapshot(page.snapshot) if page.snapshot is not None else None
    said = decide.sort_answer(capture, stored.sha256 if stored else None, digest_of(capture))
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
    same = last is not None and tuple(before) == after
    outcome = "version" if not same else "same-bytes" if known else "same-text"
    seen = record_check(context, page, capture, outcome, keep=outcome != "same-bytes")
    context.result.outcome = seen.outcome
    if not same:
        _store(context, seen, after)
    for event in reversed(events):  # listings show the newest first; tell in the order of events
        _follow(context, event, after)


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
        for old, row in reversed(paired):
            _put_right(context, old, row, again)
        now = _saying(now, again)
    context.writer.replace_version(now)
    return now


def _rows_in(context: TrackContext, version: Version) -> Sequence[Row]:
    source, snapshot = context.source, context.writer.snapshot(version.snapshot, body=True)
    if source.listing is None or snapshot is None or snapshot.body is None:
        return ()
    content_type, encoding = snapshot.header("Content-Type"), source.page.encoding
    return rows(snapshot.body, snapshot.final_url, source.listing, encoding, content_type=content_type)


def _put_right(context: TrackContext, old: Row | None, row: Row, listed: Sequence[Row]) -> None:
    """Note down what is read otherwise. A row that was overlooked is told if it is dated and so young that it
    would be told on a first visit, too."""
    known = old and _notice_of(context, RowEvent("new", row, old), listed)
    if known:
        _correct(context, known, row)
    elif _notice_of(context, RowEvent("new", row), listed) is None:
        page = ensure_page(context, row.url, "page")
        version = context.writer.version(page.version) if page.version is not None else None
        _tell_if_read(context, add_notice(context, page, row, version, row.url, overlooked=True), version)


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


def _follow(context: TrackContext, event: RowEvent, listed: Sequence[Row]) -> None:
    row, before = event.row, event.before
    page = ensure_page(context, row.url, "page")
    version = context.writer.version(page.version) if page.version is not None else None
    notice = _notice_of(context, event, listed)
    if notice is None:
        notice = add_notice(context, page, row, version, row.url)
    elif before is None:
        return  # the same notice in a second listing of this source
    else:
        context.writer.put_page(replace(page, due_at=context.now))
        notice = _correct(context, notice, row)
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


def _notice_of(context: TrackContext, event: RowEvent, listed: Sequence[Row]) -> Notice | None:
    """The stored notice that a row stands for: address and title are the same, the date where it must be."""
    row = event.before or event.row
    page = context.writer.page(context.source.id, urldefrag(row.url).url, "page")
    notices = context.writer.notices_of_page(page.id) if page is not None else []
    same = [notice for notice in notices if (notice.url, fold(notice.title)) == (row.url, fold(row.title))]
    dated = [notice for notice in same if notice.published == row.published]
    if event.before is None and not dated and row.published is not None:
        # Of two rows that differ in their date alone, and stand there together, each has its notice.
        others = {
            other.published
            for other in listed
            if (other.url, fold(other.title)) == (row.url, fold(row.title))
        }
        same = [notice for notice in same if notice.published not in others]
    return next(iter(dated or same), None)
