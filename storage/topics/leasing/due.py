"""Which pages are due, of each source and host: found by one index, however many wait.

A host may have pages due by the hundred thousand of which it bears some more today, or none. So hosts come
first, each found by a few steps within the index, and then no more of their pages than may be asked for.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.engine import Dialect

from storage.db.prepared import Prepared
from storage.db.session import Session
from storage.db.tables import page, source
from storage.query import Watched
from storage.topics.pages import WATCHED, as_watched

ALL = 2**31
"""More pages than any host has."""

_BY_ITSELF = sa.text("role <> 'attachment'")  # word for word what the index of tables.py says
_NOW, _LATEST = (bindparam(name, type_=page.c.due_at.type) for name in ("now", "latest"))
_WHEN = (page.c.due_at.is_(None), page.c.due_at <= _NOW, page.c.due_at > _LATEST)
"""Never planned, planned until now, and planned for later than anybody does whose clock is right. Asked for
apart, or no index is used."""
_named = source.alias("named")
_OF_SOURCE = page.c.source_id == (  # a number by then, so that the index has pages in the order asked for
    select(_named.c.id).where(_named.c.slug == bindparam("source")).scalar_subquery()
)
_HOSTS = bindparam("hosts", type_=sa.Text())
_MOST = bindparam("most", type_=sa.BigInteger())


def _hosts(dialect: Dialect) -> Select[Any]:
    """Unfold the hosts that are given as a list in JSON."""
    if dialect.name == "sqlite":
        return select(func.json_each(_HOSTS).table_valued("value").c.value)
    return select(func.json_array_elements_text(sa.cast(_HOSTS, sa.JSON)).column_valued("value"))


class _OfHosts(Prepared):
    """Pages of a source on given hosts."""

    def __init__(self, when: ColumnElement[bool]) -> None:
        self._question = WATCHED.where(_OF_SOURCE, _BY_ITSELF, when)
        super().__init__(self._question)

    def _composed(self, dialect: Dialect) -> Select[Any]:
        hosts = _hosts(dialect)
        if dialect.name == "sqlite":
            return self._question.where(page.c.host.in_(hosts))
        return self._question.where(page.c.host == sa.any_(func.array(hosts.scalar_subquery())))


_OF_HOSTS = tuple(map(_OfHosts, _WHEN))
_FIRST = tuple(
    Prepared(
        WATCHED.where(_OF_SOURCE, _BY_ITSELF, page.c.host == bindparam("host"), when)
        .where(sa.or_(page.c.role == "page", bindparam("lists", type_=sa.Boolean())))
        .order_by(page.c.due_at)
        .limit(_MOST)
    )
    for when in _WHEN
)


def _counted(at: sa.CTE) -> Select[Any]:
    """Count what is due of each source and host that ``at`` names, up to ``most`` of each kind."""

    def count(when: ColumnElement[bool]) -> ColumnElement[int]:
        some = (
            select(sa.literal_column("1").label("one"))
            .select_from(page)
            .where(_BY_ITSELF, page.c.source_id == at.c.source_id, page.c.host == at.c.host, when)
            .limit(_MOST)
            .correlate(at)
            .subquery()
        )
        return select(func.count()).select_from(some).scalar_subquery()

    number = sum(map(count, _WHEN), sa.literal_column("0", sa.Integer()))
    every = select(at.c.slug, at.c.host, number.label("pages")).where(at.c.host.is_not(None)).subquery()
    return select(every).where(every.c.pages > 0)


def _known_hosts() -> sa.CTE:
    """Name the hosts of every source, by one step in the index from each to the next."""
    named = (source.c.id.label("source_id"), source.c.slug)
    at = select(*named, sa.cast(sa.literal(""), page.c.host.type).label("host")).cte("at", recursive=True)
    following = (
        select(page.c.host)
        .where(_BY_ITSELF, page.c.source_id == at.c.source_id, page.c.host > at.c.host)
        .order_by(page.c.source_id, page.c.host)
        .limit(1)
        .correlate(at)
        .scalar_subquery()
    )
    return at.union_all(select(at.c.source_id, at.c.slug, following).where(at.c.host.is_not(None)))


class _OnHosts(Prepared):
    """What is due on given hosts."""

    def __init__(self) -> None:
        super().__init__(select(source.c.slug))

    def _composed(self, dialect: Dialect) -> Select[Any]:
        hosts = _hosts(dialect).subquery()
        named = (source.c.id.label("source_id"), source.c.slug, hosts.c[0].label("host"))
        return _counted(select(*named).select_from(source.join(hosts, sa.true())).cte("at"))


_ANYWHERE, _ON_HOSTS = Prepared(_counted(_known_hosts())), _OnHosts()


class DueReads(Session):
    """Questions about what is due."""

    def due_hosts(
        self, now: datetime, latest: datetime, most: int = ALL, hosts: Collection[str] = ()
    ) -> dict[tuple[str, str], int]:
        """Count what is due by source and host, on ``hosts`` or, without these, anywhere.

        That is what is planned until ``now``, never planned, or planned behind ``latest``. Of each kind no
        more than ``most`` are counted: whoever wants to know whether more are due than so many reads no more.
        """
        values = {"now": now, "latest": latest, "most": most, "hosts": json.dumps(sorted(hosts))}
        rows = self._fetch_all(_ON_HOSTS if hosts else _ANYWHERE, values)
        return {(row.slug, row.host): row.pages for row in rows}

    def due_pages(
        self, source: str, now: datetime, latest: datetime, hosts: Mapping[str, int], *, lists: bool = True
    ) -> list[Watched]:
        """Return pages of a source to look at now, in the order they were met.

        Those planned until ``now``, never planned, or planned behind ``latest``; of each of these kinds on
        each host no more than is said of it, what has waited longest first. Without ``lists``, and where
        that is not ``ALL``, pages alone. The rest is not read; attachments are looked at with their page.
        """
        values = {"source": source, "now": now, "latest": latest, "lists": lists}
        found: list[Any] = []
        if whole := sorted(host for host, most in hosts.items() if most == ALL):
            for of_hosts in _OF_HOSTS:
                found += self._fetch_all(of_hosts, {**values, "hosts": json.dumps(whole)})
        for host, most in hosts.items():
            if most != ALL:
                for first in _FIRST:
                    found += self._fetch_all(first, {**values, "host": host, "most": most})
        return sorted(map(as_watched, found), key=attrgetter("id"))

    def count_due(self, now: datetime) -> int:
        """Count the pages whose time has come."""
        query = select(func.count()).select_from(page).where(_BY_ITSELF, page.c.due_at <= now)
        return self._db.scalar(query) or 0
