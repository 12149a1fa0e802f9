"""A page's own title, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.reading.blocks import clean
from monitor.reading.tree import Element
from storage.records import Block

_SEPARATOR = re.compile(
    r"\s*[｜|│┃]\s*|\s+[-–—−‐:：/／»«≫·・•<>＜＞~〜～]+\s+|\s*(?:／|≫|»|＞)\s*|(?<=[^\x00-\x7f])\s*[-–—−]\s+(?=[^\x00-\x7f])"
)
_FOLD = re.compile(r"[\s\u3000（）()「」『』【】\[\]・、。,.!！?？~〜～\-－–—]+")


def titles(root: Element) -> tuple[str, str, str]:
    """The title element, OpenGraph's title, and the site's name."""
    meta = {element.get("property"): element.get("content") or "" for element in root.iter("meta")}
    element = root.find(".//title")
    whole = "" if element is None else "".join(element.itertext())
    return clean(whole), clean(meta.get("og:title", "")), clean(meta.get("og:site_name", ""))


def title(stated: tuple[str, str, str], heading: str, units: Sequence[Block]) -> str:
    """The title a reader would give: the page's heading where the title agrees with it, else the
    title without what names the site."""
    whole, social, site = stated
    heading = heading or next((unit.text for unit in units if unit.kind == "heading" and unit.level <= 2), "")
    for candidate in (whole, social):
        if not candidate:
            continue
        own = _own_part(candidate, site, heading)
        if not heading:
            return own
        if _agree(own, heading):
            return heading if len(heading) >= len(own) or heading in own else own
        # neither names the other: the one that says more is the page's, the other a section's or the site's
        return own if len(own) >= len(heading) and own != site else heading
    return heading or next((unit.text[:120] for unit in units), "")


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


def _agree(a: str, b: str) -> bool:
    a, b = _FOLD.sub("", a), _FOLD.sub("", b)
    short, long = sorted((a, b), key=len)
    return bool(short) and short in long and (len(short) >= 6 or 2 * len(short) >= len(long))
