"""The date of a listing row. Rows show a date and nothing else; texts are another room's business."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from urllib.parse import urlsplit

# The year before the first year of each era.
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}

_DAY = re.compile(
    r"""
    (?:
        (?P<era> 明治|大正|昭和|平成|令和 | (?<![A-Z])[MTSHR] ) \.? (?P<nth> \d{1,2}|元)
        | (?<!\d) (?P<year> (?:19|20)\d\d)
    )
    (?: \([^()]{1,12}\) )?  # 2024(令和6)年1月24日
    (?: 年 (?: \([^()]{1,12}\) )? | (?P<mark> [-./]) )  # 令和6年(2024年)1月24日
    (?P<month> \d{1,2}) (?(mark) (?P=mark) | 月)
    (?P<day> \d{1,2}) (?!\d)
    """,
    re.VERBOSE,
)
_SLUG = re.compile(r"(?:20)?(\d\d)(\d\d)(\d\d)(?!\d)")


def row_date(text: str) -> date | None:
    """The first civil date in a text: ISO, 2024年1月24日, 2024.1.24, 2024/1/24, 令和6年1月24日, R6.1.24,
    令和元年, in full-width digits or not. None where there is none or no such day exists."""
    # Blanks are layout: 令和 6 年 1 月 24 日 and " 2026-07-07 " are the same dates without them.
    compact = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    for match in _DAY.finditer(compact):
        if match["year"]:
            year = int(match["year"])
        else:
            nth = 1 if match["nth"] == "元" else int(match["nth"])
            year = _ERAS[_LETTERS.get(match["era"], match["era"])] + nth
        try:
            return date(year, int(match["month"]), int(match["day"]))
        except ValueError:
            continue  # 2月39日 was really published once
    return None


def slug_date(url: str) -> date | None:
    """The date in an address such as ``/news/press/2023/240124_houdou/``.

    The folder names the FISCAL year (April to March): it is never the date's year. It only vouches
    that the six digits are a date at all, which elsewhere may well be a serial number.
    """
    folders = [part for part in urlsplit(url).path.split("/") if part]
    if len(folders) < 2 or not re.fullmatch(r"20\d\d", folders[-2]):
        return None
    match = _SLUG.match(folders[-1])
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        found = date(2000 + year, month, day)
    except ValueError:
        return None
    fiscal = found.year if found.month >= 4 else found.year - 1
    return found if int(folders[-2]) in (fiscal, found.year) else None
