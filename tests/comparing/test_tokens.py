"""Facts are whole tokens, and what two texts share is given back at the boundaries of words."""

from __future__ import annotations

import pytest

from monitor.comparing import tokens
from monitor.comparing.lcs import count_common_prefix, find_matching_runs
from monitor.comparing.tokens import TokenRun, compare_tokens, tokenise
from storage.records import Replaced, Segment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和6年3月29日(金)午後5時までに", "date:令和6年3月29日(金) time:午後5時 word:までに"),
        ("２０２４年１月２４日", "date:２０２４年１月２４日"),
        ("2024(令和6)年1月", "date:2024(令和6)年1月"),
        ("R6.1.24に1/24", "date:R6.1.24 word:に date:1/24"),
        ("24日と24日間", "date:24日 word:と number:24 word:日間"),
        ("03(1234)5678", "phone:03(1234)5678"),
        ("法第26条第1項第2号", "provision:法第26条第1項第2号"),
        ("一部を一人一人に", "word:一部 word:を word:一人一人 word:に"),
        ("最大約1,204,556件未満", "count:最大約1,204,556件未満"),
        ("17:00", "time:17:00"),
        ("30%と1.5万円", "number:30% word:と number:1.5万円"),
        ("a.b@example.jp", "link:a.b@example.jp"),
        ("ABCカナ漢字かな", "word:ABC word:カナ word:漢字 word:かな"),
    ],
)
def test_a_fact_is_one_token(text: str, expected: str) -> None:
    assert " ".join(f"{token.kind}:{token.text}" for token in tokenise(text)) == expected


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("1,200件", "1200件", True),
        ("令和6年1月24日", "2024/1/24", True),
        ("ＡＢＣ", "abc", True),
        ("https://a.example/B", "https://a.example/b", True),
        ("、", "・", False),
        ("約1,200件", "1,200件", False),
    ],
)
def test_tokens_are_compared_by_what_they_say(a: str, b: str, same: bool) -> None:
    assert ([token.key for token in tokenise(a)] == [token.key for token in tokenise(b)]) is same


def runs(old: str, new: str) -> list[str]:
    """A run that both sides share as it stands, one that was replaced as 〔old→new〕."""
    return [run.old if run.same else f"〔{run.old}→{run.new}〕" for run in compare_tokens(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("約900万件です", "約928万件です", "〔約900万件→約928万件〕 です"),
        ("流出しました", "流出していました", "流出 し 〔→てい〕 ました"),
        ("会議を開きます。", "会合を開きます。", "会 〔議→合〕 を開きます。"),
        ("abcdef", "abcxef", "〔abcdef→abcxef〕"),
        ("カタカナ語", "カタログ語", "〔カタカナ→カタログ〕 語"),
        ("お詫び", "深くお詫び", "〔→深く〕 お 詫び"),
        ("深くお詫び", "お詫び", "〔深く→〕 お 詫び"),
        ("甲と乙", "丙と丁", "〔甲と乙→丙と丁〕"),  # an island goes under
        ("A 、 B", "C 、 D", "〔A→C〕  、  〔B→D〕"),  # a comma parts
        ("対象は5人と3件です", "対象は6人です", "対象は 〔5人と3件→6人〕 です"),
        ("甲です", "甲です。以上", "甲です 〔→。以上〕"),
        ("同じ", "同じ", "同じ"),
        ("", "新しい", "〔→新しい〕"),
        ("古い", "", "〔古い→〕"),
        ("", "", ""),
    ],
)
def test_a_difference_is_as_small_as_words_allow(old: str, new: str, expected: str) -> None:
    assert " ".join(runs(old, new)) == expected


def test_another_notation_is_equal_but_not_the_same() -> None:
    (run,) = compare_tokens("１２件", "12件")
    assert (run.equal, run.same) == (True, False)
    assert run.segment == Segment("１２件", "12件")
    same, other, tail = compare_tokens("計12件、２０人です", "計12件、20人です")
    assert (same.same, other.same, tail.same) == (True, False, True)
    assert same.equal
    assert other.equal
    assert (other.old, other.new) == ("２０人", "20人")


def test_a_replaced_run_says_what_kinds_of_facts_and_whether_words_went_with_them() -> None:
    assert compare_tokens("5人です", "6人です")[0] == TokenRun(
        "5人", "6人", False, frozenset({"count"}), False
    )
    assert compare_tokens("雨です", "雪です")[0] == TokenRun("雨", "雪", False, words=True)
    both = compare_tokens("5人の子です", "令和6年1月24日の親です")[0]
    assert both == TokenRun("5人の子", "令和6年1月24日の親", False, frozenset({"count", "date"}), True)
    blank = compare_tokens("5人,です", "6人です")[0]
    assert not blank.words


@pytest.mark.parametrize(
    ("old", "new", "values"),
    [
        ("5人と3件", "6人", [("count", "5人", "6人"), ("count", "3件", "")]),
        ("6人", "5人と3件", [("count", "6人", "5人"), ("count", "", "3件")]),
        ("5人 30", "5人 31", [("number", "30", "31")]),
        ("5人", "30", [("number", "5人", "30")]),
        (
            "令和6年1月24日17:00",
            "2024/1/25の17時30分",
            [
                ("date", "令和6年1月24日", "2024/1/25"),
                ("time", "17:00", "17時30分"),
            ],
        ),
        ("法第26条", "法第27条", [("provision", "法第26条", "法第27条")]),
        ("0120-000-614", "0120-000-641", [("phone", "0120-000-614", "0120-000-641")]),
        ("a@example.jp", "b@example.jp", [("link", "a@example.jp", "b@example.jp")]),
        ("雨", "雪", []),
    ],
)
def test_values_that_were_replaced_are_paired_sort_by_sort(
    old: str, new: str, values: list[tuple[str, str, str]]
) -> None:
    found = [value for run in compare_tokens(old, new) for value in run.segment.values]
    assert found == [Replaced(*value) for value in values]


def test_a_value_that_stayed_within_a_replaced_run_is_not_paired() -> None:
    run = TokenRun("5人と3件", "5人と4件", False, frozenset({"count"}))
    assert run.segment.values == (Replaced("count", "3件", "4件"),)


def test_long_texts_are_compared_sentence_by_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    old = "一つ目です。対象は5人です。\n三つ目です。終わりに"
    new = "一つ目です。対象は6人です。\n三つ目です。終わりに"
    whole = compare_tokens(old, new)
    monkeypatch.setattr(tokens, "CUT_ABOVE_CHARS", len(old) + len(new) - 1)
    cut = compare_tokens(old, new)
    assert [run for run in cut if not run.equal] == [run for run in whole if not run.equal]
    assert cut[0] == TokenRun("一つ目です。", "一つ目です。", True)
    assert cut[-1] == TokenRun("\n三つ目です。終わりに", "\n三つ目です。終わりに", True)
    monkeypatch.setattr(tokens, "CUT_ABOVE_CHARS", len(old) + len(new))
    assert compare_tokens(old, new) == whole


def test_what_is_longer_still_is_one_replacement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "REPLACED_ABOVE_CHARS", 9)
    assert compare_tokens("対象は5人", "対象は6人") == [TokenRun("対象は5人", "対象は6人", False, words=True)]
    monkeypatch.setattr(tokens, "REPLACED_ABOVE_CHARS", 10)
    assert len(compare_tokens("対象は5人", "対象は6人")) == 2


@pytest.mark.parametrize(
    ("a", "b", "shared"), [("", "", 0), ("abc", "abd", 2), ("abc", "abc", 3), ("abc", "ab", 2), ("x", "y", 0)]
)
def test_a_common_beginning_is_counted(a: str, b: str, shared: int) -> None:
    assert count_common_prefix(a, b) == shared


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("", "", [(0, 0, 0)]),
        ("abc", "abc", [(0, 0, 3), (3, 3, 0)]),
        ("abc", "xbc", [(1, 1, 2), (3, 3, 0)]),
        ("abc", "abx", [(0, 0, 2), (3, 3, 0)]),
        ("abc", "abbc", [(0, 0, 2), (2, 3, 1), (3, 4, 0)]),
        ("axbyc", "aibjc", [(0, 0, 1), (2, 2, 1), (4, 4, 1), (5, 5, 0)]),
        ("ab", "cd", [(2, 2, 0)]),
    ],
)
def test_matching_runs_are_those_of_a_longest_common_subsequence(
    a: str, b: str, expected: list[tuple[int, int, int]]
) -> None:
    assert find_matching_runs(a, b) == expected
