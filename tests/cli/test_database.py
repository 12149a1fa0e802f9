"""Commands on the database as a whole."""

from __future__ import annotations

from storage.archive import open_archive
from tests.commands import kohyo
from tests.databases import *  # noqa: F403
from tests.storage.builders import publish
from tests.storage.test_schemas import connected


def test_a_database_goes_back_and_comes_up_again(database_url: str) -> None:
    with open_archive(database_url) as archive, archive.write() as writer:
        publish(writer, "本文")
    done = kohyo("db", "downgrade", "0005", "--yes", "--db", database_url)
    assert done.returncode == 0, done.stderr
    assert "schema 0005" in done.stdout
    with connected(database_url) as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0005"
    with open_archive(database_url) as archive, archive.read() as reader:
        assert len(reader.notices()) == 1


def test_nothing_is_done_unasked_or_to_a_schema_that_never_was(sqlite_url: str) -> None:
    assert kohyo("db", "downgrade", "0005", "--db", sqlite_url).returncode == 1
    done = kohyo("db", "downgrade", "9", "--yes", "--db", sqlite_url)
    assert done.returncode == 2
    assert "no schema '9'" in done.stderr
    with connected(sqlite_url) as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() != "0005"
