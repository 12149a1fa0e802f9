from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from feeds.evidence.file_names import make_file_name
from feeds.site.publish import publish
from feeds.web.app import make_app
from storage.archive import Archive
from storage.records import Alert, Block, Comparison, Hunk, Offer, Passage, Segment, Version
from tests.databases import ruin
from tests.feeds import rules, sample
from tests.feeds.client import Client
from tests.feeds.test_pages import Page, accessible, strict, unmarked_japanese


def compare(old: Version, new: Version) -> Comparison:
    """Everything differs: feeds only shows what it is told."""
    segments = (Segment(old.text, new.text),)
    row = Passage("change", Block("text", old.text), Block("text", new.text), (segments,))
    return Comparison((Hunk("change", old.text, new.text, segments),), (row,))


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One with so many changes that feeds have archives."""
    opened = sample.archive(tmp_path_factory.mktemp("busy"))
    sample.many(opened, 230)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def app(told: Archive) -> Starlette:
    return application(told)


def application(archive: Archive, folder: Path | None = None) -> Starlette:
    return make_app(
        archive, site=folder, base_url="https://kohyo.example/", compare=compare, watching=[sample.WATCHED]
    )


@pytest.fixture(scope="module")
def web(app: Starlette) -> Client:
    return Client(app)


ADDRESSES = {
    "/": "/",
    "/index.html": "/index.html?source=fukuoka&material=any",
    "/coverage.html": "/coverage.html",
    "/about.html": "/about.html",
    "/glossary.html": "/glossary.html",
    "/search": "/search?q=漏え",
    "/rows": "/rows?q=漏え",
    "/notices/{id:digits}.html": "/notices/2.html",
    "/notices/{id:digits}/diff": "/notices/2/diff?a=2&b=5",
    "/incidents/{slug:slug}.html": f"/incidents/{sample.SLUG}.html",
    "/incidents/{slug:slug}/roster.{form}": f"/incidents/{sample.SLUG}/roster.csv",
    "/sources/{id:slug}.html": "/sources/ppc.html",
    "/watching/{name:slug}.html": "/watching/prefectures.html",
    "/organisations.html": "/organisations.html?q=県",
    "/organisations/{key:slug}.html": "/organisations/福岡県.html",
    "/snapshots/{id:digits}": "/snapshots/1",
    "/static/kohyo.css": "/static/kohyo.css",
    "/static/kohyo.js": "/static/kohyo.js",
    "/static/kohyo.svg": "/static/kohyo.svg",
    "/static/htmx.min.js": "/static/htmx.min.js",
    "/feeds.opml": "/feeds.opml",
    "/feeds/deadlines.ics": "/feeds/deadlines.ics",
    "/feeds/clocks.ics": "/feeds/clocks.ics",
    "/feeds/all.{form}": "/feeds/all.atom",
    "/feeds/all/{number:digits}.{form}": "/feeds/all/1.rss",
    "/feeds/source/{id:slug}.{form}": "/feeds/source/fukuoka.rss",
    "/feeds/source/{id:slug}/{number:digits}.{form}": "/feeds/source/fukuoka/1.atom",
    "/feeds/watching/{name:slug}.{form}": "/feeds/watching/prefectures.json",
    "/feeds/watching/{name:slug}/{number:digits}.{form}": "/feeds/watching/prefectures/1.atom",
    "/feeds/organisation/{key:slug}.{form}": "/feeds/organisation/福岡県.atom",
    "/feeds/organisation/{key:slug}/{number:digits}.{form}": "/feeds/organisation/福岡県/1.json",
    "/feeds/incident/{slug:slug}.{form}": f"/feeds/incident/{sample.SLUG}.json",
    "/feeds/incident/{slug:slug}/{number:digits}.{form}": f"/feeds/incident/{sample.SLUG}/1.json",
    "/feeds/incident/{slug:slug}/roster.{form}": f"/feeds/incident/{sample.SLUG}/roster.atom",
    "/feeds/search.{form}": "/feeds/search.atom?q=勧告&provision=148",
    "/api/openapi.json": "/api/openapi.json",
    "/api/changes": "/api/changes?limit=2",
    "/api/changes.{form}": "/api/changes.csv",
    "/api/changes/{id:digits}": "/api/changes/4",
    "/api/changes/{id:digits}/evidence.zip": "/api/changes/4/evidence.zip",
    "/api/notices/{id:digits}/evidence.zip": "/api/notices/2/evidence.zip",
    "/api/notices": "/api/notices",
    "/api/notices.{form}": "/api/notices.jsonl",
    "/api/notices/{id:digits}": "/api/notices/2",
    "/api/notices/{id:digits}/diff": "/api/notices/2/diff?a=2&b=5",
    "/api/notices/{id:digits}/versions/{version:digits}": "/api/notices/2/versions/5",
    "/api/tables/{what}.{form}": "/api/tables/facts.jsonl",
    "/api/sources": "/api/sources",
    "/api/sources/{id:slug}": "/api/sources/mie",
    "/api/sources/{id:slug}/checks": "/api/sources/mie/checks",
    "/api/sources/{id:slug}/checks.{form}": "/api/sources/mie/checks.csv",
    "/api/incidents": "/api/incidents",
    "/api/incidents/{slug:slug}": f"/api/incidents/{sample.SLUG}",
    "/api/search": "/api/search?q=928",
    "/api/search.{form}": "/api/search.csv?q=928",
    "/api/alerts": "/api/alerts",
    "/api/alerts.{form}": "/api/alerts.jsonl",
    "/api/offers": "/api/offers?status=suggested",
    "/api/links": "/api/links",
    "/api/redactions": "/api/redactions",
}
PAGES = [
    address
    for route, address in ADDRESSES.items()
    if route.count(".html") or route in ("/", "/search", "/rows")
]


def test_every_route_is_enumerated_and_only_reads(app: Starlette) -> None:
    routes = [route for route in app.routes if isinstance(route, Route)]
    of_programs = {"/healthz", "/metrics"}  # answers of the moment
    assert {route.path for route in routes} == {*ADDRESSES, *of_programs, "/{path:path}"}
    assert len(routes) == len(app.routes)
    for route in routes:
        assert route.methods == {"GET", "HEAD"}


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_every_route_answers_conditionally_and_sealed(busy: Archive, address: str) -> None:
    web = Client(application(busy))
    got = web.get(address, headers={"Accept-Encoding": "identity"})
    assert got.status_code == 200, got.text
    assert got.headers["x-content-type-options"] == "nosniff"
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    if not got.headers["content-type"].startswith("text/html"):
        assert "sandbox" in policy
    tag = got.headers["etag"]
    assert tag.startswith('"')
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = web.get(address, headers={"If-None-Match": known, "Accept-Encoding": "identity"})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert web.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    head = web.ask("HEAD", address, headers={"Accept-Encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.content))
    if modified := got.headers.get("last-modified"):
        assert web.get(address, headers={"If-Modified-Since": modified}).status_code == 304
        early = {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}
        assert web.get(address, headers=early).status_code == 200
    packed = web.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.content == got.content
    if len(got.content) > 1_000 and "vary" in got.headers:  # files made for one answer are sent as they are
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["etag"] != tag
    assert web.ask("POST", address).status_code == 405


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_pages_are_strict_accessible_and_keep_their_language(web: Client, address: str, lang: str) -> None:
    mark = "&" if "?" in address else "?"
    page = Page(web.get(f"{address}{mark}lang={lang}").text)
    strict(page)
    accessible(page)
    assert page.all("html")[0]["lang"] == lang
    for control in page.all("input", "select"):
        assert control.get("type") == "hidden" or page.all("label")
    ours = [
        link["href"] or ""
        for link in page.all("a")
        if not (link["href"] or "").startswith(("http", "#", "?"))
    ]
    assert ours
    if lang == "en":
        assert all("lang=en" in href for href in ours)


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_live_feeds_keep_the_rules_and_lead_back_to_the_first(busy: Archive, form: str) -> None:
    web = Client(application(busy))
    address, found, pages = f"/feeds/all.{form}", [], 0
    while address:
        body = web.get(address).content
        found += rules.CHECKS[form](body)
        pages += 1
        if form == "json":
            address = json.loads(body).get("next_url", "")
        else:
            links = feedparser.parse(body).feed.links
            address = next((link.href for link in links if link.rel == "prev-archive"), "")
        address = address.removeprefix("https://kohyo.example")
    assert (len(found), len(set(found)), pages) == (238, 238, 3)


def test_live_and_published_entries_are_the_same(web: Client, published: Path) -> None:
    live = web.get("/feeds/all.json").json()["items"]
    still = json.loads((published / "feeds/all.json").read_bytes())["items"]
    for a, b in zip(live, still, strict=True):
        assert {**a, "content_html": ""} == {
            **b,
            "content_html": "",
        }  # only the live one can compare versions


@pytest.mark.parametrize("address", [*PAGES, "/notices/2/diff?a=2&b=5&view=inline", "/?source=fukuoka"])
def test_what_is_japanese_on_an_english_page_is_marked_so(web: Client, address: str) -> None:
    body = web.get(f"{address}{'&' if '?' in address else '?'}lang=en").content
    assert unmarked_japanese(body) == []


@pytest.fixture(scope="module")
def published(told: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published")
    publish(told, out, base_url="https://kohyo.example/")
    return out


MISSING = [
    "/nope",
    "/notices/999.html",
    "/notices/99999999999999999999999.html",
    "/notices/x.html",
    "/notices/" + "9" * 5_000 + ".html",
    "/feeds/all/" + "9" * 30 + ".atom",
    "/incidents/%00.html",
    "/api/notices/" + "9" * 5_000,
    "/api/notices/-1",
    "/api/notices/１",
    "/api/incidents/%00",
    "/notices/2/diff?a=2&b=1",
    "/notices/2/diff?a=2&b=999",
    "/incidents/nope.html",
    "/sources/nope.html",
    "/snapshots/999",
    "/snapshots/99999999999999999999999",
    "/feeds/all.xml",
    "/feeds/all/0.atom",
    "/feeds/all/9.atom",
    "/feeds/source/nope.atom",
    "/feeds/incident/nope.rss",
    "/feeds/search.html",
    "/api/changes.xlsx",
    "/api/notices/999",
    "/api/incidents/nope",
    "/static/../pyproject.toml",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc/passwd",
    "//etc/passwd",
    "/.kohyo.json",
    "/%00",
    "/<script>alert(1)</script>",
]


@pytest.mark.parametrize("address", MISSING)
def test_what_is_not_there_is_a_clear_404(told: Archive, published: Path, address: str) -> None:
    assert Client(application(told)).get(address).status_code == 404
    got = Client(application(told, published)).get(address)
    assert got.status_code == 404
    assert "<script>" not in got.text
    if address.startswith(("/feeds", "/api", "/snapshots", "/static")):
        assert got.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("address", "ja", "en"),
    [
        ("/notices/999.html", "この公表は記録にありません。", "this notice is not on record"),
        ("/nope", "お探しのページは記録にありません。", "this page is not on record"),
        ("/?kind=x", "kindに指定できる値: new, updated", "kind is one of: new, updated"),
        ("/?kind=%C2%9D", "kindに指定できる値: new, updated", "kind is one of: new, updated"),
        ("/search?since=x", "sinceには2024-01-24のような実在の日付を", "since is not a day such as"),
        ("/notices/2/diff", "比較する二つの版を", "a comparison needs two versions"),
    ],
)
def test_errors_are_told_in_the_language_of_the_page(web: Client, address: str, ja: str, en: str) -> None:
    query = "&" if "?" in address else "?"
    japanese, english = web.get(address), web.get(f"{address}{query}lang=en")
    assert japanese.status_code == english.status_code >= 400
    assert ja in japanese.text
    assert en not in japanese.text
    assert en in english.text
    assert ja not in english.text
    assert 'lang=en" hreflang="en"' in japanese.text
    assert 'lang=ja" hreflang="ja"' in english.text
    for answer in (japanese, english):
        page = Page(answer.text)
        strict(page)
        accessible(page)


def test_the_page_of_a_source_tells_its_health(archive: Archive) -> None:
    with archive.write() as writer:
        alert = Alert(
            "soft-404", "mie", "https://x.example/", "<b>見つかりません</b>", sample.at("2024-05-01")
        )
        writer.raise_alert(alert)
        writer.add_offer(Offer("mie", "https://y.example/", "例示町", sample.at("2024-05-01")))
    page = Page(Client(application(archive)).get("/sources/mie.html").text)
    strict(page)
    accessible(page)
    for said in ("<b>見つかりません</b>", "警告 1件", "例示町"):
        assert said in page.text


def test_what_is_noted_in_english_is_marked_so_on_a_japanese_page(archive: Archive) -> None:
    with archive.write() as writer:
        alert = Alert("blocked", "mie", "https://x.example/", "HTTP 403", sample.at("2024-05-01"))
        writer.raise_alert(alert)
    web = Client(application(archive))
    assert '<span lang="en">HTTP 403</span>' in web.get("/sources/mie.html").text
    assert "<span>HTTP 403</span>" in web.get("/sources/mie.html?lang=en").text


def test_any_two_versions_can_be_chosen(archive: Archive) -> None:
    with archive.write() as writer:
        notice = writer.notice(2)
        assert notice is not None
        sample.Story(writer).version(notice, "2024-06-01", sample.blocks("三つ目の版"))
    page = Page(Client(application(archive)).get("/notices/2.html").text)
    names = [control["name"] for control in page.all("select")]
    assert names == ["a", "b"]
    assert len(page.all("option")) == 6


def test_a_comparison_needs_two_versions(web: Client) -> None:
    assert web.get("/notices/2/diff").status_code == 400
    assert web.get("/notices/2/diff?a=2&b=x").status_code == 400
    assert web.get("/notices/2/diff?a=2&b=5&view=upside-down").status_code == 400
    assert "<select" in web.get("/notices/2/diff?a=2&b=5&view=inline").text
    assert "162,828人" in web.get("/notices/2/diff?a=2&b=5").text


def test_files_of_a_published_tree_are_served_beside(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/robots.txt").write_text("User-agent: *\n")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "out/link.txt").symlink_to(tmp_path / "secret.txt")
    web = Client(make_app(archive, site=tmp_path / "out"))
    assert web.get("/robots.txt").text == "User-agent: *\n"
    assert web.get("/link.txt").status_code == 404
    assert web.get("/%2e%2e/secret.txt").status_code == 404


def test_stored_bytes_are_a_download_and_never_a_page(web: Client) -> None:
    got = web.get("/snapshots/1")
    assert b"<html>" in got.content
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"] == 'attachment; filename="procx-1.html"'
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("application/PDF; x=y", "ppc-7.pdf"),
        ("text/html", "ppc-7.html"),
        ("image/x", "ppc-7.bin"),
        (None, "ppc-7.bin"),
    ],
)
def test_a_download_is_called_by_its_source_and_type(kind: str | None, name: str) -> None:
    assert make_file_name("ppc", 7, kind) == name
    assert make_file_name('漏"\r\n/..', 7, kind) == name.replace("ppc", "snapshot")


def test_a_database_that_does_not_answer_is_a_503(archive: Archive, tmp_path: Path) -> None:
    app = make_app(archive)
    archive.close()
    ruin(tmp_path / "kohyo.db")
    got = Client(app).get("/feeds/all.atom")
    assert got.status_code == 503
    assert got.text == "the archive does not answer\n"


def test_the_base_is_the_address_asked_where_none_is_given(archive: Archive) -> None:
    web = Client(make_app(archive), "127.0.0.1:8000")
    body = web.get("/feeds/all.atom").content
    assert b'href="http://127.0.0.1:8000/feeds/all.atom"' in body
    hostile = web.get("/feeds/all.atom", headers={"Host": 'x"><script>'})
    assert hostile.status_code == 200
    rules.atom(hostile.content)


def test_gzip_is_deterministic(web: Client) -> None:
    first = web.get("/", headers={"Accept-Encoding": "gzip"})
    assert web.get("/", headers={"Accept-Encoding": "gzip"}).headers["etag"] == first.headers["etag"]
    assert gzip.compress(b"x", 6, mtime=0) == gzip.compress(b"x", 6, mtime=0)


@pytest.mark.parametrize(
    "since", ["x", "Mon, 01 Jan 2024 00:00:00 +99999999999999", "Mon, 01 Jan 99999999999999 00:00:00 GMT"]
)
def test_a_date_that_is_none_is_no_condition(web: Client, since: str) -> None:
    assert web.get("/", headers={"If-Modified-Since": since}).status_code == 200


def test_a_notice_of_many_changes_shows_the_newest_in_full(archive: Archive) -> None:
    made = sample.many(archive, 60)
    page = Client(make_app(archive)).get(f"/notices/{made[0].notice}.html").text
    for change in made:
        assert f'id="change-{change.id}"' in page, "a feed leads to it"
    assert page.count("<ul><li>") <= 60
