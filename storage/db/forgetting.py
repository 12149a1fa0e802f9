"""Takes out of a database's files what a transaction has overwritten.

A row that is gone is still legible in free space, in old pages of the write-ahead log and in what the
server has sampled for its plans. The database is therefore written anew, which takes as long as copying it.
"""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Connection, Engine

from storage.db.tables import metadata

_PATIENCE_SECONDS = 5
"""Seconds that readers have to come to their end. A page of the web application takes far less."""

OUT_OF_REACH = {
    "sqlite": "",
    "postgresql": "the server's write-ahead log (pg_wal), its archives and replicas hold copies until they "
    "are recycled",
}
"""What no statement of ours can reach, by dialect."""


def forget(engine: Engine) -> str:
    """Write the database anew without what was overwritten; why that is not done, or nothing if it is."""
    try:
        return _sqlite(engine) if engine.dialect.name == "sqlite" else _postgresql(engine)
    except exc.DBAPIError as error:
        return " ".join(str(error.orig).split())


def _sqlite(engine: Engine) -> str:
    connection = engine.raw_connection()  # neither of these can be part of a transaction
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {round(_PATIENCE_SECONDS * 1_000)}")
        cursor.execute("PRAGMA secure_delete = ON")  # the buffers that pages are made in are emptied
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, *_) = cursor.fetchone() or (1,)
        cursor.close()
    except engine.dialect.loaded_dbapi.Error as error:
        return str(error)
    finally:
        connection.invalidate()  # its settings are not those of the others
        connection.close()
    return "a reader is at work and keeps the former state of the file" if busy else ""


def _postgresql(engine: Engine) -> str:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"SET lock_timeout = {1 + round(_PATIENCE_SECONDS * 1_000)}")
        try:
            if not _all_see_today(connection):
                return "a reader is at work and keeps the former state of the tables"
            names = ", ".join(f'"{name}"' for name in metadata.tables)
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {names}")
            connection.exec_driver_sql("VACUUM (FULL) pg_statistic")  # samples of columns, as they were
        finally:
            connection.invalidate()
    return ""


def _all_see_today(connection: Connection) -> bool:
    """Tell whether every older transaction ends soon: rows that one may still see would be copied along."""
    older = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_xmin IS NOT NULL AND age(backend_xmin) > age(CAST(:now AS xid))"
    )
    now = connection.scalar(sa.text("SELECT CAST(CAST(pg_current_xact_id() AS xid) AS text)"))
    for _ in range(1 + round(_PATIENCE_SECONDS * 10)):
        if not connection.scalar(older, {"now": now}):
            return True
        time.sleep(0.1)
    return False
