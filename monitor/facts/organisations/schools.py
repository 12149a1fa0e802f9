"""Schools as newspapers name them: 例示市立若葉中, and 若葉中 further on."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.facts.organisations.listed import Name
from storage.text.patterns import pattern_of

_SCHOOL_ENDS = r"(?=[のはがでにとや・、(])"
_SHORT_SCHOOL = pattern_of(
    r"(?:[一-龥ヶ]{1,5}[都道府県市区町村]立|(?<![一-龥ヶ])[都道府県市区町村]立(?![小中高]))(?P<apart>の)?"
    rf"(?P<own>[一-龥ぁ-んァ-ヴ]{{1,6}}?(?<!立)[小中高]){_SCHOOL_ENDS}"
)
# 例示市立若葉中と青葉中: a school beside one
_AND_SCHOOL = pattern_of(
    rf"[とや・](?P<own>(?!期間|休暇|調査|作業|授業|勤務|移動|外出|在学|午前)[一-龥]{{1,4}}(?P<kind>[小中高])){_SCHOOL_ENDS}"
)
# 例示市立若葉中学校, later 若葉中
_WHOLE_SCHOOL = pattern_of(r"[都道府県市区町村]立(?P<own>[一-龥ぁ-んァ-ヴ]{1,6}?[小中高])(?:等?学)校")
_SCHOOL_KIND = pattern_of(rf"[小中高]{_SCHOOL_ENDS}")
_SCHOOL_CHARS = 7  # of the longest own name
_PART_OF_NAME = pattern_of(r"[一-龥ァ-ヴ]")


def find_schools(text: str) -> Iterator[Name]:
    """Find schools by what they belong to, those named beside them, and their own names further on."""
    short = {school["own"] for school in _WHOLE_SCHOOL.finditer(text)}
    for school in _SHORT_SCHOOL.finditer(text):
        start, end = school.start("own") if school["apart"] else school.start(), school.end()
        yield Name(start, end, text[start:end], "body")
        short.add(school["own"])
        while (more := _AND_SCHOOL.match(text, end)) and more["kind"] == school["own"][-1]:
            yield Name(more.start("own"), more.end(), more["own"], "body")
            end = more.end()
            short.add(more["own"])
    for last in _SCHOOL_KIND.finditer(text) if short else ():
        for start in range(max(0, last.end() - _SCHOOL_CHARS), last.end() - 2):  # the longest name first
            if text[start : last.end()] in short and not (start and _PART_OF_NAME.match(text, start - 1)):
                yield Name(start, last.end(), text[start : last.end()], "body")
                break
