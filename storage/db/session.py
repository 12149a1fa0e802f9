"""What reading and writing of every topic stand on: one connection within one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Executable, Select, Table, bindparam, func, select
from sqlalchemy.engine import Connection, Dialect

from storage.db.prepared import Prepared, Values, insertion
from storage.db.tables import source
from storage.errors import NotFound
from storage.records import Fact, Version

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

_insertion = lru_cache(None)(insertion)
_SOURCE_ID = Prepared(select(source.c.id).where(source.c.slug == bindparam("slug")))


def among(db: Connection, column: ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
    """Make the condition ``column IN ids``, with one parameter however many they are."""
    listed = ",".join(map(str, ids))
    if db.dialect.name == "sqlite":
        return column.in_(select(func.json_each(f"[{listed}]").table_valued("value").c.value))
    # as text: the driver takes longer over a list than the server over its search
    return column == sa.any_(sa.cast(sa.literal(f"{{{listed}}}", sa.Text), sa.ARRAY(sa.BigInteger)))


def among_given(dialect: Dialect, column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Make the same condition for ids that are given as a parameter, as ``written`` writes them."""
    given = bindparam(name, type_=sa.Text)
    if dialect.name == "sqlite":
        return column.in_(select(func.json_each(given).table_valued("value").c.value))
    return column == sa.any_(sa.cast(given, sa.ARRAY(sa.BigInteger)))


def written(db: Connection, ids: Iterable[int]) -> str:
    """Write ids as one parameter."""
    listed = ",".join(map(str, ids))
    return f"[{listed}]" if db.dialect.name == "sqlite" else f"{{{listed}}}"


class PreparedAmong(Prepared):
    """A question for the rows whose ``column`` is one of some ids, given as ``ids``, see ``written``."""

    def __init__(self, statement: Select[Any], column: ColumnElement[int]) -> None:
        super().__init__(statement)
        self._question, self._column = statement, column

    def _composed(self, dialect: Dialect) -> Select[Any]:
        return self._question.where(among_given(dialect, self._column, "ids"))


def upsert(db: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Make an INSERT that knows ON CONFLICT. The other engine's takes a tenth of a start to load."""
    if db.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


class Session:
    """A transaction on an archive. Its methods are spread over the topics: see archive.py."""

    told = False
    """Whether it wrote what pages and feeds are made of: see mark.py."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._source_ids: dict[str, int] = {}
        self._added: tuple[Version, list[Fact] | None] | None = (
            None  # the last version: see topics/versions.py
        )

    @property
    def _is_sqlite(self) -> bool:
        return self._db.dialect.name == "sqlite"

    def _fetch_all(self, statement: Executable | Prepared, values: Values | None = None) -> Sequence[Any]:
        """Return rows with columns as attributes."""
        if isinstance(statement, Prepared):
            return statement.all(self._db, values or {})
        return self._db.execute(statement, values).all()

    def _fetch_one(self, statement: Executable | Prepared, values: Values | None = None) -> Any:
        """Return the first row, or None."""
        if isinstance(statement, Prepared):
            return statement.one(self._db, values or {})
        return self._db.execute(statement, values).first()

    def _insert(self, table: Table, values: Values) -> int:
        """Add a row and return its id."""
        id: int = _insertion(table).scalar(self._db, values)
        return id

    def _upsert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Make an INSERT that knows ON CONFLICT; both engines spell it the same."""
        return upsert(self._db, table)

    def _source_id(self, id: str) -> int | None:
        if id not in self._source_ids:
            row = self._fetch_one(_SOURCE_ID, {"slug": id})
            if row is None:
                return None
            self._source_ids[id] = row.id  # which it keeps for good
        return self._source_ids[id]

    def _known_source(self, id: str) -> int:
        found = self._source_id(id)
        if found is None:
            raise NotFound(f"no source {id!r} in the archive; put_source comes first")
        return found
