"""Who is named, what authorities did, which parts bodies play."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.facts import extract
from storage.records import Fact


def read(text: str, *fields: str, published: date | None = date(2024, 1, 26)) -> list[Fact]:
    return [fact for fact in extract(text, published=published) if fact.field in fields]


def names(text: str) -> list[object]:
    return [fact.value for fact in read(text, "organisation")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("株式会社例示商事は", ["例示商事"]),
        ("例示商事㈱は", ["例示商事"]),
        ("例示商事株式会社代表取締役", ["例示商事"]),
        ("株式会社例示商事大阪支店", ["例示商事大阪支店"]),
        ("委託先である株式会社例示商事及び例示印刷株式会社", ["例示商事", "例示印刷"]),
        ("令和5年10月30日\n株式会社例示商事", ["例示商事"]),
        ("さくらインターネット株式会社", ["さくらインターネット"]),
        ("一般財団法人例示振興会", ["例示振興会"]),
        ("株式会社 代表取締役", []),
        ("ＮＴＴビジネスソリューションズ", ["NTTビジネスソリューションズ"]),
        ("森永乳業と森永製菓", ["森永乳業", "森永製菓"]),
        ("福岡県北九州市と府中市", ["北九州市", "府中市"]),
        ("当市、本市、各市、市民、都市部", []),
        ("横浜市民、大阪市内、千葉市在住、東京都内", []),
        ("〒100-0013 東京都千代田区霞が関3-2-1", []),
        ("渋谷区神山町", ["渋谷区"]),
        ("岐阜県国民健康保険団体連合会", ["岐阜県国民健康保険団体連合会"]),
        ("三重県教育委員会", ["三重県教育委員会"]),
        ("福岡県警の捜査", ["福岡県警"]),
        ("イセトー（京都市）は発表した", ["イセトー"]),
        ("委託先のクラシモに連絡した", ["クラシモ"]),
        ("システムは復旧し、サーバーはサービスを再開したと発表した", []),
        ("鎌ヶ谷市と鎌ケ谷市", ["鎌ヶ谷市", "鎌ケ谷市"]),
    ],
)
def test_organisations(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_name_broken_over_lines_is_kept_whole_and_flagged() -> None:
    (fact,) = read("NTTマーケティングアクト\nProCXは", "organisation")
    assert fact.value == "NTTマーケティングアクトProCX"
    assert fact.raw == "NTTマーケティングアクト\nProCX"
    assert "split" in fact.qualifiers


def test_a_misspelling_is_an_alias_for_the_reader_and_stays_as_written() -> None:
    (fact,) = read("ProXは", "organisation")
    assert (fact.value, fact.qualifiers) == ("ProX", ("alias-of:NTTマーケティングアクトProCX",))


def test_a_municipality_keeps_the_prefecture_said_before_it() -> None:
    (fact,) = read("広島県府中市は", "organisation")
    assert (fact.value, fact.raw, fact.qualifiers) == ("府中市", "広島県府中市", ("in:広島県",))


def test_a_short_name_is_read_wherever_its_text_defines_it() -> None:
    text = "株式会社例示検針センター（以下「例示検針」という。）に委託した。例示検針は当市に報告した。"
    assert names(text) == ["例示検針センター", "例示検針", "例示検針"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("個人情報保護委員会は法第148条第1項の勧告を行った", ["recommendation"]),
        ("個人情報保護委員会は命令を行った", ["order"]),
        ("個人情報保護委員会は法第148条第3項に基づき命令を行った", ["emergency order"]),
        ("個人情報保護委員会は緊急命令を出した", ["emergency order"]),
        ("個人情報保護委員会は指導及び助言を行った", ["guidance", "advice"]),
        ("個人情報保護委員会は報告を求めた", ["report demand"]),
        ("個人情報保護委員会は報告徴収を行った", ["report demand"]),
        ("個人情報保護委員会は立入検査を実施した", ["on-site inspection"]),
        ("個人情報保護委員会は事業者に注意喚起を行った", ["alert"]),
        ("個人情報保護委員会は名簿業者を刑事告発した", ["criminal complaint"]),
        ("総務省は行政指導を行った", ["administrative guidance"]),
        ("和歌山市は3か月の指名停止とした", ["tender exclusion"]),
        ("個人情報保護委員会の保健指導、生徒指導、職業指導、指導員、指導者", []),
        ("当社は従業員への指導を徹底し、お客様への注意喚起を行います", []),
        ("当市は委託先に対し再発防止の指導を行った", []),
        ("外部専門家の助言を受けた", []),
        ("個人情報保護委員会は、勧告に従わない場合に命令することができる", []),
        ("命令には至っていない", []),
        ("人事院勧告、退職勧告、業務命令", []),
        ("内部告発があった", []),
    ],
)
def test_actions(text: str, expected: list[str]) -> None:
    assert [fact.value for fact in read(text, "action")] == expected


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("委託元の例示市、再委託先、派遣元、派遣先、名簿業者",
         "role", ["controller", "sub-processor", "staffing agency", "host", "list broker"]),
        ("ランサムウェアに感染", "cause", ["ransomware"]),
        ("不正アクセス防止策を講じる", "cause", []),
        ("USBメモリを紛失", "cause", ["loss"]),
        ("USBメモリの所在が分からなくなりました", "cause", ["loss"]),
        ("担当者が紛失しました", "cause", ["loss"]),
        ("男性の所在が分からない", "cause", []),
        ("BCCで送るべきところCCで送信", "cause", ["misdirected"]),
        ("データが消去されずに残っていた", "cause", ["failure to erase"]),
        ("顧客情報が外部に流出した", "outcome", ["leaked"]),
        ("元社員が顧客情報を持ち出していた", "outcome", ["taken out"]),
        ("流出したおそれがあります", "outcome", ["possible"]),
        ("第三者への流出は確認されていません", "outcome", ["not confirmed"]),
        ("漏えい等報告について", "outcome", []),
    ],
)  # fmt: skip
def test_roles_causes_and_outcomes(text: str, field: str, expected: list[str]) -> None:
    assert [fact.value for fact in read(text, field)] == expected


def test_misuse_is_told_apart_from_the_leak() -> None:
    said = {fact.role: fact.value for fact in read("流出しましたが、不正利用は確認されていません", "outcome")}
    assert said == {"leak": "leaked", "misuse": "not confirmed"}


def test_data_items_that_were_not_among_the_data() -> None:
    text = "氏名、住所が含まれます。マイナンバー、クレジットカード情報は含まれておりません。"
    said = {fact.value: fact.qualifiers for fact in read(text, "data-item")}
    assert said == {
        "name": (),
        "address": (),
        "my number": ("not included",),
        "card": ("not included",),
    }


def test_a_role_names_the_body_beside_it() -> None:
    (fact,) = read("委託先である株式会社例示商事が", "role")
    assert fact.qualifiers == ("organisation:例示商事",)


SEED = """行政上の対応を受けたのは株式会社NTTマーケティングアクトProCX（以下「ProCX」という。）とNTTビジネスソリューションズ株式会社（以下「BS」という。）です。
元派遣社員が持ち出した個人データは約928万人分にのぼり、委託元は民間企業30社と39団体でした。
個人情報保護委員会は2024年1月24日、ProCXとBSに対し、個人情報保護法第148条第1項に基づく勧告、同法第147条に基づく指導を行いました。組織的安全管理措置（第23条）に不備があったためです。
あわせて第146条第1項により、原因と経緯を2月末までに、再発防止策を3月29日までに報告するよう求めています。"""


def test_the_figures_of_the_seed_article() -> None:
    facts = extract(SEED, published=date(2024, 1, 26))
    assert [f.value for f in facts if f.field == "count"] == [9_280_000, 30, 39]
    assert [f.value for f in facts if f.field == "action"] == ["recommendation", "guidance", "report demand"]
    assert [f.value["article"] for f in facts if f.field == "provision"] == ["148", "147", "23", "146"]
    assert [f.value for f in facts if f.field == "deadline"] == ["2024-02-29", "2024-03-29"]
    recommendation = next(f for f in facts if f.value == "recommendation")
    assert recommendation.qualifiers == (
        "by:個人情報保護委員会",
        "respondent:ProCX",
        "respondent:BS",
        "provision:148(1)",
    )
    of = {q.removeprefix("alias-of:") for f in facts for q in f.qualifiers if q.startswith("alias-of:")}
    assert of == {"NTTマーケティングアクトProCX", "NTTビジネスソリューションズ"}
