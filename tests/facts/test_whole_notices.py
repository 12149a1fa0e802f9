"""Whole notices, as publishers write them: every fact with its wording, unit, qualifiers and role."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.facts import extract
from storage.records import Fact

LEAK = """個人情報の漏えいに関するお詫びとご報告
令和6年5月20日
株式会社例示商会
委託先である例示印刷株式会社の元従業員が、お客様約1,204人分の個人情報を不正に持ち出していたことが、令和6年5月1日に判明いたしました。
漏えいした情報は、氏名、住所、電話番号及びメールアドレスです。
クレジットカード番号の漏えいは確認されておりません。
本件は、個人情報の保護に関する法律第26条第1項に基づき、5月2日に個人情報保護委員会へ報告いたしました。
また、所轄の警察署に相談しております。
お申し出は、5月31日までに書面にてお願いいたします。
お問い合わせ窓口 電話 0120-000-614（平日9時～17時）
受付期間：令和6年6月3日から同年8月30日まで"""
LEAK_FACTS = """
date 2024-05-20 | 令和6年5月20日 |  |  | published
organisation 例示商会 | 株式会社例示商会 |  |  | company
role processor | 委託先 |  | organisation:例示印刷 |
organisation 例示印刷 | 例示印刷株式会社 |  |  | company
count 1204 | 約1,204人分 | 人分 | approx | affected
cause insider misuse | 不正に持ち出し |  |  |
outcome taken out | 持ち出 |  |  | leak
date 2024-05-01 | 令和6年5月1日 |  |  | discovered
outcome leaked | 漏えい |  |  | leak
data-item name | 氏名 |  |  |
data-item address | 住所 |  |  |
data-item phone | 電話番号 |  |  |
data-item email | メールアドレス |  |  |
data-item card | クレジットカード番号 |  | not included |
outcome not confirmed | 漏えい |  |  | leak
provision APPI/26/1 | 個人情報の保護に関する法律第26条第1項 |  |  | leak report
date 2024-05-02 | 5月2日 |  | year-assumed | reported
organisation 個人情報保護委員会 | 個人情報保護委員会 |  |  | agency
step reported-to-ppc | 個人情報保護委員会へ報告 |  | date:2024-05-02 |
step police-informed | 警察署に相談 |  |  |
deadline 2024-05-31 | 5月31日 |  | year-assumed |
phone 0120-000-614 | 0120-000-614 |  |  | phone
date 2024-06-03 | 令和6年6月3日 |  |  | period-start
date 2024-08-30 | 同年8月30日 |  |  | period-end
"""

AUTHORITY = """株式会社見本に対する行政上の対応について
個人情報保護委員会は、令和6年3月25日、株式会社見本（法人番号1234567890128）に対し、法第148条第1項の規定による勧告及び法第147条の規定による指導を行った。
同社は、約928万件のうち、少なくとも59の地方公共団体に係る約700万人分の個人データを取り扱っていた。
同社は法第23条が求める安全管理措置を講じておらず、アクセス権限の管理に不備があった。
なお、要配慮個人情報は含まれていない。"""
AUTHORITY_FACTS = """
organisation 見本 | 株式会社見本 |  |  | company
organisation 個人情報保護委員会 | 個人情報保護委員会 |  |  | agency
date 2024-03-25 | 令和6年3月25日 |  |  | other
organisation 見本 | 株式会社見本 |  |  | company
corporate-number 1234567890128 | 1234567890128 |  | bad-check-digit |
provision APPI/148/1 | 法第148条第1項 |  |  | recommendation and order
action recommendation | 勧告 |  | by:個人情報保護委員会 respondent:見本 provision:148(1) |
provision APPI/147/None | 法第147条 |  |  | guidance and advice
action guidance | 指導 |  | by:個人情報保護委員会 respondent:見本 provision:147 |
count 9280000 | 約928万件 | 件 | approx | affected
count 7000000 | 約700万人分 | 人分 | approx | affected
provision APPI/23/None | 法第23条 |  |  | security control
cause misconfiguration | アクセス権限の管理に不備 |  |  |
data-item special-care data | 要配慮個人情報 |  | not included |
"""

LOSS = """USBメモリの紛失について
見本市健康福祉部は、6月7日、国民健康保険の加入者延べ2,315名分の氏名、生年月日が保存されたUSBメモリを紛失しました。
紛失に気付いたのは同日午後5時頃です。
現在のところ、情報の流出は確認されていません。
職員が庁舎内を捜索するとともに、6月8日に見本警察署へ遺失届を提出しました。
USBメモリは現在も見つかっておりません。
該当する方には、6月14日（金）までに文書でお知らせします。
（連絡先）保険課　電話：000-111-2222　ファクス：000-111-2223"""
LOSS_FACTS = """
cause loss | 紛失 |  |  |
date 2024-06-07 | 6月7日 |  | year-assumed | occurred
count 2315 | 延べ2,315名分 | 名分 | gross | affected
data-item name | 氏名 |  |  |
data-item birth date | 生年月日 |  |  |
cause loss | 紛失 |  |  |
cause loss | 紛失 |  |  |
outcome not confirmed | 流出 |  |  | leak
date 2024-06-08 | 6月8日 |  | year-assumed | other
organisation 見本警察署 | 見本警察署 |  |  | body
step police-informed | 見本警察署へ遺失届 |  | date:2024-06-08 |
step data-recovered | USBメモリは現在も見つ |  | denied |
step persons-notified | 該当する方には、6月14日（金）までに文書でお知らせ |  | planned |
deadline 2024-06-14 | 6月14日 |  | year-assumed |
phone 000-111-2222 | 000-111-2222 |  |  | phone
phone 000-111-2223 | 000-111-2223 |  |  | fax
"""

MAIL = """メールの誤送信について
県立見本高等学校において、11月29日、保護者38人にメールを送信する際、BCCで送るべきところ誤ってCCで送信し、メールアドレス38件が他の受信者から見える状態となりました。
対象の保護者全員に謝罪し、メールの削除をお願いしました。
二次被害は確認されておりません。"""
MAIL_FACTS = """
cause misdirected | 誤送信 |  |  |
organisation 県立見本高等学校 | 県立見本高等学校 |  |  | body
date 2023-11-29 | 11月29日 |  | year-assumed | occurred
count 38 | 38人 | 人 |  | affected
cause misdirected | BCCで送るべきところ誤ってCC |  |  |
data-item email | メールアドレス |  |  |
count 38 | 38件 | 件 |  | affected
step persons-notified | 対象の保護者全員に謝罪 |  |  |
outcome not confirmed | 二次被害 |  |  | misuse
"""

ATTACK = """不正アクセスによる情報流出のおそれについて（第2報）
2024年7月5日
一般社団法人見本協会
当協会のサーバーが第三者による不正アクセスを受け、ランサムウェアに感染したことにより、会員情報の一部が外部に流出したおそれがあります。
流出した可能性のある件数は最大で12,345件（うち口座情報を含むもの678件）です。
2024年6月30日に個人情報保護委員会へ速報を提出し、7月4日に県警へ被害届を提出しました。
マイナンバー及びパスワードは含まれておりません。
個人情報の不正利用は確認されておりません。
お問合せ：info@example.jp　03（1234）5678"""
ATTACK_FACTS = """
cause unauthorised access | 不正アクセス |  |  |
report 2 | 第2報 |  |  |
date 2024-07-05 | 2024年7月5日 |  |  | published
organisation 見本協会 | 一般社団法人見本協会 |  |  | body
cause unauthorised access | 不正アクセス |  |  |
cause ransomware | ランサムウェア |  |  |
outcome possible | 流出 |  |  | leak
outcome possible | 流出 |  |  | leak
count 12345 | 最大で12,345件 | 件 | max | affected
data-item bank account | 口座情報 |  |  |
count 678 | 678件 | 件 | subset | affected
date 2024-06-30 | 2024年6月30日 |  |  | reported
organisation 個人情報保護委員会 | 個人情報保護委員会 |  |  | agency
step reported-to-ppc | 個人情報保護委員会へ速報 |  | date:2024-06-30 |
report preliminary | 速報 |  |  |
date 2024-07-04 | 7月4日 |  | year-assumed | other
step police-informed | 県警へ被害届 |  | date:2024-07-04 |
data-item my number | マイナンバー |  | not included |
data-item password | パスワード |  | not included |
outcome not confirmed | 不正利用 |  |  | misuse
phone 03-1234-5678 | 03（1234）5678 |  |  | phone
"""

TABLE = """委託先における漏えいの件数について
区分 | 対象者数 | 備考
自動車税 | 133,655人 | 令和5年4月1日現在
個人事業税 | 2,400人 | 通知済
合計 | 136,055人 | 全件
通知の発送日 | 令和6年2月15日
再委託先：見本データ株式会社
委託元は当県を含む12団体です。"""
TABLE_FACTS = """
role processor | 委託先 |  |  |
count 133655 | 133,655人 | 人 | as-of:2023-04-01 row:自動車税 column:対象者数 | affected
date 2023-04-01 | 令和5年4月1日 |  | row:自動車税 column:備考 | other
count 2400 | 2,400人 | 人 | row:個人事業税 column:対象者数 | notified
count 136055 | 136,055人 | 人 | row:合計 column:対象者数 | affected
date 2024-02-15 | 令和6年2月15日 |  | row:通知の発送日 | other
role sub-processor | 再委託先 |  | organisation:見本データ |
organisation 見本データ | 見本データ株式会社 |  |  | company
role controller | 委託元 |  |  |
count 12 | 12団体 | 団体 |  | organisations
"""


def line(fact: Fact) -> str:
    """One fact: field and value, wording, unit, qualifiers, role."""
    value = fact.value if not isinstance(fact.value, dict) else "/".join(map(str, fact.value.values()))
    parts = (f"{fact.field} {value}", fact.raw, fact.unit, " ".join(fact.qualifiers), fact.role)
    return " | ".join(parts).rstrip()


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        (LEAK, date(2024, 5, 20), LEAK_FACTS),
        (AUTHORITY, date(2024, 3, 25), AUTHORITY_FACTS),
        (LOSS, date(2024, 6, 10), LOSS_FACTS),
        (MAIL, date(2023, 12, 1), MAIL_FACTS),
        (ATTACK, date(2024, 7, 5), ATTACK_FACTS),
        (TABLE, date(2024, 2, 1), TABLE_FACTS),
    ],
    ids=["leak", "authority", "loss", "mail", "attack", "table"],
)
def test_a_notice_gives_these_facts_each_in_its_place(text: str, published: date, expected: str) -> None:
    found = extract(text, published=published, title=text.partition("\n")[0])
    assert [line(fact) for fact in found] == expected.strip().splitlines()
    assert [text[fact.start : fact.end] for fact in found] == [fact.raw for fact in found]
    assert [fact.start for fact in found] == sorted(fact.start for fact in found)


@pytest.mark.parametrize("text", [LEAK, AUTHORITY, LOSS, MAIL, ATTACK, TABLE])
def test_the_same_facts_are_read_in_wide_signs(text: str) -> None:
    wide = text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789()-,:"})
    narrow, folded = (
        [(fact.field, fact.value, fact.qualifiers, fact.role, fact.start) for fact in extract(one)]
        for one in (text, wide)
    )
    assert folded == narrow
