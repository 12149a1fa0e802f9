"""The shapes in which records leave kohyo as JSON: command line, export and web share them.

A contract: fields may be added, none changes its name or meaning.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from storage.health import RECENT
from storage.query import Coverage, Hit
from storage.records import Alert, Change, Fact, Notice, Version

Json = dict[str, Any]


def change_json(change: Change) -> Json:
    return {
        "id": change.id,
        "detected_at": _time(change.detected_at),
        "kind": change.kind,
        "material": change.material,
        "reasons": list(change.reasons),
        "source": change.source,
        "notice": change.notice,
        "url": change.url,
        "title": change.title,
        "from_version": change.from_version,
        "to_version": change.to_version,
        "summary": change.summary,
        "facts": [{"field": fact.field, "old": fact.old, "new": fact.new} for fact in change.facts],
    }


def notice_json(notice: Notice) -> Json:
    return {
        "id": notice.id,
        "source": notice.source,
        "url": notice.url,
        "title": notice.title,
        "published": _time(notice.published),
        "updated": _time(notice.updated),
        "status": notice.status,
        "versions": notice.versions,
        "first_seen": _time(notice.first_seen),
        "last_seen": _time(notice.last_seen),
        "incidents": list(notice.incidents),
    }


def alert_json(alert: Alert) -> Json:
    return {
        "id": alert.id,
        "raised_at": _time(alert.raised_at),
        "kind": alert.kind,
        "source": alert.source,
        "url": alert.url,
        "detail": alert.detail,
    }


def fact_json(fact: Fact) -> Json:
    return {
        "field": fact.field,
        "value": fact.value,
        "unit": fact.unit,
        "qualifiers": list(fact.qualifiers),
        "role": fact.role,
        "start": fact.start,
        "end": fact.end,
        "raw": fact.raw,
    }


def version_json(version: Version) -> Json:
    return {
        "id": version.id,
        "number": version.number,
        "captured_at": _time(version.captured_at),
        "title": version.title,
        "published": _time(version.published),
        "updated": _time(version.updated),
        "encoding": version.encoding,
        "snapshot": version.snapshot,
        "attachments": [{"text": link.text, "url": link.url} for link in version.attachments],
    }


def hit_json(hit: Hit) -> Json:
    return {
        "notice": hit.notice.id,
        "version": hit.version,
        "source": hit.notice.source,
        "url": hit.notice.url,
        "title": hit.notice.title,
        "published": _time(hit.notice.published),
        "snippet": hit.snippet,
        "spans": [list(span) for span in hit.spans],
    }


def coverage_json(coverage: Coverage) -> Json:
    return {
        "source": coverage.source,
        "pages": coverage.pages,
        "notices": coverage.notices,
        "last_checked": _time(coverage.last_checked),
        "last_success": _time(coverage.last_success),
        "last_new_item": _time(coverage.last_new_item),
        "last_changed": _time(coverage.last_changed),
        "failures": coverage.failures,
        "alerts": coverage.alerts,
        "withdrawn": coverage.withdrawn,
        "every": coverage.every,
        "quiet_after": coverage.quiet_after,
        "usual_interval": coverage.usual,
        "expected_rows": _range(coverage.expected, "min", "max"),
        "rows": _range(coverage.rows, "fewest", "most"),
        "gaps": {"days": RECENT.days, "count": coverage.gaps, "seconds": coverage.gap_seconds},
        "unread_since": _time(coverage.open_gap.began_at if coverage.open_gap else None),
        "state": list(coverage.state),
    }


def _range(ends: tuple[int, int | None] | None, first: str, last: str) -> Json | None:
    return {first: ends[0], last: ends[1]} if ends else None


def _time(value: date | None) -> str | None:
    """Days and instants in ISO 8601, instants with their zone."""
    return None if value is None else value.isoformat()
