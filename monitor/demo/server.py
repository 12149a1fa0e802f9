"""Serves the sample sites on loopback, one port each, as they stand at a moment of the story."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit

from monitor.demo.model import DemoSite, Resource

_MISSING = (
    "<!DOCTYPE html><title>404</title><h1>404 Not Found</h1><p>ご指定のページは見つかりませんでした。</p>"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as the server saw it."""

    site: str
    method: str
    path: str
    conditional: bool
    status: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """A page as bytes, with the validators that stand for them."""

    resource: Resource
    body: bytes
    etag: str
    modified: datetime


class World:
    """Sites on loopback. ``requests`` is what they were asked for since it was last cleared.

    Their ports are whatever is free, or follow each other from ``first_port``.
    """

    def __init__(self, sites: Sequence[DemoSite], moment: datetime, first_port: int = 0) -> None:
        self.requests: list[Seen] = []
        self._sites = {site.name: site for site in sites}
        self._answers: dict[str, dict[str, _Answer]] = {site.name: {} for site in sites}
        self._noise = itertools.count(1)
        self._servers = {
            site.name: _Server(self, site, first_port and first_port + place)
            for place, site in enumerate(sites)
        }
        self.bases: Mapping[str, str] = {
            name: f"http://127.0.0.1:{server.server_port}" for name, server in self._servers.items()
        }
        self.move(moment)

    @property
    def sites(self) -> tuple[DemoSite, ...]:
        """The sites that are served."""
        return tuple(self._sites.values())

    def move(self, moment: datetime) -> None:
        """Show the sites as they stand at a moment. What did not change keeps its validators."""
        for site in self._sites.values():
            before = self._answers[site.name]
            after: dict[str, _Answer] = {}
            for path, resource in site.at(moment, self.bases).items():
                body = resource.body
                data = body if isinstance(body, bytes) else body.encode(resource.encoding)
                etag = hashlib.sha256(data).hexdigest()[:16]
                old = before.get(path)
                kept = old.modified if old is not None and old.etag == etag else moment
                after[path] = _Answer(resource, data, etag, kept.replace(microsecond=0))
            self._answers[site.name] = after

    def __enter__(self) -> Self:
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def answer(self, site: str, path: str) -> _Answer | None:
        """Return what a path of a site answers now; None for a 404."""
        return self._answers[site].get(path)

    def noisy(self, answer: _Answer) -> bytes:
        """Return the body of a live page: counter, clock, token and banner differ with every request."""
        body = answer.resource.body
        if not answer.resource.live or isinstance(body, bytes):
            return answer.body
        turn = next(self._noise)
        noise = {
            "counter": f"{48_213 + turn:07d}",
            "clock": f"{turn // 60 % 24:02d}:{turn % 60:02d}",
            "token": hashlib.sha256(str(turn).encode()).hexdigest()[:32],
            "banner": f"campaign{turn % 5 + 1}",
            "hours": turn % 23 + 1,
        }
        return Template(body).safe_substitute(noise).encode(answer.resource.encoding)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, world: World, site: DemoSite, port: int) -> None:
        self.world, self.site = world, site
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that hangs up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        site, world = self.server.site, self.server.world
        path = unquote(urlsplit(self.path).path)
        answer = world.answer(site.name, path)
        if (target := site.redirects.get(path)) is not None:
            self._send(302, b"", {"Location": quote(target)})
        elif answer is None:
            self._send(404, _MISSING.encode(), {"Content-Type": "text/html; charset=utf-8"})
        elif not answer.resource.validators:
            self._send(200, world.noisy(answer), {"Content-Type": answer.resource.content_type})
        else:
            headers = {
                "Content-Type": answer.resource.content_type,
                "ETag": f'"{answer.etag}"',
                "Last-Modified": format_datetime(answer.modified.astimezone(UTC), usegmt=True),
            }
            unchanged = self._asked_for(headers["ETag"], headers["Last-Modified"])
            self._send(304 if unchanged else 200, b"" if unchanged else answer.body, headers)

    do_HEAD = do_GET

    def _asked_for(self, etag: str, modified: str) -> bool:
        """Tell whether the client has these bytes. As RFC 9110 says, the ETag goes before the date."""
        if (given := self.headers.get("If-None-Match")) is not None:
            return etag in (part.strip().removeprefix("W/") for part in given.split(","))
        return self.headers.get("If-Modified-Since") == modified

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        seen = Seen(self.server.site.name, self.command, self.path, conditional, status)
        self.server.world.requests.append(seen)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing; the requests are kept in ``World.requests``."""
