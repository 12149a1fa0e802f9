"""Captures on their way into the archive: judged where it is safe, written by the tracker alone.

    capture | gather | judge (in a worker, if it may take long) | track (one transaction, one at a time)

A small page is judged where it arrives: a worker would cost more than it, and at 128 KB even a page made to
hurt takes well under a second. Everything larger, and every attachment, goes to a worker with limits.

Where many pages of new sources come one upon another, small ones are read on the other cores, and written in
the order in which they came.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlsplit

from monitor.track.context import TrackResult
from monitor.track.judge.case import Judgement, PageCase, ReadAhead, judge_unread
from monitor.track.page import Overtaken
from monitor.track.tracker import Tracker
from spiders.transport.budgets import SMALL_BYTES, give_back_memory
from spiders.transport.workers.ahead import Ahead
from spiders.transport.workers.lanes import Faulted, TooExpensive, Workers
from storage.errors import FAULT, StorageError, describe_fault
from storage.records import Capture, Role, Source
from storage.text.urls import place

CHEAP_BYTES = 128 * 1024
"""Up to so many bytes a page is judged without a worker, and its second reading with it."""

MOST_AHEAD = 1 << 20
"""Bytes of a page that is read ahead of its turn, by a worker with limits."""

CHEAP_CHARS = CHEAP_BYTES // 3
"""What a page says that was read ahead is judged without a worker up to so many characters."""

MAX_JUDGEMENTS = 3
"""How often a page is judged anew because it was altered by another capture meanwhile."""


class Judging:
    """Tracks captures for a run, in order for each page, while other hosts are waited for."""

    def __init__(self, tracker: Tracker, workers: Workers, ahead: Ahead[ReadAhead] | None = None) -> None:
        self.tracker = tracker
        self._workers = workers
        self._ahead = ahead
        self._last: asyncio.Event | None = None
        """Set when the small capture that came last is written."""
        self._writing = asyncio.Lock()
        self._turns: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def track(self, capture: Capture, ahead: ReadAhead | None = None) -> TrackResult:
        """Judge and write one capture; ``ahead`` is what it says, where it was read ahead.

        Raises StorageError.
        """
        async with self._turns[capture.source, place(capture.url)]:
            if is_cheap(capture) or (ahead is not None and len(ahead.reading.text) <= CHEAP_CHARS):
                return await self._track_cheap(capture, ahead)
            try:
                return await self._track_costly(capture)
            except StorageError:
                raise
            except Exception as error:
                return self.tracker.track(replace(capture, fault=describe_fault(error)))

    async def _track_cheap(self, capture: Capture, ahead: ReadAhead | None) -> TrackResult:
        """Track a capture after those that came before it."""
        before, self._last = self._last, (done := asyncio.Event())
        try:
            if ahead is None and self._ahead is not None and self._is_new(capture):
                from monitor.track.judge.judgement import read_first, what_to_read

                ahead = await self._ahead.call(
                    read_first, *what_to_read(self.tracker.sources[capture.source], capture)
                )
            if before is not None:
                await before.wait()
            async with self._writing:
                return self.tracker.track(capture, None, as_read(ahead))
        finally:
            done.set()

    def _is_new(self, capture: Capture) -> bool:
        new = can_be_read_ahead(capture) and capture.again is None
        return new and self.tracker.is_first_look(capture)

    async def track_imported(self, capture: Capture, ahead: ReadAhead | None = None) -> TrackResult:
        """Track a capture from a file; what is older than the page's last visit is kept as evidence only."""
        return self.tracker.keep_earlier(capture) or await self.track(capture, ahead)

    async def place_earlier(self, source: Source) -> AsyncIterator[TrackResult]:
        """Give the captures of a source that were kept as evidence their places in its pages' histories.

        One round places as much as is held at once; what cannot be placed stays evidence, with an alert.
        """
        from monitor.track.judge.placing import place_late

        failed: set[int] = set()
        while pages := [page for page in self.tracker.find_late_pages(source) if page.id not in failed]:
            for page in pages:
                cases = self.tracker.gather_past_cases(page)
                host = urlsplit(page.url).hostname or ""
                try:
                    placements = [await self._workers.run(host, place_late, case) for case in cases]
                except (TooExpensive, Faulted) as error:
                    failed.add(page.id)
                    yield self.tracker.not_placed(page, str(error))
                else:
                    yield self.tracker.place(page, cases, placements)

    async def _track_costly(self, capture: Capture) -> TrackResult:
        for _ in range(MAX_JUDGEMENTS):
            ready: dict[tuple[Role, str], tuple[PageCase, Judgement]] = {}
            for case in self.tracker.cases(capture):
                ready[case.page.role, place(case.page.url)] = case, await self._judged(case)
            try:
                async with self._writing:
                    # In a thread: what is long to judge is long to write, and the network does not wait.
                    result = await asyncio.to_thread(self.tracker.track, capture, ready)
                if weigh(capture) > SMALL_BYTES:
                    give_back_memory()
                return result
            except Overtaken:
                continue
        return self.tracker.track(replace(capture, fault=f"{FAULT}: it is altered all the time"))

    async def _judged(self, case: PageCase) -> Judgement:
        if (unread := judge_unread(case)) is not None:
            return unread
        from monitor.track.judge.judgement import judge

        # A page is judged by its own bytes: those of its files, up to 64 MB, stay here.
        alone = replace(case, capture=replace(case.capture, attachments=()))
        try:
            return await self._workers.run(urlsplit(case.page.url).hostname or "", judge, alone)
        except (TooExpensive, Faulted) as error:
            return Judgement("error", str(error), keep=True)


def as_read(ahead: ReadAhead | None) -> ReadAhead | None:
    """Return what was read ahead; nothing where a worker's limits kept it from being read."""
    return ahead if ahead is not None and ahead.reading.verdict != "unreadable" else None


def can_be_read_ahead(capture: Capture) -> bool:
    """Say whether a capture is of a page that was there, without files, and not too long to wait for."""
    there = capture.status is not None and 200 <= capture.status < 300 and not capture.error
    few = sum(map(len, (capture.body, capture.again or b""))) <= MOST_AHEAD and not capture.attachments
    return capture.role == "page" and there and few and bool(capture.body) and not capture.fault


def weigh(capture: Capture) -> int:
    """Return the bytes that a capture holds."""
    return len(capture.body) + len(capture.again or b"") + sum(len(one.body) for one in capture.attachments)


def is_cheap(capture: Capture) -> bool:
    """Say whether a capture is judged in no time, whatever is in it."""
    if any(one.body for one in capture.attachments) or capture.body.startswith(b"%PDF-"):
        return False
    if capture.rows is not None:
        return len(capture.rows) <= 200
    return max(len(capture.body), len(capture.again or b"")) <= CHEAP_BYTES
