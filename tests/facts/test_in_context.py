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
