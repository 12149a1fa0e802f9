"""Statements of the crawl's path: composed by SQLAlchemy once, then handed to the driver as they are.

What SQLAlchemy does around each execution takes ten times as long as SQLite takes for the statement,
and a visit to a page is a dozen statements. Types are converted by the same columns either way.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Delete, Float, Insert, Select, Table, Update
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Statement = Select[Any] | Insert | Update | Delete
Values = dict[str, Any]
Convert = Callable[[Any], Any] | None


class Prepared:
    """A statement with named parameters; ``keys`` are the columns that an INSERT or UPDATE sets."""

    def __init__(self, statement: Statement, keys: Iterable[str] | None = None) -> None:
        self._statement = statement
        self._keys = None if keys is None else list(keys)
        self._plans: dict[str, _Plan] = {}

    def rows(self, db: Connection, values: Mapping[str, Any]) -> Iterator[Any]:
        """Execute, and give the rows of the answer one by one, with columns as attributes, for many."""
        plan = self._plan(db.dialect)
        try:
            cursor: Any = db.connection.cursor()
            cursor.execute(plan.sql, plan.parameters(values))
            if plan.columns:
                yield from map(plan.row, cursor)
            cursor.close()
        except db.dialect.loaded_dbapi.Error as error:
            raise plan.wrapped(error) from error

    def all(self, db: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Return the rows of the answer."""
        plan = self._plan(db.dialect)
        try:
            cursor: Any = db.connection.cursor()
            cursor.execute(plan.sql, plan.parameters(values))
            found = list(map(plan.row, cursor)) if plan.columns else []
            cursor.close()
        except db.dialect.loaded_dbapi.Error as error:
            raise plan.wrapped(error) from error
        return found

    def one(self, db: Connection, values: Mapping[str, Any]) -> Any:
        """Return the first row of the answer, or None."""
        return next(iter(self.all(db, values)), None)

    def scalar(self, db: Connection, values: Mapping[str, Any]) -> Any:
        """Return the first column of the first row, or None."""
        row = self.one(db, values)
        return None if row is None else row[0]

    def many(self, db: Connection, values: Iterable[Mapping[str, Any]]) -> None:
        """Execute once for each set of values; each is made when its turn has come, and then let go."""
        plan = self._plan(db.dialect)
        try:
            cursor = db.connection.cursor()
            given: Any = (plan.parameters(each) for each in values)
            cursor.executemany(plan.sql, given)
            cursor.close()
        except db.dialect.loaded_dbapi.Error as error:
            raise plan.wrapped(error) from error

    def _plan(self, dialect: Dialect) -> _Plan:
        plan = self._plans.get(dialect.name)
        if plan is None:
            compiled = self._composed(dialect).compile(dialect=dialect, column_keys=self._keys)
            assert isinstance(compiled, SQLCompiler)
            plan = self._plans[dialect.name] = _Plan(compiled, dialect)
        return plan

    def _composed(self, dialect: Dialect) -> Statement:
        return self._statement


def insertion(table: Table, *, returning: bool = True) -> Prepared:
    """Prepare to add a row with all columns but the id, and to return the id unless told otherwise."""
    keys = [column.key for column in table.c if column.key != "id"]
    return Prepared(table.insert().returning(table.c.id) if returning else table.insert(), keys)


@dataclass
class _Plan:
    compiled: SQLCompiler
    dialect: Dialect

    @cached_property
    def sql(self) -> str:
        return str(self.compiled)

    @cached_property
    def columns(self) -> list[tuple[str, TypeEngine[Any]]]:
        statement: Any = self.compiled.statement
        columns = getattr(statement, "selected_columns", None) or statement.exported_columns
        return [(column.key, column.type) for column in columns]

    def parameters(self, values: Mapping[str, Any]) -> Sequence[Any] | Values:
        get = values.get
        given = [
            convert(get(name, default)) if convert else get(name, default)
            for name, default, convert in self._binds
        ]
        return given if self._names is None else dict(zip(self._names, given, strict=True))

    @cached_property
    def row(self) -> Callable[[Sequence[Any]], Any]:
        """Make a row with columns as attributes of what the driver gives."""
        converts = self._converts
        make: Callable[[Sequence[Any]], Any] = self._row._make
        if not converts:
            return make

        def converted(raw: Sequence[Any]) -> Any:
            values = list(raw)
            for index, convert in converts:
                values[index] = convert(values[index])
            return make(values)

        return converted

    def wrapped(self, error: Exception) -> BaseException:
        """Wrap the driver's error in SQLAlchemy's classes, as from any other statement."""
        return DBAPIError.instance(
            self.sql, None, error, self.dialect.loaded_dbapi.Error, dialect=self.dialect
        )

    @cached_property
    def _binds(self) -> list[tuple[str, Any, Convert]]:
        """Name, value where none is given, and conversion of every parameter, in the driver's order."""
        names = self.compiled.positiontup if self.compiled.positional else list(self.compiled.binds)
        found = [(name, self.compiled.binds[name]) for name in names or ()]
        return [
            (name, None if bind.required else bind.value, self._to_driver(bind.type)) for name, bind in found
        ]

    @cached_property
    def _names(self) -> list[str] | None:
        """What the driver calls the parameters, unless it tells them by their order."""
        return None if self.compiled.positional else [name for name, _, _ in self._binds]

    @cached_property
    def _converts(self) -> list[tuple[int, Callable[[Any], Any]]]:
        found = [(i, self._from_driver(type_)) for i, (_, type_) in enumerate(self.columns)]
        return [(i, convert) for i, convert in found if convert]

    @cached_property
    def _row(self) -> Any:
        return namedtuple("Row", [name for name, _ in self.columns])

    def _to_driver(self, type_: TypeEngine[Any]) -> Convert:
        return type_.dialect_impl(self.dialect).bind_processor(self.dialect)

    def _from_driver(self, type_: TypeEngine[Any]) -> Convert:
        if isinstance(type_, Float):  # SQLAlchemy asks which numeric type came; of these it is always one
            return None
        return type_.dialect_impl(self.dialect).result_processor(self.dialect, None)
