"""What kind of difference it is, in the words of ``storage.records.REASONS``.

``negation`` and ``wording-softened?`` are hints for a person, never claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from monitor.comparing.tokens import Token, TokenRun, tokenise
from storage.records import REASONS
from storage.text.japanese import fold_width
from storage.text.patterns import pattern_of
from storage.text.units import PEOPLE_UNITS, any_of

_DIRECT = {"count": "count", "date": "date", "phone": "phone", "provision": "provision"}

# Every pattern is verbose and works on width-folded text; beside an alternative stands what it is for.

_AFTER_DEADLINE = pattern_of(
    r"""
    \s*(?:[(][^)]{1,6}[)])?\s*  # (金)
    (?:(?:午前|午後|正午)?[0-9:時分半]*)\s*  # 午後5時
    (?:頃|末|中旬|中)?\s*(?:\)\s*)?
    (?:まで|を期限|必着|締め?切|〆切|が期限|消印)  # 3月29日(金)午後5時まで
    """,
    re.VERBOSE,
)
_BEFORE_DEADLINE = pattern_of(
    r"""
    (?:期限|締め?切り?|〆切|期日|受付終了日?)  # 受付終了日
    (?:日|は|:|：|\s|\||、|を)*$  # 期限: 3月29日
    """,
    re.VERBOSE,
)
_OPEN_RANGE = pattern_of(r"(?:期間|受付|申請|募集|設置).*[~〜～\-]\s*$")  # 受付期間 3月1日~
_DEADLINE_LABEL = pattern_of(r"期限|締め?切|〆切|期日|受付期間")
_COUNTED = any_of((*PEOPLE_UNITS, "件", "社"))
_COUNT_LABEL = pattern_of(
    rf"""
    {_COUNTED}数  # 件数
  | 数$  # 対象者の数
  | 数[/(（\s]  # 数(人)
  | \({_COUNTED}\)  # 内訳(件)
  | 対象者|人員|合計|総数
    """,
    re.VERBOSE,
)
_FIGURE = pattern_of(r"[\d〇一二三四五六七八九十百千万]")

_POSTSCRIPT = pattern_of(
    r"""
    追記|続報
  | 第\s?[0-9一二三四五六七八九十]{1,3}\s?報  # 第2報
  | 最終報|訂正
  | (?:その|報告\.?)\s?[0-9]{1,2}\)?$  # お詫びとご報告(その2)
  | (?:を|内容)(?:更新|修正|追加)(?:し|いた)  # 内容を更新しました
    """,
    re.VERBOSE,
)
_NEGATION = pattern_of(r"ません|ない|なかった|おらず|せず|なし$|なく")

_EVENT = pattern_of(
    r"""
    漏えい|漏洩|ろうえい|流出|持ち出
  | 不正(?:利用|使用|アクセス|取得|閲覧)  # 不正アクセス
  | 悪用|二次被害|被害|侵害|窃取|盗
  | 閲覧され|外部に公開
  | 紛失|滅失|毀損|改ざん|感染
    """,
    re.VERBOSE,
)
_UNDENIED = pattern_of(r"否定(?:でき|し切れ|しきれ|はでき)")  # 否定できません
_DENIED = pattern_of(
    r"""
    (?:確認|発見|検知|特定)(?:は)?(?:され|でき|いた)?(?:て)?(?:は)?  # 確認されておりません
    (?:おり|い)?(?:ません|ない|なかった|ず)
  | 認められ(?:て)?(?:は)?(?:おり|い)?(?:ません|ない|なかった|ず)  # 認められませんでした
  | (?:発生|判明|把握)(?:し|いたし)?て(?:は)?(?:おり|い)?(?:ません|ない)  # 発生しておりません
  | (?:形跡|痕跡|事実|おそれ|恐れ|可能性|被害|流出|漏えい|漏洩)(?:は|が|も)(?:一切)?  # 事実はありません
    (?:あり|ござい)?(?:ません|ない|なかった|なし|無)
  | (?:漏えい|漏洩|流出|被害)(?:は)?(?:し|され)?(?:て)?(?:は)?(?:い|おり)(?:ません|ない)  # 流出していません
  | (?:確認|報告)(?:は)?されませんでした  # 報告はされませんでした
    """,
    re.VERBOSE,
)
_POSSIBLE = pattern_of(r"可能性|おそれ|恐れ|懸念|疑い|否定(?:でき|し切れ|しきれ)")
_CONFIRMED = pattern_of(
    r"""
    判明|明らかに
  | 確認(?:され|いた|し(?:まし|てお))  # 確認しました
  | (?:流出|漏えい|漏洩|持ち出|閲覧|悪用|窃取|公開|紛失|使用|利用|侵害|感染)  # 持ち出していたことが
    [いたしさせれてり]*
    (?:しました|した|ました|ていた|ています|ております|られた|こと(?:が|を|に))
    """,
    re.VERBOSE,
)

_SOFTER = (  # what was said, and what is said instead
    (r"流出|漏えい|漏洩", r"持ち出し|外部送信|誤送信|閲覧可能"),
    (r"判明(?:いた)?しました|確認されました", r"可能性|おそれ|懸念"),
    (r"深くお詫び|心より(?:深く)?お詫び|謝罪", r"ご迷惑|ご心配|お詫び|お知らせ"),
    (r"不正に", r""),
    (r"重大な|深刻な", r""),
    (r"当社の(?:責任|過失|不備)", r""),
)
_SOFTENINGS = [(pattern_of(strong), pattern_of(weak) if weak else None) for strong, weak in _SOFTER]


def judge_edit(runs: Sequence[TokenRun], old: str, new: str, label: str = "") -> set[str]:
    """Name the reasons of one passage that was edited from ``old`` to ``new``."""
    kinds = {kind for run in runs if not run.equal for kind in run.kinds}
    reasons = {_DIRECT[kind] for kind in kinds if kind in _DIRECT}
    if "number" in kinds and _counts(label, old, new):
        reasons.add("count")
    if kinds & {"date", "time"} and (_DEADLINE_LABEL.search(label) or _deadline_changed(old, new)):
        reasons.add("deadline")
        reasons.discard("date")
    reasons |= _statements(old, new)
    if len(_POSTSCRIPT.findall(fold_width(new))) > len(_POSTSCRIPT.findall(fold_width(old))) or (
        _POSTSCRIPT.findall(fold_width(old)) != (found := _POSTSCRIPT.findall(fold_width(new))) and found
    ):
        reasons.add("postscript")
    if not reasons or any(run.words for run in runs if not run.equal):
        reasons.add("text")
    return reasons


def judge_addition(text: str) -> set[str]:
    """Name the reasons of a passage that came."""
    reasons = {"added"} | _mentions(text)
    if _POSTSCRIPT.search(fold_width(text)):
        reasons.add("postscript")
    return reasons


def judge_removal(text: str) -> set[str]:
    """Name the reasons of a passage that went."""
    return {"removed"} | _mentions(text)


def sort_reasons(reasons: Iterable[str]) -> tuple[str, ...]:
    """Put reasons in order, each once, most telling first."""
    return tuple(sorted(set(reasons), key=REASONS.index))


def judge_claim(text: str) -> str:
    """Tell what a passage says of an event: ``denied``, ``possible``, ``confirmed``, or nothing."""
    folded = fold_width(text)
    if not _EVENT.search(folded):
        return ""
    if _DENIED.search(folded) and not _UNDENIED.search(folded):
        return "denied"
    if _POSSIBLE.search(folded):
        return "possible"
    return "confirmed" if _CONFIRMED.search(folded) else ""


def contradicts(old: str, new: str) -> bool:
    """Tell whether two stances contradict each other: denied against possible or confirmed."""
    return bool(old and new) and (old == "denied") != (new == "denied")


def _statements(old: str, new: str) -> set[str]:
    reasons = set()
    before, after = judge_claim(old), judge_claim(new)
    if contradicts(before, after) or (before, after) == ("possible", "confirmed"):
        reasons.add("outcome")
    if len(_NEGATION.findall(old)) % 2 != len(_NEGATION.findall(new)) % 2:
        reasons.add("negation")
    if (before, after) == ("confirmed", "possible") or _softened(old, new):
        reasons.add("wording-softened?")
    return reasons


def _softened(old: str, new: str) -> bool:
    return any(
        strong.search(old) and not strong.search(new) and (weak is None or weak.search(new))
        for strong, weak in _SOFTENINGS
    )


def _mentions(text: str) -> set[str]:
    """Find the facts that a passage carries with it as it comes or goes; dates are too common to say."""
    if not _FIGURE.search(text):
        return set()
    tokens = tokenise(text)
    reasons = {token.kind for token in tokens} & {"count", "provision", "phone"}
    if any(True for _ in _deadlines(text, tokens)):
        reasons.add("deadline")
    return reasons


def _counts(label: str, old: str, new: str) -> bool:
    """Tell whether a bare number is one of people or cases: by its label, or alone in its cell."""
    if _COUNT_LABEL.search(fold_width(label)):
        return True
    return all(re.fullmatch(r"[\s約0-9,.万億]+", fold_width(side)) for side in (old, new))


def _deadline_changed(old: str, new: str) -> bool:
    before = {token.key for token in _deadlines(old, tokenise(old))}
    after = {token.key for token in _deadlines(new, tokenise(new))}
    return before != after


def _deadlines(text: str, tokens: Sequence[Token]) -> Iterable[Token]:
    folded, at = fold_width(text), 0
    for token in tokens:
        end = at + len(token.text)
        if token.kind in ("date", "time"):
            before = folded[:at]
            if (
                _AFTER_DEADLINE.match(folded[end : end + 24])
                or _BEFORE_DEADLINE.search(before[-12:])
                or _OPEN_RANGE.search(before[-40:])
            ):
                yield token
        at = end
