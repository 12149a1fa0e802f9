"""The shapes in which records leave kohyo as JSON: command line, export and web share them.

A contract: fields may be added, none changes its name or meaning.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from storage.query import Coverage, Hit, Job, Redaction, WorkerFigures
from storage.records import (
    Alert,
    ChainLink,
    Change,
    Check,
    Fact,
    FactChange,
    Hunk,
    Incident,
    IncidentLink,
    IncidentStep,
    Notice,
    Offer,
    Segment,
    Source,
    Version,
)
from storage.topics.health import RECENT_GAPS

Json = dict[str, Any]


def change_json(change: Change) -> Json:
    """Return a change as the JSON that exports, API and ``--json`` promise, without its hunks."""
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
        "facts": [fact_change_json(fact) for fact in change.facts],
        **chain_json(change.link),
    }


def chain_json(link: ChainLink | None) -> Json:
    """Return what the chain keeps of a change as JSON, on one level; digests are SHA-256 in hexadecimal."""
    return {
        "from_sha256": link.old_sha256 or None if link else None,
        "to_sha256": link.new_sha256 or None if link else None,
        "chain_number": link.number if link else None,
        "chain_record": link.record if link else None,
        "chain_hash": link.hash if link else None,
    }


def fact_change_json(fact: FactChange) -> Json:
    """Return a typed difference as JSON; of a date with what it is of, if the text says so."""
    role = {"role": fact.role} if fact.field == "date" and fact.role else {}
    return {"field": fact.field, "old": fact.old, "new": fact.new, **role}


def notice_json(notice: Notice) -> Json:
    """Return a notice as JSON."""
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
    """Return an alert as JSON; ``times`` counts how often it was raised again."""
    return {
        "id": alert.id,
        "raised_at": _time(alert.raised_at),
        "kind": alert.kind,
        "source": alert.source,
        "url": alert.url,
        "detail": alert.detail,
        "last_seen": _time(alert.last_seen),
        "times": alert.times,
    }


def fact_json(fact: Fact) -> Json:
    """Return a fact as JSON; ``start`` and ``end`` are characters of the version's text."""
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
    """Return a version as JSON, without its text; ``sha256`` is that of the bytes it was read from."""
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
        "sha256": version.sha256,
        "text_sha256": None if version.redacted else version.text_sha256,
    }


def hunk_json(hunk: Hunk) -> Json:
    """Return a hunk as JSON, with its segments."""
    return {
        "op": hunk.op,
        "label": hunk.label,
        "place": hunk.place,
        "old": hunk.old,
        "new": hunk.new,
        "reasons": list(hunk.reasons),
        "segments": [_segment_json(segment) for segment in hunk.segments],
        "goes_on": hunk.goes_on,
    }


def _segment_json(segment: Segment) -> Json:
    values = [{"kind": one.kind, "old": one.old, "new": one.new} for one in segment.values]
    return {"old": segment.old, "new": segment.new, "values": values}


def hit_json(hit: Hit) -> Json:
    """Return a notice found by its text as JSON; ``spans`` are characters of ``snippet``."""
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
    """Return how a source fares as JSON; intervals are in seconds, unless the name says days."""
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
        "gaps": {"days": RECENT_GAPS.days, "count": coverage.gaps, "seconds": coverage.gap_seconds},
        "unread_since": _time(coverage.open_gap.began_at if coverage.open_gap else None),
        "state": list(coverage.state),
        "trials": [
            {"url": one.url, "at": _time(one.at), "problem": one.problem or None} for one in coverage.trials
        ],
    }


def _range(ends: tuple[int, int | None] | None, first: str, last: str) -> Json | None:
    return {first: ends[0], last: ends[1]} if ends else None


def source_json(source: Source) -> Json:
    """Return a source as JSON; ``every`` is in seconds."""
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "start": list(source.start),
        "every": source.every,
        "origin": source.origin,
        "note": source.note,
        "overrides": list(source.overrides),
    }


def check_json(url: str, check: Check) -> Json:
    """Return a check as JSON, with its page's address."""
    return {
        "id": check.id,
        "checked_at": _time(check.checked_at),
        "url": url,
        "outcome": check.outcome,
        "status": check.status,
        "detail": check.detail,
        "snapshot": check.snapshot,
    }


def job_json(job: Job) -> Json:
    """Return a job of the queue as JSON."""
    return {
        "id": job.id,
        "task": job.task,
        "host": job.host,
        "state": job.state,
        "attempts": job.attempts,
        "worker": job.worker,
        "started_at": _time(job.started_at),
        "ended_at": _time(job.ended_at),
        "outcome": job.outcome,
        "status": job.status,
        "seconds": job.seconds,
        "pages": job.pages,
    }


def worker_json(worker: WorkerFigures) -> Json:
    """Return what a worker did as JSON."""
    return {
        "name": worker.name,
        "version": worker.version,
        "started_at": _time(worker.started_at),
        "seen_at": _time(worker.seen_at),
        "ended_at": _time(worker.ended_at),
        "running": worker.running,
        "jobs": worker.ended,
        "seconds": worker.seconds,
        "pages": worker.pages,
    }


def offer_json(offer: Offer) -> Json:
    """Return an offer as JSON."""
    return {
        "id": offer.id,
        "source": offer.source,
        "url": offer.url,
        "title": offer.title,
        "offered_at": _time(offer.offered_at),
        "status": offer.status,
    }


def incident_json(incident: Incident) -> Json:
    """Return an incident as JSON: what is declared of it, without its notices."""
    return {
        "slug": incident.slug,
        "name": incident.name,
        "summary": incident.summary,
        "respondents": list(incident.respondents),
        "hotlines": list(incident.hotlines),
        "window": [_time(day) for day in incident.window] if incident.window else None,
        "roster": [
            {
                "name": entry.name,
                "kind": entry.kind,
                "source": entry.source or None,
                "disclosed": entry.disclosed or None,
                "count": entry.count or None,
                "later": entry.later or None,
            }
            for entry in incident.roster
        ],
        "origin": incident.origin,
        "status": incident.status,
    }


def incident_step_json(step: IncidentStep) -> Json:
    """Return a step of an incident's trace as JSON: what was done to which notices, and whether it stands."""
    return {
        "at": _time(step.at),
        "action": step.action,
        "by": step.by,
        "operation": step.operation,
        "notices": [notice for notice, _ in step.after.links],
        "merged_into": step.after.merged_into or None,
        "undone_at": _time(step.undone_at),
    }


def link_json(slug: str, link: IncidentLink) -> Json:
    """Return the link of a notice to an incident as JSON, with its evidence."""
    return {
        "incident": slug,
        "notice": link.notice,
        "status": link.status,
        "evidence": list(link.evidence),
        "score": link.score,
    }


def redaction_json(redaction: Redaction) -> Json:
    """Return a redaction as JSON: what was taken out and why, nothing of what it said."""
    return {
        "id": redaction.id,
        "notice": redaction.notice,
        "reason": redaction.reason,
        "redacted_at": _time(redaction.redacted_at),
        "snapshots": redaction.snapshots,
        "versions": redaction.versions,
    }


def _time(value: date | None) -> str | None:
    """Write days and instants in ISO 8601, instants with their zone."""
    return None if value is None else value.isoformat()
