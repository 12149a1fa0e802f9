"""How much was recovered or deleted: 5通のうち3通を回収, 12件全てを削除."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.facts.sheet import Sheet
from storage.records import Fact
from storage.text.japanese import kanji_number
from storage.text.patterns import pattern_of

_UNIT = r"(?:通|件|部|枚|冊|台|個|点|本|箱|世帯|名|人|社)(?:分)?"
_NUMBER = r"[0-9〇一二三四五六七八九十百千万][0-9,〇一二三四五六七八九十百千万]{0,12}"
_OF = pattern_of(
    rf"(?P<whole>{_NUMBER})\s?{_UNIT}(?:の)?(?:うち|内|中)、?[^。、0-9]{{0,12}}?(?P<part>{_NUMBER})\s?{_UNIT}"
)
_ALL = pattern_of(
    rf"(?:全(?:て|部)?|すべて)(?:の)?(?P<a>{_NUMBER})\s?{_UNIT}"
    rf"|(?P<b>{_NUMBER})\s?{_UNIT}(?:の)?[^。、]{{0,6}}(?:全て|すべて|全部|全件|全数|とも)"
)
_COUNTED = ("data-recovered", "data-deleted")
_WIDTH = 80  # characters around a step in which its numbers stand


def add_parts(sheet: Sheet, steps: Iterable[Fact]) -> Iterator[Fact]:
    """Add to a recovery or a deletion how many of how many the sentence says: ``part:3``, ``of:5``."""
    for step in steps:
        said = _said(sheet, step) if step.value in _COUNTED and "denied" not in step.qualifiers else ()
        yield replace(step, qualifiers=(*step.qualifiers, *said)) if said else step


def _said(sheet: Sheet, step: Fact) -> tuple[str, ...]:
    first, last = sheet.sentence(step.start)
    place = max(first, step.start - _WIDTH), min(last, step.end + _WIDTH)
    try:
        if match := _OF.search(sheet.text, *place):
            part, whole = (round(kanji_number(match[name].rstrip(",."))) for name in ("part", "whole"))
        elif match := _ALL.search(sheet.text, *place):
            part = whole = round(kanji_number((match["a"] or match["b"]).rstrip(",.")))
        else:
            return ()
    except ValueError:
        return ()
    return (f"part:{part}", f"of:{whole}") if 0 <= part <= whole else ()
