"""The command that lets go what was kept long enough."""

from __future__ import annotations

from datetime import timedelta

import click

from monitor.cli.common import FAILURES, counted, desk, fail, global_options, say
from monitor.crawl.runs import record_run


@click.command()
@click.option(
    "--days",
    type=click.IntRange(min=30),
    default=365,
    show_default=True,
    help="Keep what is younger than so many days.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
@global_options
def prune(days: int, dry_run: bool, yes: bool) -> None:
    """Let go of bytes, checks and runs that nothing needs: no version, change, alert or newest look.

    Digests, headers and times of the captures stay, and `kohyo verify` counts them. Bytes do not come back.
    """
    here = desk()
    before = here.now() - timedelta(days=days)
    with here.archive.read() as reader:
        found = reader.prunable(before)
    captures, checks = counted(found.captures, "capture"), counted(found.checks, "check")
    said = say("{} of {:,} bytes, stored as {:,}; {}", captures, found.received, found.stored, checks)
    click.echo(f"{said}; {counted(found.runs, 'run')}")
    if dry_run or not (found.captures or found.checks or found.runs):
        return
    if not yes:
        click.confirm(say("Let these bytes, checks and runs go for good?"), abort=True)
    with record_run(here.archive, "prune", here.now) as (_, holding, _):
        archive = here.archive.held_by(holding)
        gone = True
        while gone:
            with archive.write() as writer:
                gone = bool(writer.prune_bytes(before, here.now()))
        with archive.write() as writer:
            writer.prune_checks(before)
            writer.prune_runs(before)
    if why := here.archive.shrink():
        fail(say("done, but the files did not shrink: {}", why), FAILURES)
    click.echo(say("done"))
