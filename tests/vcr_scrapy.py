"""Cassettes for Scrapy's own HTTP handler.

vcrpy knows many HTTP clients, Twisted is not among them; its ``custom_patches`` take any class that
has a ``cassette`` attribute. Scrapy loads its handler by name when a crawl starts, so the class put
in its place here is used for exactly as long as the cassette is, and everything above it (robots.txt,
redirects, retries, decompression) is what runs in production. The files are ordinary vcrpy YAML.
"""

from __future__ import annotations

import ipaddress
from typing import Any, ClassVar

import vcr
from scrapy.core.downloader.handlers import http11
from scrapy.http import Headers, Request, Response
from scrapy.utils._download_handlers import make_response
from vcr.cassette import Cassette
from vcr.errors import CannotOverwriteExistingCassetteException
from vcr.request import Request as Recorded

CONDITIONS = ("If-None-Match", "If-Modified-Since")


class CassetteHandler(http11.HTTP11DownloadHandler):
    cassette: ClassVar[Cassette | None] = None  # filled in by vcrpy

    async def download_request(self, request: Request) -> Response:
        assert self.cassette is not None
        question = Recorded(request.method, request.url, request.body, _plain(request.headers))
        if self.cassette.can_play_response_for(question):
            return _replayed(self.cassette.play_response(question), request)
        if self.cassette.write_protected and self.cassette.filter_request(question):
            raise CannotOverwriteExistingCassetteException(cassette=self.cassette, failed_request=question)
        response = await super().download_request(request)
        self.cassette.append(question, _recorded(response))
        return response


def make_vcr(**options: Any) -> vcr.VCR:
    recorder = vcr.VCR(
        custom_patches=((http11, "HTTP11DownloadHandler", CassetteHandler),),
        match_on=("method", "uri", "conditions"),
        **options,
    )
    recorder.register_matcher("conditions", _same_conditions)
    return recorder


def _same_conditions(one: Recorded, other: Recorded) -> None:
    """A first visit and the question whether anything changed are two different requests."""
    for name in CONDITIONS:
        assert _value(one, name) == _value(other, name), name


def _value(request: Recorded, name: str) -> str | None:
    value = {key.lower(): value for key, value in request.headers.items()}.get(name.lower())
    return ",".join(value) if isinstance(value, list) else value


def _plain(headers: Headers) -> dict[str, list[str]]:
    return {
        key.decode("latin-1"): [one.decode("latin-1") for one in values] for key, values in headers.items()
    }


def _recorded(response: Response) -> dict[str, Any]:
    # The body as it was sent, compressed or not: the middleware that unpacks it comes later.
    return {
        "status": {"code": response.status, "message": ""},
        "headers": _plain(response.headers),
        "body": {"string": response.body},
    }


def _replayed(answer: dict[str, Any], request: Request) -> Response:
    return make_response(
        url=request.url.partition("#")[0],
        status=answer["status"]["code"],
        headers=Headers(
            {key: value if isinstance(value, list) else [value] for key, value in answer["headers"].items()}
        ),
        body=answer["body"].get("string") or b"",
        ip_address=ipaddress.ip_address("127.0.0.1"),
        flags=["replayed"],
    )
