"""Addresses as browsers read them, and the one form by which two spellings are known for one place.

``absolute`` is the URL Standard (WHATWG), by its own parser; what a publisher spelled stays as it is for
display. ``fetchable`` leaves out what belongs to one visitor. ``place`` is for comparing only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urldefrag, urlsplit

import ada_url

PLACES_VERSION = 1
"""Raised when place() calls other addresses the same: stored addresses are then sorted anew."""

_PAIRS = r"jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken|oscsid|zenid|mscsid|sess(?:ion)?_?id"
_IN_PATH = re.compile(rf";(?:{_PAIRS}|sid)=[^/;?#]*|/\((?:[a-z]\([^()/]*\))+\)(?=/)", re.I)
_SESSION = re.compile(_PAIRS, re.I)
_TRACKING = re.compile(
    r"utm_\w+|hsa_\w+|mtm_\w+|pk_\w+|matomo_\w+|"
    r"[gdfyt]clid|fbclid|twclid|ttclid|msclkid|[gw]braid|igshid|"
    r"mc_[ce]id|_ga|_gl|_hs(?:enc|mi)|mkt_tok|wt[._]mc(?:_id|_ev)?|"
    r"li_fat_id|ldtag_cl|sc_[ce]id|ref_src|_openstat",
    re.I,
)
_TOKEN = re.compile(r"(?=\w*\d)(?=\w*[a-z])\w{16,}", re.I)
_STATIC = re.compile(r"\.(?:s?html?|xhtml|pdf|xls[xm]?|docx?|pptx?|csv|txt|zip|jpe?g|png|gif|svg)$", re.I)
_CACHE = re.compile(
    r"[\d.\-_]+|(?:v|ve?r|version|rev|r|t|ts|time(?:stamp)?|date|d|mod|mtime|mt|upd(?:ate)?|"
    r"cb|cache|no_?cache|rnd|rand|random|dummy|_)=[\da-f.\-_:T]*",
    re.I,
)
_COUNTERS = re.compile(r"(?:_|no_?cache|cache_?buster|timestamp)=[\d.]{6,}", re.I)
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.I)
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
_ROUTES = ("!", "/")


def absolute(href: str, base: str, query: str = "utf-8") -> str | None:
    """Resolve a link as a browser does; None where it leads to no web page or is no URL at all.

    ``query`` is the encoding in which a browser sends what a query holds beyond ASCII: the page's own.
    The fragment is kept. Never raises, whatever a page calls a link.
    """
    try:
        if not href.isascii() and query != "utf-8":
            before, mark, rest = href.partition("?")
            asked, sharp, fragment = rest.partition("#")
            if "#" not in before:
                href = f"{before}{mark}{_quoted(asked, query)}{sharp}{fragment}"
        url: str = ada_url.URL(href, base=base).href
    except (ValueError, LookupError):
        return None
    return url if url.startswith(("http://", "https://")) and _is_address(url) else None


def fetchable(url: str) -> str:
    """Return the address without session, tracking parameters and fragment: what anybody may ask for."""
    url = _IN_PATH.sub("", url) if ";" in url or "(" in url else url
    stem, mark, query = urldefrag(url).url.partition("?")
    if not mark:
        return stem
    kept = "&".join(pair for pair in query.split("&") if not _is_visitors(pair))
    return f"{stem}?{kept}" if kept else stem


@lru_cache(maxsize=32_768)
def place(url: str) -> str:
    """Return what is equal for all spellings of one address, and for no others.

    Without scheme, default port, session, tracking, number against caches, final slash, needless escapes and
    the fragment, unless the fragment is the route of a page that draws itself (``#!/news/1``).
    """
    try:
        url = ada_url.URL(url).href
    except ValueError:
        return urldefrag(url).url
    url, _, fragment = url.partition("#")
    scheme, _, rest = fetchable(url).partition("://")
    if scheme not in ("http", "https"):
        return url
    stem, _, query = rest.partition("?")
    if query:
        pairs = query.split("&")
        if _STATIC.search(stem) and all(map(_CACHE.fullmatch, pairs)):
            pairs = []
        query = "&".join(pair for pair in pairs if pair and not _COUNTERS.fullmatch(pair))
    told = f"{stem.rstrip('/')}?{query}" if query else stem.rstrip("/")
    told = _ESCAPE.sub(_plainly, told) if "%" in told else told
    return f"{told}#{fragment}" if fragment.startswith(_ROUTES) else told


def hostname(url: str) -> str:
    """Return the host of an address, in small letters and without port; empty where it names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_address(url: str) -> bool:
    # What the standard library cannot take apart would fail wherever it is asked for.
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _quoted(text: str, encoding: str) -> str:
    octets = text.encode(encoding, "xmlcharrefreplace")
    return "".join(chr(octet) if octet < 0x80 else f"%{octet:02X}" for octet in octets)


def _is_visitors(pair: str) -> bool:
    name, _, value = pair.partition("=")
    if _SESSION.fullmatch(name) or _TRACKING.fullmatch(name):
        return True
    return name.lower() == "sid" and _TOKEN.fullmatch(value) is not None


def _plainly(escape: re.Match[str]) -> str:
    char = chr(int(escape[0][1:], 16))
    return char if _UNRESERVED.fullmatch(char) else escape[0].upper()
