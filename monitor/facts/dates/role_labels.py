"""What a date is of by where it stands: behind a label (発覚日:), before 掲載, below a heading, alone."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.facts.dates.role_verbs import by_clauses, by_verb
from monitor.facts.sheet import Sheet
from storage.records import Fact
from storage.text.patterns import pattern_of

_DAY = r"(?:年月日|日時?|時期|期日|日付)"
_LABELS = (
    ("period-start", rf"(?:開始|始期|自){_DAY}?"),
    ("period-end", rf"(?:終了|満了|終期|至){_DAY}?"),
    (
        "discovered",
        rf"(?:発\s?覚|判\s?明|発\s?見|認知|覚知|把握|確認|気付いた|検知)(?:(?:した|された|の){_DAY}|{_DAY})?"
        rf"|(?:通報|指摘|連絡)(?:の?受[信付理]|を受けた){_DAY}",
    ),
    (
        "occurred",
        rf"(?:発生|紛失|盗難|誤送信|誤送付|送信|送付|流出|漏え?い|漏洩|事故|誤配|侵入|感染)(?:した|の)?{_DAY}"
        r"|(?:事案|事故)の?発生",
    ),
    (
        "reported",
        rf"(?:(?:委員会|国|省|庁)(?:への)?(?:報告|届出|速報|確報){_DAY}?"
        rf"|(?:報告|届出|速報|確報)(?:{_DAY}|(?=\s?[:|は(])))",
    ),
    (
        "notified",
        rf"(?:本人|対象者)?(?:への)?(?:通知|連絡|お詫び){_DAY}"
        r"|(?:本人|お客様|対象者|保護者)等?へのご?(?:通知|連絡|お詫び|謝罪)(?=\s?[:|])",
    ),
    (
        "published",
        rf"(?:公表|発表|掲載|公開|報道(?:発表)?|お知らせ|プレス|Press ?Release|更新|作成|発行){_DAY}?",
    ),
)
_LABEL = pattern_of(
    "(?:" + "|".join(f"(?P<{role.replace('-', '_')}>{words})" for role, words in _LABELS) + r")"
    r"(?:\s?[:|・]\s?|\s+|は、?|\(|(?<=日時))\s?(?:令和)?\Z"
)
# A heading with the date on the line below: 判明した日時⏎12月8日.
_HEADING = pattern_of(
    "(?:"
    + "|".join(f"(?P<{role.replace('-', '_')}>{words})" for role, words in _LABELS)
    + r")(?:\([^()\n]{1,30}\))?[)）】]?\s*\Z"
)
BULLETS = " <([【〇⚫・-*○●◎◆■□▶1234567890.)"
# A verb that says of the day behind it what it is of: 発覚した8月19日, 流出を確認した日 3月2日.
_OF_DAY = pattern_of(
    r"(?P<verb>(?:発覚|判明|確認|発見|把握|検知|認識|発生|紛失|誤送信|送信|送付|公表|発表|漏えい|流出)(?:し|され)た)"
    r"(?:と(?:みられ|思われ|考えられ|され)る)?(?:日時?|年月日)?\s?[:|は]?\s?\Z"
)
# What stands directly behind a date: 12月17日掲載, 12月9日提供 資料提供, 10時30分発表.
_STAMP = pattern_of(
    r"""
    (?:\s?\([^()]{1,8}\))?\s{0,6}  # (火)
    (?:[0-9]{1,2}[時:][0-9]{0,2}分?)?\s?(?:付け?)?  # 10時30分付け
    (?: 掲載 | 公表 | 公開 | 発表
      | 報道(?:発表|提供)  # 報道発表
      | (?:付\s?)?(?:[一-龥]{1,8}新聞)?(?:朝刊|夕刊|(?:地方|東京|大阪|全国)版)  # 2月28日朝刊
      | (?:ご報告|お知らせ)(?:事項)? | 資料?提供 | 提供
      | 発行 | 配信 | [^。、\n]{0,30}より(?:抜粋|引用) | 更新 | 投稿 | 記者発表
      | (?:一部)?(?:追記|加筆|修正|改訂)(?:[、し致い])?  # 一部修正
    )
    (?=[\s)\]、。】=]|$|(?<=[し致い、]))
    """,
    re.VERBOSE,
)
_PAPER = pattern_of(
    r"(?:付け?)?\s?[^\s()、。]{1,14}(?:新聞|通信|ニュース|放送|テレビ)[^()。]{0,6}\)"
)  # (3月4日 例示新聞)
_CITED = pattern_of(
    r"(?:第\s?[0-9一二三四五六七八九十]+\s?報|お知らせ|公表|発表|プレスリリース|前回"
    r"|既報)[^。()\n]{0,6}\(\s?\Z"
    r"|(?:について|お知らせ|ご?報告|お?詫び|おわび)(?:\(第[^()]*\))?[」』]\s?\(\s?\Z"  # 「…の紛失について」(
)


def by_label(sheet: Sheet, fact: Fact, ahead: str, first: int) -> str:
    """Return the role that a label, a stamp or a heading gives a date, before which stands ``ahead``."""
    if _is_stamp(sheet, fact, ahead):
        return "published"
    if label := _LABEL.search(ahead):
        return str(label.lastgroup).replace("_", "-")
    if _CITED.search(ahead) or (ahead.endswith("(") and _PAPER.match(sheet.text, fact.end)):
        return "published"
    if said := _OF_DAY.search(ahead):
        return by_verb(said["verb"]) or "other"
    if _ONLY_WHEN.search(ahead) and (of_what := _OF_WHAT.search(sheet.text, max(0, first - 60), first)):
        return "discovered" if of_what["found"] else "occurred"
    if not ahead.strip(BULLETS) and (above := _HEADING.search(_line_above(sheet.text, first))):
        return str(above.lastgroup).replace("_", "-")
    return ""


# 〈発生事実〉⏎日時: 12月19日
_ONLY_WHEN = pattern_of(r"(?:\A|[\s【\[(<・])(?:日\s?時|年月日|期\s?日)\s?[】\]>)]?\s?[:|]?\s?\Z")
_OF_WHAT = pattern_of(
    r"(?:\A|\n)[^\n。、]{0,12}(?:発生|事故|事象|事案|被害|誤送信|誤送付|紛失|盗難|漏え?い|流出|(?P<found>発覚|判明|発見))[^\n。、]{0,8}\n"
    r"(?:[^\n]{0,20}\n)?\Z"
)
_ALONE = pattern_of(
    r"\s*(?:\([^()]{1,8}\)|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|[月火水木金土日]曜日?)?\s*"
    r"(?:(?:午[前後])?[0-9]{1,2}[時:][0-9]{0,2}分?(?:頃|ころ|ごろ)?)?\s*(?:付け?|より|から)?\s*[)\]】>]?\s*(?:\n|$)"
)
_CLOCK = pattern_of(r"\s*(?:午[前後]|[0-9]{1,2}[時:]|・|●|○|-)")


def by_line(sheet: Sheet, fact: Fact, ahead: str, clause: str, last: int) -> str:
    """Return the role of a date that has a line, a pair of brackets or a sentence to itself."""
    if not _ALONE.fullmatch(clause):
        return ""
    if not ahead.strip(BULLETS):
        return _alone(sheet, fact, ahead, last)
    return "published" if _is_own(sheet, fact) else ""


def _is_stamp(sheet: Sheet, fact: Fact, ahead: str) -> bool:
    """Tell whether a date is the text's own: at its very top, or with a word for it (12月9日提供)."""
    text = sheet.text
    if fact.start <= _end_of_top(text) and _is_own(sheet, fact):
        begins = text[fact.start - 1 : fact.start] in ("", "\n") and text[fact.end : fact.end + 1] in " \n"
        if begins or _TITLED.match(text, fact.end):
            return True
    if _IN_PAPER.search(sheet.before(fact.start, 20)) and sheet.text.startswith((")", "付"), fact.end):
        return True
    return _STAMP.match(sheet.text, fact.end) is not None and not ahead.endswith("処分(")


_IN_PAPER = pattern_of(
    r"[」』)、(][^\s()、。「」]{1,8}(?:新聞|通信|ニュース|放送|テレビ|日報)\s?\Z"
)  # 「…」例示新聞2015年1月4日)
_TITLED = pattern_of(r"(?:[0-9]{1,2}[時:][0-9]{1,2}分?)? [^\n。、]{1,16}\n")  # …について 2022年6月9日 例示県


def _line_above(text: str, first: int) -> str:
    """Return the line above one that starts at a place, if it is short as a heading is."""
    lines = _GAP.sub("\n", text[max(0, first - 40) : first]).split("\n")
    line = lines[-2] if len(lines) > 2 or (len(lines) == 2 and (first <= 40 or "。" in lines[0])) else ""
    line = line.rpartition("。")[2]
    return (
        line
        if len(line) <= (20 if "(" not in line else 40) and not re.search(r"[0-9]\s?[月日/]", line)
        else ""
    )


_GAP = pattern_of(r"\n[\s\n]*\n\Z")  # between a heading and what it heads
_TOP_LINES = 4  # among which a letter has its own date


def _alone(sheet: Sheet, fact: Fact, ahead: str, last: int) -> str:
    """Return the role of a date on a line of its own: that of a letter's head, or of the entries below it."""
    # An entry of a course says the hour, the head of a letter none.
    timed = re.search(r"[0-9][時:]|午[前後]", sheet.text[fact.end : min(last, fact.end + 24)])
    ends = not sheet.text[last:].strip()
    if _is_own(sheet, fact) and (ends or not (timed and fact.start > _end_of_top(sheet.text))):
        return "published"
    if not timed and _SIGNED.match(sheet.text, last):
        return "published"
    at_top = (
        not timed
        and not _NUMBERED.search(ahead)
        and fact.start <= _end_of_top(sheet.text)
        and not _CLOCK.match(sheet.text, last)
    )
    if at_top and not _COURSE.search(sheet.text, 0, min(last, 400)):
        return "published"
    below = _SHORT_FOR.sub("", sheet.text[last : min(len(sheet.text), last + 260)])
    lines = _ONLY_TIME.sub("", below).split("\n")
    for i, line in enumerate(lines[:_ENTRY_LINES]):
        if i and _NEXT_ENTRY.match(line):
            break
        for said in line.split("。")[: 1 if i == 0 and len(lines) > 1 and not lines[0].endswith("。") else 3]:
            if role := by_clauses(said + "。"):
                return role
    return "other"


_SHORT_FOR = pattern_of(r"\(以下[^()]*\)")  # (以下「A氏」という。): ends no sentence
_NUMBERED = pattern_of("[0-9]")  # (1) 4月2日: an entry, and no head of a letter
_ENTRY_LINES = 3  # of an entry of a course, in which its day's role is looked for
_NEXT_ENTRY = pattern_of(r"\s*(?:\Z|[(①-⑳・●○◆■□【<]|[0-9]{1,4}[).年月日/\s]|令和|平成|[^。]{0,24}\Z)")


# The end of a letter: its day, and below it who signs.
_SIGNED = pattern_of(r"\s*(?:[^\s、。0-9][^、。0-9\n]{1,29}(?:\n\s*|\s*\Z)){1,3}\Z")
_ONLY_TIME = pattern_of(r"\A\s*(?:午[前後])?\s?[0-9]{1,2}[時:][0-9]{0,2}分?(?:頃|ごろ)?\s*\n\s*")


@lru_cache(4)
def _end_of_top(text: str) -> int:
    """Find where the first lines of a text end, among which stands a letter's own date."""
    at = -1
    for _ in range(_TOP_LINES):
        at = text.find("\n", at + 1)
        if at < 0:
            return len(text)
    return at


_COURSE = pattern_of(r"タイムライン|経緯|経過|時系列|概要|\n\s*記\s*\n")


def _is_own(sheet: Sheet, fact: Fact) -> bool:
    value = str(fact.value)
    return sheet.published is not None and len(value) > 6 and sheet.published.isoformat().startswith(value)
