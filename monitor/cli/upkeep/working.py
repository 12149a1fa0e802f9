"""Commands for more than one machine: worker, enqueue, jobs."""

from __future__ import annotations

import logging
import os
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import click

from feeds.wording.tables.job_words import JOB_OUTCOMES, JOB_STATES
from monitor import config
from monitor.cli.common import (
    FAILURES,
    counted,
    desk,
    fail,
    global_options,
    name_term,
    pad,
    print_rows,
    reading,
    say,
)
from storage.db.engine import parse_url
from storage.errors import say_installation
from storage.json_shapes import job_json, worker_json
from storage.log_lines import show_log
from storage.query import Job

LOADED = (
    "monitor.cli.crawling",
    "monitor.cli.upkeep.working",
    "monitor.comparing.diff",
    "monitor.crawl.agenda",
    "monitor.crawl.host_turns",
    "monitor.crawl.pipeline",
    "monitor.facts.extraction",
    "monitor.incidents.incident_links",
    "monitor.incidents.suggest",
    "monitor.radar.following",
    "monitor.reading.body",
    "monitor.settings",
    "monitor.track.judge.intents",
    "monitor.track.judge.judgement",
    "monitor.track.judge.listing_rows",
    "monitor.track.notice",
    "feeds.formats.entries",
    "platformdirs.unix",
    "psycopg",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.defaultheaders",
    "scrapy.downloadermiddlewares.downloadtimeout",
    "scrapy.downloadermiddlewares.stats",
    "scrapy.downloadermiddlewares.useragent",
    "scrapy.dupefilters",
    "scrapy.extensions.closespider",
    "scrapy.extensions.corestats",
    "scrapy.extensions.logcount",
    "scrapy.extensions.logstats",
    "scrapy.pqueues",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "spiders.affected",
    "spiders.company",
    "spiders.declarations",
    "spiders.logs",
    "spiders.ppc",
    "sqlalchemy.dialects.postgresql.psycopg",
    "monitor.jobs.ready",  # the last: it makes ready what is loaded
)
"""What a visit loads, of what can be loaded before anything is known of it, and a change of a page."""


def _run_command(arguments: list[str]) -> None:
    """Run kohyo with arguments; it ends the process."""
    from monitor.cli import main

    sys.argv[1:] = arguments
    main(arguments)


def _need_queue() -> None:
    """End with a clear line where there can be no queue of jobs."""
    if parse_url(desk().url).get_backend_name() != "postgresql":
        fail(
            say(
                "{} is no PostgreSQL, and workers need one; "
                "`kohyo db move postgresql://HOST/NAME` moves an archive, `kohyo crawl` needs none",
                desk().db or config.database_url(),
            )
        )
    if find_spec("procrastinate") is None:
        fail(say("workers need the extra distributed; `{}`", say_installation("distributed")))


@click.command()
@click.option(
    "--concurrency",
    default=4,
    show_default=True,
    type=click.IntRange(1, 100),
    help="Hosts that are visited at the same time, each in a process of its own.",
)
@click.option(
    "--publish",
    "site",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Also write feeds, calendar and pages to DIR every five minutes.",
)
@click.option("--name", help="How it is called in figures and logs; default its machine and process.")
@global_options
def worker(concurrency: int, site: Path | None, name: str | None) -> None:
    """Visit hosts that are due, with as many workers as you start, on as many machines.

    The workers enqueue every minute what is due, do again what a worker that died had begun, verify once a
    week and notify where KOHYO_TARGETS is set. Needs PostgreSQL and the extra distributed. SIGTERM ends it
    after the pages in flight.
    """
    _need_queue()
    from monitor.jobs.process import load_before
    from monitor.jobs.worker import Plan, default_name, run_worker

    here = desk()
    show_log(logging.INFO)
    here.archive_or_new().close()  # an archive of a newer version is refused here
    environment = config.make_environment(KOHYO_DB=here.url, KOHYO_PLAIN="1")
    if here.paths:
        environment["KOHYO_SOURCES"] = os.pathsep.join(str(path.absolute()) for path in here.paths)
    if here.sets:
        environment["KOHYO_SETS"] = ",".join(here.sets)
    plan = Plan(
        url=here.url,
        name=name or default_name(),
        version=version("kohyo"),
        concurrency=concurrency,
        program=_run_command,
        options=[] if here.bundled else ["--no-bundled"],
        environment=environment,
        site=site and site.absolute(),
        notifies=config.targets_path() is not None,
    )
    load_before(LOADED)
    run_worker(plan)


@click.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="Visit this host; repeatable.")
@global_options
def enqueue(names: tuple[str, ...], hosts: tuple[str, ...]) -> None:
    """Enqueue visits of the hosts that have pages due; workers do so every minute.

    A HOST is enqueued whether anything is due or not, and no longer set aside.
    """
    _need_queue()
    from monitor.jobs.due_hosts import find_due_hosts
    from monitor.jobs.job_queue import enqueue_visits

    here = desk()
    chosen = here.sources(names)
    due = find_due_hosts(here.archive_or_new(), chosen, here.now)
    if hosts:
        due = {host: due.get(host, {}) for host in hosts}
    added = enqueue_visits(here.url, due, asked=bool(hosts))
    click.echo(say("{} enqueued", counted(added, "host")))


@click.group(invoke_without_command=True)
@reading
@click.pass_context
def jobs(ctx: click.Context) -> None:
    """List jobs and workers, have a failed job done again, cancel one."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@jobs.command("list")
@click.option("--state", type=click.Choice(list(JOB_STATES)), help="Only jobs in this state.")
@click.option("--host", default="", metavar="HOST", help="Only visits of this host.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most so many.")
@reading
def list_(state: str | None = None, host: str = "", limit: int = 50) -> None:
    """List jobs, the latest first."""
    with desk().archive.read() as reader:
        found = reader.jobs(state or "", host, limit=limit)
    print_rows(found, _line, named="jobs", shape=job_json)


@jobs.command("workers")
@reading
def workers() -> None:
    """List workers that were seen in the last two weeks, with what they did."""
    with desk().archive.read() as reader:
        found = reader.workers()
    print_rows(
        found,
        lambda one: say(
            "{}: version {}, seen {}, running {}, done {}, failed {}, killed {}, pages {}",
            one.name,
            one.version,
            one.seen_at.isoformat(timespec="seconds"),
            one.running,
            one.ended["done"],
            one.ended["failed"],
            one.ended["killed"],
            one.pages,
        ),
        named="workers",
        shape=worker_json,
    )


@jobs.command("retry")
@click.argument("id", type=click.IntRange(1))
@global_options
def retry_(id: int) -> None:
    """Have a failed job done again, at once; its host is no longer set aside."""
    _need_queue()
    from monitor.jobs.job_queue import retry

    if not retry(desk().url, id):
        fail(say("job {} did not fail, or another waits for its host; `kohyo jobs` lists them", id), FAILURES)
    click.echo(say("job {} waits again", id))


@jobs.command("cancel")
@click.argument("id", type=click.IntRange(1))
@global_options
def cancel_(id: int) -> None:
    """Cancel a job that waits; one that runs ends after the page in flight."""
    _need_queue()
    from monitor.jobs.job_queue import cancel

    if not cancel(desk().url, id):
        fail(say("job {} neither waits nor runs; `kohyo jobs` lists them", id), FAILURES)
    click.echo(say("job {} is cancelled", id))


def _line(job: Job) -> str:
    state = name_term(JOB_STATES, job.state)
    began = job.started_at.isoformat(timespec="seconds") if job.started_at else "-"
    said = f"{job.id:>8}  {pad(state, 10)}  {began:<25}  {job.task}  {job.host}"
    if job.outcome and job.outcome != job.state:
        said += f"  {name_term(JOB_OUTCOMES, job.outcome)}"
    return f"{said}  ({job.worker})" if job.worker else said
