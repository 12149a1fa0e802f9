"""Text, addresses and HTML from strangers, made fit for XML, pages, feeds and one-line titles.

HTML leaves through ``clean`` alone, whoever composed it; text becomes part of it through ``text``.

Nothing here normalises: folding full-width characters after escaping would turn ＜ into markup.
"""

from __future__ import annotations

import html
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from storage.text.patterns import pattern_of

if TYPE_CHECKING:
    import nh3

MAX_TITLE_CHARS = 200

REORDERING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""In a set of a pattern: marks that turn the direction of what stands around them, UAX 9."""

# What XML 1.0 forbids, C1 controls, noncharacters, and what reorders or hides text in a title.
_UNFIT = pattern_of(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    f"{REORDERING}\u200b\u2060\ufeff"
    + "".join(chr((plane << 16) + low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_LINE_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_BRACKETS = str.maketrans("<>", "＜＞")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# sub-delims and pchar of RFC 3986 minus the apostrophe, which some readers put into attributes
_PATH_SAFE = "/%:@!$&()*+,;=~"
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")

_TAGS = {
    "a", "br", "dd", "del", "div", "dl", "dt", "em", "h3", "ins", "li", "mark", "ol", "p", "small", "span",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"}, "div": {"class", "lang"}, "em": {"lang"}, "small": {"lang"}, "span": {"lang"},
    "table": {"class"}, "th": {"scope"}, "ul": {"class"},
}  # fmt: skip


@cache
def _cleaner() -> nh3.Cleaner:
    import nh3  # most commands show no HTML

    return nh3.Cleaner(
        tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener noreferrer"
    )


# HTML that cleaning leaves as it is, as it does nearly all that we compose: to see so takes a fifth of the
# time. Nothing here can be read in two ways, so each text is walked through once.
_SAID = "[^<>&\0\r\xa0\ufeff]*+(?:&(?:amp|lt|gt);[^<>&\0\r\xa0\ufeff]*+)*+"
_HREF = (
    r"https?://(?:(?!xn--)[a-z0-9]++(?:-++[a-z0-9]++)*+\.)*?[a-z]++(?::[1-9][0-9]{0,3})?"
    r"/(?:[\w/.~%?=#:@!$()*+,;-]|&amp;)*+"
)
_LANG = '(?: lang="(?:ja|en)")?+'
_IN_ELEMENT = f"{_SAID}(?:<(?:br|span{_LANG}>{_SAID}</span)>{_SAID})*+"
_ELEMENTS = "|".join(
    f"{tag}{lang}>{_IN_ELEMENT}</{tag}"  # by their names: a group that is referred to breaks what holds it
    for tag, lang in (
        ("strong", ""),
        ("del", ""),
        ("ins", ""),
        ("em", _LANG),
        ("span", _LANG),
        ("small", _LANG),
    )
)
_LINK = f'a href="{_HREF}" rel="noopener noreferrer">{_IN_ELEMENT}</a'
_IN_BLOCK = f"{_SAID}(?:<(?:br|{_ELEMENTS}|{_LINK})>{_SAID})*+"
_BLOCK = (
    f"<(?:p>{_IN_BLOCK}</p|ul>(?:<li>{_IN_BLOCK}</li>)++</ul"
    f'|div class="hunk [a-z]++"(?: lang="ja")?+>{_IN_BLOCK}</div)>'
)
_CLEAN = pattern_of(f"(?:{_BLOCK})*+|{_IN_BLOCK}", re.ASCII)
_MARKUP = re.compile("[&<>\"']")

# What has nothing in it to be mended, such as every address of ours: a third of what stands in a feed.
_PLAIN_ADDRESS = pattern_of(
    r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[1-9][0-9]{0,3})?/[\w/.~-]*(?:\?[\w=&.~-]+)?(?:#[\w.~-]+)?",
    re.ASCII,
)
_WORD = re.compile(r"[^\s()]+")
_JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")


def plain(text: str) -> str:
    """Remove characters that XML, terminals or readers choke on; lines are kept.

    What was lost in decoding is shown as printers do, since validators take U+FFFD for a mistake of ours.
    """
    if not text.isprintable():  # nothing is printable that is unfit: most texts are not searched for it
        text = _UNFIT.sub("", _LINE_BREAK.sub("\n", text))
    return text.replace("\ufffd", "〓")


def unmarked(text: str) -> str:
    """Make plain text that no reader can take for markup.

    Not even one that takes everything for HTML and unescapes once too often.
    """
    if "&" in text:
        for _ in range(3):  # &amp;lt; and its kin; whatever is left is harmless without angle brackets
            text = html.unescape(text)
    # unescaping may have brought back what plain() removes
    text = plain(text)
    return text.translate(_BRACKETS) if "<" in text or ">" in text else text


@lru_cache(4096)
def one_line(text: str, limit: int = MAX_TITLE_CHARS) -> str:
    """Make a title: bounded, on one line, and without tags, which would only be noise in it."""
    text = plain(text[: limit * 20])
    if "&" in text:
        for _ in range(3):
            text = html.unescape(text)
    while "<" in text and (stripped := _TAG.sub("", text)) != text:
        text = stripped
    return cut(" ".join(unmarked(text).split()), limit)


def cut(text: str, limit: int) -> str:
    """Cut a text to at most ``limit`` characters, an ellipsis included."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


@lru_cache(4096)
def web_url(url: str) -> str | None:
    """Give the absolute http(s) address in plain ASCII, or None: anything else is never made a link."""
    return url if _PLAIN_ADDRESS.fullmatch(url) else _tidy_address(url)


def _tidy_address(url: str) -> str | None:
    url = url.strip()
    if "\\" in url or _UNFIT.search(url) or _LINE_BREAK.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https"):
        return None
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.fullmatch(host):
        return None
    # Credentials are dropped: they only serve to make one host look like another.
    netloc = host if port is None else f"{host}:{port}"
    path, query, fragment = (
        _STRAY_PERCENT.sub("%25", quote(part, safe=safe))
        for part, safe in (
            (parts.path, _PATH_SAFE),
            (parts.query, _PATH_SAFE + "?"),
            (parts.fragment, _PATH_SAFE + "?"),
        )
    )
    return urlunsplit((parts.scheme, netloc, path or "/", query, fragment))


def clean(markup: str) -> str:
    """Clean HTML at the one gate through which it leaves in a feed or a page."""
    return markup if _CLEAN.fullmatch(markup) else _cleaner().clean(markup)


def text(value: str) -> str:
    """Escape a text for HTML, without what readers choke on."""
    said = plain(value)
    return html.escape(said, quote=True) if _MARKUP.search(said) else said


def mark_japanese(value: str, lang: str) -> str:
    """Mark what is Japanese in a text on an English page, for those who hear it read out."""
    if lang != "en":
        return text(value)
    marked = _WORD.sub(_mark_japanese, text(value))
    return marked.replace('</span> <span lang="ja">', " ")


def _mark_japanese(found: re.Match[str]) -> str:
    return f'<span lang="ja">{found[0]}</span>' if _JAPANESE.search(found[0]) else found[0]


def link(url: str, label: str) -> str:
    """Make a link where the address is one, else give its words."""
    address = web_url(url)
    if address is None:
        return text(label)
    return f'<a href="{html.escape(address)}" rel="noopener noreferrer">{text(label)}</a>'
