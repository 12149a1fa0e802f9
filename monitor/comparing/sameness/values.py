"""One notation for dates, times and numbers, so that a rewrite with the same value is seen as one."""

from __future__ import annotations

import re

from storage.text.japanese import KANJI_DIGITS, SMALL_NUMBER, era_year, find_dates, kanji_number, small_number
from storage.text.patterns import pattern_of

_NUMBER = pattern_of(
    rf"""(?:
        [0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?(?![0-9])  # 1,204
      | [0-9]+(?:\.[0-9]+)?  # 1.5
      | [{KANJI_DIGITS}]  # 二十八
    )+""",
    re.VERBOSE,
)
_FIGURE = pattern_of(f"[0-9{KANJI_DIGITS}]")
_ERA_YEAR = pattern_of(rf"(令和|平成|昭和)({SMALL_NUMBER})(?=年)")
_CLOCK = pattern_of(
    r"""
    (午前|午後)?([0-9]{1,2})(?:
        時(?:([0-9]{1,2})分|(半))?(?!間)  # 午後5時半
      | :([0-9]{2})(?!:?[0-9])  # 17:30
    )
    """,
    re.VERBOSE,
)
_IGNORED = pattern_of("[,.。・'’‘\"“”]+")
_MAY_DATE = pattern_of(r"年|[0-9一二三四五六七八九十元][/.-][0-9一二三四五六七八九十]")
_BULLET = pattern_of(r"^[●■◆○◎▪▶►▼•*]+")


def normalise_values(key: str) -> str:
    """Bring every value of a block key into one notation, and take out punctuation.

    Values stand in ⟨⟩, so that dropping 、 cannot make 一、二件 out of 十二件.
    """
    key = _BULLET.sub("", key)
    if _MAY_DATE.search(key):
        key = _era_years(_dates(key))
    if ":" in key or "時" in key:
        key = _clocks(key)
    return _IGNORED.sub("", _numbers(key))


def _dates(text: str) -> str:
    out: list[str] = []
    at = 0
    for start, end, value in find_dates(text):
        out += (text[at:start], f"⟨{value.year}-{value.month}-{value.day}⟩")
        at = end
    return "".join((*out, text[at:])) if out else text


def _era_years(text: str) -> str:
    def western(match: re.Match[str]) -> str:
        return str(era_year(match[1], small_number(match[2])))

    return _ERA_YEAR.sub(western, text)


def _clocks(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        half, hour, minute, thirty, colon = match.groups()
        hours = int(hour) + (12 if half == "午後" and int(hour) < 12 else 0)
        return f"⟨{hours}h{int(minute or colon or (30 if thirty else 0)):02}⟩"

    return _CLOCK.sub(one, text)


def _numbers(text: str) -> str:
    def value(match: re.Match[str]) -> str:
        raw = match[0]
        if raw.startswith("0") and raw.isdigit():
            return f"⟨{raw}⟩"  # part of a telephone number or of an identifier, no quantity
        try:
            return f"⟨{kanji_number(raw)}⟩".replace(".", "d")
        except ValueError:
            return f"⟨{raw}⟩".replace(".", "d")

    if not _FIGURE.search(text):
        return text
    if "⟨" not in text:
        return _NUMBER.sub(value, text)
    # what stands in ⟨⟩ already is left alone
    return "".join(
        part if part.startswith("⟨") else _NUMBER.sub(value, part) for part in re.split(r"(⟨[^⟩]*⟩)", text)
    )
