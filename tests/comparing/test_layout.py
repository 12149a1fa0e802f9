"""Two texts side by side: every block once, in its place, beside what it was."""

from __future__ import annotations

from hypothesis import given, settings

from monitor.comparing.diff import compare
from monitor.comparing.side_by_side import lay_out
from storage.records import Block, Passage
from tests.comparing.test_properties import BLOCKS, _row


def text(*lines: str) -> list[Block]:
    return [Block("text", line) for line in lines]


def shape(rows: tuple[Passage, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(row.op, row.old and row.old.text, row.new and row.new.text) for row in rows]


def test_what_went_and_what_came_in_one_place_stands_side_by_side() -> None:
    old = text("お知らせ", "県が提供した情報の一部が持ち出された可能性があります。", "窓口は次のとおりです。")
    new = text("お知らせ", "捜査において、第三者への流出は確認されませんでした。", "窓口は次のとおりです。")
    assert shape(lay_out(old, new)) == [
        ("same", "お知らせ", "お知らせ"),
        ("replace", old[1].text, new[1].text),
        ("same", "窓口は次のとおりです。", "窓口は次のとおりです。"),
    ]


def test_an_edit_shows_its_runs() -> None:
    (row,) = lay_out(
        text("お客さま情報、約900万件が流出しました。"), text("お客さま情報、約928万件が流出しました。")
    )
    assert row.op == "change"
    assert [(run.old, run.new) for run in row.cells[0] if not run.equal] == [("約900万件", "約928万件")]


def test_rows_that_became_lines_stand_beside_what_they_say() -> None:
    old = [_row(["自動車税", "133,655人"]), Block("text", "窓口は次のとおりです。")]
    new = text("自動車税", "133,655人", "窓口は次のとおりです。")
    assert shape(lay_out(old, new)) == [
        ("same", old[0].text, "自動車税"),
        ("same", None, "133,655人"),
        ("same", "窓口は次のとおりです。", "窓口は次のとおりです。"),
    ]


def test_cells_stay_cells() -> None:
    old = [_row(["自動車税", "133,655人", "通知中"])]
    new = [_row(["自動車税", "162,828人", "通知中"])]
    (row,) = lay_out(old, new)
    assert [all(run.equal for run in cell) for cell in row.cells] == [True, False, True]


def test_a_column_that_came_is_a_cell_of_one_side() -> None:
    old = [_row(["福岡県", "133,655人"]), _row(["三重県", "2,400件"])]
    new = [_row(["福岡県", "133,655人", "済"]), _row(["三重県", "2,400件", "未"])]
    for row in lay_out(old, new):
        assert row.cells[2][0].old == ""


def test_what_moved_is_told_at_both_places() -> None:
    moved = "お問い合わせの窓口は土曜日もお受けします。"
    rows = lay_out(
        text(moved, "一つ目の文です。", "二つ目の文です。"),
        text("一つ目の文です。", "二つ目の文です。", moved),
    )
    assert shape(rows) == [
        ("move", moved, None),
        ("same", "一つ目の文です。", "一つ目の文です。"),
        ("same", "二つ目の文です。", "二つ目の文です。"),
        ("move", None, moved),
    ]


def test_another_cut_is_no_change() -> None:
    old = text("個人情報の流出が", "確認されました。", "以上です。")
    new = text("個人情報の流出が確認されました。", "以上です。")
    assert {row.op for row in lay_out(old, new)} == {"same"}


@settings(deadline=None)
@given(BLOCKS, BLOCKS)
def test_every_block_stands_in_one_row_in_order(old: list[Block], new: list[Block]) -> None:
    rows = lay_out(old, new)
    assert [row.old for row in rows if row.old is not None] == old
    assert [row.new for row in rows if row.new is not None] == new
    for row in rows:
        assert row.old is not None or row.new is not None
        if row.cells and row.op in ("change", "form"):
            assert row.old is not None
            assert row.new is not None
            for side, block in (("old", row.old), ("new", row.new)):
                said = ["".join(getattr(run, side) for run in cell) for cell in row.cells]
                whole = list(block.cells) if len(block.cells) > 1 and len(row.cells) > 1 else [block.text]
                assert [one for one in said if one] == [one for one in whole if one]


@settings(deadline=None)
@given(BLOCKS, BLOCKS)
def test_rows_and_hunks_agree_on_whether_anything_changed(old: list[Block], new: list[Block]) -> None:
    told = [hunk for hunk in compare(old, new).hunks if hunk.op not in ("link", "column")]
    marked = [row for row in lay_out(old, new) if row.op != "same"]
    assert bool(told) <= bool(marked)


ONE, TWO, THREE = "委託先から個人情報が流出しました。", "対象は約900万件です。", "原因は現在調査しています。"


def test_what_only_came_or_only_went_stands_alone() -> None:
    assert shape(lay_out(text(ONE), text(ONE, TWO))) == [("same", ONE, ONE), ("insert", None, TWO)]
    assert shape(lay_out(text(ONE, TWO), text(ONE))) == [("same", ONE, ONE), ("delete", TWO, None)]
    two = lay_out(text("甲の件。", ONE), text("雨天中止", "晴天決行", ONE))
    assert shape(two) == [
        ("replace", "甲の件。", "雨天中止"),
        ("insert", None, "晴天決行"),
        ("same", ONE, ONE),
    ]
    assert shape(lay_out([], text(ONE))) == [("insert", None, ONE)]
    assert shape(lay_out(text(ONE), [])) == [("delete", ONE, None)]


COUNTER, LATER = "アクセス数：15,204", "アクセス数：15,317"


def test_noise_stands_beside_noise_and_else_alone_and_is_no_change() -> None:
    assert shape(lay_out(text(ONE, COUNTER), text(ONE, LATER))) == [
        ("same", ONE, ONE),
        ("same", COUNTER, LATER),
    ]
    assert shape(lay_out(text(ONE), text(ONE, LATER))) == [("same", ONE, ONE), ("same", None, LATER)]
    assert shape(lay_out(text(COUNTER, ONE), text(ONE))) == [("same", COUNTER, None), ("same", ONE, ONE)]
    assert shape(lay_out(text(ONE), text(LATER, ONE))) == [("same", None, LATER), ("same", ONE, ONE)]
    edited = TWO.replace("900", "928")
    assert shape(lay_out(text(COUNTER, TWO), text(edited))) == [
        ("same", COUNTER, None),
        ("change", TWO, edited),
    ]
    assert shape(lay_out(text(TWO), text(LATER, edited))) == [
        ("same", None, LATER),
        ("change", TWO, edited),
    ]


def test_an_edit_in_another_notation_is_a_form_and_shows_both() -> None:
    (row,) = lay_out(text("令和6年1月24日です。"), text("2024年1月24日です。"))
    assert row.op == "form"
    assert "".join(run.new for run in row.cells[0]) == "2024年1月24日です。"


def test_what_moved_and_was_edited_shows_its_runs_where_it_stands_now() -> None:
    long = "令和6年1月24日に判明し、対象は約900万件です。"
    edited = long.replace("900", "928")
    rows = lay_out(text(long, ONE, THREE), text(ONE, THREE, edited))
    assert shape(rows) == [
        ("move", long, None),
        ("same", ONE, ONE),
        ("same", THREE, THREE),
        ("move", None, edited),
    ]
    assert rows[0].cells == ()
    assert [(run.old, run.new) for run in rows[3].cells[0] if not run.equal] == [("約900万件", "約928万件")]
    still = lay_out(text(THREE, ONE, TWO), text(ONE, TWO, THREE))
    assert [row.cells for row in still if row.op == "move"] == [(), ()]


def test_a_text_cut_otherwise_stands_beside_its_pieces() -> None:
    assert shape(lay_out(text(ONE + TWO, THREE), text(ONE, TWO, THREE))) == [
        ("same", ONE + TWO, ONE),
        ("same", None, TWO),
        ("same", THREE, THREE),
    ]
    assert shape(lay_out(text(ONE, TWO, THREE), text(ONE + TWO, THREE))) == [
        ("same", ONE, ONE + TWO),
        ("same", TWO, None),
        ("same", THREE, THREE),
    ]


def test_the_cells_of_a_row_that_gained_one_are_its_new_words_alone() -> None:
    (row, _) = lay_out(
        [_row(["甲市の窓口", "5件"]), *text(ONE)], [_row(["甲市の窓口", "5件", "済"]), *text(ONE)]
    )
    assert [[(run.old, run.new) for run in cell] for cell in row.cells] == [
        [("甲市の窓口", "甲市の窓口")],
        [("5件", "5件")],
        [("", "済")],
    ]
    (back, _) = lay_out(
        [_row(["甲市の窓口", "5件", "済"]), *text(ONE)], [_row(["甲市の窓口", "5件"]), *text(ONE)]
    )
    assert [(run.old, run.new) for run in back.cells[2]] == [("済", "")]
