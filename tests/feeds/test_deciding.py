from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.routing import Route

from feeds.web.app import make_app
from feeds.web.gate import Gate
from monitor.crawl.selection import list_sources
from monitor.track.decisions import Decider
from storage.archive import Archive, open_archive
from storage.records import IncidentLink, ListingRules, Notice, Offer
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
from tests.feeds.test_pages import Page, accessible, strict

__all__ = [
    "database_url",
    "postgres_server",
    "postgres_template",
    "sqlite_template",
    "sqlite_url",
    "template_url",
]

TOKEN = "a token of the tests"
NOW = sample.at("2024-06-01")


@pytest.fixture
def waiting(archive: Archive) -> Archive:
    with archive.write() as writer:
        writer.add_offer(Offer("mie", "https://y.example/", "例示町", NOW))
        incident = writer.incident(sample.SLUG)
        assert incident is not None
        sample.suggest(writer, incident, 4)
    return archive


DECLARATION = """id = "mihon"
name = "x"
kind = "affected"
start = ["https://www.city.mihon.lg.jp/rss.xml"]
listing = { topic = "personal-data" }
"""
ROW = {
    "title": "保育料決定通知書の誤送付について",
    "url": "https://www.city.mihon.lg.jp/n/0.html",
    "published": "2026-11-26",
    "answer": "yes",
    "because": ["誤送付"],
}
FOUND = {
    "url": "https://www.city.mihon.lg.jp",
    "tried": [{"url": "https://www.city.mihon.lg.jp", "way": "named", "outcome": "no list"}],
    "remarks": [],
    "drafts": [
        {
            "what": "feed",
            "id": "mihon",
            "name": "見本市",
            "kind": "affected",
            "start": ["https://www.city.mihon.lg.jp/rss.xml"],
            "watched_by": None,
            "remarks": [],
            "declaration": DECLARATION,
            "rows": [ROW],
        }
    ],
}


def find(url: str) -> dict[str, Any] | str:
    """Answer as a search would: one site is there."""
    return FOUND if "mihon" in url else "no such host"


def application(archive: Archive, token: str = TOKEN) -> Client:
    def sources() -> list[sample.Source]:
        with archive.read() as reader:
            return reader.sources()

    decider = Decider(archive, sources, lambda: NOW, find)
    return Client(make_app(archive, base_url="https://kohyo.example", operator=decider, token=token))


@pytest.fixture
def web(waiting: Archive) -> Client:
    return application(waiting)


def post(web: Client, path: str, headers: dict[str, str] | None = None, **fields: str) -> Answer:
    sent = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    return web.ask("POST", path, sent, urlencode(fields).encode())


def entered(web: Client) -> tuple[dict[str, str], str]:
    """The headers of a session, and the proof its forms carry."""
    got = post(web, "/operate/enter", token=TOKEN)
    assert got.status_code == 303
    cookie = got.headers["set-cookie"]
    for flag in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert flag in cookie
    assert TOKEN not in cookie
    session = {"Cookie": cookie.partition(";")[0]}
    page = web.get("/operate", headers=session)
    assert page.headers["cache-control"] == "no-store"
    proof = re.search('name="proof" value="([0-9a-f]+)"', page.text)
    assert proof is not None
    return session, proof[1]


def api(web: Client, path: str, token: str = TOKEN, **fields: str) -> Answer:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return web.ask("POST", path, headers, json.dumps(fields).encode())


WRITES = [
    "/operate/offers/1",
    f"/operate/links/{sample.SLUG}/4",
    "/operate/notices/4/redaction",
    "/operate/search",
    "/operate/sources",
    "/operate/sources/mihon/removal",
    "/operate/drafts",
    "/operate/incidents",
    f"/operate/incidents/{sample.SLUG}/edit",
]
API = ["/api/offers/1", f"/api/incidents/{sample.SLUG}/links/4", "/api/notices/4/redaction"]


def test_without_a_token_no_address_takes_anything(waiting: Archive) -> None:
    app = application(waiting, token="").app
    assert all(route.methods == {"GET", "HEAD"} for route in app.routes if isinstance(route, Route))  # type: ignore[attr-defined]
    for path in (*WRITES, *API, "/operate/enter"):
        assert post(application(waiting, token=""), path, decision="accept").status_code == 405


def test_every_write_wants_the_token_and_only_by_post(web: Client, waiting: Archive) -> None:
    writing = {
        route.path for route in web.app.routes if isinstance(route, Route) and "POST" in (route.methods or ())
    }  # type: ignore[attr-defined]
    assert len(writing) == len(WRITES) + len(API) + 2
    for path in WRITES:
        for cookie in ("", "kohyo=", "kohyo=x", "kohyo=1.x.é", "kohyo=9999999999.x." + "0" * 64):
            got = post(web, path, {"Cookie": cookie}, decision="accept", reason="x", sure="yes")
            assert got.status_code == 403
        assert web.get(f"{path}?decision=accept").status_code == 404
    for path in API:
        for header in ("", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ü"):
            got = web.ask("POST", path, {"Authorization": header, "Content-Type": "application/json"}, b"{}")
            assert (got.status_code, got.headers["www-authenticate"]) == (401, "Bearer")
    with waiting.read() as reader:
        assert [offer.status for offer in reader.offers()] == ["suggested"]
        assert reader.redactions() == []


def test_a_form_of_another_site_decides_nothing(web: Client) -> None:
    session, proof = entered(web)
    for headers, given in (
        (session, ""),
        (session, "0" * 64),
        (session, "é"),
        ({**session, "Origin": "https://evil.example"}, proof),
        ({**session, "Sec-Fetch-Site": "cross-site"}, proof),
        ({}, proof),
    ):
        assert post(web, WRITES[0], headers, decision="accept", proof=given).status_code == 403
    evil = {"Origin": "https://evil.example"}
    assert post(web, "/operate/enter", evil, token=TOKEN).status_code == 403
    assert post(web, "/operate/enter", token="wrong").status_code == 403


def test_a_source_is_found_looked_at_watched_and_taken_back(web: Client, waiting: Archive) -> None:
    session, proof = entered(web)
    found = post(web, "/operate/search", session, proof=proof, url="www.city.mihon.lg.jp")
    assert "保育料決定通知書の誤送付について" in found.text
    assert "該当" in found.text
    fields = {"declaration": DECLARATION, "name": "見本市", "kind": "affected", "proof": proof}
    assert post(web, "/operate/sources", session, **{**fields, "name": ""}).status_code == 400
    added = post(web, "/operate/sources", session, **fields)
    assert (added.status_code, "次の巡回から" in added.text) == (200, True)
    assert post(web, "/operate/sources", session, **fields).status_code == 409
    with waiting.read() as reader:
        (source,) = [source for source in reader.sources() if source.id == "mihon"]
    assert (source.origin, source.name, source.listing) == (
        "accepted",
        "見本市",
        ListingRules(topic="personal-data"),
    )
    assert source in list_sources(waiting, [], bundled=False)
    removal = "/operate/sources/mihon/removal"
    assert post(web, removal, session, proof=proof).status_code == 200
    assert post(web, removal, session, proof=proof).status_code == 409
    assert "mihon" not in {source.id for source in list_sources(waiting, [], bundled=False)}
    assert post(web, "/operate/sources", session, **fields).status_code == 200  # and back again
    assert post(web, "/operate/sources/mie/removal", session, proof=proof).status_code == 404


@pytest.mark.parametrize(
    ("declaration", "said"),
    [
        ("id = ", "broken TOML"),
        (f"{DECLARATION}\nprivate = true", "private"),
        (DECLARATION.replace("https://", "http://127.0.0.1/"), "private"),
        (DECLARATION.replace("start", "begin"), "begin"),
    ],
)
def test_a_declaration_that_cannot_be_used_is_refused_with_its_mistake(
    web: Client, declaration: str, said: str
) -> None:
    session, proof = entered(web)
    fields = {"declaration": declaration, "name": "見本市", "kind": "affected", "proof": proof}
    got = post(web, "/operate/sources?lang=en", session, **fields)
    assert got.status_code == 422
    assert said in got.text


def test_a_search_that_fails_says_why(web: Client) -> None:
    session, proof = entered(web)
    got = post(web, "/operate/search", session, proof=proof, url="https://down.example/")
    assert "no such host" in got.text


def test_an_accepted_address_is_watched_and_a_second_operator_hears_so(web: Client, waiting: Archive) -> None:
    session, proof = entered(web)
    other, others = entered(web)
    got = post(web, WRITES[0], {**session, "Origin": "null"}, decision="accept", proof=proof)
    assert got.status_code == 200
    assert "採用しました。次の巡回から確認します: https://y.example/" in got.text
    late = post(web, WRITES[0], other, decision="reject", proof=others)
    assert late.status_code == 409
    assert "すでに採用済みです" in late.text
    strict(Page(late.text))
    accessible(Page(late.text))
    assert api(web, API[0], decision="accept").json()["outcome"] == "already"
    with waiting.read() as reader:
        assert "https://y.example/" in [url for source in reader.sources() for url in source.start]
        assert [offer.status for offer in reader.offers()] == ["confirmed"]


def test_the_first_decision_on_a_link_stands(web: Client, waiting: Archive) -> None:
    assert api(web, API[1], decision="accept").status_code == 200
    got = api(web, API[1], decision="reject")
    assert (got.status_code, got.json()["outcome"]) == (409, "already")
    with waiting.read() as reader:
        assert "confirmed" in [link.status for link in reader.links_of_notice(4)]


def buttons(page: str) -> list[str]:
    """What a screen reader calls the buttons that decide something."""
    return [one["aria-label"] or "" for one in Page(page).all("button") if one.get("name") == "decision"]


def test_what_waits_is_told_apart_though_titles_are_the_same(web: Client, waiting: Archive) -> None:
    with waiting.write() as writer:
        incident = writer.incident(sample.SLUG)
        assert incident is not None
        for source, name, day in (
            ("mie", "1", 1),
            ("mie", "2", 2),
            ("fukuoka", "1", 1),
            ("mie", "3", None),
            ("mie", "4", None),
        ):
            url = f"https://{source}.example/{name}"
            page = writer.add_page(source, url, "page")
            published = date(2024, 5, day) if day else None
            notice = writer.add_notice(Notice(source, page.id, url, "お知らせ", published, NOW, NOW))
            writer.set_link(IncidentLink(incident.id, notice.id, "suggested"))
            writer.add_offer(Offer(source, url, "例示町", NOW))
    session, _ = entered(web)
    for path, waits in (("/operate", 12), ("/operate?lang=en", 12), ("/sources/mie.html", 9)):
        page = web.get(path, headers=session).text
        labels = buttons(page)
        assert len(labels) == len(set(labels)) == 2 * waits
        assert all(sample.INCIDENT.name in label for label in labels if "お知らせ" in label)
        rows = [
            " ".join(Page(row).text.split())
            for row in re.findall('<li><p(?: lang="ja")?>.*?</li>', page, re.DOTALL)
        ]
        assert len(rows) == len(set(rows)) == waits
        assert all(re.search("三重県|福岡県|個人情報保護委員会", row) for row in rows)
    assert "2024年5月2日" in web.get("/operate", headers=session).text


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_decision_is_confirmed_by_the_names_of_what_it_was_about(web: Client, lang: str) -> None:
    session, proof = entered(web)
    link = post(web, f"{WRITES[1]}?lang={lang}", session, decision="accept", proof=proof).text
    again = post(web, f"{WRITES[1]}?lang={lang}", session, decision="reject", proof=proof).text
    for page in (link, again):
        strict(Page(page))
        accessible(Page(page))
        for said in ("(令和6年1月24日)</a>", "個人情報保護委員会</a>", f"{sample.INCIDENT.name}</a>"):
            assert said in page
        hrefs = {(one["href"] or "").partition("?")[0].rpartition("../")[2] for one in Page(page).all("a")}
        assert {"notices/4.html", "sources/ppc.html", f"incidents/{sample.SLUG}.html", "operate"} <= hrefs
    offer = post(web, f"{WRITES[0]}?lang={lang}", session, decision="reject", proof=proof).text
    strict(Page(offer))
    accessible(Page(offer))
    for said in ('href="https://y.example/"', "例示町", "三重県</a>"):
        assert said in offer


def test_a_decision_on_a_link_is_turned_round_by_naming_it(web: Client, waiting: Archive) -> None:
    session, proof = entered(web)

    def decide(**fields: str) -> int:
        return post(web, WRITES[1], session, proof=proof, **fields).status_code

    def status() -> str:
        with waiting.read() as reader:
            (link,) = reader.links_of_notice(4)
            assert link.evidence == ("同じ委託先",)
            return link.status

    assert decide(decision="reject", overrules="confirmed") == 409
    assert status() == "suggested"
    done = post(web, WRITES[1], session, decision="reject", proof=proof)
    for page in (done.text, web.get("/notices/4.html", headers=session).text):
        assert 'name="overrules" value="rejected"' in page
        assert [label.partition(":")[0] for label in buttons(page)] == ["関連付ける"]
    assert buttons(web.get("/notices/4.html").text) == []

    assert decide(decision="accept") == 409
    assert decide(decision="accept", overrules="confirmed") == 400
    assert decide(decision="accept", overrules="x") == 400
    assert status() == "rejected"
    assert decide(decision="accept", overrules="rejected") == 200
    late = post(web, WRITES[1], session, decision="accept", overrules="rejected", proof=proof)
    assert late.status_code == 409
    assert "何も変更していません" in late.text
    assert status() == "confirmed"
    assert api(web, API[1], decision="reject", overrules="confirmed").status_code == 200
    assert api(web, API[1], decision="reject", overrules="confirmed").status_code == 409
    assert status() == "rejected"


def test_what_is_declared_has_no_button(web: Client, waiting: Archive) -> None:
    session, _ = entered(web)
    assert buttons(web.get("/notices/2.html", headers=session).text) == []
    with waiting.read() as reader:
        assert [link.status for link in reader.links_of_notice(2)] == ["declared"]


def test_after_a_form_no_link_leads_where_only_forms_lead(web: Client) -> None:
    session, proof = entered(web)
    for got in (
        post(web, "/operate/enter", token="wrong"),
        post(web, WRITES[1], session, decision="accept", proof=proof),
        post(web, WRITES[1], session, decision="x", proof=proof),
    ):
        assert [one["href"] for one in Page(got.text).all("a") if (one["href"] or "").startswith("?")] == []
    assert 'id="language"' in web.get("/operate").text


def test_what_is_redacted_is_gone_and_leaves_a_trace(web: Client, waiting: Archive) -> None:
    session, proof = entered(web)
    page = Page(web.get("/notices/4.html", headers=session).text)
    strict(page)
    accessible(page)
    assert post(web, WRITES[2], session, reason="本人の申出", proof=proof).status_code == 400
    assert post(web, WRITES[2], session, sure="yes", proof=proof).status_code == 400
    got = post(web, WRITES[2], session, reason="本人の申出", sure="yes", proof=proof)
    assert got.status_code == 200
    with waiting.read() as reader:
        assert [trace.reason for trace in reader.redactions()] == ["本人の申出"]


def test_a_source_shows_what_waits_and_buttons_to_operators_alone(web: Client) -> None:
    session, _ = entered(web)
    for path in ("/sources/mie.html", "/operate"):
        for page in (Page(web.get(path, headers=session).text), Page(web.get(f"{path}?lang=en").text)):
            strict(page)
            accessible(page)
    assert "operate/offers/1" in web.get("/sources/mie.html", headers=session).text
    anonymous = web.get("/sources/mie.html").text
    assert "例示町" in anonymous
    assert "operate/offers" not in anonymous


BAD = [(b"", 400), (b"[]", 400), (b"{", 400), (b'{"decision": 1}', 400), (b'{"decision": "x"}', 400), (b"[" * 9_000, 400), (b" " * 20_000, 413)]  # fmt: skip


@pytest.mark.parametrize(("body", "status"), BAD)
def test_bodies_that_make_no_sense_are_refused(web: Client, body: bytes, status: int) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    assert web.ask("POST", API[0], headers, body).status_code == status
    assert web.ask("POST", API[0], {**headers, "Content-Type": "text/plain"}, body).status_code == 415


@pytest.mark.parametrize("path", ["/api/offers/99", "/api/offers/99999999999999", "/api/incidents/x/links/4", f"/api/incidents/{sample.SLUG}/links/99"])  # fmt: skip
def test_unknown_ids_are_told(web: Client, path: str) -> None:
    assert api(web, path, decision="accept").status_code == 404


def test_a_session_ends_and_a_short_token_is_none(web: Client) -> None:
    session, proof = entered(web)
    got = post(web, "/operate/leave", session, proof=proof)
    assert "Max-Age=0" in got.headers["set-cookie"]
    with pytest.raises(ValueError, match="shorter than 16"):
        Gate("short")
    old = Gate(TOKEN).open_session(0)
    assert post(web, WRITES[0], {"Cookie": f"kohyo={old}"}, decision="accept", proof=proof).status_code == 403


@pytest.fixture
def empty(database_url: str) -> Iterator[Archive]:
    with open_archive(database_url) as opened:
        yield opened


def test_a_link_is_decided_once_on_both_engines(empty: Archive) -> None:
    with empty.write() as writer:
        incident = writer.put_incident(sample.INCIDENT)
        story = sample.Story(writer)
        for source in sample.SOURCES:
            writer.put_source(source)
        notice = story.notice("mie", "https://z.example/", "題", "2024-05-01", sample.blocks("本文"))
        link = IncidentLink(incident.id, notice.id, "suggested")
        writer.set_link(link)
    for status, stands in (("suggested", True), ("confirmed", True), ("rejected", False)):
        with empty.write() as writer:
            assert writer.set_link(IncidentLink(incident.id, notice.id, status)) is stands  # type: ignore[arg-type]
