"""Personal data that a publisher took down is taken out here too, and a trace is left."""

from __future__ import annotations

from datetime import datetime

from storage.query import Redaction
from storage.search import SearchReads, SearchWrites


class RedactionReads(SearchReads):
    def redactions(self) -> list[Redaction]:
        return []


class RedactionWrites(RedactionReads, SearchWrites):
    redacted = False

    def redact(self, notice_id: int, reason: str, now: datetime) -> Redaction:
        raise NotImplementedError
