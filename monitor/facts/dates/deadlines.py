"""Which dates are days until which something is to be done.

まで, 期限, 必着, 中に make a deadline where a demand or a plan follows and nothing that has happened
(10月17日までに判明した); the end of a period (7月から1月まで) is none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace

from monitor.facts.sheet import Sheet
from storage.records import Fact
from storage.text.patterns import pattern_of

_UNTIL = pattern_of(
    r"""
    (?:\s?\([^()]{1,8}\))?  # (金)
    (?:\s?(?:の?末日?|午[前後]?|正午|[0-9]{1,2}[時:][0-9分]*|中|必着|頃|ごろ)){0,3}\s?  # 午後5時
    (?: (?P<until>まで(?!の(?:調査|時点|結果|集計|家賃|費用|料金))の?(?P<gap>間|期間)?|迄)  # までの間
      | (?P<due>(?:を|が)?(?:提出|納付|支払)?(?:納?期限|期日|締切|締め切り|〆切|必着))  # を提出期限
      | (?P<within>中に|内に)
    )
    """,
    re.VERBOSE,
)
_NAMED = pattern_of(r"(?:期限|期日|締切り?|締め切り|〆切)日?(?:は|を|が|を、|は、)?\s?[:|(]?\s?\Z")
_DEMAND = pattern_of(
    r"""
    報告 | 提出 | 求め | 回答 | 講じ | 講ずる | 改善 | 策定 | 返送 | 返信 | 届け?出 | 申請
  | 申込 | 申し込 | 申出 | 応募 | 支払 | 納付 | 是正 | 命じ | ご連絡
  | 完了(?:する|させ|予定)  # 完了する
  | よう(?:に)?(?:命|求|指示|要請|勧告)  # よう求め
  | (?:停止|中止|削除|対応)(?:する|予定)  # 停止する
  | 実施(?:する|予定)  # 実施予定
  | 行う(?:こと|予定|よう)  # 行うこと
  | 掲載 | 再開 | 予定 | ください | 期限
    """,
    re.VERBOSE,
)
_PAST = pattern_of(
    r"""
    # 判明した, 報告されていた
    (?: 判明 | 分か | わか | 明らかにな | 確認 | 発生 | 発見 | 発覚 | 把握 | 公表 | 公開 | 流出
      | 漏え?い | 漏洩 | 利用
      | 使用 | 受託 | 委託 | 実施 | 報告 | 提出 | 回答 | 完了 | 終了 | 寄せ | 続 | し | さ | 生じ | 受け | 行
      | あ | いただ(?:き|い) | 終え | 済ませ | 連絡 | 通知 | 説明 | 回収)
    (?:さ|でき|し|ら)?(?:れ|わ|っ|い)?(?:てい|ており|ておりまし|まし)?(?:た|て(?=[、。]))(?!い)
  | (?:終え|済ませ|完了し)て(?:い|お)  # 謝罪を終えており
    """,
    re.VERBOSE,
)
_SINCE = pattern_of(r"(?:から|より|~|以降|以来)[^。、]{0,18}\Z")


def demands(sheet: Sheet, end: int) -> bool:
    """Tell whether a date that ends here is a day until which something is to be done."""
    match = _UNTIL.match(sheet.text, end)
    if match is None or match["gap"]:
        return False
    rest = sheet.after(match.end(), 60)
    if match["due"]:
        return True
    if match["within"] and sheet.text[end - 1] == "日" and _DID.match(sheet.after(match.end(), 120)):
        return False
    demand, past = _DEMAND.search(rest), _PAST.search(rest)
    if demand is None and rest.startswith("に、") and _DID.match(sheet.after(match.end(), 300)):
        return False  # 省は8日までに、…と注意した
    if demand is None:
        return past is None and bool(match["within"] or match[0].endswith("に") or rest.startswith("に"))
    if past and (past.start() <= demand.start() or _is_done(rest[demand.end() : past.start()], past[0])):
        return False  # 3月5日までに報告した, 報告を終えた
    return past is None or past.start() - demand.end() > (2 if past[0][0] in "しさ" else -len(rest))


def _is_done(gap: str, past: str) -> bool:
    """Tell whether what was due was done, by the words between the demand and a verb of the past."""
    return past[0] not in "しさ" and "、" not in gap and not re.search("よう|こと|予定|求", gap)


def is_named(sheet: Sheet, start: int) -> bool:
    """Tell whether the words before a date call it a deadline."""
    return bool(_NAMED.search(sheet.before(start, 12)))


def turn_into_deadline(sheet: Sheet, fact: Fact) -> Fact:
    """Turn ``fact`` into a deadline, if it is one: until (まで), due (期限, 必着) or within (中に)."""
    if fact.value is None:
        return fact
    match = _UNTIL.match(sheet.text, fact.end)
    if not is_named(sheet, fact.start):
        if match is None or not demands(sheet, fact.end):
            return fact
        if match["until"] and _SINCE.search(sheet.before(fact.start, 24)):
            return fact  # the end of a period
        if not match["due"] and _is_past(sheet, str(fact.value)):
            return fact
    value, qualifiers = str(fact.value), fact.qualifiers
    if value.count("-") == 1 and re.fullmatch(r"\d{4}-\d\d", value):
        year, month = map(int, value.split("-"))
        value = f"{value}-{monthrange(year, month)[1]:02d}"
        qualifiers = (*qualifiers, "within-month")
    return replace(fact, field="deadline", value=value, qualifiers=qualifiers)


# 4月7日中に、警察に申告するとともに、復旧作業を進め、8日に復旧している: told of one day as done.
_DID = pattern_of(r"[^。]*(?:した|ました|ている|ております|ています)(?:という|とのこと)?[^。]{0,6}(?:。|\Z)")


def _is_past(sheet: Sheet, value: str) -> bool:
    """Say whether a day is before the day of publication: such a day is nothing that is still to come."""
    return bool(
        sheet.published and not value.startswith("--") and value < sheet.published.isoformat()[: len(value)]
    )
