"""What is new since somebody's last visit, without an account: a signed mark in a cookie or a bookmark.

A mark says which change was the newest, and when; nothing in it tells whose it is.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

PAUSE = timedelta(minutes=30)
"""Whoever comes back after a longer one pays another visit."""
MAX_AGE = timedelta(days=400)
"""For so long a browser keeps a mark; it is what browsers allow."""
_FORM = re.compile(r"([0-9]{1,10})\.([0-9]{1,10})\.([0-9]{1,10})\.([0-9]{1,10})\.([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class SeenUntil:
    """A visit under way: what was recorded behind change ``behind`` is new, since ``since``.

    ``last`` is the newest change that was there at the last look, at ``looked``.
    """

    behind: int
    since: datetime
    last: int
    looked: datetime


def begin_visit(newest: int, now: datetime) -> SeenUntil:
    """Begin to mark what is new: what is there already is not."""
    now = now.replace(microsecond=0)
    return SeenUntil(newest, now, newest, now)


def go_on(visit: SeenUntil, newest: int, now: datetime) -> SeenUntil:
    """Note a look; after a pause it is the next visit, and what was there at the last one is new no more."""
    now = now.replace(microsecond=0)
    if now - visit.looked > PAUSE:
        visit = replace(visit, behind=visit.last, since=visit.looked)
    return replace(visit, last=newest, looked=now)


def write_mark(visit: SeenUntil, key: bytes) -> str:
    """Write a visit as a signed mark, for a cookie or an address."""
    said = f"{visit.behind}.{int(visit.since.timestamp())}.{visit.last}.{int(visit.looked.timestamp())}"
    return f"{said}.{_sign(said, key)}"


def read_mark(mark: str, key: bytes) -> SeenUntil | None:
    """Read a mark that was signed with this key; None for anything else."""
    found = _FORM.fullmatch(mark)
    if found is None or not hmac.compare_digest(_sign(mark.rpartition(".")[0], key), found[5]):
        return None
    behind, since, last, looked = (int(found[n]) for n in range(1, 5))
    return SeenUntil(behind, datetime.fromtimestamp(since, UTC), last, datetime.fromtimestamp(looked, UTC))


def _sign(said: str, key: bytes) -> str:
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:32]
