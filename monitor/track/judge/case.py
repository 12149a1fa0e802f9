"""What is judged, and what it comes to: a capture with what is stored of its page, and what is told of it.

A capture is sorted by its status and its bytes first: most are of pages that are as they were, and whoever
meets no other loads no rules of reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from storage.records import (
    SUCCESS,
    Capture,
    Fact,
    Hunk,
    Outcome,
    Page,
    Reading,
    Snapshot,
    Source,
    Version,
)

_MISSING = {404, 410}
_REFUSED = {401, 403, 429, 451, 503}
_NOT_WHOLE = {202: "accepted, and nothing answered yet", 206: "a part of the page that nobody asked for"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a response says before anyone reads it. ``readable``: there is a body to read."""

    outcome: Outcome | None
    detail: str = ""
    readable: bool = False


def sort_answer(capture: Capture, stored_sha256: str | None, sha256: str) -> Answer:
    """Sort a capture by its status; ``outcome`` is None where the body has to be read."""
    status = capture.status
    if status is None:
        return Answer("error", capture.error or "no answer")
    if status == 304:
        return Answer("not-modified")
    if status in _MISSING:
        return Answer("missing", f"HTTP {status}")
    if status in _REFUSED:
        return Answer("blocked", capture.error or f"HTTP {status}")
    if status in _NOT_WHOLE:
        return Answer("error", f"HTTP {status}: {_NOT_WHOLE[status]}")
    if not 200 <= status < 300:
        return Answer("error", capture.error or f"HTTP {status}")
    if capture.error:
        return Answer("error", capture.error)
    if leads_home(capture):
        return Answer("soft-404", f"redirected to the front page {capture.final_url}")
    if sha256 == stored_sha256:
        return Answer("same-bytes", readable=True)
    return Answer(None, readable=True)


def is_html(body: bytes) -> bool:
    """Tell whether bytes begin as a page of HTML does."""
    start = body[:2048].lower()
    return b"<html" in start or b"<!doctype html" in start


def has_end(body: bytes) -> bool:
    """Tell whether HTML comes to its end; other bytes say nothing of theirs."""
    if not is_html(body):
        return True
    return re.search(rb"</(?:html|body)\s*>", body, re.I) is not None


def leads_home(capture: Capture) -> bool:
    """Tell whether a deeper address was redirected to a site's front page, which is a 404 in effect."""
    if not capture.final_url or capture.final_url == capture.url:
        return False
    asked, got = urlsplit(capture.url), urlsplit(capture.final_url)
    home = re.fullmatch(r"/?(?:index\.\w+)?", got.path) is not None and not got.query
    return home and len(asked.path.strip("/")) > 0 and asked.path != got.path


@dataclass(frozen=True, slots=True)
class History:
    """What a page said before: its latest versions, oldest first, and the keys of all but the last.

    With ``past``, digests of the blocks that went away with earlier versions, the last version alone is
    ``recent``: the others are read if these say that it may matter.
    """

    recent: tuple[Version, ...] = ()
    keys: frozenset[str] = frozenset()
    past: frozenset[int] | None = None

    def ending_with(self, last: Version) -> History:
        """Put the last version as it is read today in the place of the stored one."""
        return History((*self.recent[:-1], last), self.keys)


@dataclass(frozen=True, slots=True)
class TextDecision:
    """What a readable text means beside the last version.

    ``volatile`` is what the page's noise is known to be from now on; ``hunks`` and
    ``reasons`` are empty unless ``outcome`` is ``version``.
    """

    outcome: Outcome
    key: str
    volatile: tuple[str, ...] = ()
    hunks: tuple[Hunk, ...] = ()
    reasons: tuple[str, ...] = ()
    material: bool = False
    withdrawn: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """What a capture says, where that was read before its turn; ``facts`` where it is a page's first text."""

    reading: Reading
    facts: tuple[Fact, ...] | None = None


@dataclass(frozen=True, slots=True)
class PageCase:
    """What judging a capture needs to know.

    ``last`` and what follows is filled only where bytes have to be read. ``evidence`` holds the bytes from
    which ``last`` was read, where other rules than today's made it. ``elsewhere`` says on how many other
    pages of the host a block stands. ``moved_from`` is where the page was read before it pointed on.
    ``same_files`` gives places of attachments the address by which the same bytes were known first.
    ``ahead`` is what the bytes say, where they were read ahead.
    """

    source: Source
    page: Page
    capture: Capture
    answer: Answer
    last: Version | None = None
    evidence: Snapshot | None = None
    history: History = field(default_factory=History)
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    moved_from: str = ""
    same_files: Mapping[str, str] = field(default_factory=dict)
    ahead: ReadAhead | None = None

    @property
    def is_read(self) -> bool:
        """Tell whether judging reads any bytes."""
        return self.answer.outcome is None or (self.answer.outcome == "same-bytes" and self.last is not None)


@dataclass(frozen=True, slots=True)
class Renewed:
    """A version as today's rules read it, and the facts in it."""

    version: Version
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a capture came to.

    ``keep``: its bytes are worth keeping. ``renewed`` takes the place of the last version. ``last`` is what
    was compared with. ``decision`` is set where the page could be read. ``facts`` are those of a new version.
    ``furniture`` are the blocks of the page that could recur over its host, None where nobody asks.
    ``alerts`` are pairs of kind and detail. ``unsure``: nothing is judged yet, the whole history is needed.
    """

    outcome: Outcome
    detail: str = ""
    keep: bool = False
    renewed: Renewed | None = None
    last: Version | None = None
    reading: Reading | None = None
    decision: TextDecision | None = None
    facts: tuple[Fact, ...] = ()
    furniture: frozenset[str] | None = None
    alerts: tuple[tuple[str, str], ...] = ()
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What came of visiting one page.

    ``version`` is set where a new one was stored, ``last`` is the one before it, ``facts`` are those of the
    new one. ``moved_from`` is where a page was read until now that points on to another address.
    ``known_bytes``: a file whose bytes hung on its page before, at this address or another. ``replaced``: one
    that cannot be read, and has other bytes than before.
    """

    page: Page
    outcome: Outcome
    snapshot: Snapshot | None = None
    version: Version | None = None
    last: Version | None = None
    decision: TextDecision | None = None
    facts: tuple[Fact, ...] = ()
    moved_from: str = ""
    known_bytes: bool = False
    replaced: bool = False

    @property
    def success(self) -> bool:
        """Tell whether the page stood there and could be read, or was not even altered."""
        return self.outcome in SUCCESS

    @property
    def changed(self) -> bool:
        """Tell whether the text differs from one that was stored before."""
        return self.version is not None and self.last is not None

    @property
    def fresh(self) -> bool:
        """Whether the page was read for the first time."""
        return self.version is not None and self.version.number == 1 and not self.known_bytes

    @property
    def stands(self) -> bool:
        """Tell whether it is there and says what it said: nothing of it is told."""
        read = self.success and self.version is None and self.page.version is not None
        return read and not self.page.gone and not self.replaced

    @property
    def name(self) -> str:
        """What a person calls an attachment: its file name."""
        return urlsplit(self.page.url).path.rsplit("/", 1)[-1]


def judge_unread(case: PageCase) -> Judgement | None:
    """Judge a capture of which no byte has to be read; None where one has."""
    said = case.answer
    if case.is_read or said.outcome is None:
        return None
    keep = bool(case.capture.body) and (said.outcome != "same-bytes" or bool(case.moved_from))
    return Judgement(said.outcome, said.detail, keep=keep)
