"""The pages and feeds of bodies: all that notices say of one, on served pages and in the published tree."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import quote

import feedparser
import pytest

from feeds.site.publish import publish
from feeds.views.following import organisation_page
from feeds.web.app import make_app
from storage.archive import Archive
from storage.records import EvidenceKey, Fact, Incident, Notice
from tests.feeds import sample
from tests.feeds.client import Client
from tests.feeds.test_publish import BASE, state, touched

KEY = "例示マーケティング"
PAGE = f"/organisations/{quote(KEY)}.html"


def speak(
    archive: Archive, day: str, *keys: EvidenceKey, facts: tuple[Fact, ...] = (), told: bool = True
) -> Notice:
    """Store a notice of the regulator that speaks of bodies."""
    with archive.write() as writer:
        story = sample.Story(writer)
        url = f"https://www.example.go.jp/news/{len(writer.notices()) + 1}"
        page = writer.add_page("ppc", url, "page")
        made = writer.add_notice(
            Notice(
                "ppc", page.id, url, f"公表 {day}", date.fromisoformat(day), sample.at(day), sample.at(day)
            )
        )
        version = story.version(made, day, sample.blocks("本文"))
        writer.add_facts(version.id, list(facts))
        writer.put_evidence(made.id, "ppc", 0, frozenset(keys))
        if told:
            story.change(made, "2024-10-01", "new", to_version=version.id)
        return made


def acted(name: str) -> Fact:
    return Fact("action", "order", "命令", 0, 2, qualifiers=(f"respondent:{name}",))


def contractor(name: str) -> Fact:
    return Fact("role", "processor", "委託先", 0, 2, qualifiers=(f"organisation:{name}",))


def test_a_page_holds_all_that_notices_say_of_a_body(archive: Archive) -> None:
    speak(archive, "2022-05-01", ("party", KEY), facts=(acted(f"株式会社{KEY}"), contractor(KEY)))
    speak(archive, "2025-05-01", ("named", "em"), ("names", f"em\t{KEY}"), ("named", KEY))
    web = Client(make_app(archive))
    said = web.get(PAGE).text
    for part in (
        "公表4件(うち自らの公表1件)",
        "ほかの呼び名",
        "em",
        "受けた措置",
        "命令",
        "委託先 1",
        sample.INCIDENT.name,
    ):
        assert part in said, part
    years = [said.index(f"<h3>{year}年</h3>") for year in (2025, 2024, 2023, 2022)]
    assert years == sorted(years)
    english = web.get(f"{PAGE}?lang=en").text
    for part in ("4 notices (its own: 1)", "Measures against it", "order", "contractor 1", "party to it"):
        assert part in english, part
    moved = web.get("/organisations/em.html?lang=en")
    assert (moved.status_code, moved.headers["location"]) == (308, f"{quote(KEY)}.html?lang=en")


def test_the_feed_of_a_body_is_the_filter_of_its_name(archive: Archive) -> None:
    speak(archive, "2024-05-01", ("named", KEY))
    web = Client(make_app(archive))
    own = feedparser.parse(web.get(f"/feeds/organisation/{quote(KEY)}.atom").content)
    asked = feedparser.parse(web.get(f"/feeds/search.atom?body={quote('株式会社' + KEY)}").content)
    assert [one.id for one in own.entries] == [one.id for one in asked.entries]
    assert len(own.entries) == 5
    assert web.get(f"/?body={quote('㈱' + KEY)}").text.count('<p class="headline">') >= 5


@pytest.mark.parametrize("address", ["organisations/どこにもない.html", "organisations/%E2%80%AE%E2%80%AE.html", "feeds/organisation/どこにもない.atom", f"organisations/{KEY}.html?page=2"])  # fmt: skip
def test_what_no_notice_speaks_of_is_not_found(told: Archive, address: str) -> None:
    assert Client(make_app(told)).get("/" + quote(address, safe="/?=%")).status_code == 404


def test_a_body_of_many_notices_is_paged_where_served_and_cut_and_said_where_published(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(organisation_page, "MAX_NOTICES", 3)
    for month in range(1, 6):
        speak(archive, f"2024-0{month}-02", ("named", KEY), told=False)
    web = Client(make_app(archive))
    found: list[str] = []
    for page in (1, 2, 3):
        said = web.get(f"{PAGE}?page={page}&lang=en").text
        assert f"Of 7 notices numbers {page * 3 - 2} to {min(page * 3, 7)}" in said
        assert ('rel="next"' in said, 'rel="prev"' in said) == (page < 3, page > 1)
        found += [line for line in said.splitlines() if 'class="headline"' in line and "notices/" in line]
    assert len(found) == len(set(found)) == 7
    publish(archive, tmp_path, base_url=BASE)
    said = (tmp_path / f"organisations/{KEY}.html").read_text("utf-8")
    assert "全7件のうち1件目から3件目を" in said
    assert "rel=" not in said.partition("<main")[2]


def test_a_change_touches_the_pages_of_the_bodies_it_speaks_of_alone(
    archive: Archive, tmp_path: Path
) -> None:
    speak(archive, "2024-05-01", ("party", "みさき銀行"), told=False)
    publish(archive, tmp_path, base_url=BASE)
    before = state(tmp_path)
    speak(archive, "2024-10-01", ("party", KEY), ("named", "みさき銀行"))
    publish(archive, tmp_path, base_url=BASE)
    changed = touched(before, state(tmp_path))
    of_bodies = {path for path in changed if "organisation" in path}
    forms = ("atom", "rss", "json")
    assert of_bodies == {
        "organisations.html",
        *(f"organisations/{key}.html" for key in (KEY, "みさき銀行")),
        *(f"feeds/organisation/{key}.{form}" for key in (KEY, "みさき銀行") for form in forms),
    }
    assert not publish(archive, tmp_path, base_url=BASE).written


def test_a_body_of_which_a_notice_speaks_no_more_loses_it_and_keeps_its_address(
    archive: Archive, tmp_path: Path
) -> None:
    made = speak(archive, "2024-05-01", ("party", "みさき銀行"), ("party", "三崎情報"))
    publish(archive, tmp_path, base_url=BASE)
    with archive.write() as writer:
        writer.put_evidence(made.id, "ppc", 0, frozenset({("party", "三崎情報"), ("party", "三崎情報サービス"), ("names", "三崎情報\t三崎情報サービス")}))  # fmt: skip
    publish(archive, tmp_path, base_url=BASE)
    pages = {name: (tmp_path / f"organisations/{name}.html").read_text("utf-8") for name in ("みさき銀行", "三崎情報", "三崎情報サービス")}  # fmt: skip
    assert "今は記録にありません" in pages["みさき銀行"]
    assert quote("三崎情報サービス") in pages["三崎情報"]
    assert made.title in pages["三崎情報サービス"]
    assert len(feedparser.parse((tmp_path / "feeds/organisation/三崎情報.atom").read_bytes()).entries) == 1


def test_an_incident_that_names_a_body_stands_on_its_page(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path, base_url=BASE)
    with archive.write() as writer:
        writer.put_incident(Incident("mie-2024", "三重の事案", respondents=("三重県",)))
    publish(archive, tmp_path, base_url=BASE)
    assert "三重の事案" in (tmp_path / "organisations/三重県.html").read_text("utf-8")
    assert "三重の事案" not in (tmp_path / "organisations/福岡県.html").read_text("utf-8")


def test_the_list_of_bodies_is_searched_by_any_spelling_and_cut_and_said(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = Client(make_app(archive))
    found = web.get("/organisations.html?q=株式会社例示").text
    assert quote(KEY) in found
    assert quote("福岡県") not in found
    assert "There is no such body" in web.get("/organisations.html?q=どこにもない&lang=en").text

    monkeypatch.setattr(organisation_page, "MAX_BODIES", 2)
    assert "3 bodies; shown are the 2 with most notices" in web.get("/organisations.html?lang=en").text


def test_a_notice_leads_to_the_bodies_it_is_about(archive: Archive) -> None:
    made = speak(archive, "2024-05-01", ("party", KEY), ("named", "みさき銀行"))
    said = Client(make_app(archive)).get(f"/notices/{made.id}.html").text
    assert quote(KEY) in said
    assert quote("みさき銀行") not in said


def test_what_is_redacted_is_gone_from_full_archives_of_bodies_too(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path, base_url=BASE, limit=1)
    full = tmp_path / "feeds/organisation/三重県/1.atom"
    assert feedparser.parse(full.read_bytes()).entries
    with archive.write() as writer:
        writer.redact(3, "氏名が載っていたため", sample.at("2025-02-01"))
    publish(archive, tmp_path, base_url=BASE, limit=1)
    assert feedparser.parse(full.read_bytes()).entries == []
    assert "今は記録にありません" in (tmp_path / "organisations/三重県.html").read_text("utf-8")
