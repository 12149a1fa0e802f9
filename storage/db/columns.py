"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

# PostgreSQL takes no NUL in a text, and half a surrogate pair cannot be written as UTF-8 anywhere.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Utc(TypeDecorator[datetime]):
    """An instant. A naive datetime is a mistake and refused.

    SQLite, which has no type for it, gets microseconds since 1970: a third of the bytes of a date in letters,
    in the row and in each of its indexes.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert a moment to UTC. Raises ValueError where it has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value}: say which zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return a stored moment in UTC."""
        return None if value is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Return what SQLAlchemy calls for each value."""
        return _microseconds if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what SQLAlchemy calls for each value that is read."""
        return _moment if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(value: datetime | None) -> int | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"naive datetime {value}: say which zone")
    since = value - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else _EPOCH + timedelta(0, 0, stored)


class seconds_between(FunctionElement[int]):
    """The seconds from one moment to another."""

    type = sa.Integer()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _of_microseconds(element: seconds_between, compiler: Any, **kw: Any) -> str:
    begin, end = (compiler.process(one, **kw) for one in element.clauses)
    return f"({end} / 1000000 - {begin} / 1000000)"


@compiles(seconds_between, "postgresql")
def _of_moments(element: seconds_between, compiler: Any, **kw: Any) -> str:
    begin, end = (compiler.process(one, **kw) for one in element.clauses)
    return f"(EXTRACT(epoch FROM {end}) - EXTRACT(epoch FROM {begin}))"


class Prose(TypeDecorator[str]):
    """Text from outside, which may hold anything: what no database can hold becomes U+FFFD."""

    impl = sa.Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """Return what SQLAlchemy calls for each value: it replaces characters that no database can store."""
        return _storable


def storable(text: str) -> str:
    """Replace what a database cannot store of a text: NUL and lone surrogates."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)
