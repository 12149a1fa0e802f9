"""What every answer has in common: whose site it is, its language, its names, the frame of its pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from feeds.addresses import MEDIA_TYPES, Site
from feeds.formats.channels import WatchList
from feeds.formats.entries import Names, load_names
from feeds.views import render
from feeds.web import responses
from feeds.web.gate import Gate
from feeds.web.running.shared_parts import Parts
from feeds.wording.conditions import unknown_choice
from feeds.wording.sanitise import plain
from feeds.wording.tables.request_words import ERRORS
from feeds.wording.words import LANGUAGES, word
from storage.archive import Archive, Reader

Now = Callable[[], datetime]

MAX_SWITCHED_CHARS = 2_000
"""Characters of an address that every page repeats in its link to the other language."""


@dataclass(frozen=True, slots=True)
class Serving:
    """One site as it is served; what the fields mean is said at ``feeds.web.app.make_app``."""

    archive: Archive
    base_url: str
    lang: str
    hub: str
    contact: str
    now: Now
    gate: Gate | None = None
    watching: Sequence[WatchList] = ()
    as_of: datetime | None = None
    parts: Parts = field(default_factory=Parts)

    def base(self, request: Request) -> str:
        """Give the address that links of an answer begin with, where they have to be whole."""
        return self.base_url or _own_address(request)

    def names(self, reader: Reader, request: Request) -> Names:
        """Give the names that the archive has, in the language that is asked for."""
        lang = self.site(request).lang
        return self.parts.get(reader, ("names", lang), lambda: load_names(reader, lang))

    def site(self, request: Request) -> Site:
        """Give the site as it is asked for: where it stands, in which language. Raise BadParameter."""
        lang = request.query_params.get("lang", self.lang)
        if lang not in LANGUAGES:
            raise unknown_choice("lang", LANGUAGES)
        keep = "" if lang == self.lang else f"lang={lang}"
        return Site(self.base(request), lang, keep, live=True, hub=self.hub, contact=self.contact)

    def page(
        self,
        request: Request,
        template: str,
        path: str,
        context: dict[str, Any],
        modified: datetime | None,
        status: int = 200,
    ) -> Response:
        """Answer with a page: what a template makes of a context."""
        site = self.site(request)
        context["other_language"] = _language_link(request, site.lang)
        proof = self.gate.proof(request) if self.gate else ""
        context |= {"operable": self.gate is not None, "proof": proof}
        body = render.render_page(f"{template}.html.j2", path, site, context)
        headers = {"Cache-Control": "no-store"} if proof else None
        return responses.respond(
            request, body, MEDIA_TYPES["html"], modified=modified, status=status, headers=headers
        )

    def show(self, request: Request, template: str, context: dict[str, Any], status: int) -> Response:
        """Answer with a page of those who decide."""
        return self.page(request, template, request.url.path.lstrip("/"), context, None, status)

    def refusal(self, request: Request, refused: HTTPException) -> Response:
        """Answer what is refused in both languages, as far as it is said in both."""
        ja = getattr(refused, "ja", "")
        return self.error(request, refused.status_code, refused.detail, ja, refused.headers)

    def error(
        self,
        request: Request,
        status: int,
        message: str,
        ja: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Answer an error with words to programs, a page to people. What was asked for is not repeated."""
        path = request.url.path
        if path.startswith(("/feeds", "/api", "/snapshots", "/static", "/healthz", "/metrics")):
            return responses.respond_text(request, message, status, headers)
        lang = request.query_params.get("lang", self.lang)
        lang = lang if lang in LANGUAGES else self.lang
        site = Site(self.base_url, lang, "" if lang == self.lang else f"lang={lang}", live=True)
        context = {
            "heading": f"{status} {word(ERRORS, HTTPStatus(status).phrase, lang)}",
            "message": plain(ja if lang == "ja" and ja else message),
            "english": not ja,
            "other_language": _language_link(request, lang),
        }
        body = render.render_page("error.html.j2", path.lstrip("/"), site, context)
        return responses.respond(
            request, body, MEDIA_TYPES["html"], status=status, headers=dict(headers or {})
        )


def _own_address(request: Request) -> str:
    """Give the address at which this was asked.

    Of host names in a request only this machine's own is believed: any other would stand in feeds that
    a proxy may keep for others.
    """
    scheme = "https" if request.url.scheme == "https" else "http"
    host, port = request.scope.get("server") or ("localhost", None)
    server = f"[{host}]" if ":" in host else host
    named = re.fullmatch(r"(localhost|[0-9.]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", request.url.netloc)
    if named and named[1] in ("localhost", server):
        return f"{scheme}://{request.url.netloc}/"
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{server}{f':{port}' if port and port != usual else ''}/"


def _language_link(request: Request, lang: str) -> str | None:
    """Give the same address in the other language.

    A query far too long to be meant is dropped. Return None where a form was sent to: a link cannot
    send it again.
    """
    if request.method not in ("GET", "HEAD"):
        return None
    other = next(one for one in LANGUAGES if one != lang)
    switched = str(request.url.include_query_params(lang=other).query)
    return f"?{switched}" if len(switched) <= MAX_SWITCHED_CHARS else f"?lang={other}"
