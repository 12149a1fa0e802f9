"""Recognise what a server puts in a page's place with a 200.

It may be a login, a question for consent, a waiting room, a domain that is for sale. Recognised by what
is there; what is gone is for comparing to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.reading.parse import Element
from storage.records import Block
from storage.text.patterns import pattern_of

_MAX_CHARS = 900
_MAX_WAITING_CHARS = 500
_LOGIN = pattern_of(
    r"ログイン|サインイン|ログオン|認証|パスワード|会員(?:様)?専用|log\s?-?in|sign\s?-?in|password|authenticat",
    re.I,
)
_CONSENT = pattern_of(
    r"""
    # 利用規約に同意
    (?:cookie|クッキー|利用規約|ご利用条件|年齢|免責)[^。]{0,60}(?:同意|承諾|確認|accept|agree)
  | (?:同意|承諾)(?:する|して(?:進む|次へ|閲覧|続ける)|の上)  # 同意して進む
  | before\syou\scontinue
  | (?:accept|agree)\s(?:all|and\scontinue|to\scontinue)  # accept all
  | we\svalue\syour\sprivacy
  | are\syou\s(?:over\s)?(?:18|20)  # are you over 18
    """,
    re.VERBOSE | re.I,
)
_ASKS = pattern_of(r"同意(?:する|します|して|しない)|承諾|はい|accept|agree|continue|i am|入場|進む", re.I)
_WAITING = pattern_of(
    r"""
      待ち人数 | 待ち時間 | 順番に?(?:ご案内|お呼び|お待ち) | 順番が(?:来|き)
    | 待合室 | 待機(?:列|室)
    | 整理番号[^。]{0,20}(?:待|順|番)
    | (?:あなた|お客様)の(?:順番|番号) | (?:この|そのまま|画面)[^。]{0,15}お待ち
    | アクセスが(?:多く|増え|混み|集中) | (?:サイト|ページ|アクセス)が(?:大変)?(?:混雑|混み合っ)
    | waiting\s?room | in\s(?:line|the\squeue) | (?:queue|your)\s(?:number|position|place) | estimated\swait
    | (?:現在|ただいま|只今)[^。]{0,30}(?:停止|休止|ご利用いただけ|ご覧いただけ|閲覧でき|表示でき|混雑|混み合)
    | (?:undergoing|scheduled|under)\smaintenance | (?:back|return)\s(?:soon|shortly) | be\sright\sback
    """,
    re.VERBOSE | re.I,
)
_PARKED = pattern_of(
    r"""
      (?:this|the)\sdomain(?:\sname)?\s(?:is|may\sbe|has)\s
        (?:for\ssale|parked|available|expired|been\sregistered)
    | domain\s(?:is\s)?for\ssale | buy\sthis\sdomain
    | parked\s(?:free|domain|page) | domain\sparking
    | (?:この|当|本)ドメイン(?:名)?[はの][^。]{0,30}
        (?:販売|売|失効|期限|取得|登録され|お名前|使用され|更新手続)
    | ドメイン(?:名)?の?(?:有効期限|販売|売買|失効|パーキング)
    """,
    re.VERBOSE | re.I,
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What a page has besides its text: a field for a password, and what its buttons say."""

    password: bool = False
    buttons: str = ""


def note_signs(root: Element) -> Signs:
    """Note what is taken out of a tree before it is read."""
    inputs = list(root.iter("input"))
    values = [
        one.get("value") or "" for one in inputs if (one.get("type") or "").lower() in ("submit", "button")
    ]
    said = ["".join(button.itertext()) for button in root.iter("button")]
    password = any((one.get("type") or "").lower() == "password" for one in inputs)
    return Signs(password, " ".join([*values, *said])[:1000])


def find_what_stands_instead(units: Sequence[Block], names: Sequence[str], found: Signs) -> str:
    """Name what stands where a page should: empty where nothing says so."""
    text = "\n".join(unit.text for unit in units)
    title = " ".join(names)
    if len(text) > _MAX_CHARS:
        return ""
    if found.password and _LOGIN.search(f"{title} {found.buttons} {text}"):
        return "a login"
    if match := _PARKED.search(f"{title}\n{text}"):
        return f"a parked domain: {match[0].strip()}"
    asked = f"{found.buttons} " + " ".join(link.text for unit in units for link in unit.links)
    if _CONSENT.search(f"{title}\n{text}") and _ASKS.search(asked):
        return "a question for consent"
    if len(text) <= _MAX_WAITING_CHARS and (match := _WAITING.search(f"{title}\n{text}")):
        return f"a waiting room or maintenance: {match[0].strip()}"
    return ""
