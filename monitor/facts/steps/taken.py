"""The steps a notice tells of: reported, notified, police informed, recovered, deleted and so on.

A step is ``denied`` where the text says that it was not taken, ``planned`` where it is announced only, and
``date:2025-01-14`` says when, if its clause names a day. A rule (漏えいした場合は報告します), a habit and a
heading tell of no step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from monitor.facts.sheet import Sheet, select_within
from monitor.facts.statements.modality import Stance
from monitor.facts.steps.authorities import REPORTED
from monitor.facts.steps.encryption import LOCKED
from monitor.facts.steps.persons import NOTIFIED
from monitor.facts.steps.sanctions import PUNISHED
from monitor.facts.steps.step import Step
from monitor.facts.steps.step_stance import judge_step
from monitor.facts.steps.things import RECOVERED
from storage.records import Fact
from storage.text.patterns import may_match, pattern_of

STEPS = (*REPORTED, *NOTIFIED, *RECOVERED, *LOCKED, *PUNISHED)
_CUE = pattern_of(
    r"(?:伝え|電話(?=を[差おい入さ])|はがき|葉書|ハガキ|書面|文書|謝罪文|お?送り|発送|送付|郵送"
    r"|案内|委員会|個情委|PPC|省|庁|局|当局|警|署|交番|駐在|届|番(?=通|し)|通知|連絡"
    r"|説明|謝罪|詫び|わび|知らせ|手紙|消し|受領|受け取|返送|訪問|回収|引き取|返却|返還|戻|見つ|発見|削除|消去|破棄"
    r"|廃棄|取り下げ|身代金|脅迫|金銭|金品|通貨|暗号|ビットコイン|パスワード|認証|PIN|逮捕|起訴|指名|入札)",
    begins=(
        "PIN PPC お送 はが わび ハガ パス ビッ 交番 伝え 個情 入札 削除 取り 受け 受領 回収 委員 局 "
        "届 庁 廃棄 引き 当局 戻 手紙 指名 文書 暗号 書面 案内 消し 消去 番 発見 発送 省 知ら 破棄 "
        "署 脅迫 葉書 見つ 訪問 詫び 認証 説明 謝罪 警 起訴 身代 返却 返送 返還 送り 送付 通知 通貨 "
        "連絡 逮捕 郵送 金品 金銭 電話 駐在"
    ),
)


def find_steps(sheet: Sheet, days: Sequence[Fact]) -> list[Fact]:
    """List every step in order; ``days`` are the dates of the text, in order."""
    found: list[Fact] = []
    steps = [step for step in STEPS if may_match(step.words, sheet.text)]
    at = 0
    while cue := _CUE.search(sheet.text, at):  # most sentences have none
        first, last = sheet.sentence(cue.start())
        for step in steps:
            if step.words.search(sheet.text, first, last):
                found += _read(sheet, step, first, last, days)
        at = max(last, cue.end())
    return sorted(found, key=lambda fact: (fact.start, fact.end))


def _read(sheet: Sheet, step: Step, first: int, last: int, days: Sequence[Fact]) -> Iterator[Fact]:
    text = sheet.text
    sentence = text[first:last]
    if step.unless and step.unless.search(sentence):
        return
    at = first
    seen: set[str] = set()
    while match := step.words.search(text, at, last):
        at = match.end()
        said = judge_step(sheet, step, match, sentence, last)
        more = _AGAIN.search(text, at, last) if step.name == "reported-to-ppc" else None
        yield from _fact(sheet, step, match.start(), match.end(), said, first, last, days, seen)
        if more:  # 速報を行い、10月31日に確報を提出
            said = judge_step(sheet, step, more, sentence, last)
            yield from _fact(sheet, step, more.start(), more.end(), said, at, last, days, seen)
            at = more.end()


_AGAIN = pattern_of(r"(?:[、,]|り)[^。]{0,24}?(?:確報|続報|最終報告|追加報告)")


def _fact(
    sheet: Sheet,
    step: Step,
    start: int,
    end: int,
    said: Stance,
    first: int,
    last: int,
    days: Sequence[Fact],
    seen: set[str],
) -> Iterator[Fact]:
    if said not in ("stated", "denied", "planned"):
        return
    qualifiers: list[str] = [] if said == "stated" else [said]
    day = _day(sheet, days, first, start, end, last)
    if step.name == "tender-exclusion":
        qualifiers += [f"{role}:{fact.value}" for role, fact in _period(sheet, days, first, last)]
    elif day:
        qualifiers.append(f"date:{day}")
    key = f"{said} {day}"
    if key not in seen:
        seen.add(key)
        yield sheet.fact("step", step.name, start, end, qualifiers=qualifiers)


def _is_beside(fact: Fact) -> bool:
    """Tell whether a day is one of a period, or that of the announcement, rather than of the step."""
    return fact.role in ("period-start", "period-end") or (fact.role == "published" and fact.raw != "本日")


def _day(sheet: Sheet, days: Sequence[Fact], first: int, start: int, end: int, last: int) -> str | None:
    """Find the day of a step: the last one named before its verb, or one in brackets behind it."""
    whole = [fact for fact in select_within(days, first, last) if fact.field == "date" and _is_day(fact)]
    before = [
        fact
        for fact in whole
        if fact.end <= end and not _is_beside(fact) and not _AS_OF.match(sheet.text, fact.end)
    ]
    if before:
        ahead = [fact for fact in before if fact.end <= start]
        if ahead and _DATES_IT.fullmatch(sheet.text[ahead[-1].end : start]):
            return str(ahead[-1].value)
        return str(before[-1].value)
    behind = [fact for fact in whole if fact.start >= end]
    if behind and re.fullmatch(r"[^。、]{0,6}[(:|\s]\s?", sheet.text[end : behind[0].start]):
        return str(behind[0].value)
    return None


# 11月8日に|委員会へ、11月11日には警察に報告
_DATES_IT = pattern_of(r"\s?(?:\([^()]{1,3}\))?(?:付け?で|中)?に?は?、?(?:国の)?")
_AS_OF = pattern_of(r"\s?の?(?:時点|現在)")  # 4月5日時点で判明していた方には通知した


def _period(sheet: Sheet, days: Sequence[Fact], first: int, last: int) -> Iterator[tuple[str, Fact]]:
    for fact in select_within(days, first, last + 40):
        if fact.role in ("period-start", "period-end"):
            yield ("from" if fact.role == "period-start" else "until"), fact


def _is_day(fact: Fact) -> bool:
    return fact.value is not None and re.fullmatch(r"\d{4}-\d\d-\d\d", str(fact.value)) is not None
