"""What can go wrong with an archive. The text of each error is one line: what, where, what to do."""

from __future__ import annotations

import re
import shlex
import sys
from importlib import metadata
from pathlib import Path
from traceback import extract_tb


class StorageError(Exception):
    """Anything the archive cannot do; the base of all below."""


class BadUrl(StorageError):
    """The database URL names nothing that can be an archive."""


class Unreachable(StorageError):
    """The database is right but does not answer: server down, folder read-only, disk full."""


class NewerSchema(StorageError):
    """A newer kohyo wrote this archive."""


class Busy(StorageError):
    """Another run holds the lock, or another writer does not let go."""


class LeaseLost(Busy):
    """A lease was lost, and another owner is at work in its place."""


class Corrupt(StorageError):
    """Stored bytes are not what was stored."""


class NotFound(StorageError):
    """Nothing has this id."""


def say_installation(extra: str) -> str:
    """Say how what an extra needs is installed, wherever kohyo itself came from: a clone or an index."""
    return shlex.join([sys.executable, "-m", "pip", "install", *list_packages(extra)])


def list_packages(extra: str) -> list[str]:
    """List the packages that an extra needs, with their bounds."""
    asked = (one.partition(";") for one in metadata.requires("kohyo") or ())
    return [name.strip() for name, _, mark in asked if re.search(rf"extra == ['\"]{extra}['\"]", mark)]


_OURS = tuple(f"/{package}/" for package in ("spiders", "monitor", "storage", "feeds"))


FAULT = "kohyo failed on this page"
TOO_EXPENSIVE = "too expensive"
"""What the detail of a check begins with that is about us, and not about the publisher."""


def describe_fault(error: BaseException) -> str:
    """Say in one line what of ours failed, and where: the innermost line that is not a library's."""
    frames = extract_tb(error.__traceback__)
    ours = [
        one for one in frames if "site-packages" not in one.filename and any(map(one.filename.count, _OURS))
    ]
    said = " ".join(str(error).split())[:200]
    what = f"{type(error).__name__}: {said}".rstrip(": ")
    if not ours:
        return f"{FAULT}: {what}"
    file = Path(ours[-1].filename)
    return f"{FAULT}: {what} ({file.parent.name}/{file.name}:{ours[-1].lineno})"
