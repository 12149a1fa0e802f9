"""One publisher's page and listing told as a story of captures: builders for the tracker's tests."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from monitor.track.context import TrackResult
from monitor.track.tracker import Tracker
from storage.archive import Archive
from storage.query import Query
from storage.records import Capture, Change, ListingRules, PageRules, Row, Source

URL = "https://www.city.example.lg.jp/oshirase/1.html"
LIST = "https://www.city.example.lg.jp/oshirase/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

SINGLE = Source("city", "例示市", "affected", (URL,), page=PageRules(include=("main",), attachments=True))
LISTED = Source(
    "city",
    "例示市",
    "affected",
    (LIST,),
    listing=ListingRules("li", expect=(2, 50)),
    page=PageRules(include=("main",)),
)


def html(
    *paragraphs: str, title: str = "個人情報の漏えいについて", date_line: str = "更新日：2023年10月17日"
) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (date_line, *paragraphs))
    return (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{title} | 例示市</title></head>'
        f"<body><nav><a href='/'>ホーム</a></nav><main><h1>{title}</h1>{body}</main></body></html>"
    ).encode()


LEAK = "委託先から約900万件の個人情報が流出しました。"
MORE = "委託先から約928万件の個人情報が流出しました。"
SORRY = "関係の皆さまに深くお詫び申し上げます。"


def list_rows(file: Path) -> list[tuple[object, ...]]:
    """Every row of an archive but its leases; the index by what SQLite keeps of it."""
    with closing(sqlite3.connect(file)) as db:
        made = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
        names = sorted(name for (name,) in made if name != "lease")
        return [(name, *row) for name in names for row in db.execute(f'SELECT * FROM "{name}"')]


@dataclass
class Story:
    """Captures sent to a tracker one after another, on a clock of their own."""

    archive: Archive
    source: Source = SINGLE
    now: datetime = datetime(2023, 10, 17, 3, tzinfo=UTC)
    runs: int = field(default=0)

    def visit(self, after: timedelta = HOUR, *captures: Capture) -> list[TrackResult]:
        """One run an interval later."""
        self.now += after
        self.runs += 1
        with self.archive.write() as writer:
            writer.put_source(self.source)
            run = writer.start_run("crawl", self.now)
        tracker = Tracker(self.archive, [self.source], run.id)
        return [tracker.track(capture) for capture in captures]

    def page(self, body: bytes = b"", after: timedelta = HOUR, **more) -> TrackResult:  # type: ignore[no-untyped-def]
        return self.visit(after, self.capture(body, after, **more))[0]

    def capture(self, body: bytes = b"", after: timedelta = HOUR, **more) -> Capture:  # type: ignore[no-untyped-def]
        given = {
            "source": self.source.id,
            "url": URL,
            "role": "page",
            "captured_at": self.now + after,
            "status": 200,
            "headers": (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"')),
        }
        return Capture(**{**given, **more, "body": body})

    def listing(self, *rows: Row, after: timedelta = HOUR, **more) -> TrackResult:  # type: ignore[no-untyped-def]
        body = repr(rows).encode()
        return self.visit(after, self.capture(body, after, url=LIST, role="listing", rows=rows, **more))[0]

    @property
    def changes(self) -> list[Change]:
        with self.archive.read() as reader:
            return reader.changes(Query(newest_first=False))

    @property
    def alerts(self) -> list[str]:
        with self.archive.read() as reader:
            return [alert.kind for alert in reader.alerts()]


def row(number: int, title: str, day: date) -> Row:
    return Row(f"{LIST}{number}.html", title, day)


def told(tracked: TrackResult) -> list[tuple[str, tuple[str, ...]]]:
    return [(change.kind, change.reasons) for change in tracked.changes]
