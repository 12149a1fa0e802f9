"""Connections: one engine for SQLite and PostgreSQL, and database errors in words of our own."""

from __future__ import annotations

import functools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import URL, Connection, Dialect, Engine

from storage.db.kept import packing
from storage.errors import BadUrl, Busy, Corrupt, StorageError, Unreachable, say_installation

_PRAGMAS = (
    "journal_mode=WAL",  # readers and the writer do not wait for each other
    "synchronous=NORMAL",  # safe with WAL: a power cut may lose the last commits, never the file
    "busy_timeout=10000",
    "foreign_keys=ON",
    "trusted_schema=OFF",  # a file from elsewhere cannot call functions by its views and triggers
)

RESTART_SECONDS = 20.0
"""For how long a server is waited for that was there before."""

_PRAGMAS_OF_READING = ("busy_timeout=10000", "trusted_schema=OFF")


def parse_url(text: str) -> URL:
    """Parse a database URL; ``postgresql://`` and ``postgres://`` mean psycopg 3. Raises BadUrl."""
    try:
        url = sa.make_url(text)
    except (exc.ArgumentError, ValueError):
        raise BadUrl(f"no database URL: {text!r}; write sqlite:///FILE or postgresql://HOST/NAME") from None
    backend = url.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise BadUrl(f"{shown(url)}: kohyo works with sqlite and postgresql, not with {backend}")
    if url.database in (None, "", ":memory:"):
        raise BadUrl(f"{shown(url)}: an archive is kept in a file; write sqlite:///FILE")
    return url


def shown(url: URL) -> str:
    """Write the URL as it may stand in a message: without password."""
    return url.render_as_string(hide_password=True).replace("postgresql+psycopg:", "postgresql:")


def connect(url: URL) -> Engine:
    """Make the engine for a URL, set as kohyo needs either database. Raises BadUrl and Unreachable."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    try:
        # No plan is kept from one question to the next: one that suits any filter suits none, and takes
        # a second where the right one takes milliseconds.
        # Keepalives tell a connection cut on its way from one at rest.
        alive = {"keepalives_idle": 60, "keepalives_interval": 10, "keepalives_count": 3}
        given = {"connect_timeout": 10, "prepare_threshold": None, **alive}
        # A server that was restarted, or another that took over, is asked by new connections.
        engine = sa.create_engine(url, pool_pre_ping=True, connect_args=given)
    except ModuleNotFoundError:
        raise BadUrl(
            f"{shown(url)}: the PostgreSQL driver is missing; `{say_installation('postgres')}`"
        ) from None
    _wait_for_restarts(engine)
    return engine


_MET: set[str] = set()  # servers that this process was connected to


def _wait_for_restarts(engine: Engine) -> None:
    """Let a process that was connected once wait for a server that is being restarted, or replaced."""
    address = engine.url.render_as_string()

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Dialect, _record: Any, args: Any, given: Any) -> Any:
        until = monotonic() + (RESTART_SECONDS if address in _MET else 0.0)
        while True:
            try:
                connection = dialect.connect(*args, **given)
            except dialect.loaded_dbapi.OperationalError:
                if monotonic() > until:
                    raise
                sleep(0.25)
            else:
                _MET.add(address)
                return connection


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unreachable(
            f"{path}: cannot create its folder: {error.strerror}; choose another place"
        ) from None
    frozen = _is_read_only(path)
    pragmas = _PRAGMAS_OF_READING if frozen else _PRAGMAS
    engine = _frozen(path) if frozen else sa.create_engine(url)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        packing.teach(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer that reads first must hold the lock from the start, or it fails when it begins to write.
        connection.exec_driver_sql(
            "BEGIN" if "reading" in connection.get_execution_options() else "BEGIN IMMEDIATE"
        )

    return engine


def _is_read_only(path: Path) -> bool:
    """Tell whether a file lies on media that cannot be written, such as a snapshot of a disk."""
    if not hasattr(os, "statvfs") or not path.is_file():
        return False
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _frozen(path: Path) -> Engine:
    """Make an engine for a file that nobody can write: SQLite needs neither locks nor files beside it."""
    wal = Path(f"{path}-wal")
    if wal.is_file() and wal.stat().st_size:
        raise Unreachable(
            f"{path} lies on read-only media and a part of it is still in {wal.name}; copy both to a place "
            "that can be written, and give that"
        )
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    creator = functools.partial(sqlite3.connect, uri, uri=True, check_same_thread=False)
    return sa.create_engine("sqlite://", creator=creator, poolclass=sa.QueuePool)


def reading(engine: Engine) -> Engine:
    """Return the same engine for transactions that only read: all their reads see one state."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Raise what a person can do something about as one line. Other errors are mistakes of ours."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.DatabaseError) as error:
        reason = " ".join(str(error.orig).split())
        if isinstance(error.orig, sqlite3.Error):
            path = Path(url.database or "").absolute()
            for said, (kind, message) in _OF_SQLITE.items():
                if said in reason:
                    raise kind(message.format(path=path, reason=reason)) from error
        elif getattr(error.orig, "sqlstate", None) in _ONLY_READS:
            message = (
                f"{shown(url)} is read-only ({reason}); give the address of the server that takes writes"
            )
            raise Unreachable(message) from error
        elif isinstance(error, exc.OperationalError):
            message = f"{shown(url)}: {reason}; check that the server is there and takes connections"
            raise Unreachable(message) from error
        raise


_ONLY_READS = ("25006", "55000", "0A000")
"""What PostgreSQL says on a replica of a write, of a lock and of a transaction that may write: SQLSTATE
read_only_sql_transaction, object_not_in_prerequisite_state and feature_not_supported."""

_OF_SQLITE: dict[str, tuple[type[StorageError], str]] = {
    "not a database": (BadUrl, "{path} is no SQLite database; give another file, or move this one away"),
    "malformed": (Corrupt, "{path} is damaged ({reason}); restore it from a backup"),
    "locked": (Busy, "{path} is locked by another writer; try again when it is done"),
    "readonly": (
        Unreachable,
        "{path} cannot be written ({reason}); check the permissions of file and folder",
    ),
    "unable to open": (
        Unreachable,
        "{path} cannot be opened ({reason}); check the permissions of its folder",
    ),
    "disk": (Unreachable, "{path} cannot be written ({reason}); check for free space on its disk"),
}
"""What SQLite says, and what that means."""
