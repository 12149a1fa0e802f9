"""Incidents, the notices that belong to them, and the addresses offered as new sources."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, bindparam, select

from storage.db import codec
from storage.db.prepared import Prepared
from storage.db.session import Session
from storage.db.tables import incident, incident_link, offer, page, source
from storage.db.tables import notice as notices
from storage.records import (
    BELONGING,
    INCIDENT_KEYS,
    Incident,
    IncidentLink,
    IncidentOrigin,
    IncidentState,
    IncidentStatus,
    LinkStatus,
    Offer,
)
from storage.topics.pages import url_hash

_STIRRED_ANEW = timedelta(hours=6)
"""A page is not written each time that something is told: an incident may have a thousand notices."""

_INCIDENTS = Prepared(select(incident).where(incident.c.status != "removed").order_by(incident.c.id))
_REMOVED = select(incident).where(incident.c.status == "removed").order_by(incident.c.id)
_LINKS_OF_INCIDENT = Prepared(
    select(incident_link)
    .join(incident)
    .where(incident.c.slug == bindparam("slug"))
    .order_by(incident_link.c.score.desc(), incident_link.c.notice_id)
)
_LINKS_OF_NOTICE = Prepared(
    select(incident_link)
    .join(incident)
    .where(incident_link.c.notice_id == bindparam("notice"), incident.c.status != "removed")
    .order_by(incident_link.c.incident_id)
)
_BELONGS = Prepared(
    select(incident_link.c.incident_id)
    .where(incident_link.c.notice_id == bindparam("notice"))
    .where(sa.or_(*(incident_link.c.status == status for status in BELONGING)))
    .limit(1)
)


class IncidentReads(Session):
    """Questions about incidents, the notices linked to them, and addresses offered by notices."""

    def incidents(self) -> list[Incident]:
        """Return all incidents but those that were removed."""
        return [_incident(row) for row in self._fetch_all(_INCIDENTS)]

    def removed_incidents(self) -> list[Incident]:
        """Return the incidents that were removed, merged ones among them."""
        return [_incident(row) for row in self._fetch_all(_REMOVED)]

    def incident(self, slug: str) -> Incident | None:
        """Return an incident by its slug, or the one it was merged into; None where it was removed."""
        found = self.stored_incident(slug)
        if found is not None and found.merged_into:
            found = self.stored_incident(found.merged_into)
        return found if found is not None and found.status != "removed" else None

    def stored_incident(self, slug: str) -> Incident | None:
        """Return the incident that has this slug itself, also where it was merged or removed; or None."""
        row = self._fetch_one(select(incident).where(incident.c.slug == slug))
        return _incident(row) if row else None

    def incident_links(self, slug: str) -> list[IncidentLink]:
        """Return the links of the incident that has this slug itself, of every status, strongest first."""
        return [_link(row) for row in self._fetch_all(_LINKS_OF_INCIDENT, {"slug": slug})]

    def links_of_notice(self, notice_id: int) -> list[IncidentLink]:
        """Return the links of a notice to incidents, whatever their status."""
        return [_link(row) for row in self._fetch_all(_LINKS_OF_NOTICE, {"notice": notice_id})]

    def incident_state(self, slug: str, notices: Iterable[int] = ()) -> IncidentState | None:
        """Return what people decided of an incident and of these notices in it; None: there is none."""
        row = self._fetch_one(select(incident).where(incident.c.slug == slug))
        if row is None:
            return None
        links = {link.notice: link.status for link in self.incident_links(slug)}
        about = tuple((notice, links.get(notice)) for notice in sorted(set(notices)))
        return IncidentState(row.status, row.merged_into, row.edits, about)

    def offers(self, status: LinkStatus | None = None) -> list[Offer]:
        """Return offers in the order they were made, of one status or of any."""
        query = select(offer, source.c.slug.label("source")).join(source).order_by(offer.c.id)
        if status is not None:
            query = query.where(offer.c.status == status)
        return [_offer(row) for row in self._fetch_all(query)]


class IncidentWrites(IncidentReads):
    """Writing of incidents, links and offers; what a person decided is not overwritten."""

    def put_incident(self, new: Incident) -> Incident:
        """Store what is declared of an incident, new or known by its slug, and return it.

        What a person wrote of it or decided over it stays.
        """
        values = {"declaration": codec.dumps(_declared(new)), "origin": "declared"}
        insert = self._upsert(incident).values(slug=new.slug, name=new.name, **values)
        statement = insert.on_conflict_do_update(index_elements=["slug"], set_=values).returning(incident)
        row = self._db.execute(statement).one()
        self._name(row)
        return _incident(row)

    def _name(self, row: Row[Any]) -> None:
        if (name := _incident(row).name) != row.name:
            self._db.execute(incident.update().where(incident.c.id == row.id).values(name=name))

    def add_incident(self, new: Incident) -> Incident | None:
        """Store a drafted incident; its keys count as written by a person. None: its slug is taken."""
        values = {
            "slug": new.slug,
            "name": new.name,
            "declaration": codec.dumps(Incident(new.slug, new.name)),
            "edits": dump_edits(new, INCIDENT_KEYS),
            "origin": "drafted",
        }
        insert = self._upsert(incident).values(**values).on_conflict_do_nothing()
        row = self._fetch_one(insert.returning(incident))
        return _incident(row) if row else None

    def hold_incidents(self, slugs: Iterable[str]) -> None:
        """Keep others from changing these incidents until the end of the transaction; linking goes on."""
        named = select(incident.c.id).where(incident.c.slug.in_(list(slugs))).order_by(incident.c.id)
        self._db.execute(named.with_for_update(key_share=True))  # on SQLite a writer is alone anyway

    def put_incident_state(self, slug: str, state: IncidentState) -> None:
        """Bring an incident to a state, whatever was decided before."""
        known = incident.c.slug == slug
        values = {"status": state.status, "merged_into": state.merged_into, "edits": state.edits}
        row = self._fetch_one(incident.update().where(known).values(**values).returning(incident))
        self._name(row)
        for notice, status in state.links:
            if status is None:
                of = (incident_link.c.incident_id == row.id) & (incident_link.c.notice_id == notice)
                self._db.execute(incident_link.delete().where(of))
            else:
                self.put_link(IncidentLink(row.id, notice, status, ("by hand",)))

    def put_link(self, new: IncidentLink) -> None:
        """Store a link; of one that is there already the status alone, whatever was decided before."""
        values = {"status": new.status, "evidence": codec.dumps(new.evidence), "score": new.score}
        insert = self._upsert(incident_link).values(incident_id=new.incident, notice_id=new.notice, **values)
        self._db.execute(
            insert.on_conflict_do_update(
                index_elements=["incident_id", "notice_id"], set_={"status": new.status}
            )
        )

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

    def stir(self, told: Iterable[int], pages: Collection[int], now: datetime, due_by: datetime) -> None:
        """Note at the other pages of their incidents that something was ``told`` of notices.

        These are due by a moment at the latest. ``pages``: those on which it was told.
        """
        told = [one for one in told if self._fetch_one(_BELONGS, {"notice": one})]
        if not told:  # as most
            return
        here, there = incident_link.alias(), incident_link.alias()
        others = (
            select(notices.c.page_id)
            .join(there, there.c.notice_id == notices.c.id)
            .join(here, here.c.incident_id == there.c.incident_id)
            .where(here.c.notice_id.in_(told))
            .where(here.c.status.in_(BELONGING), there.c.status.in_(BELONGING))
        )
        late = page.c.due_at > due_by
        calm = page.c.stirred_at.is_(None) | (page.c.stirred_at < now - _STIRRED_ANEW)
        self._db.execute(
            page.update()
            .where(page.c.id.in_(others), page.c.id.not_in(list(pages)), ~page.c.gone, late | calm)
            .values(
                stirred_at=now,
                due_at=sa.case((late, sa.literal(due_by, page.c.due_at.type)), else_=page.c.due_at),
                planned=sa.case((late, "stirred"), else_=page.c.planned),
            )
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


def dump_edits(written: Incident, keys: Iterable[str]) -> str:
    """Return as JSON what a person wrote in these keys."""
    return codec.dumps({key: getattr(written, key) for key in keys})


def load_edits(edits: str) -> dict[str, Any]:
    """Return the keys that a person wrote, with their values."""
    table = json.loads(edits)
    written = codec.from_json(Incident, {"slug": "", "name": "", **table})
    return {key: getattr(written, key) for key in table}


def _declared(new: Incident) -> Incident:
    return Incident(new.slug, **{key: getattr(new, key) for key in INCIDENT_KEYS})


def _incident(row: Row[Any]) -> Incident:
    return _read(row.id, row.declaration, row.edits, row.origin, row.status, row.merged_into)


@lru_cache(512)
def _read(
    id: int,
    declaration: str,
    edits: str,
    origin: IncidentOrigin,
    status: IncidentStatus,
    merged_into: str,
) -> Incident:
    """Read an incident, once: it is asked for with every new notice, and can name a hundred bodies."""
    written = load_edits(edits)
    return replace(
        codec.loads(Incident, declaration),
        **written,
        id=id,
        origin=origin,
        status=status,
        merged_into=merged_into,
        edited=tuple(written),
    )


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
