"""Commands on the database as a whole: to another place, and back to an older schema."""

from __future__ import annotations

import sys
from contextlib import ExitStack

import click

from monitor.cli.common import counted, desk, global_options, say
from storage.archive import open_archive
from storage.holding import ARCHIVE, NOTIFY
from storage.migrations.moving import take_over


@click.group("db")
@global_options
def database() -> None:
    """Look after the database as a whole."""


@database.command()
@click.argument("to", metavar="URL")
@global_options
def move(to: str) -> None:
    """Copy the whole archive into the empty database at URL, from SQLite to PostgreSQL or back.

    Every row keeps its id, so that feeds, addresses and the chain of changes go on as they were. The archive
    that is there stays as it is.
    """
    here = desk()
    old = here.archive
    with ExitStack() as stack:
        stack.enter_context(old.hold("move", ARCHIVE, NOTIFY))
        new = stack.enter_context(open_archive(to))
        reader = stack.enter_context(old.read())
        with new.write() as writer:
            rows = take_over(writer, reader, _progress)
    click.echo(say("{} is in {} now, and reads back the same", counted(rows, "row"), new.url))
    click.echo(say("from now on give --db {}, or set KOHYO_DB", new.url))


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo("\r" + say("moving: {:,} of {:,} rows ", done, total), err=True, nl=done == total)


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
    with archive.hold("downgrade", ARCHIVE, NOTIFY):
        archive.take_back(schema)
    click.echo(say("{} has schema {} now; do not open it with this kohyo again", archive.url, schema))
