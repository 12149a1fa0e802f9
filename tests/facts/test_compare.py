"""What a subscriber hears of two readings."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.facts import compare_facts, extract, turns_outcome

PUBLISHED = date(2024, 1, 26)


def changes(old: str, new: str) -> list[tuple[str, str | None, str | None]]:
    before, after = (extract(text, published=PUBLISHED) for text in (old, new))
    return [(c.field, c.old, c.new) for c in compare_facts(before, after)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "対象は約900万件、59団体です。",
            "対象は928万件、69団体です。",
            [("count", "約900万件", "928万件"), ("count", "59団体", "69団体")],
        ),
        (
            "福岡市100件、北九州市200件、久留米市300件",
            "福岡市100件、北九州市250件、久留米市290件",
            [("count", "200件", "250件"), ("count", "300件", "290件")],
        ),
        ("件数は確認中です", "件数は1,200件です", [("count", "件数は確認中", "1,200件")]),
        ("最大約14万人分", "133,655人", [("count", "最大約14万人分", "133,655人")]),
        ("3,000件と2,000件", "3,000件", [("count", "2,000件", None)]),
        ("約3,000件", "3,000件", [("count", "約3,000件", "3,000件")]),
        ("報告します", "2月29日までに報告します", [("deadline", None, "2024-02-29")]),
        (
            "2024年2月29日までに報告を求めた",
            "2024年3月15日までに報告を求めた",
            [("deadline", "2024-02-29", "2024-03-15")],
        ),
        (
            "お客さま情報が流出しました。二次被害は確認されていません。",
            "第三者への流出は確認されていません。二次被害は確認されていません。",
            [("outcome", "leaked", "not confirmed")],
        ),
        ("法第148条第1項", "法第148条第2項", [("provision", "APPI 148(1)", "APPI 148(2)")]),
        ("電話0120-000-614", "電話0120-000-641", [("phone", "0120-000-614", "0120-000-641")]),
        (
            "電話番号は含まれません",
            "電話番号が含まれます",
            [("data-item", "phone (not included)", "phone")],
        ),
    ],
)
def test_changes(old: str, new: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    assert changes(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("対象は二十八名です。令和5年10月17日", "対象は28名です。2023年10月17日"),
        ("対象は１，８４２件、1842件です", "対象は1,842件です"),
        ("電話（058）214-2966", "電話058-214-2966"),
        ("法第百四十八条第一項", "法第148条第1項"),
    ],
)
def test_another_notation_of_the_same_value_is_no_change(old: str, new: str) -> None:
    assert changes(old, new) == []


def test_a_new_notice_tells_every_value_once() -> None:
    told = changes("", "100件が流出しました。100件の内訳は氏名です。")
    assert told.count(("count", None, "100件")) == 1


def test_contradicting_counts_stand_side_by_side_and_are_not_added() -> None:
    facts = [f.value for f in extract("表題では1,200件、本文では1,500件。") if f.field == "count"]
    assert facts == [1200, 1500]


@pytest.mark.parametrize(
    ("old", "new", "turns"),
    [
        ("流出は確認されていません。", "顧客情報が流出しました。", True),
        ("不正利用は確認されていません。", "不正利用が確認されました。", True),
        ("顧客情報が流出しました。", "流出は確認されていません。", True),
        ("調査中です。", "警察に被害届を提出しました。", True),
        ("警察に被害届を提出しました。", "警察に被害届を提出しました。調査中です。", False),
        ("調査中です。", "警察に被害届を提出する予定です。", False),
        ("対象は3人です。", "対象は4人です。", False),
    ],
)
def test_a_step_that_was_taken_and_a_denial_that_fell_turn_the_outcome(
    old: str, new: str, turns: bool
) -> None:
    assert turns_outcome(compare_facts(extract(old), extract(new))) is turns
