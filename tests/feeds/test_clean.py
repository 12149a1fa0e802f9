from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.wording import sanitise
from feeds.wording.sanitise import one_line, plain, web_url
from tests.feeds import rules
from tests.growth import LINEAR, exponent


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


@given(st.from_regex(re.compile(sanitise._PLAIN_ADDRESS.pattern, re.ASCII), fullmatch=True))
def test_an_address_with_nothing_to_be_mended_stays_as_it_is(url: str) -> None:
    assert sanitise._tidy_address(url) == url == web_url(url)


PIECES = (
    *("漏", "a", " ", "\n", "\x85", "\u3000", '"', "'", "&amp;", "&lt;", "&gt;", "&quot;", "&", "\xa0", "\r"),
    *(
        f"<{close}{tag}>"
        for tag in ("p", "ul", "li", "strong", "del", "em", "a", "div")
        for close in ("", "/")
    ),
    *("<br>", '<em lang="en">', '<div class="hunk move" lang="ja">'),
    '<a href="https://e.jp/漏?a=%20" rel="noopener noreferrer">',
    '<a href="http://a-b.c9.jp:80/x(1)?a=b&amp;c=;d#e" rel="noopener noreferrer">',
)


@given(st.lists(st.sampled_from(PIECES), max_size=5), st.data())
@settings(max_examples=150)
def test_html_that_is_taken_for_clean_is_what_cleaning_leaves_of_it(
    said: list[str], data: st.DataObject
) -> None:
    markup = "".join(said)
    for _ in range(data.draw(st.integers(0, 4))):  # nearly always what none of ours holds otherwise
        opened = data.draw(st.sampled_from([one for one in PIECES if one[:1] == "<" and one[1] != "/"]))
        closed = "" if opened == "<br>" else f"</{re.findall('[a-z]+', opened)[0]}>"
        before, after = (data.draw(st.sampled_from(("", "a", "<p>b</p>", "<em>c</em>"))) for _ in range(2))
        markup = f"{before}{opened}{markup}{closed}{after}"
    if sanitise._CLEAN.fullmatch(markup):
        assert sanitise._cleaner().clean(markup) == markup


@pytest.mark.parametrize(
    "markup",
    [
        "<p>a</p>",
        '<p><a href="https://example.jp/a?b=c&amp;d" rel="noopener noreferrer">x</a> · y</p>',
        '<ul><li>n: <del>1</del> → <ins>2</ins></li><li><span lang="ja">a</span></li></ul>',
        '<div class="hunk change" lang="ja"><em lang="en">(moved)</em> <strong>a</strong> b<br>c</div>',
    ],
)
def test_html_as_we_compose_it_is_taken_for_clean(markup: str) -> None:
    assert sanitise._CLEAN.fullmatch(markup)


@pytest.mark.parametrize(
    "markup",
    [
        *(
            "<p>a",
            "<p>a</p></p>",
            "<p><p>a</p></p>",
            "a</p>",
            "<b>a</b>",
            "<p onclick=a>a</p>",
            "a\0",
            "a\rb",
        ),
        *("a&b", "a&copy;", "a &quot;b&quot;", "<script>a</script>", "<!-- a -->", "<P>a</P>", "a<br/>b"),
        '<div class="top">a</div>',
        '<a href="javascript:a" rel="noopener noreferrer">a</a>',
        '<a href="https://xn--a/" rel="noopener noreferrer">a</a>',
        '<a href="https://1.2.3.4.5/" rel="noopener noreferrer">a</a>',
        '<a href="https://e.jp/" onclick="a" rel="noopener noreferrer">a</a>',
        '<p><a href="https://e.jp/" rel="noopener noreferrer"><a href="https://e.jp/">a</a></a></p>',
    ],
)
def test_other_html_is_cleaned(markup: str) -> None:
    assert not sanitise._CLEAN.fullmatch(markup)
    assert sanitise.clean(markup) == sanitise._cleaner().clean(markup)


@pytest.mark.parametrize(
    "once",
    ["<p>", "<ul><li>a", "<em>a<br>", "&amp;", "a<br>", '<a href="https://e.jp/', "e.", "e-", "https://"],
)
def test_whether_html_is_clean_is_seen_in_linear_time(once: str) -> None:
    def prepare(number: int) -> str:
        return f'<p><a href="https://{once * number}<b>'

    assert exponent(prepare, sanitise._CLEAN.fullmatch, 5_000, 20_000) <= LINEAR
