"""The picture of who said what and when: lanes that can be told apart, and a key to its marks."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from feeds.views.timeline_svg import Point, draw_timeline, list_kinds
from feeds.web.app import make_app
from storage.archive import Archive
from tests.feeds import sample
from tests.feeds.client import Client
from tests.feeds.test_pages import Page, accessible, strict

NOW = sample.at("2023-10-17")


def points(*lanes: str, kind: str = "new") -> list[Point]:
    return [
        Point(lane, NOW + timedelta(days=number), kind, "", "title", "#x")
        for number, lane in enumerate(lanes)
    ]


def labels(*lanes: str) -> list[list[str]]:
    """The lines of each lane's name as they are drawn."""
    drawn = re.findall(r"<text x=\"0\".*?</text>", draw_timeline(points(*lanes), "x"))
    return [[unescape(line) for line in re.findall(r"<tspan[^>]*>(.*?)</tspan>", one)] for one in drawn]


def test_a_short_name_stands_on_one_line_and_a_longer_one_on_two() -> None:
    assert labels("福岡県", "個人情報保護委員会 報道発表資料の一覧") == [
        ["福岡県"],
        ["個人情報保護委員会", "報道発表資料の一覧"],
    ]
    assert labels("NTTビジネスソリューションズ令和6年1月24日のお知らせ") == [
        ["NTTビジネスソリューションズ令和6", "年1月24日のお知らせ"]
    ]


def test_of_a_name_too_long_for_two_lines_the_middle_goes() -> None:
    name = "全国" + "建設" * 20 + "国民健康保険組合"
    ((first, second),) = labels(name)
    assert name.startswith(first)
    assert second.startswith("…")
    assert name.endswith(second[1:])
    assert f"<title>{name}</title>" in draw_timeline(points(name), "x")


@given(
    st.lists(
        st.text(st.sampled_from("公表 aW"), min_size=1, max_size=90).map(lambda text: " ".join(text.split())),
        min_size=1,
        max_size=6,
        unique_by=lambda lane: lane.replace(" ", ""),
    )
)
def test_different_lanes_stay_different(lanes: list[str]) -> None:
    drawn = labels(*lanes)
    assert len({tuple(lines) for lines in drawn}) == len(lanes)
    for lane, lines in zip(lanes, drawn, strict=True):
        assert len(lines) <= 2
        assert lane.startswith(lines[0])


def test_names_that_differ_in_the_middle_only_are_numbered() -> None:
    one, other = (f"{'公' * 30}{middle}{'表' * 30}" for middle in "甲乙")
    (_, first), (_, second) = labels(one, other)
    assert first.startswith("…(1)…")
    assert second.startswith("…(2)…")


def test_the_key_has_what_the_picture_shows() -> None:
    shown = [one for kind in ("step", "moved", "withdrawn", "new") for one in points("a", kind=kind)]
    assert list_kinds(shown) == ["new", "withdrawn", "moved", "step"]


def test_the_marks_are_explained_below_the_picture(archive: Archive) -> None:
    web = Client(make_app(archive, base_url="https://kohyo.example/", now=lambda: NOW))
    for lang, said in (("ja", ["新規", "更新", "掲載終了"]), ("en", ["New", "Updated", "Withdrawn"])):
        body = web.get(f"/incidents/{sample.SLUG}.html?lang={lang}").text
        page = Page(body)
        strict(page)
        accessible(page)
        key = body.partition('<ul class="key"')[2].partition("</ul>")[0]
        assert re.findall(r"</span> ([^<]+)</li>", key) == said
