"""Which addresses are those of files to download, the same for reading, fetching and comparing."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

DOCUMENT_EXTENSIONS = (
    "pdf",
    "doc",
    "docx",
    "docm",
    "xls",
    "xlsx",
    "xlsm",
    "ppt",
    "pptx",
    "odt",
    "ods",
    "rtf",
    "txt",
    "csv",
    "zip",
    "jtd",  # 一太郎
    "jtdc",
)
"""Endings of files that publishers attach to a notice."""

_NAME = re.compile(rf"[^/=]\.(?:{'|'.join(DOCUMENT_EXTENSIONS)})$", re.I)
_PARAMETERS = re.compile(r";[^/?#]*")  # /a.pdf;jsessionid=1


_SAYS = re.compile(
    r"[(（\[［【〔]\s*(?:別(?:ウ[イィ]ンドウ|タブ)で開く[\s、・]*)?"
    r"(?:PDF|Excel|エクセル|Word|ワード|CSV|ZIP|Power\s?Point|パワーポイント"
    r"|一太郎)(?![A-Za-z])",
    re.I,
)
_SCRIPT = re.compile(
    r"(?:^|[/_-])(?:download|dl|get_?file|file_?(?:get|dl)|attach(?:ment)?s?|show_?file|open_?file)"
    r"(?:\.[a-z]{2,4})?/?"
    r"(?:[0-9][\w-]*/?)?$",
    re.I,
)
_INNER = frozenset(("file", "src", "url", "pdf", "doc", "document", "path"))
_MEDIA = re.compile(r"application/(?:pdf|msword|zip|rtf|vnd\.(?:ms-|openxmlformats|oasis))|text/csv", re.I)


def is_attached(url: str, label: str = "", kind: str = "") -> bool:
    """Tell whether a link leads to a document; reading, fetching and comparing ask this.

    Told by its address, by what is said with it (``報告書（PDF）``) or by the media type it claims.
    """
    return is_document(url) or _SAYS.search(label) is not None or _MEDIA.match(kind.strip()) is not None


def may_be_attached(url: str) -> bool:
    """Tell whether an address is that of a script that hands out files; its answer says whether it is one."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return _SCRIPT.search(parts.path) is not None and bool(parts.query or re.search("[0-9]", parts.path))


def is_file_answer(kind: str, disposition: str) -> bool:
    """Tell from an answer's Content-Type and Content-Disposition whether it is a file and no page."""
    if disposition.strip().lower().startswith("attachment"):
        return True
    return kind.split(";")[0].strip().lower() not in ("", "text/html", "application/xhtml+xml")


def shown_document(url: str) -> str:
    """Return the document that an embedded frame shows; empty where it shows none.

    That is its own address, or that which a viewer is given (``viewer.html?file=/a.pdf``).
    """
    try:
        parts = urlsplit(url.strip())
        given = parse_qsl(parts.query)
    except ValueError:
        return ""
    for name, value in given:
        if name.lower() in _INNER and is_document(value) and not is_document(parts.path):
            return value
    return url if is_document(url) else ""


@lru_cache(4096)  # asked for with every link, and the pages of a site link to each other
def is_document(url: str) -> bool:
    """Tell whether an absolute or relative address names a file to download.

    The name may stand in the path (``/a.pdf?1001``) or in the query of a script (``/get?file=a.pdf``).
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # http://[broken
        return False
    path = _PARAMETERS.sub("", parts.path)
    if _NAME.search(path):
        return not path.endswith("/robots.txt")
    return any(_NAME.search(unquote(value)) for value in parts.query.split("&"))
