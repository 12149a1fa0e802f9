"""From a hit to knowledge: one address is one notice, and a third party's report leads to the original."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from feeds.addresses import Site
from feeds.course.incident_course import load_course
from feeds.formats.entries import Names
from feeds.site.publish import publish
from feeds.views.notice_page import build_notice_page
from feeds.web.app import make_app
from monitor.cli import main
from storage.archive import Archive, open_archive
from storage.records import Incident, IncidentLink, ListingRules, PageRules, Row
from tests.feeds.client import Client
from tests.monitor.story import LEAK, LIST, LISTED, SORRY, Story, html

CITY = replace(LISTED, listing=ListingRules("li", topic="personal-data"))
WIRE = replace(CITY, id="wire", name="プレスワイヤー", kind="company")
PRESS = replace(
    CITY, id="press", name="業界紙", kind="commentary", page=PageRules(include=("main",), offers="main a")
)
ROW = Row(f"{LIST}1.html", "メールの誤送信による個人情報の漏えいについて", date(2023, 10, 17))
ARTICLE = Row("https://press.example.jp/a.html", "例示市、メール誤送信で個人情報流出", date(2023, 10, 17))
REPORT = html(LEAK, SORRY, f'詳しくは<a href="{ROW.url}">例示市の発表</a>', title=ARTICLE.title)


@pytest.mark.parametrize("listed_first", [True, False])
def test_two_lists_that_name_one_address_make_one_notice(archive: Archive, listed_first: bool) -> None:
    city, wire = Story(archive, CITY), Story(archive, WIRE)
    text = html(LEAK, SORRY)
    if listed_first:
        city.listing(ROW)
        wire.listing(ROW)
        city.page(text, url=ROW.url, row=ROW)
        wire.page(text, url=ROW.url, row=ROW)
    else:
        wire.listing(ROW)
        wire.page(text, url=ROW.url, row=ROW)
        city.listing(ROW)
        city.page(text, url=ROW.url, row=ROW)
    with archive.read() as reader:
        (notice,) = reader.notices()
        assert notice.source == ("city" if listed_first else "wire")
    assert [change.kind for change in city.changes] == ["new"]


def test_a_report_of_the_trade_press_offers_the_original(archive: Archive) -> None:
    press = Story(archive, PRESS)
    press.listing(ARTICLE)
    press.page(REPORT, url=ARTICLE.url, row=ARTICLE)
    with archive.read() as reader:
        (offer,) = reader.offers()
        assert (offer.url, offer.title, offer.status) == (ROW.url, "例示市の発表", "suggested")
        (notice,) = reader.notices()
        names = Names({"press": PRESS}, {})
        page = build_notice_page(reader, notice, names, Site("https://kohyo.example/", "ja"))
    assert page["reported"]
    assert ROW.url in str(page["originals"][0])


def test_what_is_offered_is_watched_at_once_where_the_operator_chose_so(archive: Archive) -> None:
    press = Story(archive, replace(PRESS, page=replace(PRESS.page, watch_offers=True)))
    press.listing(ARTICLE)
    press.page(REPORT, url=ARTICLE.url, row=ARTICLE)
    with archive.read() as reader:
        (source,) = (source for source in reader.sources() if source.origin == "accepted")
        assert (source.start, source.kind) == ((ROW.url,), "affected")
        assert [offer.status for offer in reader.offers()] == ["confirmed"]


def test_an_original_that_is_a_notice_already_is_not_offered(archive: Archive) -> None:
    Story(archive, CITY).listing(ROW)
    press = Story(archive, PRESS)
    press.listing(ARTICLE)
    press.page(REPORT, url=ARTICLE.url, row=ARTICLE)
    with archive.read() as reader:
        assert reader.offers() == []


def test_a_report_counts_as_nobody_s_own_disclosure(archive: Archive) -> None:
    press = Story(archive, PRESS)
    press.listing(ARTICLE)
    press.page(REPORT, url=ARTICLE.url, row=ARTICLE)
    with archive.write() as writer:
        incident = writer.put_incident(Incident("it", "例示市の漏えい"))
        (notice,) = writer.notices()
        writer.set_link(IncidentLink(incident.id, notice.id, "confirmed"))
    with archive.read() as reader:
        course = load_course(reader, incident)
    assert [row.notice.id for row in course.linked] == [notice.id]
    assert any(fact.field == "count" for change in course.changes for fact in change.facts)
    assert course.counts == []
    assert course.cross_check.published_only == ()


def test_rows_of_the_lists_are_found_by_their_titles(sqlite_url: str) -> None:
    with open_archive(sqlite_url) as archive:
        Story(archive, CITY).listing(ROW, Row(f"{LIST}2.html", "秋祭りのご案内", date(2023, 10, 16)))
    found = CliRunner().invoke(main, ["--db", sqlite_url, "rows", "秋祭り", "--json"])
    assert [json.loads(line) for line in found.stdout.splitlines()] == [
        {
            "title": "秋祭りのご案内",
            "url": f"{LIST}2.html",
            "published": "2023-10-16",
            "source": "city",
            "answer": "no",
        }
    ]


REGULATOR = replace(LISTED, id="commission", name="委員会", kind="regulator")
RULING = Row("https://commission.example.jp/1.html", "例示株式会社に対する勧告について", date(2023, 10, 18))
RULED = html(
    "例示株式会社に対し、個人情報の保護に関する法律第148条第1項の規定による勧告を行いました。",
    title=RULING.title,
)
OWN = Row("https://example.co.jp/news/1.html", "例示からのお知らせ", date(2023, 10, 16))


def test_a_regulator_s_notice_offers_the_search_for_whom_it_names(archive: Archive, tmp_path: Path) -> None:
    commission = Story(archive, REGULATOR)
    commission.listing(RULING)
    commission.page(RULED, url=RULING.url, row=RULING)
    company = Story(archive, replace(CITY, id="example", name="例示株式会社", kind="company"))
    company.listing(OWN)

    def page() -> str:
        publish(archive, tmp_path, base_url="https://kohyo.example/")
        return (tmp_path / "notices" / "1.html").read_text("utf-8")

    assert '<code>kohyo rows "例示"</code>' in page()
    web = Client(make_app(archive))
    (link,) = re.findall('href="../(rows[?][^"]*)"', web.get("/notices/1.html").text)
    assert link == "rows?q=%E4%BE%8B%E7%A4%BA"
    assert f'href="{OWN.url}"' in web.get(f"/{link}").text
    assert f'href="{OWN.url}"' in web.get(f"/{link}&lang=en").text
    leak = replace(ROW, url="https://example.co.jp/news/2.html")
    company.listing(leak, OWN)
    company.page(html(LEAK, SORRY), url=leak.url, row=leak)
    assert "kohyo rows" not in page()


def test_a_body_of_a_roster_leads_to_its_own_page(archive: Archive, tmp_path: Path) -> None:
    company = Story(archive, replace(CITY, id="example", name="例示株式会社 お知らせ", kind="company"))
    company.listing(ROW)
    company.page(html(LEAK, SORRY), url=ROW.url, row=ROW)
    with archive.write() as writer:
        incident = writer.put_incident(Incident("it", "例示の漏えい"))
        (notice,) = writer.notices()
        writer.set_link(IncidentLink(incident.id, notice.id, "confirmed"))
    publish(archive, tmp_path, base_url="https://kohyo.example/")
    table = (tmp_path / "incidents" / "it.html").read_text("utf-8").partition('<table class="roster">')[2]
    (link,) = re.findall('href="../(organisations/[^"]*)"', table.partition("</table>")[0])
    assert (tmp_path / unquote(link)).is_file()
