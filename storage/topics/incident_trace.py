"""The trace of what people did to incidents: what stood before, what stands after, and what was undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from storage.db import codec
from storage.db.session import Session
from storage.db.tables import incident, incident_trace
from storage.errors import NotFound
from storage.records import IncidentState, IncidentStep

_STEPS = select(incident_trace, incident.c.slug).join(incident).order_by(incident_trace.c.id.desc())


class IncidentTraceReads(Session):
    """Questions about the trace."""

    def incident_steps(self, slug: str | None = None, limit: int | None = None) -> list[IncidentStep]:
        """Return the steps of an incident, or of all, newest first; undone ones too."""
        of = _STEPS if slug is None else _STEPS.where(incident.c.slug == slug)
        return [_step(row) for row in self._fetch_all(of if limit is None else of.limit(limit))]

    def last_incident_step(self, slug: str) -> IncidentStep | None:
        """Return the newest step of an incident that was not undone, or None."""
        standing = _STEPS.where(incident.c.slug == slug, incident_trace.c.undone_at.is_(None)).limit(1)
        row = self._fetch_one(standing)
        return _step(row) if row else None

    def incident_operation(self, operation: int) -> list[IncidentStep]:
        """Return the steps of one operation, newest first."""
        return [_step(row) for row in self._fetch_all(_STEPS.where(incident_trace.c.operation == operation))]


class IncidentTraceWrites(IncidentTraceReads):
    """Writing of the trace."""

    def trace_incidents(self, steps: Iterable[IncidentStep]) -> int:
        """Note the steps of one operation, and return its number."""
        operation = 0
        for step in steps:
            found = self._fetch_one(select(incident.c.id).where(incident.c.slug == step.incident))
            if found is None:
                raise NotFound(f"no incident {step.incident!r} in the archive")
            values = {
                "operation": operation,
                "incident_id": found.id,
                "at": step.at,
                "by": step.by,
                "action": step.action,
                "before": codec.dumps(step.before) if step.before else None,
                "after": codec.dumps(step.after),
                "undone_at": None,
            }
            id = self._insert(incident_trace, values)
            if not operation:
                operation = id
                first = incident_trace.update().where(incident_trace.c.id == id)
                self._db.execute(first.values(operation=operation))
        return operation

    def mark_undone(self, operation: int, at: datetime) -> bool:
        """Note that an operation was undone. False: somebody had undone it already."""
        standing = (incident_trace.c.operation == operation) & incident_trace.c.undone_at.is_(None)
        return self._db.execute(incident_trace.update().where(standing).values(undone_at=at)).rowcount > 0


def _step(row: Row[Any]) -> IncidentStep:
    return IncidentStep(
        incident=row.slug,
        action=row.action,
        at=row.at,
        by=row.by,
        before=codec.loads(IncidentState, row.before) if row.before else None,
        after=codec.loads(IncidentState, row.after),
        operation=row.operation,
        undone_at=row.undone_at,
        id=row.id,
    )
