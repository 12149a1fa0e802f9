"""A Query as conditions of SQL. How rare it is what a query asks for is looked up first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, FromClause, Select, func, select
from sqlalchemy.engine import Connection

from storage.db.index.looking import Wanted, look_for
from storage.db.kept.fact_spans import stated_fact, version_fact
from storage.db.session import among
from storage.db.tables import (
    change,
    fact_span,
    fact_value,
    incident,
    incident_link,
    moved_count,
    notice,
    notice_evidence,
    page,
    search_doc,
    source,
    version,
)
from storage.query import Query
from storage.records import BELONGING
from storage.text.fold import fold
from storage.topics.keys.organisations import BODY_KINDS, spellings

Condition = ColumnElement[bool]

FEW_FACTS = 2_000  # facts that state what is asked for


def notices(db: Connection, statement: Select[Any], query: Query) -> Select[Any]:
    """Restrict and order a selection of notices by ``query``: newest first by the day they appeared."""
    conditions = _conditions_on_notices(db, query)
    return ordered(statement.where(*conditions), notice.c.appeared_at, notice.c.id, query)


def _conditions_on_notices(db: Connection, query: Query) -> list[Condition]:
    conditions = notice_conditions(query) + told_conditions(db, query)
    if query.text is not None:
        held = _Held(look_for(db, query.text, rows=True))
        # a page's text speaks for all its notices, and so does that of its attachments
        text = held.by("page_id", notice.c.page_id, texts=True)
        conditions.append(sa.or_(held.by("notice_id", notice.c.id), text))
    return conditions


def _any_of(queries: Sequence[Query], conditions: Callable[[Query], list[Condition]]) -> list[Condition]:
    """Say that one of several queries lets a row pass, if there are any."""
    return [sa.or_(*(sa.and_(sa.true(), *conditions(one)) for one in queries))] if queries else []


def notice_conditions(query: Query) -> list[Condition]:
    """Return what a query asks of a notice and its source."""
    return _publisher(query) + _window(notice.c.appeared_at, query)


def told_conditions(db: Connection, query: Query) -> list[Condition]:
    """Return what a query asks of a notice's incidents, changes and facts."""
    conditions: list[Condition] = []
    if query.incident is not None:
        conditions.append(notice.c.id.in_(_belonging(query.incident)))
    if query.bodies:
        conditions.append(notice.c.id.in_(_speaking_of(db, query.bodies)))
    if told := _change_conditions(db, query):
        conditions.append(sa.exists().where(change.c.notice_id == notice.c.id, *told))
    for asked in _facts_asked(db, query):  # what its page and its PDFs say now
        if asked.versions is None:
            own = sa.or_(page.c.id == notice.c.page_id, page.c.parent_id == notice.c.page_id)
            conditions.append(_any(notice, own, asked.by(page.c.version_id)))
        else:
            speaks_for = func.coalesce(page.c.parent_id, page.c.id)
            conditions.append(notice.c.page_id.in_(_said_now(db, select(speaks_for), asked.versions)))
    return conditions + _any_of(query.any_of, lambda one: _conditions_on_notices(db, one))


def changes(db: Connection, statement: Select[Any], query: Query) -> Select[Any]:
    """Restrict and order a selection of changes by ``query``: newest first by the time they were detected."""
    conditions = _conditions_on_changes(db, query)
    return ordered(statement.where(*conditions), change.c.detected_at, change.c.id, query)


def _conditions_on_changes(db: Connection, query: Query) -> list[Condition]:
    conditions = _publisher(query) + _window(change.c.detected_at, query)
    conditions += _change_conditions(db, query)
    if query.incident is not None:
        conditions.append(change.c.notice_id.in_(_belonging(query.incident)))
    if query.bodies:
        conditions.append(change.c.notice_id.in_(_speaking_of(db, query.bodies)))
    for asked in _facts_asked(db, query):
        # what the change led to or what went with it, and the notice's PDFs, which have versions of their own
        went = change.c.to_version.is_(None)
        if asked.versions is None:
            attached = _any(change, *_hangs_on(change.c.notice_id), asked.by(page.c.version_id))
            told = sa.or_(asked.by(change.c.to_version), went & asked.by(change.c.from_version))
            conditions.append(sa.or_(told, attached))
        else:
            led_to, went_with = (
                among(db, version_id, asked.versions)
                for version_id in (change.c.to_version, change.c.from_version)
            )
            own = select(change.c.id).where(sa.or_(led_to, went & went_with))
            with_files = select(change.c.id).join(notice, notice.c.id == change.c.notice_id)
            with_files = with_files.join(page, page.c.parent_id == notice.c.page_id)
            attached_too = _said_now(db, with_files, asked.versions)
            conditions.append(change.c.id.in_(sa.union(own, attached_too)))
    if query.text is not None:
        wanted = look_for(db, query.text, rows=True)
        held = _Held(wanted)
        ways = [
            held.by("version_id", change.c.to_version),
            held.by("version_id", change.c.from_version),
            held.by("notice_id", change.c.notice_id),
            held.by_files(change.c.notice_id),
        ]
        if wanted.frequent or wanted.sqlite:
            conditions.append(sa.or_(*ways))
        else:  # each by its index, which PostgreSQL does not see by itself
            conditions.append(change.c.id.in_(sa.union(*(select(change.c.id).where(way) for way in ways))))
    return conditions + _any_of(query.any_of, lambda one: _conditions_on_changes(db, one))


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


def _change_conditions(db: Connection, query: Query) -> list[Condition]:
    """List the conditions on the change itself."""
    conditions = _moved_conditions(db, query)
    if query.kinds:
        conditions.append(change.c.kind.in_(query.kinds))
    if query.material is not None:
        conditions.append(change.c.material.is_(query.material))
    if query.reasons:
        quoted = [change.c.reasons.contains(f'"{reason}"', autoescape=True) for reason in query.reasons]
        conditions.append(sa.or_(*quoted))
    return conditions


def _fact_conditions(query: Query, fact: FromClause) -> Iterator[list[Condition]]:
    """List the conditions on facts of the text: each list must hold of one of them."""
    if query.stated_over is not None:
        yield [fact.c.field == "count", fact.c.number >= query.stated_over]
    if query.provision is not None:
        yield [fact.c.field == "provision", fact.c.term == fold(query.provision)]
    if query.organisation is not None:
        name = fact.c.term.contains(fold(query.organisation), autoescape=True)
        yield [fact.c.field == "organisation", name]
    if query.action is not None:
        yield [fact.c.field == "action", fact.c.term == fold(query.action)]
    if query.outcome is not None:
        yield [fact.c.field == "outcome", *_outcome(query.outcome, fact)]
    if query.step is not None:
        yield [fact.c.field == "step", fact.c.term == fold(query.step)]


def _outcome(said: str, fact: FromClause) -> list[Condition]:
    """Ask for an outcome as it is worded: of misuse, where it is so called."""
    term = said.removeprefix("misuse ")
    of = fact.c.role == "misuse" if said.startswith("misuse") else fact.c.role != "misuse"
    return [fact.c.term == fold(term), of]


def _moved_conditions(db: Connection, query: Query) -> list[Condition]:
    """List the conditions on a count that a change moved; one count has to meet them all."""
    margin, conditions = query.changed_by, []
    if query.changed_over is not None:
        conditions.append(moved_count.c.largest >= query.changed_over)
    if margin is not None:
        step = func.abs(moved_count.c.new - moved_count.c.old)
        if margin.percent:
            # as fractions: products of what anybody may ask for leave the integers of a database
            conditions.append(step * 100.0 >= float(margin.amount) * sa.cast(moved_count.c.old, sa.Double))
        else:
            # it cannot have moved by more than it is: found by the index
            conditions += [step >= margin.amount, moved_count.c.largest >= margin.amount]
    if not conditions:
        return []
    found = select(moved_count.c.change_id).where(*conditions).limit(FEW_FACTS + 1)
    ids = frozenset(db.scalars(found))
    if len(ids) <= FEW_FACTS:
        return [among(db, change.c.id, ids)]
    return [_any(change, moved_count.c.change_id == change.c.id, *conditions)]


@dataclass(frozen=True, slots=True)
class _FactAsked:
    """A fact that is asked for.

    ``versions``: those that state it, if they are few; else enough rows are soon found by looking at one
    after the other.
    """

    conditions: list[Condition]
    versions: frozenset[int] | None

    def by(self, version_id: ColumnElement[Any]) -> Condition:
        return _any(version_id.table, version_fact.c.version_id == version_id, *self.conditions)


def _facts_asked(db: Connection, query: Query) -> Iterator[_FactAsked]:
    kinds = (_fact_conditions(query, one) for one in (fact_value, stated_fact, version_fact))
    for of_value, conditions, of_version in zip(*kinds, strict=True):
        # each is of one version at the least; to join those takes ten times as long
        many = select(fact_span.c.first).join(fact_value).where(*of_value).limit(FEW_FACTS + 1)
        if (db.scalar(select(func.count()).select_from(many.subquery())) or 0) > FEW_FACTS:
            yield _FactAsked(of_version, None)
            continue
        ids = db.scalars(select(stated_fact.c.version_id).where(*conditions).limit(FEW_FACTS + 1)).all()
        yield _FactAsked(of_version, frozenset(ids) if len(ids) <= FEW_FACTS else None)


def _hangs_on(notice_id: ColumnElement[Any]) -> list[Condition]:
    """Say that a page is a file of a notice's page."""
    return [notice.c.id == notice_id, page.c.parent_id == notice.c.page_id]


def _said_now(db: Connection, pages: Select[Any], versions: Iterable[int]) -> Select[Any]:
    """Restrict a selection of pages to those whose newest version is one of these."""
    newest = (version.c.page_id == page.c.id) & (version.c.id == page.c.version_id)
    return pages.join(version, newest).where(among(db, version.c.id, versions))


def _any(of: FromClause, *conditions: Condition) -> Condition:
    """Tell whether there is such a row, for each row of a table, by an index.

    For an EXISTS, PostgreSQL would gather all such rows first, and SQLite would begin with any of the tables.
    """
    found = select(sa.literal(1)).where(*conditions).limit(1)
    return found.correlate(of).scalar_subquery().is_not(None)


def _belonging(slug: str) -> Select[tuple[int]]:
    """Select the notices of an incident, or of the one it was merged into."""
    meant = incident.alias()
    answers = select(func.coalesce(func.nullif(meant.c.merged_into, ""), meant.c.slug)).where(
        meant.c.slug == slug
    )
    return (
        select(incident_link.c.notice_id)
        .join(incident)
        .where(
            incident.c.slug == answers.scalar_subquery(),
            incident.c.status != "removed",
            incident_link.c.status.in_(BELONGING),
        )
    )


def _speaking_of(db: Connection, bodies: Iterable[str]) -> Select[tuple[int]]:
    """Select the notices that speak of any of these bodies now."""
    of = notice_evidence.c
    return select(of.notice_id).where(of.kind.in_(BODY_KINDS), of.key.in_(spellings(db, bodies)))


class _Held:
    """Whether a document of a row holds the phrases.

    Of frequent ones it is asked row by row, since enough rows are soon found; of rare ones all documents are
    gathered first.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._documents = None if wanted.frequent else wanted.documents()

    def by(self, column: str, of: ColumnElement[Any], *, texts: bool = False) -> Condition:
        """Make the condition that a document with ``column`` ``of`` the row holds; ``texts``: no titles."""
        documents = search_doc if self._documents is None else self._documents
        conditions: list[Condition] = [documents.c.version_id.is_not(None)] if texts else []
        if self._documents is None:
            may = self._wanted.within()
            return _any(of.table, *conditions, documents.c[column] == of, may, self._wanted.holds())
        return of.in_(select(documents.c[column]).where(documents.c[column].is_not(None), *conditions))

    def by_files(self, notice_id: ColumnElement[Any]) -> Condition:
        """Return what the notice's PDFs say now."""
        if self._documents is None:
            said = search_doc.c.version_id == page.c.version_id
            may = self._wanted.within()
            return _any(notice_id.table, *_hangs_on(notice_id), said, may, self._wanted.holds())
        files = select(notice.c.id).join(page, page.c.parent_id == notice.c.page_id)
        return notice_id.in_(files.join(self._documents, self._documents.c.version_id == page.c.version_id))


_other = lru_cache(None)(FromClause.alias)
"""A table once more; to make it takes as long as all else of a statement."""


def ordered(
    statement: Select[Any], time: ColumnElement[Any], id: ColumnElement[int], query: Query
) -> Select[Any]:
    """Order a selection by time, going on behind the row that the query names."""
    key = sa.tuple_(time, id)
    if query.after is not None:
        table = _other(id.table)
        last = select(table.c[time.key], table.c.id).where(table.c.id == query.after).scalar_subquery()
        statement = statement.where(key < last if query.newest_first else key > last)
    order = (time.desc(), id.desc()) if query.newest_first else (time.asc(), id.asc())
    statement = statement.order_by(*order)
    return statement if query.limit is None else statement.limit(query.limit)
