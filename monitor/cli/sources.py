"""Commands on declarations and on addresses offered as new sources."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from feeds.wording.tables.incident_words import STATUSES
from feeds.wording.tables.source_words import ANSWERS, SOURCE_KINDS, WHATS
from feeds.wording.words import say_detail
from monitor.cli.common import (
    FAILURES,
    as_called,
    check_address,
    counted,
    desk,
    fail,
    name_term,
    pad,
    plain,
    print_rows,
    reading,
    say,
    say_decision,
    say_failure,
    say_valid,
)
from storage.json_shapes import offer_json, source_json
from storage.text.urls import place

if TYPE_CHECKING:
    from monitor.crawl.drafting import Findings, Tried

PREVIEW_ROWS = 10


@click.group(invoke_without_command=True)
@reading
@click.pass_context
def sources(ctx: click.Context) -> None:
    """List the declarations, check them, draft one, decide over offered addresses."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@sources.command("list")
@reading
def list_() -> None:
    """List every source, declared or accepted.

    Bodies whose address is not known are listed as such, and keys in which a file of yours overrides a
    bundled declaration.
    """
    print_rows((source_json(source) for source in desk().sources()), _line, named="sources")


@sources.command("check")
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--live", is_flag=True, help="Also fetch each start page twice and see whether it reads.")
@reading
def check(names: tuple[str, ...], live: bool) -> None:
    """Validate the declarations and name all mistakes at once.

    What --live finds of each address stands in coverage, where there is an archive to note it in. Says, too,
    which declarations of yours lie over another, and whether that has changed since.
    """
    from spiders.declarations import check as check_declarations
    from spiders.declarations import list_remarks

    here = desk()
    problems = check_declarations(here.paths, bundled=here.bundled)
    for problem in problems:
        click.echo(plain(f"kohyo: {problem}"), err=True)
    if problems:
        sys.exit(FAILURES)
    for remark in list_remarks(here.paths, bundled=here.bundled):
        click.echo(plain(str(remark)))
    chosen = here.sources(names)
    if live:
        from monitor.crawl.live_check import check_live

        archive = here.url if here.has_archive else None
        trials = check_live(chosen, here.now(), lambda said: click.echo(plain(said)), archive)
        failures = [one for one in trials if one.problem]
        if len(trials) > 1:
            well = len(trials) - len(failures)
            click.echo(say("{} of {} read well", well, counted(len(trials), "address")))
        if here.has_archive:
            with here.archive.write() as writer:
                for source in chosen:
                    writer.put_source(source)
                writer.put_trials(trials)
        sys.exit(FAILURES if failures else 0)
    click.echo(say_valid(len(chosen)))


@sources.command("new")
@click.argument("url")
@click.option("--private", is_flag=True, help="The address is of this machine or its network.")
@reading
def new(url: str, private: bool) -> None:
    """Find the list, feed or page at an address and print its draft, to be looked at and saved as ID.toml.

    What was tried, and the rows the draft would read, are told on stderr.
    """
    from monitor.crawl.drafting import find_list, findings_json

    check_address(url)
    here = desk()
    known = here.sources()

    def tell(tried: Tried) -> None:
        if not here.as_json:
            outcome = say_detail(tried.outcome, here.lang)
            click.echo(plain(say("tried  {}  {}", tried.url, outcome)), err=True)

    found = find_list(url, {source.id for source in known}, private=private, say=tell)
    watched = {place(start): source.id for source in known for start in source.start}
    if here.as_json:
        print_rows([findings_json(url, found, watched)], str, named="findings")
    else:
        _tell(found, watched)
    if not found.drafts:
        sys.exit(FAILURES)


def _tell(found: Findings, watched: Mapping[str, str]) -> None:
    """Print the best draft, and on stderr what is to be known of it."""
    from monitor.radar import judge_title

    for remark in found.remarks:
        click.echo(plain(f"kohyo: {remark}"), err=True)
    if not found.drafts:
        last = say_failure(found.tried[-1].outcome) if found.tried else say("nothing was asked")
        click.echo(plain(say("kohyo: nothing to watch was found: {}", last)), err=True)
        return
    best, *others = found.drafts
    if name := watched.get(place(best.source.start[0])):
        said = say("kohyo: {} is watched already, by {}", best.source.start[0], name)
        click.echo(plain(said), err=True)
    for row in best.rows[:PREVIEW_ROWS]:
        answer = judge_title(row.title, best.source.kind)
        day, relevance = row.published or say("(no date)"), pad(name_term(ANSWERS, answer.answer), 4)
        click.echo(plain(f"{day}  {relevance}  {row.title}"), err=True)
    if len(best.rows) > PREVIEW_ROWS:
        click.echo(say("… {} more rows", len(best.rows) - PREVIEW_ROWS), err=True)
    for other in others:
        said = say("also found: {} {}", name_term(WHATS, other.what), other.source.start[0])
        click.echo(plain(said), err=True)
    click.echo(best.declaration, nl=False)


@sources.command("offers")
@click.option("--all", "everything", is_flag=True, help="Also those already decided.")
@reading
def offers(everything: bool) -> None:
    """List addresses found on index pages, waiting to be accepted or rejected."""
    with desk().archive.read() as reader:
        rows = [offer_json(offer) for offer in reader.offers(None if everything else "suggested")]
    print_rows(
        rows,
        lambda row: (
            f"{row['id']:>5}  {pad(name_term(STATUSES, row['status']), 9)}  {row['title']}  {row['url']}"
        ),
        named="offers",
    )


@sources.command("accept")
@click.argument("numbers", metavar="OFFER...", nargs=-1, required=True, type=int)
@reading
def accept(numbers: tuple[int, ...]) -> None:
    """Watch offered addresses from the next crawl on."""
    _decide(numbers, accept=True)


@sources.command("reject")
@click.argument("numbers", metavar="OFFER...", nargs=-1, required=True, type=int)
@reading
def reject(numbers: tuple[int, ...]) -> None:
    """Do not offer these addresses again."""
    _decide(numbers, accept=False)


def _decide(numbers: tuple[int, ...], *, accept: bool) -> None:
    from monitor.track.decisions import decide_offer

    here = desk()
    archive = here.archive
    declared = {source.id: source for source in here.sources()}
    with archive.write() as writer:
        for number in numbers:
            decision = decide_offer(writer, number, declared, accept=accept)
            if decision.outcome == "unknown":
                fail(say_decision(decision))
            click.echo(plain(as_called(say_decision(decision))))


def _line(row: Any) -> str:
    where = " ".join(row["start"]) or say("address not known")
    note = f"  ({row['note']})" if row["note"] and not row["start"] else ""
    over = "  " + say("(overridden: {})", ", ".join(row["overrides"])) if row["overrides"] else ""
    return (
        f"{row['id']:28} {pad(name_term(SOURCE_KINDS, row['kind']), 10)} {row['name']}  {where}{note}{over}"
    )
