"""Bad input ends in a verdict: never in an exception, never in minutes or gigabytes.

No wall times here; what would take hours runs into the suite's own limit.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.reading import read
from monitor.reading.body import MAX_BYTES
from storage.records import PageRules

SAID = "個人情報の漏えいについてお知らせします。"

HOSTILE = {
    "nested 10,000 deep": "<div>" * 10_000 + SAID + "</div>" * 10_000 + SAID,
    "nested tables": "<table><tr><td>" * 3000 + SAID,
    "fonts never closed": ("<font><b>" + SAID) * 3000,
    "lists never closed": ("<ul><li>" + SAID) * 1500,
    "a million entities": f"<p>{SAID}" + "&amp;" * 1_000_000,
    "too many attributes": "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">" + SAID,
    "too many columns": "<table>"
    + ("<tr>" + "<td colspan=9999 rowspan=9999>a</td>" * 50 + "</tr>") * 50
    + SAID,
    "too many links": "<main>" + "".join(f'<a href="../{n}?é">リ</a>' for n in range(20_000)) + SAID,
    "too many surveys": "<p>このページについてご意見をお聞かせください</p>" * 5000 + SAID,
    "too many parts": f"<div class=main>{SAID}</div><div class=footer>x</div>" * 5000,
    "brackets": "<p>" + "（" * 50_000 + SAID * 100,
    "white space": "<p>" + " \n　" * 300_000 + SAID,
    "nothing closed": f"<html><body><p {SAID}><div '>{SAID}",
    "a comment never closed": f"<p>{SAID}<!-- {SAID}",
    "deep JSON": '<script type="application/ld+json">' + "[" * 100_000 + f"</script><p>{SAID}",
    "null bytes": f"<p>{SAID}\0\0<p>\0{SAID}",
    "lone surrogates": f"<p>&#xD800;&#x110000;{SAID}",
    "noncharacters": f"<p>\ufdd0\ufdd1{SAID}\ufdd1<a href=/x>\ufdd0</a>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_in_a_verdict(name: str) -> None:
    reading = read(
        ("<html><body>" + HOSTILE[name]).encode("utf-8", "surrogatepass"), url="https://example.jp/"
    )
    assert reading.verdict in ("content", "empty")
    if reading.verdict == "content" and "surveys" not in name:
        assert "個人情報" in reading.text


def test_text_below_the_depths_is_kept() -> None:
    reading = read(("<html><body>" + "<div>" * 10_000 + SAID + "</div>" * 10_000 + f"<p>後の{SAID}").encode())
    assert reading.text == f"{SAID}\n後の{SAID}"


def test_a_body_above_the_limit_is_read_in_part_and_says_so() -> None:
    reading = read(("<p>" + SAID + "</p>").encode() * (MAX_BYTES // 60))
    assert reading.verdict == "content"
    assert str(MAX_BYTES) in reading.detail


def test_entities_that_multiply_are_not_followed() -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 50}">' for n in range(1, 9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "x">{levels}]><rss><title>&a8;</title></rss>'
    assert len(read(bomb.encode()).text) < 10_000


def test_feeds_and_plain_text_read_as_lines() -> None:
    feed = '<?xml version="1.0" encoding="Shift_JIS"?><rss><item><title>件名</title><description><![CDATA[一。<b>二</b>]]></description></item></rss>'
    assert read(feed.encode("cp932")).text == "件名\n一。\n二"
    assert (
        read("一行目です。続き。\n二行目 1 < 2\n".encode(), content_type="text/plain").text
        == "一行目です。\n続き。\n二行目 1 < 2"
    )
    broken = read(b"<?xml version='1.0'?><rss><title>" + "件名です".encode() + b"</titel><x>&undefined;</x>")
    assert "件名です" in broken.text


@settings(deadline=None)
@given(
    st.binary(max_size=600), st.sampled_from([None, "text/html", "application/pdf", "text/plain; charset=x"])
)
def test_any_bytes(body: bytes, content_type: str | None) -> None:
    read(body, content_type=content_type, url="http://[")


TAGS = st.sampled_from(
    """
    <main> </main> <p> </p> <table> <tr> <td rowspan=2> <th colspan=0> </table> <dl> <dt> <dd> </dl> <ul>
    <li> <h1> </h1> <nav> </nav> <div class=footer> </div> <a href=x> </a> <br> <pre> <img alt=絵>
    令和6年1月24日 更新日：2024年1月24日 ご意見をお聞かせください 。 （ 電話000-111-2222 <form> <input>
    <section> <header> </body> </html> <!-- --> &lt;
    """.replace("> ", ">\n").split("\n")
)


@settings(max_examples=200, deadline=None)
@given(st.lists(TAGS, max_size=60))
def test_any_soup(pieces: list[str]) -> None:
    read(" ".join(pieces).encode(), url="https://example.jp/a/")


@pytest.mark.parametrize(
    "rules", [PageRules(include=("a[",)), PageRules(exclude=(":::",)), PageRules(encoding="nope")]
)
def test_a_bad_declaration_is_a_verdict_too(rules: PageRules) -> None:
    arguments: dict[str, Any] = {"rules": rules}
    assert read(f"<main><p>{SAID}</p></main>".encode(), **arguments).verdict in (
        "content",
        "unreadable",
        "empty",
    )
