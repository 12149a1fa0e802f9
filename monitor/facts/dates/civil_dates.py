"""Civil dates in every notation of Japanese notices.

A left-out year is taken from the text before or from the date of publication and marked
``year-assumed``; where neither helps, the value is ``--MM-DD``. What cannot be (2月39日) keeps its
wording, has no value and is marked ``impossible``. Fiscal years and years alone are no dates.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from monitor.facts.dates.date_roles import add_roles
from monitor.facts.dates.deadlines import demands, is_named, turn_into_deadline
from monitor.facts.sheet import Sheet
from storage.records import Fact
from storage.text.japanese import ERA_DAYS, SMALL_NUMBER, era_name, era_year, kanji_number, small_number
from storage.text.patterns import pattern_of

_N = SMALL_NUMBER
_DAY = rf"(?:[0-3]\s[0-9](?=日)|{_N})"  # 6月2 7日, as word processors set it
_ERA = r"令\s?和|平\s?成|昭\s?和|大正|[㋿㍻㍼㍽]"
_PAREN_ERA = rf"\(\s?(?:{_ERA}|[RHS])\s?\.?{_N}\s?年?\s?\)"
_PAREN_YEAR = r"\(\s?(?:西暦)?[12][0-9]{3}\s?年?\s?\)"
_NO_VERSION = r"(?<![0-9.,A-Za-z-])(?<![0-9A-Za-z]/)(?<!バージョン)(?<!バージョン\s)(?<![Vv]er\s)(?<!版)"
_LIST = r"(?=\s?(?:[、,・~-]|から)\s?[0-9]{1,2}日)"  # 10月16、17日

_DATE = pattern_of(
    rf"""
    (?: (?: (?P<era>{_ERA}|(?<![A-Za-z0-9])[RHSrhs](?=\.?\s?[0-9元]{{1,2}}\s?[年./-]))\.?\s?(?P<ey>{_N})\s?
          (?:{_PAREN_YEAR}\s?)? (?:年|(?=[./-]\s?[0-9]{{1,2}}[./-]))
      | {_NO_VERSION}(?P<y>(?:19|20)[0-9]{{2}}|[一二][〇零一二三四五六七八九]{{3}}) \s?
          (?:{_PAREN_ERA}\s?)? (?:年|(?=[./-]\s?[0-9]{{1,2}}[./-]\s?[0-9]{{1,2}}))
    ) (?:\s?(?P<pair>{_PAREN_YEAR}|{_PAREN_ERA}))? \s?
      (?: (?P<fiscal>度)
        | (?P<law>(?:法律|政令|省令|条例|規則|告示|個人情報保護委員会規則|[^\s、。()]{{1,6}}令)\s?第)
        | (?P<m1>{_N})\s?(?:月|(?=~[0-9]{{1,2}}月(?![期号給分別]))) (?:\s?(?P<d1>{_DAY})\s?(?:日|{_LIST}))?
        | [./-]\s?(?P<m2>[0-9]{{1,2}})[./-]\s?(?P<d2>[0-9]{{1,2}}) (?![0-9]|[./-][0-9]{{1,2}}(?![0-9:]))
      )?
    | (?: (?P<rel>同年|同じ年|本年|今年|ことし|昨年|去年|一昨年|おととし|来年|翌年|前年) の?
        | (?P<same>同|['’]|(?<![0-9.,]))(?P<yy>[0-9]{{2}}|(?<=同)[0-9]|元)年
          (?=\s?{_N}\s?(?:月|~[0-9]{{1,2}}月))
      \s?)? (?<![0-9.,/〇一二三四五六七八九十]) (?P<m3>{_N})\s?(?:月|(?=~[0-9]{{1,2}}月(?![期号給分別])))
        (?:\s?(?P<d3>{_DAY})\s?(?:日|{_LIST}))?
    | (?P<month>同月|同じ月|今月|本月|当月|先月|前月|来月|翌月)(?:\({_N}月\))?
        (?:の?(?P<d4>{_N})(?:日|{_LIST}))? (?:月(?=末))?
    | (?P<day>本日|昨日|きのう|(?<![一-龥])明日)
    | (?<![0-9./-]) (?P<m5>[01]?[0-9])\s?/\s?(?P<d5>[0-3]?[0-9]) (?![0-9/.%])
        (?=\s?\([月火水木金土日](?:[・)]|曜)|\s?[0-9]{{1,2}}:[0-9]{{2}}|\s?(?:時点|更新|追記
          |付け|現在|公表|発表|まで|、(?![0-9]))
          |\s?~\s?[01]?[0-9]/[0-3]?[0-9](?![0-9/])
          |(?:(?<=[0-9~][0-9]/[0-9])|(?<=/[0-9][0-9]))\s[一-龥ァ-ヴ]{{2}}(?<!以上)(?<!以下)(?<!程度)
          |(?<=[0-9])[一-龥ァ-ヴお]{{2}}(?<!以上)(?<!以下)(?<!程度)(?<!ペー))
    | (?<![0-9.,〇一二三四五六七八九十数])(?P<d6>[0-9]{{1,2}}|[二三]?十[一二三四五六七八九]?)\s?
        (?:日|(?<=[0-9]{{2}})(?=[、・][0-9]{{2}}日[に、の午夜朝も])|(?=~[0-9]{{1,2}}日[、に]))
        (?=\s?(?:[、。)~\n・]|$|警察|[市町村県][がは]|以降|発送し|提出し|発表し|公表し|[分わ]か[っり]|判明し|明らかにな|
          [一-龥]{{2}}[^。\n]{{4,160}}と発表し
          |公示|投開票|正午|昼|発行|[0-9]{{1,2}}時|[0-9]{{1,2}}:[0-9]{{2}}|早朝|深夜|夜|朝|未明|夕|午[前後]|付
          |頃|ごろ
          |(?:開催|発送|送付|送信|配信|投函|交付)の
          |に(?!わた|つき|及|約?[0-9]{{1,3}}(?:回|度|日|時間|ページ)|約?1(?:人|件|名|社)
            |一[日度回件人名])|\s?(?:発送|送信|送付)分|の(?:こと|発表|会見|午[前後]
          |取材|記者|計|両|[0-9]|出勤|勤務|朝|間|時点|(?:学年|全校|臨時)?(?:集会|保護者会|説明会)|[一-龥]{{2,6}}[後前時])
          |も(?=同様|[^、。\n]{{1,12}}[がは])
          |(?:(?<=のは[0-9]日)|(?<=のは[0-9][0-9]日))(?:で、|です|でした|だった|。)  # 分かったのは17日で、
          |まで|から|時点|現在|\([月火水木金土日](?:曜日?)?\)|及び|と[0-9]))
    )
    """,
    re.VERBOSE,
    begins="0 1 2 3 4 5 6 7 8 9 一 二 三 四 五 六 七 八 九 十 元 令 平 昭 大正 ㋿ ㍻ ㍼ ㍽ R H S r h s 同 本 "
    "今 昨 来 翌 前 先 当月 明日 こと 去年 おと きの ' ’",
)

_RELATIVE = {
    "本年": 0,
    "今年": 0,
    "ことし": 0,
    "去年": -1,
    "おととし": -2,
    "昨年": -1,
    "一昨年": -2,
    "来年": 1,
    "翌年": 1,
    "前年": -1,
}
_OF_CONTEXT = ("同年", "同じ年", "翌年", "前年")  # count from the date before, not from publication
_MONTHS = {
    "": 0,
    "今月": 0,
    "本月": 0,
    "当月": 0,
    "先月": -1,
    "来月": 1,
    "同月": 0,
    "同じ月": 0,
    "前月": -1,
    "翌月": 1,
}
_MONTHS_OF_PUBLICATION = ("", "今月", "本月", "先月", "来月")
_DAYS = {"本日": 0, "昨日": -1, "きのう": -1, "明日": 1}
_WEEKDAYS = "月火水木金土日"

_TAIL = pattern_of(
    r"""
    (?P<weekday>\s?\((?P<wd>[月火水木金土日])(?:曜日?)?(?:・祝日?|・休)?\)  # (月・祝)
      |\s(?P<wd2>[月火水木金土日])曜日)?  # 月曜日
    \s?(?:午[前後]?(?:[0-9]{1,2}時)?|[0-9]{1,2}時|[0-9]{1,2}:[0-9]{2})?(?:[0-9]{1,2}分)?  # 午後5時30分
    (?P<part>(?:の)?(?:月末|末日?)|上旬|初旬|中旬|下旬|頃|ごろ)?  # 末日, 上旬
    """,
    re.VERBOSE,
)
_PARTS = {"上旬": "early", "初旬": "early", "中旬": "mid", "下旬": "late", "頃": "approx", "ごろ": "approx"}
_QUOTED = pattern_of(r"[「『][^」』]*\Z")
_FOR_MONTHS = pattern_of(r"(?:停職|減給|懲役|禁錮|禁固|拘禁刑|営業停止|業務停止|指名停止|出勤停止)\Z")
_TITLED = pattern_of(r"(?!末|[上中下初]旬|頃|以降|時点|現在|中)[一-龥ァ-ヴ」』]")
_NO_MONTH = pattern_of(
    r"(?:期|号|間|額|分|当たり|あたり|前|例|給|謝|刊|次|別|産|日|曜|面|議会|定例会|始ま|決算|締め|\s?[0-9])"
)
# 12月20日から; but not 令和4年4月25日、市民の方から
_RANGE = pattern_of(
    r"(?:(?<![方者人様員先社課署市会たん])(?:から|より)|~|-|及び|と|(?<!から)(?<!より)、|・|又は|または)\s?\Z"
)


@dataclass(frozen=True)
class _Seen:
    """The last date the text spoke of: what 同年, 同月 and left-out years refer to."""

    year: int
    month: int | None
    day: int | None
    era: str | None
    end: int
    said: int  # where the last date ended that names its year


def _see(match: re.Match[str], tail: re.Match[str] | None, year: int, seen: _Seen | None) -> _Seen:
    """Return what the text spoke of last, without month and day."""
    named = bool(match["era"] or match["y"])
    era = _era(match["era"]) if match["era"] else seen.era if seen and not match["y"] else None
    end = tail.end() if tail else match.end()
    return _Seen(year, None, None, era, end, match.end() if named else seen.said if seen else 0)


def find_dates(sheet: Sheet) -> list[Fact]:
    """Find every date of the text, in order, deadlines among them."""
    found = [turn_into_deadline(sheet, fact) for fact in _read(sheet)]
    return add_roles(sheet, found)


def _read(sheet: Sheet) -> Iterator[Fact]:
    anchor = sheet.published or _first_full(sheet)
    seen: _Seen | None = None
    months: dict[int, str] = {}  # of a day, that in which the text spoke of it last
    for match in _DATE.finditer(sheet.text):
        if match["law"] or (match["m5"] and not _is_slashed(sheet, match)):
            continue
        tail = _TAIL.match(sheet.text, match.end())
        flags: list[str] = []
        when = _year_month_day(sheet, match, seen, anchor, flags)
        if when is None:
            continue
        year, month, day = _as_before(when, match, seen, months)
        if year and _leads_on(sheet, match, year, month):
            seen = replace(_see(match, tail, year, seen), month=month, day=day)
        if month is None or match["fiscal"]:
            continue
        bound = seen is not None and seen.said > sheet.sentence(match.start())[0]
        fact = _make_date(sheet, match, tail, year, month, day, flags, bound=bound)
        if fact:
            if seen and isinstance(fact.value, str) and re.match(r"\d{4}-", fact.value):
                seen = replace(seen, year=int(fact.value[:4]))
            if isinstance(fact.value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", fact.value):
                months[int(fact.value[8:])] = fact.value[:7]
            yield fact


_OF_OLD_STATE = pattern_of(
    r"末?日?(?:時点|当時|現在)|(?:から|~)(?:[0-9]{2}|[0-9]{4})年[0-9]{1,2}月(?:まで|の)|までの[^。、]{0,8}[0-9]"
)  # 2018年3月末時点の株主


def _leads_on(sheet: Sheet, match: re.Match[str], year: int, month: int | None) -> bool:
    """Tell whether a date says of what year the days behind it are; of an old state it does not."""
    if match["fiscal"]:
        return False
    if sheet.published is None:
        return True
    old = abs(sheet.published.year - year) > 1 and _OF_OLD_STATE.match(sheet.text, match.end())
    return month is not None and not old


def _as_before(
    when: tuple[int | None, int | None, int | None],
    match: re.Match[str],
    seen: _Seen | None,
    months: dict[int, str],
) -> tuple[int | None, int | None, int | None]:
    """Read 7日 behind 6月13日 as the 7th of July, if the text has spoken of that day before."""
    year, month, day = when
    if not match["d6"] or seen is None or day is None or day not in months or day >= (seen.day or 0):
        return when
    then = int(months[day][:4]), int(months[day][5:])
    return (*then, day) if year and month and then > (year, month) == (seen.year, seen.month) else when


def _is_slashed(sheet: Sheet, match: re.Match[str]) -> bool:
    """Tell whether 5/13 is a day: it heads a line or an entry, and the text has a date of its own."""
    if not _SLASHED.match(sheet.text, match.end()):
        return True
    ahead = sheet.text[max(0, match.start() - 1) : match.start()]
    return sheet.published is not None and ahead in ("", "\n", "、", "。", " ", "・", "(", "|", "※")


_SLASHED = pattern_of(r"[一-龥ァ-ヴお、]")


def _make_date(
    sheet: Sheet,
    match: re.Match[str],
    tail: re.Match[str] | None,
    year: int | None,
    month: int,
    day: int | None,
    flags: list[str],
    *,
    bound: bool,
) -> Fact | None:
    """Make the fact of a date that was read: where it stands, and what is wrong with it.

    ``bound`` says that its sentence names the year.
    """
    part = tail["part"] if tail and tail["part"] else ""
    end = match.end()
    last_day = None
    if day is None:
        if not part and _no_month(sheet, match):
            return None
        if part.endswith(("末", "末日")) and year and 1 <= month <= 12:
            last_day = monthrange(year, month)[1]
            flags.append("month-end")
            end = tail.end("part") if tail else end
    if part in _PARTS:
        flags.append(_PARTS[part])
    value = _iso(year, month, day or last_day, flags)
    if value and value.count("-") == 2 and not value.startswith("--"):
        value = _check_date(sheet, match, tail, value, flags, bound=bound)
    if match["pair"] and not _agrees(match["pair"], year):
        flags.append("year-mismatch")
    return sheet.fact("date", value, match.start(), end, qualifiers=dict.fromkeys(flags))


def _check_date(
    sheet: Sheet,
    match: re.Match[str],
    tail: re.Match[str] | None,
    value: str,
    flags: list[str],
    *,
    bound: bool,
) -> str:
    """Check a full date against its era and its weekday, which decides a year that was only assumed."""
    said = date.fromisoformat(value)
    if match["era"]:
        _check_era(_era(match["era"]), said, flags)
    weekday = tail and (tail["wd"] or tail["wd2"])
    if not weekday or _WEEKDAYS[said.weekday()] == weekday:
        return value
    bound = bound or said == sheet.published
    other = (
        _year_of_weekday(said, weekday, sheet.published) if "year-assumed" in flags and not bound else None
    )
    if other and sheet.published and not -800 < (other - sheet.published).days <= 62:
        other = None
    if other is None:
        flags.append("weekday-mismatch")
    return other.isoformat() if other else value


def _year_month_day(
    sheet: Sheet, match: re.Match[str], seen: _Seen | None, anchor: date | None, flags: list[str]
) -> tuple[int | None, int | None, int | None] | None:
    """Read year, month and day as far as they are said or follow; None where this is no date."""
    if match["era"] or match["y"]:
        if match["era"]:
            year = era_year(_era(match["era"]), _small(match["ey"]) or 0)
        else:
            year = int(kanji_number(match["y"]))
        return year, _small(match["m1"] or match["m2"]), _small(match["d1"] or match["d2"])
    if match["day"]:
        if sheet.published is None:
            return None
        then = sheet.published + timedelta(days=_DAYS[match["day"]])
        return then.year, then.month, then.day
    if match["month"] is not None:
        return _relative_month(match, seen, sheet.published)
    if match["d6"]:
        return _bare_day(sheet, match, seen, flags)
    month, day = _small(match["m3"] or match["m5"]), _small(match["d3"] or match["d5"])
    if month is None or not 1 <= month <= 12:
        return None
    if match["rel"]:
        base = seen.year if match["rel"] in _OF_CONTEXT and seen else anchor.year if anchor else None
        return (base + _RELATIVE.get(match["rel"], 0) if base else None), month, day
    if match["yy"]:
        return _short_year(match, seen, anchor, day, flags), month, day
    flags.append("year-assumed")
    return _find_left_out_year(sheet, match, month, day, seen, anchor), month, day


def _relative_month(
    match: re.Match[str], seen: _Seen | None, published: date | None
) -> tuple[int, int, int | None] | None:
    if match["month"] in _MONTHS_OF_PUBLICATION:
        base = (published.year, published.month) if published else None
    else:
        base = (seen.year, seen.month) if seen and seen.month else None
    day = _small(match["d4"])
    at_end = match.string[match.end() : match.end() + 1] == "末" or match[0].endswith("月末")
    if base is None or (day is None and not at_end and match["month"] not in _MONTHS_OF_PUBLICATION):
        return None  # 同月 alone only points back
    year, index = divmod(base[0] * 12 + base[1] - 1 + _MONTHS[match["month"]], 12)
    return year, index + 1, day


def _is_no_bare_day(sheet: Sheet, match: re.Match[str], seen: _Seen | None) -> bool:
    """Tell 3~5日, which is a time, and 17日 at the end of a line from a day; 16日~23日 is two days."""
    if match["d6"] == "1" and _RATE.match(sheet.text, match.end()):
        return True  # 1日に3件
    ahead = sheet.text[max(0, match.start() - 2) : match.start()].rstrip()[-1:]
    if ahead in ("~", "-") and not (seen and match.start() - seen.end < 3):
        return True
    if match[0][-1] != "日" and sheet.text[match.end()] == "~":
        return (_small(match["d6"]) or 0) < _FEW_DAYS  # 2~3日、様子を見た; but 6~7日、家庭を回った
    return sheet.text[match.end() : match.end() + 1] == "\n" and ahead not in tuple("・、~-")


_FEW_DAYS = 5  # below which 2~3日 is a time and no two days
_RATE = pattern_of("に約?[0-9]")


def _bare_day(
    sheet: Sheet, match: re.Match[str], seen: _Seen | None, flags: list[str]
) -> tuple[int, int, int] | None:
    """Read 17日 in a newspaper: of the month just spoken of, or the last such day before publication."""
    day = _small(match["d6"])
    if day is None or not 1 <= day <= 31 or _is_no_bare_day(sheet, match, seen):
        return None
    flags.append("year-assumed")
    if seen and seen.month and sheet.text[max(0, match.start() - 1) : match.start()] == "翌":
        return seen.year, seen.month, day
    if _is_day_of_news(sheet, match, seen, day) and sheet.published:
        return sheet.published.year, sheet.published.month, day
    near = seen is not None and match.start() - seen.end < 200
    apart = seen is not None and seen.day is None and seen.end <= sheet.sentence(match.start())[0]
    if seen and seen.month and (sheet.published is None or (near and not apart)):
        return _next_month(sheet.published, seen, day) or (seen.year, seen.month, day)
    if sheet.published is None:
        return None
    month = sheet.published.replace(day=1)
    if day > sheet.published.day:
        month = (month - timedelta(days=1)).replace(day=1)
    return month.year, month.month, day


def _next_month(published: date | None, seen: _Seen, day: int) -> tuple[int, int, int] | None:
    """Read 3月31日、送った。3日に発覚した as the 3rd of April, if the text is younger than that."""
    if published is None or seen.month is None or (seen.day or 0) - day < _DAYS_BACK:
        return None
    year, month = seen.year + seen.month // 12, seen.month % 12 + 1
    then = (year, month, day)
    return then if then <= (published.year, published.month, published.day) else None


def _is_day_of_news(sheet: Sheet, match: re.Match[str], seen: _Seen | None, day: int) -> bool:
    """Tell whether a day is of the month of publication: Xは19日、…と発表した."""
    published = sheet.published
    if published is None or not 0 <= published.day - day <= 2:
        return False
    if _TOLD.match(sheet.after(match.end(), 200)):
        return True
    month = (published.year, published.month)
    return seen is not None and month > (seen.year, seen.month or 12) and day < (seen.day or 32)


_DAYS_BACK = 15  # a day of a month that lies this far before the last one belongs to the next month
_TOLD = pattern_of(
    r"(?:\([^()]*\))?(?:、[^。]*?(?:発表|公表|明らかに)し(?:た|まし)|時点|現在|に?(?:発表|公表)し)"
)


def _short_year(
    match: re.Match[str], seen: _Seen | None, anchor: date | None, day: int | None, flags: list[str]
) -> int | None:
    """Read the year in 19年3月12日 after a full date, 同31年3月, '23年10月, or a newspaper's 16年9月28日."""
    number = _small(match["yy"]) or 0
    flags.append("year-assumed")
    if seen and seen.era and match["same"] != "'" and number < 65:
        return era_year(seen.era, number)
    if seen or match["same"] or (day and 10 <= number <= (anchor.year % 100 + 1 if anchor else 40)):
        return 2000 + number
    return era_year("令和", number) if day and number <= 9 else None


def _in_autumn(seen: _Seen) -> bool:
    """Tell whether the text spoke of a time behind which winter and spring are those of the next year."""
    return (seen.month or 0) >= 10


def _find_year_in_sentence(
    sheet: Sheet, match: re.Match[str], month: int, day: int | None, seen: _Seen
) -> int:
    """Find the year of 10月17日 behind the date ``seen`` in the same sentence."""
    there = (month, day or 1)
    published = sheet.published
    if published and _OF_SOMETHING.match(sheet.text, seen.end):
        return _find_nearest_year(published, month, day, ahead=False, coming=False)
    if _follows(sheet, seen, match):
        next_year = month < (seen.month or 0)
        late = published and (seen.year + 1, *there) > (published.year, published.month, 31)
        return seen.year + (next_year and not late)
    if published and _in_autumn(seen) and month <= 3:  # 12月に届き、1月20日に気付いた
        last = published.year, published.month, published.day if day else 31
        return seen.year + ((seen.year + 1, *there) <= last)
    later = (
        published
        and seen.year == published.year
        and there > (published.month, published.day if day else 31)
        and not _is_soon_after(seen, published, month, day)
        and not _HELD_THEN.match(sheet.text, match.end())
    )
    return seen.year - 1 if later else seen.year


def _find_nearest_year(published: date, month: int, day: int | None, *, ahead: bool, coming: bool) -> int:
    """Find the year in which a day is nearest to publication: before it, unless it is said to lie ahead."""
    there = (month, day or 1)
    if ahead:
        return published.year + (there < (published.month, published.day if day else 1))
    if coming:
        return published.year + (month < published.month)
    return published.year - (there > (published.month, published.day if day else 31))


def _find_left_out_year(
    sheet: Sheet, match: re.Match[str], month: int, day: int | None, seen: _Seen | None, anchor: date | None
) -> int | None:
    """Find the year of 10月17日: of the same sentence, else the nearest of publication, else of the text."""
    if seen and sheet.text[match.start() - 1 : match.start()] == "同":
        return seen.year  # 2020年11月…同12月
    there = (month, day or 1)
    published = sheet.published
    ahead = _lies_ahead(sheet, match, seen)
    if seen and seen.end > sheet.sentence(match.start())[0] and not ahead:
        return _find_year_in_sentence(sheet, match, month, day, seen)
    if published and seen and day and not ahead and _is_soon_after(seen, published, month, day):
        return seen.year
    if published and not (seen and abs(published.year - seen.year) > 1):
        coming = _COMING.match(sheet.text, match.end()) and _is_soon(published, month, day or 1)
        return _find_nearest_year(published, month, day, ahead=ahead, coming=bool(coming))
    if seen:
        return seen.year + (_in_autumn(seen) and month <= 3)
    return anchor.year - (there > (anchor.month, anchor.day)) if anchor else None


# 平成30年3月|卒業生の名簿, 昨年11月|に納品された端末: of what something is, and not of when it happened
_OF_SOMETHING = pattern_of(
    r"(?:末)?(?:以前|以降|まで|から|付け?)?(?:に|の)?"
    r"(?:卒業|入学|入社|採用|退職|契約|導入|登録|納品|設置|開設|作成|購入|転入|回収)"
    r"(?:(?:した|していた|された|されていた)(?=[一-龥ァ-ヴA-Za-z])|[生者])"
)
_SINCE = pattern_of(r"(?:\([^()]{1,8}\))?(?:から|より|~)")  # 2024年1月2日から|6月2日までに亡くなった方


def _lies_ahead(sheet: Sheet, match: re.Match[str], seen: _Seen | None) -> bool:
    """Tell whether a day is one until which something is to be done, and no end of a period."""
    if seen and seen.end <= match.start() and _SINCE.fullmatch(sheet.text, seen.end, match.start()):
        return False
    return demands(sheet, match.end()) or is_named(sheet, match.start())


# What begins or takes place on a day that may still lie ahead: 7月8日から3か月の指名停止.
_COMING = pattern_of(
    r"(?:\([月火水木金土日]\))?(?:から|より|に)[^。、]{0,24}(?:停止|開始|再開|受け?付け?|開設|設置"
    r"|予定(?:して|され)|予定|開催|有効|適用)(?!した|しました|して|され)"
    r"|の?(?:投開票|投票|公示|告示|開催(?:の|予定))|の[^。、]{0,10}に(?:向け|備え)|に(?:出席|開催|実施)する(?![^。、]{0,6}た)"
)


# 12月21日、22日開催の講習会
_HELD_THEN = pattern_of(
    r"(?:\([月火水木金土日](?:曜日?)?\))?(?:[、・~][0-9]{1,2}日(?:\([月火水木金土日](?:曜日?)?\))?)?に?"
    r"(?:開催|実施|開講)(?:の|する|され(?:る|ます)|予定)"
)


def _is_soon_after(seen: _Seen, published: date, month: int, day: int | None) -> bool:
    """Tell whether a day lies shortly behind both the date before it and the day of publication."""
    try:
        there = date(seen.year, month, day or 1)
        since = date(seen.year, seen.month or 1, seen.day or 1)
    except ValueError:
        return False
    return 0 <= (there - since).days <= 60 and 0 < (there - published).days <= 31


def _is_soon(published: date, month: int, day: int) -> bool:
    """Tell whether the next such day is at most two months after publication."""
    try:
        return 0 < (date(published.year + (month < published.month), month, day) - published).days <= 62
    except ValueError:
        return False


def _follows(sheet: Sheet, seen: _Seen, match: re.Match[str]) -> bool:
    """Tell whether the text counts on from the date before: 12月20日から1月5日, 12月19日、1月17日に."""
    return match.start() - seen.end < 12 and bool(_RANGE.search(sheet.text[seen.end : match.start()]))


_FULL = pattern_of(
    r"(?:(?<![0-9])(20[0-9]{2})|(令和|平成)\s?([0-9]{1,2}|元))\s?(?:年|[./-])\s?([0-9]{1,2})\s?(?:月|[./-])"
    r"\s?([0-9]{1,2})"
)


def _first_full(sheet: Sheet) -> date | None:
    """Find the first full date of the text, where the date of publication is not known."""
    for match in _FULL.finditer(sheet.text):
        year = int(match[1]) if match[1] else era_year(match[2], _small(match[3]) or 1)
        try:
            return date(year, int(match[4]), int(match[5]))
        except ValueError:
            continue
    return None


def _no_month(sheet: Sheet, match: re.Match[str]) -> bool:
    """Tell 3月期の決算, 10月号, 4月分, 1月当たり from months; with a year, 2023年10月分 is one."""
    if match["m3"] and _FOR_MONTHS.search(sheet.text, max(0, match.start() - 4), match.start()):
        return True  # 停職3月: for so long
    if _TITLED.match(sheet.text, match.end()) and _QUOTED.search(sheet.before(match.start(), 30)):
        return True  # 「認定6月変更対象者リスト」
    following = _NO_MONTH.match(sheet.text, match.end())
    return following is not None and (
        following[0] == "期" or not (match["y"] or match["era"] or match["rel"] or match["yy"])
    )


def _iso(year: int | None, month: int, day: int | None, flags: list[str]) -> str | None:
    if year is None:
        flags.append("year-unknown")
        return f"--{month:02d}-{day:02d}" if day else f"--{month:02d}"
    if (month, day) == (2, 29) and "year-assumed" in flags:  # the leap year next to the assumed one
        year = next((y for y in (year, year + 1, year - 1) if isleap(y)), year)
    try:
        date(year, month, day or 1)
    except ValueError:
        flags.append("impossible")
        return None
    return f"{year}-{month:02d}-{day:02d}" if day else f"{year}-{month:02d}"


def _check_era(era: str, said: date, flags: list[str]) -> None:
    first, last = ERA_DAYS[era]
    if said < first:
        flags.append("era-not-begun")
    elif last and said > last:
        flags.append("era-ended")


def _year_of_weekday(said: date, weekday: str, published: date | None) -> date | None:
    """Return the same day of a year beside it, or of publication, if it is the weekday the text says."""
    for year in (said.year - 1, said.year + 1, *((published.year,) if published else ())):
        try:
            other = said.replace(year=year)
        except ValueError:
            continue
        if _WEEKDAYS[other.weekday()] == weekday:
            return other
    return None


def _agrees(pair: str, year: int | None) -> bool:
    """Tell whether the year in brackets is the one before them."""
    if western := re.search(r"[12][0-9]{3}", pair):
        return int(western[0]) == year
    era = re.search(rf"({_ERA}|[RHS])\s?\.?({_N})", pair)
    return era is None or era_year(_era(era[1]), _small(era[2]) or 1) == year


@lru_cache(256)
def _era(text: str) -> str:
    name = re.sub(r"\s", "", text)
    return era_name(name)


def _small(text: str | None) -> int | None:
    if text is None:
        return None
    return small_number(text.replace(" ", ""))
