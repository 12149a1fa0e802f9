"""The views are what is documented, say what the program says, and are read by other tools."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.archive import Archive, open_archive
from storage.db.views import VIEWS
from storage.json_shapes import change_json
from storage.records import Fact, Incident, IncidentLink, RosterEntry
from tests.docs.markdown import DOCS, fenced, named, same
from tests.storage.builders import NOW, change, later, notice, read, watch

QUOTED = 'ゆ"う\\出'
PAGE = DOCS / "reference" / "views.md"


def fill(archive: Archive) -> None:
    """A notice with two versions, a silent change between them, and an incident."""
    with archive.write() as writer:
        page = watch(writer)
        old, new = (read(writer, page, text, at=later(days=day)) for day, text in enumerate(("30人", "31人")))
        writer.put_page(replace(page, version=new.id, last_checked=NOW))
        for version, count in ((old, 30_000), (new, 31_000)):
            counted = Fact("count", count, f"{count}人", 0, 3, "人", ("約",))
            writer.add_facts(version.id, [counted, Fact("organisation", QUOTED, QUOTED, 0, 1)])
        made = writer.add_notice(notice(page))
        told = change(made, kind="updated", reasons=("count", "silent"), detected_at=later(days=1, hours=14))
        writer.add_change(replace(told, from_version=old.id, to_version=new.id))
        roster = (RosterEntry("福岡県", "県", count="約3万人"),)
        known = writer.put_incident(Incident("x-2024", "事案", roster=roster))
        writer.put_link(IncidentLink(known.id, made.id, "confirmed", (), 0.9))


@pytest.fixture
def filled(archive: Archive) -> Archive:
    fill(archive)
    return archive


def asked(archive: Archive, query: str) -> list[dict[str, Any]]:
    """Ask as a stranger to the program does: by the driver alone."""
    if archive.url.startswith("sqlite"):
        db = sqlite3.connect(archive.url.removeprefix("sqlite:///"))
        db.row_factory = sqlite3.Row
        rows = [dict(row) for row in db.execute(query)]
        db.close()
        return rows
    with archive.read() as reader:
        return [dict(row) for row in reader._db.execute(sa.text(query)).mappings()]


@pytest.mark.parametrize("view", VIEWS)
def test_every_column_is_documented_and_nothing_else(filled: Archive, view: str) -> None:
    rows = asked(filled, f"SELECT * FROM {view}")
    assert rows
    same(named(PAGE, view), list(rows[0]))


def test_views_say_what_the_program_says(filled: Archive) -> None:
    (row,) = asked(filled, "SELECT * FROM changes")
    with filled.read() as reader:
        (told,) = reader.changes()
        stored = reader.version(told.to_version or 0)
    assert stored is not None
    said = change_json(told)
    for name in ("id", "notice", "source", "title", "url", "kind", "from_sha256", "to_sha256", "chain_hash"):
        assert row[name] == said[name], name
    assert (row["chain_number"], bool(row["silent"]), str(row["detected_day"])) == (1, True, "2023-10-19")
    assert str(row["detected_at"])[:10] == "2023-10-18"
    current = asked(filled, "SELECT field, value, count FROM facts WHERE is_current ORDER BY field")
    assert [tuple(row.values()) for row in current] == [
        ("count", "31000", 31_000),
        ("organisation", QUOTED, None),
    ]
    (body,) = asked(filled, "SELECT body, count FROM roster")
    assert body == {"body": "福岡県", "count": "約3万人"}
    (version,) = asked(filled, "SELECT sha256 FROM versions WHERE is_current")
    assert version["sha256"] == stored.sha256
    for query in fenced(PAGE, "sql"):
        assert len(asked(filled, query)) == 1, query


def test_psql_reads_the_views(filled: Archive) -> None:
    if filled.url.startswith("sqlite") or not shutil.which("psql"):
        pytest.skip("no psql, or nothing for it to ask")
    url = filled._url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run(
        ["psql", url, "-At", "-c", fenced(PAGE, "sql")[1]], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("2023-10-19|example|お知らせ")


def test_datasette_and_duckdb_read_the_views(sqlite_url: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    file = sqlite_url.removeprefix("sqlite:///")
    with open_archive(sqlite_url) as archive:
        fill(archive)
    try:
        duckdb.sql("LOAD sqlite_scanner")
    except duckdb.Error:
        pytest.skip("DuckDB has no extension for SQLite here")
    duckdb.sql(f"ATTACH '{file}' AS kohyo (TYPE sqlite, READ_ONLY)")
    found = duckdb.sql("SELECT kind, chain_number::int FROM sqlite_query('kohyo', 'SELECT * FROM changes')")
    assert found.fetchall() == [("updated", 1)]
    pytest.importorskip("datasette")
    query = "/kohyo.json?sql=select+kind,silent+from+changes&_shape=array"
    done = subprocess.run(
        [sys.executable, "-m", "datasette", "-i", file, "--get", query.replace("/kohyo", f"/{Path(file).stem}")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == [{"kind": "updated", "silent": 1}]
