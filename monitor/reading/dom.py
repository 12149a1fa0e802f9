"""Small things asked of elements."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from monitor.reading.blocks import clean
from monitor.reading.parse import LINE, Element
from storage.text.documents import is_document
from storage.text.patterns import pattern_of

MAX_NESTED = 24
_FEW = 32  # elements: it costs less to go up from each of them than through the whole page

_LENGTH = etree.XPath("string-length(normalize-space(.))")
_BLANK = " \t\r\n"  # to XPath
_BLANKS = pattern_of(f"[{_BLANK}]+")


def read_line(element: Element) -> str:
    """Return an element's text as one line."""
    return clean("".join(element.itertext()).replace(LINE, " "))


def count_chars(element: Element) -> float:
    """Count the characters below an element, white space collapsed."""
    if len(element):
        return float(_LENGTH(element))
    return len(_BLANKS.sub(" ", (element.text or "").strip(_BLANK)))


def count_linked_chars(element: Element) -> float:
    """Count the characters that are links."""
    return sum(map(count_chars, element.iter("a")))


def measure_link_share(element: Element) -> float:
    """Return the share of an element's text that is links."""
    total = count_chars(element)
    return min(1.0, count_linked_chars(element) / total) if total else 1.0


def has_documents(element: Element) -> bool:
    """Tell whether a link leads to a PDF or another file to read."""
    return any(is_document(link.get("href") or "") for link in element.iter("a"))


def select_outermost(elements: Iterable[Element]) -> list[Element]:
    """Return those that stand in none of the others."""
    chosen: dict[Element, None] = dict.fromkeys(elements)
    return [e for e in chosen if not any(above in chosen for above in e.iterancestors())]


def select_shallow(body: Element, chosen: Collection[Element]) -> list[Element]:
    """Return those of ``chosen``, which stand in ``body`` and in document order, that stand in few others.

    Each of them is read whole, so that nesting without end would cost its square; no page that people write
    nests so deep.
    """
    if len(chosen) <= _FEW:
        return [e for e in chosen if sum(above in chosen for above in e.iterancestors()) < MAX_NESTED]
    depths: dict[Element, int] = {}
    found = []
    for element in body.iter():
        above = depths.get(element.getparent(), 0)
        mine = element in chosen
        depths[element] = above + mine
        if mine and above < MAX_NESTED:
            found.append(element)
    return found


def drop(element: Element) -> None:
    """Take an element out of its tree; what stands behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if tail := element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def select(root: Element, css: str) -> list[Element]:
    """Find what a CSS selector of a declaration meets: nothing, if it is none."""
    try:
        return list(_selector(css)(root))
    except SelectorError:  # declarations are checked elsewhere, all mistakes at once
        return []


@lru_cache(maxsize=256)
def _selector(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")
