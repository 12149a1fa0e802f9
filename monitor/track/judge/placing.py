"""Where captures that came late belong in a page's history. Pure: nothing is asked or written here.

Every look at a page that is on record is taken in order of time, as if it came now. What was stored stays: a
late text gets a version where it differs from what stood before, and so does what stood again after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Literal

from monitor.track.judge.case import History, Judgement, PageCase, sort_answer
from monitor.track.judge.judgement import judge, make_version
from storage.records import Capture, Outcome, Page, Snapshot, Source, Version

RECENT = 12
"""Versions before a text that are looked at for what flickers, as at a visit."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A look at a page that left bytes.

    ``kind``: late, to be placed now; held, which waited for a second look; or stood, when the text of
    ``version`` was confirmed or first met. Bytes that nothing has to be compared with are left away.
    """

    check: int
    at: datetime
    snapshot: Snapshot
    kind: Literal["late", "held", "stood"]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PastCase:
    """What placing needs to know: all versions of a page by number, and its sightings in order of time."""

    source: Source
    page: Page
    versions: tuple[Version, ...]
    sightings: tuple[Sighting, ...]
    elsewhere: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """A version in its place. Without a number of its own it is new.

    ``moved``: it was met earlier than is stored. ``judged`` compares it with the one before, where that is
    another than what it was told against.
    """

    version: Version
    moved: bool = False
    judged: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """The history as it is now, what came of each late check, and what the page is known to be."""

    history: tuple[Placed, ...]
    outcomes: tuple[tuple[int, Outcome], ...]
    volatile: tuple[str, ...]
    held: str | None


def place_late(case: PastCase) -> Placement:
    """Give late captures their place among the versions of a page."""
    walk = _Walk(case)
    for sighting in case.sightings:
        if sighting.kind == "stood" and sighting.version in walk.before:
            walk.stood(sighting, sighting.version)
        else:
            walk.seen(sighting)
    return Placement(tuple(walk.history), tuple(walk.outcomes), walk.volatile, walk.held)


class _Walk:
    """The state of a page on the way through its past.

    ``label`` is the stored version whose text stands now; ``before`` says which one each was told against.
    """

    def __init__(self, case: PastCase) -> None:
        self.case = case
        self.history: list[Placed] = []
        self.outcomes: list[tuple[int, Outcome]] = []
        self.volatile = case.page.volatile
        self.held: str | None = None
        self.label: int | None = None
        self.digest = ""  # of the bytes read last
        self.stored = {version.id: version for version in case.versions}
        ids: list[int | None] = [version.id for version in case.versions]
        self.before = {after: before for before, after in pairwise([None, *ids])}

    def stood(self, sighting: Sighting, number: int | None) -> None:
        """Take a text that is on record."""
        assert number is not None
        version = self.stored[number]
        if self.label == number:
            self._read(sighting)
            return
        first = not any(placed.version.id == number for placed in self.history)
        told_against = self.before[number]
        if first and (not self.history if told_against is None else self.label == told_against):
            self._add(Placed(version), sighting, number)
            return
        judged = None
        if sighting.snapshot.body is not None:
            judged = self._judge(sighting, held=version.key)
        same = judged is not None and judged.outcome == "same-text"
        if same and first and not self.history[-1].version.id:
            # What came late was the first to say it.
            last = self.history.pop()
            moved = replace(last.version, id=number)
            self._add(Placed(moved, moved=True, judged=last.judged), sighting, number)
        elif same and not first:
            self.label = number
            self._read(sighting)
        elif first:
            told = judged if judged is not None and judged.outcome == "version" else None
            self._add(Placed(version, judged=told), sighting, number)
        elif judged is not None and judged.outcome == "version":
            self._add(self._made(sighting, judged), sighting, number)

    def seen(self, sighting: Sighting) -> None:
        """Judge a text that is late, or that waited for a second look."""
        judged = self._judge(sighting, held=self.held)
        if sighting.kind == "late":
            self.outcomes.append((sighting.check, judged.outcome))
        if judged.decision is not None:
            self.volatile = judged.decision.volatile
            self.held = judged.decision.key if judged.outcome == "held" else None
        if judged.outcome == "version":
            self._add(self._made(sighting, judged), sighting, None)
        elif judged.outcome in ("same-text", "same-bytes"):
            self._read(sighting)

    def _judge(self, sighting: Sighting, held: str | None) -> Judgement:
        shot, page = sighting.snapshot, self.case.page
        if self.history and shot.sha256 == self.digest:
            return Judgement("same-text")
        capture = Capture(
            source=page.source,
            url=page.url,
            role=page.role,
            captured_at=sighting.at,
            status=shot.status,
            final_url=shot.final_url,
            redirects=shot.redirects,
            headers=shot.headers,
            body=shot.body or b"",
        )
        versions = [placed.version for placed in self.history]
        last = versions[-1] if versions else None
        keys = frozenset(version.key for version in versions[:-1])
        return judge(
            PageCase(
                self.case.source,
                replace(page, volatile=self.volatile, held=held),
                capture,
                sort_answer(capture, None, shot.sha256),
                last=last,
                history=History(tuple(versions[-RECENT:]), keys) if last is not None else History(),
                elsewhere=self.case.elsewhere,
            )
        )

    def _made(self, sighting: Sighting, judged: Judgement) -> Placed:
        assert judged.reading is not None
        assert judged.decision is not None
        source, page = self.case.source, self.case.page
        made = make_version(
            source, page.id, sighting.snapshot.id, sighting.at, judged.reading, judged.decision
        )
        return Placed(made, judged=judged)

    def _add(self, placed: Placed, sighting: Sighting, label: int | None) -> None:
        self.history.append(placed)
        self.label = label
        self._read(sighting)

    def _read(self, sighting: Sighting) -> None:
        self.digest = sighting.snapshot.sha256
        self.held = None
