"""The parts of a course as JSON: the same for the command line and the API. Days are ISO 8601."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date

from feeds.course.clocks import DatedStep
from feeds.course.cross_check import CrossCheck
from feeds.course.incident_course import NoticeClock
from feeds.course.roster import RosterBody
from feeds.course.timeline import TimelineEntry
from storage.json_shapes import Json, fact_change_json


def roster_json(body: RosterBody) -> Json:
    """Return a row of an incident's roster as JSON: as declared, as seen, and as others name it."""
    entry = body.entry
    return {
        "name": entry.name,
        "kind": entry.kind,
        "source": entry.source or None,
        "disclosed": entry.disclosed or None,
        "count": entry.count or None,
        "later": entry.later or None,
        "day": _day(body.disclosed),
        "days_after_first": body.days,
        "notices": [notice.id for notice in body.notices],
        "first_counts": list(body.first_counts),
        "last_counts": list(body.last_counts),
        "edits": body.edits,
        "silent_edits": body.silent_edits,
        "unknown": list(body.unknown),
        "declared": body.declared,
        "has_disclosed": body.has_disclosed,
        "latest_count": body.count or None,
        "stage": body.stage,
        "outcomes": list(body.outcomes),
        "steps": list(body.steps),
        "last_edit": body.last_edit.isoformat() if body.last_edit else None,
        "known_since": body.known_since.isoformat() if body.known_since else None,
        "named_by": [
            {
                "source": one.notice.source,
                "notice": one.notice.id,
                "part": one.part,
                "count": one.count or None,
            }
            for one in body.named
        ],
    }


def timeline_json(entry: TimelineEntry, headlines: Mapping[int, str]) -> Json:
    """Return an entry of an incident's timeline as JSON; ``day`` is the day in Japan."""
    return {
        **asdict(replace(entry, change=None)),
        "change": entry.change.id if entry.change else None,
        "headline": headlines.get(entry.change.id) if entry.change else None,
        "day": entry.day.isoformat(),
        "facts": [fact_change_json(fact) for fact in entry.facts],
        "reasons": list(entry.reasons),
    }


def clock_json(row: NoticeClock) -> Json:
    """Return a notice's clock as JSON: what started and ended it, days passed, and the limit in days."""
    clock = row.clock
    return {
        "source": row.notice.source,
        "notice": row.notice.id,
        "name": clock.name,
        "start": _step_json(clock.start),
        "end": _step_json(clock.end),
        "days": clock.days,
        "limit": clock.limit,
        "standing": clock.standing,
    }


def cross_check_json(check: CrossCheck) -> Json:
    """Return as JSON the names of bodies that stand on both sides, and on one side only."""
    return {name: list(names) for name, names in asdict(check).items()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _step_json(step: DatedStep) -> Json:
    return {"name": step.name, "day": step.day.isoformat(), "raw": step.raw}
