"""Incidents, the notices that belong to them, and the addresses offered as new sources."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, select

from storage.db import codec
from storage.db.prepared import Prepared
from storage.db.session import Session
from storage.db.tables import incident, incident_link, offer, source
from storage.records import Incident, IncidentLink, LinkStatus, Offer
from storage.topics.pages import url_hash

_INCIDENTS = Prepared(select(incident).order_by(incident.c.id))
# Not prepared: what a score is read as, psycopg tells with the answer only.
_LINKS_OF_INCIDENT = (
    select(incident_link)
    .join(incident)
    .where(incident.c.slug == bindparam("slug"))
    .order_by(incident_link.c.score.desc(), incident_link.c.notice_id)
)
_LINKS_OF_NOTICE = (
    select(incident_link)
    .where(incident_link.c.notice_id == bindparam("notice"))
    .order_by(incident_link.c.incident_id)
)


class IncidentReads(Session):
    """Questions about incidents, the notices linked to them, and addresses offered by notices."""

    def incidents(self) -> list[Incident]:
        """Return all incidents."""
        return [_incident(row) for row in self._fetch_all(_INCIDENTS)]

    def incident(self, slug: str) -> Incident | None:
        """Return an incident by its slug, or None."""
        row = self._fetch_one(select(incident).where(incident.c.slug == slug))
        return _incident(row) if row else None

    def incident_links(self, slug: str) -> list[IncidentLink]:
        """Return links of every status, the strongest first."""
        return [_link(row) for row in self._fetch_all(_LINKS_OF_INCIDENT, {"slug": slug})]

    def links_of_notice(self, notice_id: int) -> list[IncidentLink]:
        """Return the links of a notice to incidents, whatever their status."""
        return [_link(row) for row in self._fetch_all(_LINKS_OF_NOTICE, {"notice": notice_id})]

    def offers(self, status: LinkStatus | None = None) -> list[Offer]:
        """Return offers in the order they were made, of one status or of any."""
        query = select(offer, source.c.slug.label("source")).join(source).order_by(offer.c.id)
        if status is not None:
            query = query.where(offer.c.status == status)
        return [_offer(row) for row in self._fetch_all(query)]


class IncidentWrites(IncidentReads):
    """Writing of incidents, links and offers; what a person decided is not overwritten."""

    def put_incident(self, new: Incident) -> Incident:
        """Store what is declared of an incident, new or known by its slug, and return it with its id."""
        values = {"name": new.name, "declaration": codec.dumps(replace(new, id=0))}
        insert = self._upsert(incident).values(slug=new.slug, **values)
        statement = insert.on_conflict_do_update(index_elements=["slug"], set_=values).returning(
            incident.c.id
        )
        return replace(new, id=self._db.execute(statement).scalar_one())

    def set_link(self, new: IncidentLink) -> bool:
        """Decide a link. False: somebody had decided it already, and that stands."""
        values = {"status": new.status, "evidence": codec.dumps(new.evidence), "score": new.score}
        insert = self._upsert(incident_link).values(incident_id=new.incident, notice_id=new.notice, **values)
        statement = insert.on_conflict_do_update(
            index_elements=["incident_id", "notice_id"],
            set_=values,
            where=incident_link.c.status.not_in(("confirmed", "rejected")),
        )
        return self._fetch_one(statement.returning(incident_link.c.notice_id)) is not None

    def overrule_link(self, new: IncidentLink, decision: LinkStatus) -> bool:
        """Decide a link anew. False: the decision to overrule is not the one that stands."""
        of = (incident_link.c.incident_id == new.incident) & (incident_link.c.notice_id == new.notice)
        standing = of & (incident_link.c.status == decision)
        return (
            self._db.execute(incident_link.update().where(standing).values(status=new.status)).rowcount == 1
        )

    def add_offer(self, new: Offer) -> Offer:
        """Offer an address once; returns the offer already made, if it was."""
        source_id = self._known_source(new.source)
        key = (offer.c.source_id == source_id) & (offer.c.url_hash == url_hash(new.url))
        known = self._fetch_one(select(offer, source.c.slug.label("source")).join(source).where(key))
        if known is not None:
            return _offer(known)
        values = {
            "source_id": source_id,
            "url": new.url,
            "url_hash": url_hash(new.url),
            "title": new.title,
            "offered_at": new.offered_at,
            "status": new.status,
        }
        return replace(new, id=self._insert(offer, values))

    def set_offer(self, id: int, status: LinkStatus) -> bool:
        """Decide an offer. False: somebody had decided it already, and that stands."""
        undecided = (offer.c.id == id) & (offer.c.status == "suggested")
        return self._db.execute(offer.update().where(undecided).values(status=status)).rowcount == 1


def _incident(row: Row[Any]) -> Incident:
    return _read(row.id, row.declaration)


@lru_cache(64)
def _read(id: int, declaration: str) -> Incident:
    """Read a declaration, once: it is asked for with every new notice, and can name a hundred bodies."""
    return replace(codec.loads(Incident, declaration), id=id)


def _link(row: Row[Any]) -> IncidentLink:
    return IncidentLink(
        incident=row.incident_id,
        notice=row.notice_id,
        status=row.status,
        evidence=tuple(json.loads(row.evidence)),
        score=row.score,
    )


def _offer(row: Row[Any]) -> Offer:
    return Offer(
        source=row.source,
        url=row.url,
        title=row.title,
        offered_at=row.offered_at,
        status=row.status,
        id=row.id,
    )
