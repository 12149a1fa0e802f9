"""What a crawl looks at: the pages that are due, with what the server gave us to ask again by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Self
from urllib.parse import urldefrag

from scrapy.crawler import Crawler

from monitor.clock import Now, make_clock
from monitor.config import database_url
from monitor.crawl.selection import choose_sources
from monitor.radar import answer_row
from monitor.track.fallback import find_sickness, is_in_place
from monitor.track.judge.recipe import make_listing_recipe
from storage.archive import Archive, Reader, open_archive
from storage.records import Page, Role, Row, Source, Validators, Visit
from storage.text.urls import fetchable, place
from storage.topics.health import planned_by_wrong_clock

FULL_FETCH_EVERY = timedelta(days=14)
"""Servers with broken ETags exist: this often a page is fetched without validators."""


class ArchiveAgenda:
    """Asks the archive what is due. ``everything`` asks for known pages whether due or not."""

    def __init__(self, archive: Archive, sources: Sequence[Source], now: Now, *, everything: bool) -> None:
        self.archive = archive
        self.sources = sources
        self.now = now
        self.everything = everything

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the archive and choose the sources that the settings name. Raises UnknownSource."""
        settings = crawler.settings
        archive = open_archive(settings.get("KOHYO_DB") or database_url())
        now = make_clock(settings.get("KOHYO_NOW"))
        return cls(archive, choose_sources(archive, settings), now, everything=settings.getbool("KOHYO_ALL"))

    def visits(self, source: Source) -> list[Visit]:
        """Return what to look at now: start addresses first, then known pages, each once."""
        role: Role = "listing" if source.listing is not None else "page"
        with self.archive.read() as reader:
            pages = reader.pages(source.id)
            digests = reader.digests(source.id)
            fallback = source.fallback if find_sickness(reader, source, self.now()) else ()
            reread = {page.id for page in pages if _is_read_otherwise(reader, source, page)}
        known = {(place(page.url), page.role): page for page in pages}
        attached: defaultdict[int | None, list[Page]] = defaultdict(list)
        for page in pages:
            attached[page.parent].append(page)
        asked: dict[tuple[str, Role], str | Page] = {
            (place(url), role): known.get((place(url), role), urldefrag(url).url) for url in source.start
        }
        asked |= {(place(url), role): known.get((place(url), role), urldefrag(url).url) for url in fallback}
        # of lists that are each of a month, those of former months rest
        resting = {"attachment", "listing"} if source.periodic else {"attachment"}
        unasked = {
            (place(url), "listing") for url in source.fallback
        } - asked.keys()  # while the first is well
        asked |= {at: page for at, page in known.items() if page.role not in resting and at not in unasked}
        return [
            Visit(source.id, found, role)
            if isinstance(found, str)
            else self._again(found, digests, attached, anew=found.id in reread or _leads_on(source, found))
            for found in asked.values()
            if isinstance(found, str) or self._due(found, source)
        ]

    def visit(self, source: Source, row: Row) -> Visit | None:
        """Visit the page of a row met in a listing.

        None where the row is off the listing's topic, or where its page is known and waits for its own time.
        """
        address = fetchable(row.url)
        if answer_row(source, row).answer == "no":
            return None
        with self.archive.read() as reader:
            page = reader.page(source.id, address, "page")
        known = page is not None and page.last_checked is not None
        return None if known else Visit(source.id, address, "page", row=row)

    def listing(self, source: Source, url: str) -> Visit | None:
        """Return the visit of a further listing; None where it is known, and waits for its own time.

        Where each list is of a month or year, none is visited but with those that lead there, since it would
        be for ever: it is due then if half of its time has passed.
        """
        with self.archive.read() as reader:
            page = reader.page(source.id, url, "listing")
            if page is None:
                return Visit(source.id, url, "listing")
            soon = page.due_at and page.due_at - timedelta(seconds=source.every / 2)
            if not source.periodic or not self._due(replace(page, due_at=soon), source):
                return None
            return self._again(page, reader.digests(source.id), {}, anew=_leads_on(source, page))

    def close(self) -> None:
        """Close the archive's connections."""
        self.archive.close()

    def _due(self, page: Page, source: Source) -> bool:
        """Tell whether its time has come. What a clock that was ahead put off for years waits no longer."""
        now = self.now()
        if self.everything or page.due_at is None or page.due_at <= now:
            return True
        return planned_by_wrong_clock(page.due_at, source.every, now)

    def _again(
        self,
        page: Page,
        digests: Mapping[int, str],
        attached: Mapping[int | None, Sequence[Page]],
        *,
        anew: bool = False,
    ) -> Visit:
        # What was fetched in the future, by a clock that was ahead, is no nearer than that.
        stale = page.fetched_at is None or abs(self.now() - page.fetched_at) >= FULL_FETCH_EVERY
        files = attached.get(page.id, ()) if page.role == "page" else ()
        return Visit(
            source=page.source,
            url=page.url,
            role=page.role,
            validators=Validators() if stale or page.held or anew else page.validators,
            sha256=digests.get(page.id),
            confirm=page.role == "page" and page.version is not None and not page.settled,
            attachments=tuple(self._again(file, digests, attached) for file in files),
        )


def _leads_on(source: Source, page: Page) -> bool:
    """Tell whether lists are visited by the links of this page alone, so that it is asked for whole."""
    if not source.periodic or page.role != "listing" or source.listing is None:
        return False
    return bool(source.listing.index or source.listing.more)


def _is_read_otherwise(reader: Reader, source: Source, page: Page) -> bool:
    """Tell whether the rows of a listing were read by other rules than today's.

    Who changed a declaration waits for what it brings, and not for the page to change.
    """
    if page.role != "listing" or page.version is None or source.listing is None:
        return False
    read_as = source.in_place() if is_in_place(source, page.url) else source
    return reader.recipe(page.version) != make_listing_recipe(read_as)
