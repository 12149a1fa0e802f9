"""One capture in, one transaction out.

    capture | track_page (answer, read, decide, store) | notices (new, updated, withdrawn, …)

Nothing is judged here and nothing is fetched. What a capture leads to is written together or
not at all, so a run killed anywhere loses at most the page in flight.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.config import requests_a_day
from monitor.track.context import Ready, TrackContext, TrackResult
from monitor.track.judge.case import PageCase, PageOutcome, ReadAhead
from monitor.track.page import (
    ALERTS_BY_DETAIL,
    Overtaken,
    compare_files,
    ensure_page,
    gather,
    keep_earlier,
    list_stored_digests,
    note_gaps,
    record_check,
    track_page,
)
from monitor.track.timing.plan import Rhythms
from storage.archive import Archive, Writer
from storage.errors import StorageError, describe_fault
from storage.holding import host_lease
from storage.log_lines import log_event
from storage.records import Alert, Capture, Page, Source
from storage.text.urls import fetchable, hostname
from storage.topics import health

if TYPE_CHECKING:
    from monitor.track.judge.intents import PageIntent
    from monitor.track.judge.placing import PastCase, Placement

logger = logging.getLogger(__name__)


class Tracker:
    """Writes what captures mean, one transaction a page."""

    def __init__(self, archive: Archive, sources: Iterable[Source], run: int | None = None) -> None:
        self.archive = archive
        self.sources = {source.id: source for source in sources}
        self.run = run
        self._first_visits: dict[str, bool] = {}
        self._rhythms = Rhythms(requests_a_day())

    def cases(self, capture: Capture) -> list[PageCase]:
        """Gather what judging a page and its attachments needs, before anything is written."""
        if capture.role == "listing" or capture.fault:
            return []
        source = self.sources[capture.source]
        with self.archive.read() as reader:
            found = []
            for one in (capture, *capture.attachments):
                known = reader.page(source.id, one.url, one.role)
                page = known or Page(0, source.id, fetchable(one.url), one.role)
                found.append(gather(reader, source, page, one))
        return found

    def track(
        self, capture: Capture, ready: Ready | None = None, ahead: ReadAhead | None = None
    ) -> TrackResult:
        """Write everything that ``capture`` means; its time is the clock.

        ``ready`` are its cases that were judged before; Overtaken is raised where one no longer fits.
        ``ahead`` is what its page says, where that was read ahead.

        A mistake of ours costs this page its judgement and no more: what came is kept as evidence, with a
        check and an alert that names the mistake. Raises StorageError, since then nothing can be kept.
        """
        if capture.fault:
            return self._track_failed(capture)
        try:
            return self._track(capture, ready or {}, ahead)
        except (StorageError, Overtaken):
            raise
        except Exception as error:
            _tell_failure(capture, error)
            return self._track_failed(replace(capture, fault=describe_fault(error)))

    def is_first_look(self, capture: Capture) -> bool:
        """Tell whether nothing of a capture's source was read before this run: then all of it is new."""
        if capture.source not in self._first_visits:
            with self.archive.read() as reader:
                self._first_visits[capture.source] = reader.is_first_visit(capture.source, self.run)
        return self._first_visits[capture.source]

    def _write(self, capture: Capture) -> AbstractContextManager[Writer]:
        """Write while the capture's host is still held: it may be out of date else."""
        return self.archive.write(host_lease(hostname(capture.url)))

    def _track_failed(self, capture: Capture) -> TrackResult:
        try:
            return self._record_fault(capture)
        except StorageError:
            raise
        except Exception as error:  # then it is what came that cannot be kept
            _tell_failure(capture, error, text="not even its bytes")
            return self._record_fault(
                Capture(capture.source, capture.url, capture.role, capture.captured_at, fault=capture.fault)
            )

    def _record_fault(self, capture: Capture) -> TrackResult:
        with self._write(capture) as writer:
            context = self._context(writer, capture)
            page = ensure_page(context, capture.url, capture.role)
            keep = bool(capture.body)
            seen = record_check(context, page, capture, "error", capture.fault, keep=keep)
            if capture.role == "page" and seen.page.version is None:
                from monitor.track.notice import judge_unread_page

                _carry_out(context, judge_unread_page(context, seen.page))
            context.link()
        return context.result

    def _track(self, capture: Capture, ready: Ready, ahead: ReadAhead | None) -> TrackResult:
        with self._write(capture) as writer:
            context = replace(self._context(writer, capture), ready=ready, ahead=ahead)
            if capture.role == "listing":
                from monitor.track.listings import track_listing

                track_listing(context, capture)
            else:
                self._page(context, capture)
            context.link()
        return context.result

    def track_imported(self, capture: Capture) -> TrackResult:
        """Track a capture from a file, which may be older than the last visit to its page."""
        return self.keep_earlier(capture) or self.track(capture)

    def keep_earlier(self, capture: Capture) -> TrackResult | None:
        """Keep a capture that is older than the last visit to its page as evidence and nothing else.

        It must not be told as if the page had changed back. None where it is not older.
        """
        try:
            return self._keep_earlier(capture)
        except StorageError:
            raise
        except Exception as error:
            _tell_failure(capture, error)
            return self._track_failed(replace(capture, fault=describe_fault(error)))

    def _keep_earlier(self, capture: Capture) -> TrackResult | None:
        with self.archive.read() as reader:
            known = reader.page(capture.source, capture.url, capture.role)
            if known is None or known.last_checked is None or capture.captured_at >= known.last_checked:
                return None
        with self._write(capture) as writer:
            page = writer.page(capture.source, capture.url, capture.role)
            if page is not None and page.last_checked is not None and capture.captured_at < page.last_checked:
                context = self._context(writer, capture)
                context.result.outcome = "earlier"
                keep_earlier(context, page, capture)
                for item in capture.attachments:
                    keep_earlier(context, ensure_page(context, item.url, "attachment", page.id), item)
                return context.result
        return None

    def find_late_pages(self, source: Source) -> list[Page]:
        """Return the pages on which captures wait for their place in the history."""
        from monitor.track.earlier import find_late_pages

        with self.archive.read() as reader:
            return find_late_pages(reader, source)

    def gather_past_cases(self, page: Page) -> list[PastCase]:
        """Gather what placing the late captures of a page and its files needs."""
        from monitor.track.earlier import gather_past

        with self.archive.write() as writer:
            return gather_past(writer, self.sources[page.source], page)

    def place(self, page: Page, cases: Sequence[PastCase], placements: Sequence[Placement]) -> TrackResult:
        """Write the history of a page and its files with the late captures in their places."""
        from monitor.track.earlier import place_past

        result = TrackResult(page.source, page.url, "earlier")
        with self.archive.write() as writer:
            source, now = self.sources[page.source], page.last_checked
            assert now is not None
            context = TrackContext(writer, source, now, self.run, result, self._first_visits, self._rhythms)
            place_past(context, page, cases, placements)
            context.link()
        return result

    def not_placed(self, page: Page, detail: str) -> TrackResult:
        """Say that the late captures of a page stay without a place in its history, and why."""
        result = TrackResult(page.source, page.url, "earlier")
        kind = next((kind for start, kind in ALERTS_BY_DETAIL.items() if detail.startswith(start)), "failed")
        assert page.last_checked is not None
        alert = Alert(kind, page.source, page.url, detail, page.last_checked, self.run)
        with self.archive.write() as writer:
            result.alerts.append(writer.raise_alert(alert))
        return result

    def _context(self, writer: Writer, capture: Capture) -> TrackContext:
        result = TrackResult(capture.source, capture.url)
        source, now = self.sources[capture.source], capture.captured_at
        return TrackContext(writer, source, now, self.run, result, self._first_visits, self._rhythms)

    def _page(self, context: TrackContext, capture: Capture) -> None:
        page = ensure_page(context, capture.url, "page")
        files = list_stored_digests(context.writer, page) if capture.attachments else {}
        seen = track_page(context, page, capture)
        attached = []
        for item in capture.attachments:
            under = ensure_page(context, item.url, "attachment", page.id)
            # A file that is first found on a page that has not altered hung there before: we look closer now.
            overlooked = seen.outcome == "same-bytes" and under.last_checked is None
            outcome = track_page(context, under, item)
            attached.append(compare_files(outcome, item, files, overlooked=overlooked))
        context.result.outcome = seen.outcome
        if seen.stands and not seen.moved_from and all(file.stands for file in attached):
            context.writer.touch_notices(page.id, context.now)
        else:
            self._notices(context, capture, seen, attached)

    def _notices(
        self, context: TrackContext, capture: Capture, seen: PageOutcome, attached: Sequence[PageOutcome]
    ) -> None:
        """Write what a visit means for the notices on a page that is not as it was."""
        from monitor.track.notice import (  # most pages are as they were
            judge_attachment,
            judge_missing_page,
            judge_moved_page,
            judge_read_page,
            judge_unread_page,
        )

        for file in attached:
            _carry_out(context, judge_attachment(context, seen.page, file))
        if seen.outcome == "missing":
            _carry_out(context, judge_missing_page(context, seen.page))
        elif seen.page.version is None:
            _carry_out(context, judge_unread_page(context, seen.page))
        elif seen.success and not seen.page.gone and not any(item.version for item in (seen, *attached)):
            context.writer.touch_notices(seen.page.id, context.now)
        elif seen.success or any(item.version is not None for item in attached):
            _carry_out(context, judge_read_page(context, seen, attached, capture.url, capture.row))
            context.writer.touch_notices(seen.page.id, context.now)
            asked = context.source.page.offers and seen.version is not None
            if asked and context.writer.notices_of_page(seen.page.id):
                from monitor.track.offers import offer_links

                offer_links(context, capture)
        if seen.success and seen.moved_from:
            _carry_out(context, judge_moved_page(context, seen, capture.moved_to))


def _tell_failure(capture: Capture, error: BaseException, text: str = "") -> None:
    log_event(
        logger, "page.failed", logging.ERROR, error=error, source=capture.source, url=capture.url, text=text
    )


def _carry_out(context: TrackContext, intent: PageIntent) -> None:
    """Write what was decided of a page and of the notices on it."""
    if intent.page is not None:
        context.writer.put_page(intent.page)
        if intent.page.gone and intent.page.role == "page":
            note_gaps(context, intent.page, health.WHEN_GONE)
    for notice in intent.notices:
        context.carry_out(notice)
