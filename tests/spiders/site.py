"""A site on loopback that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "text/html; charset=utf-8"
    etag: str | None = None
    last_modified: str | None = None
    delay: float = 0.0


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict[str, str]
    at: float


@dataclass
class Site:
    """Answers by path; a path with several answers gives one after the other, the last for ever."""

    port: int = 0
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    address: str = "127.0.0.1"  # another of 127.0.0.0/8 is another host

    def put(self, path: str, body: bytes | str = b"", **details: Any) -> None:
        self.answers[path] = [self._answer(body, **details)]

    def then(self, path: str, body: bytes | str = b"", **details: Any) -> None:
        self.answers[path].append(self._answer(body, **details))

    @staticmethod
    def _answer(body: bytes | str, **details: Any) -> Answer:
        return Answer(body.encode() if isinstance(body, str) else body, **details)

    def url(self, path: str = "/") -> str:
        return f"http://{self.address}:{self.port}{path}"

    def requests(self, path: str) -> list[Asked]:
        return [one for one in self.asked if one.path == path]

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    def next_answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        answers = self.answers.get(asked.path, [Answer(b"not here", 404)])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def __enter__(self) -> Site:
        self._server = ThreadingHTTPServer((self.address, self.port), _handler(self))
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = site.next_answer(Asked(self.path, dict(self.headers), time.monotonic()))
            time.sleep(answer.delay)
            if answer.etag and self.headers.get("If-None-Match") == answer.etag:
                answer = Answer(status=304, etag=answer.etag)
            elif answer.last_modified and self.headers.get("If-Modified-Since") == answer.last_modified:
                answer = Answer(status=304, last_modified=answer.last_modified)
            self.send_response(answer.status)
            headers = [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
            validators = [("ETag", answer.etag), ("Last-Modified", answer.last_modified)]
            for name, value in [*headers, *validators, *answer.headers]:
                if value is not None:
                    self.send_header(name, value)
            with contextlib.suppress(ConnectionError):  # a client that has had enough hangs up
                self.end_headers()
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
