"""Every schema that was: the way up to today's, and the way back, on both engines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from storage.archive import Archive, open_archive
from storage.db import schema
from storage.db.engine import connect, parse_url
from storage.db.tables import metadata, run
from storage.db.views import make_views
from storage.errors import NotFound
from storage.migrations import HEAD
from storage.query import Query
from tests.storage.builders import publish

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SCHEMAS = Path(__file__).with_name("schemas")
"""Archives as each schema's own kohyo left them, of four visits of the demo to the sites of a prefecture and
a town: files of SQLite, and what pg_dump made of the same on PostgreSQL."""

TOWN = "水道料金のお知らせ業務における個人情報の流出の可能性について"
PREFECTURE = "委託業務で使用した情報の流出の可能性について"
TOLD = [("new", TOWN), ("new", PREFECTURE), ("updated", PREFECTURE), ("withdrawn", TOWN)]


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    engine = connect(parse_url(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def shape_of(connection: sa.Connection) -> dict[str, Any]:
    """Everything the database says of its tables; of an index on SQLite, its statement."""
    asked, shape = sa.inspect(connection), {}
    all_columns, primary = asked.get_multi_columns(), asked.get_multi_pk_constraint()
    foreign, unique = asked.get_multi_foreign_keys(), asked.get_multi_unique_constraints()
    indexes = indexes_of(connection)
    for place, found in all_columns.items():
        _, name = place
        if name.startswith(("search_index_", "alembic")):
            continue
        columns = {one["name"]: (str(one["type"]), one["nullable"], one["default"]) for one in found}
        keys = sorted(str(one) for one in (*foreign[place], *unique[place]))
        shape[name] = columns, primary[place], keys, indexes.get(name, [])
    return shape


def indexes_of(connection: sa.Connection) -> dict[str, list[str]]:
    """The statements of the indexes of each table that has some."""
    stated = (
        "SELECT tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        if connection.dialect.name == "sqlite"
        else "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    )
    found: dict[str, list[str]] = {}
    for table, statement in connection.execute(sa.text(stated)):
        found.setdefault(table, []).append(" ".join(statement.replace('"', "").split()))
    return {table: sorted(statements) for table, statements in found.items()}


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # of SQLite, not reflected by SQLAlchemy
def test_the_way_back_ends_where_the_way_up_began(blank_url: str) -> None:
    with connected(blank_url) as connection:
        revisions, shapes = schema.list_revisions(), {}
        for revision in revisions:
            command.upgrade(schema._config(connection), revision)
            shapes[revision] = shape_of(connection)
        for revision in reversed(revisions[:-1]):
            schema.take_back(connection, revision)
            assert shape_of(connection) == shapes[revision], revision
        command.upgrade(schema._config(connection), HEAD)
        assert shape_of(connection) == shapes[HEAD]


def stated_of(connection: sa.Connection) -> list[tuple[Any, ...]]:
    """What tables do not show: views, triggers, the index of texts, how columns lie, the schema noted."""
    stated = (
        "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger') OR sql LIKE '%VIRTUAL%'"
        if connection.dialect.name == "sqlite"
        else "SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = 'public' UNION ALL"
        " SELECT 'trigger', trigger_name, action_statement FROM information_schema.triggers UNION ALL"
        " SELECT a.attname, c.relname, concat(a.attstorage, format_type(a.atttypid, a.atttypmod), a.attnotnull)"
        " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped"
    )
    asked = (stated, "SELECT version_num FROM alembic_version")
    return sorted(tuple(row) for one in asked for row in connection.execute(sa.text(one)))


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_a_new_archive_is_made_as_all_steps_make_it(blank_url: str) -> None:
    with connected(blank_url) as connection:
        undone = connection.begin_nested()
        schema._make(connection)
        made = shape_of(connection), stated_of(connection)
        undone.rollback()
        command.upgrade(schema._config(connection), HEAD)
        connection.execute(sa.text("DROP TABLE former_fact"))  # as soon as an archive is opened
        make_views(connection)
        assert (shape_of(connection), stated_of(connection)) == made
    assert {*metadata.tables, "search_index"} == made[0].keys()


def test_moments_are_the_same_after_the_way_back_and_up(file_url: str) -> None:
    odd = ("1868-01-25 00:00:00.000001", "1969-12-31 23:59:59.999999", "1970-01-01 00:00:00.000000")
    stated = (*odd, "2026-11-28 22:42:17.505613", "2026-12-31 23:59:59.999500")
    with open_archive(file_url) as archive, archive.write() as writer:
        for one in stated:
            writer.start_run("crawl", datetime.fromisoformat(f"{one}+00:00"))
        schema.take_back(writer._db, "0019")
        assert writer._db.scalars(sa.text("SELECT started_at FROM run ORDER BY id")).all() == [*stated]
    with open_archive(file_url) as archive, archive.read() as reader:
        found = reader._db.scalars(sa.select(run.c.started_at).order_by(run.c.id)).all()
    assert [one.strftime("%Y-%m-%d %H:%M:%S.%f") for one in found] == [*stated]


def test_a_schema_that_never_was(archive: Archive) -> None:
    with archive.write() as writer, pytest.raises(NotFound, match="0001 to "):
        schema.take_back(writer._db, "0815")


def test_an_archive_comes_through_the_whole_way_back_and_up(database_url: str) -> None:
    with open_archive(database_url) as archive:
        with archive.write() as writer:
            publish(writer, "対象者は三十一人です。")
        with archive.read() as reader:
            stored = reader.notices(), reader.pages()
        with archive.write() as writer:
            schema.take_back(writer._db, "0001")
    with open_archive(database_url) as archive:
        with archive.read() as reader:
            assert (reader.notices(), reader.pages()) == stored
            assert len(reader.search("三十一人")) == 1
        assert list(archive.verify()) == []


def fill(url: str, revision: str) -> None:
    """Put the archive of a schema where a database is still empty."""
    parsed = parse_url(url)
    kept = zstd.decompress((SCHEMAS / f"{revision}.{parsed.get_backend_name()}.zst").read_bytes())
    if parsed.get_backend_name() == "sqlite":
        Path(parsed.database or "").write_bytes(kept)
        return
    with connected(url) as connection:
        connection.connection.cursor().execute(kept.decode())
    # the dump has looked for nothing in any schema; later connections do


def told_in(archive: Archive) -> list[tuple[str, str]]:
    with archive.read() as reader:
        return [(one.kind, one.title) for one in reader.changes(Query(newest_first=False))]


@pytest.mark.filterwarnings("ignore:.*expression-based index")
@pytest.mark.parametrize("revision", sorted({path.name[:4] for path in SCHEMAS.iterdir()}))
def test_an_archive_that_its_own_kohyo_made_comes_up_whole_and_goes_back(
    blank_url: str, revision: str
) -> None:
    fill(blank_url, revision)
    with connected(blank_url) as connection:
        before = shape_of(connection)
        names = before.keys() - {"search_index", "setting"}
        kept = {name: len(connection.execute(sa.text(f'SELECT * FROM "{name}"')).all()) for name in names}
    comes_up(blank_url)
    with connected(blank_url) as connection:
        schema.take_back(connection, revision)
        assert shape_of(connection) == before
        for name in names:
            assert len(connection.execute(sa.text(f'SELECT * FROM "{name}"')).all()) == kept[name], name
    comes_up(blank_url)


def comes_up(url: str) -> None:
    with open_archive(url) as archive:
        assert told_in(archive) == TOLD
        assert list(archive.verify()) == []
        with archive.read() as reader:
            found = reader.search("流出した事実は確認されませんでした")
            assert [one.notice.title for one in found] == [PREFECTURE]


def test_every_schema_has_an_archive_of_its_own_kohyo() -> None:
    """But today's, and 0012 to 0016, behind which others came on the same day."""
    kept = {path.name[:4] for path in SCHEMAS.iterdir()}
    assert kept >= {one for one in schema.list_revisions() if one != HEAD and not "0012" <= one <= "0016"}


def test_keys_of_notices_are_the_same_after_the_way_up_and_back(blank_url: str) -> None:
    stored = sa.text("SELECT kind, key, notice_id FROM notice_evidence ORDER BY kind, key, notice_id")
    fill(blank_url, "0021")
    with connected(blank_url) as connection:
        before = [tuple(row) for row in connection.execute(stored)]
    with open_archive(blank_url) as archive, archive.read() as reader:
        keys = reader.evidence_of(reader.notice_ids())
        for notice, held in keys.items():
            assert held
            for key in held:
                holders = {other for other, those in keys.items() if key in those}
                assert notice in holders
                assert reader.evidence_holders([key]) == holders
                assert {one for one, _ in reader.first_holders(key, 99)} == holders
    with connected(blank_url) as connection:
        after = [tuple(row) for row in connection.execute(stored)]
        assert max(len(key.encode()) for kind, key, _ in before if kind not in "pymlst") > 20
        assert max(len(key.encode()) for kind, key, _ in after if kind not in "pymlst") <= 12
        schema.take_back(connection, "0021")
        assert [tuple(row) for row in connection.execute(stored)] == before


def test_what_versions_read_is_written_as_it_was_on_the_way_back(blank_url: str) -> None:
    stored = sa.text("SELECT sha256, size FROM blob ORDER BY sha256")
    fill(blank_url, "0023")
    with connected(blank_url) as connection:
        before = [tuple(row) for row in connection.execute(stored)]
    with open_archive(blank_url) as archive, archive.read() as reader:
        texts = [one.text for page in reader.pages() for one in reader.versions(page.id)]
    with open_archive(blank_url) as archive, archive.write() as writer:
        for page in writer.pages():
            for one in writer.versions(page.id):
                assert not writer.replace_version(one)  # which writes anew what an older kohyo wrote
    with connected(blank_url) as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM blob WHERE read_as IS NOT NULL")) == 2
        assert [tuple(row) for row in connection.execute(stored)] != before
    with open_archive(blank_url) as archive:
        assert list(archive.verify()) == []
        with archive.read() as reader:
            assert [one.text for page in reader.pages() for one in reader.versions(page.id)] == texts
    with connected(blank_url) as connection:
        schema.take_back(connection, "0023")
        assert [tuple(row) for row in connection.execute(stored)] == before
