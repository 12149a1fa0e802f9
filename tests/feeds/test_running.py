"""What tells programs and people how the server and its crawls fare, and to whom it does."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from prometheus_client.parser import text_string_to_metric_families

from feeds.web import gate
from feeds.web.app import make_app
from monitor.track.decisions import Decider
from storage.archive import Archive, open_archive
from storage.errors import Unreachable
from storage.records import Alert
from tests.databases import database_at
from tests.feeds import sample
from tests.feeds.client import Client

TOKEN = "a token of the tests"
NOW = sample.at("2024-10-01", 12)


class From(Client):
    """A client on another machine."""

    def __init__(self, app: Any, address: str) -> None:
        async def moved(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "client": (address, 50000)}, receive, send)

        super().__init__(moved)


@pytest.fixture
def app(archive: Archive) -> Any:
    with archive.write() as writer:
        run = writer.start_run("crawl", NOW - timedelta(hours=2))
        writer.finish_run(replace(run, finished_at=NOW - timedelta(hours=1), status="failed"))
        for source, kind, at in (
            ("mie", "unreachable", 9),
            ("ppc", "blocked", 8),
            ("fukuoka", "stood-still", 7),
        ):
            alert = Alert(
                kind, source, f"https://{source}.example/", "HTTP 503 <b>", sample.at("2024-10-01", at)
            )
            writer.raise_alert(alert)
    decider = Decider(archive, lambda: [], lambda: NOW, lambda url: {})
    return make_app(archive, operator=decider, token=TOKEN, now=lambda: NOW, base_url="https://kohyo.example")


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("", 200, "ok"),
        ("?max_age=3600", 200, "ok"),
        ("?max_age=3599", 503, "late"),
        ("?max_age=x", 400, None),
    ],
)
def test_health_says_whether_and_when_a_crawl_ended(
    app: Any, asked: str, status: int, said: str | None
) -> None:
    got = Client(app).get(f"/healthz{asked}")
    assert got.status_code == status
    if said:
        last = (NOW - timedelta(hours=1)).isoformat()
        assert got.json() == {"status": said, "database": True, "last_run": last, "age": 3600}


def test_health_without_a_database_is_503(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_archive(database_at(tmp_path / "kohyo.db")) as archive:
        web = Client(make_app(archive))
        assert web.get("/healthz").json() == {"status": "ok", "database": True, "last_run": None, "age": None}
        assert web.get("/healthz?max_age=9").status_code == 503
        monkeypatch.setattr(Archive, "read", Mock(side_effect=Unreachable("the server is gone")))
        got = web.get("/healthz")
    assert (got.status_code, got.json()["status"]) == (503, "no-database")


def figures(text: str) -> dict[tuple[str, ...], float]:
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_figures_are_those_of_the_archive_and_of_the_requests(app: Any) -> None:
    web = Client(app)
    web.get("/healthz?max_age=1")
    web.get("/nowhere")
    found = figures(web.get("/metrics").text)
    assert found["kohyo_runs_total", "crawl", "failed"] == 1
    assert found["kohyo_last_run_timestamp_seconds",] == (NOW - timedelta(hours=1)).timestamp()
    assert found["kohyo_last_success_timestamp_seconds",] == sample.at("2024-09-11").timestamp()
    assert found["kohyo_open_alerts", "unreachable"] == found["kohyo_open_alerts", "stood-still"] == 1
    assert sum(value for (name, *_), value in found.items() if name == "kohyo_sources") == 5
    assert found["kohyo_requests_total", "5xx"] == found["kohyo_requests_total", "4xx"] == 1


@pytest.mark.parametrize("address", ["/metrics", "/feeds/alerts.atom"])
def test_who_reads_what_is_for_the_operator_carries_the_token(
    app: Any, archive: Archive, address: str
) -> None:
    def basic(password: str) -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()}

    far = From(app, "203.0.113.7")
    for refused in (
        {},
        basic("another token of"),
        {"Authorization": "Basic %"},
        {"Authorization": "Bearer x"},
    ):
        got = far.get(address, headers=refused)
        assert (got.status_code, "HTTP 503" in got.text) == (401, False)
        assert got.headers["www-authenticate"].startswith('Basic realm="kohyo"')
    for admitted in (basic(TOKEN), {"Authorization": f"Bearer {TOKEN}"}):
        assert far.get(address, headers=admitted).status_code == 200
    without = From(make_app(archive), "203.0.113.7").get(address, headers=basic(TOKEN))
    assert without.status_code in (403, 404)


def test_a_password_decides_nothing_and_guesses_end(app: Any) -> None:
    sent = {"Authorization": "Basic " + base64.b64encode(f":{TOKEN}".encode()).decode()}
    far = From(app, "203.0.113.8")
    assert far.ask("POST", "/api/offers/1", sent, b'{"decision": "accept"}').status_code == 401
    for _ in range(gate.MAX_GUESSES):
        far.get("/feeds/alerts.atom", headers={"Authorization": "Bearer wrong"})
    assert far.get("/feeds/alerts.atom", headers=sent).status_code == 429


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_the_feed_marks_what_is_over(app: Any, archive: Archive, form: str) -> None:
    web, sent = Client(app), {"Authorization": f"Bearer {TOKEN}"}
    before = web.get(f"/feeds/alerts.{form}", headers=sent)
    assert before.text.count("[警告] ") == 3
    assert "[警告] 三重県: 取得失敗" in before.text
    assert before.headers["cache-control"] == "private, no-cache"
    assert "<b>" not in before.text.replace("&lt;b&gt;", "")
    with archive.write() as writer:
        page = writer.add_page("mie", "https://mie.example/", "page")
        writer.put_page(replace(page, last_success=NOW))
    after = web.get(f"/feeds/alerts.{form}", headers=sent).text
    assert (after.count("[警告] "), "[解消] 三重県: 取得失敗" in after) == (2, True)
