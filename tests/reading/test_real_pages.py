"""Floors under what reading keeps of real pages; the figures are those of bench/reading.py."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from monitor.reading import read


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "bench" / "reading.py"
    spec = importlib.util.spec_from_file_location("bench_reading", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_municipal_pages(bench: ModuleType, shared_data: Path) -> None:
    report = bench.municipal(shared_data)
    assert report.pages > 50
    assert report.wrong == []
    assert report.cells.share >= 0.98
    assert report.phones.share >= 0.95
    assert report.dates.share >= 0.95
    assert report.documents.share == 1
    assert report.menu_share <= 0.05


def test_pages_of_the_regulator(bench: ModuleType, shared_data: Path) -> None:
    assert {name: problem for name, problem in bench.regulator(shared_data) if problem} == {}


def test_encodings(bench: ModuleType, shared_data: Path) -> None:
    assert {name: problem for name, problem in bench.encodings(shared_data) if problem} == {}


def test_pdf_files(shared_data: Path) -> None:
    guidelines = [read(path.read_bytes()) for path in sorted(shared_data.glob("pdf/gov_guidelines/*/*.pdf"))]
    assert {reading.verdict for reading in guidelines} == {"content"}
    assert all("情報" in reading.text and len(reading.text) > 10_000 for reading in guidelines)
    for name in ("empty", "password-example", "malformed-from-issue-932"):
        assert read((shared_data / f"pdf/pdfplumber/{name}.pdf").read_bytes()).verdict == "unreadable"
    city = [
        read(path.read_bytes()).verdict for path in sorted(shared_data.glob("pdf/hamamatsu_city/**/*.pdf"))
    ]
    assert sorted(city) == ["content"] * 4 + ["unreadable"]


def test_captures_that_others_scored(shared_data: Path) -> None:
    """The folder's name ends in a score; below a half it is a block or an error page."""
    for path in sorted(shared_data.glob("capture_quality/*/*.json")):
        capture = json.loads(path.read_text("utf-8"))["data"]
        score = float(path.parent.name.rsplit("-", 1)[1])
        if score >= 0.5:
            continue
        title, file = capture["title"], path.with_suffix(".body")
        body = (
            file.read_bytes()
            if file.exists()
            else f"<html><title>{title}</title><p>{title}</p></html>".encode()
        )
        assert read(body, status=capture["status"]).verdict != "content"
        assert read(body, content_type=capture["media_type"]).verdict != "content" or not (
            title or file.exists()
        )
