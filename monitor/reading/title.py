"""A page's own title, without the site's name."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.reading.blocks import clean
from monitor.reading.parse import Element
from storage.records import Block
from storage.text.japanese import fold_width, parse_date
from storage.text.patterns import pattern_of

_SEPARATOR = pattern_of(
    r"\s*[｜|│┃]\s*|\s+[-–—−‐:：/／»«≫·・•<>＜＞~〜～]+\s+|\s*(?:／|≫|»|＞)\s*|"
    r"(?<=[^\x00-\x7f])\s*[-–—−]\s+(?=[^\x00-\x7f])"
)
_FIRST_HEADINGS = 3  # headings among which one may repeat the title at any level
_MIN_HEADING_CHARS = 6  # characters of a heading that can be told from others
_MIN_ENTRIES = 3  # headings of one level that make a list
_FOLD = pattern_of(r"[\s\u3000（）()「」『』【】\[\]・、。,.!！?？~〜～\-－–—]+")


def read_titles(root: Element) -> tuple[str, str, str]:
    """Read the title element, OpenGraph's title, and the site's name."""
    meta = {element.get("property"): element.get("content") or "" for element in root.iter("meta")}
    element = root.find(".//title")
    whole = "" if element is None else "".join(element.itertext())
    return clean(whole), clean(meta.get("og:title", "")), clean(meta.get("og:site_name", ""))


def choose_title(stated: tuple[str, str, str], heading: str, units: Sequence[Block]) -> str:
    """Return the title a reader would give.

    It is the page's heading where the title agrees with it, else the title without what names the site.
    """
    whole, social, site = stated
    heading = _heading(heading, whole or social, units)
    for candidate in (whole, social):
        if not candidate:
            continue
        own = _own_part(candidate, site, heading)
        if not heading:
            return own
        if _agree(own, heading):
            return heading if len(heading) >= len(own) or _folded(heading) in _folded(own) else own
        # neither names the other: the one that says more is the page's, the other a section's or the site's
        return own if len(own) >= len(heading) and own != site else heading
    return heading or next((unit.text[:120] for unit in units), "")


def _heading(first: str, whole: str, units: Sequence[Block]) -> str:
    """Find the heading that names the page: one that the title repeats, else the h1, else an h2.

    No heading of an entry is taken, where a list has one for each of its entries.
    """
    headings = [index for index, unit in enumerate(units) if unit.kind == "heading"]
    if not first:
        for index in headings[:_FIRST_HEADINGS]:
            if len(units[index].text) >= _MIN_HEADING_CHARS and _folded(units[index].text) in _folded(whole):
                return units[index].text
    found = next(
        (i for i in headings if (units[i].text == first if first else units[i].level <= 2)),
        None,
    )
    if found is None:
        return first
    alike = [index for index in headings if units[index].level == units[found].level]
    entries = sum(_is_entry(units, index) for index in alike)
    if len(alike) >= _MIN_ENTRIES and entries >= 0.6 * len(alike) and _is_entry(units, found):
        return ""
    return units[found].text


def _is_entry(units: Sequence[Block], index: int) -> bool:
    """Tell whether a heading is a link, or stands beside a date of its own."""
    if any(link.text == units[index].text for link in units[index].links):
        return True
    beside = (*units[max(0, index - 1) : index], *units[index + 1 : index + 2])
    return any(len(unit.text) <= 40 and parse_date(unit.text) for unit in beside)


def _own_part(text: str, site: str, heading: str) -> str:
    parts = [part for part in _SEPARATOR.split(text) if part and part.strip()]
    if len(parts) <= 1:
        return text
    if heading:
        agreeing = [part for part in parts if _agree(part, heading)]
        if agreeing:
            return max(agreeing, key=len)
    own = [part for part in parts if not (site and _agree(part, site))]
    return own[0] if own else parts[0]


def _folded(text: str) -> str:
    """Fold a title to the form it is compared in: a heading may be written wide where the title is not."""
    return _FOLD.sub("", fold_width(text))


def _agree(a: str, b: str) -> bool:
    a, b = _folded(a), _folded(b)
    short, long = sorted((a, b), key=len)
    return bool(short) and short in long and (len(short) >= 6 or 2 * len(short) >= len(long))
