"""Answers that break off, and headers that no number can be: asked again, said, and never told as an edit."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest

from spiders.base import SourceSpider
from spiders.transport.encodings import zstd
from storage.archive import open_archive
from storage.query import Query
from storage.records import Change, ListingRules, Source
from tests.crawling import Crawl
from tests.databases import database_at
from tests.spiders.site import Site

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def html(body: str) -> bytes:
    title = "個人情報の漏えいについて"
    return (
        f"<!DOCTYPE html><html lang=ja><head><meta charset=utf-8><title>{title}</title></head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    ).encode()


TEXT = "".join(
    f"<p>{n}番目の段落です。対象は{n * 37 + 11}件で、番号は{hash(str(n)):x}です。</p>" for n in range(60)
)
ROWS = "".join(
    f'<li><time datetime="2024-01-{n:02}">x</time><a href="/n/{n}.html">個人情報の漏えい {n}</a></li>'
    for n in range(1, 9)
)
BAD_ROW = '<li><a href="http://お問い合わせ:電話/">x</a></li>'
NEW_ROW = '<li><time datetime="2024-01-20">x</time><a href="/n/20.html">個人情報の漏えい 20</a></li>'


class Visits:
    """Crawls of one source, one after the other."""

    def __init__(self, crawl: Crawl, folder: Path, source: Source) -> None:
        self.crawl, self.source = crawl, source
        self.database = database_at(folder / "k.db")

    def go(self) -> list[str]:
        """One crawl; the kinds of its changes."""
        before = len(self.changes)
        with open_archive(self.database) as archive, archive.write() as writer:
            run = writer.start_run("crawl", datetime.now(UTC)).id
        self.crawl(
            SourceSpider,
            ITEM_PIPELINES={"monitor.crawl.pipeline.TrackPipeline": 100},
            KOHYO_DB=self.database,
            KOHYO_CHOSEN=(self.source,),
            KOHYO_ALL=True,
            KOHYO_RUN=run,
            RETRY_TIMES=0,
            LOG_ENABLED=False,
        )
        return [change.kind for change in self.changes[before:]]

    @property
    def changes(self) -> list[Change]:
        with open_archive(self.database) as archive, archive.read() as reader:
            return reader.changes(Query(limit=None, newest_first=False))

    @property
    def alerts(self) -> set[str]:
        with open_archive(self.database) as archive, archive.read() as reader:
            return {alert.kind for alert in reader.alerts()}


@pytest.mark.parametrize("encoding", PACKED)
def test_a_body_without_its_end_is_said_and_is_no_edit(encoding: str, crawl: Crawl, tmp_path: Path) -> None:
    with Site() as site:
        visits = Visits(
            crawl, tmp_path, Source("s", "例", "affected", (site.url("/"),), private=True, delay=0.0)
        )
        whole = PACKED[encoding](html(TEXT))
        for body in (whole, whole[: len(whole) // 2], whole[: 2 * len(whole) // 3], whole):
            site.put("/", body, headers=(("Content-Encoding", encoding),))
            assert "updated" not in visits.go()
        assert visits.alerts == {"unreachable"}
        site.put(
            "/",
            PACKED[encoding](html(TEXT + "<p>追記：対象は9,999件でした。</p>")),
            headers=(("Content-Encoding", encoding),),
        )
        assert visits.go() == ["updated"]


def test_a_delay_that_no_number_can_be_is_one_alert(crawl: Crawl, tmp_path: Path) -> None:
    with Site() as site:
        visits = Visits(
            crawl, tmp_path, Source("s", "例", "affected", (site.url("/"),), private=True, delay=0.0)
        )
        site.put("/", html(TEXT))
        visits.go()
        site.put("/", b"", status=503, headers=(("Retry-After", "9" * 400),))
        assert visits.go() == []
        assert visits.alerts == {"blocked"}


@pytest.mark.parametrize("broken", [BAD_ROW, '<base href="http://[">'])
def test_a_link_that_no_address_can_be_costs_that_link(broken: str, crawl: Crawl, tmp_path: Path) -> None:
    with Site() as site:
        rules = ListingRules("li", date="time")
        source = Source("s", "例", "affected", (site.url("/"),), listing=rules, private=True, delay=0.0)
        visits = Visits(crawl, tmp_path, source)
        for number in range(1, 21):
            site.put(f"/n/{number}.html", html(f"<p>{number}番の対象は{number * 11}件です。</p>"))
        site.put("/", html(f"<ul>{ROWS}</ul>"))
        visits.go()
        site.put("/", html(f"<ul>{broken}{NEW_ROW}{ROWS}</ul>"))
        assert visits.go() == ["new"]
