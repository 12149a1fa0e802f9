"""What a page costs: statements, whose number no machine alters, and CPU time beside that of its parser."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import etree
from sqlalchemy import event

from bench.crawl import page
from monitor.facts import extract
from monitor.reading import read
from storage.archive import Archive
from tests.monitor.story import LEAK, MORE, SORRY, Story, html


@pytest.fixture
def statements(archive: Archive) -> list[str]:
    """Every statement that SQLite is given from now on."""
    if archive._engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL tells nobody")
    said: list[str] = []

    def hear(statement: str) -> None:
        if not statement.startswith("--"):  # what the full-text index does by itself
            said.append(statement)

    event.listen(archive._engine, "checkout", lambda connection, *_: connection.set_trace_callback(hear))
    return said


def test_a_page_costs_no_more_statements_than_it_did(archive: Archive, statements: list[str]):
    story, spent = Story(archive), {}
    story.page(html(LEAK, SORRY), url="https://www.city.example.lg.jp/oshirase/9.html")
    for what, body, status in (
        ("first", html(LEAK, SORRY), 200),
        ("not modified", b"", 304),
        ("same bytes", html(LEAK, SORRY), 200),
        ("same text", html(LEAK, SORRY) + b"<!-- 1 -->", 200),
        ("changed", html(MORE, SORRY), 200),
    ):
        statements.clear()
        story.page(body, timedelta(hours=1), status=status)
        spent[what] = len(statements)
    # three of them once in a run: a story is a run a visit
    most = {"first": 76, "not modified": 16, "same bytes": 18, "same text": 27, "changed": 83}
    assert {what: number for what, number in spent.items() if number > most[what]} == {}


def test_reading_a_page_costs_a_few_times_what_parsing_it_does():
    pages = [page(site, number) for site in (20, 50, 80) for number in range(4)]  # in UTF-8
    assert min(len(extract(read(one).text)) for one in pages) > 3  # and what that compiles is compiled

    def cpu(work: Callable[[], object]) -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    ratios = []
    for _ in range(7):  # what else the machine does meets both of a round
        parsing = cpu(lambda: [etree.fromstring(one, etree.HTMLParser(encoding="utf-8")) for one in pages])
        ratios.append(cpu(lambda: [extract(read(one).text) for one in pages]) / parsing)
    assert min(ratios) < MOST_PARSES


MOST_PARSES = 19
"""A third more than measured, and less than what it took (20 to 25) before words were looked for first."""
