"""The date in a notice's address. The date that a row shows is read by ``storage.text.japanese``."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

_SLUG = re.compile(r"(?:20)?(\d\d)(\d\d)(\d\d)(?!\d)")


def read_slug_date(url: str) -> date | None:
    """Read the date in an address such as ``/news/press/2023/240124_houdou/``.

    The folder names the FISCAL year (April to March): it is never the date's year. It only vouches
    that the six digits are a date at all, which elsewhere may well be a serial number.
    """
    folders = [part for part in urlsplit(url).path.split("/") if part]
    if len(folders) < 2 or not re.fullmatch(r"20\d\d", folders[-2]):
        return None
    match = _SLUG.match(folders[-1])
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        found = date(2000 + year, month, day)
    except ValueError:
        return None
    fiscal = found.year if found.month >= 4 else found.year - 1
    return found if int(folders[-2]) in (fiscal, found.year) else None
