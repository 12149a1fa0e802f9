"""Names of files that hold bytes of others: made of our words and numbers, and of nothing that they sent."""

from __future__ import annotations

import re

EXTENSIONS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/xml": "xml",
    "application/xml": "xml",
    "application/json": "json",
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
"""What files of the types are called that are common on the sites watched."""


def extension_of(content_type: str | None) -> str:
    """Give the extension of a common content type, or bin."""
    return EXTENSIONS.get((content_type or "").partition(";")[0].strip().lower(), "bin")


def make_file_name(source: str, snapshot: int, content_type: str | None) -> str:
    """Make an ASCII file name for a snapshot; its extension comes from a common content type."""
    safe = re.sub("[^A-Za-z0-9_-]", "", source) or "snapshot"
    return f"{safe}-{snapshot}.{extension_of(content_type)}"
