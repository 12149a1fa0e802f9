"""What `kohyo serve` and `kohyo publish` take: answers a second, time to an answer, CPU of a publication.

    python -m bench.serving [--versions 20000] [--archive FILE] [--seconds 4] [--processes 1] [--no-publish]

All of it in one run on one archive, which is filled first unless a file is given; it is written to. A line
of JSON for each figure. Rates stand beside the rate of the same address when its answer is made for every
request, which a request with a token asks for: so machines can be compared. The client takes a core itself.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.parse import quote

from bench.archive import SLUG, fill
from feeds.site.publish import publish
from storage.archive import Archive, open_archive
from storage.query import Query

CLIENTS = 8
BASE_URL = "https://kohyo.example/"
INCIDENT, SEARCH = f"/incidents/{SLUG}.html", "/search?q=漏えい"
ASKED_BEFORE = ("/", "/notices/5.html", INCIDENT, "/feeds/all.atom", SEARCH)
AFTER_A_WRITE = ("/", "/notices/5.html", "/notices/6.html", INCIDENT, "/feeds/all.atom", "/feeds/all.json")
SMALL = "/api/notices?limit=1"
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass
class Heard:
    """How long each answer took, in milliseconds, and how many were no 200 and no 304."""

    took: list[float] = field(default_factory=list)
    others: int = 0

    def rank(self, share: float) -> float:
        return round(sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * share))], 2)


class Asking(asyncio.Protocol):
    """One client: asks, waits for the whole answer, asks again."""

    def __init__(self, requests: Iterator[bytes], heard: Heard, until: float) -> None:
        self.requests, self.heard, self.until = requests, heard, until
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.left, self.head = 0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        request = next(self.requests, None) if time.perf_counter() < self.until else None
        if request is None:
            self.transport.close()
            self.done.set_result(None)
            return
        self.asked = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self.left:
            self.left -= len(data)
        else:
            self.head += data
            head, end, body = self.head.partition(b"\r\n\r\n")
            if not end:
                return
            self.heard.others += int(head[9:12]) not in (200, 304)
            found = _LENGTH.search(head)
            self.left, self.head = (int(found[1]) if found else 0) - len(body), b""
        if not self.left:
            self.heard.took.append((time.perf_counter() - self.asked) * 1_000)
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))


def request(address: str, **headers: str) -> bytes:
    """Write a request, as a browser would that takes compressed answers."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"GET {quote(address, '/?&=.%')} HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n{lines}\r\n".encode()
    )


def made_anew(address: str) -> bytes:
    return request(address, Authorization="none")


def ask(port: int, seconds: float, *groups: tuple[int, Iterator[bytes]]) -> tuple[list[Heard], float]:
    """Let groups of clients ask for a while: what each group heard, and for how long they asked."""
    heard, begun = [Heard() for _ in groups], time.perf_counter()

    async def all_of_them() -> None:
        loop = asyncio.get_running_loop()
        clients = [
            Asking(requests, into, begun + seconds)
            for (number, requests), into in zip(groups, heard, strict=True)
            for _ in range(number)
        ]
        for one in clients:
            await loop.create_connection(lambda one=one: one, "127.0.0.1", port)  # type: ignore[misc]
        await asyncio.gather(*(one.done for one in clients))

    asyncio.run(all_of_them())
    return heard, time.perf_counter() - begun


@contextmanager
def serving(url: str, processes: int) -> Iterator[int]:
    """Serve an archive as `kohyo serve` does, until it is no longer asked."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [*_KOHYO, "serve", "--db", url, "--port", str(port), "--processes", str(processes)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=_environment())
    try:
        while server.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


_KOHYO = [sys.executable, "-m", "monitor.cli"]


def _environment() -> dict[str, str]:
    return {**os.environ, "KOHYO_BASE_URL": BASE_URL}


def measure_asked_before(port: int, seconds: float) -> Iterator[dict[str, object]]:
    """Ask for what was asked before: kept, made anew each time, and unchanged for who has it."""
    for address in ASKED_BEFORE:
        ask(port, 60, (1, iter([request(address)] * 2)))
        (made,), lasted = ask(port, seconds, (CLIENTS, itertools.repeat(made_anew(address))))
        anew = len(made.took) / lasted
        (kept,), lasted = ask(port, seconds, (CLIENTS, itertools.repeat(request(address))))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{quote(address, '/?=.')}") as answer:
            tag = answer.headers["ETag"]
        (same,), _ = ask(port, seconds / 2, (1, itertools.repeat(request(address, If_None_Match=tag))))
        yield {
            "asked before": address,
            "a second": round(len(kept.took) / lasted),
            "p99 ms": kept.rank(0.99),
            "made anew, a second": round(anew, 1),
            "times as many": round(len(kept.took) / lasted / anew, 1),
            "304 to one client, median ms": same.rank(0.5),
            "faults": made.others + kept.others + same.others,
        }


def measure_fresh(port: int, archive: Archive, seconds: float) -> Iterator[dict[str, object]]:
    """Ask for what was never asked before, and for the same few while the archive is written to."""
    notices = [f"/notices/{number}.html" for number in range(10, 1_500, 7)]
    sources = [
        f"/feeds/source/source-{number:03}.{form}" for form in ("atom", "json") for number in range(100)
    ]
    home = [f"/?before={number}" for number in range(9_000, 9_100)]
    for name, addresses in (("notices", notices), ("feeds of sources", sources), ("home, filtered", home)):
        (heard,), lasted = ask(port, 120, (CLIENTS, map(request, addresses)))
        yield {"never asked before": name, "a second": round(len(heard.took) / lasted, 1), **_times(heard)}

    def written_to() -> Iterator[bytes]:
        for number in itertools.count():
            if number % 500 == 0:
                add_change(archive, 100 + number // 500)
            yield request(AFTER_A_WRITE[number % len(AFTER_A_WRITE)])

    (heard,), lasted = ask(port, seconds * 4, (CLIENTS, written_to()))
    yield {
        "while every 500th request follows a write": f"{len(AFTER_A_WRITE)} addresses",
        "a second": round(len(heard.took) / lasted),
        **_times(heard),
    }


def measure_beside_searches(port: int, seconds: float) -> Iterator[dict[str, object]]:
    """Ask for something small alone, and beside clients whose searches are made anew."""
    (alone,), _ = ask(port, seconds, (1, itertools.repeat(request(SMALL))))
    small, searches = (1, itertools.repeat(request(SMALL))), (4, itertools.repeat(made_anew(SEARCH)))
    (beside, searched), lasted = ask(port, seconds * 2, small, searches)
    yield {"small, alone": SMALL, **_times(alone)}
    yield {
        "small, beside 4 searching clients": SMALL,
        **_times(beside),
        "searches a second": round(len(searched.took) / lasted, 1),
    }


def _times(heard: Heard) -> dict[str, object]:
    return {"median ms": heard.rank(0.5), "p99 ms": heard.rank(0.99), "faults": heard.others}


def add_change(archive: Archive, number: int) -> None:
    """Add a change to a notice, later than all there are."""
    with archive.write() as writer:
        newest = writer.changes(Query(limit=1))[0].detected_at
        last = writer.changes_of_notice(number)[-1]
        writer.add_change(replace(last, id=0, detected_at=newest + timedelta(hours=1)))


def measure_publishing(archive: Archive, url: str) -> Iterator[dict[str, object]]:
    """Publish all, nothing and one change: CPU seconds of the whole command, and of what it does in it."""
    startup = median(_cpu([*_KOHYO, "publish", "--help"]) for _ in range(3))
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        command = [*_KOHYO, "publish", "--db", url, str(tree)]
        begun = time.perf_counter()
        whole = _cpu(command)
        yield {"publish": "all", "CPU s": round(whole, 2), "wall s": round(time.perf_counter() - begun, 1)}
        nothing = median(_cpu(command) for _ in range(3))
        yield {"publish": "nothing", "CPU s": round(nothing, 2), "start-up of that": round(startup, 2)}
        commands, within = [], []
        for number in range(3):
            add_change(archive, 200 + number)
            commands.append(_cpu(command))
        for number in range(3):
            add_change(archive, 300 + number)
            before = time.process_time()
            publish(archive, tree, base_url=BASE_URL)
            within.append(time.process_time() - before)
        yield {
            "publish": "one change",
            "CPU s": round(median(commands), 2),
            "start-up of that": round(startup, 2),
            "within a process that has done it before": round(min(within), 3),
        }


def _cpu(command: Sequence[str]) -> float:
    def used() -> float:
        of = resource.getrusage(resource.RUSAGE_CHILDREN)
        return of.ru_utime + of.ru_stime

    before = used()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=_environment())
    return used() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--versions", type=int, default=20_000)
    parser.add_argument("--archive", type=Path, help="one made by bench.archive, in place of a new one")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--no-publish", action="store_true", help="measure serve alone")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{(given.archive or Path(folder, 'bench.db')).absolute()}"
        with open_archive(url) as archive:
            if given.archive is None:
                fill(archive, given.versions)
            with serving(url, given.processes) as port:
                for rows in (
                    measure_asked_before(port, given.seconds),
                    measure_fresh(port, archive, given.seconds),
                    measure_beside_searches(port, given.seconds),
                ):
                    _tell(rows)
            if not given.no_publish:
                _tell(measure_publishing(archive, url))


def _tell(rows: Iterator[dict[str, object]]) -> None:
    for row in rows:
        print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
