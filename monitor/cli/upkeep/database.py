"""Commands on the database as a whole: which schema it has, and the way back to an older one."""

from __future__ import annotations

import click

from monitor.cli.common import desk, global_options, say


@click.group("db")
@global_options
def database() -> None:
    """Look after the database as a whole."""


@database.command()
@click.argument("schema")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
@global_options
def downgrade(schema: str, yes: bool) -> None:
    """Take the database back to an older SCHEMA, such as 0011, for the kohyo that wrote it.

    What only newer schemas hold is lost, so a backup comes first. A kohyo as new as this one brings the
    database up to date again as soon as it opens it.
    """
    archive = desk().archive
    if not yes:
        click.confirm(say("Let go for good of what schema {} cannot hold?", schema), abort=True)
    with archive.lock(), archive.lock("notify"):
        archive.take_back(schema)
    click.echo(say("{} has schema {} now; do not open it with this kohyo again", archive.url, schema))
