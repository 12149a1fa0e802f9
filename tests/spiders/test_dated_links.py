"""Lists that nobody described, by the kinds of mark-up that public readers of them report."""

from __future__ import annotations

from datetime import date

import pytest

from spiders.listings.listing import read_rows
from storage.records import ListingRules
from tests.growth import LINEAR, exponent

URL = "https://www.city.example.lg.jp/news/index.html"
RULES = ListingRules(links=True)


def read(body: str) -> list[tuple[str, date | None]]:
    page = f"<html><body><nav><a href='/x'>2026年1月1日 案内</a></nav><main>{body}</main></body></html>"
    return [(row.title, row.published) for row in read_rows(page.encode(), URL, RULES)]


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("<ul><li><span>2026年11月26日</span><a href=a.html>お知らせの題</a></ul>", date(2026, 11, 26)),
        ("<ul><li><a href=a.html>お知らせの題<p>R8.11.26</p></a></ul>", date(2026, 11, 26)),
        (
            "<table><tr><td class=date>令和8年11月26日<td><a href=a.html>お知らせの題</a></table>",
            date(2026, 11, 26),
        ),
        ("<dl><dt>2026/11/26<dd><a href=a.html>お知らせの題</a></dl>", date(2026, 11, 26)),
        (
            "<h3>2026年11月26日の報道発表資料</h3><ul><li><a href=a.html>お知らせの題</a></ul>",
            date(2026, 11, 26),
        ),
        (
            "<h2>2026年11月</h2><h3>26日(木)</h3><ul><li><a href=a.pdf>お知らせの題</a></ul>",
            date(2026, 11, 26),
        ),
        (
            "<h2>2026年11月</h2><h3>11月26日</h3><ul><li><a href=a.pdf>お知らせの題</a></ul>",
            date(2026, 11, 26),
        ),
        ("<h2>令和8年</h2><p>11月26日(木)<a href=a.pdf>お知らせの題</a></p>", date(2026, 11, 26)),
        (
            "<p>更新日:2026年11月27日</p><ul><li>(11月26日)<a href=a.html>お知らせの題</a></ul>",
            date(2026, 11, 26),
        ),
        (
            "<p>更新日:2026年1月7日</p><ul><li>(12月26日)<a href=a.html>お知らせの題</a></ul>",
            date(2025, 12, 26),
        ),
        ("<div><a href=a.html>お知らせの題(令和8年11月26日発表)</a></div>", date(2026, 11, 26)),
    ],
)
def test_a_date_is_found_beside_a_link_in_it_or_in_the_heading_before(body: str, day: date) -> None:
    ((title, published),) = read(body)
    assert title.startswith("お知らせの題")
    assert published == day


def test_links_without_a_date_and_menus_are_no_rows() -> None:
    assert read("<ul><li><a href=/life/>くらしの情報</a><li><a href=/b.html>防災の手引き</a></ul>") == []


def test_each_heading_dates_the_links_below_it() -> None:
    found = read(
        "<h3>2026年11月26日</h3><ul><li><a href=a.html>一つ目の題</a><li><a href=b.html>二つ目の題</a></ul>"
        "<h3>2026年11月25日</h3><ul><li><a href=c.html>三つ目の題</a></ul>"
    )
    assert [day and day.day for _, day in found] == [26, 26, 25]


def test_a_row_with_several_links_is_one_row() -> None:
    found = read("<ul><li>2026年11月26日 <a href=a.html>一つ目の題</a> <a href=a.pdf>同じ件の資料</a></ul>")
    assert [title for title, _ in found] == ["一つ目の題"]


def test_reading_takes_time_in_proportion_to_the_rows() -> None:
    def listed(count: int) -> bytes:
        items = "".join(f"<li>2026年11月26日 <a href={n}.html>お知らせの題 {n}</a>" for n in range(count))
        return f"<ul>{items}</ul>".encode()

    assert len(read_rows(listed(1_000), URL, RULES)) == 1_000
    assert exponent(listed, lambda body: read_rows(body, URL, RULES), 500, 4_000) <= LINEAR
