"""Marks that stand apart from the line, and words that are struck out.

A footnote's number raised behind a figure is no part of the figure: ``12,345<sup>1</sup>人`` says
12,345人. What is struck out is said no more: it is left out of the text, and its bytes are kept.
"""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.reading.parse import Element
from storage.text.patterns import pattern_of
from storage.text.units import COMMON_UNITS, PIECE_UNITS, PREMISES_UNITS, any_of

_RAISED_STYLE = pattern_of(r"vertical-align\s*:\s*(?:super|sub|text-top|top)\b", re.I)
_RAISED_CLASS = pattern_of(r"(?:^|\s)(?:sup|super|superscript|sub|subscript)(?:\s|$)", re.I)
_STRUCK_STYLE = pattern_of(r"text-decoration[a-z-]*\s*:[^;]*line-through", re.I)
_STRUCK_CLASS = pattern_of(
    r"(?:^|\s)(?:text-decoration-)?(?:line-through|strike(?:through|out)?)(?:\s|$)", re.I
)
_STRUCK_TAGS = frozenset(("s", "strike", "del"))
_INLINE = frozenset(
    ("a", "b", "strong", "em", "i", "u", "span", "font", "small", "big", "ins", "mark", "label")
)
_FIGURE = "0-9０-９〇一二三四五六七八九十百千万億"
_SIGN = r"※＊*†‡§¶#＃注"
_OPEN, _CLOSE = r"（(\[［〔", r"）)\]］〕"
_MARK = pattern_of(
    rf"\s*[,、，・]?\s*[{_OPEN}]?\s*(?:[{_SIGN}]+\s*[0-9０-９a-zａ-ｚ]{{0,3}}|[0-9０-９]{{1,3}}|[a-zａ-ｚ]|[①-⑳])"
    rf"(?:\s*[,、，・~～-]\s*[{_SIGN}]*\s*[0-9０-９a-zａ-ｚ①-⑳]{{1,3}})*\s*[{_CLOSE}]?\s*",
    re.I,
)
"""A footnote's mark: 1, ※1, *, 注2, (3), [4, 5], a."""
_BRACKETED = pattern_of(rf"[{_OPEN}].*[{_CLOSE}]")
_POWER = pattern_of(r"(?:^|[^A-Za-z])(?:[kcmμ]?m|[A-Za-z])$")
"""What a raised figure is a power of: m², 10 km²."""
_LETTER = pattern_of(r"[A-Za-z)]$")
_DATE = r"年[0-9０-９]{1,2}月(?:[0-9０-９]{1,2}日)?|月[0-9０-９]{1,2}日"
_UNIT = rf"(?:{_DATE}|[%％]|(?:[一-鿿々]|[ヶヵカか](?=[月所国年]))+)"
_BEHIND = pattern_of(rf"[ \t\u3000]?({_UNIT})")
_UNITS = pattern_of(
    f"{_DATE}|[十百千万億兆余数]*(?:人分|名分|件分|口座|事業[者所]|箇所|カ所|[ヶヵカか]月"
    f"|{any_of((*COMMON_UNITS, *PIECE_UNITS, *PREMISES_UNITS))}|[回点院所円年月日時分])"
)
_MAX_UNIT_CHARS = 4  # characters of a unit that nobody knows
_WAY_ELEMENTS = 6  # elements between a mark and the text beside it
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⁽⁾"
_DIGITS = str.maketrans(_POWERS, "01234567890123456789  ")
_TYPED = pattern_of(
    rf"(?<=[0-9０-９])(?:([{_POWERS}]{{1,5}})|([{_OPEN}]?[※＊†‡注][0-9０-９]{{1,2}}[{_CLOSE}]?))({_UNIT})?"
    rf"|(?<=[0-9０-９])([①-⑳])({_UNIT})"
)
TYPED_MARKS = rf"{_POWERS}※＊†‡注①-⑳"
"""Characters that may be a mark's, in a pattern's brackets."""

_MAY_TYPE = pattern_of(f"[{TYPED_MARKS}]")


def set_apart(root: Element) -> None:
    """Bracket each raised or lowered mark of a footnote, behind the unit of the figure it hangs on."""
    for element in list(root.iter("sup", "sub", "span")):
        if element.tag == "span" and not _is_raised(element.get("style", ""), element.get("class", "")):
            continue
        if element.tag == "sup":
            _join_next(element)
        text = "".join(element.itertext())
        if not _MARK.fullmatch(text):
            continue
        before = _before(element)
        if text.strip().isdecimal() and (_LETTER if element.tag == "sub" else _POWER).search(before):
            continue
        unit = _take_unit(element) if re.search(f"[{_FIGURE}]$", before) else ""
        bracketed = _BRACKETED.fullmatch(text.strip()) is not None
        element.text = f"{unit}{'' if bracketed else '（'}{element.text or ''}"
        if not bracketed:
            _append(element, "）")


@lru_cache(4096)
def _is_raised(style: str, classes: str) -> bool:
    return _RAISED_STYLE.search(style) is not None or _RAISED_CLASS.search(classes) is not None


@lru_cache(4096)
def _is_struck(style: str, classes: str) -> bool:
    return _STRUCK_STYLE.search(style) is not None or _STRUCK_CLASS.search(classes) is not None


def _join_next(element: Element) -> None:
    """Take the marks that follow right behind (``<sup>1</sup><sup>,2</sup>``) into the first of them."""
    while not (element.tail or "").strip() and (following := element.getnext()) is not None:
        if following.tag != "sup" or not _MARK.fullmatch("".join(following.itertext())):
            return
        _append(element, "".join(following.itertext()))
        tail, parent = following.tail, following.getparent()
        following.text, following.tail = "", None
        parent.remove(following)
        element.tail = tail


def set_marks_apart(text: str) -> str:
    """Move marks that were typed right behind a figure (¹, ※1) behind its unit."""

    def apart(match: re.Match[str]) -> str:
        raised, mark, run = match[1], match[2] or match[4], match[3] or match[5] or ""
        unit = _unit(run)
        mark = mark or raised.translate(_DIGITS).strip()
        return f"{unit}{_bracketed(mark)}{run[len(unit) :]}"

    return _TYPED.sub(apart, text) if _MAY_TYPE.search(text) else text


def _bracketed(mark: str) -> str:
    return mark if _BRACKETED.fullmatch(mark) else f"（{mark}）"


def find_struck(root: Element) -> list[Element]:
    """Find the elements whose words are struck out, outermost first.

    What strikes out most of a page is an element that was never closed, and strikes out nothing.
    """
    found: list[Element] = []
    inside: set[Element] = set()
    for element in root.iter("*"):
        if inside and element.getparent() in inside:
            inside.add(element)
        elif element.tag in _STRUCK_TAGS or _is_struck(element.get("style", ""), element.get("class", "")):
            found.append(element)
            inside.add(element)
    if not found:
        return []
    whole = sum(map(len, root.itertext()))
    return [element for element in found if 2 * sum(map(len, element.itertext())) < whole]


def _before(element: Element) -> str:
    """Return the words right before an element in its line; empty at a line's beginning."""
    for _ in range(_WAY_ELEMENTS):
        previous = element.getprevious()
        if previous is not None:
            said = previous.tail or ("".join(previous.itertext()) if previous.tag in _INLINE else "")
            return str(said[-8:])
        element = element.getparent()
        if element is None or (element.text or "").strip():
            return "" if element is None else str(element.text[-8:])
        if element.tag not in _INLINE:
            return ""
    return ""


def _take_unit(element: Element) -> str:
    """Take the unit that follows an element in its line out of the tree, and return it."""
    place, attribute = _behind(element)
    if place is None:
        return ""
    text = getattr(place, attribute)
    match = _BEHIND.match(text)
    unit = _unit(match[1]) if match else ""
    if match and unit:
        setattr(place, attribute, text[match.start(1) + len(unit) :])
    return unit


def _unit(run: str) -> str:
    """Return the unit that a run of kanji begins with."""
    if match := _UNITS.match(run):
        return match[0]
    return run if len(run) <= _MAX_UNIT_CHARS else ""


def _behind(element: Element) -> tuple[Element | None, str]:
    """Find where the text right behind an element stands: whose text or tail it is."""
    for _ in range(_WAY_ELEMENTS):
        if element.tail:
            return element, "tail"
        following = element.getnext()
        if following is None:
            element = element.getparent()
            if element is None or element.tag not in _INLINE:
                return None, ""
            continue
        for _ in range(_WAY_ELEMENTS):
            if following.tag not in _INLINE:
                break
            if following.text:
                return following, "text"
            if not len(following):
                break
            following = following[0]
        return None, ""
    return None, ""


def _append(element: Element, text: str) -> None:
    """Add ``text`` to the end of what an element holds."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
