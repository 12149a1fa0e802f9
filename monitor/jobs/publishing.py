"""Publishing under the address and to the hub that the configuration names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.site.publish import PublishResult, publish
from monitor import config
from storage.archive import Archive

if TYPE_CHECKING:
    from feeds.formats.channels import WatchList


def publish_to(archive: Archive, directory: Path, *, lang: str = "ja") -> PublishResult:
    """Publish, and tell the WebSub hub, where one is set, which feeds are new."""
    hub, watching = config.hub(), _load_watch_lists()
    published = publish(
        archive,
        directory,
        base_url=config.base_url(),
        lang=lang,
        hub=hub,
        watching=watching,
        contact=config.own_contact(),
        compiled=config.templates_path(),
    )
    if hub and published.feeds:
        _tell(hub, published.feeds)
    return published


# most publications know neither: what reads and sends them takes a sixth of the start


def _load_watch_lists() -> list[WatchList]:
    if (path := config.watch_path()) is None:
        return []
    from feeds.notify.watch_lists import load_watch_lists

    return load_watch_lists(path)


def _tell(hub: str, feeds: Sequence[str]) -> None:
    from feeds.formats.websub import ping
    from spiders.transport.public_addresses import resolve

    if problem := ping(hub, feeds, resolve):
        click.echo(f"kohyo: the hub {hub} was not told: {problem}", err=True)
