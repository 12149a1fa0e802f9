"""Hunks told whole: kind, both wordings, runs, reasons, label and place."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from monitor.comparing import diff
from monitor.comparing.align import Unit
from monitor.comparing.diff import compare
from monitor.comparing.table_rows import find_changed_cells, find_changed_columns, map_columns
from storage.records import Block, Hunk, Link, Replaced, Segment

ONE, TWO, THREE, FOUR = (
    "委託先から個人情報が流出しました。",
    "対象は約900万件です。",
    "原因は現在調査しています。",
    "窓口は平日に受け付けます。",
)


def text(*lines: str) -> list[Block]:
    return [Block("text", line) for line in lines]


def hunks(old: Sequence[Block], new: Sequence[Block]) -> tuple[Hunk, ...]:
    return compare(old, new).hunks


def gone(line: str, *reasons: str) -> Hunk:
    return Hunk("delete", line, "", (Segment(line, ""),), reasons or ("removed",))


def come(line: str, *reasons: str) -> Hunk:
    return Hunk("insert", "", line, (Segment("", line),), reasons or ("added",))


def test_an_edit_is_told_whole() -> None:
    assert hunks(text(ONE, TWO), text(ONE, TWO.replace("900", "928"))) == (
        Hunk(
            "change",
            "対象は約900万件です。",
            "対象は約928万件です。",
            (
                Segment("対象は", "対象は"),
                Segment("約900万件", "約928万件", (Replaced("count", "約900万件", "約928万件"),)),
                Segment("です。", "です。"),
            ),
            ("count",),
        ),
    )


def test_what_comes_and_goes_is_told_whole_at_its_place() -> None:
    assert hunks(text(ONE, THREE, TWO), text(ONE, TWO, FOUR)) == (gone(THREE), come(FOUR))
    assert hunks(text(ONE, TWO), text(FOUR, ONE, TWO, THREE)) == (come(FOUR), come(THREE))
    assert hunks(text(ONE, THREE, TWO), text(ONE, FOUR, TWO)) == (gone(THREE), come(FOUR))
    facts = "対象は3人で、電話は0120-000-614です。"
    assert hunks(text(ONE, facts), text(ONE)) == (gone(facts, "count", "phone", "removed"),)
    assert hunks(text(ONE), text(ONE, facts)) == (come(facts, "count", "phone", "added"),)


def test_what_came_or_went_in_one_piece_is_one_passage() -> None:
    def goes_on(old: Sequence[Block], new: Sequence[Block]) -> list[bool]:
        return [hunk.goes_on for hunk in hunks(old, new)]

    assert goes_on(text(ONE), text(ONE, TWO, THREE)) == [False, True]
    assert goes_on(text(ONE, TWO, THREE), text(ONE)) == [False, True]
    assert goes_on(text(ONE), text(TWO, ONE, THREE)) == [False, False]
    assert goes_on(text(TWO, ONE, THREE), text(ONE)) == [False, False]
    stamped = text("更新日 2024年1月24日", TWO)
    assert goes_on(text(ONE), [*text(ONE), *stamped]) == [False, False]


def test_hunks_stand_in_the_order_of_the_new_text() -> None:
    edited = TWO.replace("900", "928")
    found = hunks(text(ONE, TWO, THREE, "雨天中止とします。"), text("晴れの日のみ。", ONE, edited, THREE))
    assert [(hunk.op, hunk.old or hunk.new) for hunk in found] == [
        ("insert", "晴れの日のみ。"),
        ("change", TWO),
        ("delete", "雨天中止とします。"),
    ]
    late = hunks(text(ONE, TWO, "雨天中止とします。", THREE), text(ONE, edited, THREE, FOUR))
    assert [hunk.op for hunk in late] == ["change", "delete", "insert"]


def test_a_move_is_told_whole() -> None:
    assert hunks(text(ONE, TWO, THREE), text(THREE, ONE, TWO)) == (
        Hunk("move", THREE, THREE, (Segment(THREE, THREE),), ("order",)),
    )
    long = "令和6年1月24日に判明し、対象は約900万件です。"
    edited = long.replace("900", "928")
    (hunk,) = hunks(text(long, ONE, THREE), text(ONE, THREE, edited))
    assert (hunk.op, hunk.old, hunk.new, hunk.reasons) == ("move", long, edited, ("count",))
    assert [(s.old, s.new) for s in hunk.segments if not s.equal] == [("約900万件", "約928万件")]


@pytest.mark.parametrize(
    ("old", "new", "reverses"),
    [
        ("情報が流出しました。", "その後の調査で、外部へ漏えいした事実は認められませんでした。", True),
        ("情報が流出しました。", "窓口を設けています。", False),
        ("窓口を設けています。", "情報が流出しました。", False),
    ],
)
def test_a_statement_and_its_opposite_reverse_each_other_wherever_they_stand(
    old: str, new: str, reverses: bool
) -> None:
    found = hunks(text(old, ONE, TWO, THREE), text(ONE, TWO, THREE, new))
    assert [("outcome" in hunk.reasons) for hunk in found] == [reverses, reverses]
    assert [hunk.op for hunk in found] == ["delete", "insert"]


def heading(line: str, level: int = 1) -> Block:
    return Block("heading", line, level=level)


@pytest.mark.parametrize(
    ("old", "new", "reasons"),
    [
        (heading("漏えいの件数について"), heading("漏えいの経緯について"), ("text", "title")),
        (heading("漏えいの件数について", 2), heading("漏えいの経緯について", 2), ("text",)),
        (Block("text", "漏えいの件数について"), heading("漏えいの経緯について"), ("text",)),
        (heading("漏えい１２件について"), heading("漏えい二十二件について"), ("count", "title")),
        (heading("令和6年1月24日の件"), heading("2024年1月24日の件"), ("form-only",)),
    ],
)
def test_a_first_heading_names_the_page(old: Block, new: Block, reasons: tuple[str, ...]) -> None:
    (hunk,) = hunks([old, *text(ONE)], [new, *text(ONE)])
    assert hunk.reasons == reasons


def test_another_notation_is_form_and_stands_whole() -> None:
    found = compare(text("令和6年1月24日です。"), text("2024年1月24日です。"))
    (hunk,) = found.hunks
    assert (hunk.op, hunk.old, hunk.new, hunk.reasons) == (
        "form",
        "令和6年1月24日です。",
        "2024年1月24日です。",
        ("form-only",),
    )
    assert "".join(segment.old for segment in hunk.segments) == hunk.old
    assert (found.reasons, found.material, found.kept > 0.5) == (("form-only",), False, True)
    both = compare(text("令和6年1月24日です。", TWO), text("2024年1月24日です。", TWO.replace("900", "928")))
    assert (both.reasons, both.material) == (("count",), True)


def test_the_pages_own_update_date_is_a_stamp() -> None:
    found = compare(text("更新日：2024年1月24日", ONE), text("更新日：2024年1月25日", ONE))
    (hunk,) = found.hunks
    assert (hunk.op, hunk.place, hunk.reasons, found.material) == ("change", "stamp", ("date",), False)
    came = hunks(text(ONE), text(ONE, "更新日：2024年1月25日"))
    line = "更新日：2024年1月25日"
    assert came == (Hunk("insert", "", line, (Segment("", line),), ("date",), place="stamp"),)


def test_an_update_date_in_a_cell_beside_its_label_is_a_stamp() -> None:
    def dated(day: int) -> Block:
        return row("更新日", f"2024年1月{day}日")

    (hunk,) = hunks([dated(24), *text(ONE)], [dated(25), *text(ONE)])
    assert (hunk.op, hunk.place, hunk.reasons) == ("change", "stamp", ("date",))


# --- tables ----------------------------------------------------------------------------------------


def row(*cells: str, head: tuple[str, ...] = ()) -> Block:
    return Block("row", " | ".join(cells), cells, head)


HEAD = ("市", "業務", "件数")


def unit(*cells: str, head: tuple[str, ...] = (), at: int = 0) -> Unit:
    return Unit(at, row(*cells, head=head), "")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (unit("甲", "5"), unit("甲", "6"), [(0, 0), (1, 1)]),
        (unit("甲", "5", head=HEAD[:2]), unit("甲", "6", head=HEAD[:2]), [(0, 0), (1, 1)]),
        (
            unit("甲", "税", "5", head=HEAD),
            unit("甲", "5", "税", head=("市", "件数", "業務")),
            [(0, 0), (None, 1), (1, 2), (2, None)],
        ),
        (unit("甲", "税", head=HEAD[:2]), unit("甲", "税", "5", head=HEAD), [(0, 0), (1, 1), (None, 2)]),
        (unit("甲", "税", "5", head=HEAD), unit("甲", "5", head=("市", "件数")), [(0, 0), (1, None), (2, 1)]),
        (
            unit("甲", "税", "5", head=HEAD),
            unit("甲", "税", "5", "済", head=("町", "業務", "件数", "備考")),
            [(0, 0), (1, 1), (2, 2), (None, 3)],  # a renamed head
        ),
        (
            unit("甲", "税", head=("市", "業務")),
            unit("甲", "税", "済", head=("市", "通知", "備考")),
            [(0, 0), (1, None), (None, 1), (None, 2)],  # which of two it became, no head says
        ),
        (unit("甲", "5"), unit("甲", "5", "済"), [(0, 0), (1, 1), (None, 2)]),
        (unit("甲", "5"), unit("甲", "6", "済"), [(0, 0), (1, 1), (None, 2)]),
        (unit("甲", "5", "済"), unit("甲", "済"), [(0, 0), (1, None), (2, 1)]),
        (unit("甲", "5", head=("市",)), unit("甲", "6", head=HEAD[:2]), [(0, 0), (1, 1)]),
    ],
)
def test_columns_are_mapped_by_their_heads_and_else_by_their_cells(
    old: Unit, new: Unit, expected: list[tuple[int | None, int | None]]
) -> None:
    assert map_columns(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (unit("甲", "税", "5", head=HEAD), unit("甲", "税", "6", head=HEAD), [("5", "6", "甲 / 件数")]),
        (unit("甲", "税", "5"), unit("甲", "税", "6"), [("5", "6", "甲")]),
        (unit("甲", "5", head=HEAD), unit("甲", "6", head=HEAD), [("5", "6", "甲")]),
        (unit("甲", "5", head=HEAD[:2]), unit("乙", "5", head=HEAD[:2]), [("甲", "乙", "市")]),
        (
            unit(" 甲 ", "5", head=("市", " 業 ")),
            unit(" 甲 ", "6", head=("市", " 業 ")),
            [("5", "6", "甲 / 業")],
        ),
        (unit("甲", "５"), unit("甲", "5"), []),
    ],
)
def test_a_changed_cell_says_where_it_stands(
    old: Unit, new: Unit, expected: list[tuple[str, str, str]]
) -> None:
    found = find_changed_cells(old, new, map_columns(old, new))
    assert [(cell.old, cell.new, cell.label) for cell in found] == expected


def table(*rows: tuple[str, ...], head: tuple[str, ...] = ()) -> list[Unit]:
    return [unit(*cells, head=head, at=at) for at, cells in enumerate(rows)]


THREE_ROWS = [("甲市", "5件"), ("乙市", "6件"), ("丙市", "7件")]
WITH_NOTE = [(*cells, note) for cells, note in zip(THREE_ROWS, ("済", "未", "済"), strict=True)]


@pytest.mark.parametrize(
    ("old", "new", "label", "gained", "cells", "explained"),
    [
        (THREE_ROWS, WITH_NOTE, "済", True, ["甲市: 済", "乙市: 未", "丙市: 済"], {0, 1, 2}),
        (WITH_NOTE, THREE_ROWS, "済", False, ["甲市: 済", "乙市: 未", "丙市: 済"], {0, 1, 2}),
        (
            [("市", "件数"), *THREE_ROWS[:1]],
            [("市", "件数", "備考"), *WITH_NOTE[:1]],
            "備考",
            True,
            ["市: 備考", "甲市: 済"],
            {0, 1},
        ),
        (THREE_ROWS[:2], [("A", *cells) for cells in THREE_ROWS[:2]], "A", True, ["A", "A"], {0, 1}),
    ],
)
def test_a_column_that_came_or_went_says_its_cells_row_by_row(
    old: list[tuple[str, ...]],
    new: list[tuple[str, ...]],
    label: str,
    gained: bool,
    cells: list[str],
    explained: set[int],
) -> None:
    (column,), rows = find_changed_columns(list(zip(table(*old), table(*new), strict=True)))
    assert (column.label, column.gained, column.at, column.cells) == (label, gained, 0, cells)
    assert rows == explained


def test_the_head_of_a_table_names_its_column_and_is_no_cell_of_it() -> None:
    old = table(HEAD[::2], *THREE_ROWS, head=HEAD[::2])
    head = ("市", "件数", "備考")
    new = table(head, *WITH_NOTE, head=head)
    (column,), rows = find_changed_columns(list(zip(old, new, strict=True)))
    assert (column.label, column.cells) == ("備考", ["甲市: 済", "乙市: 未", "丙市: 済"])
    assert rows == {0, 1, 2, 3}


def test_one_row_of_another_width_makes_no_column_and_tables_are_told_apart() -> None:
    one = list(zip(table(THREE_ROWS[0]), table(WITH_NOTE[0]), strict=True))
    assert find_changed_columns(one) == ([], set())
    far = [
        (unit(*THREE_ROWS[0], at=0), unit(*WITH_NOTE[0], at=0)),
        (unit(*THREE_ROWS[1], at=5), unit(*WITH_NOTE[1], at=5)),
    ]
    assert find_changed_columns(far) == ([], set())
    plain = (Unit(1, Block("text", "甲"), ""), Unit(1, Block("text", "乙"), ""))
    assert find_changed_columns([far[0], plain]) == ([], set())


def test_a_column_is_told_before_the_cells_of_its_table() -> None:
    rows = [("甲市の窓口", "52,314件"), ("乙市の窓口", "1,204件"), ("丙市の窓口", "77件")]
    old = [row(*cells) for cells in rows]
    new = [row(*cells, "通知済") for cells in rows]
    new[1] = row("乙市の窓口", "1,205件", "通知済")
    column, cell = hunks(old, new)
    said = "甲市の窓口: 通知済\n乙市の窓口: 通知済\n丙市の窓口: 通知済"
    assert column == Hunk("column", "", said, (Segment("", said),), ("column",), "通知済")
    assert (cell.op, cell.old, cell.new, cell.label, cell.reasons) == (
        "cell",
        "1,204件",
        "1,205件",
        "乙市の窓口",
        ("count",),
    )


def test_a_row_that_lost_a_cell_alone_is_a_change_of_its_text() -> None:
    old = [row("甲市の窓口", "52,314件", "通知済"), *text(ONE)]
    new = [row("甲市の窓口", "52,314件"), *text(ONE)]
    (hunk,) = hunks(old, new)
    assert (hunk.op, hunk.old, hunk.new) == ("change", old[0].text, new[0].text)


# --- links -----------------------------------------------------------------------------------------


def linked(*links: tuple[str, str]) -> list[Block]:
    return [Block("text", ONE, links=tuple(Link(name, f"https://a.example/{at}") for name, at in links))]


def pointed(old: str, new: str, label: str, *reasons: str) -> Hunk:
    a, b = (f"https://a.example/{at}" if at else "" for at in (old, new))
    return Hunk("link", a, b, (Segment(a, b),), reasons or ("link",), label)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([("別紙", "1")], [("別紙", "2")], [pointed("1", "2", "別紙")]),
        ([("別紙", "1.pdf")], [("別紙", "2.pdf")], [pointed("1.pdf", "2.pdf", "別紙", "attachment", "link")]),
        (
            [("別紙（PDF）", "1")],
            [("別紙（PDF）", "2")],
            [pointed("1", "2", "別紙（PDF）", "attachment", "link")],
        ),
        ([], [("別紙", "1")], [pointed("", "1", "別紙")]),
        ([("別紙", "1")], [], [pointed("1", "", "別紙")]),
        ([("別紙", "1")], [("資料", "1")], []),  # the same target under another name
        ([("別紙", "1"), ("別紙", "2")], [("別紙", "2"), ("別紙", "3")], [pointed("1", "3", "別紙")]),
        (
            [("別紙", "1"), ("別紙", "2")],
            [("別紙", "3")],
            [pointed("1", "3", "別紙"), pointed("2", "", "別紙")],
        ),
        (
            [("別紙", "1")],
            [("別紙", "3"), ("別紙", "4")],
            [pointed("1", "3", "別紙"), pointed("", "4", "別紙")],
        ),
        ([("別紙", "1"), ("", "9")], [("別紙", "1"), ("", "8")], []),  # nothing to hang it on
        ([("別紙１", "1")], [("別紙1", "1")], []),
    ],
)
def test_a_link_that_points_elsewhere_is_told_whole(
    old: list[tuple[str, str]], new: list[tuple[str, str]], expected: list[Hunk]
) -> None:
    assert list(hunks(linked(*old), linked(*new))) == expected


def test_links_of_what_came_or_went_are_told_with_it() -> None:
    with_link = Block("text", THREE, links=(Link("別紙 (PDF)", "https://a.example/1.pdf"),))
    assert hunks(text(ONE), [*text(ONE), with_link]) == (come(THREE, "added", "attachment"),)
    assert hunks([*text(ONE), with_link], text(ONE)) == (gone(THREE, "removed", "attachment"),)


# --- the whole -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ([ONE], [ONE, TWO], 1.0),
        ([ONE, TWO], [ONE], len(ONE) / (len(ONE) + len(TWO))),
        ([], [ONE], 1.0),
        ([ONE], [THREE], 0.0),
        ([ONE, TWO, THREE], [THREE, ONE, TWO], 1.0),
    ],
)
def test_what_was_kept_is_a_share_of_the_old_text(old: list[str], new: list[str], kept: float) -> None:
    found = compare(text(*old), text(*new))
    assert found.kept == pytest.approx(kept)


def test_an_edited_passage_is_kept_as_far_as_it_is_alike() -> None:
    share = compare(text(TWO), text(TWO.replace("900", "928"))).kept
    assert share == pytest.approx(1 - 2 / len(TWO), abs=0.01)


def test_of_a_great_rewrite_each_passage_is_only_come_or_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = text(ONE, "対象は3人です。"), text(ONE, "窓口の電話は0120-000-614です。")
    close = [hunk.reasons for hunk in hunks(old, new)]
    assert close == [("count", "removed"), ("phone", "added")]
    monkeypatch.setattr(diff, "MAX_BLOCKS_LOOKED_INTO", 2)
    assert [hunk.reasons for hunk in hunks(old, new)] == close
    monkeypatch.setattr(diff, "MAX_BLOCKS_LOOKED_INTO", 1)
    assert [hunk.reasons for hunk in hunks(old, new)] == [("removed",), ("added",)]
