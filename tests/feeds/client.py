"""Asks an ASGI application without a server, and without a client that tidies addresses up first."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    status_code: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.content)


class Client:
    def __init__(self, app: ASGIApp, host: str = "127.0.0.1") -> None:
        self.app, self.host = app, host

    def get(
        self, address: str, params: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        if params:
            address += "?" + urlencode(params)
        return self.ask("GET", address, headers)

    def ask(
        self, method: str, address: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        path, _, query = address.partition("?")
        sent = {"host": self.host, **{name.lower(): value for name, value in (headers or {}).items()}}
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 50000),
            "root_path": "",
            "path": unquote_to_bytes(path).decode("utf-8", "replace"),
            "raw_path": quote(path, safe="/%").encode(),
            "query_string": quote(query, safe="=&%+,").encode(),
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        }
        return asyncio.run(self._asked(scope, body))

    async def _asked(self, scope: dict[str, Any], sent: bytes) -> Answer:
        messages: list[Message] = []
        asked = iter([sent])

        async def receive() -> Message:
            for body in asked:
                return {"type": "http.request", "body": body, "more_body": False}
            await asyncio.Event().wait()  # the client goes on listening
            raise AssertionError

        async def send(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        start = next(message for message in messages if message["type"] == "http.response.start")
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        body = b"".join(message.get("body", b"") for message in messages)
        if headers.get("content-encoding") == "gzip" and body:
            body = gzip.decompress(body)
        return Answer(start["status"], headers, body)
