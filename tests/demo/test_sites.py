"""The sample sites have the structure, and the declarations of the real sites read them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from monitor.demo.epochs import EPOCHS
from monitor.demo.model import Resource, jst
from monitor.demo.server import World
from monitor.demo.sites import SITES, declarations
from spiders.declarations import load
from spiders.listings.listing import find_attachments, read_rows
from storage.records import Row, Source
from storage.text.japanese import JST

BASES = {site.name: f"http://{site.name}.test" for site in SITES}


def sources(folder: Path, moment: str) -> dict[str, Source]:
    folder.mkdir(exist_ok=True)
    for name, text in declarations(SITES, BASES, jst(moment)).items():
        (folder / name).write_text(text, "utf-8")
    return {source.id: source for source in load([folder], bundled=False)}


def standing(url: str, moment: str) -> bytes:
    name, _, path = url.removeprefix("http://").partition(".test")
    site = next(site for site in SITES if site.name == name)
    return data(site.at(jst(moment), BASES)[path])


def data(resource: Resource) -> bytes:
    return resource.body if isinstance(resource.body, bytes) else resource.body.encode(resource.encoding)


def listed(source: Source, url: str, moment: str) -> tuple[Row, ...]:
    assert source.listing is not None
    return read_rows(standing(url, moment), url, source.listing, source.page.encoding)


def test_sources_are_declared_once_they_stand(tmp_path: Path) -> None:
    first = sources(tmp_path / "1", "2023-10-17 21:00")
    assert "affected-fukuoka" in first
    assert not {"affected-mie", "procx-240124", "ntt-west-progress"} & set(first)
    last = sources(tmp_path / "2", "2024-10-02 12:30")
    assert {expected.source for epoch in EPOCHS for expected in epoch.expected} <= set(last)
    assert "affected-example" in last  # gone, and watched all the same
    assert all(source.private and not source.delay for source in last.values())
    assert len(last["ppc-press"].start) == len(first["ppc-press"].start) + 1


def test_the_press_list_holds_every_known_trap(tmp_path: Path) -> None:
    press = sources(tmp_path, "2024-01-24 21:00")["ppc-press"]
    found = listed(press, "http://ppc.test/news/press/2023/", "2024-01-24 21:00")
    assert [row.published for row in found] == [
        date(2024, 1, 24),
        date(2024, 1, 17),
        date(2023, 9, 6),
        date(2023, 7, 12),
        date(2023, 6, 2),
    ]
    assert [row.url.rpartition("/press/")[2] for row in found] == [
        "2023/240124_houdou/",
        "2023/240117_houdou/",
        "2023/23%200906",
        "2023/230712",
        "2023/230602kouhou/",
    ]
    assert "令和５年度" in found[2].title
    assert b'datetime=" 2024-01-24 "' in standing("http://ppc.test/news/press/2023/", "2024-01-24 21:00")


def test_the_current_list_starts_anew_with_the_fiscal_year(tmp_path: Path) -> None:
    press = sources(tmp_path, "2024-09-11 21:00")["ppc-press"]
    for moment, count in (("2024-06-05", 5), ("2024-09-11 21:00", 1)):
        assert len(listed(press, "http://ppc.test/news/press/", moment)) == count


def test_the_news_of_the_whole_site_leave_press_releases_to_their_own_list(tmp_path: Path) -> None:
    news = sources(tmp_path, "2024-01-24 21:00")["ppc-information"]
    found = listed(news, "http://ppc.test/information/", "2024-01-24 21:00")
    assert len(found) == 6
    assert len({row.url for row in found}) == 4
    assert {row.label for row in found} == {"お知らせ", "会議"}
    assert any(row.url.endswith("#kouka") for row in found)
    assert any(row.url.endswith(".pdf") for row in found)


@pytest.mark.parametrize(
    ("id_", "url", "count"),
    [
        ("procx", "http://procx.test/info/", 3),
        ("ntt-bs", "http://bs.test/newsrelease/", 3),
        ("ntt-west", "http://nttwest.test/news/", 1),
        ("ppc-careful", "http://ppc.test/news/careful_information/", 2),
    ],
)
def test_lists_whose_markup_is_not_known_give_their_rows(
    tmp_path: Path, id_: str, url: str, count: int
) -> None:
    source = sources(tmp_path, "2024-09-11 21:00")[id_]
    found = listed(source, url, "2024-09-11 21:00")
    assert len(found) == count
    assert all(row.published for row in found)


def test_a_thin_page_leads_to_its_pdf(tmp_path: Path) -> None:
    press = sources(tmp_path, "2024-01-24 21:00")["ppc-press"]
    url = "http://ppc.test/news/press/2023/240124_houdou/"
    (found,) = find_attachments(standing(url, "2024-01-24 21:00"), url, include=press.page.include).documents
    assert found == "http://ppc.test/files/pdf/240124_houdou.pdf"
    assert standing(found, "2024-01-24 21:00").startswith(b"%PDF-")


def test_between_epochs_only_the_template_changes(world: World) -> None:
    for site in SITES:
        before = site.at(jst("2023-10-20 09:00"), world.bases)
        after = site.at(jst("2023-11-15 09:00"), world.bases)
        assert before.keys() == after.keys()
        changed = {path for path in before if data(before[path]) != data(after[path])}
        pages = {path for path in before if before[path].content_type.startswith("text/html")}
        assert changed == (pages if site.name != "example" else set())


def test_epochs_are_in_the_order_of_time() -> None:
    moments = [epoch.moment for epoch in EPOCHS]
    assert moments == sorted(moments)
    assert all(moment.tzinfo is JST for moment in moments)
    assert sum(1 for epoch in EPOCHS if not epoch.expected) >= 4


def test_every_sample_says_that_it_is_one() -> None:
    for site in SITES:
        for path, resource in site.at(jst("2024-10-01"), BASES).items():
            if isinstance(resource.body, str) and path != "/robots.txt":
                assert "見本" in resource.body or "架空" in resource.body
