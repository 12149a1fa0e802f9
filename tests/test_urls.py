"""One place in its many spellings, and the links that lead nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.text.urls import absolute, fetchable, place

AT = "https://www.city.example.jp/news/1.html"


@pytest.mark.parametrize(
    "spelled",
    [
        "https://www.city.example.jp/news/1.html;jsessionid=AAAA1111BBBB2222",
        "https://www.city.example.jp/news/1.html?PHPSESSID=0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "https://www.city.example.jp/(S(abc123def456))/news/1.html",
        "https://www.city.example.jp/news/1.html?utm_source=top&utm_campaign=a",
        "https://www.city.example.jp/news/1.html?fbclid=IwAR0",
        "https://www.city.example.jp/news/1.html?20261002",
        "https://www.city.example.jp/news/1.html?v=3",
        "https://www.city.example.jp/news/1.html?_=1790000000000",
        "https://www.city.example.jp/n/../news/./1.html",
        "https://WWW.City.example.jp:443/news/1.html#main",
        "http://www.city.example.jp/news/1.html",
        "https://www.city.example.jp/%6eews/1%2ehtml",
        "https://www.city.example.jp/news/1.html?",
    ],
)
def test_one_place_has_many_spellings(spelled: str) -> None:
    assert place(spelled) == place(AT)


@pytest.mark.parametrize(
    "other",
    [
        "https://www.city.example.jp/news/2.html",
        "https://www.city.example.jp/news/1.html?id=12",
        "https://www.city.example.jp/news/1.htm",
        "https://city.example.jp/news/1.html",
        "https://www.city.example.jp:8443/news/1.html",
        "https://www.city.example.jp/News/1.html",
        "https://www.city.example.jp/news/1.html#!/other",
        "https://www.city.example.jp/news/1.html?sid=12",
    ],
)
def test_what_may_be_another_place_is_one(other: str) -> None:
    assert place(other) != place(AT)


def test_a_number_may_be_all_that_names_an_article() -> None:
    diary = "https://example.jp/diary.php?20261002"
    assert place(diary) != place("https://example.jp/diary.php?20261003")
    assert place("https://example.jp/?p=1") != place("https://example.jp/?p=2")
    assert place("https://example.jp/r.html?v=1&id=3") != place("https://example.jp/r.html?v=1&id=4")


def test_what_is_asked_for_holds_nothing_of_one_visitor() -> None:
    spelled = "https://example.jp/n/1.html;jsessionid=AAAA?utm_source=x&id=3&gclid=1#top"
    assert fetchable(spelled) == "https://example.jp/n/1.html?id=3"
    assert fetchable("https://example.jp/r.pdf?1001") == "https://example.jp/r.pdf?1001"


@pytest.mark.parametrize(
    "href",
    [
        "http://お問い合わせ:電話/",
        "http://a.jp:99999/",
        "http://[::1",
        "http://",
        "mailto:a@b",
        "javascript:x",
        "\ud800",
    ],
)
def test_what_is_no_address_of_a_page_is_none(href: str) -> None:
    assert absolute(href, AT) is None or href == "\ud800"


def test_links_are_resolved_as_browsers_resolve_them() -> None:
    assert absolute(" ../n/\t2.html\n", AT) == "https://www.city.example.jp/n/2.html"
    assert absolute("/検索?語=漏えい#節", AT, "cp932") == (
        "https://www.city.example.jp/%E6%A4%9C%E7%B4%A2?%8C%EA=%98R%82%A6%82%A2#%E7%AF%80"
    )
    assert absolute("http://0x7f.1/", AT) == "http://127.0.0.1/"
    assert absolute("//例え.jp\\a", AT) == "https://xn--r8jz45g.jp/a"


@given(st.text(max_size=60), st.text(max_size=30))
def test_no_link_and_no_base_raises(href: str, base: str) -> None:
    for start in (AT, f"http://{base}"):
        url = absolute(href, start)
        if url is not None:
            assert place(place(url)) is not None
            assert place(fetchable(url)) == place(url)


@given(st.text(max_size=40))
def test_the_form_for_comparing_is_settled_at_once(path: str) -> None:
    url = absolute("/" + path, AT)
    if url is not None:
        assert place("http://" + place(url)) == place(url)
