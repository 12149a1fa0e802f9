"""Hostile hosts beside honest ones in one crawl: each is told, none stops the others.

Hosts are addresses of loopback, each with an answer of its own. The long form has many more, and real time-outs.
"""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.reading import read
from spiders.base import SourceSpider
from spiders.listings import listing
from storage.archive import open_archive
from storage.records import ListingRules, PageRules, Source
from tests.crawling import Crawl
from tests.databases import database_at

LEAK = "<p>当市が業務を委託している事業者において、個人情報の漏えいが判明しました。対象は1,234人です。</p>"


class HangUp(Exception):
    """Close the connection now."""


def html(body: str, head: str = "") -> bytes:
    title = "個人情報の漏えいについて"
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    ).encode()


def links(count: int, more: str = "") -> bytes:
    rows = "".join(f'<li><a href="/news/{n}.html">個人情報の漏えい {n}</a></li>' for n in range(count))
    return html(f"<ul>{more}{rows}</ul>")


def send(to: socket.socket, body: bytes = b"", status: str = "200 OK", **headers: object) -> None:
    given = {"Content-Type": "text/html; charset=utf-8", "Content-Length": len(body), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in given.items() if value is not None]
    to.sendall("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body)


def forever(to: socket.socket, piece: bytes, pause: float = 0.0) -> None:
    while True:
        to.sendall(piece)
        time.sleep(pause)


def drip(to: socket.socket, path: str) -> None:
    send(to, Content_Length=100_000)
    forever(to, b"a", 0.1)


def endless(to: socket.socket, path: str) -> None:
    send(to, Content_Length=None)
    forever(to, b"<p>a</p>" * 8192)


def endless_head(to: socket.socket, path: str) -> None:
    to.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")
    forever(to, b"a" * 65_536)


def cut(to: socket.socket, path: str) -> None:
    send(to, html(LEAK), Content_Length=1_000_000)
    raise HangUp


def no_http(to: socket.socket, path: str) -> None:
    to.sendall(html(LEAK))
    raise HangUp


HOSTILE: dict[str, Callable[[socket.socket, str], None]] = {
    "drip": drip,
    "endless": endless,
    "endless-head": endless_head,
    "silent": lambda to, path: time.sleep(30),
    "cut": cut,
    "no-http": no_http,
    "gzip-cut": lambda to, path: send(to, gzip.compress(html(LEAK * 50))[:-30], Content_Encoding="gzip"),
    "gzip-lie": lambda to, path: send(to, html(LEAK), Content_Encoding="gzip"),
    "bomb": lambda to, path: send(to, gzip.compress(b"\0" * (40 << 20)), Content_Encoding="gzip"),
    "circle": lambda to, path: send(to, status="302 F", Location=path),
    "part": lambda to, path: send(to, html(LEAK), status="206 P"),
    "away": lambda to, path: send(to, status="429 T", Retry_After="9" * 400),
    "nested": lambda to, path: send(to, html("<div>" * 50_000 + LEAK)),
    "listing-long": lambda to, path: send(to, links(500)) if path == "/" else send(to, html(LEAK)),
    "listing-port": lambda to, path: send(to, links(2, '<li><a href="http://お問い合わせ:電話/">x</a></li>')),
    "listing-base": lambda to, path: send(to, links(2, '<base href="http://[">')),
    "listing-stall": lambda to, path: send(to, links(9)) if path == "/" else time.sleep(30),
}
TOLD_WELL = {"nested", "listing-port", "listing-base"}  # can be read, and are
HONEST = [f"honest-{n}" for n in range(4)]
ROWS = 3


def answer(to: socket.socket, name: str, path: str) -> None:
    if path == "/robots.txt":
        send(to, status="404 N")
    elif name not in HONEST:
        HOSTILE[name](to, path)
    else:
        send(to, links(ROWS) if path == "/" else html(f"<p>{name} {path}</p>{LEAK}"))


@pytest.fixture
def hosts() -> Iterator[dict[str, str]]:
    """The address of each host by its name."""
    names = [*HONEST, *HOSTILE]
    address = {name: f"127.0.0.{number}" for number, name in enumerate(names, 2)}
    name_of = {ip: name for name, ip in address.items()}
    listening = socket.create_server(("0.0.0.0", 0), backlog=200)
    port = listening.getsockname()[1]

    def serve(to: socket.socket) -> None:
        name = name_of[to.getsockname()[0]]
        with to, suppress(OSError, HangUp):
            waiting = b""
            while received := to.recv(65_536):
                waiting += received
                while b"\r\n\r\n" in waiting:
                    head, _, waiting = waiting.partition(b"\r\n\r\n")
                    answer(to, name, head.split(b" ")[1].decode("latin-1"))

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield {name: f"http://{ip}:{port}/" for name, ip in address.items()}
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


def test_hostile_hosts_are_told_and_stop_nobody(hosts: dict[str, str], crawl: Crawl, tmp_path: Path) -> None:
    sources = tuple(
        Source(
            name,
            name,
            "affected",
            (url,),
            listing=ListingRules("li") if name.startswith(("honest", "listing")) else None,
            private=True,
            delay=0.0,
        )
        for name, url in hosts.items()
    )
    database = database_at(tmp_path / "k.db")
    crawl(
        SourceSpider,
        ITEM_PIPELINES={"monitor.crawl.pipeline.TrackPipeline": 100},
        KOHYO_DB=database,
        KOHYO_CHOSEN=sources,
        KOHYO_ALL=True,
        DOWNLOAD_TIMEOUT=3,
        LISTING_ROWS=20,
        LOG_ENABLED=False,
    )
    with open_archive(database) as archive, archive.read() as reader:
        alerts = {alert.source for alert in reader.alerts()}
        for name in HONEST:
            pages = reader.pages(name, "page")
            assert len([page for page in pages if page.version is not None]) == ROWS, name
        for name in HOSTILE:
            assert any(reader.checks(page.id) for page in reader.pages(name)), f"{name}: no row"
    assert not alerts & set(HONEST)
    assert set(HOSTILE) - alerts == TOLD_WELL


BITS = (
    "http://", "https://", "//", "/", "\\", "[", "]", "::1", "127.0.0.1", ":", "99999", "８０", "@", "%", "%zz",
    "%00", "#", "?", "&", "=", "\u3000", "\u2028", "\x00", "\t", "\n", "例え", "..", ".", "xn--", "a.jp",
    "ß", "\u200b", "İ", "a" * 70, "data:", "mailto:", "javascript:", "ftp://", "http:", "-", "①", "℀", "。", "'",
    '"', "<", ">", " ", "+", "\u202e", "9" * 500,
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(BITS), min_size=1, max_size=6).map("".join), st.booleans())
def test_no_link_stops_the_reading_of_a_page(href: str, as_base: bool) -> None:
    quoted = href.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    head = f'<base href="{quoted}">' if as_base else ""
    row = f'<li><a href="{quoted}">資料(PDF) 2024年1月2日</a></li><li><a href="{quoted}.pdf">x</a></li>'
    good = '<li><a href="https://a.example/news/1.html">個人情報の漏えい</a></li>'
    body = html(f"<ul>{row}{good}</ul>{LEAK}", head)
    url, rules = "http://evil.example.jp/list", ListingRules(item="li", more="a")
    found = listing.read_rows(body, url, rules)
    assert "https://a.example/news/1.html" in [row.url for row in found]
    listing.find_further(body, url, rules)
    listing.find_attachments(body, url)
    assert read(body, url=url, content_type="text/html", rules=PageRules()).verdict == "content"
