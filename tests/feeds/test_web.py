from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import feedparser
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from feeds.publish import publish
from feeds.web import file_name, make_app
from storage.archive import Archive
from storage.records import Alert, Block, Comparison, Hunk, Offer, Passage, Segment, Version
from tests.feeds import rules, sample
from tests.feeds.client import Client
from tests.feeds.test_pages import Page, accessible, strict, unmarked_japanese


def compare(old: Version, new: Version) -> Comparison:
    """Everything differs: feeds only shows what it is told."""
    segments = (Segment(old.text, new.text),)
    row = Passage("change", Block("text", old.text), Block("text", new.text), (segments,))
    return Comparison((Hunk("change", old.text, new.text, segments),), (row,))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One archive for all that only ask."""
    opened = sample.archive(tmp_path_factory.mktemp("told"))
    yield opened
    opened.close()


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
    return make_app(archive, site=folder, base_url="https://kohyo.example/", compare=compare)


@pytest.fixture(scope="module")
def web(app: Starlette) -> Client:
    return Client(app)


ADDRESSES = {
    "/": "/",
    "/index.html": "/index.html?source=fukuoka&material=any",
    "/coverage.html": "/coverage.html",
    "/search": "/search?q=漏え",
    "/notices/{id:digits}.html": "/notices/2.html",
    "/notices/{id:digits}/diff": "/notices/2/diff?a=2&b=5",
    "/incidents/{slug:slug}.html": f"/incidents/{sample.SLUG}.html",
    "/sources/{id:slug}.html": "/sources/ppc.html",
    "/snapshots/{id:digits}": "/snapshots/1",
    "/static/kohyo.css": "/static/kohyo.css",
    "/static/kohyo.js": "/static/kohyo.js",
    "/static/kohyo.svg": "/static/kohyo.svg",
    "/static/htmx.min.js": "/static/htmx.min.js",
    "/feeds.opml": "/feeds.opml",
    "/feeds/deadlines.ics": "/feeds/deadlines.ics",
    "/feeds/all.{form}": "/feeds/all.atom",
    "/feeds/all/{number:digits}.{form}": "/feeds/all/1.rss",
    "/feeds/source/{id:slug}.{form}": "/feeds/source/fukuoka.rss",
    "/feeds/source/{id:slug}/{number:digits}.{form}": "/feeds/source/fukuoka/1.atom",
    "/feeds/incident/{slug:slug}.{form}": f"/feeds/incident/{sample.SLUG}.json",
    "/feeds/incident/{slug:slug}/{number:digits}.{form}": f"/feeds/incident/{sample.SLUG}/1.json",
    "/feeds/search.{form}": "/feeds/search.atom?q=勧告&provision=148",
    "/api/openapi.json": "/api/openapi.json",
    "/api/changes": "/api/changes?limit=2",
    "/api/changes.{form}": "/api/changes.csv",
    "/api/changes/{id:digits}": "/api/changes/4",
    "/api/notices": "/api/notices",
    "/api/notices.{form}": "/api/notices.jsonl",
    "/api/notices/{id:digits}": "/api/notices/2",
    "/api/notices/{id:digits}/diff": "/api/notices/2/diff?a=2&b=5",
    "/api/notices/{id:digits}/versions/{version:digits}": "/api/notices/2/versions/5",
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
PAGES = [address for route, address in ADDRESSES.items() if route.count(".html") or route in ("/", "/search")]


def test_every_route_is_enumerated_and_only_reads(app: Starlette) -> None:
    routes = [route for route in app.routes if isinstance(route, Route)]
    assert {route.path for route in routes} == {*ADDRESSES, "/{path:path}"}
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
    if len(got.content) > 1_000:
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


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=勧告", ["個人情報保護委員会"]),
        ("kind=withdrawn", ["例示マーケティング"]),
        ("source=mie&reason=outcome", ["三重県"]),
        ("source=mie,fukuoka&kind=updated", ["三重県", "福岡県"]),
        ("publisher=regulator", ["個人情報保護委員会"]),
        ("incident=nowhere", []),
        ("min_count=9100000", ["例示マーケティング"]),
        ("provision=148", ["個人情報保護委員会"]),
        ("since=2024-01-01&until=2024-02-01", ["個人情報保護委員会", "福岡県"]),
        ("material=false", ["福岡県"]),
        ("utm_source=reader&kind=withdrawn", ["例示マーケティング"]),
    ],
)
def test_a_question_is_a_feed(web: Client, query: str, titles: list[str]) -> None:
    body = web.get(f"/feeds/search.atom?{query}").content
    rules.atom(body)
    parsed = feedparser.parse(body)
    assert [entry.author for entry in parsed.entries] == titles
    own = next(link.href for link in parsed.feed.links if link.rel == "self")
    assert web.get(own.removeprefix("https://kohyo.example")).content == body


REFUSED = [
    "q=" + "長" * 10_000,
    "q=%00%01",
    "kind=gone",
    "publisher=x",
    "reason=%27",
    "material=perhaps",
    "min_count=many",
    "min_count=" + "9" * 5_000,
    "min_count=-1",
    "min_count=１２",
    "since=0001-01-01",
    "since=yesterday",
    "since=2024-02-31",
    "before=x",
    "before=" + "9" * 30,
    "lang=fr",
    "organisation=" + "x" * 300,
]


@pytest.mark.parametrize("query", REFUSED)
@pytest.mark.parametrize("path", ["/feeds/search.atom", "/api/changes", "/search", "/"])
def test_questions_that_make_no_sense_are_refused_in_words(web: Client, path: str, query: str) -> None:
    if path == "/api/changes" and query.startswith(("lang", "before")):
        query = query.replace("before", "after").replace("lang=fr", "limit=x")
    got = web.get(f"{path}?{query}")
    assert got.status_code == 400
    assert "Traceback" not in got.text
    html = got.headers["content-type"].startswith("text/html")
    assert html == (path in ("/search", "/"))
    assert got.headers["x-content-type-options"] == "nosniff"
    assert len(got.text) < 4_000


@pytest.mark.parametrize(
    "words", ["'", '"', "%", "_", "*", "漏", "' OR 1=1 --", "a AND b", "(", "\\", "<b>", "漏え\x00い"]
)
def test_any_words_can_be_searched_for(web: Client, words: str) -> None:
    for path in ("/search", "/feeds/search.atom", "/api/search"):
        got = web.get(path, params={"q": words})
        assert got.status_code == 200, (path, got.text)


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
    assert file_name("ppc", 7, kind) == name
    assert file_name('漏"\r\n/..', 7, kind) == name.replace("ppc", "snapshot")


def test_the_search_marks_what_it_found(web: Client) -> None:
    text = web.get("/search", params={"q": "確認されて"}).text
    assert "<mark>確認されて</mark>" in text
    assert f"feeds/search.atom?q={quote('確認されて')}" in text


def test_a_database_that_does_not_answer_is_a_503(archive: Archive, tmp_path: Path) -> None:
    app = make_app(archive)
    archive.close()
    for file in tmp_path.glob("kohyo.db*"):
        file.unlink()
    (tmp_path / "kohyo.db").mkdir()
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


def test_a_form_with_empty_fields_leads_to_the_address_that_says_the_same(web: Client) -> None:
    got = web.get("/?source=&publisher=regulator&kind=&lang=en")
    assert (got.status_code, got.headers["location"]) == (303, "?publisher=regulator&lang=en")
    got = web.get("/search?q=%E6%BC%8F%E3%81%88&order=")
    assert (got.status_code, got.headers["location"]) == (303, "?q=%E6%BC%8F%E3%81%88")
    assert web.get("/?source=&kind=").headers["location"] == "?"


def test_a_search_is_in_either_order_and_its_feed_in_its_own(web: Client) -> None:
    page = web.get("/search?q=漏え&order=relevance").text
    assert '<option value="relevance" selected>' in page
    assert "feeds/search.atom?q=%E6%BC%8F%E3%81%88" in page
    assert "order=relevance&amp;" not in page.partition('id="found"')[2].partition("</p>")[0]
    assert web.get("/search?q=漏え&order=loudest").status_code == 400
    for order in ("newest", "relevance"):
        found = web.get(f"/api/search?q=漏え&order={order}").json()["items"]
        assert {hit["notice"] for hit in found} == {2, 3}


def test_a_notice_of_many_changes_shows_the_newest_in_full(archive: Archive) -> None:
    made = sample.many(archive, 60)
    page = Client(make_app(archive)).get(f"/notices/{made[0].notice}.html").text
    for change in made:
        assert f'id="change-{change.id}"' in page, "a feed leads to it"
    assert page.count("<ul><li>") <= 60


def test_conditions_without_a_field_stay_when_another_filter_is_chosen(web: Client) -> None:
    page = web.get("/index.html?q=漏え&since=20240101&kind=updated").text
    assert '<input type="date" name="since" value="2024-01-01">' in page, "a browser shows no other spelling"
    assert '<input type="hidden" name="q" value="漏え">' in page
    assert 'type="hidden" name="kind"' not in page
    assert "語句: 漏え" in page
    assert 'href="index.html?kind=updated&amp;since=2024-01-01">解除' in page


@pytest.mark.parametrize("path", ["/index.html?", "/search?q=委託&"])
def test_what_a_notice_states_and_when_it_changed_have_fields(web: Client, path: str) -> None:
    asked = {
        "since": "2024-01-01", "until": "2024-02-01", "min_count": "10", "provision": "148", "organisation": "例示"
    }  # fmt: skip
    page = web.get(path + urlencode(asked)).text
    for name, value in asked.items():
        assert re.search(f'<input type="(date|number|text)" name="{name}" value="{value}"', page), name
    assert " hidden>" in page.partition('id="conditions"')[2][:90]


def test_every_condition_is_a_field_or_stays_and_is_told(web: Client) -> None:
    page = web.get("/index.html?source=fukuoka,ppc&material=false&q=漏え").text
    for name, value in (("source", "fukuoka"), ("material", "false"), ("q", "漏え")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert '<option value="ppc" selected>' in page
    assert "重要度: 軽微な変更のみ" in page
    english = web.get("/search?q=x&material=any&since=2024-01-01&lang=en").text
    assert "weight: minor ones too" in english
    assert 'href="search?q=x&amp;since=2024-01-01&amp;lang=en">remove' in english
    assert 'type="hidden" name="q"' not in english
    page = web.get("/search?q=x&kind=updated&order=relevance").text
    assert " hidden>" in page.partition('id="conditions"')[2][:90]
    assert 'autocomplete="off"' in page, "or a browser puts back what is no longer asked for"


def test_a_passage_says_where_its_text_goes_on(archive: Archive) -> None:
    with archive.write() as writer:
        told = sample.Story(writer)
        for number, text in enumerate(
            ("あ" * 90 + "調査甲" + "い" * 90, "調査乙の終わり", "調査丙" + "う" * 90)
        ):
            url = f"https://www.ppc.go.jp/cut/{number}/"
            told.notice("ppc", url, "表題", "2024-05-01", sample.blocks(text))
    web = Client(application(archive))
    shown = [web.get(f"/search?q={quote(words)}").text for words in ("調査甲", "調査乙", "調査丙")]
    assert re.search("…あ+<mark>調査甲</mark>い+…</p>", shown[0])
    assert '<p lang="ja"><mark>調査乙</mark>の終わり</p>' in shown[1]
    assert re.search('<p lang="ja"><mark>調査丙</mark>う+…</p>', shown[2])


def test_a_search_names_the_publishers_that_are_called_so(web: Client) -> None:
    """Which seldom write their own name in their notices."""
    page = web.get("/search?q=福岡県").text
    assert '<a href="sources/fukuoka.html">福岡県</a>' in page
    assert "この情報源で" not in page
    words = 'ＮＯＴ 福岡 "人 数"'
    within = urlencode({"q": 'ＮＯＴ "人 数"', "source": "fukuoka"}).replace("&", "&amp;")
    assert f'<a href="search?{within}">' in web.get("/search?" + urlencode({"q": words})).text
    assert "名称に語句を含む情報源" not in web.get("/search?q=県").text
    assert "名称に語句を含む情報源" not in web.get("/search?q=漏えい").text


def test_rows_are_saved_as_they_are_shown(web: Client) -> None:
    for page, rows in (
        (
            "/index.html?publisher=affected&kind=updated",
            "api/changes.csv?kind=updated&publisher=affected&material=true",
        ),
        ("/index.html?material=any&source=mie,ppc", "api/changes.csv?material=any&source=mie&source=ppc"),
        ("/search?q=委託&order=relevance", f"api/search.csv?order=relevance&q={quote('委託')}"),
    ):
        assert f'href="{rows.replace("&", "&amp;")}"' in web.get(page).text
        assert web.get(f"/{rows}").status_code == 200
    assert 'href="api/changes.jsonl"' in web.get("/").text


def test_a_search_for_nothing_asks_for_words(web: Client) -> None:
    assert "検索する語句を入力してください" in web.get("/search?source=ppc").text
    assert "検索する語句を入力してください" not in web.get("/search").text


def test_a_search_without_hits_says_how_it_looks(web: Client) -> None:
    page = web.get("/search?q=存在しない語").text
    assert page.index("見つかりませんでした") < page.index("この条件の変更を購読する")
    assert "見つかった公表" not in page
    assert "別の書き方もお試しください" in page
