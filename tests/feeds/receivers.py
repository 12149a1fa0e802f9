"""Targets on loopback: an HTTP server and an SMTP server that keep what they get and answer as told."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Post:
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def key(self) -> str:
        return self.headers["idempotency-key"]


@dataclass
class _Receiver:
    got: list[Any] = field(default_factory=list)
    acknowledged: list[Any] = field(default_factory=list)
    before: Callable[[Any], bool] = lambda _: True
    """Called with what came before it is acknowledged; False refuses it."""

    def __enter__(self) -> Self:
        self.server = self._make()
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def take(self, thing: Any) -> bool:
        self.got.append(thing)
        if not self.before(thing):
            return False
        self.acknowledged.append(thing)
        return True

    def _make(self) -> socketserver.ThreadingTCPServer:
        raise NotImplementedError


class Hook(_Receiver):
    """A webhook."""

    redirect: str = ""

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook"

    def _make(self) -> socketserver.ThreadingTCPServer:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                if hook.redirect:
                    self.send_response(302)
                    self.send_header("Location", hook.redirect)
                else:
                    post = Post({k.lower(): v for k, v in self.headers.items()}, json.loads(raw))
                    self.send_response(200 if hook.take(post) else 503)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

            def handle(self) -> None:
                with suppress(ConnectionError):  # the sender was killed
                    super().handle()

        return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


class PostOffice(_Receiver):
    """As much of RFC 5321 as a client needs."""

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=kohyo@example.com&to=desk@example.com"

    def _make(self) -> socketserver.ThreadingTCPServer:
        office = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(ConnectionError):  # the sender was killed
                    self.talk()

            def say(self, line: str) -> None:
                self.wfile.write(line.encode() + b"\r\n")

            def talk(self) -> None:
                self.say("220 ready")
                while line := self.rfile.readline():
                    verb = line[:4].upper()
                    if verb == b"DATA":
                        self.say("354 go on")
                        mail = message_from_bytes(self.data(), policy=policy.default)
                        self.say("250 queued" if office.take(mail) else "451 later")
                    elif verb == b"QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 fine")

            def data(self) -> bytes:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line.removeprefix(b"."))
                return b"".join(lines)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True

        return Server(("127.0.0.1", 0), Handler)


def parts(mail: EmailMessage) -> tuple[str, str]:
    """Text and HTML of a mail."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()
