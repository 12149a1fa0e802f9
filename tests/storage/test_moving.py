"""An archive that moves from one database to another: nothing is lost, nothing is altered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.archive import Archive, Writer, open_archive
from storage.db.tables import blob, metadata, page
from storage.errors import BadUrl, Corrupt
from storage.migrations.moving import take_over
from storage.query import Query
from tests.commands import kohyo
from tests.databases import new_database
from tests.feeds.browser.story import find_lived
from tests.storage.builders import publish, watch


def move(old: Archive, new: Archive) -> int:
    with old.read() as reader, new.write() as writer:
        return take_over(writer, reader, lambda done, total: None)


def held(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of an archive on SQLite, as SQLite itself has it."""
    db = sqlite3.connect(path)
    found = {name: sorted(db.execute(f'SELECT * FROM "{name}"'), key=repr) for name in metadata.tables}
    # texts to be searched are told by the searches: upon which others they are built is of no account
    found["search_doc"] = [row[:4] for row in found["search_doc"]]
    db.close()
    found["setting"] = [row for row in found["setting"] if not str(row[0]).startswith("mark ")]  # of writes
    return found


def found(archive: Archive, words: str) -> list[int]:
    with archive.read() as reader:
        return [one.notice.id for one in reader.search(words, Query())]


@pytest.fixture
def server(postgres_server: str) -> Iterator[Archive]:
    with new_database(postgres_server) as url, open_archive(url) as archive:
        yield archive


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Archive]:
    with open_archive(sqlite_url) as archive:
        yield archive


def test_there_and_back_is_the_same_to_the_last_byte(
    server: Archive, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lived = find_lived(tmp_path_factory)
    with (
        open_archive(f"sqlite:///{lived}") as old,
        open_archive(f"sqlite:///{tmp_path / 'back.db'}") as back,
    ):
        assert move(old, server) == move(server, back) > 1000
        assert list(server.verify()) == list(back.verify()) == []
        for words in ("928万", "漏えい", "市"):
            assert found(old, words) == found(server, words) == found(back, words) != []
    assert held(tmp_path / "back.db") == held(lived)


def test_an_archive_goes_on_where_it_was_moved_to(here: Archive, server: Archive) -> None:
    with here.write() as writer:
        first = publish(writer, "三十人です。")
    move(here, server)
    with server.write() as writer:
        second = publish(writer, "三十一人です。", number=2)
    assert second.id == first.id + 1
    assert found(server, "三十") == [second.id, first.id]


def point_ahead(writer: Writer) -> None:
    """Pages and bytes that stand upon some with a greater id, as deltas do whose first base was removed."""
    pages = [watch(writer, f"https://www.example.jp/{number}") for number in range(3)]
    writer._db.execute(page.update().where(page.c.id == pages[0].id).values(parent_id=pages[2].id))
    for number in (1, 2, 3):
        values = {"sha256": bytes([number]), "size": 1, "depth": 0, "data": b"-"}
        writer._db.execute(blob.insert().values(id=number, **values))
    writer._db.execute(blob.update().where(blob.c.id == 1).values(base_id=3))


def test_what_stands_upon_a_later_row_does_so_there(here: Archive, server: Archive, tmp_path: Path) -> None:
    with here.write() as writer:
        point_ahead(writer)
    move(here, server)
    with server.read() as reader:
        assert reader._db.scalar(sa.select(blob.c.base_id).where(blob.c.id == 1)) == 3
        assert [one.parent for one in reader.pages()] == [3, None, None]


def test_nothing_is_moved_onto_something(here: Archive, server: Archive) -> None:
    for archive in (here, server):
        with archive.write() as writer:
            publish(writer, "本文")
    with pytest.raises(BadUrl, match="give an empty database"):
        move(here, server)


def test_a_row_that_comes_back_as_another_undoes_the_whole_move(here: Archive, server: Archive) -> None:
    with here.write() as writer:
        publish(writer, "本文")
    with server.write() as writer:
        writer._db.exec_driver_sql(
            "CREATE FUNCTION alter() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN NEW.title := 'another'; RETURN NEW; END$$"
        )
        writer._db.exec_driver_sql(
            "CREATE TRIGGER alter BEFORE INSERT ON notice FOR EACH ROW EXECUTE FUNCTION alter()"
        )
    with pytest.raises(Corrupt, match="table notice came back as another"):
        move(here, server)
    with server.read() as reader:
        assert reader.sources() == reader.pages() == []


def test_the_command_moves_and_says_so(here: Archive, sqlite_url: str, tmp_path: Path) -> None:
    with here.write() as writer:
        publish(writer, "本文")
    there = f"sqlite:///{tmp_path / 'there.db'}"
    done = kohyo("db", "move", there, "--db", sqlite_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "reads back the same" in done.stdout
    again = kohyo("db", "move", there, "--db", sqlite_url)
    assert again.returncode == 2
    assert "give an empty database" in again.stderr
    with open_archive(there) as archive:
        assert len(found(archive, "本文")) == 1
