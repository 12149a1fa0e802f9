"""What a subscriber hears of two readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from monitor.facts import compare_facts, extract, turns_outcome
from storage.records import Fact, FactChange

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
        (  # numbers of other kinds take each other's place between the same neighbours alone
            "対象は200件です。\n電話03-1234-5678\n電話052-123-4567",
            "対象は30団体です。\n電話03-1234-5678\n電話052-123-4567",
            [("count", "200件", "30団体")],
        ),
        (
            "対象は200件です。\n電話03-1234-5678\n電話052-123-4567",
            "対象は30団体です。\n電話052-123-4567\n電話03-1234-5678",
            [("count", None, "30団体"), ("count", "200件", None)],
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
        (  # what is said of the taking stands; what is said of the flow turned round
            "情報が持ち出された可能性があります。情報が不正に持ち出され、第三者に流出した可能性があります。",
            "情報が持ち出された可能性があります。第三者に流出した事実は確認されませんでした。",
            [
                ("outcome", "possible", "not confirmed"),
                ("outcome", "taken out", None),
                ("cause", "insider misuse", None),
            ],
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


# --- pairs, from facts themselves ------------------------------------------------------------------


def fact(field: str, value: object, raw: str = "", **more: object) -> Fact:
    return Fact(field, value, raw or str(value), 0, 1, **more)  # type: ignore[arg-type]


def people(value: int, raw: str = "", unit: str = "人", role: str = "affected", **more: object) -> Fact:
    return fact("count", value, raw or f"{value}{unit}", unit=unit, role=role, **more)


def told(old: Sequence[Fact], new: Sequence[Fact]) -> list[tuple[str, str | None, str | None]]:
    return [(c.field, c.old, c.new) for c in compare_facts(old, new)]


DAY, OTHER_DAY = fact("date", "2024-01-24"), fact("date", "2024-01-25")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([people(5)], [people(5, "５名", unit="名")], []),
        ([people(5)], [people(5, "5人分", unit="人分")], []),
        ([people(5)], [people(5, "5ユーザー", unit="ユーザー")], []),
        ([people(5, unit="社")], [people(5, unit="団体")], []),
        ([people(5, unit="件")], [people(5, unit="件分")], []),
        ([people(5)], [people(5, unit="件")], [("count", "5人", "5件")]),
        ([people(5)], [people(5, role="notified")], [("count", "5人", "5人")]),
        ([people(5, "約5人", qualifiers=("approx",))], [people(5)], [("count", "約5人", "5人")]),
        ([people(5, qualifiers=("subset",))], [people(5)], []),  # a qualifier that only places it
        ([fact("date", "2024-01-24", "令和6年1月24日")], [fact("date", "2024-01-24", "1/24")], []),
        ([fact("date", None, "2月39日")], [fact("date", None, "2月38日")], [("date", "2月39日", "2月38日")]),
        ([DAY, people(5)], [people(5), DAY], []),  # the order says nothing
        ([fact("unheard-of", "x")], [fact("unheard-of", "y")], []),
        (
            [fact("organisation", "甲"), fact("role", "processor")],
            [fact("organisation", "乙"), fact("role", "controller")],
            [
                ("organisation", None, "乙"),
                ("organisation", "甲", None),
                ("role", None, "controller"),
                ("role", "processor", None),
            ],
        ),
        (
            [DAY, people(5), fact("cause", "loss")],
            [OTHER_DAY, people(6), fact("cause", "theft")],
            [
                ("count", "5人", "6人"),
                ("date", "2024-01-24", "2024-01-25"),
                ("cause", None, "theft"),
                ("cause", "loss", None),
            ],
        ),
        # what stands between the same neighbours is one that changed, even in another unit
        ([DAY, people(5), OTHER_DAY], [DAY, people(6, unit="件"), OTHER_DAY], [("count", "5人", "6件")]),
        (
            [DAY, people(5, unit="社"), OTHER_DAY],
            [DAY, people(6, unit="件"), OTHER_DAY],
            [("count", None, "6件"), ("count", "5社", None)],
        ),
        (
            [DAY, people(5)],
            [people(6, unit="件"), DAY],
            [("count", None, "6件"), ("count", "5人", None)],
        ),
        # the likeliest pairs come first: neighbours, then the nearer one
        (
            [people(1), DAY, people(2), OTHER_DAY],
            [DAY, people(3), OTHER_DAY],
            [("count", "2人", "3人"), ("count", "1人", None)],
        ),
        ([people(1), people(2)], [people(3)], [("count", "1人", "3人"), ("count", "2人", None)]),
        ([people(1)], [people(3), people(2)], [("count", "1人", "3人"), ("count", None, "2人")]),
        (
            [people(1), people(2, role="notified")],
            [people(3, role="notified"), people(4)],
            [("count", "2人", "3人"), ("count", "1人", "4人")],
        ),
        (
            [people(1, unit="名"), people(2)],
            [people(3), people(4, unit="名")],
            [("count", "2人", "3人"), ("count", "1名", "4名")],
        ),
        (
            [fact("outcome", "leaked", role="leak")],
            [fact("outcome", "not confirmed", role="misuse")],
            [("outcome", None, "misuse not confirmed"), ("outcome", "leaked", None)],
        ),
        (
            [fact("data-item", "name")],
            [fact("data-item", "address")],
            [("data-item", None, "address"), ("data-item", "name", None)],
        ),
        (
            [fact("provision", {"law": "APPI", "article": "26", "paragraph": "1"})],
            [fact("provision", {"law": "APPI", "article": "27", "paragraph": "1"})],
            [("provision", None, "APPI 27(1)"), ("provision", "APPI 26(1)", None)],
        ),
    ],
)
def test_values_are_paired_by_kind_and_neighbours(
    old: list[Fact], new: list[Fact], expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert told(old, new) == expected


def test_of_two_long_lists_only_values_about_as_far_down_are_paired() -> None:
    old = [people(1), *(fact("cause", f"a{n}") for n in range(80))]
    near = [*(fact("cause", f"b{n}") for n in range(50)), people(2)]
    far = [*(fact("cause", f"b{n}") for n in range(70)), people(2)]
    assert ("count", "1人", "2人") in told(old, near)
    assert ("count", "1人", None) in told(old, far)
    assert ("count", None, "2人") in told(old, far)
    assert ("count", "2人", "1人") in told(near, old)
    assert ("count", "2人", None) in told(far, old)


@pytest.mark.parametrize(
    ("change", "turns"),
    [
        (FactChange("step", None, "police-informed"), True),
        (FactChange("step", "police-informed", None), False),
        (FactChange("step", None, "police-informed (planned)"), False),
        (FactChange("outcome", "leaked", "not confirmed"), True),
        (FactChange("outcome", "misuse not confirmed", "misused"), True),
        (FactChange("outcome", "possible", "leaked"), False),
        (FactChange("outcome", None, "leaked"), False),
        (FactChange("outcome", "not confirmed", None), False),
        (FactChange("count", "leaked", "not confirmed"), False),
    ],
)
def test_what_turns_an_outcome(change: FactChange, turns: bool) -> None:
    assert turns_outcome([FactChange("count", "1", "2"), change]) is turns
