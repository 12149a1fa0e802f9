"""The difference between any two stored versions of a page."""

from __future__ import annotations

from monitor.comparing import compare
from storage.records import Hunk, Version


def between(old: Version, new: Version) -> tuple[Hunk, ...]:
    """What a reader of ``new`` would want to know who knows ``old``."""
    hunks = compare(old.blocks, new.blocks).hunks
    if old.title == new.title:
        return hunks
    return (Hunk("change", old.title, new.title, reasons=("title",), label="title"), *hunks)
