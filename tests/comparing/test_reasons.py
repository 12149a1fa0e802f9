"""Why a difference matters, passage by passage."""

from __future__ import annotations

import pytest

from monitor.comparing.reasons import (
    contradicts,
    judge_addition,
    judge_claim,
    judge_edit,
    judge_removal,
    sort_reasons,
)
from monitor.comparing.tokens import compare_tokens


@pytest.mark.parametrize(
    ("old", "new", "label", "expected"),
    [
        ("対象は5人です。", "対象は6人です。", "", {"count"}),
        ("対象は5人です。", "被害は6人です。", "", {"count", "text"}),
        ("30", "31", "", {"count"}),
        ("約30", "約31", "", {"count"}),
        ("30 あり", "31 あり", "", {"text"}),
        ("30 あり", "31 あり", "件数", {"count"}),
        ("30 あり", "31", "", {"text"}),
        ("令和6年1月24日に判明した。", "令和6年1月25日に判明した。", "", {"date"}),
        ("令和6年1月24日までにご連絡ください。", "令和6年1月25日までにご連絡ください。", "", {"deadline"}),
        ("令和6年1月24日に判明した。", "令和6年1月25日に判明した。", "受付期限", {"deadline"}),
        ("受付は17:00まで", "受付は18:00まで", "", {"deadline"}),
        ("17:00に公表した。", "18:00に公表した。", "", {"text"}),
        ("令和6年1月24日、期限は令和6年3月1日", "令和6年1月25日、期限は令和6年3月1日", "", {"date"}),
        ("受付期間 3月1日～3月29日", "受付期間 3月1日～3月30日", "", {"deadline"}),
        ("受付期間 3月1日～3月29日", "受付期間 3月2日～3月29日", "", {"date"}),
        ("法第26条による。", "法第27条による。", "", {"provision"}),
        ("電話0120-000-614", "電話0120-000-641", "", {"phone"}),
        ("原因を調査中です。", "原因を調査しました。", "", {"text"}),
        ("対象は5人です。", "【追記】対象は5人です。", "", {"postscript", "text"}),
        ("追記：第1報", "追記：第2報", "", {"postscript"}),
        ("【追記】対象は5人です。", "対象は5人です。", "", {"text"}),
        ("【追記】甲です。", "【追記】乙です。", "", {"text"}),
        ("（追記）甲", "（追記）甲（追記）", "", {"postscript", "text"}),
    ],
)
def test_an_edit_names_what_was_replaced(old: str, new: str, label: str, expected: set[str]) -> None:
    assert judge_edit(compare_tokens(old, new), old, new, label) == expected


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("窓口を設けました。", set()),
        ("対象は5人です。", {"count"}),
        ("対象は約三万人です。", {"count"}),
        ("令和6年1月24日に判明した。", set()),
        ("令和6年1月24日までに連絡します。", {"deadline"}),
        ("電話0120-000-614、法第26条", {"phone", "provision"}),
    ],
)
def test_what_comes_or_goes_carries_its_facts(text: str, mentions: set[str]) -> None:
    assert judge_addition(text) == {"added"} | mentions
    assert judge_removal(text) == {"removed"} | mentions


def test_a_postscript_is_one_where_it_comes() -> None:
    assert judge_addition("（追記）窓口を設けました。") == {"added", "postscript"}
    assert judge_removal("（追記）窓口を設けました。") == {"removed"}


def test_the_most_telling_reason_stands_first_and_each_once() -> None:
    assert sort_reasons(["text", "date", "count", "text"]) == ("count", "date", "text")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("窓口を設けました。", ""),
        ("情報が流出しました。", "confirmed"),
        ("流出を確認しました。", "confirmed"),
        ("情報が流出した可能性があります。", "possible"),
        ("情報の流出は確認されておりません。", "denied"),
        ("流出の可能性は否定できません。", "possible"),
        ("流出の事実は確認されていませんが、可能性は否定できません。", "possible"),
        ("流出について", ""),
    ],
)
def test_a_passage_denies_thinks_possible_or_confirms(text: str, expected: str) -> None:
    assert judge_claim(text) == expected


@pytest.mark.parametrize("one", ["", "denied", "possible", "confirmed"])
@pytest.mark.parametrize("other", ["", "denied", "possible", "confirmed"])
def test_a_denial_contradicts_what_is_possible_or_confirmed(one: str, other: str) -> None:
    expected = {one, other} in ({"denied", "possible"}, {"denied", "confirmed"})
    assert contradicts(one, other) is expected


@pytest.mark.parametrize(
    ("old", "new", "reasons"),
    [
        ("情報が流出しました。", "情報が持ち出しされました。", {"wording-softened?", "text"}),
        ("不正に取得された。", "取得された。", {"wording-softened?", "text"}),
        ("取得された。", "不正に取得された。", {"text"}),
        ("情報が流出しました。", "情報が失われました。", {"text"}),
        ("情報の流出は確認されておりません。", "情報の流出を確認しました。", {"outcome", "negation", "text"}),
        ("対応します。", "対応しません。", {"negation", "text"}),
        ("対応しません。", "対応します。", {"negation", "text"}),
    ],
)
def test_a_turn_of_words_is_a_hint(old: str, new: str, reasons: set[str]) -> None:
    assert judge_edit(compare_tokens(old, new), old, new) == reasons
