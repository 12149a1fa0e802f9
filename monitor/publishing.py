"""Publishing with what the environment says of where the pages will stand."""

from __future__ import annotations

import os
from pathlib import Path

import click

from feeds.formats.websub import ping
from feeds.site.publish import Published, publish
from storage.archive import Archive

LOCAL = "http://127.0.0.1:8000"


def base_url() -> str:
    """The address under which the published tree is served (``KOHYO_BASE_URL``), without a final slash."""
    return os.environ.get("KOHYO_BASE_URL", LOCAL).rstrip("/")


def publish_to(archive: Archive, directory: Path, *, lang: str = "ja") -> Published:
    """Publish, and tell the WebSub hub (``KOHYO_HUB``), where one is set, which feeds are new."""
    hub = os.environ.get("KOHYO_HUB", "")
    published = publish(archive, directory, base_url=base_url(), lang=lang, hub=hub)
    if hub and published.feeds and (problem := ping(hub, published.feeds)):
        click.echo(f"kohyo: the hub {hub} was not told: {problem}", err=True)
    return published
