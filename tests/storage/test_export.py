from __future__ import annotations

import codecs
import csv
import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage import json_shapes
from storage.archive import Archive
from storage.export import CSV_FIELDS, all_changes, export_to
from storage.query import Coverage, Hit, Query
from storage.records import Alert, Change, Fact, FactChange, Notice
from tests.storage.builders import NOW, change, later, publish, snapshot, watch

CHANGE = Change(
    notice=2,
    source="city",
    url="https://a/",
    title="題",
    detected_at=NOW,
    kind="updated",
    material=True,
    reasons=("count",),
    summary="約900万件 → 928万件",
    from_version=3,
    to_version=4,
    facts=(FactChange("count", "約900万件", None),),
    id=1,
    incidents=("procx",),
)
NOTICE = Notice(
    "city", 5, "https://a/", "題", date(2023, 10, 17), NOW, NOW, id=2, versions=3, incidents=("procx",)
)


def test_the_contract_of_a_change() -> None:
    told = json_shapes.change_json(CHANGE)
    assert told == told | {
        "id": 1,
        "detected_at": "2023-10-17T03:00:00+00:00",
        "kind": "updated",
        "material": True,
        "reasons": ["count"],
        "source": "city",
        "notice": 2,
        "url": "https://a/",
        "title": "題",
        "from_version": 3,
        "to_version": 4,
        "summary": "約900万件 → 928万件",
        "facts": [{"field": "count", "old": "約900万件", "new": None}],
        "from_sha256": None,
        "to_sha256": None,
    }


def test_the_contract_of_a_notice() -> None:
    assert json_shapes.notice_json(NOTICE) == {
        "id": 2,
        "source": "city",
        "url": "https://a/",
        "title": "題",
        "published": "2023-10-17",
        "updated": None,
        "status": "standing",
        "versions": 3,
        "first_seen": "2023-10-17T03:00:00+00:00",
        "last_seen": "2023-10-17T03:00:00+00:00",
        "incidents": ["procx"],
    }


def test_the_contract_of_alerts_facts_hits_and_coverage() -> None:
    alert = json_shapes.alert_json(Alert("blocked", "city", "https://a/", "403", NOW, id=7))
    assert list(alert) == ["id", "raised_at", "kind", "source", "url", "detail", "last_seen", "times"]
    fact = json_shapes.fact_json(Fact("count", None, "数件", 3, 5, "件", ("約",), "委託元"))
    assert fact == {
        "field": "count",
        "value": None,
        "unit": "件",
        "qualifiers": ["約"],
        "role": "委託元",
        "start": 3,
        "end": 5,
        "raw": "数件",
    }
    hit = json_shapes.hit_json(Hit(NOTICE, None, "漏えい", ((0, 3),), (False, True)))
    assert hit["spans"] == [[0, 3]]
    coverage = json_shapes.coverage_json(Coverage("city", 1, 2, NOW, None, None, None, 0, 0))
    assert (coverage["last_checked"], coverage["last_success"]) == ("2023-10-17T03:00:00+00:00", None)
    json.dumps([alert, fact, hit, coverage])


def exported(archive: Archive, form: Any, query: Query | None = None) -> bytes:
    out = io.BytesIO()
    export_to(archive, form, out, *([query] if query else []))
    assert not out.closed
    return out.getvalue()


@pytest.fixture
def filled(archive: Archive) -> Archive:
    with archive.write() as writer:
        for number in range(1, 6):
            made = publish(
                writer, f"本文{number}", number=number, title=f'題,"{number}"\n二行目', at=later(days=number)
            )
            writer.add_change(change(made, detected_at=later(days=-number), summary="=HYPERLINK(1)"))
    return archive


def test_json_lines_are_changes_oldest_first(filled: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.export._BATCH_ROWS", 2)
    rows = [json.loads(line) for line in exported(filled, "jsonl").decode().splitlines()]
    assert [row["notice"] for row in rows] == [5, 4, 3, 2, 1]
    with filled.read() as reader:
        assert rows == [json_shapes.change_json(c) for c in all_changes(reader)]
    assert exported(filled, "jsonl", Query(sources=("other",))) == b""


def test_csv_reads_back_and_runs_nothing(filled: Archive) -> None:
    assert exported(filled, "csv").startswith(codecs.BOM_UTF8), "or Excel takes it for Shift_JIS"
    rows = list(csv.DictReader(io.StringIO(exported(filled, "csv").decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == CSV_FIELDS
    assert [row["notice"] for row in rows] == ["5", "4", "3", "2", "1"]
    assert rows[0]["title"] == '題,"5"\n二行目'
    assert rows[0]["summary"] == "'=HYPERLINK(1)"
    assert rows[0]["material"] == "true"


def test_steps_and_dates_with_what_they_are_of_have_columns(archive: Archive) -> None:
    facts = (
        FactChange("step", None, "police-informed"),
        FactChange("step", None, "persons-notified (not done)"),
        FactChange("date", None, "2024-01-10", role="discovered"),
        FactChange("date", "2024-01-01", "2024-01-02"),
        FactChange("count", None, "3件", role="affected"),
    )
    with archive.write() as writer:
        writer.add_change(replace(change(publish(writer, "本文")), facts=facts))
    (row,) = csv.DictReader(io.StringIO(exported(archive, "csv").decode("utf-8-sig"), newline=""))
    assert row["steps"] == "police-informed; persons-notified (not done)"
    assert row["dates"] == "discovered: 2024-01-10"
    (line,) = exported(archive, "jsonl").decode().splitlines()
    assert [fact.get("role") for fact in json.loads(line)["facts"]] == [None, None, "discovered", None, None]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_half_a_character_stops_no_export(archive: Archive, form: str) -> None:
    with archive.write() as writer:
        facts = (FactChange("organisation", None, "例示\ud800"),)
        writer.add_change(replace(change(publish(writer, "本文")), facts=facts))
    assert "例示?" in exported(archive, form).decode()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "＝1",
        "\r=1",
        "\tx",
        "\rx",
        "\x01=1",
        "\ufeff=1",
        "\u200b＠x",
        "﹢1",
        "　-1",
        "−1",
    ],
)
def test_no_cell_begins_like_a_formula(archive: Archive, text: str) -> None:
    with archive.write() as writer:
        writer.add_change(replace(change(publish(writer, "本文")), title=text))
    (row,) = csv.DictReader(io.StringIO(exported(archive, "csv").decode("utf-8-sig"), newline=""))
    assert row["title"] == "'" + text


def test_warc_gives_back_every_capture_to_the_byte(archive: Archive) -> None:
    bodies = [b"", bytes(range(256)), "漏えい".encode("cp932"), b"\x1f\x8b no gzip"]
    with archive.write() as writer:
        page = watch(writer, "https://www.example.jp/%E6%BC%8F?q=1")
        for hours, body in enumerate(bodies):
            given = snapshot(page, body, later(hours=-hours, microseconds=5))
            headers = (
                ("Content-Encoding", "gzip"),
                ("content-length", "3"),
                ("X-Title", "漏えい ä"),
                *given.headers,
            )
            writer.add_snapshot(replace(given, headers=headers, status=[200, 404, 503, 299][hours]))
    data = exported(archive, "warc")
    assert data == exported(archive, "warc")
    seen = []
    for record in ArchiveIterator(io.BytesIO(data)):
        assert record.rec_type == "response"
        assert record.rec_headers.get_header("WARC-Target-URI") == page.url
        assert record.http_headers.get_header("Content-Type") == "text/html"
        assert [v for k, v in record.http_headers.headers if k == "Set-Cookie"] == ["a=1", "b=2"]
        date_ = record.rec_headers.get_header("WARC-Date")
        seen.append((date_, record.http_headers.get_statuscode(), record.content_stream().read()))
    assert [body for *_, body in seen] == bodies[::-1]
    assert seen[0][:2] == ("2023-10-17T00:00:00.000005Z", "299")
    assert exported(archive, "warc", Query(sources=("other",))) == b""
