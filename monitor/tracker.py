"""One capture in, one transaction out.

    capture | look (answer, read, decide, store) | notices (new, updated, withdrawn, …)

Nothing is judged here and nothing is fetched. What a capture leads to is written together or
not at all, so a run killed anywhere loses at most the page in flight.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.ledger import Ledger, Tracked
from monitor.listings import listing
from monitor.look import known_page, look
from monitor.notices import page_missing, page_read, page_unread
from monitor.offers import offer_links
from storage.archive import Archive
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
            source = self.sources[capture.source]
            tracked = Tracked(capture.source, capture.url)
            ledger = Ledger(writer, source, capture.captured_at, self.run, tracked)
            if capture.role == "listing":
                listing(ledger, capture)
            else:
                self._page(ledger, capture)
        return tracked

    def _page(self, ledger: Ledger, capture: Capture) -> None:
        page = known_page(ledger, capture.url, "page")
        seen = look(ledger, page, capture)
        attached = [
            look(ledger, known_page(ledger, item.url, "attachment", page.id), item)
            for item in capture.attachments
        ]
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
