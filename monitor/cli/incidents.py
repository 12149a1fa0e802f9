"""Commands on incidents."""
from __future__ import annotations
import click
from monitor.cli.common import reading


@click.group(invoke_without_command=True)
@reading
@click.pass_context
def incidents(ctx: click.Context) -> None:
    """Incidents."""
