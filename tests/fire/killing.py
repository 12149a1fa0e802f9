"""Commands killed with SIGKILL at their writes, and what is left when they are run again.

    python -m tests.fire.killing [--points 200] [--seed 1] [--only crawl,publish] [--work DIR]

Each trial: a copy of one state, the command killed at one of its writes (before it, half way, or after it),
the command again, and everything compared with what the undisturbed command came to: nothing lost, nothing
double, the published tree as one made anew, messages at most once more and then under the same key.
Points are half evenly spaced, half by chance. Needs a C compiler and a system that preloads (Linux).
Loopback only. Prints one line of JSON a command.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

from monitor.demo.epochs import EPOCHS
from monitor.demo.server import World
from monitor.demo.sites import SITES
from monitor.demo.story import declare
from storage.archive import Reader, open_archive
from storage.query import Query
from tests.commands import LOADED
from tests.storage.former import to_the_first_schema

SHIM = Path(__file__).with_name("killshim.c")
MODES = ("before", "torn", "after")
EPOCH = 3
NOW = EPOCHS[EPOCH].moment
PACE = {
    "KOHYO_DELAY": "0",
    "KOHYO_CONFIRM_AFTER": "0",
    "KOHYO_PLAIN": "1",
    "KOHYO_BASE_URL": "https://kohyo.example",
}
SECONDS = 120


def build_shim(folder: Path) -> Path | None:
    """The shim as a library; None where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    made = folder / "killshim.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, SHIM, "-ldl"], check=True)
    return made


@dataclass
class Ended:
    status: int  # negative: the signal
    points: int
    words: str


def run(
    work: Path, database: Path, *arguments: object, now: datetime, kill: int = 0, mode: str = "before"
) -> Ended:
    """One command in a fork of this process, which has everything loaded."""
    said, met = work / "said", work / "met"
    met.write_text("0")
    child = os.fork()
    if not child:
        _command(said, met, ["--db", f"sqlite:///{database}", *map(str, arguments)], now, kill, mode)
    end = time.monotonic() + SECONDS
    while not (done := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return Ended(999, 0, f"not ended within {SECONDS} s")
        time.sleep(0.005)
    return Ended(os.waitstatus_to_exitcode(done[1]), int(met.read_text()), said.read_text(errors="replace"))


def _command(said: Path, met: Path, arguments: list[str], now: datetime, kill: int, mode: str) -> None:
    status = 70
    try:
        words = os.open(said, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(words, 1)
        os.dup2(words, 2)
        os.environ |= {**PACE, "KOHYO_NOW": now.isoformat()}
        from monitor.cli import main

        shim = ctypes.CDLL(None)
        shim.kill_at(kill, MODES.index(mode))
        try:
            main(arguments, standalone_mode=True)
        except SystemExit as ended:
            status = int(ended.code or 0)
        shim.points_met.restype = ctypes.c_long
        seen = shim.points_met()
        shim.kill_at(0, 0)
        met.write_text(str(seen))
        sys.stdout.flush()
    except BaseException as error:  # what ends a command in a traceback
        os.write(2, f"Traceback: {error!r}".encode())
    finally:
        os._exit(status)


# --- what an archive says, without ids and times -------------------------------------------


def told(database: Path) -> dict[str, Counter[Any]]:
    with open_archive(f"sqlite:///{database}") as archive:
        damages = Counter(map(str, archive.verify()))
        with archive.read() as reader:
            return {"damages": damages, **_told(reader)}


def _told(reader: Reader) -> dict[str, Counter[Any]]:
    pages = reader.pages()
    every = Query(limit=None)
    versions = [(page, version) for page in pages for version in reader.versions(page.id)]
    return {
        "changes": Counter(
            (one.source, one.kind, one.url, one.title, one.reasons, one.summary, one.material, whole and whole.hunks)
            for one in reader.changes(every)
            for whole in [reader.change(one.id)]
        ),
        "versions": Counter((page.url, page.role, one.number, one.title, one.text) for page, one in versions),
        "facts": Counter((page.url, one.number, repr(fact)) for page, one in versions for fact in reader.facts(one.id)),
        "captures": Counter((page.url, page.role, shot.sha256) for page in pages for shot in reader.snapshots(page.id)),
        "pages": Counter((one.source, one.url, one.role, one.gone) for one in pages),
        "notices": Counter((one.source, one.url, one.title, one.published, one.status) for one in reader.notices(every)),
        "alerts": Counter((one.kind, one.source, one.url, one.detail) for one in reader.alerts()),
        "offers": Counter((one.source, one.url, one.status) for one in reader.offers(None)),
        "links": Counter((one.slug, link.status) for one in reader.incidents() for link in reader.incident_links(one.slug)),
        "redactions": Counter((one.notice, one.snapshots, one.versions) for one in reader.redactions()),
        "found": Counter(hit.notice.title for hit in reader.search("漏えい")),
    }  # fmt: skip


def acknowledged(database: Path) -> set[tuple[Any, ...]]:
    """What a subscriber could have read already."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT id, kind, detected_at FROM change").fetchall()
        rows += connection.execute("SELECT id, page_id, sha256 FROM snapshot").fetchall()
    connection.close()
    return set(rows)


def tree(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(".kohyo")]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def copied(source: Path, target: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".lock", ".notify.lock"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(source, target)


# --- processes that stand by, so that the one that forks has no threads ---------------------


def _world(pipe: Any, folder: Path) -> None:
    with World(SITES, EPOCHS[0].moment) as world:
        while (moment := pipe.recv()) is not None:
            world.move(moment)
            declare(folder, world, moment)
            pipe.send(True)


class _Hook(BaseHTTPRequestHandler):
    heard: Path

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            ids = [change["id"] for change in json.loads(body)["changes"]]
        except ValueError:
            return  # broke off with its sender
        with self.heard.open("a") as file:
            file.write(json.dumps([self.path, self.headers["Idempotency-Key"], ids]) + "\n")
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def _hook(pipe: Any, heard: Path) -> None:
    _Hook.heard = heard
    with HTTPServer(("127.0.0.1", 0), _Hook) as server:
        pipe.send(server.server_port)
        server.serve_forever()


# --- the trials ------------------------------------------------------------------------------


@dataclass
class Trials:
    """What is tried: ``prepare`` makes the state, ``look`` says what can be compared after a command."""

    prepare: Callable[[], None]
    arguments: tuple[object, ...]
    look: Callable[[], dict[str, Counter[Any]]]
    now: datetime = NOW
    published: bool = False
    again_allowed: frozenset[str] = frozenset()  # what may come twice
    unlike: frozenset[str] = frozenset()  # what no two runs have alike


@dataclass
class Outcome:
    command: str
    writes: int = 0
    killed: int = 0
    lost: int = 0
    double: int = 0
    told_twice: int = 0
    other: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def note(self, what: str, detail: object) -> None:
        self.other[what] += 1
        if len(self.examples) < 5:
            self.examples.append(f"{what}: {detail!r}"[:600])


def points(writes: int, number: int, seed: int) -> list[int]:
    """Half evenly spaced, half by chance."""
    number = min(number, writes)
    even = {1 + round(place * (writes - 1) / max(1, number // 2 - 1)) for place in range(number // 2)}
    others = [point for point in range(1, writes + 1) if point not in even]
    return sorted(even | set(random.Random(seed).sample(others, number - len(even))))


def attempt(name: str, trials: Trials, work: Path, number: int, seed: int) -> Outcome:
    database = work / "t.db"
    outcome = Outcome(name)
    trials.prepare()
    undisturbed = run(work, database, *trials.arguments, now=trials.now)
    assert undisturbed.status == 0, undisturbed.words
    outcome.writes, wanted = undisturbed.points, trials.look()
    for place, point in enumerate(points(outcome.writes, number, seed)):
        mode = MODES[place % len(MODES)]
        trials.prepare()
        killed = run(work, database, *trials.arguments, now=trials.now, kill=point, mode=mode)
        outcome.killed += killed.status == -signal.SIGKILL
        where = f"{mode} {point}"
        if killed.status not in (0, -signal.SIGKILL):
            outcome.note("ended otherwise", (where, killed.status, killed.words[-300:]))
        known = acknowledged(database) if Path(database).exists() and name != "migrate" else set()
        again = run(work, database, *trials.arguments, now=trials.now + timedelta(minutes=2))
        if again.status != 0:
            outcome.note("not done when run again", (where, again.status, again.words[-300:]))
        found = trials.look()
        for what in wanted.keys() - trials.unlike:
            less, more = wanted[what] - found[what], found[what] - wanted[what]
            outcome.lost += sum(less.values())
            if what in trials.again_allowed and not set(more) - set(wanted[what]):
                outcome.told_twice += sum(more.values())
            else:
                outcome.double += sum(more.values())
                if less or more:
                    outcome.note(what, (where, list(less)[:1], list(more)[:1]))
        if gone := known - acknowledged(database) if name not in ("migrate", "redact") else set():
            outcome.lost += len(gone)
            outcome.note("acknowledged and lost", (where, list(gone)[:2]))
        if trials.published:
            _compare_trees(work, outcome, where)
    return outcome


def _compare_trees(work: Path, outcome: Outcome, where: str) -> None:
    shutil.rmtree(work / "anew", ignore_errors=True)
    run(work, work / "t.db", "publish", work / "anew", now=NOW)
    mine, anew = tree(work / "site"), tree(work / "anew")
    if mine != anew:
        outcome.note(
            "tree", (where, [name for name in {*mine, *anew} if mine.get(name) != anew.get(name)][:3])
        )
    if left := list((work / "site").rglob(".kohyo-*")):
        outcome.note("half written files left", (where, len(left)))


def every_trial(work: Path, move: Callable[[datetime], None], port: int, heard: Path) -> dict[str, Trials]:
    """The states, each made once, and what is run upon them."""
    database, sources, site = work / "t.db", work / "sources", work / "site"
    base, done = work / "base.db", work / "done.db"
    declared = ("--no-bundled", "--sources", sources)

    def do(target: Path, *arguments: object, now: datetime = NOW) -> None:
        ended = run(work, target, *arguments, now=now)
        assert ended.status == 0, ended.words

    for epoch in EPOCHS[:EPOCH]:
        move(epoch.moment)
        do(base, *declared, "crawl", "--all", "--publish", work / "site-base", now=epoch.moment)
    move(NOW)
    copied(base, done)
    do(done, *declared, "crawl", "--all")
    later = work / "later.db"
    copied(done, later)
    for epoch in EPOCHS[EPOCH + 1 : EPOCH + 5]:
        move(epoch.moment)
        do(later, *declared, "crawl", "--all", now=epoch.moment)
    newest = work / "newest.db"  # knows the last epoch alone: all that is imported is older
    do(newest, *declared, "crawl", "--all", "affected-fukuoka", now=EPOCHS[EPOCH + 4].moment)
    move(NOW)
    do(later, "export", "--format", "warc", work / "all.warc.gz")
    targets = work / "targets.toml"
    targets.write_text(
        "".join(f'[[target]]\nname = "t{n}"\nurl = "json://127.0.0.1:{port}/{n}"\n' for n in range(2))
    )
    marked, empty, old, other = work / "marked.db", work / "empty.db", work / "old.db", work / "sources-other"
    copied(base, marked)
    do(marked, "notify", "--targets", targets, now=NOW - timedelta(minutes=5))
    do(marked, *declared, "crawl", "--all")
    open_archive(f"sqlite:///{empty}").close()
    copied(done, old)
    with open_archive(f"sqlite:///{old}") as archive, archive.write() as writer:
        to_the_first_schema(writer)
    shutil.copytree(sources, other)
    for file in other.glob("*.toml"):
        text = file.read_text("utf-8")
        if "exclude" not in text:  # another declaration that reads the same
            file.write_text(text.replace("[page]", '[page]\nexclude = [".no-such-thing"]', 1), "utf-8")
    with open_archive(f"sqlite:///{done}") as archive, archive.read() as reader:
        notice = next(one for one in reader.notices(Query(limit=None)) if one.source == "affected-fukuoka")

    def from_(state: Path, *, tree_too: bool = False) -> Callable[[], None]:
        def prepare() -> None:
            copied(state, database)
            heard.write_text("")
            if tree_too:
                shutil.rmtree(site, ignore_errors=True)
                shutil.copytree(work / "site-base", site)

        return prepare

    def look() -> dict[str, Counter[Any]]:
        return told(database)

    def messages() -> dict[str, Counter[Any]]:
        lines = [json.loads(line) for line in heard.read_text().splitlines()]
        return {"messages": Counter((path, key, *ids) for path, key, ids in lines)}

    return {
        "crawl": Trials(
            from_(base, tree_too=True),
            (*declared, "crawl", "--all", "--publish", site),
            look,
            published=True,
            unlike=frozenset({"captures"}),  # the sites answer each request with another token
        ),
        "publish": Trials(from_(done, tree_too=True), ("publish", site), look, published=True),
        "notify": Trials(
            from_(marked),
            ("notify", "--targets", targets),
            messages,
            NOW + timedelta(minutes=10),
            again_allowed=frozenset({"messages"}),
        ),
        "import": Trials(
            from_(empty),
            (*declared, "import", "affected-fukuoka", work / "all.warc.gz"),
            look,
            NOW + timedelta(days=400),
        ),
        "place": Trials(
            from_(newest),
            (*declared, "import", "affected-fukuoka", work / "all.warc.gz"),
            look,
            NOW + timedelta(days=400),
        ),
        "redact": Trials(
            from_(done), ("redact", notice.id, "--reason", "試験", "--yes"), look, NOW + timedelta(days=1)
        ),
        "rederive": Trials(
            from_(done), ("--no-bundled", "--sources", other, "rederive"), look, NOW + timedelta(days=1)
        ),
        "migrate": Trials(from_(old), ("changes", "--json"), look, NOW + timedelta(days=1)),
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--points", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default="crawl,publish,notify,import,place,redact,rederive,migrate")
    asked.add_argument("--work", type=Path)
    given = asked.parse_args()
    with ExitStack() as stack:
        work = given.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        work.mkdir(parents=True, exist_ok=True)
        if "killshim" not in os.environ.get("LD_PRELOAD", ""):
            shim = build_shim(work)
            if shim is None:
                print("no C compiler, or a system without preloading", file=sys.stderr)
                return 77
            command = [sys.executable, "-m", "tests.fire.killing", *sys.argv[1:], "--work", str(work)]
            return subprocess.run(command, env={**os.environ, "LD_PRELOAD": str(shim)}).returncode
        fork = multiprocessing.get_context("fork")
        heard = work / "heard"
        heard.write_text("")
        ours, theirs = fork.Pipe()
        world = fork.Process(target=_world, args=(theirs, work / "sources"), daemon=True)
        world.start()
        hears, port_from = fork.Pipe()
        hook = fork.Process(target=_hook, args=(port_from, heard), daemon=True)
        hook.start()
        sys.dont_write_bytecode = True  # a command's writes are counted, and these are none of its own
        for module in LOADED:  # once, for all that is forked
            import_module(module)

        def move(moment: datetime) -> None:
            ours.send(moment)
            ours.recv()

        trials = every_trial(work, move, hears.recv(), heard)
        bad = 0
        for name in given.only.split(","):
            outcome = attempt(name, trials[name], work, given.points, given.seed)
            print(json.dumps(vars(outcome), ensure_ascii=False), flush=True)
            bad += outcome.lost + outcome.double + sum(outcome.other.values())
        world.kill()
        hook.kill()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
