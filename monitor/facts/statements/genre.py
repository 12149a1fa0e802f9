"""Whether a text tells what happened, or lays down what shall be done, promises or explains it.

A policy, a regulation and guidance name leaks, attacks and items as a notice does. What sets them apart is
how their sentences end: those of a notice stand in the past, say what goes on, or say sorry.
"""

from __future__ import annotations

from monitor.facts.sheet import Sheet
from storage.text.patterns import pattern_of

_TOLD = pattern_of(
    r"[ただ](?<=[しれっいきけめえじびみぎりちせべねん][ただ])(?:(?=。|が、|ため|ので|とこ|もの)"
    r"|(?=こと(?!が(?:ある|あり)|の))|(?=と(?:い[うい]|発表|の|し[てま]|明ら|説明|みら|話)))"
)
_TOLD_ALONE = ("判明", "発覚", "発生。", "紛失。")
_SORRY = pattern_of(r"お詫び|おわび|申し訳|謝罪|陳謝|ご迷惑|御迷惑")
# What goes on while it is told is told in the present: 漏えいした可能性があります。現在、調査を行っています。
_NOW = pattern_of(
    r"た(?:可能性|疑い|おそれ|恐れ)[がも](?:あ[りる]|ござ|高|否定|排除|判明)"
    r"|(?:漏えい|漏洩|流出|紛失)の(?:可能性|疑い|おそれ|恐れ)[がも](?:あ[りる][まと。]|ござ|高|否定)"
    r"|調査(?:中|して(?:い|お)|を(?:行っ|進め|続け|継続|実施し|開始))|復旧に向け|捜索|所在が?不明"
    r"|(?:改めて|次第)、?(?:ご?連絡|ご?報告|お知らせ|公表)|(?:して|されて)い(?:る|た)可能性が高"
    r"|(?<!多数)(?<!多く)(?:確認|停止|中止|休止|漏えい|漏洩|流出|紛失|閲覧)(?:さ?れ|し|でき)て(?:い|お)[るりま]"
    r"|このたび|この度|今般|本日|現時点|対象の方|該当する方"
)
_ENDS = pattern_of(r"。(?<=[るいうくぐむすつぶぬんと]。)(?<![いお]ります。)")
_RULES = (
    *(f"{verb}こと。" for verb in "るうくすい"),
    *(
        "ならない。",
        "ものとする。",
        "こととする。",
        "望ましい。",
        "べきである。",
        "必要がある。",
        "必要である。",
    ),
    *("求められる。", "できる。", "をいう。", "考えられる。", "定める。"),
)
_FEW = 3  # sentences that make a policy
_SOME = 5  # rules that make a regulation
_MANY = 5  # sentences about nothing for one that tells
# (※)フォレンジックとは、漏えいなどが発生した際に記録を解析する手法です。
_DEFINED = pattern_of(r"(?:\A|[(「『※】)0-9])[^。」]{1,40}とは、?(?!異|違|別|無|関)[^。]{0,60}\Z")
_AS_WHAT = pattern_of(
    r"(?:こと|もの|攻撃|手口|手段|技術|手法|機能|サービス|サイト|メール|ウ[イィ]ルス|プログラム"
    r"|を(?:指[すし]|いう|言う|いい))"
    r"(?:です|である|ます)?。?\)?\s*\Z"
)


# **月**日, ●●件: what is left to fill in; ○○社 is a name that is not told
_BLANK = pattern_of(r"(?:\*{2}|[○〇●◯×]{1,2}|X{2})(?=[年月日時件名人])", begins="** ○ 〇 ● ◯ × XX")
_FILLED = pattern_of(r"[0-9](?=[年月日時件名人])")
_BLANKS = 3  # that make a form, where less is filled in


def _is_form(text: str) -> bool:
    blanks = sum(1 for _ in _BLANK.finditer(text))
    return blanks >= _BLANKS and blanks > sum(1 for _ in _FILLED.finditer(text))


def tells_nothing(text: str) -> bool:
    """Tell whether a text of some length is one of rules, promises or advice, in which nothing happened.

    When unsure it is a notice: to pass over one is worse than to read facts from a policy.
    """
    if _is_form(text):
        return True
    told = len(_TOLD.findall(text)) + _count(text, _TOLD_ALONE)
    rules = _count(text, _RULES) > max(_SOME, 3 * told)
    if not rules and len(_ENDS.findall(text)) < max(_FEW, _MANY * told):
        return False
    return _SORRY.search(text) is None and _NOW.search(text) is None


def _count(text: str, words: tuple[str, ...]) -> int:
    return sum(text.count(word) for word in words)


def tells_tricks(text: str) -> bool:
    """Tell whether a text warns of the ways of swindlers, and says sorry for nothing."""
    return "手口" in text and _SORRY.search(text) is None


def is_defined(sheet: Sheet, at: int) -> bool:
    """Tell whether the sentence around a place says what a word means."""
    first, last = sheet.sentence(at)
    return (
        _DEFINED.search(sheet.before(at, 104)) is not None
        and _AS_WHAT.search(sheet.text, max(first, last - 16), last) is not None
    )
