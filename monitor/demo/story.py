"""``kohyo demo``: lives through the incident on sample sites, and says whether anything was missed.

Each epoch is a real crawl by the command line that everybody uses, with the clock of the story, in
a process of its own: Twisted's reactor cannot start twice.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

from feeds.formats.entries import load_names, make_headline
from feeds.wording.tables.change_words import REASONS
from feeds.wording.tables.terminal_words import STORY_IN_ENGLISH
from feeds.wording.words import join_words, say_evidence
from monitor.cli.common import counted, desk, hint, name_term, say
from monitor.cli.upkeep.working import LOADED
from monitor.demo.epochs import EPOCHS, Epoch, judged
from monitor.demo.server import World
from monitor.demo.sites import SITES, declarations
from monitor.incidents.keeping import Hand, decide_links
from monitor.jobs.publishing import publish_to
from storage.archive import open_archive
from storage.db.engine import parse_url, shown
from storage.errors import BadUrl
from storage.query import Query
from storage.records import Change
from storage.text.japanese import JST
from storage.topics.operations import STORY

_PROCESSES: ForkServerContext | SpawnContext = (
    multiprocessing.get_context("forkserver") if os.name == "posix" else multiprocessing.get_context("spawn")
)
_PACE = {"KOHYO_DELAY": "0", "KOHYO_CONFIRM_AFTER": "0", "KOHYO_PLAIN": "1"}


def run_demo(directory: Path, database: str | None = None, *, echo: Callable[[str], None] = print) -> int:
    """Leave a database, declarations, feeds and pages in ``directory``.

    ``database`` is an empty one to live in, in place of a file there. Returns 0, or 1 if a change was missed,
    invented, or a crawl failed. Raises BadUrl for a database that holds something.
    """
    directory = directory.resolve()
    if database is not None:
        _refuse_what_is_at_work(database)
    _clear(directory)
    database = database or f"sqlite:///{directory / 'kohyo.db'}"
    # What every crawl needs is loaded once, its patterns compiled.
    _PROCESSES.set_forkserver_preload(["feeds.site.crew", "monitor.track.listings", *LOADED])
    told: list[tuple[Epoch, Change]] = []
    complaints: list[str] = []
    with World(SITES, EPOCHS[0].moment) as world:
        sums = len(SITES), len(EPOCHS)
        echo(say("{} sample sites on 127.0.0.1, {} visits between 2023-10-17 and 2024-10-02", *sums))
        for number, epoch in enumerate(EPOCHS, 1):
            world.move(epoch.moment)
            declare(directory / "sources", world, epoch.moment)
            status = crawl(database, directory, epoch.moment)
            changes = _since(database, told[-1][1].id if told else None)
            told += [(epoch, change) for change in changes]
            wrong = _wrong(epoch, changes)
            if status:
                wrong.append(say("the crawl ended with status {}, see {}", status, directory / "crawl.log"))
            complaints += [f"{_day(epoch.moment)}: {line}" for line in wrong]
            mark = say("WRONG") if wrong else say("ok")
            seen = f"{mark}, {counted(len(changes), 'change')}"
            echo(f"[{number:2}/{len(EPOCHS)}] {_day(epoch.moment)} {seen}: {_about(epoch)}")
    _timeline(database, told, echo)
    _offers(database, echo)
    _confirm(database, echo)
    _publish(database, directory)
    _places(directory, database, echo)
    echo("")
    for line in complaints:
        echo(f"{say('WRONG')} {line}")
    if not complaints:
        sums = len(told), len(EPOCHS)
        echo(say("{} changes were to be told in {} visits: all were, and none besides.", *sums))
    return 1 if complaints else 0


def _refuse_what_is_at_work(database: str) -> None:
    """Make sure that the story of the demo is told into nobody's archive."""
    with open_archive(database) as archive, archive.read() as reader:
        if reader.sources():
            raise BadUrl(f"{archive.url} holds sources already; give the demo an empty database")


def _clear(directory: Path) -> None:
    """Take away what an earlier demo left, and nothing else."""
    directory.mkdir(parents=True, exist_ok=True)
    for path in (*directory.glob("kohyo.db*"), *directory.glob("crawl.log")):
        path.unlink()
    for name in ("sources", "site"):
        shutil.rmtree(directory / name, ignore_errors=True)


def declare(folder: Path, world: World, moment: datetime) -> None:
    """Write the declarations that stand at a moment into ``folder``, made where it is missing."""
    folder.mkdir(exist_ok=True)
    for name, text in declarations(world.sites, world.bases, moment).items():
        (folder / name).write_text(text, "utf-8")


def crawl(database: str, directory: Path, moment: datetime) -> int:
    """Run ``kohyo crawl --all`` with the clock of the story. Returns its exit status."""
    command = ["--db", database, "--no-bundled", "--sources", str(directory / "sources")]
    command += ["crawl", "--all", "--publish", str(directory / "site")]
    environment = {**_PACE, "KOHYO_NOW": moment.isoformat()}
    process = _PROCESSES.Process(target=_kohyo, args=(command, environment, directory / "crawl.log"))
    process.start()
    process.join()
    return process.exitcode or 0


def _kohyo(command: list[str], environment: dict[str, str], log: Path) -> None:
    """Run the command line in the new process, its words kept in a file."""
    from monitor.cli import main

    os.environ.update(environment)
    with log.open("a", encoding="utf-8") as out:
        os.dup2(out.fileno(), sys.stdout.fileno())
        os.dup2(out.fileno(), sys.stderr.fileno())
    main(command)


def _since(database: str, after: int | None) -> list[Change]:
    with open_archive(database) as archive, archive.read() as reader:
        return reader.changes(Query(after=after, newest_first=False))


def _wrong(epoch: Epoch, changes: list[Change]) -> list[str]:
    missing, extra = judged(epoch.expected, changes)
    return [say("not told: {}", one) for one in missing] + [
        say(
            "told without cause: {}",
            f"{change.kind} {change.source} «{change.title}» {' '.join(change.reasons)}",
        )
        for change in extra
    ]


def _timeline(database: str, told: list[tuple[Epoch, Change]], echo: Callable[[str], None]) -> None:
    with open_archive(database) as archive, archive.read() as reader:
        names = load_names(reader, desk().lang)
    echo("")
    last = None
    for epoch, change in told:
        if epoch is not last:
            echo(f"{_day(epoch.moment)}  {_about(epoch)}")
            last = epoch
        reasons = join_words((name_term(REASONS, one) for one in change.reasons), desk().lang)
        why = f" ({reasons})" if reasons else ""
        echo(f"    {make_headline(change, names, desk().lang).line}  ({change.source}){why}")


def _offers(database: str, echo: Callable[[str], None]) -> None:
    with open_archive(database) as archive, archive.read() as reader:
        for offer in reader.offers("suggested"):
            said = offer.source, offer.title, offer.url
            echo(say("    offered by {} as a new source: {} {}", *said))


def _confirm(database: str, echo: Callable[[str], None]) -> None:
    """Accept the links kohyo suggests, as a person would do after looking at the evidence."""
    with open_archive(database) as archive, archive.write() as writer:
        hand = Hand(writer, EPOCHS[-1].moment, "command")
        for incident in writer.incidents():
            for link in writer.incident_links(incident.slug):
                if link.status == "suggested":
                    decide_links(hand, incident.slug, [link.notice], accept=True)
                    why = "; ".join(say_evidence(one, desk().lang) for one in link.evidence)
                    said = link.notice, incident.slug, why
                    echo(say("    linked notice {} to {}, as suggested: {}", *said))


def _publish(database: str, directory: Path) -> None:
    """Publish the pages after a person's decisions, and note that they tell of the past."""
    with open_archive(database) as archive:
        with archive.write() as writer:
            writer.note(STORY, EPOCHS[-1].moment.isoformat())
        publish_to(archive, directory / "site")


def _places(directory: Path, database: str, echo: Callable[[str], None]) -> None:
    site = directory / "site"
    echo("")
    echo(say("pages     {}", site / "index.html"))
    feed = site / "feeds" / "all.atom"
    echo(say("feeds     {}, .rss, .json; one per source and per incident beside it", feed))
    echo(say("calendar  {}", site / "feeds" / "deadlines.ics"))
    echo(say("database  {}", shown(parse_url(database))))
    echo(say("go on with"))
    named = () if desk().db else ("--db", database)  # a hint brings what was given itself
    for words in (("search", "928万"), ("changes", "--kind", "updated"), ("serve",)):
        echo(f"  {hint(*words, *named)}")


def _about(epoch: Epoch) -> str:
    return STORY_IN_ENGLISH[epoch.about] if desk().lang == "en" else epoch.about


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(JST):%Y-%m-%d %H:%M}"
