"""Opening an archive: made, upgraded or refused in one line that says what, where and what to do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from storage.archive import Archive, open_archive
from storage.db.engine import parse_url
from storage.errors import BadUrl, Busy, Corrupt, NewerSchema, StorageError, Unreachable
from storage.holding import ARCHIVE
from storage.migrations import HEAD
from tests.storage.builders import publish, watch


def refusal(url: str, kind: type[StorageError]) -> str:
    with pytest.raises(kind) as caught:
        open_archive(url)
    message = str(caught.value)
    assert "\n" not in message
    assert "Traceback" not in message
    return message


def test_folders_are_made(tmp_path: Path) -> None:
    with open_archive(f"sqlite:///{tmp_path}/new/folder/a.db") as archive, archive.read() as reader:
        assert reader.notices() == []


def test_an_archive_is_made_and_opened_again(blank_url: str) -> None:
    with open_archive(blank_url) as archive, archive.write() as writer:
        publish(writer, "本文")
    with open_archive(blank_url) as archive, archive.read() as reader:
        assert len(reader.notices()) == 1


def test_the_newest_migration_is_the_one_worked_with() -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.set_main_option("recursive_version_locations", "true")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_alembic_is_left_alone_when_there_is_nothing_to_migrate(tmp_path: Path) -> None:
    sqlite_url = f"sqlite:///{tmp_path}/new.db"
    program = f"import sys; from storage.archive import open_archive; open_archive({sqlite_url!r}).close(); sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    "url", ["", "nonsense", "archive.db", "mysql://host/db", "sqlite://", "sqlite:///:memory:", "://"]
)
def test_a_url_that_names_no_archive(url: str) -> None:
    assert "sqlite:///FILE" in (message := refusal(url, BadUrl)) or "mysql" in message


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_postgresql_means_psycopg_3(scheme: str) -> None:
    assert parse_url(f"{scheme}://u@h/d").drivername == "postgresql+psycopg"


def test_a_server_that_does_not_answer() -> None:
    pytest.importorskip("psycopg")
    message = refusal("postgresql://someone:secret@127.0.0.1:9/kohyo", Unreachable)
    assert "127.0.0.1:9/kohyo" in message
    assert "secret" not in message


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes, and I want to keep them " * 50)
    message = refusal(f"sqlite:///{path}", BadUrl)
    assert str(path) in message
    assert path.read_text().startswith("these")


def test_a_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmark (url)")
    connection.close()
    assert "bookmark" in refusal(f"sqlite:///{path}", BadUrl)


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    assert str(tmp_path) in refusal(f"sqlite:///{tmp_path}", Unreachable)


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "file" in refusal(f"sqlite:///{tmp_path}/file/a.db", Unreachable)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert str(tmp_path) in refusal(f"sqlite:///{tmp_path}/a.db", Unreachable)


def test_an_archive_of_a_newer_kohyo(archive: Archive, database_url: str) -> None:
    with archive.write() as writer:
        writer._db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    message = refusal(database_url, NewerSchema)
    assert "9999" in message
    assert HEAD in message


def test_a_damaged_file_is_named(file_url: str, tmp_path: Path) -> None:
    with open_archive(file_url) as archive, archive.write() as writer:
        for number in range(200):
            watch(writer, f"https://www.example.jp/{number}")
    path = tmp_path / "archive.db"
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = bytes(len(data) - 4096 * 2)
    path.write_bytes(data)
    with (
        pytest.raises(Corrupt, match="backup"),
        open_archive(file_url) as archive,
        archive.read() as reader,
    ):
        reader.pages()


def test_one_run_at_a_time(archive: Archive, database_url: str) -> None:
    with open_archive(database_url) as other:
        with archive.hold("one", ARCHIVE):
            with pytest.raises(Busy, match="another run"), other.hold("other", ARCHIVE):
                pass
            with other.write() as writer:
                publish(writer, "reading and writing go on")
        with other.hold("other", ARCHIVE), pytest.raises(Busy), archive.hold("one", ARCHIVE):
            pass


def test_the_lease_is_free_after_an_error(archive: Archive) -> None:
    with pytest.raises(KeyError), archive.hold("one", ARCHIVE):
        raise KeyError
    with archive.hold("one", ARCHIVE):
        pass


def test_a_full_disk_is_named(file_url: str) -> None:
    with open_archive(file_url) as archive:
        with pytest.raises(Unreachable, match="free space"):
            fill(archive)
        with archive.read() as reader:
            assert reader.sources() == []


def fill(archive: Archive) -> None:
    with archive.write() as writer:
        writer._db.exec_driver_sql("PRAGMA max_page_count = 1")
        for number in range(1000):
            watch(writer, f"https://www.example.jp/{number}")


def test_a_mistake_of_ours_is_not_blamed_on_the_database(archive: Archive) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="nothing"), archive.read() as reader:
        reader._fetch_all(sa.text("SELECT nothing FROM page"))


def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every file look as on media that cannot be written: to mount some takes rights tests do not have."""
    monkeypatch.setattr("storage.db.engine._is_read_only", lambda path: path.is_file())


def test_an_archive_on_read_only_media_is_read_and_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a b?.db"
    with open_archive(f"sqlite:///{path}") as archive, archive.write() as writer:
        publish(writer, "本文")
    read_only(monkeypatch)
    before = sorted(tmp_path.iterdir())
    with open_archive(f"sqlite:///{path}") as archive:
        with archive.read() as reader:
            assert len(reader.search("本文")) == 1
        assert list(archive.verify()) == []
        with pytest.raises(Unreachable, match="cannot be written"), archive.write() as writer:
            publish(writer, "本文", number=2)
    assert sorted(tmp_path.iterdir()) == before


def test_read_only_media_with_half_of_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    open_archive(url).close()
    (tmp_path / "a.db-wal").write_bytes(b"not yet in the file")
    read_only(monkeypatch)
    assert "a.db-wal" in refusal(url, Unreachable)


def test_an_archive_that_lost_its_revision_is_not_called_anothers(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    open_archive(url).close()
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("DELETE FROM alembic_version")
    connection.close()
    assert "schema" in refusal(url, Corrupt)
