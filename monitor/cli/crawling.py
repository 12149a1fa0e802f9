"""Commands that bring captures in: demo, crawl, import."""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import scrapy.core.downloader.contextfactory  # noqa: F401 - it looks at every module: first, there are few

from feeds.wording.words import count_outcome
from monitor import config
from monitor.cli.common import (
    FAILURES,
    counted,
    desk,
    fail,
    global_options,
    headline,
    plain,
    say,
)
from monitor.crawl.runs import Hear, RunReport, replay
from monitor.crawl.runs import crawl as run_crawl
from monitor.track.context import TrackResult
from spiders.base import HostLeft
from storage.log_lines import show_log
from storage.records import Change, Source
from storage.topics.health import host_of_alert

if TYPE_CHECKING:
    from feeds.formats.entries import Names


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default="demo")
@global_options
def demo(directory: Path) -> None:
    """Live through the incident of the seed article on sample sites served on loopback.

    Leaves a database, feeds and pages in DIRECTORY. With --db it lives in that database, which has to be
    empty.
    """
    from monitor.demo.story import run_demo

    sys.exit(run_demo(directory, desk().db, echo=click.echo))


@click.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Visit everything, whether it is due or not.")
@click.option(
    "--host",
    "hosts",
    metavar="HOST",
    multiple=True,
    help="Visit what is due on this host, and what its lists lead to; repeatable.",
)
@click.option(
    "--publish",
    "site",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Then write feeds, calendar and pages to DIR.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show the log: a line of JSON an event.")
@global_options
def crawl(
    names: tuple[str, ...], everything: bool, hosts: tuple[str, ...], site: Path | None, verbose: bool
) -> None:
    """Visit what is due and print what changed."""
    here = desk()
    level = logging.INFO if verbose else logging.ERROR
    chosen = here.sources(names)
    settings: dict[str, Any] = {
        "KOHYO_DB": here.url,
        "KOHYO_CHOSEN": tuple(chosen),
        "KOHYO_ALL": everything,
        "KOHYO_HOSTS": tuple(one.lower() for one in hosts),
        "KOHYO_NOW": config.start_time(),
        "LOG_LEVEL": logging.getLevelName(level),
        "LOG_INSTALL_ROOT_HANDLER": False,  # ours writes a line an event
        **config.pace(),
    }
    show_log(level)
    archive = here.archive_or_new()
    if not config.own_contact() and not all(source.private for source in chosen if source.start):
        warning = say("KOHYO_CONTACT is not set: sites that you watch cannot reach you")
        click.echo(f"kohyo: {warning}", err=True)
    with _progress(chosen) as hear:
        report = run_crawl(archive, settings, here.now, hear)
    _summary(report, chosen)
    if site is not None:
        from monitor.jobs.publishing import publish_to

        try:
            publish_to(archive, site, lang=here.pages_lang)
        except OSError as error:
            fail(say("cannot write to {}: {}", site, error.strerror or error), FAILURES)
    sys.exit(FAILURES if report.failures else 0)


@click.command("import")
@click.argument("name", metavar="SOURCE")
@click.argument(
    "files", metavar="FILE.warc[.gz]...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@global_options
def import_(name: str, files: tuple[Path, ...]) -> None:
    """Replay the captures of WARC files in date order through the same judgement."""
    here = desk()
    (source,) = here.sources([name])
    if missing := [str(path) for path in files if not path.is_file()]:
        fail(say("no such file: {}", ", ".join(missing)))
    show_log(logging.WARNING)
    with _progress([source]) as hear:
        report = replay(here.archive_or_new(), source, files, here.now, hear)
    _summary(report, [source])
    sys.exit(FAILURES if report.failures else 0)


@contextmanager
def _progress(sources: Iterable[Source]) -> Iterator[Hear]:
    """Show a live line on a terminal, nothing under cron; yields the function that is told each result."""
    if not sys.stderr.isatty() or config.is_plain():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import (
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    console, names = Console(stderr=True), _names(sources)
    columns = (
        SpinnerColumn(),
        TextColumn(say("pages:")),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("…", total=None, left="")

        def hear(result: TrackResult, planned: int, slowest: HostLeft) -> None:
            said = plain(f"{result.source}: {result.outcome}")
            left = say_time_left(progress.tasks[task].time_remaining, slowest) if planned else ""
            progress.update(task, advance=1, total=planned or None, description=said, left=left)
            for change in result.changes:
                progress.console.print(line(change, names), markup=False, highlight=False)

        yield hear


def say_time_left(by_rate: float | None, slowest: HostLeft) -> str:
    """Say for how long a run goes on: as its last pages went, and no less than its slowest host takes."""
    left = say("left, about {}", _say_seconds(max(by_rate or 0.0, slowest.seconds)))
    if not slowest.pages:
        return left
    pages = counted(slowest.pages, "page")
    return say("{}; {} alone: {}, {}", left, slowest.host, pages, _say_seconds(slowest.seconds))


def _say_seconds(seconds: float) -> timedelta:
    return timedelta(seconds=math.ceil(seconds))


def line(change: Change, names: Names) -> str:
    """Write a change as one line for a person."""
    return plain(headline(change, names))


def _names(sources: Iterable[Source]) -> Names:
    from feeds.formats.entries import Names  # most runs tell of no change

    return Names({one.id: one for one in sources}, {}, lang=desk().lang)


def _summary(report: RunReport, sources: Iterable[Source]) -> None:
    if changes := [change for change in report.changes if change.material]:
        names = _names(sources)
        for change in changes:
            click.echo(line(change, names))
    outcomes = ", ".join(
        count_outcome(outcome, count, desk().lang) for outcome, count in sorted(report.outcomes.items())
    )
    material = sum(change.material for change in report.changes)
    sums = counted(material, "change"), counted(len(report.alerts), "alert")
    click.echo(say("{}, {}; pages: {}", *sums, outcomes or say("none were due")))
    for reason, count in report.put_off.items():
        click.echo(plain(say("put off to the next run: {} of {}", counted(count, "page"), reason)), err=True)
    if report.unanswered:
        silent = counted(report.unanswered, "unconfirmed address")
        click.echo(say("{} brought nothing yet; see coverage", silent))
    if report.standing:
        pages = counted(len({alert.url for alert in report.standing}), "page")
        hosts = counted(len({host_of_alert(alert) for alert in report.standing}), "host")
        told = say("still wrong, as told before: {} of {}; `kohyo status --broken` lists them", pages, hosts)
        click.echo(plain(told))
    if report.begun or report.over:
        _say_turns(report)
    told_of = {f"{alert.source}: {alert.url}: {alert.detail}" for alert in report.alerts}
    for failure in report.failures:
        if failure not in told_of:
            click.echo(plain(f"kohyo: {failure}"), err=True)


def _say_turns(report: RunReport) -> None:
    from monitor.cli.upkeep.health_lines import alert_lines  # most runs find all as it was

    for said in alert_lines(report.begun):
        click.echo(plain(said), err=True)
    for said in alert_lines(report.over, over=True):
        click.echo(plain(say("resolved: {}", said)), err=True)
