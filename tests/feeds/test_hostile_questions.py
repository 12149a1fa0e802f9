"""Whatever is asked of any address, the answer is a clear one: no traceback, nothing run, nothing lost."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from storage.archive import open_archive
from storage.records import Offer
from tests.databases import (
    database_url,
    postgres_server,
    postgres_template,
    sqlite_template,
    sqlite_url,
    template_url,
)
from tests.feeds import sample
from tests.feeds.client import Answer, Client
from tests.feeds.test_deciding import TOKEN, api, application

__all__ = [
    "database_url",
    "postgres_server",
    "postgres_template",
    "sqlite_template",
    "sqlite_url",
    "template_url",
]

CLEAR = {200, 303, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415}
WORDS = [
        "", "0", "-1", "1", "2", "5", "99", "007", "1.5", "1e9", " 1", "1\n", "１２", "٣", "二",
        str(2**31 - 1), str(2**31), str(2**63), str(2**64), "9" * 5_000,
        "\x00", "a\x00b", "\x1b[31m", "\r\nX: y", "\u202e", "\ufeff", "\U0010ffff", "%", "_", "*", "?", "#", "\\", "'", '"',
        "' OR 1=1 --", "\"; DROP TABLE notice; --", "NEAR(", "a AND", "<script>alert(1)</script>", "{{7*7}}", "${x}",
        "..", "../../etc/passwd", "a/b", "/", ".", "csv", "jsonl", "atom", "xlsx", "長" * 10_000, "a," * 5_000,
        "procx-2023", "mie", "漏", "new", "count", "true", "suggested", "recommendation", "regulator", "en",
        "2024-01-01", "0001-01-01", "9999-12-31", "2024-W01-1",
]  # fmt: skip
TEXT = st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ASKED = st.dictionaries(
    st.sampled_from(
        [
            "q", "source", "publisher", "incident", "kind", "reason", "material", "min_count", "provision",
            "organisation", "action", "since", "until", "limit", "after", "before", "a", "b", "status", "lang", "x",
        ]
    ),
    TEXT,
    max_size=4,
)  # fmt: skip
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "if-none-match", "if-modified-since", "accept-encoding", "host", "cookie", "range", "origin",
            "authorization", "content-type", "content-length", "sec-fetch-site", "x-forwarded-for",
        ]
    ),
    st.sampled_from(
        [
            "", "*", '"', "W/", "[", "x:y:z", "Mon, 01 Jan 2024 00:00:00 +99999999999999", "gzip", "gzip;q=0", "kohyo=1.x.0",
            "bytes=0-", "null", "https://[", f"Bearer {TOKEN}", "Bearer", "application/json", "cross-site", "-1", "é",
        ]
    ),
    max_size=3,
)  # fmt: skip
BODY = st.sampled_from(
    [
        b"", b"{}", b"[]", b"null", b'{"decision": "accept"}', b'{"decision": "\xff"}', b'{"reason": "\\ud800", "sure": "yes"}',
        b"decision=accept&proof=x", b"[" * 9_000, b'{"a": ' + b"9" * 9_000 + b"}", b"\x00" * 20_000, "漏".encode("utf-16"),
    ]
)  # fmt: skip


@pytest.fixture
def web(database_url: str) -> Iterator[Client]:
    with open_archive(database_url) as archive:
        with archive.write() as writer:
            sample.tell(writer)
            writer.add_offer(Offer("mie", "https://y.example/", "例示町", sample.at("2024-06-01")))
            known = writer.incident(sample.SLUG)
            assert known is not None
            sample.suggest(writer, known, 4)
        yield application(archive)


def routes(web: Client) -> list[Route]:
    assert isinstance(web.app, Starlette)
    return [route for route in web.app.routes if isinstance(route, Route)]


def clear(got: Answer, path: str) -> None:
    assert got.status_code in CLEAR
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "Traceback" not in got.text
    assert not got.headers.get("content-type", "").startswith("text/html") or "<script>" not in got.text
    if got.status_code == 405:
        assert got.headers["allow"]
    if path.startswith("/api/") and got.status_code >= 400 and got.status_code != 409:
        assert got.headers["content-type"] == "text/plain; charset=utf-8"
        assert len(got.content) < 1_000


@pytest.mark.parametrize("path", ["/operate/links/1%0A/", "/operate/links/x/1%0A", "/api/notices/1%0A"])
def test_a_line_end_is_no_part_of_an_id(web: Client, path: str) -> None:
    for method, answers in (("GET", {404}), ("POST", {404, 405})):
        got = web.ask(method, path, {"Authorization": f"Bearer {TOKEN}"}, b"")
        clear(got, path)
        assert got.status_code in answers


def test_nothing_in_a_path_is_answered_with_a_traceback(web: Client) -> None:
    sent = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    for route in routes(web):
        method = "POST" if "POST" in (route.methods or ()) else "GET"
        for word in WORDS if "{" in route.path else ():
            address = re.sub(r"\{.+?\}", lambda _, word=word: quote(word, safe=""), route.path)  # type: ignore[misc]
            clear(web.ask(method, address, sent, b'{"decision": "accept"}'), route.path)


def test_no_question_is_answered_with_a_traceback(web: Client) -> None:
    paths = [route.path for route in routes(web)]

    @settings(max_examples=400)
    @given(st.sampled_from(paths), st.data(), ASKED, HEADERS, BODY)
    def ask(
        path: str, data: st.DataObject, asked: dict[str, str], headers: dict[str, str], body: bytes
    ) -> None:
        address = re.sub(r"\{.+?\}", lambda _: quote(data.draw(TEXT), safe=""), path)
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
        method = data.draw(st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS"]))
        clear(web.ask(method, f"{address}?{query}", headers, body), path)

    ask()
    assert len(web.get("/api/changes").json()["items"]) == 9
    assert len(web.get("/api/notices").json()["items"]) == 4


def test_of_operators_who_accept_at_once_one_does(web: Client) -> None:
    for path in ("/api/offers/1", f"/api/incidents/{sample.SLUG}/links/4"):
        statuses: Counter[int] = Counter()
        gate = threading.Barrier(4)

        def decide(
            path: str = path, gate: threading.Barrier = gate, statuses: Counter[int] = statuses
        ) -> None:
            gate.wait()
            statuses[api(web, path, decision="accept").status_code] += 1

        operators = [threading.Thread(target=decide) for _ in range(4)]
        for operator in operators:
            operator.start()
        for operator in operators:
            operator.join()
        assert statuses == {200: 1, 409: 3}
    mie = web.get("/api/offers").json()["items"]
    assert [offer["status"] for offer in mie] == ["confirmed"]
    assert "confirmed" in [link["status"] for link in web.get("/api/notices/4").json()["links"]]
