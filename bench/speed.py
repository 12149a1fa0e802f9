"""What kohyo costs beside plain Scrapy and beside others, and whether that grows: one command, one run.

    python -m bench.speed [--only crawl,start,...] [--pages 1000] [--rounds 3]

What is compared is measured in turn within a round, so that what else the machine does meets all of it:
ratios mean something, seconds little. A ratio has the start of each process in it; ``net`` is the same less
what one page takes. CPU is that of a process with all that it started; time by the clock is said where cores
are meant to be used.

    crawl     first visit, unchanged and 5 % changed pages, with and without validators; bytes a version
    start     until the first row is read
    import    a WARC of one page over the years
    rederive  reading everything anew
    publish   the tree: all of it, nothing, one change
    growth    milliseconds a page and a version as there are more of them
    serve     search and pages over a large archive (bench.archive, bench.pages)
    peers     urlwatch, webchanges and changedetection.io, from their packages, over the same unchanged pages
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bench.crawl import ROOT, Cost, Launcher, Server, declare, encoding, page

BEGIN_PAGES, BEGIN_VERSIONS = 20, 2
"""So many are taken off where it is asked whether the cost of one grows: they load what reads all."""

CAPTURES, TEXTS = 126, 10
"""Of the page over the years: captures, and how many of them say something else than the one before."""

TARGETS = {
    "first / plain": 4.0,
    "first without workers / plain": 3.6,
    "first, wall / plain": 2.5,
    "unchanged, validators / plain": 0.90,
    "unchanged, none / plain": 1.00,
    "5 % changed / unchanged": 1.15,
    "start of crawl / plain": 1.10,
    "peak MiB of crawls": 110,
    "KB of a first version": 6.0,
    "KB of a later version": 1.5,
    "captures a second, wall": -120,  # at least
    "ms a version read anew, wall": 6.0,
    "page: most / fewest": 1.05,
    "version: most / fewest": 1.05,
}
"""What is asked for. Absolute figures are meant for two cores at rest."""

Found = dict[str, float]


def crawl(launcher: Launcher, pages: int) -> Found:
    found: Found = {}
    one = Server(1, validators=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        declare(one, folder)
        launcher.kohyo(folder, "crawl", "--all")
        start, begun = launcher.plain(one), launcher.kohyo(folder, "crawl", "--all")
    one.close()
    for kind in ("validators", "none"):
        server = Server(pages, validators=kind == "validators")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            declare(server, folder)
            plain = launcher.plain(server)
            first = launcher.kohyo(folder, "crawl", "--all")
            size = _bytes(folder)
            same = _unchanged(launcher, server, folder)
            _ratios(found, "first" if kind == "validators" else "first, none", first, plain, begun, start)
            _ratios(found, f"unchanged, {kind}", same, plain, begun, start)
            if kind == "none":
                continue
            found["first, wall / plain"] = first.wall / plain.cpu
            with tempfile.TemporaryDirectory() as other:
                declare(server, Path(other))
                alone = launcher.kohyo(Path(other), "crawl", "--all", one_core=True)
            found["first without workers / plain"] = alone.cpu / plain.cpu
            found["peak MiB of crawls"] = max(first.peak, same.peak)
            found["KB of a first version"] = size / pages / 1000
            before, _ = _bytes_but_checks(folder)
            edited = server.edit(0)
            changed = launcher.kohyo(folder, "crawl", "--all")
            found["5 % changed / unchanged"] = changed.cpu / same.cpu
            found["ms a changed page"] = (changed.cpu - same.cpu) / edited * 1000
            for turn in range(1, 5):
                edited += server.edit(20 * turn)
                launcher.kohyo(folder, "crawl", "--all")
            after, check = _bytes_but_checks(folder)
            found["KB of a later version"] = ((after - before) / edited + check) / 1000
        server.close()
    return found


def _unchanged(launcher: Launcher, server: Server, folder: Path) -> Cost:
    server.answers.clear()
    same = launcher.kohyo(folder, "crawl", "--all")
    expected = 304 if server.validators else 200
    if server.answers[expected] != len(server.paths):
        raise SystemExit(
            f"unchanged pages were to bring {len(server.paths)} times {expected}: {server.answers}"
        )
    return same


def _ratios(found: Found, what: str, cost: Cost, plain: Cost, begun: Cost, start: Cost) -> None:
    found[f"{what} / plain"] = cost.cpu / plain.cpu
    found[f"{what} / plain, net"] = (cost.cpu - begun.cpu) / (plain.cpu - start.cpu)


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("bench.db*"))


def _bytes_but_checks(folder: Path) -> tuple[int, float]:
    """Return the bytes in use but for the rows of checks, and those of one check."""
    used = "SELECT sum(d.pgsize) FROM dbstat d JOIN sqlite_schema s USING (name) WHERE d.aggregate = 1"
    with closing(sqlite3.connect(folder / "bench.db")) as db:
        ((checks,),) = db.execute(f"{used} AND s.tbl_name = 'check'")
        ((everything,),) = db.execute("SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1")
        ((count,),) = db.execute('SELECT count(*) FROM "check"')
    return everything - checks, checks / count


def start(launcher: Launcher, pages: int) -> Found:
    server = Server(1, validators=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        declare(server, folder)
        launcher.kohyo(folder, "crawl", "--all")
        plain = launcher.plain(server)
        found = {"start of crawl / plain": launcher.kohyo(folder, "crawl", "--all").cpu / plain.cpu}
        loaded = launcher.run([sys.executable, "-c", "import sqlalchemy.dialects.sqlite, click"])
        for words in ("notices --limit 1", "search 個人情報 --limit 1", "status", "incidents list"):
            cost = launcher.kohyo(folder, *words.split())
            found[f"s of {words}"] = cost.cpu
            found[f"{words} / SQLAlchemy and click"] = cost.cpu / loaded.cpu
    server.close()
    return found


def write_warc(file: Path, url: str, captures: int, texts: int) -> None:
    """Write captures of one page of 50 KB: the text changes ``texts`` times, the bytes each time.

    It grows no longer: a postscript comes, and the oldest of five goes.
    """
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    codec, charset = encoding(50)
    body = page(50, 0).decode(codec)
    began = datetime(2015, 1, 1, tzinfo=UTC)
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number in range(captures):
            turn = number * texts // captures
            more = "".join(
                f"<p>追記 第{one}回 対象は{one * 7 + 3}人です。</p>"
                for one in range(max(0, turn - 4), turn + 1)
            )
            said = body.replace("</main>", f"{more}</main><!-- {number} -->").encode(codec)
            headers = [("Content-Type", f"text/html; charset={charset}")]
            at = began + timedelta(days=3 * number)
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(said),
                http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")},
            )
            writer.write_record(record)


def _imported(launcher: Launcher, captures: int, texts: int, *, one_core: bool = False) -> Cost:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sources").mkdir()
        said = 'id = "city"\nname = "見本市"\nkind = "affected"\nstart = ["https://example.org/privacy"]\n'
        (folder / "sources" / "city.toml").write_text(said, "utf-8")
        write_warc(folder / "a.warc.gz", "https://example.org/privacy", captures, texts)
        return launcher.kohyo(folder, "import", "city", str(folder / "a.warc.gz"), one_core=one_core)


def imported(launcher: Launcher, pages: int) -> Found:
    none, many = _imported(launcher, 1, 1), _imported(launcher, 5 * CAPTURES, 5 * TEXTS)
    number = 5 * CAPTURES - 1
    return {
        "captures a second, wall": number / (many.wall - none.wall),
        "ms CPU a capture, all processes": (many.cpu - none.cpu) / number * 1000,
        "peak MiB of import": many.peak,
    }


def rederived(launcher: Launcher, pages: int) -> Found:
    server = Server(pages, validators=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        declare(server, folder)
        launcher.kohyo(folder, "crawl", "--all")
        nothing = launcher.kohyo(folder, "rederive")
        for file in (folder / "sources").glob("*.toml"):
            said = file.read_text("utf-8").replace("[page]\n", "").replace('include = ["main"]\n', "")
            file.write_text(f'{said}[page]\nexclude = [".never"]\n', "utf-8")
        every = launcher.kohyo(folder, "rederive")
    server.close()
    return {
        "ms a version read anew, wall": (every.wall - nothing.wall) / pages * 1000,
        "ms CPU a version, all processes": (every.cpu - nothing.cpu) / pages * 1000,
        "peak MiB of rederive": every.peak,
    }


def published(launcher: Launcher, pages: int) -> Found:
    server = Server(pages, validators=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        declare(server, folder)
        launcher.kohyo(folder, "crawl", "--all")
        every = launcher.kohyo(folder, "publish", str(folder / "site"))
        none = launcher.kohyo(folder, "publish", str(folder / "site"))
        server.edit(0, share=pages)
        launcher.kohyo(folder, "crawl", "--all")
        one = launcher.kohyo(folder, "publish", str(folder / "site"))
    server.close()
    return {"s of all": every.cpu, "s of nothing": none.cpu, "s of one change": one.cpu, "MiB": every.peak}


def grown(launcher: Launcher, sizes: Sequence[int], versions: Sequence[int]) -> Found:
    """Milliseconds a page of a first crawl, and a version of one page, by how many there are.

    On one core: workers would be started somewhere on the way. What is loaded once is taken off.
    """
    found, crawls = {}, []
    for size in (BEGIN_PAGES, *sizes):
        server = Server(size, validators=True)
        with tempfile.TemporaryDirectory() as name:
            declare(server, Path(name))
            crawls.append(launcher.kohyo(Path(name), "crawl", "--all", one_core=True))
        server.close()
    for size, cost in zip(sizes, crawls[1:], strict=True):
        found[f"ms a page of {size}"] = (cost.cpu - crawls[0].cpu) / (size - BEGIN_PAGES) * 1000
        found[f"MiB with {size}"] = cost.peak
    ends = [found[f"ms a page of {size}"] for size in (sizes[0], sizes[-1])]
    found["page: most / fewest"] = ends[1] / ends[0]
    counts = (BEGIN_VERSIONS, *versions)
    costs = [_imported(launcher, number, number, one_core=True).cpu for number in counts]
    slopes = [
        (more - less) / (many - few) * 1000
        for (few, many), (less, more) in zip(pairwise(counts), pairwise(costs), strict=True)
    ]
    found |= {f"ms a version up to {number}": slope for number, slope in zip(versions, slopes, strict=True)}
    found["version: most / fewest"] = slopes[-1] / slopes[0]
    return found


def served(versions: int) -> None:
    """Print what the benches of search and pages say of an archive of so many versions."""
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name, 'big.db')}"
        subprocess.run(
            [sys.executable, "-m", "bench.archive", url, "--versions", str(versions)], cwd=ROOT, check=True
        )
        subprocess.run([sys.executable, "-m", "bench.pages", url], cwd=ROOT, check=True)


def peers(launcher: Launcher, pages: int) -> Found:
    """Unchanged pages looked at again by others, and what a first version takes with them; wants uv.

    Each is installed from its package into an environment that is thrown away.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise SystemExit("others are installed by uv, which is not here")
    found: Found = {}
    server = Server(pages, validators=True)
    with tempfile.TemporaryDirectory() as name:
        plain = launcher.plain(server)
        for peer in ("urlwatch", "webchanges", "changedetection.io"):
            place, store = Path(name, peer), Path(name, f"{peer}.store")
            subprocess.run([uv, "venv", "-q", str(place)], check=True)
            python = str(place / "bin" / "python")
            subprocess.run([uv, "pip", "install", "-q", "--python", python, peer], check=True)
            store.mkdir()
            commands = _of_peer(peer, place, store, server)
            first, again = (launcher.run(one, {"HOME": str(place), **_OF_PEERS}) for one in commands)
            found[f"{peer}: first / plain"] = first.cpu / plain.cpu
            found[f"{peer}: unchanged / plain"] = again.cpu / plain.cpu
            found[f"{peer}: peak MiB"] = max(first.peak, again.peak)
            size = sum(file.stat().st_size for file in store.rglob("*") if file.is_file())
            found[f"{peer}: KB of a first version"] = size / pages / 1000
    server.close()
    return found


_OF_PEERS = {"ALLOW_IANA_RESTRICTED_ADDRESSES": "true", "MINIMUM_SECONDS_RECHECK_TIME": "0"}
"""changedetection.io asks neither this machine nor the same page twice in a few seconds."""


def _of_peer(peer: str, place: Path, store: Path, server: Server) -> tuple[list[str], list[str]]:
    """Return the commands of another program for a first look at all pages, and for the next."""
    urls = [f"{server.base}{path}" for path in server.paths]
    program = str(place / "bin" / peer)
    if peer == "changedetection.io":
        begin = [program, "-C", "-d", str(store), "-b"]  # all in the queue, then end
        return [*begin, *(word for url in urls for word in ("-u", url))], [*begin, "-r", "all"]
    jobs = place / "jobs.yaml"
    jobs.write_text("\n---\n".join(f"url: {url}" for url in urls), "utf-8")
    (place / "config.yaml").write_text("report: {}\n", "utf-8")
    listed, kept = ("--jobs", "--database") if peer == "webchanges" else ("--urls", "--cache")
    command = [program, listed, str(jobs), "--config", str(place / "config.yaml")]
    command += [kept, str(store / "store.db")]
    return command, command


def table(rounds: Sequence[Mapping[str, float]]) -> Iterator[str]:
    for name in rounds[0]:
        values = [one[name] for one in rounds]
        asked = TARGETS.get(name)
        said = "" if asked is None else f"asked <= {asked:g}" if asked > 0 else f"asked >= {-asked:g}"
        spread = f"({min(values):.2f} to {max(values):.2f})" if len(values) > 1 else ""
        yield f"  {name:44} {statistics.median(values):9.2f} {spread:>22}  {said}".rstrip()


def main() -> None:
    steps: dict[str, Callable[[Launcher, int], Found]] = {
        "crawl": crawl,
        "start": start,
        "import": imported,
        "rederive": rederived,
        "publish": published,
        "peers": peers,
    }
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", help=f"some of {','.join([*steps, 'growth', 'serve'])}")
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="1000,10000", help="pages of growth; 50000 takes an hour")
    parser.add_argument("--versions", default="10,50", help="versions of growth")
    parser.add_argument("--archive", type=int, default=100_000, help="versions of the archive that is served")
    options = parser.parse_args()
    chosen = [one for one in options.only.split(",") if one] or [*steps, "growth", "serve"]
    launcher = Launcher()
    rounds: dict[str, list[Found]] = {name: [] for name in chosen if name in steps}
    # compiles every module, so that no measured process pays for it
    for name in rounds:
        if name != "peers":
            steps[name](launcher, 20)
    for number in range(options.rounds):
        for name, done in rounds.items():
            done.append(steps[name](launcher, options.pages))
            print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr)
    load = os.getloadavg()[0]
    print(f"{options.pages} pages, {options.rounds} rounds, {os.cpu_count()} cores, load {load:.1f}")
    for name, done in rounds.items():
        print(f"{name}\n" + "\n".join(table(done)))
    if "growth" in chosen:
        print(
            "growth\n"
            + "\n".join(table([grown(launcher, _numbers(options.sizes), _numbers(options.versions))]))
        )
    launcher.close()
    if "serve" in chosen:
        served(options.archive)


def _numbers(listed: str) -> list[int]:
    return [int(one) for one in _words(listed)]


def _words(listed: str) -> Iterable[str]:
    return filter(None, listed.split(","))


if __name__ == "__main__":
    main()
