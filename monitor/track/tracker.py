"""One capture in, one transaction out.

    capture | track_page (answer, read, decide, store) | notices (new, updated, withdrawn, …)

Nothing is judged here and nothing is fetched. What a capture leads to is written together or
not at all, so a run killed anywhere loses at most the page in flight.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urldefrag

from monitor.track.context import Ledger, Tracked
from monitor.track.listings import listing
from monitor.track.notice import attachment_stands, page_missing, page_read, page_unread
from monitor.track.offers import offer_links
from monitor.track.page import keep_earlier, known_page, track_page
from storage.archive import Archive, Writer
from storage.records import Capture, Source


class Tracker:
    """Writes what captures mean, one transaction a page."""

    def __init__(self, archive: Archive, sources: Iterable[Source], run: int | None = None) -> None:
        self.archive = archive
        self.sources = {source.id: source for source in sources}
        self.run = run

    def track(self, capture: Capture) -> Tracked:
        """Write everything that ``capture`` means; its time is the clock."""
        with self.archive.write() as writer:
            ledger = self._ledger(writer, capture)
            if capture.role == "listing":
                listing(ledger, capture)
            else:
                self._page(ledger, capture)
        return ledger.tracked

    def track_imported(self, capture: Capture) -> Tracked:
        """The same for a capture from a file. What is older than the last look at its page is evidence
        and nothing else: it must not be told as if the page had changed back."""
        with self.archive.write() as writer:
            page = writer.page(capture.source, urldefrag(capture.url).url, capture.role)
            if page is not None and page.last_checked is not None and capture.captured_at < page.last_checked:
                ledger = self._ledger(writer, capture)
                ledger.tracked.outcome = "earlier"
                keep_earlier(ledger, page, capture)
                for item in capture.attachments:
                    if known := writer.page(item.source, urldefrag(item.url).url, "attachment"):
                        keep_earlier(ledger, known, item)
                return ledger.tracked
        return self.track(capture)

    def _ledger(self, writer: Writer, capture: Capture) -> Ledger:
        tracked = Tracked(capture.source, capture.url)
        return Ledger(writer, self.sources[capture.source], capture.captured_at, self.run, tracked)

    def _page(self, ledger: Ledger, capture: Capture) -> None:
        page = known_page(ledger, capture.url, "page")
        seen = track_page(ledger, page, capture)
        attached = [
            track_page(ledger, known_page(ledger, item.url, "attachment", page.id), item)
            for item in capture.attachments
        ]
        for item in attached:
            attachment_stands(ledger, seen.page, item)
        ledger.tracked.outcome = seen.outcome
        if seen.outcome == "missing":
            page_missing(ledger, seen.page)
        elif seen.page.version is None:
            page_unread(ledger, seen.page)
        elif seen.success and not seen.page.gone and not any(item.version for item in (seen, *attached)):
            ledger.writer.touch_notices(page.id, ledger.now)
        elif seen.success or any(item.version is not None for item in attached):
            page_read(ledger, seen, attached, capture.url, capture.row)
            if seen.version is not None and ledger.source.page.offers:
                offer_links(ledger, capture)
