"""Search and pages over a large archive: how long until the answer, and how large the pages are.

    python -m bench.archive sqlite:///big.db --versions 100000
    python -m bench.pages sqlite:///big.db [--queries 400] [--requests 40]

Search is timed in this process, with a transaction of its own, each query once before it counts: CPU time on
SQLite, which is all that happens there, else by the clock; the first byte over HTTP against ``kohyo serve``
in another process on loopback, one connection for each request. Milliseconds: median, p99, slowest. Sizes:
the document as sent (compressed), and before compression, without the differences of its changes. Queries are
cut at random from stored texts, so frequent strings are asked for more often than rare ones; a few are not on
record at all.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import http.client
import random
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import quote

from bench.serving import serving
from storage.archive import Archive, Reader, open_archive
from storage.query import Query

FIXED = (
    *("の", "ヴ", "鷽", "、", "漏え", "勧告", "個人情報", "個人情報の漏えい", "928万", "第148条", "0120"),
    "令和6年1月24日",
)
FIXED_PAIRS = ("の 、", "個人情報 漏えい", "漏えい 勧告", "令和6年1月24日 約928万", "鷽 の")
LENGTHS = (1, 1, 2, 2, 2, 3, 4, 6, 10, 20, 60, 200)


def drawn(reader: Reader, rng: random.Random) -> Iterator[str]:
    """Texts of versions, at random."""
    notices = reader.notices(Query(limit=2_000))
    while True:
        version = reader.version(rng.randint(1, 5 * len(notices)))
        if version is not None:
            yield version.text


def queries(reader: Reader, count: int) -> list[str]:
    rng = random.Random("kohyo:queries")
    asked = list(FIXED)
    for whole in islice(drawn(reader, rng), max(0, count - len(asked))):
        length = rng.choice(LENGTHS)
        start = rng.randrange(max(1, len(whole) - length))
        text = whole[start : start + length].strip()
        if rng.random() < 0.05:
            text = text[::-1] + "〆"
        asked.append(text or "の")
    return asked


def phrases(reader: Reader, count: int) -> list[str]:
    """Two phrases of one text each."""
    rng = random.Random("kohyo:pairs")
    asked = list(FIXED_PAIRS)
    for whole in islice(drawn(reader, rng), max(0, count - len(asked))):
        words = []
        for _ in range(2):
            start = rng.randrange(max(1, len(whole) - 6))
            words.append("".join(whole[start : start + rng.choice((1, 2, 3, 4, 6))].split()))
        asked.append(" ".join(words) if all(words) else "の 、")
    return asked


def timed(action: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    action()
    return (clock() - start) * 1_000


def line(name: str, values: list[float], note: str = "") -> str:
    values = sorted(values)
    p99 = values[min(len(values) - 1, int(len(values) * 0.99))]
    return f"{name:<34} {statistics.median(values):8.1f} {p99:8.1f} {values[-1]:8.1f}   {note}"


def searches(archive: Archive, count: int) -> Iterator[str]:
    with archive.read() as reader:
        asked, two = queries(reader, count), phrases(reader, count)

    clock = time.thread_time if archive.is_file else time.perf_counter

    def run(name: str, text: str, query: Query) -> float:
        def search() -> None:
            with archive.read() as reader:
                if name in ("changes", "notices"):
                    getattr(reader, name)(replace(query, text=text))
                else:
                    reader.search(text, query)

        return timed(search, clock)

    plain = Query(limit=20)
    relevant = Query(limit=20, by_relevance=True)
    every: list[float] = []
    for name, query in {
        "newest first": plain,
        "by relevance": relevant,
        "two phrases": plain,
        "two phrases by relevance": relevant,
        "of a kind of publisher": Query(limit=20, source_kinds=("regulator",)),
        "of one source": Query(limit=20, sources=("source-007",)),
        "since 2024": Query(limit=20, since=datetime(2024, 1, 1, tzinfo=UTC)),
        "of an incident": Query(limit=20, incident="ntt-procx-2023"),
        "with a reason": Query(limit=20, reasons=("count",)),
        "with a measure": Query(limit=20, action="recommendation"),
        "with a large count": Query(limit=20, stated_over=100_000),
        "of one source, by relevance": Query(limit=20, sources=("source-007",), by_relevance=True),
        "changes": plain,
        "notices": plain,
    }.items():
        words = two if name.startswith("two") else asked
        for text in words:  # so that no figure is about a disk
            run(name, text, query)
        times = [(run(name, text, query), text) for text in words]
        every += [ms for ms, _ in times]
        slowest = ", ".join(f"{text[:12]!r} {ms:.0f}" for ms, text in sorted(times)[-3:])
        yield line(f"search {name}", [ms for ms, _ in times], slowest)
    yield line("search, all of these", every)


def first_byte(port: int, path: str) -> tuple[float, bytes, int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    start = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    first = answer.read(1)
    elapsed = (time.perf_counter() - start) * 1_000
    body = first + answer.read()
    connection.close()
    return elapsed, body, answer.status


_DIFF = re.compile(rb'<div class="hunk.*?</div>|<table class="pair">.*?</table>', re.DOTALL)


def pages(port: int, count: int, paths: dict[str, Iterable[str]]) -> Iterator[str]:
    for name, given in paths.items():
        several = list(given)[:count]
        for path in several if len(several) > 1 else several * 3:  # so that no figure is about a disk
            first_byte(port, path)
        times, packed, raw = [], 0, 0
        for number in range(count):
            path = several[number % len(several)]
            elapsed, body, status = first_byte(port, path)
            assert status == 200, f"{path}: {status}"
            times.append(elapsed)
            whole = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            packed = max(packed, len(body))
            raw = max(raw, len(_DIFF.sub(b"", whole)))
        yield line(name, times, f"{packed / 1000:.1f} KB sent, {raw / 1000:.1f} KB without the differences")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("url")
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--requests", type=int, default=40, help="of each page; 0: search only")
    given = parser.parse_args()
    gc.freeze()  # as ``kohyo serve`` does
    print(f"{'milliseconds':<34} {'median':>8} {'p99':>8} {'slowest':>8}")
    with open_archive(given.url) as archive:
        for row in searches(archive, given.queries):
            print(row, flush=True)
        with archive.read() as reader:
            notices = reader.notices(Query(limit=200))
            some = random.Random("kohyo:pages").sample(notices, 20)
            pairs = []
            for notice in some[:10]:
                ids = [version.id for version in reader.versions(notice.page)]
                pairs.append(f"/notices/{notice.id}/diff?a={ids[0]}&b={ids[-1]}")
            words = queries(reader, 60)
    if not given.requests:
        return
    with serving(given.url, 1) as port:
        paths: dict[str, Iterable[str]] = {
            "/": ["/"],
            "/ of a kind of publisher": ["/?publisher=regulator"],
            "/ with a reason": ["/?reason=count"],
            "/ with a measure": ["/?action=recommendation"],
            "/ of an incident": ["/?incident=ntt-procx-2023"],
            "/notices/": [f"/notices/{notice.id}.html" for notice in some],
            "/notices/…/diff": pairs,
            "/incidents/": ["/incidents/ntt-procx-2023.html"],
            "/sources/": [f"/sources/source-{number:03}.html" for number in range(10)],
            "/coverage.html": ["/coverage.html"],
            "/search": [f"/search?q={quote(text[:200])}" for text in words],
            "/search by relevance": [f"/search?order=relevance&q={quote(text[:200])}" for text in words],
            "/feeds/all.atom": ["/feeds/all.atom"],
            "/feeds/search.atom": [f"/feeds/search.atom?q={quote(text[:200])}" for text in words],
            "/api/changes": ["/api/changes"],
        }
        for row in pages(port, given.requests, paths):
            print(row, flush=True)


if __name__ == "__main__":
    main()
