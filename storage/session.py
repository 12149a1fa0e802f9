"""What reading and writing of every topic stand on: one connection within one transaction."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Executable, Insert, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

Values = dict[str, Any]


class Session:
    """A transaction on an archive. Its methods are spread over the topics: see archive.py."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    @property
    def _is_sqlite(self) -> bool:
        return self._db.dialect.name == "sqlite"

    def _one(self, statement: Executable, values: Values | None = None) -> Row[Any] | None:
        return self._db.execute(statement, values).first()

    def _all(self, statement: Executable, values: Values | None = None) -> list[Row[Any]]:
        return list(self._db.execute(statement, values))

    def _insert(self, table: Table, values: Values) -> int:
        """Adds a row and gives its id."""
        return cast(int, self._db.execute(table.insert().returning(table.c.id), values).scalar_one())

    def _upsert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT; both engines spell it the same."""
        return sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)


__all__ = ["Insert", "Session", "Values"]
