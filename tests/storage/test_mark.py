"""The mark of an archive moves with whatever is written, and is seen with it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from storage.archive import QUIET, Archive, Reader, Writer
from storage.db.mark import Mark
from storage.records import Alert, Check, Page
from tests.storage.builders import NOW, change, later, notice, read, snapshot, watch


def mark(archive: Archive) -> Mark:
    with archive.read() as reader:
        return reader.mark()


def known_page(archive: Archive) -> Page:
    with archive.write() as writer:
        page = watch(writer)
        writer.add_notice(notice(page))
        read(writer, page, "お詫び")
        found = writer.page_by_id(page.id)
    assert found is not None
    return found


LOOKED: dict[str, Callable[[Writer, Page], object]] = {
    "a check": lambda writer, page: writer.add_check(Check(page.id, None, NOW, "same-bytes", 200, "")),
    "when to look again": lambda writer, page: writer.put_page(replace(page, due_at=later(days=1))),
    "that a notice still stands": lambda writer, page: writer.touch_notices(page.id, later(hours=1)),
    "an alert": lambda writer, page: writer.raise_alert(Alert("http", page.source, page.url, "503", NOW)),
    "bytes that were read as nothing new": lambda writer, page: writer.add_snapshot(snapshot(page, b"<p>")),
    "a run": lambda writer, page: writer.start_run("crawl", NOW),
    "what is noted": lambda writer, page: writer.note("served", "{}"),
    "a source that is declared as before": lambda writer, page: writer.put_source(writer.sources()[0]),
}
SAID: dict[str, Callable[[Writer, Page], object]] = {
    "a version": lambda writer, page: read(writer, page, "お詫び(第二報)"),
    "a notice": lambda writer, page: writer.add_notice(notice(page, "別のお知らせ")),
    "a change": lambda writer, page: writer.add_change(change(writer.notices_of_page(page.id)[0])),
    "that another version is the newest": lambda writer, page: writer.put_page(
        replace(page, version=writer.versions(page.id)[0].id)
    ),
    "that it hangs on another page": lambda writer, page: writer.put_page(replace(page, parent=page.id)),
    "what is declared of a source": lambda writer, page: writer.put_source(
        replace(next(iter(writer.sources())), name="別名")
    ),
    "another address": lambda writer, page: writer.respell(page.id, "https://www.example.jp/2"),
}


@pytest.mark.parametrize("what", [*LOOKED, *SAID])
def test_every_write_moves_the_mark_and_only_what_is_told_moves_the_one_of_pages(
    archive: Archive, what: str
) -> None:
    page = known_page(archive)
    before = mark(archive)
    with archive.write() as writer:
        (LOOKED | SAID)[what](writer, page)
    after = mark(archive)
    assert after != before
    assert (after.told == before.told) is (what in LOOKED)


def test_reading_and_a_transaction_undone_leave_the_mark(archive: Archive) -> None:
    page = known_page(archive)
    before = mark(archive)
    with suppress(ZeroDivisionError), archive.write() as writer:
        read(writer, page, "お詫び(第二報)")
        raise ZeroDivisionError
    with archive.read() as reader:
        reader.notices_of_page(page.id)
    assert mark(archive) == before


def test_a_reader_keeps_the_mark_of_what_it_sees(archive: Archive) -> None:
    page = known_page(archive)
    with archive.read() as reader:
        before = reader.mark()
        with archive.write() as writer:
            read(writer, page, "お詫び(第二報)")
        assert reader.mark() == before
        assert len(reader.versions(page.id)) == 1


def test_a_method_that_writes_tells_unless_it_is_named() -> None:
    writing = {name for name in set(dir(Writer)) - set(dir(Reader)) if name[0] != "_"}
    assert set(QUIET) <= writing
    assert {"redact", "put_link", "set_offer", "prune_bytes", "reindex"} <= writing - set(QUIET)
