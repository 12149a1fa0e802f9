"""Provisions, statements, bodies and items by what stands beside them, each with wording and qualifiers."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.facts import extract
from storage.records import FactField


def found(text: str, field: FactField) -> list[tuple[object, str, tuple[str, ...], str]]:
    facts = [fact for fact in extract(text, published=date(2024, 5, 20)) if fact.field == field]
    return [(fact.value, fact.raw, fact.qualifiers, fact.role) for fact in facts]


def law(name: str, article: str, paragraph: str | None = None) -> dict[str, str | None]:
    return {"law": name, "article": article, "paragraph": paragraph}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("施行規則第7条第1号", [(law("APPI Rules", "7"), "施行規則第7条第1号", ("item:1",), "")]),
        (
            "番号法第12条及び同法施行規則第3条",
            [
                (law("My Number Act", "12"), "番号法第12条", (), ""),
                (law("My Number Act Rules", "3"), "同法施行規則第3条", (), ""),
            ],
        ),
        (
            "個人情報保護法第26条、施行令第5条",
            [
                (law("APPI", "26"), "個人情報保護法第26条", (), "leak report"),
                (law("APPI Order", "5"), "施行令第5条", (), ""),
            ],
        ),
        ("行政手続法第36条", [(law("Administrative Procedure Act", "36"), "行政手続法第36条", (), "")]),
        ("民法第709条", [(law("Civil Code", "709"), "民法第709条", (), "")]),
        (
            "法第26条第1項及び第2項",
            [
                (law("APPI", "26", "1"), "法第26条第1項", (), "leak report"),
                (law("APPI", "26", "2"), "第2項", (), "leak report"),
            ],
        ),
        (
            "法第26条から第28条まで",
            [(law("APPI", "26"), "法第26条", (), "leak report"), (law("APPI", "28"), "第28条", (), "")],
        ),
        ("第26条の2第1項", [(law("APPI", "26の2", "1"), "第26条の2第1項", (), "")]),
        (
            "個人情報の保護に関する法律（平成15年法律第57号）第26条第1項第3号",
            [
                (
                    law("APPI", "26", "1"),
                    "個人情報の保護に関する法律（平成15年法律第57号）第26条第1項第3号",
                    ("item:3",),
                    "leak report",
                )
            ],
        ),
        ("番号利用法第29条の4", [(law("My Number Act", "29の4"), "番号利用法第29条の4", (), "")]),
        ("法23条", [(law("APPI", "23"), "法23条", (), "security control")]),
        ("法第百四十八条", [(law("APPI", "148"), "法第百四十八条", (), "recommendation and order")]),
        ("ガイドライン3-5", []),
    ],
)
def test_a_provision_is_that_of_the_law_named_last(
    text: str, expected: list[tuple[object, str, tuple[str, ...], str]]
) -> None:
    assert found(text, "provision") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("情報は流出した。", [("leaked", "流出", (), "leak")]),
        ("水が流出した。", []),
        ("情報が流出していません。", [("not confirmed", "流出", (), "leak")]),
        ("漏えいのおそれは否定できません。", [("possible", "漏えい", (), "leak")]),
        ("情報が流出したと考えられます。", [("possible", "流出", (), "leak")]),
        ("流出の有無を調査しています。", []),
        ("流出した事実はありません。", [("not confirmed", "流出", (), "leak")]),
        ("不正利用されました。", [("misused", "不正利用", (), "misuse")]),
        ("二次被害が発生しました。", [("misused", "二次被害", (), "misuse")]),
        ("悪用されたおそれがあります。", [("possible", "悪用", (), "misuse")]),
        ("流出を防ぐ対策", []),
        ("仮に漏えいした場合", []),
    ],
)
def test_a_statement_says_what_happened_or_did_not(
    text: str, expected: list[tuple[object, str, tuple[str, ...], str]]
) -> None:
    assert found(text, "outcome") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("東京都府中市", [("府中市", "東京都府中市", ("in:東京都",), "municipality")]),
        (
            "府中市と調布市",
            [("府中市", "府中市", (), "municipality"), ("調布市", "調布市", (), "municipality")],
        ),
        ("大府中市場", []),
        ("甲府市立病院", [("甲府市立病院", "甲府市立病院", (), "body")]),
        ("北海道庁", [("北海道", "北海道", (), "prefecture")]),
        ("千葉市民", []),
        ("市川市が", [("市川市", "市川市", (), "municipality")]),
        ("三重県及び津市", [("三重県", "三重県", (), "prefecture"), ("津市", "津市", (), "municipality")]),
        ("鎌倉市役所", [("鎌倉市", "鎌倉市", (), "municipality")]),
        ("広島県福山市教育委員会", [("広島県福山市教育委員会", "広島県福山市教育委員会", (), "body")]),
    ],
)
def test_a_body_is_told_from_the_words_around_it(
    text: str, expected: list[tuple[object, str, tuple[str, ...], str]]
) -> None:
    assert found(text, "organisation") == expected


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("氏名は含まれていません。", "data-item", [("name", "氏名", ("not included",), "")]),
        (
            "氏名及び住所を除く情報",
            "data-item",
            [("name", "氏名", ("not included",), ""), ("address", "住所", ("not included",), "")],
        ),
        ("パスワードの変更をお願いします。", "data-item", []),
        (
            "口座番号、暗証番号",
            "data-item",
            [("bank account", "口座番号", (), ""), ("password", "暗証番号", (), "")],
        ),
        ("健康診断結果", "data-item", [("special-care data", "健康診断結果", (), "")]),
        ("派遣元の", "role", [("staffing agency", "派遣元", (), "")]),
        ("委託元である見本市", "role", [("controller", "委託元", (), "")]),
        ("設定ミスにより閲覧可能", "cause", [("misconfiguration", "設定ミス", (), "")]),
        ("システムの不具合", "cause", [("system fault", "システムの不具合", (), "")]),
        ("従業員が持ち出し", "cause", [("insider misuse", "従業員が持ち出", (), "")]),
        ("書類の誤廃棄", "cause", [("loss", "誤廃棄", (), "")]),
        ("ランサムウェア対策を強化", "cause", []),
        ("誤って公開", "cause", [("misconfiguration", "誤って公開", (), "")]),
        ("盗難", "cause", [("theft", "盗難", (), "")]),
    ],
)
def test_items_roles_and_causes_have_their_words(
    text: str, field: FactField, expected: list[tuple[object, str, tuple[str, ...], str]]
) -> None:
    assert found(text, field) == expected


# --- neighbours: what is told, and beside it what is not --------------------------------------------------


def named(text: str, field: FactField) -> list[object]:
    return [value for value, *_ in found(text, field)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("対象の方一人ひとりに連絡します。", []),
        ("一人の情報が漏えいしました。", [1]),
        ("1件の漏えいがありました。", [1]),
        ("一件一件確認しました。", []),
        ("この一件について説明します。", []),
        ("一人暮らしの方1人の情報です。", [1]),
        ("平均0.2人でした。", []),
        ("1.2万人の情報です。", [12_000]),
        ("〇〇件の情報です。", []),
        ("第2社の1,595人の情報です。", [1595]),
        ("人数 1,595人です。", [1595]),
    ],
)
def test_one_is_a_number_where_it_counts(text: str, expected: list[object]) -> None:
    assert named(text, "count") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("専門家の指導・助言を受けています。", []),
        ("個人情報保護委員会から指導・助言を受けました。", ["guidance", "advice"]),
        ("警察から助言を受けました。", []),
        ("弁護士から助言を受けました。", []),
        ("委員会は助言した。", ["advice"]),
        ("個人情報保護委員会に報告した。\nその後、助言を受けた。", []),
        ("従業員への指導を行いました。", []),
        ("委託先に対し指導を行いました。", []),
        ("個人情報保護委員会は委託先に対し指導を行いました。", ["guidance"]),
        ("個人情報保護委員会は従業員に対し指導を行いました。", []),
        ("個人情報保護委員会は従業員について報告を求めました。", ["report demand"]),
        ("個人情報保護委員会が指導する場合があります。", []),
    ],
)
def test_advice_is_an_authority_s(text: str, expected: list[object]) -> None:
    assert named(text, "action") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("当社はNTT マーケティングアクト株式会社に委託しました。", ["NTTマーケティングアクト"]),
        ("さくら企画株式会社が公表しました。", ["さくら企画"]),
        ("日本 電気株式会社が公表しました。", ["電気"]),
        ("日銀の発表です。", ["日銀"]),
        ("日銀券です。", []),
        ("日経平均です。", []),
        ("総務省令によります。", []),
        ("総務省は公表しました。", ["総務省"]),
        ("Googleフォームを使いました。", []),
    ],
)
def test_a_body_is_named_and_no_part_of_a_longer_word(text: str, expected: list[object]) -> None:
    assert named(text, "organisation") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("番号法第12条及び同法第3条", [("My Number Act", "12"), ("My Number Act", "3")]),
        ("同法第3条によります。", [("APPI", "3")]),
        ("個人情報の保護に関する法律施行令第5条及び同法第3条", [("APPI Order", "5"), ("APPI", "3")]),
        ("同令第7条", [("APPI Order", "7")]),
        ("同規則第7条", [("APPI Rules", "7")]),
        ("法第26条", [("APPI", "26")]),
        ("施行令第5条", [("APPI Order", "5")]),
        ("規則第7条", [("APPI Rules", "7")]),
    ],
)
def test_the_same_law_is_the_one_that_was_named_last(text: str, expected: list[tuple[str, str]]) -> None:
    laws = [fact.value for fact in extract(text, published=date(2024, 5, 20)) if fact.field == "provision"]
    assert [(one["law"], one["article"]) for one in laws] == expected  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "以下の情報は流出していません。\n・氏名\n・住所\nなお、電話番号が流出しました。",
            ["name", "address"],
        ),
        ("以下の情報は含まれていません。\n1 氏名\n2 住所", ["name", "address"]),
        ("以下の情報が流出しました。\n・氏名\n・住所", []),
        ("以下の情報は流出していません。\n氏名が流出しました。\n・住所", []),
    ],
)
def test_a_denied_list_ends_where_its_lines_end(text: str, expected: list[object]) -> None:
    items = found(text, "data-item")
    assert [value for value, _, qualifiers, _ in items if "not included" in qualifiers] == expected
