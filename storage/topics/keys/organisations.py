"""Bodies: who publishes notices, whose part in it notices tell, and whom they name, by the keys of notices.

A body goes by its folded name (storage.text.body_names). Names that notices say are of one body (以下「X」,
旧X) lead to one of them: each to the longer one, if that is only one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from storage.db.kept import fact_spans
from storage.db.session import Session, among
from storage.db.tables import (
    fact_value,
    incident,
    incident_link,
    notice,
    notice_evidence,
    notice_keys,
    page,
    version,
)
from storage.records import BELONGING, Fact
from storage.text.body_names import name_key
from storage.text.japanese import JST
from storage.topics.keys.link_evidence import in_parts, read_keys

BODY_KINDS = ("publisher", "party", "named", "local")
"""Kinds of keys that are names of bodies; ``local``: of municipalities and prefectures."""
MIN_NAMED = 2
"""Notices that must name a body that neither published nor had a part, before it counts among the bodies."""
MAX_NAME_CHARS = 60
_NO_PATH = frozenset('/\\:*?"<>|%#')
_key = notice_evidence.c


@dataclass(frozen=True, slots=True)
class BodyNotice:
    """A notice by its number, and as what it speaks of a body: kinds of keys."""

    notice: int
    appeared: date
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class BodyCount:
    """A body with the number of notices it published, has a part in, and is named in besides."""

    key: str
    own: int
    party: int
    named: int

    @property
    def stands(self) -> bool:
        """Say whether it is more than a name that was met once."""
        return bool(self.own or self.party) or self.named >= MIN_NAMED


def lead_names(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Say for names which name they lead to, from pairs of names of one body.

    The shorter leads to the longer, and on from there. A name that leads to several, as an abbreviation that
    two bodies use, leads nowhere.
    """
    longer: defaultdict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        short, long = sorted(pair, key=_order)
        longer[short].add(long)
    leads = {}
    for name in longer:
        at = name
        while len(longer.get(at, ())) == 1:
            (at,) = longer[at]
        if at != name:
            leads[name] = at
    return leads


def is_body(key: str) -> bool:
    """Say whether a key can stand in an address, as names of bodies do."""
    printable = key.isprintable() and not key.startswith(".")
    return 1 < len(key) <= MAX_NAME_CHARS and printable and _NO_PATH.isdisjoint(key)


_PAIR = notice_evidence.alias()
_PAIRS = (
    select(_key.key, _PAIR.c.key.label("pair"))
    .join(_PAIR, _PAIR.c.notice_id == _key.notice_id)
    .where(_key.kind.in_(BODY_KINDS), _PAIR.c.kind == sa.literal_column("'s'"))  # as the index says it
)


class _Leads:
    """Where names lead, looked up as they are asked for: ``lead_names`` of all pairs, of a few names."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._others: dict[str, set[str]] = {}

    def root(self, name: str) -> str:
        """Return the name that a name leads to, or itself."""
        longer = [other for other in self._known_with(name) if _order(other) > _order(name)]
        return self.root(longer[0]) if len(longer) == 1 else name

    def all_names(self, root: str) -> tuple[str, ...]:
        """Return a name and behind it all that lead to it."""
        found: dict[str, None] = {root: None}
        for name in (rest := [root]):
            shorter = [other for other in self._known_with(name) if _order(other) < _order(name)]
            rest += sorted(other for other in shorter if other not in found and self.root(other) == root)
            found.update(dict.fromkeys(rest))
        return (root, *sorted(name for name in found if name != root))

    def look_up(self, names: Iterable[str]) -> None:
        """Look up what leads to some names and where they lead, with one question for all of them."""
        found: dict[str, set[str]] = {name: set() for name in names if name not in self._others}
        if found:
            held = _PAIRS.where(_key.key.in_(found))
            for name, pair in self._db.execute(held.distinct()):
                said = set(pair.split("\t"))
                if name in said:
                    found[name] |= said - {name}
            self._others |= found

    def _known_with(self, name: str) -> set[str]:
        """Return the names that notices say are of the same body: each of them holds both."""
        self.look_up([name])
        return self._others[name]


def _order(name: str) -> tuple[int, str]:
    return len(name), name


def spellings(db: Connection, names: Iterable[str]) -> list[str]:
    """Return the keys of all names of these bodies, which may be given as people write them."""
    leads = _Leads(db)
    roots = {leads.root(key) for key in map(name_key, names) if key}
    return sorted(name for root in roots for name in leads.all_names(root))


class OrganisationReads(Session):
    """Questions about bodies by their names, and the notices that speak of them."""

    def names_of_bodies(self, keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return for each key those of all names of its body, the one that stands for it first."""
        leads, keys = _Leads(self._db), list(keys)
        leads.look_up(keys)
        return {key: leads.all_names(leads.root(key)) for key in keys}

    def bodies(self) -> list[BodyCount]:
        """Return all bodies that stand in notices, by key."""
        pairs = self._db.scalars(select(_key.key).where(_key.kind == "names").distinct())
        leads = lead_names((one, other) for one, _, other in (pair.partition("\t") for pair in pairs))
        counted = select(_key.kind, _key.key, func.count().label("notices"))
        counted = counted.where(_key.kind.in_(BODY_KINDS)).group_by(_key.kind, _key.key)
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for row in self._fetch_all(counted):
            root = leads.get(row.key, row.key)
            # a notice that defines a short name holds both: the larger number is of the notices
            found[root][row.kind] = max(found[root].get(row.kind, 0), row.notices)
        bodies = (
            BodyCount(
                key, of.get("publisher", 0), of.get("party", 0), max(of.get("named", 0), of.get("local", 0))
            )
            for key, of in sorted(found.items())
            if is_body(key)
        )
        return [body for body in bodies if body.stands]

    def standing_bodies(self, known_as: Mapping[str, Sequence[str]]) -> set[str]:
        """Return which of a few bodies count as such, by the keys of all names of each."""
        spoken = {key: self.notices_of_body(names) for key, names in known_as.items()}
        return {
            key
            for key, notices in spoken.items()
            if len(notices) >= MIN_NAMED or any({"publisher", "party"} & one.kinds for one in notices)
        }

    def bodies_of_notices(self, notices: Iterable[int], kinds: Sequence[str] = BODY_KINDS) -> set[str]:
        """Return the keys of the bodies of which notices speak, as one of these kinds."""
        leads = _Leads(self._db)
        stored = select(notice_keys.c["keys"]).where(among(self._db, notice_keys.c.notice_id, notices))
        held = (read_keys(one) for one in self._db.scalars(stored))
        keys = {key for each in held for kind, key in each if kind in kinds}
        leads.look_up(keys)
        return {leads.root(key) for key in keys}

    def notices_of_body(self, names: Sequence[str]) -> list[BodyNotice]:
        """Return the notices that speak of a body by any of its names, newest first."""
        held = select(_key.notice_id, _key.kind, notice.c.appeared_at).join(
            notice, notice.c.id == _key.notice_id
        )
        held = held.where(_key.kind.in_(BODY_KINDS), _key.key.in_(names))
        kinds: defaultdict[int, set[str]] = defaultdict(set)
        when: dict[int, date] = {}
        for row in self._fetch_all(held):
            kinds[row.notice_id].add(row.kind)
            when[row.notice_id] = row.appeared_at.astimezone(JST).date()
        found = [BodyNotice(id, when[id], frozenset(of)) for id, of in kinds.items()]
        return sorted(found, key=lambda one: (one.appeared, one.notice), reverse=True)

    def written_names(self, keys: Iterable[str]) -> dict[str, str]:
        """Return how notices write the names of bodies, of those keys that are their folded names."""
        found: dict[str, str] = {}
        for some in in_parts(sorted(set(keys))):
            stated = select(fact_value.c.term, func.min(fact_value.c.value).label("value")).where(
                fact_value.c.field == "organisation", fact_value.c.term.in_(some)
            )
            for row in self._fetch_all(stated.group_by(fact_value.c.term)):
                found[row.term] = json.loads(row.value)
        return found

    def incidents_of_notices(self, notices: Iterable[int]) -> dict[str, int]:
        """Return the slugs of the incidents that notices belong to, each with how many of them do."""
        query = (
            select(incident.c.slug, func.count().label("notices"))
            .join(incident_link, incident_link.c.incident_id == incident.c.id)
            .where(
                incident.c.status != "removed",
                incident_link.c.status.in_(BELONGING),
                among(self._db, incident_link.c.notice_id, notices),
            )
            .group_by(incident.c.slug)
            .order_by(incident.c.slug)
        )
        return {row.slug: row.notices for row in self._fetch_all(query)}

    def facts_of_notices(self, notices: Iterable[int], fields: Sequence[str]) -> dict[int, list[Fact]]:
        """Return what the pages of notices and their attachments state now, of some fields."""
        read = (
            select(notice.c.id.label("notice"), version.c.id, version.c.facts)
            .select_from(notice)
            .join(page, sa.or_(page.c.id == notice.c.page_id, page.c.parent_id == notice.c.page_id))
            .join(version, version.c.id == page.c.version_id)
            .where(among(self._db, notice.c.id, notices), version.c.facts.is_not(None))
            .order_by(notice.c.id, version.c.id)
        )
        rows = self._fetch_all(read)
        facts = fact_spans.read(self._db, {row.id: row.facts for row in rows}, fields)
        found: defaultdict[int, list[Fact]] = defaultdict(list)
        for row in rows:
            found[row.notice] += facts[row.id]
        return found
