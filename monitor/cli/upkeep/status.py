"""The command that shows how sources and runs fare."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from feeds.wording.tables.terminal_words import DUTIES, KEPT, RUN_COMMANDS, RUN_STATES
from feeds.wording.words import count_outcome, word
from monitor.cli.common import FAILURES, counted, desk, local, name_term, plain, print_json, reading, say
from monitor.cli.upkeep.health_lines import status_lines
from storage.holding import run_lease
from storage.json_shapes import coverage_json
from storage.records import Lease, Run
from storage.topics import health
from storage.topics.leasing.leases import HOST

if TYPE_CHECKING:
    from storage.archive import Reader


@click.command()
@click.option("--broken", is_flag=True, help="Only sources that need attention; ends with 1 where one does.")
@reading
def status(broken: bool) -> None:
    """Show the health of sources and runs: when each was last read, what it brought, what is wrong."""
    here = desk()
    declared = here.sources()
    with here.archive.read() as reader:
        as_of = reader.story_end()
        coverage = {row.source: row for row in reader.coverage(as_of or here.now())}
        runs, held = reader.runs(5), reader.leases()
        remains = reader.redaction_remains()
        kept = list(_kept_lines(reader, asked=not (broken or here.as_json)))
    ids = {source.id for source in declared}
    wrong = [row for name, row in coverage.items() if name in ids and health.is_wrong(row)]
    if here.as_json:
        for row in wrong if broken else coverage.values():
            print_json(coverage_json(row))
    else:
        if as_of:
            click.echo(say("as of {}, the last moment that this archive tells of", local(as_of.isoformat())))
        if remains:
            click.echo(say("redacted words are still in the database's files: {}", remains))
        alive = {one.name for one in held}
        for run in () if broken else runs:
            click.echo(_run_line(run, at_work=run_lease(run.id) in alive))
        for line in () if broken else _holders(held):
            click.echo(plain(line))
        for line in (*kept, *status_lines(declared, coverage, broken=broken)):
            click.echo(plain(line))
    sys.exit(FAILURES if broken and wrong else 0)


def _holders(held: Sequence[Lease]) -> Iterator[str]:
    """Say who is at work, on which machine, and on what."""
    by_holder: defaultdict[str, list[Lease]] = defaultdict(list)
    for one in held:
        by_holder[one.holder].append(one)
    for holder, leases in by_holder.items():
        hosts = sum(one.name.startswith(HOST) for one in leases)
        things = [word(DUTIES, one.name, desk().lang) for one in leases if one.name in DUTIES]
        if hosts or not things:
            things.append(counted(hosts, "host"))
        yield say("at work: {}: {}", holder, ", ".join(things))


def _kept_lines(reader: Reader, *, asked: bool) -> Iterator[str]:
    if asked and (kept := reader.kept_bytes()):
        parts = (f"{name_term(KEPT, kind)} {size / 1e6:.1f} MB" for kind, size in kept.items())
        yield say("{:.1f} MB are kept: {}", sum(kept.values()) / 1e6, ", ".join(parts))


def _run_line(run: Run, *, at_work: bool) -> str:
    status = name_term(RUN_STATES, run.status if run.finished_at or at_work else "ended without a word")
    if run.finished_at:
        status += say(", {:.0f} s", (run.finished_at - run.started_at).total_seconds())
    stats = ", ".join(_stat(name, value) for name, value in sorted(run.stats.items()) if value)
    began = local(run.started_at.isoformat())
    return say("run {} {} {} {}: {}", run.id, name_term(RUN_COMMANDS, run.command), began, status, stats)


def _stat(name: str, value: int) -> str:
    """Word a figure of a run: things take their plural, outcomes of pages (``2 unchanged``) do not."""
    if name in ("changes", "alerts"):
        return counted(value, name[:-1])
    return count_outcome(name, value, desk().lang)
