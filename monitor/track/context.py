"""One capture inside its transaction: who asks, when, and what it has led to so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.archive import Writer
from storage.records import (
    Alert,
    Change,
    ChangeKind,
    FactChange,
    Hunk,
    Notice,
    Outcome,
    Snapshot,
    Source,
)


@dataclass(slots=True)
class TrackResult:
    """What one capture led to."""

    source: str
    url: str
    outcome: Outcome = "error"
    changes: list[Change] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TrackContext:
    """The open transaction of one capture. ``run`` is None only outside of a run."""

    writer: Writer
    source: Source
    now: datetime
    run: int | None
    result: TrackResult

    def tell(
        self,
        notice: Notice,
        kind: ChangeKind,
        *,
        summary: str = "",
        material: bool = True,
        reasons: Sequence[str] = (),
        hunks: Sequence[Hunk] = (),
        facts: Sequence[FactChange] = (),
        from_version: int | None = None,
        to_version: int | None = None,
    ) -> None:
        """Write a change that subscribers will hear of."""
        change = Change(
            notice=notice.id,
            source=self.source.id,
            url=notice.url,
            title=notice.title,
            detected_at=self.now,
            kind=kind,
            material=material,
            reasons=tuple(dict.fromkeys(reasons)),
            summary=summary,
            from_version=from_version,
            to_version=to_version,
            hunks=tuple(hunks),
            facts=tuple(facts),
            run=self.run,
        )
        self.result.changes.append(self.writer.add_change(change))

    def alert(self, kind: str, url: str, detail: str, snapshot: Snapshot | None = None) -> None:
        """Write an alert for the operator, with the bytes it speaks of as evidence."""
        evidence = snapshot.id if snapshot is not None else None
        alert = Alert(kind, self.source.id, url, detail, self.now, self.run, evidence)
        self.result.alerts.append(self.writer.raise_alert(alert))
