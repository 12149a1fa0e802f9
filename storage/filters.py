"""A Query as conditions of SQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, select

from storage.fold import fold
from storage.query import Query
from storage.search_index import Wanted
from storage.tables import change, fact, incident, incident_link, notice, page, search_doc, source

BELONGING = ("declared", "confirmed")
"""The states of a link in which a notice belongs to an incident."""

Condition = ColumnElement[bool]


def notices(statement: Select[Any], query: Query, wanted: Wanted | None = None) -> Select[Any]:
    """``wanted``: the string that ``query.text`` asks for."""
    conditions = notice_conditions(query)
    if wanted is not None:
        held = _Held(wanted)
        # a page's text speaks for all its notices, and so does that of its attachments
        text = held.by("page_id", notice.c.page_id, texts=True)
        conditions.append(sa.or_(held.by("notice_id", notice.c.id), text))
    return ordered(statement.where(*conditions), notice.c.appeared_at, notice.c.id, query)


def notice_conditions(query: Query) -> list[Condition]:
    """All of the query but its text."""
    return of_itself(query) + of_what_was_told(query)


def of_itself(query: Query) -> list[Condition]:
    """What a query asks of a notice and its source."""
    return _publisher(query) + _window(notice.c.appeared_at, query)


def of_what_was_told(query: Query) -> list[Condition]:
    """What a query asks of a notice's incidents, changes and facts."""
    conditions: list[Condition] = []
    if query.incident is not None:
        conditions.append(notice.c.id.in_(_belonging(query.incident)))
    if told := _telling(query):
        conditions.append(sa.exists().where(change.c.notice_id == notice.c.id, *told))
    # what its page and its PDFs say now
    own = sa.or_(page.c.id == notice.c.page_id, page.c.parent_id == notice.c.page_id)
    for stated in _stating(query):
        said = sa.exists().where(fact.c.version_id == page.c.version_id, own, *stated)
        conditions.append(said.correlate(notice))
    return conditions


def changes(statement: Select[Any], query: Query, wanted: Wanted | None = None) -> Select[Any]:
    """``wanted``: the string that ``query.text`` asks for."""
    conditions = _publisher(query) + _window(change.c.detected_at, query) + _telling(query)
    if query.incident is not None:
        conditions.append(change.c.notice_id.in_(_belonging(query.incident)))
    for stated in _stating(query):
        # what the change led to, and the notice's PDFs, which have versions of their own
        own = sa.exists().where(fact.c.version_id == change.c.to_version, *stated)
        attached = sa.exists().where(
            notice.c.id == change.c.notice_id,
            page.c.parent_id == notice.c.page_id,
            fact.c.version_id == page.c.version_id,
            *stated,
        )
        conditions.append(sa.or_(own, attached.correlate(change)))
    if wanted is not None:
        held = _Held(wanted)
        ways = [
            held.by("version_id", change.c.to_version),
            held.by("version_id", change.c.from_version),
            held.by("notice_id", change.c.notice_id),
        ]
        if wanted.frequent or wanted.sqlite:
            conditions.append(sa.or_(*ways))
        else:  # each by its index, which PostgreSQL does not see by itself
            conditions.append(change.c.id.in_(sa.union(*(select(change.c.id).where(way) for way in ways))))
    return ordered(statement.where(*conditions), change.c.detected_at, change.c.id, query)


def _publisher(query: Query) -> list[Condition]:
    conditions: list[Condition] = []
    if query.sources:
        conditions.append(source.c.slug.in_(query.sources))
    if query.source_kinds:
        conditions.append(source.c.kind.in_(query.source_kinds))
    return conditions


def _window(time: ColumnElement[Any], query: Query) -> list[Condition]:
    conditions: list[Condition] = []
    if query.since is not None:
        conditions.append(time >= query.since)
    if query.until is not None:
        conditions.append(time < query.until)
    return conditions


def _telling(query: Query) -> list[Condition]:
    """About the change itself."""
    conditions: list[Condition] = []
    if query.kinds:
        conditions.append(change.c.kind.in_(query.kinds))
    if query.material is not None:
        conditions.append(change.c.material.is_(query.material))
    if query.reasons:
        quoted = [change.c.reasons.contains(f'"{reason}"', autoescape=True) for reason in query.reasons]
        conditions.append(sa.or_(*quoted))
    return conditions


def _stating(query: Query) -> list[list[Condition]]:
    """About facts of the text: each list must hold of one of them."""
    stated: list[list[Condition]] = []
    if query.min_count is not None:
        stated.append([fact.c.field == "count", fact.c.number >= query.min_count])
    if query.provision is not None:
        stated.append([fact.c.field == "provision", fact.c.term == fold(query.provision)])
    if query.organisation is not None:
        name = fact.c.term.contains(fold(query.organisation), autoescape=True)
        stated.append([fact.c.field == "organisation", name])
    if query.action is not None:
        stated.append([fact.c.field == "action", fact.c.term == fold(query.action)])
    return stated


def _belonging(slug: str) -> Select[tuple[int]]:
    return (
        select(incident_link.c.notice_id)
        .join(incident)
        .where(incident.c.slug == slug, incident_link.c.status.in_(BELONGING))
    )


class _Held:
    """Whether a document of a row holds the string. Of a frequent string row by row, since enough rows
    are soon found; of a rare one all documents are gathered first."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._documents = None if wanted.frequent else wanted.documents()

    def by(self, column: str, of: ColumnElement[Any], *, texts: bool = False) -> Condition:
        """``column`` of the document is ``of`` the row; ``texts``: titles do not count."""
        documents = search_doc if self._documents is None else self._documents
        conditions: list[Condition] = [documents.c.version_id.is_not(None)] if texts else []
        if self._documents is None:
            # one at a time by the index: for an EXISTS, PostgreSQL would gather all documents first
            conditions += [documents.c[column] == of, self._wanted.holds()]
            held = select(sa.literal(1)).where(*conditions).limit(1)
            return held.correlate(of.table).scalar_subquery().is_not(None)
        return of.in_(select(documents.c[column]).where(documents.c[column].is_not(None), *conditions))


def ordered(
    statement: Select[Any], time: ColumnElement[Any], id: ColumnElement[int], query: Query
) -> Select[Any]:
    """In order of time, going on behind the row that the query names."""
    key = sa.tuple_(time, id)
    if query.after is not None:
        table = id.table.alias()
        last = select(table.c[time.key], table.c.id).where(table.c.id == query.after).scalar_subquery()
        statement = statement.where(key < last if query.newest_first else key > last)
    order = (time.desc(), id.desc()) if query.newest_first else (time.asc(), id.asc())
    statement = statement.order_by(*order)
    return statement if query.limit is None else statement.limit(query.limit)
