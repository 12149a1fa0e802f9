"""Brings an archive's schema to the state this kohyo works with, and back to an older one where asked.

Every command opens an archive, so the usual case is one SELECT; alembic is imported only when there
is something to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from storage.db.engine import shown
from storage.db.index import search_index
from storage.db.mark import raise_mark
from storage.db.tables import metadata
from storage.db.views import drop_views, make_views
from storage.errors import BadUrl, Corrupt, NewerSchema, NotFound
from storage.migrations import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK_KEY = 0x6B6F6879  # of PostgreSQL, any number that is ours: "kohy"
_WRITING_KEY = 0x6B6F6880  # likewise


def ensure(engine: Engine, url: URL) -> None:
    """Make the tables, or bring them up to date, under the database's lock; nothing to do in the usual case.

    Raises Corrupt for an archive that does not say which schema it has, BadUrl for another program's
    database.
    """
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    with engine.begin() as connection:  # on SQLite this waits for whoever is migrating already
        lock(connection)
        revision = _revision(connection)
        if revision == HEAD:
            return
        if revision is None and (names := sa.inspect(connection).get_table_names()):
            if "alembic_version" in names:
                raise Corrupt(f"{shown(url)} does not say which schema it has; restore it from a backup")
            raise BadUrl(
                f"{shown(url)} holds another program's tables ({names[0]}, …); give an empty database"
            )
        if revision is None:
            _make(connection)
        else:
            _migrate(connection, url, revision)


def lock(connection: Connection) -> None:
    """Let one process at a time upgrade, to the end of its transaction; on SQLite every writer is alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK_KEY})


def lock_writing(connection: Connection) -> None:
    """Let one writer at a time write on PostgreSQL too, to the end of its transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITING_KEY})


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def take_back(connection: Connection, revision: str) -> None:
    """Take the schema back to an older one, within the transaction; what only newer ones hold is lost.

    The views go, as those of today ask for columns of today: the next upgrade makes them again. Raises
    NotFound for a schema that never was.
    """
    from alembic import command

    if revision not in list_revisions():
        known = list_revisions()
        raise NotFound(f"no schema {revision!r}; there are {known[0]} to {known[-1]}")
    lock(connection)
    drop_views(connection)
    command.downgrade(_config(connection), revision)


def list_revisions() -> list[str]:
    """List the schemas this kohyo knows, oldest first."""
    from alembic.script import ScriptDirectory

    return [one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


def _make(connection: Connection) -> None:
    """Make the tables of today in an empty database: all steps one after the other would end in the same.

    The tests hold both against each other.
    """
    if connection.dialect.name == "postgresql":
        for table in metadata.tables.values():
            for index in table.indexes:
                index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
    metadata.create_all(connection, checkfirst=False)
    search_index.make(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL"
        " CONSTRAINT alembic_version_pkc PRIMARY KEY)"
    )
    connection.execute(sa.text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
    make_views(connection)
    raise_mark(connection, told=True)


def _migrate(connection: Connection, url: URL, revision: str) -> None:
    from alembic import command

    if revision not in list_revisions():
        raise NewerSchema(
            f"{shown(url)} was written by a newer kohyo (schema {revision}, this one knows {HEAD}); "
            "upgrade kohyo"
        )
    drop_views(connection)
    command.upgrade(_config(connection), "head")
    make_views(connection)
    raise_mark(connection, told=True)  # what is served by another process may be shaped otherwise now


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.set_main_option("recursive_version_locations", "true")
    config.attributes["connection"] = connection
    return config
