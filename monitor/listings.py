"""A listing's capture: its rows compared with the last state, and what that means for notices.

A listing is versioned like a page, its rows being its text, but is never itself a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urldefrag

from monitor import decide
from monitor.comparing import summarise, text_key, text_shape
from monitor.identity import RowEvent, RowEventKind, row_events
from monitor.ledger import Ledger
from monitor.look import Looked, digest_of, known_page, looked
from monitor.notices import add_notice, tell_new
from monitor.recipe import listing_recipe
from spiders.listing import rows
from storage.fold import fold
from storage.records import Block, Capture, ChangeKind, Hunk, Notice, Page, Row, Version

_HEAD = ("date", "title", "address", "label")


def listing(ledger: Ledger, capture: Capture) -> None:
    """Store a listing's state and follow up on each row that is new, re-dated, re-titled or moved."""
    page = known_page(ledger, capture.url, "listing")
    stored = ledger.writer.snapshot(page.snapshot) if page.snapshot is not None else None
    said = decide.answer(capture, stored.sha256 if stored else None, digest_of(capture))
    if capture.rows is not None and said.readable:
        page = replace(page, rows=len(capture.rows))
    last = ledger.writer.version(page.version) if page.version is not None else None
    if last is not None and capture.rows is not None and last.recipe != listing_recipe(ledger.source):
        last = _reread(ledger, page, last)  # an upgrade is no news: the old bytes are read again first
    if said.outcome is not None or capture.rows is None:
        outcome = said.outcome or "unreadable"
        ledger.tracked.outcome = looked(ledger, page, capture, outcome, said.detail).outcome
        return
    before, after = rows_of(last), capture.rows
    _expected(ledger, page, len(after))
    if not after:
        ledger.tracked.outcome = looked(ledger, page, capture, "empty", "no rows", keep=True).outcome
        return
    events = row_events(before, after)
    same = last is not None and tuple(before) == after
    seen = looked(ledger, page, capture, "same-text" if same else "version", keep=True)
    ledger.tracked.outcome = seen.outcome
    if not same:
        _store(ledger, seen, after)
    for event in reversed(events):  # listings show the newest first; tell in the order of events
        _follow(ledger, event, after)


def rows_of(version: Version | None) -> list[Row]:
    """The rows that a listing's stored version holds."""
    blocks = version.blocks if version is not None else ()
    return [
        Row(url, title, date.fromisoformat(day) if day else None, label)
        for day, title, url, label in (block.cells for block in blocks)
    ]


def _reread(ledger: Ledger, page: Page, last: Version) -> Version:
    """The listing's newest bytes read by today's rules. What these see in other words or for the first time
    stood there before: notices are noted down and put right, and nobody hears of it, except of what was
    overlooked and is so young that it would be told on a first visit, too."""
    source, writer = ledger.source, ledger.writer
    assert source.listing is not None
    snapshot = writer.snapshot(page.snapshot or last.snapshot, body=True)
    if snapshot is None or snapshot.body is None:
        return last
    content_type, encoding = snapshot.header("Content-Type"), source.page.encoding
    found = rows(snapshot.body, snapshot.final_url, source.listing, encoding, content_type=content_type)
    for event in reversed(row_events(rows_of(last), found)):
        known = _notice_of(ledger, event, found)
        if known is None:
            at = known_page(ledger, event.row.url, "page")
            version = writer.version(at.version) if at.version is not None else None
            add_notice(ledger, at, event.row, version, event.row.url, overlooked=True)
        elif event.before is not None:
            _correct(ledger, known, event.row)
    version = replace(last, **_content(found), recipe=listing_recipe(source))
    writer.replace_version(version)
    return version


def _expected(ledger: Ledger, page: Page, count: int) -> None:
    rules = ledger.source.listing
    least, most = rules.expect if rules is not None else (1, None)
    if count < least:
        ledger.alert("few-rows", page.url, f"{count} rows, at least {least} expected")
    elif most is not None and count > most:
        ledger.alert("many-rows", page.url, f"{count} rows, at most {most} expected")


def _store(ledger: Ledger, seen: Looked, found: Sequence[Row]) -> None:
    assert seen.snapshot is not None
    version = Version(
        page=seen.page.id,
        snapshot=seen.snapshot.id,
        captured_at=ledger.now,
        title=ledger.source.name,
        attachments=(),
        recipe=listing_recipe(ledger.source),
        **_content(found),
    )
    version = ledger.writer.add_version(version)
    ledger.writer.put_page(replace(seen.page, version=version.id, last_changed=ledger.now))


def _content(found: Sequence[Row]) -> dict[str, Any]:
    """What a version of a listing says."""
    blocks = tuple(
        Block("row", " | ".join(cells), cells, _HEAD)
        for cells in ((str(row.published or ""), row.title, row.url, row.label) for row in found)
    )
    text = "\n".join(block.text for block in blocks)
    return {"text": text, "blocks": blocks, "key": text_key(blocks), "shape": text_shape(blocks)}


def _follow(ledger: Ledger, event: RowEvent, listed: Sequence[Row]) -> None:
    row, before = event.row, event.before
    page = known_page(ledger, row.url, "page")
    version = ledger.writer.version(page.version) if page.version is not None else None
    notice = _notice_of(ledger, event, listed)
    if notice is None:
        notice = add_notice(ledger, page, row, version, row.url)
    elif before is None:
        return  # the same notice in a second listing of this source
    else:
        ledger.writer.put_page(replace(page, due_at=ledger.now))
        notice = _correct(ledger, notice, row)
        if notice.status != "listed":
            _tell(ledger, notice, event.kind, before, row)
    if version is not None and notice.status == "listed":
        tell_new(ledger, notice, version, ledger.writer.facts(version.id))  # its page was read before


def _correct(ledger: Ledger, notice: Notice, row: Row) -> Notice:
    """Note down what a row says of a notice now."""
    page = known_page(ledger, row.url, "page")
    notice = replace(notice, url=row.url, title=row.title, published=row.published, page=page.id)
    ledger.writer.put_notice(notice)
    return notice


def _tell(ledger: Ledger, notice: Notice, event: RowEventKind, before: Row, row: Row) -> None:
    reason, old, new = {
        "moved": ("address", before.url, row.url),
        "retitled": ("title", before.title, row.title),
        "redated": ("date", str(before.published or ""), str(row.published or "")),
    }[event]
    hunk = Hunk("change", old, new, reasons=(reason,), label=reason)
    kind: ChangeKind = "moved" if event == "moved" else "updated"
    ledger.tell(notice, kind, reasons=[reason], hunks=[hunk], summary=summarise([hunk], ()))


def _notice_of(ledger: Ledger, event: RowEvent, listed: Sequence[Row]) -> Notice | None:
    """The stored notice that a row stands for: address and title are the same, the date where it must be."""
    row = event.before or event.row
    page = ledger.writer.page(ledger.source.id, urldefrag(row.url).url, "page")
    notices = ledger.writer.notices_of_page(page.id) if page is not None else []
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
