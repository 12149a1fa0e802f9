"""What holds for any two texts."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.wording.diff_text import to_text
from feeds.wording.summary import summarise
from monitor.comparing.diff import compare
from monitor.comparing.sameness.flicker import learn_flicker
from monitor.comparing.sameness.keys import make_text_key, shape_key
from monitor.comparing.tokens import compare_tokens, tokenise
from storage.records import Block, Link

WORDS = st.sampled_from(
    [
        "個人情報",
        "が",
        "漏えい",
        "しました",
        "。",
        "、",
        "約900万件",
        "九百万件",
        "令和5年10月17日",
        "2023/10/17",
        "第26条第1項",
        "0120-000-614",
        "まで",
        "あおば市",
        "①",
        "",
        "～",
        "〜",
        "ｱｲｳ",
        "（PDF：412KB）",
        "3時間前",
        "ABC",
        "⽤",
        "\u200b",
        "😀",
        "1,204",
        "一、二件",
        "午後1時30分",
        "|",
        "⟨",
        "",
    ]
)
TEXT = st.one_of(st.lists(WORDS, max_size=12).map("".join), st.text(max_size=30))
LINKS = st.lists(
    st.builds(Link, TEXT, st.text(max_size=12).map(lambda s: "https://a.example/" + s)), max_size=2
)

patient = settings(deadline=None)  # how long an example takes is the machine's business


def _row(cells: list[str]) -> Block:
    return Block("row", " | ".join(cells), tuple(cells))


BLOCK = st.one_of(
    st.builds(Block, st.sampled_from(("heading", "text", "item")), TEXT, links=LINKS.map(tuple)),
    st.lists(TEXT, min_size=2, max_size=4).map(_row),
)
BLOCKS = st.lists(BLOCK, max_size=8)


@patient
@given(BLOCKS)
def test_a_text_does_not_differ_from_itself(blocks: list[Block]) -> None:
    found = compare(blocks, list(blocks))
    assert found.hunks == ()
    assert not found.material
    assert learn_flicker(blocks, blocks) == frozenset()


@patient
@given(BLOCKS, BLOCKS)
def test_segments_reconstruct_both_sides(old: list[Block], new: list[Block]) -> None:
    for hunk in compare(old, new).hunks:
        assert "".join(segment.old for segment in hunk.segments) == hunk.old
        assert "".join(segment.new for segment in hunk.segments) == hunk.new


@patient
@given(BLOCKS, BLOCKS)
def test_the_same_question_has_the_same_answer(old: list[Block], new: list[Block]) -> None:
    found = compare(old, new)
    assert found == compare(list(old), list(new))
    assert 0 <= found.kept <= 1
    assert summarise(found.hunks, ()) == summarise(found.hunks, ())
    assert "\n" not in summarise(found.hunks, ())
    assert to_text(found.hunks, "en")


@patient
@given(BLOCKS, BLOCKS)
def test_every_text_finds_what_is_lost_and_what_is_new(old: list[Block], new: list[Block]) -> None:
    """A difference in what is said is never silent: other shapes, then hunks."""
    if make_text_key(old) == make_text_key(new):
        assert not [hunk for hunk in compare(old, new).hunks if hunk.op != "form"] or _cut_anew(old, new)
    elif _words(old) != _words(new):
        assert compare(old, new).hunks


def _words(blocks: Sequence[Block]) -> str:
    return "".join(shape_key(block.text) for block in blocks).replace("|", "")


def _cut_anew(old: Sequence[Block], new: Sequence[Block]) -> bool:
    return [block.text for block in old] != [block.text for block in new]


@patient
@given(BLOCKS, st.integers(0, 7))
def test_a_row_twice_is_seen(blocks: list[Block], at: int) -> None:
    row = _row(["あおば市", "健診の案内", "52,314件"])
    once, twice = [*blocks, row], [*blocks[:at], row, *blocks[at:], row]
    assert make_text_key(once) != make_text_key(twice)
    assert compare(once, twice).hunks


@patient
@given(TEXT)
def test_tokens_join_to_the_text(text: str) -> None:
    assert "".join(token.text for token in tokenise(text)) == text


@patient
@given(TEXT, TEXT)
def test_runs_join_to_both_texts(old: str, new: str) -> None:
    runs = compare_tokens(old, new)
    assert "".join(run.old for run in runs) == old
    assert "".join(run.new for run in runs) == new


@patient
@given(BLOCKS)
def test_a_key_is_blind_to_where_blocks_are_cut(blocks: list[Block]) -> None:
    plain = [Block("text", block.text) for block in blocks]
    assert make_text_key(plain) == make_text_key([Block("item", block.text) for block in blocks])


def test_long_rewrites_are_bounded() -> None:
    old = [Block("text", f"{n}番目の文は{n * 7919 % 10007}件について述べます。") for n in range(1500)]
    new = [Block("text", f"別の{n * 104729 % 10007}人に向けた{n}個目の説明です。") for n in range(1500)]
    found = compare(old, new)
    assert found.kept < 0.7
    assert found.hunks
    one = [Block("text", "".join(block.text for block in old))]
    assert compare(one, [Block("text", "".join(block.text for block in new))]).hunks


def test_hostile_texts_take_no_time() -> None:
    """Patterns meet what makes backtracking explode; a hang here is the failure."""
    for piece in (
        "1",
        "一",
        "1,",
        "1.",
        "千1",
        "2023年",
        "(1",
        "第1条の",
        "アクセス",
        "流出いた",
        "a@",
        "12:",
        "－",
    ):
        text = piece * 1500
        block = Block("text", text)
        assert compare([block], [Block("text", text + "x")]).hunks
        assert not compare([block], [block]).hunks
