from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.wording import sanitise
from feeds.wording.sanitise import one_line, plain, web_url
from tests.feeds import rules


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("漏えいについて(<b>お詫び</b>)", "漏えいについて(お詫び)"),
        ("<script>alert(1)</script>お知らせ", "alert(1)お知らせ"),
        ("&lt;img src=x onerror=alert(1)&gt;", ""),
        ("&amp;lt;script&amp;gt;", ""),
        ("<<b>script>alert(1)<</b>/script>", "alert(1)"),
        ("a < b > c", "a ＜ b ＞ c"),
        ("人数\x00\x08の\ud800訂正\ufffe", "人数の訂正"),
        ("安全\u202eexe.txt\u200b\u061c", "安全exe.txt"),
        ("一行目\r\n二行目\u2028三行目", "一行目 二行目 三行目"),
        ("＜script＞", "＜script＞"),
    ],
)
def test_titles_lose_what_could_run_or_mislead(raw: str, clean: str) -> None:
    assert one_line(raw) == clean


def test_a_title_of_10_000_characters_is_cut() -> None:
    assert one_line("長" * 10_000) == "長" * 199 + "…"


@given(st.text(st.characters(), max_size=300))
def test_any_text_becomes_a_title_fit_for_xml(raw: str) -> None:
    title = one_line(raw)
    assert not re.search(r"[<>\n\r]", title)
    assert not rules.FORBIDDEN.search(plain(raw))
    title.encode()
    assert one_line(title) == title or "&" in title


def test_whatever_can_be_printed_is_fit() -> None:
    printable = "".join(filter(str.isprintable, map(chr, range(0x110000))))
    assert not sanitise._UNFIT.search(printable)  # so it need not be searched for
    assert plain("a\u200bb\nc\ufffd") == "ab\nc〓"


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("https://www.example.go.jp/news/26 622", "https://www.example.go.jp/news/26%20622"),
        ("https://example.jp/a\"b'c<d>", "https://example.jp/a%22b%27c%3Cd%3E"),
        ("https://example.jp/税?q=漏え#節", "https://example.jp/%E7%A8%8E?q=%E6%BC%8F%E3%81%88#%E7%AF%80"),
        ("https://日本語.example/", "https://xn--wgv71a119e.example/"),
        ("https://example.jp/100%/x%2Fy", "https://example.jp/100%25/x%2Fy"),
        ("https://user:secret@example.jp:8443", "https://example.jp:8443/"),
        ("HTTP://EXAMPLE.jp/", "http://example.jp/"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,<script>", None),
        ("//example.jp/", None),
        ("https:///path", None),
        ("https://example.jp\\@evil.example/", None),
        ("http://[::1", None),
        ("http://example.jp:99999/", None),
        ("vbscript:x", None),
        ("file:///etc/passwd", None),
        ("", None),
    ],
)
def test_only_web_addresses_become_links(raw: str, address: str | None) -> None:
    assert web_url(raw) == address


@given(st.text(st.characters(), max_size=100))
def test_an_address_is_a_web_address_or_none(raw: str) -> None:
    for url in (web_url(raw), web_url(f"https://example.jp/{raw}"), web_url(f"https://{raw}")):
        if url is not None:
            rules.web(url)


@given(st.from_regex(sanitise._PLAIN_ADDRESS, fullmatch=True))
def test_an_address_with_nothing_to_be_mended_stays_as_it_is(url: str) -> None:
    assert sanitise._tidy_address(url) == url == web_url(url)
