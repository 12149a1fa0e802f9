"""An agenda that lives in a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from storage.records import Row, Source, Visit

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@dataclass
class FakeAgenda:
    """Visits what ``due`` holds, else every start address; follows every row that is not ``resting``."""

    sources: Sequence[Source]
    due: dict[str, list[Visit]] = field(default_factory=dict)
    known: dict[str, Visit] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    closed: bool = False
    at: datetime = NOW

    def visits(self, source: Source) -> list[Visit]:
        role: Any = "listing" if source.listing else "page"
        return self.due.get(source.id, [Visit(source.id, url, role) for url in source.start])

    def visit(self, source: Source, row: Row) -> Visit | None:
        if row.url in self.resting:
            return None
        return self.known.get(row.url, Visit(source.id, row.url, "page", row=row))

    def listing(self, source: Source, url: str) -> Visit | None:
        return None if url in self.resting else self.known.get(url, Visit(source.id, url, "listing"))

    def now(self) -> datetime:
        return self.at

    def close(self) -> None:
        self.closed = True

    def as_setting(self) -> type:
        """Something with ``from_crawler``, as the setting AGENDA wants it."""
        agenda = self

        class Bound:
            @classmethod
            def from_crawler(cls, crawler: Any) -> FakeAgenda:
                return agenda

        return Bound
