"""What is counted, in which unit, and which numbers are no counts."""

from __future__ import annotations

import re

import pytest

from monitor.facts import counts as rules
from monitor.facts import extract
from storage.records import Fact
from tests.storage.reading_patterns import list_begins


def counts(text: str) -> list[Fact]:
    return [fact for fact in extract(text) if fact.field == "count"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("該当者数 3,204名", [(3204, "名")]),
        ("対象者の人数\n　８１２人", [(812, "人")]),
        ("送付数45通、うち未達数3通", [(45, "通"), (3, "通")]),
        ("会員数1万2,300人のうち対象者数は98人", [(12300, "人"), (98, "人")]),
        ("口座数：2,000口座", [(2000, "口座")]),
        ("受験票2部が所在不明です。", [(2, "部")]),
        ("書類5点を置き忘れた。", [(5, "点")]),
        ("ノート3冊、写真12枚、はがき8通", [(3, "冊"), (12, "枚"), (8, "通")]),
        ("対象は549名分（576件）です。", [(549, "名分"), (576, "件")]),
        ("1,204世帯の3,011人", [(1204, "世帯"), (3011, "人")]),
        ("アカウント数 340アカウント", [(340, "アカウント")]),
        ("二十八名の名簿", [(28, "名")]),
    ],
)
def test_numbers_with_their_units(text: str, expected: list[tuple[int, str]]) -> None:
    assert [(fact.value, fact.unit) for fact in counts(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "今後は2人体制で確認します。",
        "発送前に2名でダブルチェックを行います。",
        "次の4点を徹底します。",
        "再発防止策として3点を実施します。",
        "満点は50点です。",
        "第3部の会場で配布した。",
        "漏えいは1件もありません。",
        "該当する方は1人もいませんでした。",
        "第2報、3件目、1件当たり500円",
        "2024年3月、午後3時、第5条",
        "2 対象の書類\n3 学校の対応\n4 会社への申入れ",
    ],
)
def test_numbers_that_are_no_counts(text: str) -> None:
    assert counts(text) == []


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("昨年度の個人情報漏えい事案は12件でした。", ["incidents"]),
        ("7件の誤送付事案が発生しています。", ["incidents"]),
        ("紛失した申込書25件が見つかりました。", ["things"]),
        ("3,120名のお客様へ通知しました。", ["notified"]),
        ("誤って45名の方へ別の方の書類を送付しました。", ["affected"]),
        ("取引先33社の情報", ["organisations"]),
        ("通知書120通を誤って発送した。", ["mails"]),
        ("職員18名分の個人情報", ["staff"]),
        ("その職員が担当した120名の患者様の記録", ["affected"]),
        ("お客様の個人情報2,000件が流出した。", ["affected"]),
        ("問い合わせが15件寄せられた。", ["consultations"]),
    ],
)
def test_what_is_counted(text: str, roles: list[str]) -> None:
    assert [fact.role for fact in counts(text)] == roles


def test_a_gross_number_says_so() -> None:
    (fact,) = counts("参加者の延べ人数は1,820人です。")
    assert fact.value == 1820


def test_no_letter_that_a_count_may_begin_with_is_passed_over() -> None:
    for pattern in (rules._COUNT, rules._UNITLESS):
        begins = list_begins(pattern.pattern.replace(rules._FIRST, "", 1), pattern.flags)
        assert not [begin for begin in begins if not re.match(rules._FIRST, begin)]
