"""Tables that an office opens: one value a column, text that stays text, days and moments of Japan."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest
import sqlalchemy as sa

from feeds.formats.entries import load_names
from feeds.sheets import office_files
from feeds.sheets.office_files import OfficeForm, TooManyRows, write_office, write_rows
from feeds.sheets.office_rows import OFFICE_TABLES, Office
from feeds.web.app import make_app
from feeds.wording.tables.column_words import COLUMNS
from storage.archive import Archive
from storage.db.tables import alert, source
from storage.query import EVERYTHING
from tests.docs.markdown import DOCS, named, same
from tests.feeds import sample
from tests.feeds.client import Client
from tests.storage.builders import NOW

NOW_ = datetime(2024, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with sample.archive(tmp_path_factory.mktemp("office")) as archive:
        with archive.write() as writer:
            values = {
                "kind": "soft-404",
                "source_id": writer._db.scalar(sa.select(sa.func.min(source.c.id))),
                "url": "https://x.example/",
                "url_hash": b"\0",
                "detail": "=1+1",
                "raised_at": datetime(2024, 1, 1, tzinfo=UTC),
                "last_seen": datetime(2024, 1, 1, tzinfo=UTC),
                "times": 2,
            }
            writer._db.execute(alert.insert().values(values))
        yield archive


def written(archive: Archive, what: str, form: OfficeForm, lang: str = "ja") -> bytes:
    out = io.BytesIO()
    with archive.read() as reader:
        office = Office(reader, EVERYTHING, load_names(reader, lang), NOW_, "https://kohyo.example")
        write_office(OFFICE_TABLES[what], office, form, out)
    return out.getvalue()


def lines(archive: Archive, what: str, lang: str = "ja") -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(archive, what, "jsonl", lang).splitlines()]


@pytest.mark.parametrize("what", OFFICE_TABLES)
def test_every_form_holds_the_same_rows_and_columns(told: Archive, what: str) -> None:
    columns = OFFICE_TABLES[what].columns
    rows = lines(told, what)
    assert rows
    assert all(tuple(row) == columns for row in rows)
    assert {*columns} <= {*COLUMNS}
    for lang, nth in (("ja", 0), ("en", 1)):
        heads = [COLUMNS[name][nth] for name in columns]
        assert len({*heads}) == len(heads)
        raw = written(told, what, "csv", lang)
        assert raw.startswith(b"\xef\xbb\xbf")
        table = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
        assert table[0] == heads
        assert len(table) == len(rows) + 1
        book = openpyxl.load_workbook(io.BytesIO(written(told, what, "xlsx", lang)))
        sheet = list(book.active.iter_rows(values_only=True))
        assert list(sheet[0]) == heads
        assert len(sheet) == len(rows) + 1


def test_a_count_stands_apart_from_its_unit_and_qualifier(told: Archive) -> None:
    facts = lines(told, "facts")
    assert {one["publisher"] for one in facts} >= {"福岡県", "個人情報保護委員会"}
    stated = next(one for one in facts if one["quoted"] == "約928万件")
    assert (stated["field"], stated["count"], stated["record"]) == (
        "件数", 9_280_000, "https://kohyo.example/notices/1.html",
    )  # fmt: skip
    deadline = next(one for one in facts if one["field"] == "期限")
    assert deadline["date"] == "2024-02-29" or deadline["date"] == "2024-03-29"
    assert all(one["seen"].endswith("+09:00") for one in facts)
    assert all(len(one["sha256"]) == 64 for one in facts)


def test_a_change_has_a_row_for_each_difference_and_says_whether_it_was_silent(told: Archive) -> None:
    changes = lines(told, "changes")
    silent = next(one for one in changes if one["silent"] and one["field"] == "漏えいの有無")
    assert (silent["publisher"], silent["before"], silent["after"]) == (
        "三重県",
        "可能性あり",
        "確認されていない",
    )
    assert silent["headline"].startswith("断りなく書き換え")
    grown = next(one for one in changes if one["count_after"] == 162_828)
    assert (grown["count_before"], grown["after"]) == (133_655, "162,828人")
    assert all(one["chain_hash"] for one in changes)


def test_the_roster_says_who_and_how_many(told: Archive) -> None:
    rows = {one["body"]: one for one in lines(told, "roster")}
    assert rows["福岡県"]["count"] == 162_828
    assert rows["福岡県"]["has_disclosed"] is True
    assert rows["浜松市"]["count"] is None


def test_text_of_others_is_no_formula_and_dates_are_dates() -> None:
    texts = ("=HYPERLINK(1)", "+1", "@x", "−1", "\t=1", "１２３", "0012", "a\x0bb", "\ud83d")
    rows = [
        {"title": text, "published": date(2024, 1, 2), "seen": NOW, "count": 3, "silent": True}
        for text in texts
    ]
    columns = ("title", "published", "seen", "count", "silent")
    out = io.BytesIO()
    write_rows(rows, columns, "en", "xlsx", out)
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).active
    for row, text in zip(sheet.iter_rows(min_row=2), texts, strict=True):
        assert row[0].data_type == "s"
        assert row[0].value == text.replace("\x0b", "\ufffd").replace("\ud83d", "\ufffd")
        assert row[1].is_date
        assert row[2].value == datetime(2023, 10, 17, 12, 0)  # noqa: DTZ001 - Excel knows no zones
        assert (row[3].value, row[4].value) == (3, True)
    out = io.BytesIO()
    write_rows(rows, columns, "en", "csv", out)
    cells = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))[1:]
    assert [row[0][0] for row in cells[:5]] == ["'"] * 5
    assert cells[0][1:3] == ["2024-01-02", "2023-10-17T12:00:00+09:00"]


def test_a_sheet_that_would_not_hold_all_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_files, "MAX_SHEET_ROWS", 2)
    with pytest.raises(TooManyRows, match="take csv"):
        write_rows([{"title": "x"}] * 3, ("title",), "ja", "xlsx", io.BytesIO())


def test_the_api_gives_the_same_and_leads_on(told: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    web = Client(make_app(told, base_url="https://kohyo.example", now=lambda: NOW_))
    for what in OFFICE_TABLES:
        for form in get_args(OfficeForm):
            got = web.get(f"/api/tables/{what}.{form}", {"lang": "en"})
            assert got.status_code == 200
            assert got.headers["content-type"].startswith(office_files.OFFICE_FORMS[form])
            if form != "xlsx":  # which has the time of its writing in it
                assert got.content == written(told, what, form, "en")
    assert web.get("/api/tables/nothing.csv").status_code == 404
    assert web.get("/api/tables/facts.pdf").status_code == 404
    some = web.get("/api/tables/changes.jsonl", {"source": "mie"})
    assert {json.loads(line)["source"] for line in some.content.splitlines()} == {"mie"}

    for address in ("facts.csv?sorce=mie", "sources.csv?kind=updated", "roster.csv?since=2024-01-01"):
        assert web.get(f"/api/tables/{address}").status_code == 400, address
    monkeypatch.setattr("feeds.web.routes.api_lists.MAX_FILE_ROWS", 1)
    address, seen = "changes.jsonl?lang=ja", b""
    for _ in range(20):
        got = web.get(f"/api/tables/{address}")
        seen += got.content
        if "link" not in got.headers:
            break
        address = got.headers["link"].partition(">")[0].removeprefix("<")
    assert seen == written(told, "changes", "jsonl")


def test_every_column_is_documented_and_nothing_else() -> None:
    page = DOCS / "reference" / "tables.md"
    for what, table in OFFICE_TABLES.items():
        same(named(page, what), list(table.columns))


def test_the_columns_of_a_file_are_written_in_order(tmp_path: Path, told: Archive) -> None:
    first = written(told, "notices", "csv", "ja").decode("utf-8-sig").splitlines()[0]
    assert first.startswith("公表番号,公表元,公表元の種別,情報源,表題,公表日")
