"""What a page costs of the database: statements, whose number no machine alters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

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
    most = {"first": 87, "not modified": 17, "same bytes": 19, "same text": 29, "changed": 93}
    assert {what: number for what, number in spent.items() if number > most[what]} == {}
