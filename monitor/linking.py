"""Ties a notice to incidents: by declaration, or as a suggestion for a person. Never by itself."""

from __future__ import annotations

from storage.archive import Writer
from storage.records import Notice, Version


def link_notice(writer: Writer, notice: Notice, version: Version) -> None:
    """Write the links that ``notice`` in this ``version`` has; decided ones stay as they are."""
