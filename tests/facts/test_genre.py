"""Texts that only lay down, promise or explain tell of no affair; notices do, however they are written."""

from __future__ import annotations

import pytest

from monitor.facts import extract

NOTICES = [
    "当院のサーバーが不正アクセスを受け、患者様の氏名と住所が流出した可能性があります。現在、専門機関と調査を行っています。"
    "個人情報保護委員会へ報告する予定です。詳細は改めてお知らせします。診療は通常どおり行っています。",
    "当市の委託先において、住民1,234人分の氏名、住所が漏えいしていることが確認されています。原因を調査しています。"
    "対象の方には個別に連絡します。再発防止に努めます。",
    "ランサムウェアによる攻撃を受け、システムに障害が発生しております。漏えいの有無は調査中です。復旧作業を進めています。"
    "お問い合わせは下記で受け付けています。受注を停止しています。",
    "弊社のサーバーが第三者による不正アクセスを受けています。個人情報が流出しています。影響の範囲を確認中です。",
    "当センターの職員が名簿を紛失しています。現在も捜索を続けています。対象は50名です。電話番号を記載しています。",
    "個人情報を含むUSBメモリの所在が不明です。USBメモリには氏名、生年月日が入っています。見つかり次第お知らせします。",
    "第三者が当サイトに侵入し、会員のカード情報を窃取している可能性が高いことから、サイトを停止します。"
    "対象者には個別に連絡します。再開の時期は改めてお知らせします。",
    "委託先がランサムウェアに感染し、情報が暗号化されている状況です。外部への流出は確認されておりません。"
    "引き続き状況を注視します。対象の項目は氏名、住所です。",
    # a name that is not told, and a few blanks among what is, make no form
    "業務を委託した○○社のサーバーが5月12日に不正アクセスを受け、氏名と住所が流出しました。○○社から14日に報告がありました。"
    "○○社は再発防止に努めています。",
    "様式の「○年○月○日」の欄は空欄です。令和7年5月12日、お客様120人分の氏名が流出したことが分かりました。令和7年5月14日に公表しました。",
    # a list of what happened, and not of what may
    "次のいずれかに該当する書類を紛失し、内容が流出しました。\n・氏名が記載されたもの\n・口座番号が記載されたもの\n",
]
OTHERS = [
    "個人情報の漏えい、滅失又は紛失を防ぐため、必要な措置を講じます。取得する項目は氏名、住所、電話番号です。"
    "委託先を監督します。第三者には提供しません。開示の請求に応じます。",
    "職員は、個人情報の漏えい又は紛失が起きたときは、直ちに報告しなければならない。"
    "所属長は、事実を調べなければならない。課長は、住所を記録すること。紛失の日を記録すること。"
    "台帳を備えること。鍵を管理すること。毎年見直すものとする。",
]


@pytest.mark.parametrize("text", NOTICES)
def test_a_notice_in_the_present_tense_that_says_no_sorry_tells_what_happened(text: str) -> None:
    assert {fact.field for fact in extract(text)} & {"cause", "outcome"}


@pytest.mark.parametrize("text", OTHERS)
def test_promises_and_rules_tell_nothing(text: str) -> None:
    assert not {fact.field for fact in extract(text)} & {"cause", "outcome", "data-item"}


@pytest.mark.parametrize(
    "text",
    [
        "簡単なパスワードは、不正アクセスの原因となります。",
        "定員は先着25名、参加費は1人600円です。",
        "助成金の申請は4件まで受け付けます。",
        "カードの紛失・盗難の際は窓口にお知らせください。",
        "他の自治体で発生した個人情報の流出事案を踏まえ、保管の状況を確かめました。",
        "顧客名簿が流出したかのように装うメールが出回っています。",
        "紛失したカードの再発行手数料は500円です。",
        "パソコンの盗難に備え、離れた所からデータを消去する機能を入れました。",
    ],
)
def test_what_is_said_of_any_case_or_of_others_tells_nothing(text: str) -> None:
    assert not {fact.field for fact in extract(text)} & {"cause", "outcome", "count", "step"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("設定の誤りが漏えいの原因となったことが判明した。", "misconfiguration"),
        ("委託先の他の会社の情報が漏えいした事案を受けて調べたところ、当社の名簿も流出していた。", "leaked"),
        ("1人1,000円の会費を納めた250人の名簿が流出した。", "leaked"),
    ],
)
def test_a_case_of_ones_own_is_told_beside_others(text: str, value: str) -> None:
    assert value in {fact.value for fact in extract(text)}
