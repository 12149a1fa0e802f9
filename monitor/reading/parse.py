"""Text to a tree that is safe to walk: no scripts, bounded size and depth, lines where ``br`` stood."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from storage.text.patterns import pattern_of

Element = Any  # lxml's elements; its stubs are no dependency of ours

LINE = "\u2028"
"""Stands for a line break that a reader sees, unlike the line ends of the source."""

_UNREAD = (
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "canvas", "audio", "video",
    "math", "select", "option", "datalist", "textarea", "button", "rp", "rt", "map", "noframes", "frameset",
)  # fmt: skip
_LONG_CHARS = 5000
_LONG_TAG = pattern_of(rf"<([a-zA-Z][a-zA-Z0-9]*)\s[^<>]{{{_LONG_CHARS},}}>?")
_END = pattern_of(r"</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s*>")
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF])
_CONTROL_BYTES = bytes(code for code in _CONTROL if code < 128)
_TAG = pattern_of(r"<[^<>]*>?")
_HIDDEN_TEXT = pattern_of(r"<(script|style|noscript)\b.*?(?:</\1\s*>|$)", re.I | re.S)
_MAX_DEPTH = 2000  # libxml2 stops at 2048 and forgets the rest of the page


def parse(text: str) -> Element:
    """Return the root of the page.

    What stands below the depth a parser can follow is kept as lines.
    """
    if _has_controls(text):
        text = text.translate(_CONTROL)
    if any(
        ">" not in tag[:_LONG_CHARS] for tag in [tag for tag in text.split("<") if len(tag) > _LONG_CHARS]
    ):
        text = _LONG_TAG.sub(r"<\1>", text)
    text = _END.sub("", text)  # whatever comes behind the end is still the page to a browser
    root = _parse(text)
    if root is None or _too_deep(root):
        root = _parse(_flat(text))
    if root is None:
        root = etree.Element("html")
    for line_break in root.iter("br"):
        line_break.tail = LINE + (line_break.tail or "")
    for block in root.iter("pre"):
        for node in block.iter():
            if node.text:
                node.text = node.text.replace("\n", LINE)
            if node is not block and node.tail:
                node.tail = node.tail.replace("\n", LINE)
    for image in root.iter("img"):
        _speak(image)
    return root


def _has_controls(text: str) -> bool:
    said = text.encode("utf-8", "replace")
    return len(said.translate(None, _CONTROL_BYTES)) < len(said) or "\ufffe" in text or "\uffff" in text


def strip_unread(root: Element) -> None:
    """Take out what a reader does not see as text."""
    etree.strip_elements(root, *_UNREAD, with_tail=False)


def _speak(image: Element) -> None:
    """Let a picture's alt be text where it is all that a link or a heading says."""
    alt = (image.get("alt") or "").strip()
    if not alt:
        return
    above = image.getparent()
    for _ in range(3):
        if above is None or above.tag in ("a", "h1", "h2"):
            break
        above = above.getparent()
    else:
        return
    if above is not None and not "".join(above.itertext()).strip():
        image.tail = alt + (image.tail or "")


def _parse(text: str) -> Element:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _too_deep(root: Element) -> bool:
    """Tell whether parsing stopped in the depths: then the last element read is the deepest."""
    last = root
    while len(last):
        last = last[-1]
    depth = sum(1 for _ in last.iterancestors())
    return depth >= _MAX_DEPTH


def _flat(text: str) -> str:
    """Return the readable text of mark-up that no parser follows, a line for each run between tags."""
    lines = _TAG.sub("\n", _HIDDEN_TEXT.sub("\n", text)).replace("<", "&lt;")
    return "<html><body><pre>" + re.sub(r"\s*\n\s*", "\n", lines) + "</pre></body></html>"
