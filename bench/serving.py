"""What `kohyo serve` and `kohyo publish` take: answers a second, time to answer, CPU time of a publication.

    python -m bench.serving [--versions 20000] [--seconds 4] [--processes 1] [--keep FOLDER]

All of it in one run on one archive. Rates stand beside the rate of the same address when its answer is made
for every request, which a request with a token asks for: so they can be compared between machines.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from bench.archive import SLUG

CLIENTS = 8
ASKED_BEFORE = ("/", "/notices/5.html", f"/incidents/{SLUG}.html", "/feeds/all.atom", "/search?q=漏えい")
SMALL = "/api/changes?limit=5"
_HEAD = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass
class Heard:
    """How long each answer took, in milliseconds, and how many were no 200 and no 304."""

    took: list[float] = field(default_factory=list)
    others: int = 0

    def rank(self, share: float) -> float:
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * share))]


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
        if not self.left:
            self.head += data
            head, end, body = self.head.partition(b"\r\n\r\n")
            if not end:
                return
            status = int(head[9:12])
            self.heard.others += status not in (200, 304)
            found = _HEAD.search(head)
            self.left = (int(found[1]) if found else 0) - len(body)
            self.head = b""
        else:
            self.left -= len(data)
        if not self.left:
            self.heard.took.append((time.perf_counter() - self.asked) * 1_000)
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))


def request(address: str, **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    quoted = urllib.request.quote(address, safe="/?&=.%")
    return f"GET {quoted} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{lines}\r\n".encode()


def ask(port: int, requests: Iterator[bytes], seconds: float, clients: int = CLIENTS) -> tuple[Heard, float]:
    """Let clients ask for a while, and return what they heard and how many answers came a second."""
    heard, begun = Heard(), time.perf_counter()

    async def all_of_them() -> None:
        made = [Asking(requests, heard, begun + seconds) for _ in range(clients)]
        loop = asyncio.get_running_loop()
        for one in made:
            await loop.create_connection(lambda one=one: one, "127.0.0.1", port)
        await asyncio.gather(*(one.done for one in made))

    asyncio.run(all_of_them())
    return heard, len(heard.took) / (time.perf_counter() - begun)


@contextmanager
def serving(url: str, processes: int) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "monitor.cli", "serve", "--port", str(port)]
    command += ["--processes", str(processes)] if processes > 1 else []
    server = subprocess.Popen([*command, "--db", url], stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def measure_serving(port: int, seconds: float, notices: int) -> Iterator[dict[str, object]]:
    for address in ASKED_BEFORE:
        ask(port, iter([request(address)]), 9, 1)
        made, uncached = ask(port, itertools.repeat(request(address, Authorization="none")), seconds)
        kept, rate = ask(port, itertools.repeat(request(address)), seconds)
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}{urllib.request.quote(address, safe='/?=.')}"
        ) as one:
            tag = one.headers["ETag"]
        same, _ = ask(port, itertools.repeat(request(address, If_None_Match=tag)), seconds / 2, 1)
        yield {
            "address": address,
            "a second": round(rate),
            "p99 ms": round(kept.rank(0.99), 1),
            "made each time, a second": round(uncached),
            "times": round(rate / uncached, 1),
            "304, one client, median ms": round(median(same.took), 2),
            "others": made.others + kept.others + same.others,
        }
    fresh = [f"/notices/{number}.html" for number in range(10, min(notices, 3_000), 7)]
    sources = [
        f"/feeds/source/source-{number:03}.{form}" for number in range(100) for form in ("atom", "json")
    ]
    for name, addresses in (
        ("notices", fresh),
        ("feeds", sources),
        ("home", [f"/?before={n}" for n in range(9_000, 9_200)]),
    ):
        heard, rate = ask(port, map(request, addresses), 60)
        yield {
            "never asked before": name,
            "a second": round(rate),
            "median ms": round(heard.rank(0.5), 1),
            "p99 ms": round(heard.rank(0.99), 1),
            "others": heard.others,
        }


if __name__ == "__main__":
    url, processes, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    with serving(url, processes) as port:
        for row in measure_serving(port, seconds, 4000):
            print(json.dumps(row, ensure_ascii=False), flush=True)
