"""Bodies beside dates and kanji, offices and short names, classes that are none, aliases and parts."""

from __future__ import annotations

import pytest

from monitor.facts import extract


def names(text: str) -> list[object]:
    return [fact.value for fact in extract(text) if fact.field == "organisation"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和6年4月1日\n総務省は、対応を公表した。", ["総務省"]),
        ("当社は翌日国交省に報告した。", ["国交省"]),
        ("判明後金融庁へ報告した。", ["金融庁"]),
        ("環境省令で定める様式", []),
        ("クレジット決済代行会社から連絡があった。", []),
        ("データ入力会社のサーバーに残っていた。", []),
        ("印刷会社「みほん印刷」に依頼した。", ["みほん印刷"]),
        ("例示北署は男を逮捕した。", ["例示北署"]),
        ("例示県税事務所の職員が紛失した。", ["例示県税事務所"]),
        ("若葉子育て支援センターの名簿", ["若葉子育て支援センター"]),
        ("生徒の出身高等学校の名称", []),
        ("担当部署に連絡した。最寄りの警察署へ届け出た。", []),
        ("例示市立小学校において紛失した。町内小学校の教諭", []),
        ("例示市立若葉小の教諭が紛失した。", ["例示市立若葉小"]),
        ("経済産業省四国経済産業局は公表した。", ["経済産業省", "四国経済産業局"]),
        ("弊社が提供する「ミホンショップ」サービスをご利用のお客様", []),
        ("弊社が運営する「例示堂オンラインショップ」の会員様", []),
        ("愛媛県の専門学校が所有する船", []),
        ("例示健保組合より連絡がありました。", ["例示健保組合"]),
        ("株式会社みほん印刷（以下「委託先」といいます。）から、委託先の職員が", ["みほん印刷"]),
        ("株式会社みほんデータ（以下、MDC）に委託した。MDCが誤送信した。", ["みほんデータ", "MDC", "MDC"]),
    ],
)
def test_which_bodies_are_named(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("発送業務を委託している株式会社みほん便で発生した。", "processor"),
        ("株式会社みほん便に発送を委託していました。", "processor"),
        ("名簿の入力を株式会社みほん便に任せていた。", "processor"),
        ("予約サイトを運営する株式会社みほん便から連絡があった。", "processor"),
        ("入力を株式会社みほん便に再委託していた。", "sub-processor"),
        ("再委託先業者である株式会社みほん便で発生した。", "sub-processor"),
        ("運用を業務委託する株式会社みほん便より報告があった。", "processor"),
        ("株式会社みほん便から業務を受託し、名簿を作成した。", "controller"),
    ],
)
def test_the_part_of_a_body_by_its_verb(text: str, part: str) -> None:
    roles = {(f.value, q) for f in extract(text) if f.field == "role" for q in f.qualifiers}
    assert (part, "organisation:みほん便") in roles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("個人情報保護法施行規則第7条及び同法第26条", [("APPI Rules", "7"), ("APPI", "26")]),
        ("個人情報保護法施行令第2条、同法施行規則第43条", [("APPI Order", "2"), ("APPI Rules", "43")]),
        ("個人情報保護法第26条及び同規則第8条", [("APPI", "26"), ("APPI Rules", "8")]),
    ],
)
def test_the_law_that_the_same_law_is(text: str, expected: list[tuple[str, str]]) -> None:
    got = [(f.value["law"], f.value["article"]) for f in extract(text) if f.field == "provision"]
    assert got == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("見本株式会社（委託先）から個人情報が流出した。", "processor of 見本"),
        ("見本株式会社 委託先", "processor of 見本"),
        ("委託先（見本株式会社）", "processor of 見本"),
        ("委託先の見本株式会社から", "processor of 見本"),
        ("委託先である見本株式会社", "processor of 見本"),
        ("再委託先 見本株式会社", "sub-processor of 見本"),
        ("見本株式会社【委託先】", "processor"),
        ("見本株式会社、委託先", "processor"),
    ],
)
def test_a_part_is_that_of_the_body_it_stands_beside(text: str, part: str) -> None:
    (role,) = [fact for fact in extract(text) if fact.field == "role"]
    of = "".join(f" of {said.removeprefix('organisation:')}" for said in role.qualifiers)
    assert f"{role.value}{of}" == part
