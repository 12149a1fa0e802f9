"""Commands about what is kept: export, evidence, verify, status, rederive, redact."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from feeds.formats.entries import load_names
from feeds.formats.headlines import shaper
from feeds.sheets.office_rows import OFFICE_TABLES, Office
from feeds.wording.conditions import MAX_QUERY_CHARS
from monitor import config
from monitor.cli.common import (
    FAILURES,
    as_called,
    check_address,
    counted,
    desk,
    fail,
    global_options,
    local,
    plain,
    print_json,
    reading,
    say,
    say_decision,
)
from monitor.cli.queries import filters, known_change, known_notice, read_query
from storage.errors import Corrupt
from storage.query import Damage, Query

if TYPE_CHECKING:
    from feeds.sheets.office_files import OfficeForm
    from storage.export import Format


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "warc", "xlsx"]),
    required=True,
    help="JSON Lines or CSV, captures as WARC, or with --what an Excel file.",
)
@click.option(
    "--what",
    type=click.Choice(list(OFFICE_TABLES)),
    help="A table for an office instead: one value a column, heads in the language of --lang.",
)
@filters(limited=False)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@global_options
def export(form: str, what: str | None, file: Path | None, **options: Any) -> None:
    """Write changes, captures or tables for an office, to FILE or standard output.

    Without --what, changes as JSON Lines or CSV, or every stored capture as WARC; filters restrict what is
    written. Captures are those of the sources named.
    """
    if form == "warc" and any(value for name, value in options.items() if name != "source"):
        fail(say("a WARC is of sources: of the filters it takes --source only"))
    with desk().archive.read() as reader:
        query = read_query(reader, options)
    heeded = OFFICE_TABLES[what].filters if what else ()
    given = [name for name, value in options.items() if value and name not in heeded]
    if what and given:
        fail(say("{} is not restricted by {}; it takes {}", what, ", ".join(given), ", ".join(heeded)))
    if what is not None and form != "warc":
        _export_table(what, cast("OfficeForm", form), query, file)
    elif what is None and form != "xlsx":
        _export_changes(cast("Format", form), query, file)
    elif what is None:
        fail(say("an Excel file holds one table; name it with --what"))
    else:
        fail(say("a WARC holds captures and no table; leave --what out"))


def _export_table(what: str, form: OfficeForm, query: Query, file: Path | None) -> None:
    from feeds.sheets.office_files import write_office

    here = desk()
    with here.archive.read() as reader:
        names = load_names(reader, (here.given_lang or "ja") if form == "jsonl" else here.lang)
        office = Office(reader, query, names, here.now(), config.base_url(default=""))
        binary = say("an Excel file") if form == "xlsx" else ""
        _write(lambda out: write_office(OFFICE_TABLES[what], office, form, out), file, binary=binary)


def _export_changes(form: Format, query: Query, file: Path | None) -> None:
    from storage.export import export_to

    archive = desk().archive
    shape = shaper("ja" if form == "jsonl" else desk().lang)
    _write(
        lambda out: export_to(archive, form, out, query, shape),
        file,
        binary=say("a WARC") if form == "warc" else "",
    )


@click.command()
@click.argument("what", type=click.Choice(["change", "notice"]))
@click.argument("number", type=int)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@global_options
def evidence(what: str, number: int, file: Path | None) -> None:
    """Write a ZIP with the evidence of a change or notice, to be checked without kohyo.

    It holds bytes and headers as received, digests, the part of the chain from there to its newest link, what
    differs, a WARC, and how all of it is checked. To FILE or standard output.
    """
    from feeds.evidence.bundle import bundle_of_change, bundle_of_notice, write_bundle

    with desk().archive.read() as reader:
        if what == "notice":
            bundle = bundle_of_notice(reader, known_notice(reader, number))
        else:
            bundle = bundle_of_change(reader, known_change(reader, number))
        names = load_names(reader)
        base_url = config.base_url(default="")
        _write(lambda out: write_bundle(reader, bundle, names, out, base_url), file, binary=say("a ZIP"))


def _write(write: Callable[[BinaryIO], None], file: Path | None, *, binary: str = "") -> None:
    """Write to a file or the standard output; what is ``binary`` is no text for a terminal."""
    try:
        if file is not None:
            _write_file(write, file)
        elif not sys.stdout.isatty():
            write(sys.stdout.buffer)
        elif binary:
            fail(say("{} is no text for a terminal; name a FILE, or send it to another program", binary))
        else:
            _write_terminal(write)
    except OSError as error:
        fail(say("cannot write to {}: {}", file or "stdout", error.strerror or error), FAILURES)


def _write_file(write: Callable[[BinaryIO], None], file: Path) -> None:
    """Write a file as a whole or not at all; what is no file (a pipe, a device) is written as it goes."""
    if file.exists() and not file.is_file():
        with file.open("wb") as stream:
            write(stream)
        return
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("wb") as stream:
            write(stream)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _write_terminal(write: Callable[[BinaryIO], None]) -> None:
    """Show text of others so that it steers no terminal."""
    with TextIOWrapper(TemporaryFile(), "utf-8", newline="") as held:
        write(held.buffer)
        held.seek(0)
        for line in held:
            click.echo(plain(line), nl=False)


@click.command()
@click.argument("url")
@global_options
def stamp(url: str) -> None:
    """Have the newest link of the chain stamped by an outside authority (RFC 3161), whose address is URL."""
    from feeds.evidence.timestamps import NotStamped, request_stamp
    from spiders.transport.public_addresses import resolve

    here = desk()
    check_address(url)
    with here.archive.read() as reader:
        head = reader.chain_head()
        known = [one for one in reader.stamps(head.number) if one.authority == url] if head else []
    if head is None:
        fail(say("nothing was told yet, so there is nothing to stamp"), FAILURES)
    assert head is not None
    if known:
        click.echo(say("link {} of the chain has a timestamp of this authority already", head.number))
        return
    try:
        made = request_stamp(head, url, resolve)
    except NotStamped as error:
        fail(str(error), FAILURES)
    with here.archive.write() as writer:
        writer.add_stamp(made)
    click.echo(
        say(
            "link {} of the chain was there at {}, by {}",
            made.number,
            local(made.stamped_at.isoformat()),
            url,
        )
    )


@click.command()
@click.option(
    "--ca",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Certificates (PEM) to which the signatures of timestamps must lead.",
)
@reading
def verify(ca: Path | None) -> None:
    """Check bytes against their hashes, versions against their evidence, and changes against their chain."""
    problems, as_json = 0, desk().as_json
    for problem in chain(_damages(), _faulty_stamps([ca.read_bytes()] if ca else [])):
        problems += 1
        if as_json:
            print_json(asdict(problem))
        else:
            click.echo(plain(f"kohyo: {problem}"), err=True)
    if not as_json:
        click.echo(say("everything is as it was stored") if not problems else counted(problems, "problem"))
        redacted = pruned = 0
        with suppress(Corrupt), desk().archive.read() as reader:  # said above, where it cannot be read
            redacted, pruned = reader.redacted_links(), reader.pruned()
        if redacted:
            changes = counted(redacted, "change")
            click.echo(say("{} redacted: in the chain, and not checkable any more", changes))
        if pruned:
            click.echo(say("{} pruned: their digests and headers are kept", counted(pruned, "capture")))
    sys.exit(FAILURES if problems else 0)


def _faulty_stamps(roots: Sequence[bytes]) -> Iterator[Damage]:
    """Yield timestamps that do not hold; without the library for them, say that they were not checked."""
    from feeds.evidence.timestamps import NotStamped, find_fault

    try:
        with desk().archive.read() as reader:
            for one in reader.stamps():
                if fault := find_fault(one, roots):
                    yield Damage("stamp", one.id, fault)
    except Corrupt:
        return  # told by what was read before
    except NotStamped as error:
        click.echo(f"kohyo: {error}", err=True)


def _damages() -> Iterator[Damage]:
    """Yield what is damaged, even where that keeps the archive from being read at all."""
    try:
        yield from desk().archive.verify()
    except Corrupt as error:
        yield Damage("database", 0, str(error))


@click.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@global_options
def rederive(names: tuple[str, ...]) -> None:
    """Read stored captures again after an upgrade. No subscriber hears of it."""
    from monitor.crawl.runs import record_run
    from monitor.incidents.incident_links import relink_all
    from monitor.track.rederive import rederive as run_rederive

    here = desk()
    with record_run(here.archive, "rederive", here.now) as (_, holding, _):
        archive = here.archive.held_by(holding)
        rewritten = run_rederive(archive, here.sources(names), _tell, link=bool(names))
        if not names:
            with archive.write() as writer:
                relink_all(writer, lambda done, total: _tell("links", done, total))
    click.echo(say("{} read anew", counted(rewritten, "version")))


def _tell(source: str, done: int, pages: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{source}: {done}/{pages} ", err=True, nl=done == pages)


@click.command()
@click.argument("notice", type=int)
@click.option("--reason", required=True, help="Why; it is kept with the trace.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
@global_options
def redact(notice: int, reason: str, yes: bool) -> None:
    """Remove a notice's bytes, text and facts, leaving a trace that something was redacted."""
    from monitor.track.decisions import redact as run_redact

    here, reason = desk(), " ".join(plain(reason).split())
    if not reason or len(reason) > MAX_QUERY_CHARS:
        fail(say("a redaction has a reason of at most {} characters", MAX_QUERY_CHARS))
    with here.archive.read() as reader:
        known_notice(reader, notice)
    if not yes:
        click.confirm(say("Remove bytes, text and facts of this notice for good?"), abort=True)
    decision = run_redact(here.archive, notice, reason, here.now())
    click.echo(as_called(say_decision(decision)))
    if here.archive.out_of_reach:
        click.echo(say("of its words, {}", here.archive.out_of_reach))
    with here.archive.read() as reader:
        remains = reader.redaction_remains()
    if remains:
        said = say("the next command that opens the archive does; `kohyo verify` says whether it is done")
        fail(said, FAILURES)
