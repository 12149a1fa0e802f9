"""Brings an archive's schema to the state this kohyo works with.

Every command opens an archive, so the usual case is one SELECT; alembic is imported only when there
is something to do.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from storage.db.engine import shown
from storage.db.views import drop_views, make_views
from storage.errors import BadUrl, Corrupt, NewerSchema
from storage.migrations import HEAD

_LOCK_KEY = 0x6B6F6879  # of PostgreSQL, any number that is ours: "kohy"


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
        _migrate(connection, url, revision)


def lock(connection: Connection) -> None:
    """Let one process at a time upgrade, to the end of its transaction; on SQLite every writer is alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK_KEY})


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def _migrate(connection: Connection, url: URL, revision: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if revision is not None:
        try:
            ScriptDirectory.from_config(config).get_revision(revision)
        except CommandError:
            raise NewerSchema(
                f"{shown(url)} was written by a newer kohyo (schema {revision}, this one knows {HEAD}); "
                "upgrade kohyo"
            ) from None
    drop_views(connection)
    command.upgrade(config, "head")
    make_views(connection)
