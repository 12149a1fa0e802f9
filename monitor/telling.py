"""Publishing with what the environment says of where the pages will stand."""

from __future__ import annotations

import os
from pathlib import Path

from feeds.publish import Published, publish
from storage.archive import Archive

LOCAL = "http://127.0.0.1:8000"


def base_url() -> str:
    """The address under which the published tree is served (``KOHYO_BASE_URL``), without a final slash."""
    return os.environ.get("KOHYO_BASE_URL", LOCAL).rstrip("/")


def publish_to(archive: Archive, directory: Path, *, lang: str = "ja") -> Published:
    return publish(archive, directory, base_url=base_url(), lang=lang)
