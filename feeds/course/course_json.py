"""The parts of a course as JSON: the same for the command line and the API. Days are ISO 8601."""

from __future__ import annotations

from dataclasses import asdict

from feeds.course.clocks import DatedStep
from feeds.course.cross_check import CrossCheck
from feeds.course.incident_course import NoticeClock
from feeds.course.timeline import TimelineEntry
from storage.json_shapes import Json, fact_change_json


def timeline_json(entry: TimelineEntry) -> Json:
    """Return an entry of an incident's timeline as JSON; ``day`` is the day in Japan."""
    return {
        **asdict(entry),
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


def _step_json(step: DatedStep) -> Json:
    return {"name": step.name, "day": step.day.isoformat(), "raw": step.raw}
