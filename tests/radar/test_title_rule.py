"""Titles of our own wording, and what the rule answers; each trap has its line."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.radar import KINDS, judge_title

INCIDENTS = {
    "municipality": [
        "保育所入所決定通知書の送付誤りについて",
        "児童手当現況届の誤送付に関するお詫びとご報告",
        "電子メールの誤送信による個人情報の漏えいについて",
        "小学校における児童の個人情報が入ったUSBメモリの紛失について",
        "住民票の写しの誤交付について",
        "国民健康保険関係書類の所在不明について",
        "業務委託先におけるランサムウェア被害について(第2報)",
        "市公式サイトにおける申請者氏名の誤掲載について",
        "個⼈情報を含む⽂書の誤廃棄について",
        "職員による住民情報の不正閲覧及び懲戒処分について",
        "保育所入所申込書の紛失について",
        "国民健康保険被保険者証の誤送付について",
        "投票所入場券の宛名誤りについて",
    ],
    "company": [
        "当社ネットショップへの不正アクセスによるお客様情報流出のおそれについて",
        "サイバー攻撃によるシステム障害に関するお知らせ(第4報)",
        "元社員による顧客名簿の持ち出しについて",
        "委託先従業員による会員情報の不正持出しに関するお詫びとご報告",
        "フィッシング被害によるメールアカウントの乗っ取りに関するお知らせ",
        "個人情報保護委員会からの当社に対する勧告について",
        "会員サイトで他のお客様の情報が表示された事象について",
        "アンケート回答者情報が閲覧可能となっていた件のお詫び",
    ],
    "public-body": [
        "附属病院における患者情報を含むノートパソコンの盗難について",
        "学生の成績データが閲覧可能な状態になっていた件について",
    ],
    "regulator": [
        "「例示株式会社に対する個人情報の保護に関する法律に基づく行政上の対応について」を公表しました。"
    ],
    "news": [
        "通販サイトに不正アクセス、約3万人のカード情報流出か - 例示商店",
        "生徒38人分の名簿を紛失、校外で保管中に - 例示市",
    ],
}
NOTHING = {
    "municipality": [
        "新型コロナウイルス感染症の対応について",
        "申請書の記載漏れにご注意ください",
        "令和8年度水道管漏水調査のお知らせ",
        "個人情報保護条例改正に関する意見募集の結果について",
        "不正アクセス防止セミナーを開催します",
        "パソコン講座の受講生を募集します",
        "自動車盗難の防止について",
        "市を装ったフィッシングメールに関する注意喚起",
        "情報公開・個人情報保護審査会の開催について",
        "台風15号により被害を受けられた皆様へ",
        "広報れいじ10月号",
        "マイナンバーカードの紛失・再交付手続について",
        "行方不明高齢者の捜索にご協力ください",
        "学校給食への異物混入について",
        "文化財の盗難にご用心",
        "メンテナンスに伴うサービス停止のお知らせ",
    ],
    "ministry": [
        "文化財の海外流出防止に関する調査報告",
        "不正アクセス行為の発生状況について",
        "人口流出に関する検討会(第2回)議事概要",
        "往訪閲覧・縦覧のデジタル化に関する公募",
        "幹部名簿を掲載しました",
        "マイナンバーカード紹介資料を掲載しました",
        "サイバー攻撃対処・分析システムのライセンスの更新",
        "サイバー攻撃被害に係る情報の共有・公表ガイダンス",
    ],
    "company": [
        "ランサムウェア対策ソリューションの提供を開始",
        "当社をかたる不審なメールにご注意ください",
        "2027年3月期決算短信",
    ],
    "agency": ["例示サーバにおける情報漏えいの脆弱性", "ランサムウェア被害に関する注意喚起"],
    "regulator": [
        "「個人情報保護法ガイドラインQ&A」を更新しました。",
        "「STOP!名簿流出」の動画を公開しました。",
        "漏えい等報告フォームの更新について",
    ],
    "news": [
        "例示ライブラリに情報漏えいの脆弱性 - 修正版を提供",
        "顧客情報を不正に持ち出した疑いで元社員を逮捕",
    ],
}
UNSURE = [
    ("company", "当社グループにおけるシステム障害の発生について"),
    ("municipality", "市長への手紙が閲覧可能な状態になっていた件について"),
    ("company", "一部のお客さまへの重要なお知らせ"),
    ("regulator", "不正アクセスによる個人データ漏えいのおそれに関する注意喚起セミナーのお知らせ"),
]


@pytest.mark.parametrize(("kind", "title"), [(k, t) for k, titles in INCIDENTS.items() for t in titles])
def test_an_incident_is_answered_yes_with_the_words_that_say_so(kind: str, title: str) -> None:
    found = judge_title(title, kind)
    assert found.answer == "yes"
    assert found.because


@pytest.mark.parametrize(("kind", "title"), [(k, t) for k, titles in NOTHING.items() for t in titles])
def test_what_only_sounds_like_an_incident_is_answered_no(kind: str, title: str) -> None:
    assert judge_title(title, kind).answer == "no"


@pytest.mark.parametrize(("kind", "title"), UNSURE)
def test_what_a_title_cannot_say_is_left_to_its_page(kind: str, title: str) -> None:
    assert judge_title(title, kind).answer == "look"


def test_width_and_radicals_of_pdf_titles_make_no_difference() -> None:
    for kind in ("", *KINDS):
        assert judge_title("個⼈情報の漏えい事案について", kind) == judge_title(
            "個人情報の漏えい事案について", kind
        )


@pytest.mark.parametrize("piece", ["個人情報の", "誤", "第1報", "（", "に対する法律に基づく", "1,", "閲覧可"])
def test_a_title_without_end_costs_no_more_than_a_long_one(piece: str) -> None:
    began = time.process_time()
    judge_title(piece * 200_000, "company")
    assert time.process_time() - began < 1


def test_titles_are_read_one_a_line_and_answered_as_json_lines() -> None:
    titles = "メールの誤送信について\n\n\ufeff広報れいじ10月号\r\n"
    done = CliRunner().invoke(main, ["--json", "relevant", "--kind", "municipality"], input=titles)
    assert done.exit_code == 0
    rows = [json.loads(line) for line in done.output.splitlines()]
    assert [(row["title"], row["answer"]) for row in rows] == [
        ("メールの誤送信について", "yes"),
        ("広報れいじ10月号", "no"),
    ]
    assert rows[0]["because"] == ["誤送信"]


def test_a_misspelt_kind_is_refused_with_the_nearest_one() -> None:
    done = CliRunner().invoke(main, ["relevant", "--kind", "municipalty"], input="")
    assert done.exit_code == 2
    assert "did you mean municipality?" in done.output


def test_real_titles_are_answered_as_people_labelled_them(shared_data: Path) -> None:
    text = (shared_data / "radar/titles-open.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    answers = [
        (label == "1", kind, judge_title(title, kind.replace(" ", "-")).answer)
        for title, label, kind, _ in rows[1:]
    ]
    for those, precision, recall in (
        (answers, 0.95, 0.97),
        ([row for row in answers if row[1] != "news"], 0.97, 0.98),
    ):
        yes = [incident for incident, _, answer in those if answer == "yes"]
        kept = [answer != "no" for incident, _, answer in those if incident]
        assert sum(yes) / len(yes) >= precision
        assert sum(kept) / len(kept) >= recall
    assert sum(answer == "look" for _, _, answer in answers) / len(answers) <= 0.12
