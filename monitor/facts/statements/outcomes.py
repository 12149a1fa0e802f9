"""What became of the data. Four states stay apart: taken out, leaked, possible, not confirmed.

確認されていない means that no leak was seen, not that there was none. Misuse (二次被害, 不正利用) is
told apart from the leak itself by the fact's role.
"""

from __future__ import annotations

import re

from monitor.facts.sheet import Sheet
from monitor.facts.statements.stance import Stance, judge_stance
from storage.records import Fact

# Every alternative begins with a character of its own, so that other places are passed over at once.
_EVENT = re.compile(
    r"""
    (?P<misuse>
        不正(?:に)?(?:利用|使用)(?!者|検知|防止)             # 不正利用されたカード
      | 悪用 | 二次被害 | 二次的な?被害
      | 不審な(?:電話|メール|請求|連絡|SMS|ショートメッセージ|郵便|はがき|訪問)  # 不審なメールが届く
      | なりすまし(?:メール|被害)?
      | 迷惑(?:メール|メッセージ|電話)
      | (?<=実際に)使わ | 不正決済
    )
  | (?P<taken>
        持ち?出し(?=[がをはもの等な]) | 持ち?出(?=[しさ]) | 持ち去ら  # 持ち出した, 持ち出しが判明
    )
  | (?P<leak>
        漏(?:えい|洩え?|出) | 漏れ(?=た|て|出|る(?:おそれ|恐れ|可能性)) | ろうえい   # 漏えい
      | 流出 | 流れ出(?=た|て) | 外部流出
      | (?:第三者|外部)(?:へ|に)?(?:の|へ)?提供               # 第三者へ提供
      | 漏ら(?=し)                                             # 漏らした
    )
    """,
    re.VERBOSE,
)
_VALUES = {"taken": "taken out", "leak": "leaked", "misuse": "misused"}
# What flows out beside data: 原油の流出, 人口流出.
_NO_DATA = re.compile(
    r"(?:油|人口|人材|資金|土砂|汚水|排水|薬品|薬液|ガス|放射能|放射性物質|血|土石|有害物質|廃液"
    r"|若者|頭脳|水|溶剤|煙|雨)"
    r"(?:の|が|等の)?(?:県外|海|外部|市外|河川)?(?:へ|に)?(?:の)?\Z"
)
_OF_MATTER = re.compile(r"[油水]|人口|人材|資金|土砂|薬[品液]|ガス|放射|血|土石|物質|廃液")
_DATA = re.compile(r"情報|データ|名簿|個人|アドレス|顧客|会員|氏名|カード|書類|ファイル|資料|記録")


def find_outcomes(sheet: Sheet) -> list[Fact]:
    """List every statement about the outcome; a word in a title (漏えい等報告) states nothing."""
    found: list[Fact] = []
    weak: list[Fact] = []
    other = _OF_MATTER.search(sheet.text) and not _DATA.search(sheet.text)
    for match in _EVENT.finditer(sheet.text):
        kind = str(match.lastgroup)
        if kind == "leak" and other:
            continue
        if kind == "leak" and _NO_DATA.search(sheet.text, max(0, match.start() - 12), match.start()):
            continue
        said = judge_stance(sheet, match.start(), match.end())
        value = _value(kind, said)
        if value is None:
            continue
        role = "misuse" if kind == "misuse" else "leak"
        fact = sheet.fact("outcome", value, match.start(), match.end(), role=role)
        (weak if said == "attributive" else found).append(fact)
    doubted = {fact.role for fact in found if fact.value in ("not confirmed", "possible")}
    stated = {fact.role for fact in found if fact.value in _VALUES.values()}
    found += [fact for fact in weak if fact.role in stated or fact.role not in doubted]
    return sorted(found, key=lambda fact: fact.start)


def _value(kind: str, said: Stance) -> str | None:
    if said == "denied":
        return "not confirmed"
    if said == "possible":
        return "possible"
    if said in ("stated", "attributive"):
        return _VALUES[kind]
    return None
