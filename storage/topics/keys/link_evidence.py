"""What of notices and incidents can tie the two, kept as short keys that an index finds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, func, select

from storage.db import codec
from storage.db.columns import storable
from storage.db.kept.short import EVIDENCE_KINDS, short_key
from storage.db.prepared import Prepared, insertion
from storage.db.session import Session, among
from storage.db.tables import (
    incident,
    incident_evidence,
    incident_link,
    notice,
    notice_evidence,
    notice_keys,
    source,
)
from storage.records import BELONGING, THIRD_PARTIES, EvidenceKey

_LOCK = 0x6B6F6882  # of PostgreSQL, any number that is ours
T = TypeVar("T")
_AT_ONCE = 500
"""Keys or notices in one question."""

OF_THIRD_PARTIES = frozenset(("address", "link", "title", "quoted", "file"))
"""Kinds of keys that an incident has of an article about it, too, which may be about others besides."""

_CODES = dict(EVIDENCE_KINDS)  # as they are stored
_KINDS_BY_CODE = {code: kind for kind, code in EVIDENCE_KINDS}
_own, _theirs = notice_evidence.c, incident_evidence.c
_BELONGS = sa.or_(*[incident_link.c.status == status for status in BELONGING])


def _asked(statement: Select[Any], table: sa.Table) -> dict[str, Prepared]:
    """Restrict a selection to rows of ``table`` with one of the keys asked for, in each dialect."""
    made = {}
    for dialect in ("sqlite", "postgresql"):
        if dialect == "sqlite":
            wanted = func.json_each(bindparam("keys")).table_valued("value")
            kind, key = (func.json_extract(wanted.c.value, f"$[{n}]") for n in (0, 1))
        else:
            given = sa.text("CAST(:keys AS jsonb)").bindparams(bindparam("keys", type_=sa.Text))
            wanted = func.jsonb_array_elements(given).table_valued("value")
            kind, key = (sa.func.jsonb_extract_path_text(wanted.c.value, str(n)) for n in (0, 1))
        made[dialect] = Prepared(statement.join(wanted, (table.c.kind == kind) & (table.c.key == key)))
    return made


_EVIDENCE = Prepared(select(notice_keys).where(notice_keys.c.notice_id == bindparam("notice")))
_HOLDERS = _asked(select(_own.notice_id).select_from(notice_evidence), notice_evidence)
_FIRST = Prepared(
    select(_own.notice_id, notice_keys.c.source_id, notice_keys.c.month)
    .join(notice_keys, notice_keys.c.notice_id == _own.notice_id)
    .where(_own.kind == bindparam("kind"), _own.key == bindparam("key"))
    .order_by(_own.notice_id)
    .limit(bindparam("limit"))
)
_KNOWN_TO = _asked(
    select(_theirs.incident_id, _theirs.kind, _theirs.key, source.c.slug)
    .select_from(incident_evidence)
    .outerjoin(source, source.c.id == _theirs.source_id),
    incident_evidence,
)
_HELD_BY_MEMBERS = _asked(
    select(_own.kind, _own.key, notice_keys.c.source_id)
    .distinct()
    .select_from(notice_evidence)
    .join(notice_keys, notice_keys.c.notice_id == _own.notice_id)
    .join(incident_link, incident_link.c.notice_id == _own.notice_id)
    .where(incident_link.c.incident_id == bindparam("incident"), _BELONGS),
    notice_evidence,
)
_NAMED_IN = {
    dialect: Prepared(
        select(_theirs.incident_id, _theirs.key).where(
            _theirs.kind == "respondent", place(bindparam("title", type_=sa.Text), _theirs.key) > 0
        )
    )
    for dialect, place in (("sqlite", func.instr), ("postgresql", func.strpos))
}
_KINDS = Prepared(select(_theirs.kind).distinct().where(_theirs.incident_id == bindparam("incident")))
_ADD = insertion(notice_evidence, returning=False)
_ADD_KEYS = insertion(notice_keys, returning=False)
_DROP = (
    notice_evidence.delete()
    .where(_own.notice_id == bindparam("notice"))
    .where(_own.kind == bindparam("dropped_kind"), _own.key == bindparam("dropped_key"))
)


def read_keys(stored: str) -> frozenset[EvidenceKey]:
    """Read the keys of a notice as they are stored beside it."""
    return frozenset((_KINDS_BY_CODE.get(kind, kind), key) for kind, key in json.loads(stored))


def _written(keys: Iterable[EvidenceKey]) -> str:
    return codec.dumps(sorted((_CODES.get(kind, kind), key) for kind, key in keys))


def _as_indexed(keys: Iterable[EvidenceKey]) -> dict[EvidenceKey, EvidenceKey]:
    """Say for keys as the index has them which they are."""
    plain = ((kind, storable(key)) for kind, key in keys)
    return {(kind, short_key(kind, key)): (kind, key) for kind, key in plain}


def in_parts(items: Iterable[T]) -> Iterator[list[T]]:
    """Cut what is asked for into pieces of which each is one question."""
    rest = iter(items)
    while part := list(islice(rest, _AT_ONCE)):
        yield part


class EvidenceReads(Session):
    """Questions about the keys by which notices and incidents are tied."""

    def evidence(self, notice_id: int) -> frozenset[EvidenceKey]:
        """Return the keys of a notice."""
        row = self._fetch_one(_EVIDENCE, {"notice": notice_id})
        return frozenset() if row is None else read_keys(row.keys)

    def evidence_of(self, notice_ids: Iterable[int]) -> dict[int, frozenset[EvidenceKey]]:
        """Return the keys of several notices, of those that have any."""
        found: dict[int, frozenset[EvidenceKey]] = {}
        for some in in_parts(notice_ids):
            own = select(notice_keys).where(among(self._db, notice_keys.c.notice_id, some))
            found |= {row.notice_id: read_keys(row.keys) for row in self._fetch_all(own)}
        return found

    def evidence_holders(self, keys: Iterable[EvidenceKey]) -> set[int]:
        """Return the notices that hold any of these keys."""
        return {row.notice_id for row in self._by_keys(_HOLDERS, _as_indexed(keys))}

    def first_holders(self, key: EvidenceKey, limit: int) -> list[tuple[int, int]]:
        """Return the oldest notices that hold a key, each with its month."""
        ((kind, indexed),) = _as_indexed([key])
        asked = {"kind": kind, "key": indexed, "limit": limit}
        return [(row.notice_id, row.month) for row in self._fetch_all(_FIRST, asked)]

    def notices_titled_with(self, word: str) -> set[int]:
        """Return the notices whose folded title holds a folded word."""
        place = func.instr if self._is_sqlite else func.strpos
        holds = place(_own.key, word) > 0
        return {*self._db.scalars(select(_own.notice_id).where(_own.kind == "title", holds))}

    def incidents_named_in(self, title: str) -> list[tuple[int, str]]:
        """Return the incidents of which a folded title names a respondent, with that name folded."""
        named = self._fetch_all(_NAMED_IN[self._db.dialect.name], {"title": storable(title)})
        return [(row.incident_id, row.key) for row in named]

    def incidents_with_evidence(self, keys: Iterable[EvidenceKey]) -> dict[int, dict[EvidenceKey, str]]:
        """Return which incidents hold which of these keys, with the only source that does, or nothing."""
        found: defaultdict[int, dict[EvidenceKey, str]] = defaultdict(dict)
        for row in self._by_keys(_KNOWN_TO, keys):
            found[row.incident_id][row.kind, row.key] = row.slug or ""
        return dict(found)

    def evidence_of_incident(self, incident_id: int) -> dict[EvidenceKey, str]:
        """Return all keys of an incident, likewise."""
        query = select(_theirs.kind, _theirs.key, source.c.slug).select_from(incident_evidence)
        query = query.outerjoin(source, source.c.id == _theirs.source_id)
        rows = self._fetch_all(query.where(_theirs.incident_id == incident_id))
        return {(row.kind, row.key): row.slug or "" for row in rows}

    def kinds_of_evidence(self, incident_id: int) -> set[str]:
        """Return which kinds of keys an incident holds at all."""
        return {row.kind for row in self._fetch_all(_KINDS, {"incident": incident_id})}

    def evidence_of_members(
        self, incident_id: int, keys: Iterable[EvidenceKey] | None = None
    ) -> dict[EvidenceKey, str]:
        """Return what the notices that belong to an incident hold, of these keys or of all.

        With each key comes the only source that holds it, or nothing. Of third parties only keys count that
        are of no event.
        """
        holders: defaultdict[EvidenceKey, set[int]] = defaultdict(set)
        if keys is None:
            members = incident_link.c.notice_id == notice_keys.c.notice_id
            held = select(notice_keys).join(incident_link, members)
            for row in self._fetch_all(held.where(incident_link.c.incident_id == incident_id, _BELONGS)):
                for key in read_keys(row.keys):
                    holders[key].add(row.source_id)
        else:
            whole = _as_indexed(keys)
            for row in self._by_keys(_HELD_BY_MEMBERS, whole, incident=incident_id):
                holders[whole[row.kind, row.key]].add(row.source_id)
        known = {row.id: row for row in self._fetch_all(select(source.c.id, source.c.slug, source.c.kind))}
        return {
            key: known[min(of)].slug if len(of) == 1 else ""
            for key, of in holders.items()
            if key[0] in OF_THIRD_PARTIES or any(known[one].kind not in THIRD_PARTIES for one in of)
        }

    def notices_of_sources(self, sources: Collection[str]) -> set[int]:
        """Return the notices of these sources."""
        of = select(notice.c.id).join(source).where(source.c.slug.in_(sources))
        return {*self._db.scalars(of)}

    def publishers(self, notice_ids: Iterable[int]) -> list[tuple[int, str, date | None]]:
        """Return notices in their order, each with its source and the day it was published."""
        found = []
        for some in in_parts(notice_ids):
            rows = select(notice.c.id, source.c.slug, notice.c.published).join(source)
            rows = rows.where(among(self._db, notice.c.id, some)).order_by(notice.c.id)
            found += [(row.id, row.slug, row.published) for row in self._fetch_all(rows)]
        return found

    def unlinked_notices(self, days: int) -> list[tuple[int, str, str, date | None]]:
        """Return the notices of the last days that belong to no incident, nor are suggested to any.

        Each with its source, the kind of that, and the day it was published. The days are counted back from
        the newest notice.
        """
        newest = self._fetch_one(select(func.max(notice.c.appeared_at).label("at"))).at
        if newest is None:
            return []
        linked = sa.exists().where(
            incident_link.c.notice_id == notice.c.id,
            incident_link.c.status != "rejected",
            incident_link.c.incident_id == incident.c.id,
            incident.c.status != "removed",
        )
        rows = select(notice.c.id, source.c.slug, source.c.kind, notice.c.published).join(source)
        rows = rows.where(notice.c.appeared_at >= newest - timedelta(days), ~linked).order_by(notice.c.id)
        return [(row.id, row.slug, row.kind, row.published) for row in self._fetch_all(rows)]

    def notice_ids(self) -> list[int]:
        """Return the numbers of all notices."""
        return [*self._db.scalars(select(notice.c.id).order_by(notice.c.id))]

    def _by_keys(
        self, asked: Mapping[str, Prepared], keys: Iterable[EvidenceKey], **values: object
    ) -> Iterator[Any]:
        statement = asked[self._db.dialect.name]
        for some in in_parts(sorted(set(keys))):
            told = json.dumps([[_CODES.get(kind, kind), storable(key)] for kind, key in some])
            yield from self._fetch_all(statement, {"keys": told, **values})


class EvidenceWrites(EvidenceReads):
    """Writing of the keys of notices and incidents, and of links that follow from them."""

    def lock_links(self) -> None:
        """Let one transaction at a time work on links, to its end; on SQLite every writer is alone."""
        if not self._is_sqlite:
            self._db.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})

    def put_evidence(
        self, notice_id: int, source_id: str, month: int, keys: frozenset[EvidenceKey]
    ) -> tuple[frozenset[EvidenceKey], frozenset[EvidenceKey]]:
        """Write the keys of a notice; return those it held before that are gone, and those that are new."""
        row = self._fetch_one(_EVIDENCE, {"notice": notice_id})
        keys = frozenset((kind, storable(key)) for kind, key in keys)
        held = frozenset() if row is None else read_keys(row.keys)
        gone, new = held - keys, keys - held
        of = self._known_source(source_id)
        values = {"source_id": of, "month": month, "keys": _written(keys)}
        where = notice_keys.c.notice_id == notice_id
        if row is None and keys:
            _ADD_KEYS.all(self._db, {"notice_id": notice_id, **values})
        elif row is not None and not keys:
            self._db.execute(notice_keys.delete().where(where))
        elif row is not None and (gone or new or (row.source_id, row.month) != (of, month)):
            self._db.execute(notice_keys.update().where(where).values(values))
        if gone:
            dropped = [
                {"notice": notice_id, "dropped_kind": kind, "dropped_key": key}
                for kind, key in _as_indexed(gone)
            ]
            self._db.execute(_DROP, dropped)
        if new:
            indexed = sorted(_as_indexed(new))
            rows = [{"notice_id": notice_id, "kind": kind, "key": key} for kind, key in indexed]
            _ADD.many(self._db, rows)
        return gone, new

    def put_evidence_of_incident(
        self, incident_id: int, held: Mapping[EvidenceKey, str], gone: Iterable[EvidenceKey]
    ) -> None:
        """Write keys of an incident, each with the only source whose notices hold it, or nothing."""
        of = _theirs.incident_id == incident_id
        for some in in_parts(gone):
            self._db.execute(
                incident_evidence.delete().where(of, sa.tuple_(_theirs.kind, _theirs.key).in_(some))
            )
        slugs = {row.slug: row.id for row in self._fetch_all(select(source.c.id, source.c.slug))}
        rows = [
            {"incident_id": incident_id, "kind": kind, "key": storable(key), "source_id": slugs.get(only)}
            for (kind, key), only in held.items()
        ]
        if rows:
            insert = self._upsert(incident_evidence)
            keys = [_theirs.kind.name, _theirs.key.name, _theirs.incident_id.name]
            self._db.execute(
                insert.on_conflict_do_update(
                    index_elements=keys, set_={"source_id": insert.excluded.source_id}
                ),
                rows,
            )

    def drop_link(self, incident_id: int, notice_id: int) -> None:
        """Take away a link that nobody decided."""
        of = (incident_link.c.incident_id == incident_id) & (incident_link.c.notice_id == notice_id)
        undecided = incident_link.c.status.not_in(("confirmed", "rejected"))
        self._db.execute(incident_link.delete().where(of, undecided))
