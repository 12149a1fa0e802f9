"""Which block became which: equal, edited, moved, gone, or come."""

from __future__ import annotations

import pytest

from monitor.comparing import align as module
from monitor.comparing.align import Alignment, Unit, align, find_same_run, measure_similarity
from storage.records import Block

ONE, TWO, THREE, FOUR = (
    "委託先から個人情報が流出しました。",
    "対象は約900万件です。",
    "原因は現在調査しています。",
    "窓口は平日に受け付けます。",
)


def text(*lines: str) -> list[Block]:
    return [Block("text", line) for line in lines]


def row(*cells: str) -> Block:
    return Block("row", " | ".join(cells), cells)


def unit(line: str, *cells: str) -> Unit:
    block = row(line, *cells) if cells else Block("text", line)
    return Unit(0, block, module.make_block_key(block.text))


def places(found: Alignment) -> dict[str, list[tuple[int, int]] | list[int]]:
    pairs = {"edited": found.edited, "moved": found.moved}
    alone = {"deleted": found.deleted, "inserted": found.inserted}
    return {name: [(a.at, b.at) for a, b in given] for name, given in pairs.items() if given} | {
        name: [one.at for one in given] for name, given in alone.items() if given
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([ONE, TWO], [ONE, TWO], {}),
        ([ONE, TWO], [ONE, TWO.replace("900", "928")], {"edited": [(1, 1)]}),
        ([ONE, TWO], [ONE, THREE, TWO], {"inserted": [1]}),
        ([ONE, THREE, TWO], [ONE, TWO], {"deleted": [1]}),
        ([ONE, TWO, THREE], [THREE, ONE, TWO], {"moved": [(2, 0)]}),
        ([ONE, TWO], [THREE, FOUR], {"deleted": [0, 1], "inserted": [0, 1]}),
        ([ONE, TWO, THREE], [ONE, FOUR, THREE], {"deleted": [1], "inserted": [1]}),
        ([ONE + TWO], [ONE, TWO], {}),  # another cut
        ([ONE + TWO, THREE], [ONE, TWO, FOUR, THREE], {"inserted": [2]}),
        ([THREE, ONE + TWO], [FOUR, ONE, TWO], {"deleted": [0], "inserted": [0]}),
        ([ONE, "", TWO], [ONE, TWO], {}),  # what says nothing is neither gone nor come
        (["短い", ONE, TWO], [ONE, TWO, "短い"], {"deleted": [0], "inserted": [2]}),  # too short to move
        (["ちょうど八字です", ONE, TWO], [ONE, TWO, "ちょうど八字です"], {"moved": [(0, 2)]}),
        (
            [TWO + THREE, ONE, FOUR],
            [ONE, FOUR, (TWO + THREE).replace("900", "928")],
            {"moved": [(0, 2)]},
        ),
        ([ONE, ONE, TWO], [TWO, ONE, ONE], {"moved": [(2, 0)]}),
        ([], [ONE], {"inserted": [0]}),
        ([ONE], [], {"deleted": [0]}),
    ],
)
def test_blocks_are_paired(
    old: list[str], new: list[str], expected: dict[str, list[tuple[int, int]]]
) -> None:
    assert places(align(text(*old), text(*new))) == expected


def test_what_stayed_is_counted_in_characters() -> None:
    found = align(text(ONE, TWO, THREE), text(ONE, FOUR, THREE))
    assert (found.same, found.total) == (len(ONE) + len(THREE), len(ONE) + len(TWO) + len(THREE))
    cut = align(text(ONE + TWO, THREE), text(ONE, TWO, FOUR))
    assert (cut.same, cut.total) == (len(ONE) + len(TWO), len(ONE) + len(TWO) + len(THREE))
    width = align(text("件数は１２件です。", TWO), text("件数は12件です。", TWO))
    assert width.same == width.total == len("件数は12件です。") + len(TWO)


def test_what_came_and_went_in_one_place_has_one_number() -> None:
    found = align(text(ONE, "甲の件。", TWO, "乙の件。"), text(ONE, "雨天中止", TWO, "晴天決行"))
    assert [(one.at, one.gap) for one in found.deleted] == [(1, 1), (3, 2)]
    assert [(one.at, one.gap) for one in found.inserted] == [(1, 1), (3, 2)]
    assert found.gaps == 2


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([("甲市", "健診", "5件")], [("甲市", "年金", "6人")], {"edited": [(0, 0)]}),  # the row of that name
        ([("甲市", "健診", "5件")], [("乙市町", "年金", "6人")], {"deleted": [0], "inserted": [0]}),
        (
            [("甲市", "健診", "5件"), ("乙市", "納税", "8件")],
            [("乙市", "年金", "7人"), ("甲市", "通知", "6名")],
            {"edited": [(1, 0)], "deleted": [0], "inserted": [1]},
        ),
    ],
)
def test_rows_are_paired_by_their_names(
    old: list[tuple[str, ...]], new: list[tuple[str, ...]], expected: dict[str, list[tuple[int, int]]]
) -> None:
    found = align([row(*cells) for cells in old], [row(*cells) for cells in new])
    assert places(found) == expected


UNLIKE = "".join(chr(0x4E00 + n) for n in range(2000))  # no two pieces of it are the same


@pytest.mark.parametrize(
    ("old", "new", "least", "most"),
    [
        (unit(ONE), unit(ONE), 1, 1),
        (unit(TWO), unit(TWO.replace("900", "928")), 0.8, 0.95),
        (unit(ONE), unit("雨"), 0, 0.1),
        (unit("甲市", "健診", "5件"), unit("甲市", "年金の納付に関する通知", "6人"), 0.75, 0.75),
        (unit("甲市", "健診", "5件"), unit("甲市", "健診", "6件"), 0.85, 0.95),
        (unit("対象は約900万件です。"), unit("これに加えて、" + "別の説明が続きます。" * 4 + TWO), 0.9, 0.9),
        (unit("約900万件です。"), unit("別の説明が続きます。" * 4 + "約900万件です。"), 0, 0.5),  # too short
        (unit("対象は約900万件です。"), unit("別の説明が続きます。" * 4 + "対象は約900万件です"), 0.9, 0.9),
        (unit("あ" * 4001), unit("い" * 4001), 0, 0),
        (unit("あ" * 4001), unit("あ" * 4001), 1, 1),
        (unit("あ" * 100), unit("あ" * 4001), 0, 0),
        (unit("あ" * 1400), unit("あ" * 4001), 0.5, 1),
        (unit("あ" * 2000 + "い" * 2500), unit("あ" * 2000 + "う" * 2500), 0.44, 0.51),
        (unit("い" * 2501 + UNLIKE), unit("う" * 2503 + UNLIKE), 0.44, 0.45),
    ],
)
def test_similarity_has_its_bounds(old: Unit, new: Unit, least: float, most: float) -> None:
    assert least <= measure_similarity(old, new) <= most
    assert least <= measure_similarity(new, old) <= most


@pytest.mark.parametrize(
    ("a", "b", "i", "j", "expected"),
    [
        (["ab"], ["a", "b"], 0, 0, (1, 2)),
        (["a", "b"], ["ab"], 0, 0, (2, 1)),
        (["abc", "de"], ["ab", "cde"], 0, 0, (2, 2)),
        (["a"], ["a"], 0, 0, (1, 1)),
        (["a", "x"], ["a", "y"], 0, 0, (1, 1)),
        (["ab"], ["a", "c"], 0, 0, None),
        (["ab"], ["a"], 0, 0, None),
        (["a"], ["ab"], 0, 0, None),
        (["x", "ab"], ["y", "z", "a", "b"], 1, 2, (2, 4)),
    ],
)
def test_runs_that_join_to_the_same_are_found(
    a: list[str], b: list[str], i: int, j: int, expected: tuple[int, int] | None
) -> None:
    assert find_same_run(a, i, b, j) == expected


def lines(count: int, words: str) -> list[str]:
    return [words.format(chr(0x4E00 + 7 * n), n) for n in range(count)]


def test_a_gap_too_large_for_every_pair_is_cut_where_outlines_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    old = [*lines(6, "{}の件は{}件です。"), "あとで消える一行です。"]
    new = ["はじめに加わる一行です。", *lines(6, "{}の件は9{}件です。")]
    close = places(align(text(*old), text(*new)))
    assert close == {
        "edited": [(n, n + 1) for n in range(6)],
        "deleted": [6],
        "inserted": [0],
    }
    monkeypatch.setattr(module, "MAX_PAIRS", 40)
    assert places(align(text(*old), text(*new))) == close
    monkeypatch.setattr(module, "MAX_PAIRS", 0)
    assert places(align(text(*old), text(*new))) == close
    named = [row(f"{chr(0x4E00 + n)}市", f"{n}件") for n in range(6)]
    other = [row(f"{chr(0x4E00 + n)}市", "調査中の見込み") for n in range(6)]
    assert places(align(named, other)) == {"edited": [(n, n) for n in range(6)]}


def test_the_best_pairs_are_chosen_over_the_first() -> None:
    old = ["対象となる方は5人です。", "対象となる方は約900万人と見込まれます。"]
    new = ["対象となる方は約928万人と見込まれます。"]
    assert places(align(text(*old), text(*new))) == {"edited": [(1, 0)], "deleted": [0]}
    assert places(align(text(*new), text(*old))) == {"edited": [(0, 1)], "inserted": [0]}
