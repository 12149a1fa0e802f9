"""The documents that hang on a page: linked, shown in a frame of it, or opened by a button or script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from storage.text.documents import is_attached, is_document, may_be_attached, shown_document

_FRAMES = {"object": "data", "embed": "src", "iframe": "src"}
_TAIL_CHARS = 30  # behind a link, where its kind and size may stand
_LABEL_CHARS = 200
_SCRIPT_CHARS = 2000  # of an attribute that are looked through
_AROUND = frozenset(("nav", "header", "footer"))
_MAX_DEPTH, _MAX_PIECES = 200, 40
"""Elements above and below one that are looked at: a page nests them as deep as it likes."""

_LINKS = frozenset(("a", "area"))
_LEADING = frozenset(("object", "embed", "iframe", "form"))
_OPENING = frozenset(("onclick", "formaction"))
_CALLS = re.compile(r"\b(?:ga|gtag|_gaq\.push|dataLayer\.push|\w*[tT]rack\w*)\s*\([^)]*\)")
"""Calls that count a click; what they name is no address."""
_QUOTED = re.compile(r"""(\+?)\s?(["'])([^"'\n]{3,500})\2\s?(\+?)""")
_ADDRESS = re.compile(r"(?:https?:/)?/|\.{1,2}/")
_KIND = re.compile(r"PDF|ＰＤＦ|Excel|エクセル|Word|ワード|CSV|ZIP|パワーポイント", re.I)
_GUESSED_LABEL = re.compile(
    r"^[\s\d０-９.．、①-⑳■●・【（(]*"
    r"(?:別(?:紙|添|表)|添付(?:資料|ファイル)?|資料|様式|(?:調査|中間|最終)?報告書|通知(?:文|書)|(?:概要|詳細)版"
    r"|チラシ|リーフレット|ダウンロード|download)",
    re.I,
)
_PAGE = re.compile(r"(?:\.(?:html?|xhtml|php|aspx?|jsp|do)|/)$", re.I)
MAX_GUESSES = 5
"""Plain links of one page that are asked for because of what they are called: each is one request a visit."""


def find_documents(area: Any) -> Iterator[tuple[Any, str]]:
    """Yield elements below ``area`` that lead to documents, with the address as it is written there."""
    for element in area.iter("*"):
        if _is_link(element):
            address = _find_linked(element)
        else:
            address = find_shown_document(element) if _may_show(element) else ""
        if address:
            yield element, address


def find_shown(area: Any) -> Iterator[tuple[Any, str]]:
    """Yield elements other than links that show or open documents, as ``find_documents`` does."""
    for element in area.iter("*"):
        if element.tag in _LINKS and is_linked(element):
            address = _find_linked(element) if element.tag == "area" else ""
        else:
            address = find_shown_document(element) if _may_show(element) else ""
        if address:
            yield element, address


def _may_show(element: Any) -> bool:
    """Tell whether an element is one that can lead to a document otherwise than by being a link."""
    if element.tag in _LEADING or element.tag in _LINKS:
        return True
    names = element.keys()
    return bool(names) and _may_open(tuple(names))


@lru_cache(4096)
def _may_open(names: tuple[str, ...]) -> bool:
    """Tell whether attributes of these names may open a document; few sets of names make a page."""
    return any(name.startswith("data-") or name in _OPENING for name in names)


def find_shown_document(element: Any) -> str:
    """Return the address of the document that an element shows or opens; empty where it does neither."""
    return find_framed_document(element) or find_opened_document(element)


def _is_link(element: Any) -> bool:
    return element.tag in _LINKS and is_linked(element)


def _find_linked(link: Any) -> str:
    """Return where a link leads if that is a document, by its address, by what is said, or by its type."""
    address: str = link.get("href").strip()
    if link.get("download") is not None or may_be_attached(address):
        return address
    return address if is_attached(address, _said(link), link.get("type") or "") else ""


def find_guessed(area: Any) -> Iterator[tuple[Any, str]]:
    """Yield links that may lead to documents by what they are called alone (別紙, 報告書).

    The answer decides.
    """
    for element in area.iter("a"):
        if _is_link(element) and _GUESSED_LABEL.match("".join(element.itertext())[:_LABEL_CHARS]):
            address = element.get("href").strip()
            if not is_attached(address) and not _PAGE.search(address.partition("?")[0].partition("#")[0]):
                yield element, address


def is_linked(element: Any) -> bool:
    """Tell whether a link leads somewhere by itself, and not by a script."""
    href = (element.get("href") or "").strip()
    if href[:1] == "/":  # as most
        return True
    return bool(href) and not href.startswith("#") and not href.lower().startswith("javascript:")


def find_framed_document(element: Any) -> str:
    """Return the address of the document that an object, embed or iframe shows; empty where it shows none."""
    if element.tag not in _FRAMES:
        return ""
    address = (element.get(_FRAMES[element.tag]) or "").strip()
    if not address:
        return ""
    return shown_document(address) or (address if is_attached(address, "", element.get("type") or "") else "")


def find_opened_document(element: Any) -> str:
    """Return the address of the document that a button, form or script of an element opens; empty for none.

    Told by the address itself, or by what the element says (``PDF``). What is sent by POST is none, and
    neither is what menus around the page open.
    """
    found = next((address for address in _list_opened(element) if _is_opened(element, address)), "")
    above = islice(element.iterancestors(), _MAX_DEPTH) if found else ()
    return "" if any(one.tag in _AROUND for one in above) else found


def say_opened(element: Any) -> str:
    """Return what a button or another element says that opens a document."""
    if element.tag == "form":  # which may hold a whole page
        return " ".join(map(say_opened, islice(filter(_is_button, element.iter("button", "input")), 3)))
    pieces = [
        f"{one.text or ''}{one.tail or '' if one is not element else ''}"
        for one in islice(element.iter(), _MAX_PIECES)
        if isinstance(one.tag, str)
    ]
    said = (element.get("value") or "") if element.tag == "input" else "".join(pieces)
    return " ".join(said.split())[:_LABEL_CHARS]


def _is_button(element: Any) -> bool:
    return element.tag == "button" or (element.get("type") or "").lower() in ("submit", "button")


def _is_opened(element: Any, address: str) -> bool:
    if is_document(address):
        return True
    if not _ADDRESS.match(address):
        return False
    return may_be_attached(address) or _KIND.search(say_opened(element)) is not None


def _list_opened(element: Any) -> Iterator[str]:
    """Yield what may be an address in the attributes of an element, the surest first."""
    for name, value in element.attrib.items():
        if name == "formaction" or (name == "action" and element.tag == "form"):
            form = element if name == "action" else next(islice(element.iterancestors("form"), 1), None)
            if form is None or (form.get("method") or "").strip().lower() != "post":
                yield _asked(element, value.strip()) if name == "action" else value.strip()
        elif name.startswith("data-"):
            yield value.strip()[:_SCRIPT_CHARS]
    for script in (element.get("onclick"), element.get("href")):
        if script:
            plain = _CALLS.sub("", script[:_SCRIPT_CHARS].replace("\\/", "/"))
            # what is put together of pieces is no address yet
            yield from (one[3].strip() for one in _QUOTED.finditer(plain) if not (one[1] or one[4]))


def _asked(form: Any, action: str) -> str:
    """Return the address that a form asks for, its hidden fields with it."""
    hidden = [
        (field.get("name"), field.get("value") or "")
        for field in form.iter("input")
        if (field.get("type") or "").lower() == "hidden" and field.get("name")
    ]
    return f"{action.partition('?')[0]}?{urlencode(hidden)}" if hidden else action


def _said(link: Any) -> str:
    """Return the end of what a link says, and what stands right behind it."""
    said = "".join(link.itertext())[-_LABEL_CHARS:]
    return f"{said} {(link.tail or '')[:_TAIL_CHARS].lstrip()}"
