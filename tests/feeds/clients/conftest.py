"""A site on loopback that real clients subscribe to: live, or a published tree on a plain web server."""

from __future__ import annotations

import functools
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feeds.site.publish import publish
from feeds.web.app import make_app
from storage.archive import Archive
from storage.query import Query
from tests.feeds import sample

_LONG_AGO = 1_700_000_000


@dataclass
class Site:
    """``answers`` are address and status of what was asked for, in order."""

    archive: Archive
    url: str
    folder: Path | None = None
    answers: list[tuple[str, int]] = field(default_factory=list)
    hours: int = 0

    def publish(self) -> None:
        """Brings the tree up to date; a live site is. Publications lie an hour apart: plain web servers
        tell files by the second in which they were written."""
        if self.folder is None:
            return
        publish(self.archive, self.folder, base_url=self.url)
        self.hours += 1
        for file in self.folder.rglob("*"):
            if file.stat().st_mtime > _LONG_AGO + 10**6:
                os.utime(file, (_LONG_AGO + 3600 * self.hours,) * 2)

    def happen(self, count: int, first: str) -> None:
        """So many more changes of one notice, and their publication."""
        sample.many(self.archive, count, first=first)
        self.publish()

    def told(self, incident: str | None = None) -> list[int]:
        """Ids of the changes that the feeds hold, oldest first."""
        with self.archive.read() as reader:
            return [
                change.id
                for change in reader.changes(Query(material=True, incident=incident, newest_first=False))
            ]

    def statuses(self, path: str) -> list[int]:
        return [status for asked, status in self.answers if asked == path]


def change_id(tag: str) -> int:
    """The change that an entry's identifier names."""
    return int(tag.split("/")[1])


@pytest.fixture(params=["live", "tree"])
def site(request: pytest.FixtureRequest, archive: Archive, tmp_path: Path) -> Iterator[Site]:
    with _live(archive) if request.param == "live" else _tree(archive, tmp_path / "site") as opened:
        opened.publish()
        yield opened


@contextmanager
def _live(archive: Archive) -> Iterator[Site]:
    """What ``kohyo serve`` serves, by the same server."""
    listening = socket.create_server(("127.0.0.1", 0))
    site = Site(archive, f"http://127.0.0.1:{listening.getsockname()[1]}")
    app = _noting(make_app(archive, base_url=site.url), site)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield site
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def _noting(app: ASGIApp, site: Site) -> ASGIApp:
    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                site.answers.append((scope["path"], message["status"]))
            await send(message)

        await app(scope, receive, sent)

    return noting


@contextmanager
def _tree(archive: Archive, folder: Path) -> Iterator[Site]:
    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            site.answers.append((self.path, int(code)))

    folder.mkdir()
    handler = functools.partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        site = Site(archive, f"http://127.0.0.1:{server.server_address[1]}", folder)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
