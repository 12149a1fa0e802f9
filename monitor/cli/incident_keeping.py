"""Commands that keep incidents: make, edit, link, merge, split, close, remove, and undo each of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from feeds.operator import Decision
from feeds.wording.tables.incident_words import STATUSES
from monitor.cli.common import (
    FAILURES,
    WRONG_USE,
    F,
    as_called,
    desk,
    fail,
    global_options,
    name_term,
    plain,
    reading,
    say,
    say_decision,
)
from monitor.cli.incidents import declare, known_incident
from monitor.incidents import keeping
from monitor.incidents.declared import read_keys, to_toml
from monitor.incidents.keeping import Hand
from spiders.mistakes import DeclarationError
from storage.records import LinkStatus

_STATUS = {"done": 0, "already": FAILURES, "unknown": WRONG_USE, "refused": WRONG_USE}
_HINT = """\
# Write what differs and save. Keys that are left out stay as they are; [] and "" empty one.
# Days are written 2024-01-24, rows of the roster one [[roster]] each.
"""


@contextmanager
def _hand() -> Iterator[Hand]:
    """Open the one transaction of a command."""
    declare()
    with desk().archive.write() as writer:
        yield Hand(writer, desk().now(), "command")


def _tell(decision: Decision) -> None:
    """Print what came of it, and end with the status that says so."""
    if decision.outcome != "done":
        fail(say_decision(decision), _STATUS[decision.outcome])
    click.echo(plain(as_called(say_decision(decision))))


@click.command("new")
@click.argument("slug")
@click.option(
    "--from", "first", type=int, multiple=True, metavar="NOTICE...", help="Notices it is drafted of."
)
@click.argument("more", metavar="[NOTICE]...", nargs=-1, type=int)
@click.option("--title", default="", help="How it is called; else by whom it is about and the month.")
@global_options
def new(slug: str, first: tuple[int, ...], more: tuple[int, ...], title: str) -> None:
    """Make an incident, drafted from what these notices state, and print it as TOML.

    `kohyo incidents edit` changes it, `kohyo incidents undo` takes it back. A name is needed where no notice
    is named.
    """
    notices = [*first, *more]
    if not notices and not title:
        fail(say("name the notices behind --from, or give it a --title"))
    with _hand() as hand:
        drafted = keeping.draft_from(hand.writer, slug, notices, title)
        decision = keeping.add_incident(hand, drafted, notices)
    _tell(decision)
    click.echo(to_toml(drafted), nl=False)


@click.command("edit")
@click.argument("slug")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@global_options
def edit(slug: str, file: Path | None) -> None:
    """Change keys of an incident: those that FILE holds as TOML, `-` for standard input, else in an editor.

    What is written here goes before what a declaration says. Keys that FILE leaves out stay as they are.
    """
    declare()
    with desk().archive.read() as reader:
        known = known_incident(reader, slug)
        seen = keeping.last_operation(reader, known.slug)
    if file is None:
        text = click.edit(_HINT + to_toml(known), extension=".toml")
        if text is None:
            fail(say("nothing was saved, nothing is changed"), FAILURES)
    else:
        with click.open_file(str(file), encoding="utf-8-sig") as opened:
            text = opened.read()
    try:
        keys = read_keys(file or Path(known.slug), text or "")
        with desk().archive.write() as writer:
            hand = Hand(writer, desk().now(), "command")
            decision = keeping.edit_incident(hand, known.slug, keys, seen=seen)
    except DeclarationError as error:
        decision = keeping.broken(error)
    if decision.outcome != "done" and file is None:
        click.echo(text, err=True)  # nothing that was written in the editor is lost
    _tell(decision)


def _overrules(contrary: LinkStatus) -> Callable[[F], F]:
    return click.option(
        "--overrules",
        type=click.Choice([contrary]),
        help=f"Take the place of the decision that the link is {contrary}, if that still stands.",
    )


@click.command("link")
@click.argument("slug")
@click.argument("notices", metavar="NOTICE...", nargs=-1, type=int, required=True)
@_overrules("rejected")
@reading
def link(slug: str, notices: tuple[int, ...], overrules: LinkStatus | None) -> None:
    """Confirm that notices belong to an incident. The first decision over each stands."""
    _decide(slug, notices, accept=True, overrules=overrules)


@click.command("unlink")
@click.argument("slug")
@click.argument("notices", metavar="NOTICE...", nargs=-1, type=int, required=True)
@_overrules("confirmed")
@reading
def unlink(slug: str, notices: tuple[int, ...], overrules: LinkStatus | None) -> None:
    """Say that notices do not belong to an incident, for good. The first decision over each stands."""
    _decide(slug, notices, accept=False, overrules=overrules)


def _decide(slug: str, notices: tuple[int, ...], *, accept: bool, overrules: LinkStatus | None) -> None:
    with _hand() as hand:
        slug = known_incident(hand.writer, slug).slug
        missing = [notice for notice in notices if hand.writer.notice(notice) is None]
        if missing:
            fail(say("there is no notice {}; `kohyo notices` lists them", ", ".join(map(str, missing))))
        decision = keeping.decide_links(hand, slug, notices, accept=accept, overrules=overrules)
        links = {one.notice: one.status for one in hand.writer.incident_links(slug)}
    wanted: LinkStatus = "confirmed" if accept else "rejected"
    standing = {links.get(notice) for notice in notices}
    if decision.outcome == "done" or (not overrules and standing == {wanted}):
        for notice in dict.fromkeys(notices):
            click.echo(
                say("notice {} belongs to {}", notice, slug)
                if accept
                else say("notice {} does not belong to {}", notice, slug)
            )
    elif overrules or len(notices) > 1:
        fail(say_decision(decision), FAILURES)
    else:
        (status,) = standing
        stands = say("it is {}; --overrules {} takes its place", name_term(STATUSES, str(status)), status)
        fail(f"{say_decision(decision)}: {stands}", FAILURES)


@click.command("merge")
@click.argument("into")
@click.argument("slug")
@global_options
def merge(into: str, slug: str) -> None:
    """Let the incident INTO take what the incident SLUG has, and answer for it from then on."""
    with _hand() as hand:
        decision = keeping.merge_incidents(hand, into, slug)
    _tell(decision)


@click.command("split")
@click.argument("slug")
@click.argument("into", metavar="NEW")
@click.argument("notices", metavar="NOTICE...", nargs=-1, type=int, required=True)
@click.option(
    "--title", default="", help="How the new one is called; else by whom it is about and the month."
)
@global_options
def split(slug: str, into: str, notices: tuple[int, ...], title: str) -> None:
    """Let a new incident, drafted from these notices of an incident, take them from it."""
    with _hand() as hand:
        drafted = keeping.draft_from(hand.writer, into, notices, title)
        decision = keeping.split_incident(hand, slug, drafted, notices)
    _tell(decision)
    click.echo(to_toml(drafted), nl=False)


def _simple(name: str, act: Callable[[Hand, str], Decision], said: str) -> click.Command:
    """Make a command that does one thing to one incident."""

    @click.command(name, help=said)
    @click.argument("slug")
    @global_options
    def command(slug: str) -> None:
        with _hand() as hand:
            decision = act(hand, slug)
        _tell(decision)

    return command


close = _simple("close", keeping.close_incident, "Say that nothing more is expected of an incident.")
reopen = _simple("reopen", keeping.reopen_incident, "Say that more is expected of an incident after all.")
remove = _simple(
    "remove",
    keeping.remove_incident,
    "Take an incident out. Its notices stay on record, and undo brings it back.",
)
undo = _simple("undo", keeping.undo_last, "Take back the last thing that was done to an incident.")
