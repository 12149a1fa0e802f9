"""Trying declarations on the live sites: ``kohyo sources check --live``.

Each start page is fetched twice and read: it must answer, be readable by its declaration, give
the expected number of rows, and say the same twice in a row. What came is not kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from monitor.comparing.sameness.keys import make_text_key
from monitor.crawl.probe import probe
from monitor.reading import read
from storage.query import Trial
from storage.records import Capture, Source


def check_live(
    sources: Iterable[Source], now: datetime, say: Callable[[str], None], archive: str | None = None
) -> list[Trial]:
    """Try every source that has an address, and say what was found of each address and return it.

    ``archive`` is the address of the one by whose leases hosts are taken.
    """
    known = [source for source in sources if source.start]
    brought: dict[tuple[str, str], list[Capture]] = defaultdict(list)
    for capture in probe(known, times=2, archive=archive):
        brought[capture.source, capture.url].append(capture)
    trials = []
    for source in known:
        for url in source.start:
            problem = judge(source, brought[source.id, url])
            trials.append(Trial(source.id, url, now, problem or ""))
            say(f"{source.id}: {url}: {problem or 'reads well, the same twice'}")
    return trials


def judge(source: Source, captures: Sequence[Capture]) -> str | None:
    """Say what is wrong with two captures of one start page; None where nothing is."""
    if not captures:
        return "nothing was brought back"
    for capture in captures:
        if capture.status != 200:
            return capture.error or f"HTTP {capture.status}"
    if any(capture.index for capture in captures):
        return None
    if source.listing is not None:
        rows = [capture.rows or () for capture in captures]
        least, most = source.listing.expect
        if not least <= len(rows[0]) <= (most or len(rows[0])):
            return f"{len(rows[0])} rows; listing.expect says {least} to {most or 'any number'}"
        return None if rows[0] == rows[-1] else "its rows differ between two fetches"
    readings = [
        read(capture.body, url=capture.url, content_type=capture.header("Content-Type"), rules=source.page)
        for capture in captures
    ]
    if readings[0].verdict != "content":
        return f"{readings[0].verdict}: {readings[0].detail}"
    same = make_text_key(readings[0].blocks) == make_text_key(readings[-1].blocks)
    return None if same else "its text differs between two fetches; exclude what flickers"
