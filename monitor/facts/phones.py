"""Telephone numbers, and corporate numbers with their check digit."""

from __future__ import annotations

import re

from monitor.facts.sheet import Sheet
from storage.records import Fact
from storage.text.patterns import pattern_of
from storage.text.telephones import AREA, CALLED, EXCHANGE, FAX, FROM_ABROAD, SUBSCRIBER, UNPARTED

_SEP = r"\s?[-ー(・).]\s?"
_PHONE = pattern_of(
    rf"""
    (?<![0-9A-Za-z.-])
    (?: \((?P<area>{AREA})\)\s?                              # (058)214-2966
      | (?P<head>{AREA}|{FROM_ABROAD})(?:{_SEP}|\s)          # 0120-220-614, +81-3-...
    )
    (?P<mid>{EXCHANGE})(?:{_SEP}|\s)(?P<tail>{SUBSCRIBER})(?![0-9]|-[0-9])
    | (?:{CALLED})(?:番号)?\s?[:・]?\s?
      (?P<solid>{UNPARTED})(?![0-9])                         # 電話 0312345678
    """,
    re.VERBOSE,
    begins="(0 +8 00 01 02 03 04 05 06 07 08 09 FA Fa TE Te te ℡ ℡0 ℡: ℡・ ℡番 ダイ ファ 電話",
)
_MAYBE = pattern_of(rf"{AREA}[\s)(・.ー-]|0[0-9]{{9}}|\+81")  # told at a glance, unlike a number itself
_FAX = pattern_of(rf"(?:{FAX}|fax|ファクシミリ)[^0-9]{{0,6}}\Z")
_CORPORATE = pattern_of(r"法人番号[\s:|は]*(?P<n>[0-9](?:[\s-]?[0-9]){12})(?![0-9])")


def find_phones(sheet: Sheet) -> list[Fact]:
    """Find every telephone number, written in ASCII with hyphens: （058）214-2966 is 058-214-2966."""
    found: list[Fact] = []
    if not _MAYBE.search(sheet.text):
        return found
    for match in _PHONE.finditer(sheet.text):
        if match["solid"]:
            value, start = match["solid"], match.start("solid")
        else:
            head = match["area"] or match["head"]
            value, start = (
                "-".join((re.sub(r"[\s-]|\(0\)", "", head), match["mid"], match["tail"])),
                match.start(),
            )
            if head.startswith("+81"):
                value = re.sub(r"\A\+81", "+81-", value)
        if 10 <= len(re.sub(r"\D", "", value.replace("+81", "0"))) <= 11:
            role = "fax" if _FAX.search(sheet.text[max(0, start - 12) : start]) else "phone"
            found.append(sheet.fact("phone", value, start, match.end(), role=role))
    return found


def find_corporate_numbers(sheet: Sheet) -> list[Fact]:
    """Find every 法人番号; one whose check digit is wrong is kept and marked ``bad-check-digit``."""
    found = []
    for match in _CORPORATE.finditer(sheet.text):
        number = re.sub(r"\D", "", match["n"])
        flags = () if _check_digit(number[1:]) == int(number[0]) else ("bad-check-digit",)
        found.append(
            sheet.fact("corporate-number", number, match.start("n"), match.end("n"), qualifiers=flags)
        )
    return found


def _check_digit(digits: str) -> int:
    return 9 - sum(int(d) * (1 if i % 2 == 0 else 2) for i, d in enumerate(reversed(digits))) % 9
