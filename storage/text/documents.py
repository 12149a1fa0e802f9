"""Which addresses are those of files to download, the same for reading, fetching and comparing."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

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
