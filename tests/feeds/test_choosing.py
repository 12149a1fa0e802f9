"""What a reader searches for and filters by: questions in addresses, and how the pages show them."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

import feedparser
import pytest

from feeds.web.app import make_app
from storage.archive import Archive
from storage.records import Fact
from tests.feeds import rules, sample
from tests.feeds.client import Client


@pytest.fixture(scope="module")
def web(told: Archive) -> Client:
    return Client(make_app(told, base_url="https://kohyo.example/"))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=勧告", ["個人情報保護委員会"]),
        ("kind=withdrawn", ["例示マーケティング"]),
        ("source=mie&reason=outcome", ["三重県"]),
        ("source=mie,fukuoka&kind=updated", ["三重県", "福岡県"]),
        ("publisher=regulator", ["個人情報保護委員会"]),
        ("incident=nowhere", []),
        ("min_count=9100000", ["例示マーケティング", "例示マーケティング"]),
        ("stated_over=9100000", ["例示マーケティング", "例示マーケティング"]),
        ("changed_over=1000000", ["例示マーケティング"]),
        ("changed_over=100000", ["福岡県", "例示マーケティング"]),
        ("changed_by=10%25", ["福岡県"]),
        ("changed_by=30000", ["例示マーケティング"]),
        ("period=fy2024&kind=updated", []),
        ("period=R5年度&kind=updated", ["三重県", "福岡県", "例示マーケティング"]),
        ("period=2024-01&kind=updated", ["福岡県"]),
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
    "changed_by=10.5",
    "changed_by=%25",
    "outcome=perhaps",
    "period=soon",
    "period=R99999年度",
    "period=fy2024&since=2024-01-01",
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


def test_the_search_marks_what_it_found(web: Client) -> None:
    text = web.get("/search", params={"q": "確認されて"}).text
    assert "<mark>確認されて</mark>" in text
    assert f"feeds/search.atom?q={quote('確認されて')}" in text


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
        "since": "2024-01-01", "until": "2024-02-01", "stated_over": "10", "changed_over": "5", "changed_by": "10%",
        "provision": "148", "organisation": "例示", "body": "例示"
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
    web = Client(make_app(archive))
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


def test_a_search_without_words_lists_the_notices_that_pass_the_filters(web: Client) -> None:
    page = web.get("/search?action=recommendation&period=R5年度").text
    assert "例示マーケティング及び例示ソリューションズに対する行政上の対応" in page
    assert "見つかった公表" in page
    rows = "api/notices.csv?action=recommendation&amp;since=2023-04-01&amp;until=2024-04-01"
    assert f'href="{rows}"' in page
    assert "見つかりませんでした" in web.get("/search?action=recommendation&period=fy2024").text
    assert "見つかった公表" not in web.get("/search").text


def test_a_search_without_hits_says_how_it_looks(web: Client) -> None:
    page = web.get("/search?q=存在しない語").text
    assert page.index("見つかりませんでした") < page.index("この条件の変更を購読する")
    assert "見つかった公表" not in page
    assert "別の書き方もお試しください" in page


@pytest.fixture
def stepped(archive: Archive) -> Client:
    """The sample, of which one text says that the police were informed, and that nobody was notified."""
    with archive.write() as writer:
        (mie,) = [notice for notice in writer.notices() if notice.source == "mie"][:1]
        page = writer.page_by_id(mie.page)
        assert page is not None
        assert page.version is not None
        said = [
            Fact("step", "police-informed", "警察に相談", 0, 5, qualifiers=("date:2023-10-14",)),
            Fact("step", "persons-notified", "本人に通知", 6, 11, qualifiers=("denied",)),
        ]
        writer.add_facts(page.version, said)
    return Client(make_app(archive, base_url="https://kohyo.example"))


def test_a_step_that_was_taken_restricts_pages_feeds_and_lists_and_one_denied_does_not(
    stepped: Client,
) -> None:
    for path, items in (
        ("/api/changes", "items"),
        ("/api/notices", "items"),
        ("/api/search?q=漏えい", "items"),
    ):
        sign = "&" if "?" in path else "?"
        found = stepped.get(f"{path}{sign}step=police-informed").json()[items]
        assert {row["source"] for row in found} == {"mie"}, path
        assert stepped.get(f"{path}{sign}step=persons-notified").json()[items] == [], path
    for form in ("json", "atom", "rss"):
        entries = [
            stepped.get(f"/feeds/search.{form}?step={step}").text for step in ("police-informed", "arrested")
        ]
        assert ("三重県" in entries[0], "三重県" in entries[1]) == (True, False), form
    csv = stepped.get("/api/changes.csv?step=police-informed").text
    assert ",facts,steps,dates," in csv.splitlines()[0]
    assert "mie" in csv
    assert "fukuoka" not in csv


def test_the_form_shows_and_keeps_the_step_that_is_asked_for(stepped: Client) -> None:
    for path in ("/", "/search"):
        page = stepped.get(f"{path}?step=police-informed").text
        assert '<option value="police-informed" selected>警察へ相談・届出</option>' in page
        assert "step=police-informed" in page  # the feeds of what is asked for
        english = stepped.get(f"{path}?step=police-informed&lang=en").text
        assert ">police informed<" in english
        assert stepped.get(f"{path}?step=police").status_code == 400


def test_a_feed_keeps_its_identifier_under_a_newer_name_of_its_filter(web: Client) -> None:
    ids = {
        feedparser.parse(web.get(f"/feeds/search.atom?{name}=10000&kind=updated").content).feed.id
        for name in ("min_count", "stated_over")
    }
    assert [one.partition("search?")[2] for one in ids] == ["kind=updated&min_count=10000"]
