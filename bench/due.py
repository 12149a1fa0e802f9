"""What it costs to pick the pages that are due among many known ones, in CPU time and memory.

    python -m bench.due [--pages 1000000] [--sources 50] [--due 0.01] [--db URL]

The pages are made up, and so is the time. With the address of an empty database it is measured there.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import math
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from monitor.crawl.agenda import ArchiveAgenda
from storage.archive import Archive, Writer, open_archive
from storage.db.tables import page, snapshot, source
from storage.records import Source

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
AT_ONCE = 20_000


def main() -> None:
    """Fill a database, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--sources", type=int, default=50)
    parser.add_argument("--due", type=float, default=0.01, help="share of the pages that are due")
    parser.add_argument("--db", help="an empty database; SQLite in a folder of its own where it is missing")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.db or f"sqlite:///{Path(folder) / 'due.db'}"
        with open_archive(url) as archive:
            sources = make_sources(given.sources)
            with archive.write() as writer:
                fill(writer, sources, given.pages, given.due)
            due, seconds, peak = measure(archive, sources)
    kind = url.partition(":")[0]
    print(
        f"{kind}: {given.pages:,} pages of {len(sources)} sources, {due:,} due: "
        f"{seconds:.3f} s CPU, {peak / 2**20:.1f} MiB at most for one source"
    )


def make_sources(number: int) -> list[Source]:
    """Make sources of one host each."""
    return [
        Source(id=f"s{n:03d}", name=f"見本{n}", kind="affected", start=(f"https://h{n}.example/",))
        for n in range(number)
    ]


def fill(writer: Writer, sources: list[Source], pages: int, due: float) -> None:
    """Write pages in order, of which the given share is due, with what was captured of them."""
    for one in sources:
        writer.put_source(one)
    ids = {row.slug: row.id for row in writer._fetch_all(sa.select(source.c.slug, source.c.id))}
    made = _pages([(one.id, ids[one.id]) for one in sources], pages, due)
    batch: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for row in made:
        batch.append(row)
        if len(batch) == AT_ONCE or row[0]["id"] == pages:
            writer._db.execute(page.insert(), [one for one, _ in batch])
            writer._db.execute(snapshot.insert(), [one for _, one in batch])
            batch.clear()
    writer._db.execute(sa.text("ANALYZE"))


def _pages(
    sources: list[tuple[str, int]], pages: int, due: float
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    seen, chosen = NOW - timedelta(days=1), round(due * 10**6)
    for n in range(pages):
        slug, source_id = sources[n % len(sources)]
        host = f"h{int(slug[1:])}.example"
        url = f"https://{host}/news/{n:07d}.html"
        is_due = n * 2_654_435_761 % 10**6 < chosen
        digest = hashlib.sha256(url.encode()).digest()
        yield (
            {
                "id": n + 1,
                "source_id": source_id,
                "url": url,
                "url_hash": digest[:16],
                "host": host,
                "role": "page",
                "etag": f'"{n:x}-5f"',
                "due_at": NOW + timedelta(hours=-1 if is_due else 9, microseconds=n),  # no two at once
                "last_checked": seen,
                "last_success": seen,
                "last_changed": seen,
                "failures": 0,
                "gone": False,
                "snapshot_id": n + 1,
                "version_id": n + 1,
                "volatile": "[]",
                "changes_seen": 0,
                "settled": True,
                "fetched_at": seen,
            },
            {
                "id": n + 1,
                "page_id": n + 1,
                "captured_at": seen,
                "status": 200,
                "final_url": url,
                "redirects": "[]",
                "headers": "[]",
                "sha256": digest,
                "size": 1000,
            },
        )


def measure(archive: Archive, sources: list[Source]) -> tuple[int, float, int]:
    """Return how many visits are due, seconds of CPU until they are known, and bytes at most for a source.

    The least of three rounds, each as a run begins: whatever else the machine does only adds.
    """
    seconds, due = math.inf, 0
    for _ in range(3):
        agenda = ArchiveAgenda(archive, sources, lambda: NOW, everything=False)
        gc.collect()
        began = time.process_time()
        due = sum(len(agenda.visits(one)) for one in sources)
        seconds = min(seconds, time.process_time() - began)
    agenda = ArchiveAgenda(archive, sources, lambda: NOW, everything=False)
    tracemalloc.start()
    for one in sources:
        agenda.visits(one)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return due, seconds, peak


if __name__ == "__main__":
    main()
