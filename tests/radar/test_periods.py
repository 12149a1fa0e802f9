"""Lists of a day, month or year: addresses that name one, and indexes that lead to the newest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from monitor.crawl.selection import fill_dates
from monitor.demo.pdf_maker import render
from monitor.settings import ITEM_PIPELINES
from spiders.base import SourceSpider
from storage.archive import Archive, open_archive
from storage.query import Query
from storage.records import ListingRules, Period, Source
from storage.text.periods import addresses_at, fiscal_year, month, newest, period_named, unit_of, year
from tests.crawling import Crawl
from tests.spiders.site import Site

CITY = "https://www.city.example.jp"
IN_2026 = fiscal_year(2026)


@pytest.mark.parametrize(
    ("template", "day", "addresses"),
    [
        (f"{CITY}/{{YYYY}}{{MM}}.html", date(2026, 11, 20), ["/202611.html"]),
        (f"{CITY}/{{YYYY}}{{MM}}.html", date(2027, 1, 2), ["/202701.html", "/202612.html"]),
        (f"{CITY}/{{YY}}/{{M}}/", date(2026, 1, 4), ["/26/1/"]),
        (f"{CITY}/{{YYYY}}{{MM}}{{DD}}", date(2026, 3, 1), ["/20260301", "/20260228"]),
        (f"{CITY}/r{{R}}/", date(2026, 2, 10), ["/r8/"]),
        (f"{CITY}/{{FY}}/", date(2027, 3, 31), ["/2026/"]),
        (f"{CITY}/r{{RFY}}/", date(2027, 4, 1), ["/r9/", "/r8/"]),
        (f"{CITY}/news/", date(2026, 11, 20), ["/news/"]),
    ],
)
def test_an_address_names_the_period_of_the_day_and_at_its_start_the_one_before(
    template: str, day: date, addresses: list[str]
) -> None:
    assert addresses_at([template], day) == tuple(CITY + address for address in addresses)


def test_what_is_no_field_is_named() -> None:
    with pytest.raises(ValueError, match=r"\{MONTH\} is none of \{YYYY\}"):
        unit_of(f"{CITY}/{{MONTH}}/")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("令和8年度", fiscal_year(2026)),
        ("令和８年度報道発表資料", fiscal_year(2026)),
        ("2026年", year(2026)),
        ("令和8年11月分", month(2026, 11)),
        ("報道発表（2026年11月）", month(2026, 11)),
        ("R8.11", month(2026, 11)),
        ("11月", month(2026, 11)),
        ("1月", month(2027, 1)),
        ("令和8年度 3月", month(2027, 3)),
        ("平成31年4月", month(2019, 4)),
        ("2026年11月26日 会見", None),
        ("11月26日", None),
        ("広報10月号", None),
        ("第3四半期", None),
        ("お知らせ", None),
        ("個人情報の漏えいについて（令和8年11月に発生した誤送信の最終報告）", None),
        ("令和99999年", None),
    ],
)
def test_the_text_of_a_link_names_a_period(text: str, period: Period | None) -> None:
    assert period_named(text, IN_2026) == period


def test_the_newest_that_has_begun_is_chosen_and_at_its_start_the_one_before() -> None:
    named = [(month(2026, number), f"/{number}") for number in (9, 10, 11, 12)]
    assert newest(named, date(2026, 11, 20)) == [named[2]]
    assert newest(named, date(2026, 12, 2)) == [named[3], named[2]]
    assert newest([], date(2026, 12, 2)) == []
    assert newest([(year(2026), "/y"), (month(2026, 1), "/m")], date(2026, 1, 20)) == [(month(2026, 1), "/m")]


# --- whole crawls ----------------------------------------------------------------------------

Run = Callable[[Source, str], list[str]]


@pytest.fixture
def archive(sqlite_url: str) -> Iterator[Archive]:
    with open_archive(sqlite_url) as opened:
        yield opened


@pytest.fixture
def run(site: Site, crawl: Crawl, archive: Archive, sqlite_url: str) -> Run:
    """Crawl a source at a time, and say what was asked of its site."""
    site.put("/robots.txt", "User-agent: *\nDisallow:\n", content_type="text/plain")

    def go(source: Source, at: str) -> list[str]:
        site.asked.clear()
        with archive.write() as writer:
            number = writer.start_run("crawl", datetime.fromisoformat(at)).id
        settings: dict[str, Any] = {
            "AGENDA": "monitor.crawl.agenda.ArchiveAgenda",
            "ITEM_PIPELINES": ITEM_PIPELINES,
            "KOHYO_DB": sqlite_url,
            "KOHYO_CHOSEN": fill_dates([source], datetime.fromisoformat(at)),
            "KOHYO_NOW": at,
            "KOHYO_RUN": number,
        }
        crawl(SourceSpider, **settings)
        return [path for path in site.paths() if path != "/robots.txt"]

    return go


def told(archive: Archive) -> list[str]:
    with archive.read() as reader:
        return [change.title for change in reader.changes(Query(newest_first=False))]


def alerts(archive: Archive) -> list[str]:
    with archive.read() as reader:
        return [alert.kind for alert in reader.alerts()]


def a_list(*rows: tuple[int, str], extra: str = "") -> str:
    items = "".join(f'<li><a href="/n/{n}.html">{day}のお知らせ{n}</a> {day}</li>' for n, day in rows)
    return f'<!doctype html><html><meta charset="utf-8"><main><ul>{items}</ul>{extra}</main></html>'


def put_notices(site: Site, *numbers: int) -> None:
    for n in numbers:
        text = f"<p>委託先から{n}00人分の個人情報が流出しました。</p><p>関係の皆さまに深くお詫びします。</p>"
        site.put(f"/n/{n}.html", f'<meta charset="utf-8"><main><h1>お知らせ{n}</h1>{text}</main>')


def city(site: Site, path: str, **rules: Any) -> Source:
    listing = ListingRules("main li", **rules)
    return Source("city", "例示市", "affected", (site.url(path),), listing=listing, private=True, delay=0.0)


def test_a_list_for_each_month_is_followed_from_month_to_month(
    site: Site, run: Run, archive: Archive
) -> None:
    source = city(site, "/{YYYY}{MM}.html")
    put_notices(site, 1, 2, 3)
    site.put("/202610.html", a_list((1, "2026年10月20日")))
    assert run(source, "2026-10-25T09:00:00+09:00") == ["/202610.html", "/n/1.html"]
    assert told(archive) == ["2026年10月20日のお知らせ1"]
    # the new month has no list yet, and the old one has a last row
    site.put("/202610.html", a_list((1, "2026年10月20日"), (2, "2026年10月31日")))
    assert set(run(source, "2026-11-01T09:00:00+09:00")) >= {"/202611.html", "/202610.html", "/n/2.html"}
    assert alerts(archive) == []
    site.put("/202611.html", a_list((3, "2026年11月5日")))
    visited = run(source, "2026-11-06T09:00:00+09:00")
    assert "/202611.html" in visited
    assert "/202610.html" not in visited
    assert [title[-1] for title in told(archive)] == ["1", "2", "3"]
    with archive.read() as reader:
        assert reader.coverage()[0].state == ()


def test_a_list_that_never_comes_is_an_alert(site: Site, run: Run, archive: Archive) -> None:
    source = city(site, "/{YYYY}{MM}.html")
    put_notices(site, 1)
    site.put("/202610.html", a_list((1, "2026年10月20日")))
    run(source, "2026-10-25T09:00:00+09:00")
    run(source, "2026-11-12T09:00:00+09:00")
    assert alerts(archive) == ["missing"]


def test_an_index_leads_to_the_year_and_to_the_month_and_to_no_other(
    site: Site, run: Run, archive: Archive
) -> None:
    source = city(site, "/index.html", index="a")
    years = '<a href="/r8/">令和8年度</a> <a href="/r7/">令和7年度</a> <a href="/about">この頁について</a>'
    site.put("/index.html", a_list(extra=years))
    months = "".join(f'<a href="/r8/{n}.html">{n}月</a> ' for n in (4, 9, 10))
    site.put("/r8/", a_list(extra=months))
    put_notices(site, 1, 2, 3)
    site.put("/r8/10.html", a_list((1, "2026年10月20日"), extra=months))
    assert run(source, "2026-10-25T09:00:00+09:00") == ["/index.html", "/r8/", "/r8/10.html", "/n/1.html"]
    months += '<a href="/r8/11.html">11月</a>'
    site.put("/r8/", a_list(extra=months))
    site.put("/r8/10.html", a_list((1, "2026年10月20日"), (2, "2026年10月31日"), extra=months))
    site.put("/r8/11.html", a_list((3, "2026年11月1日"), extra=months))
    visited = run(source, "2026-11-02T09:00:00+09:00")
    assert set(visited) >= {"/index.html", "/r8/", "/r8/10.html", "/r8/11.html", "/n/2.html", "/n/3.html"}
    assert sorted(title[-1] for title in told(archive)) == ["1", "2", "3"]
    visited = run(source, "2026-11-09T09:00:00+09:00")
    assert {"/index.html", "/r8/", "/r8/11.html"} <= set(visited)
    assert "/r8/10.html" not in visited
    assert alerts(archive) == []


def test_an_index_that_leads_nowhere_any_more_is_an_alert(site: Site, run: Run, archive: Archive) -> None:
    source = city(site, "/index.html", index="a")
    site.put("/index.html", a_list(extra='<a href="/about">この頁について</a>'))
    run(source, "2026-10-25T09:00:00+09:00")
    assert "empty" in alerts(archive)


def test_rows_of_all_pages_of_a_list_are_counted_together(site: Site, run: Run, archive: Archive) -> None:
    source = city(site, "/1", more="a.next", expect=(3, 5))
    put_notices(site, 1, 2, 3)
    following = '<a class="next" href="/2">次へ</a>'
    site.put("/1", a_list((1, "2026年10月20日"), (2, "2026年10月19日"), extra=following))
    site.put("/2", a_list((3, "2026年10月18日")))
    run(source, "2026-10-25T09:00:00+09:00")
    assert alerts(archive) == []
    with archive.read() as reader:
        (covered,) = reader.coverage()
        assert (covered.rows, covered.state) == ((3, 3), ())
    site.put("/2", a_list())
    site.put("/1", a_list((1, "2026年10月20日"), extra=following))
    run(source, "2026-10-26T09:00:00+09:00")
    assert alerts(archive).count("few-rows") >= 1


def test_a_row_that_is_a_document_is_a_notice_whose_page_is_the_document(
    site: Site, run: Run, archive: Archive
) -> None:
    rows = '<ul><li>2026年10月20日 <a href="/a.pdf">漏えい</a></ul>'
    site.put("/news/", f'<meta charset="utf-8"><main>{rows}</main>')
    body = render(["個人情報の漏えいについて", "申込者512人分の氏名が外部に流出しました。深くお詫びします。"])
    site.put("/a.pdf", body, content_type="application/pdf")
    run(city(site, "/news/"), "2026-10-25T09:00:00+09:00")
    with archive.read() as reader:
        (notice,) = reader.notices()
        page = reader.page_by_id(notice.page)
        assert page is not None
        assert (notice.title, notice.status, page.role) == ("漏えい", "standing", "page")
        assert page.url == site.url("/a.pdf")
        (version,) = reader.versions(page.id)
        assert "個人情報の漏えい" in version.text
