"""Digits, kanji numbers and civil dates as Japanese pages write them.

Small and shared: reading finds the dates a page claims with it, comparing hides notation with it,
and the rules for facts read values with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta, timezone

from storage.text.patterns import pattern_of

# --- width ----------------------------------------------------------------------------------

RADICALS = str.maketrans(
    "⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺱⺲⺳⺴⺵⺷⺸⺹⺺⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "母民氵氺灬爫爫丬牛犭王疋目示礻竹糸罓罒网㓁网羊羊耂肀月臼艹艹艹虎衤西西見角角言貝足車辶辶辶阝金長長長門阜阝雨青韋頁風飛食食食食首馬骨鬼魚鳥鹵麦黄黽斉斉歯歯竜竜亀亀",
) | {c: unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)}
"""Radical look-alikes (⻑ ⽉) that PDF writers emit for everyday kanji, to those kanji."""

_WIDTH = (
    RADICALS
    | {c: chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}
    | {c: unicodedata.normalize("NFKC", chr(c)) for c in range(0xFF61, 0xFF9E)}
    | dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f"), " ")
    | dict.fromkeys(map(ord, "〜∼"), "~")
    | dict.fromkeys(map(ord, "−‐‑‒–—―"), "-")
)
_FOLDED = re.compile(f"[{re.escape(''.join(map(chr, _WIDTH)))}]+")  # few of a text's characters


def fold_width(text: str) -> str:
    """Fold full-width letters, digits, signs and spaces to ASCII, half-width kana to full ones.

    Waves and dashes become one; there are as many characters as before, so that spans stay valid. Circled
    digits and ㈱ are left alone: NFKC would read ①50件 as 150件.
    """
    return text if text.isascii() else _FOLDED.sub(_narrow, text)


def _narrow(match: re.Match[str]) -> str:
    return match[0].translate(_WIDTH)


# --- numbers --------------------------------------------------------------------------------

_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "壱": "1",
    "弐": "2",
    "参": "3",
}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}

KANJI_DIGITS = "〇零一二三四五六七八九十百千万億兆"
KANJI_NUMBER = rf"[0-9{KANJI_DIGITS}][0-9,.{KANJI_DIGITS}]*"
"""Pattern of a number on width-folded text; it may end in a comma or a stop of the sentence."""


def kanji_number(text: str) -> int | float:
    """Read a number written in digits, kanji or both: 120万8,112, 1.5万, 二十八, 五七.

    Raises ValueError where a character is no part of a number.
    """
    plain = text.replace(",", "")
    if plain.isascii() and plain.isdecimal():
        return int(plain)
    total: float = 0
    group: float = 0
    digits = ""
    for char in fold_width(text).strip().rstrip(",."):
        if (char.isascii() and char.isdigit()) or char == ".":
            digits += char
        elif char in _DIGITS:
            digits += _DIGITS[char]
        elif char in _SMALL:
            group += _plain(digits, 1) * _SMALL[char]
            digits = ""
        elif char in _LARGE:
            group += _plain(digits, 0)
            total += (group or 1) * _LARGE[char]
            group, digits = 0, ""
        elif char != "," and not char.isspace():  # a number may be broken over a line
            raise ValueError(f"not a number: {text!r}")
    value = round(total + group + _plain(digits, 0), 6)
    return int(value) if value == int(value) else value


def _plain(digits: str, empty: int) -> int | float:
    if not digits:
        return empty
    return float(digits) if "." in digits else int(digits)


# --- dates ----------------------------------------------------------------------------------

JST = timezone(timedelta(hours=9), "JST")
"""Japan's zone, where everything watched happens: a civil day here is a day there."""

ERA_DAYS: dict[str, tuple[date, date | None]] = {
    "令和": (date(2019, 5, 1), None),
    "平成": (date(1989, 1, 8), date(2019, 4, 30)),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7)),
    "大正": (date(1912, 7, 30), date(1926, 12, 24)),
    "明治": (date(1868, 1, 25), date(1912, 7, 29)),
}
"""First and last day of each era."""
_ERA_SIGNS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"} | {
    "㋿": "令和",
    "㍻": "平成",
    "㍼": "昭和",
    "㍽": "大正",
    "㍾": "明治",
}


def era_name(sign: str) -> str:
    """Name the era that a letter or a square sign stands for; a name stands for itself."""
    return _ERA_SIGNS.get(sign.upper(), sign)


def era_year(era: str, year: int) -> int:
    """Count the Western year of an era's year. The ends of eras are soft: 平成31年5月 is 2019.

    Raises KeyError for what is no era.
    """
    return ERA_DAYS[era_name(era)][0].year - 1 + year


SMALL_NUMBER = r"(?:元|[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
"""Pattern of what ``small_number`` reads: the year of an era, a month, a day."""
_N = SMALL_NUMBER
_ERA_NAME = r"令和|平成|昭和|大正|明治|[㋿㍻㍼㍽㍾]"
DATE = pattern_of(
    rf"""
    (?: (?P<era>{_ERA_NAME}) \s* (?P<ey>{_N}) \s* (?:\(\s*[0-9]{{4}}\s*年?\s*\)\s*)? (?:年|(?P<es>[./-]))
      | (?<![A-Za-z]) (?P<sign>[RHSTrhst]) \s? \.?\s? (?P<sy>{_N}) \s* (?:年|(?P<ss>[./-]))
      | (?<![0-9]) (?P<y>(?:19|20)[0-9]{{2}}|[一二][〇零一二三四五六七八九]{{3}})
        \s* (?:\(\s*(?:{_ERA_NAME})\s*{_N}\s*年?\s*\)\s*)? (?:年|(?P<ws>[./-]))
    )
    \s* (?:\(\s*(?:(?:{_ERA_NAME})\s*{_N}|[0-9]{{4}})\s*年?\s*\)\s*)?
    (?P<m>{_N}) \s* (?:月|[./-]) \s* (?P<d>{_N}) (?![0-9]) (?:\s*日)?
    """,
    re.VERBOSE,
)
"""A full civil date on width-folded text: 令和6年1月24日, 2024年(令和6年)1月24日, R6.1.24, 2024/1/24."""


_PARTED = re.compile("[月./-]")
"""What stands between month and day; cheap to look for in the many lines without a date."""


def find_dates(text: str) -> Iterator[tuple[int, int, date]]:
    """Find every full, existing date of ``text`` with its place."""
    folded = fold_width(text)
    if not _PARTED.search(folded):
        return
    for match in DATE.finditer(folded):
        value = _value(match)
        if value:
            yield match.start(), match.end(), value


def parse_date(text: str) -> date | None:
    """Read the first full, existing date in ``text``."""
    return next((value for _, _, value in find_dates(text)), None)


def _value(match: re.Match[str]) -> date | None:
    era = match["era"] or match["sign"]
    try:
        year = (
            era_year(era, small_number(match["ey"] or match["sy"])) if era else int(kanji_number(match["y"]))
        )
        return date(year, small_number(match["m"]), small_number(match["d"]))
    except ValueError:
        return None


def small_number(text: str) -> int:
    """Read the year of an era, a month or a day; 元 is 1. Raises ValueError for what is no number."""
    return 1 if text == "元" else int(kanji_number(text))
