"""The command that looks after the installation."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import click

from feeds.notify.send import NoApprise
from feeds.notify.targets import TargetError, load_targets
from feeds.notify.watch_lists import load_watch_lists, load_watched
from monitor import config
from monitor.cli.common import FAILURES, counted, desk, plain, print_json, reading, say
from monitor.cli.upkeep import checkup
from monitor.cli.upkeep.checkup import SERVED, Finding
from monitor.incidents.declared import check as check_incidents
from spiders.declarations import check as check_declarations
from spiders.mistakes import DeclarationError
from storage.archive import Archive
from storage.db.engine import parse_url
from storage.errors import StorageError

_LATELY, _COMPARED = timedelta(days=2), 20
"""How long ago answers may be by which the clock is judged, and how many are."""


@click.command()
@reading
def doctor() -> None:
    """Look at everything that should be in order before it is missed, and say what to do; sends nothing."""
    findings = []
    for finding in _look():
        findings.append(finding)
        if desk().as_json:
            print_json(asdict(finding))
        else:
            mark = click.style("ok", fg="green") if finding.ok else click.style(say("wrong"), fg="red")
            todo = f"; {finding.todo}" if finding.todo else ""
            click.echo(f"{mark}  {finding.check}: {plain(finding.said + todo)}")
    sys.exit(0 if all(finding.ok for finding in findings) else FAILURES)


def _look() -> Iterator[Finding]:
    here = desk()
    yield checkup.check_contact(config.own_contact())
    yield checkup.check_base_url(config.base_url(default=""))
    yield checkup.check_token(config.token())
    yield from _look_at_files()
    yield from _look_at_disk()
    if not here.has_archive:
        said = say("{} is not there yet", parse_url(here.url).database)
        yield Finding("database", False, said, say("run `kohyo crawl`"))
        return
    try:
        archive = here.archive
        with archive.read() as reader:
            damaged = next(reader.damaged_pages(), None)
    except StorageError as error:
        yield Finding("database", False, str(error), say("see what it says; a backup may be needed"))
        return
    if damaged:
        todo = say("restore a backup; `kohyo verify` says what is lost")
        yield Finding("database", False, damaged.detail, todo)
    elif not _is_writable():
        said = say("{} cannot be written", archive.url)
        yield Finding("database", False, said, say("check the permissions of file and folder"))
    else:
        yield Finding("database", True, archive.url)
    yield from _look_at_record(archive, here.now())


def _look_at_files() -> Iterator[Finding]:
    """Look whether what people wrote can be read."""
    path = config.targets_path()
    if path is None:
        yield Finding("targets", True, say("KOHYO_TARGETS names no file: nobody is sent anything"))
    else:
        yield _look_at_file("targets", lambda: _count_targets(path), "target")
    if (lists := config.watch_path()) is not None:
        yield _look_at_file("watch-lists", lambda: len(load_watch_lists(lists)), "watch-list")
    if problems := check_declarations(desk().paths, bundled=desk().bundled):
        yield Finding("declarations", False, str(problems[0]), say("run `kohyo sources check`"))
    if problems := check_incidents(config.incident_paths()):
        yield Finding("incidents", False, str(problems[0]), say("run `kohyo incidents check`"))


def _count_targets(path: Path) -> int:
    return len(load_targets(path, watched=load_watched(config.watch_path())))


def _look_at_file(check: str, load: Callable[[], int], thing: str) -> Finding:
    try:
        return Finding(check, True, counted(load(), thing))
    except NoApprise as error:
        return Finding(check, False, str(error), "")
    except TargetError as error:
        first, *more = str(error).splitlines()
        left = f" (+{len(more)})" if more else ""
        return Finding(check, False, first + left, say("mend the file; `kohyo notify --dry-run` shows"))


def _is_writable() -> bool:
    """Tell whether an archive in a file may be written to; of another its server says so."""
    url = parse_url(desk().url)
    return url.get_backend_name() != "sqlite" or os.access(url.database or "", os.W_OK)


def _look_at_disk() -> Iterator[Finding]:
    url = parse_url(desk().url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    path = Path(url.database)
    folder = next((one for one in path.absolute().parents if one.exists()), Path("/"))
    yield checkup.check_disk(str(folder), shutil.disk_usage(folder).free)
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        yield checkup.check_log(log.stat().st_size)


def _look_at_record(archive: Archive, now: datetime) -> Iterator[Finding]:
    """Look at what is on record: moments, runs, sources, and how it was served."""
    with archive.read() as reader:
        coverage = {row.source: row for row in reader.coverage(now)}
        ended, runs, served = reader.last_end("crawl"), reader.runs(1), reader.setting(SERVED)
        recent = reader.recent_snapshots(now - _LATELY, _COMPARED)
        held, left = reader.leases_and_left()
    seen = [row.last_checked for row in coverage.values() if row.last_checked]
    seen += [run.started_at for run in runs]
    ahead = checkup.compare_clocks(recent)
    yield checkup.check_clock(now, max(seen, default=None), config.start_time(), ahead)
    yield checkup.check_runs(now, ended)
    yield checkup.describe_leases(held, left)
    try:
        yield checkup.check_sources(desk().sources(), coverage)
    except DeclarationError as error:
        yield Finding("sources", False, str(error).splitlines()[0], say("run `kohyo sources check`"))
    if served:
        noted = json.loads(served)
        yield checkup.check_served(noted["host"], noted["port"], token=noted["token"])
