"""The command that notifies."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from feeds.notify.run import notify as run_notify
from feeds.notify.run import preview_messages
from feeds.notify.send import NoApprise
from feeds.notify.targets import load_targets
from feeds.notify.watch_lists import load_watch_lists
from monitor import config
from monitor.cli.common import FAILURES, desk, fail, global_options, plain, say


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
        watched = {one.name: one.query for one in load_watch_lists(config.watch_path())}
        targets = load_targets(file, watched=watched)
    except NoApprise as error:
        fail(str(error))
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
