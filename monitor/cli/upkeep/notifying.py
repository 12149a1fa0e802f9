"""The command that notifies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from feeds.notify.run import notify as run_notify
from feeds.notify.run import preview_messages
from feeds.notify.send import NoApprise
from feeds.notify.targets import load_targets
from feeds.notify.watch_lists import load_watched
from monitor import config
from monitor.cli.common import FAILURES, desk, fail, global_options, plain, say
from monitor.incidents.declared import load as declared
from storage.query import Query


def _find_missing(query: Query) -> Iterator[str]:
    """Find what a filter names that is neither on record nor declared, so that nothing passes it."""
    here = desk()
    known = {source.id: source for source in here.sources()}
    slugs = {one.slug for one in declared()}
    if here.has_archive:
        with here.archive.read() as reader:
            known |= {source.id: source for source in reader.sources()}
            slugs |= {one.slug for one in (*reader.incidents(), *reader.removed_incidents())}
    if query.incident and query.incident not in slugs:
        yield say("there is no incident {}; `kohyo incidents` lists them", query.incident)
    if unknown := [id for id in query.sources if id not in known]:
        yield say("there is no source {}; `kohyo sources list` lists them", ", ".join(unknown))
    kinds = {known[id].kind for id in query.sources if id in known}
    if kinds and query.source_kinds and kinds.isdisjoint(query.source_kinds):
        named, of = ", ".join(query.sources), ", ".join(query.source_kinds)
        yield say("source = {} with publisher = {}: it is none", named, of)


@click.command()
@click.option(
    "--targets",
    "file",
    envvar="KOHYO_TARGETS",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file that says who is told of what  [env: KOHYO_TARGETS]",
)
@click.option("--dry-run", is_flag=True, help="Print what would be sent; send and remember nothing.")
@global_options
def notify(file: Path, dry_run: bool) -> None:
    """Tell every target of FILE what it asks for: each change once, over crashes and restarts.

    A target hears of what comes after this command has first seen it. Set KOHYO_BASE_URL to the address
    under which the pages are served.
    """
    here = desk()
    try:
        targets = load_targets(file, watched=load_watched(config.watch_path()))
    except NoApprise as error:
        fail(str(error))
    for target in targets:
        for why in _find_missing(target.query):
            click.echo(plain(f"kohyo: {say('target {} can match nothing: {}', target.name, why)}"), err=True)
    if dry_run:
        count = 0
        for target, message in preview_messages(
            here.archive, targets, base_url=config.base_url(), now=here.now
        ):
            count += 1
            click.echo(plain(say("to {}: {}", target.name, message.title) + f"\n{message.text}"))
        click.echo(say("messages that would be sent: {}", count))
        return
    report = run_notify(here.archive_or_new(), targets, base_url=config.base_url(), now=here.now)
    of_alerts = {target.name for target in targets if target.alerts}
    for name in report.first_seen:
        if name in of_alerts:
            click.echo(say("target {} is new: it hears of what is wrong now, and from now on", name))
        else:
            click.echo(
                say("target {} is new: it hears of what comes from now on, or since the day it names", name)
            )
    counts = report.queued, report.sent, report.waiting
    click.echo(say("changes queued: {}, messages sent: {}, changes waiting: {}", *counts))
    for failure in report.failures:
        click.echo(plain(f"kohyo: {failure}"), err=True)
    sys.exit(FAILURES if report.failures else 0)
