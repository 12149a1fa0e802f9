"""Two versions of a text as a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from feeds.addresses import Site
from feeds.formats.entries import Names
from feeds.views.comparison_page import ComparisonRow, build_comparison_page
from feeds.views.render import render_page
from storage.records import Block, Comparison, Hunk, Notice, Passage, Recipe, Segment, Version, VersionHead

SEEN = datetime(2024, 1, 24, tzinfo=UTC)
NOTICE = Notice("mie", 1, "https://x.example/", "お知らせ", None, SEEN, SEEN, id=7)
HOSTILE = "<script>alert(1)</script>&"


def text(words: str) -> Block:
    return Block("text", words)


def same(*words: str) -> list[Passage]:
    return [Passage("same", text(one), text(one)) for one in words]


CHANGED = Passage("change", text("約900万件"), text("約928万件"), ((Segment("約900万件", "約928万件"),),))
ROW = Passage(
    "change",
    Block("row", "福岡県 | 133,655人", ("福岡県", "133,655人"), ("団体", "人数")),
    Block("row", "福岡県 | 162,828人", ("福岡県", "162,828人"), ("団体", "人数")),
    ((Segment("福岡県", "福岡県"),), (Segment("133,655人", "162,828人"),)),
)


def shown(
    *passages: Passage,
    view: str = "side",
    lang: str = "ja",
    updated: tuple[date | None, date | None] = (None, None),
) -> tuple[list[ComparisonRow], str]:
    old = Version(1, 1, SEEN, "", "", (), (), "", Recipe("d", 1, 1, 1, 1), updated=updated[0], id=1, number=1)
    new = replace(old, id=2, number=2, updated=updated[1])
    history = [VersionHead(one.id, one.number, 1, SEEN, "", None) for one in (old, new)]
    site = Site("https://kohyo.example/", lang, live=True)
    comparison = Comparison((Hunk("move", "", "a"),), passages)
    context = build_comparison_page(NOTICE, old, new, history, comparison, Names({}, {}), site, view)
    return context["rows"], render_page("pair.html.j2", "notices/7/diff", site, context).decode()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", "ページ自身の更新日は変わっていません(変更前: 2023年10月18日、変更後: 2023年10月18日)"),
        ("en", "the page&#39;s own date did not (before: 18 October 2023, after: 18 October 2023)"),
    ],
)
def test_it_says_that_the_text_changed_and_the_date_of_the_page_did_not(lang: str, said: str) -> None:
    day = date(2023, 10, 18)
    assert said in shown(CHANGED, lang=lang, updated=(day, day))[1]
    assert said not in shown(CHANGED, lang=lang, updated=(day, date(2024, 3, 28)))[1]
    assert said not in shown(CHANGED, lang=lang)[1]


def test_what_is_unchanged_is_folded_but_for_its_edges() -> None:
    rows, page = shown(*same("一", "二", "三", "四"), CHANGED, *same("五", "六"), ROW, *same("七"))
    assert [(row.op, row.folded) for row in rows] == [
        ("fold", 3), ("same", 0), ("change", 0), ("same", 0), ("same", 0), ("change", 0), ("same", 0),
    ]  # fmt: skip
    for word in "一二三四五六七":
        assert f"<p>{word}</p>" in page


def test_cells_stand_under_the_heads_of_their_columns() -> None:
    rows, _ = shown(ROW)
    assert rows[0].old == (
        '<ul class="cells"><li><small>団体</small> 福岡県</li>'
        "<li><small>人数</small> <del>133,655人</del></li></ul>"
    )
    assert "<ins>162,828人</ins>" in rows[0].new


def test_moved_passages_are_told_as_moved() -> None:
    rows, page = shown(
        Passage("move", text("移る"), None), *same("留まる"), Passage("move", None, text("移る"))
    )
    assert [(bool(row.old), bool(row.new)) for row in (rows[0], rows[2])] == [(True, False), (False, True)]
    assert "移動元" in rows[0].old
    assert "移動先" in rows[2].new
    assert "<del>" not in page
    assert "moved to here" in shown(Passage("move", None, text("移る")), lang="en")[1]


@pytest.mark.parametrize("view", ["side", "inline"])
def test_what_went_stands_before_what_came_and_nothing_of_it_is_markup(view: str) -> None:
    _, page = shown(Passage("replace", text(f"旧{HOSTILE}"), text(f"新{HOSTILE}")), view=view)
    assert "<script>alert" not in page
    assert page.index("旧&lt;script&gt;") < page.index("新&lt;script&gt;")
    assert "<del>旧" in page
    assert "<ins>新" in page
