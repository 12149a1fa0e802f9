"""The difference between any two stored versions of a page."""

from __future__ import annotations

from monitor.comparing.diff import compare
from monitor.comparing.side_by_side import lay_out
from storage.records import Comparison, Hunk, Version


def compare_versions(old: Version, new: Version) -> Comparison:
    """Show what a reader of ``new`` would want to know who knows ``old``."""
    hunks = compare(old.blocks, new.blocks).hunks
    if old.title != new.title:
        hunks = (Hunk("change", old.title, new.title, reasons=("title",), place="title"), *hunks)
    return Comparison(hunks, lay_out(old.blocks, new.blocks))
