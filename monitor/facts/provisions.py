"""Legal provisions: which law, article, paragraph.

法 is the law last defined so (以下「法」という), else the law last named, else the Act on the
Protection of Personal Information (APPI). Articles keep the number they are written with; where the
text's date tells that the APPI was numbered otherwise then, ``now:148`` gives today's number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from monitor.facts.sheet import Sheet
from storage.records import Fact
from storage.text.japanese import kanji_number
from storage.text.patterns import pattern_of

LAWS = {
    "個人情報の保護に関する法律施行規則": "APPI Rules",
    "個人情報の保護に関する法律施行令": "APPI Order",
    "個人情報の保護に関する法律": "APPI",
    "個人情報保護法施行規則": "APPI Rules",
    "個人情報保護法施行令": "APPI Order",
    "個人情報保護法": "APPI",
    "個情法": "APPI",
    "保護法": "APPI",
    "行政手続における特定の個人を識別するための番号の利用等に関する法律": "My Number Act",
    "マイナンバー法": "My Number Act",
    "番号利用法": "My Number Act",
    "番号法": "My Number Act",
    "電気通信事業法": "Telecommunications Business Act",
    "日本電信電話株式会社等に関する法律": "NTT Act",
    "NTT法": "NTT Act",
    "不正競争防止法": "Unfair Competition Prevention Act",
    "不正アクセス行為の禁止等に関する法律": "Unauthorised Computer Access Act",
    "不正アクセス禁止法": "Unauthorised Computer Access Act",
    "労働者派遣法": "Worker Dispatching Act",
    "地方公務員法": "Local Public Service Act",
    "国家公務員法": "National Public Service Act",
    "行政手続法": "Administrative Procedure Act",
    "地方自治法": "Local Autonomy Act",
    "割賦販売法": "Instalment Sales Act",
    "会社法": "Companies Act",
    "刑法": "Penal Code",
    "民法": "Civil Code",
    "憲法": "Constitution",
}
"""Names of laws as notices write them, to the names kohyo uses."""

_NUM = r"(?:[0-9]{1,4}|[〇一二三四五六七八九十百千]{1,7})"
_NAMES = "|".join(sorted(map(re.escape, LAWS), key=len, reverse=True))
# A law that no list holds: …条例, …規則, …施行令; and 法, 同法, 規則, 令 that point back.
_OTHER = r"[一-龥ァ-ヴーA-Za-z・]{2,24}(?:条例(?:施行規則)?|規則|施行令|法)"
_BRACKETS = r"(?:\s?\((?:[^()]|\([^()]*\)){0,90}\))?"
_PROVISION = pattern_of(
    rf"""
    (?=[第0-9〇一二三四五六七八九十百千同及並又若・、とやか])
    (?: (?:第\s?)?(?<![0-9])(?P<a>{_NUM})\s?条  # 第26条の2第1項第3号
        (?:\s?の\s?(?P<branch>{_NUM})(?![条名人件社日月年つ]))?
        (?:\s?第?\s?(?P<p>{_NUM})\s?項)?(?:\s?第?\s?(?P<i>{_NUM})\s?号)?
      | (?P<ditto>同条)\s?第?\s?(?P<dp>{_NUM})\s?項(?:\s?第?\s?(?P<di>{_NUM})\s?号)?  # 同条第2項
        # 及び第3項
      | (?<=項)(?:及び|並びに|又は|若しくは|・|、|と|や|から)(?P<next>第?\s?(?P<lp>{_NUM})\s?項)
    )
    """,
    re.VERBOSE,
)
_OF_SAME = {"同法施行規則": "Rules", "同法施行令": "Order"}
_NAMED = pattern_of(_NAMES)
# The law before an article, brackets with its number and short name between them.
_LAW = pattern_of(
    rf"(?P<law>{_NAMES}|同法施行規則|同法施行令|同規則|同令|{_OTHER}|施行規則|施行令|規則|同法|本法"
    rf"|法)」?{_BRACKETS}\s?の?\s?\Z"
)
_REACH_CHARS = 140  # characters that name and brackets may take
_DEFINED = pattern_of(
    rf"""
    (?P<law>{_NAMES}|{_OTHER})[\s」]?
    \((?:[^()]|\([^()]*\)){{0,60}}?
    以下、?(?:単に|本文で)?[「『](?P<short>[^」』]{{1,10}})[」』]  # X法(以下「法」という。)
    """,
    re.VERBOSE,
)
# Contracts and terms have articles too; 北4条西5丁目 is an address; 3条件 and 5条例 are neither.
_PRIVATE = pattern_of(
    r"(?:契約書?|規約|約款|協定書?|定款|就業規則|社内規[則程]|規程|要綱|要領|憲章)(?:の|\s)?\Z"
)
_NO_ARTICLE = pattern_of(r"[件例約文通項]|[西東南北][0-9一二三四五六七八九]")
_LETTER = pattern_of(r"[一-龥ァ-ヴー]")
_NO_BEFORE = pattern_of(r"[北南東西]\Z")

_MEANINGS = {
    "19": "no improper use",
    "20": "proper acquisition",
    "23": "security control",
    "24": "supervision of staff",
    "25": "supervision of processors",
    "26": "leak report",
    "29": "record of provision",
    "146": "report demand",
    "147": "guidance and advice",
    "148": "recommendation and order",
}
# Numbers before the renumberings of April 2022 and April 2023.
_UNTIL_2022 = {"20": "23", "21": "24", "22": "25", "22の2": "26", "40": "146", "41": "147", "42": "148"}
_UNTIL_2023 = {"143": "146", "144": "147", "145": "148"}


def find_provisions(sheet: Sheet) -> list[Fact]:
    """Find every provision of a law in the text, in order."""
    return list(_read(sheet)) if "条" in sheet.text else []


def _read(sheet: Sheet) -> Iterator[Fact]:
    text = sheet.text
    defined = []
    if "以下" in text:
        defined = [(m.end(), m["short"], _law(m["law"])) for m in _DEFINED.finditer(text)]
    named = [(m.start(), LAWS[m[0]]) for m in _NAMED.finditer(text)]
    last: tuple[str, str] | None = None
    reached = 0
    for match in _PROVISION.finditer(text):
        start, item = match.start(), _number(match["i"] or match["di"])
        if match["a"] is None:
            if last is None:
                continue
            law, article = last
            paragraph = _number(match["dp"] or match["lp"])
            start = match.start("next") if match["next"] else start
        else:
            before = _LAW.search(text, max(reached, start - _REACH_CHARS), start)
            if _is_none(sheet, match, before, listed=0 < start - reached <= 3 and last is not None):
                continue
            law = _which(before, start, defined, named, last)
            article = str(_number(match["a"])) + (f"の{_number(match['branch'])}" if match["branch"] else "")
            paragraph = _number(match["p"])
            start = before.start() if before else start
        last, reached = (law, article), match.end()
        qualifiers = [f"item:{item}"] if item else []
        if now := _today(law, article, sheet.published):
            qualifiers.append(f"now:{now}")
        value = {"law": law, "article": article, "paragraph": paragraph}
        role = _MEANINGS.get(now or article, "") if law == "APPI" else ""
        yield sheet.fact("provision", value, start, match.end(), qualifiers=qualifiers, role=role)


def _is_none(sheet: Sheet, match: re.Match[str], law: re.Match[str] | None, *, listed: bool) -> bool:
    """Tell whether this is no provision; ``listed``: it stands right behind one (第23条、25条)."""
    text, start = sheet.text, match.start()
    if _NO_ARTICLE.match(text, match.end()) and not match["p"]:
        return True
    if law:
        tail_of_word = law["law"] == "法" and _LETTER.match(text[law.start() - 1 : law.start()])
        return bool(tail_of_word or _PRIVATE.search(law["law"]))
    before = text[max(0, start - 10) : start]
    if _PRIVATE.search(before) or _NO_BEFORE.search(before):
        return True
    # 3条 is an article where 第 or a paragraph says so; 148条 does without
    return text[start] != "第" and not match["p"] and len(match["a"]) < 3 and not listed


def _which(
    before: re.Match[str] | None,
    at: int,
    defined: list[tuple[int, str, str]],
    named: list[tuple[int, str]],
    last: tuple[str, str] | None,
) -> str:
    """Find the law that the words before an article stand for: a name, 法, 同法 or nothing."""
    if before is None:
        return last[0] if last else next((law for _, _, law in reversed(defined)), _latest(named, at))
    name = before["law"]
    for end, short, law in reversed(defined):
        if short == name and end <= at:
            return law
    if name in _OF_SAME:
        return f"{_act(_latest(named, at))} {_OF_SAME[name]}"
    if name in ("同令", "同規則"):
        kind = "Order" if name == "同令" else "Rules"
        return f"{_act(_latest(named, at) if named else last[0] if last else 'APPI')} {kind}"
    if name in ("同法", "本法"):
        return _act(_latest(named, at) if named else last[0] if last else "APPI")
    if name == "法":
        return "APPI"
    if name in ("規則", "施行規則"):
        return "APPI Rules"
    return "APPI Order" if name == "施行令" else _law(name)


def _act(law: str) -> str:
    """Return the Act that an order or rules belong to: 同法 behind 個人情報保護法施行令 is the Act."""
    return law.removesuffix(" Order").removesuffix(" Rules")


def _latest(named: list[tuple[int, str]], at: int) -> str:
    """Return the law named last before a place."""
    before = bisect_left(named, (at, ""))
    return named[before - 1][1] if before else "APPI"


def _law(name: str) -> str:
    """Return kohyo's name of a law; one that is not in the list keeps its own."""
    if name in LAWS:
        return LAWS[name]
    known = next((LAWS[law] for law in sorted(LAWS, key=len, reverse=True) if name.endswith(law)), None)
    return known or name


def _today(law: str, article: str, published: date | None) -> str | None:
    """Return today's number of an article of the APPI, where the text's date had another."""
    if law != "APPI" or published is None:
        return None
    if published < date(2022, 4, 1):
        return _UNTIL_2022.get(article)
    return _UNTIL_2023.get(article) if published < date(2023, 4, 1) else None


def _number(text: str | None) -> str | None:
    return str(kanji_number(text)) if text else None
