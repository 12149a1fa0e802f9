"""Publishing under the address and to the hub that the configuration names."""

from __future__ import annotations

from pathlib import Path

import click

from feeds.formats.websub import ping
from feeds.notify.watch_lists import load_watch_lists
from feeds.site.publish import PublishResult, publish
from feeds.views.render import keep_compiled
from monitor import config
from spiders.transport.public_addresses import resolve
from storage.archive import Archive


def publish_to(archive: Archive, directory: Path, *, lang: str = "ja") -> PublishResult:
    """Publish, and tell the WebSub hub, where one is set, which feeds are new."""
    keep_compiled(config.templates_path())
    hub, watching = config.hub(), load_watch_lists(config.watch_path())
    published = publish(
        archive,
        directory,
        base_url=config.base_url(),
        lang=lang,
        hub=hub,
        watching=watching,
        contact=config.own_contact(),
    )
    if hub and published.feeds and (problem := ping(hub, published.feeds, resolve)):
        click.echo(f"kohyo: the hub {hub} was not told: {problem}", err=True)
    return published
