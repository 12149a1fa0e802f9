"""What a heading, a label or a list says of its words: 二次被害: なし, 次の事実は認められておりません."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from monitor.facts.sheet import Sheet
from monitor.facts.statements.modality import MAYBE, NEGATION, Stance
from storage.text.patterns import pattern_of

_LABEL = pattern_of(
    r"""
    (?:等|など|の|又は|または|若しくは|もしくは|及び|や|その内容|その|それらの|に(?:関する|係る|伴う|つながる)|による?
      |おそれ|恐れ|可能性|懸念|有無|状況|発生|事実|被害|報告|確認|情報|二次|への影響|影響
        |について|される|された|した|する
    )*
    (?P<sign>\s?[:|]\s?|\s*\n\s*|\s+|\s?は、?\s?(?=なし|無し|無(?![一-龥])))
    (?P<value>[^\n。]{1,60})
    """,
    re.VERBOSE,
)
_NONE = pattern_of(
    r"""
    (?: (?:特に|一切|全く)?(?:なし|無し|無(?![一-龥])|ない(?!よう)|ありません|ございません
      |該当(?:なし|しない|しません|はありません))
      | (?:[^。、は]{0,10}(?:時点|現在|今|これまで
        |本日)[^。、確認発報把な無]{0,12})?[、\s]?(?:特に)?(?:なし|無し|無(?![一-龥]))
      | いいえ | 未確認 | -(?=\s*(?:\)|$)) | 無$
    )
    """,
    re.VERBOSE,
)
_SUBJECTLESS = pattern_of(
    rf"""
    (?:[^。]{{0,16}}?(?:時点|現在|今|これまで|本日|調査|限り|範囲|まで)[^。、]{{0,10}}?、?)?
    (?:特に|いずれも|一切|その|こうした|そのような|これら)?(?:被害|事実|報告|発生|形跡)?[はもが]?
    (?:確認|報告|認め|発生|把握|該当|発見|生じ|起き|受け|あり|ござい)[^。、]{{0,14}}?{NEGATION}
    """,
    re.VERBOSE,
)
# Q 不正利用の被害は出ていますか。 A いいえ、確認されていません。
_ANSWERED_NO = pattern_of(
    r"[^。\n]{0,30}か[。?]?\s*\n\s*(?:(?:A[0-9]{0,2}|答え?|回答)[\s.:、)]*)?(?:いいえ|ありません|ございません)(?=[、。\n])"
)
_YES_ALONE = pattern_of(r"(?:有り?|あり)\s*\Z")
_YES = pattern_of(r"有(?![一-龥])|あり(?!ませ|得)|有り")


def judge_label(sheet: Sheet, start: int, end: int) -> Stance | None:
    """Read the stance of a heading or label by its value; nothing where the word stands in a sentence."""
    line = sheet.text.rfind("\n", 0, start) + 1
    if start - line > 30 or "。" in sheet.text[line:start]:
        return None
    label = _LABEL.match(sheet.text, end)
    if label is None:
        return "denied" if _ANSWERED_NO.match(sheet.text, end) else None
    value = label["value"]
    said = label[0][: label.start("value") - label.start()]
    doubtful = re.search(MAYBE, said) is not None
    if _NONE.match(value) or _SUBJECTLESS.match(value):
        return "denied"
    if _YES.match(value) and (label["sign"].strip(" ") != "" or _YES_ALONE.match(value)):
        return "possible" if doubtful else "stated"
    if "\n" in label["sign"] or ":" in label["sign"] or "|" in label["sign"]:
        if _WHAT_LEAKED.match(said) and not _NOT_KNOWN.match(value):
            return "possible" if doubtful else "attributive"
        return "open"
    return None


_WHAT_LEAKED = pattern_of(
    r"(?:し|され)た(?:おそれ|恐れ|可能性)?(?:の|が)?(?:ある)?情報(?!の?有無|確認|について)"
)  # 漏えいした情報: 氏名
_NOT_KNOWN = pattern_of(r"(?:現在、?)?(?:調査|確認|精査)中|不明|未定|未確定|非公表")


_BULLET = pattern_of(r"\s*(?:[・･•●○◆◇■□▪‐\-*※➢✓‣]|\(?[0-9]{1,2}[).．、\s]|[①-⑳]|[ア-ン][.．)、\s])")
_ABOVE = pattern_of(
    rf"(?:次|以下|下記|左記)(?:の|に掲げる|に(?:示|記載)す?る?|について|は)(?![^。\n]{{0,90}}(?:なければ|ては)な)[^。\n]{{0,60}}?{NEGATION}",
    re.VERBOSE,
    begins="下記 以下 左記 次に 次の 次は",
)
_NOT_THESE = pattern_of(
    r"""
    # 含まれていない情報
    (?: (?: 含(?:まれ|ん)(?:て(?:い|お))?(?:らない|ない) | 含まない | 対象外の | 該当しない
          | (?:流出|漏えい)し(?:てい)?ない)
        [^。\n]{0,12}(?:\n|[:：]\s*\n)
      | (?: 含(?:まれ|ん)(?:て(?:い|お))?りません | 含みません)\s?[:：]\s*\n  # 含まれておりません:
    )
    """,
    re.VERBOSE,
    needs="含 対象外の 該当しない 流出し 漏えいし",
)


@dataclass(frozen=True, slots=True)
class _Lists:
    """Stretches of list lines below a sentence that denies all of them."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def hold(self, at: int) -> bool:
        i = bisect_right(self.starts, at) - 1
        return i >= 0 and at < self.ends[i]


def is_denied_list(sheet: Sheet, at: int) -> bool:
    """Tell whether a place is in a list of which the sentence above denies every line."""
    return _denied_lists(sheet.text).hold(at)


# いずれも発生していない|ことを確認しております。
_SAID_SO = pattern_of(
    r"こと(?:を|が)?(?:専門[^。、\n]{1,6}が)?(?:確認|判明|調査)[^。\n]{0,12}|と(?:の|いう)こと"
)


@lru_cache(4)
def _denied_lists(text: str) -> _Lists:
    starts, ends = [], []
    if "\n" in text:
        for pattern in (_ABOVE, _NOT_THESE):
            for match in pattern.finditer(text):
                begin = text.find("\n", match.end() - 1) + 1
                said = _SAID_SO.sub("", text[match.end() : begin])
                if begin and len(said.strip("んでした。ます:： \n")) < 8:
                    at = _end_of_list(text, begin)
                    starts.append(begin)
                    ends.append(at)
    order = sorted(zip(starts, ends, strict=True))
    return _Lists(tuple(s for s, _ in order), tuple(e for _, e in order))


# 次のいずれかに該当する場合は公表します。 - 要配慮個人情報が含まれる場合: of any affair.
# But of one: 次の…を紛失しました。
_CRITERIA = pattern_of(
    r"(?:次|以下|下記)の(?:(?:いずれか|各号|各項目|事項)に(?:該当|当ては)|場合(?:は|に|を除))"
    r"(?:(?!ました|ています|ております|た[。、]|可能性が)[^\n]){0,80}\n",
    begins="次の 以下 下記",
)
_CRITERION = pattern_of(r"(?:場合|とき|事案|もの|こと)(?:\([^()\n]*\))?[。;]?\s*\Z")
_BETWEEN = 3  # lines at most between the sentence and its list


def is_criterion(sheet: Sheet, at: int) -> bool:
    """Tell whether a place is in a list of what may happen, under a sentence that says what follows."""
    return _criteria(sheet.text).hold(at)


@lru_cache(4)
def _criteria(text: str) -> _Lists:
    starts: list[int] = []
    ends: list[int] = []
    for match in _CRITERIA.finditer(text) if "\n" in text else ():
        begin = match.end()
        for _ in range(_BETWEEN):
            if _BULLET.match(text, begin) or text.find("\n", begin) < 0:
                break
            begin = text.find("\n", begin) + 1
        at = _end_of_list(text, begin, _CRITERION)
        if at > begin and (not ends or begin >= ends[-1]):
            starts.append(begin)
            ends.append(at)
    return _Lists(tuple(starts), tuple(ends))


def _end_of_list(text: str, at: int, entry: re.Pattern[str] | None = None) -> int:
    """Find where a list that begins at a place ends: at most twelve lines that look like entries."""
    for _ in range(12):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)]
        if not _BULLET.match(line) or (entry and not entry.search(line)):
            return at
        at = end + 1 if end >= 0 else len(text)
        if end < 0:
            break
    return at
