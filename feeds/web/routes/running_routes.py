"""What is answered to those who run the server: whether it is well, its figures, the feed of alerts."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds import addresses
from feeds.addresses import MEDIA_TYPES
from feeds.formats.channels import WRITERS
from feeds.web import responses
from feeds.web.gate import ASK_FOR_TOKEN, is_loopback
from feeds.web.lookup import BilingualError, not_found
from feeds.web.running.alerts_feed import build_alerts_feed
from feeds.web.running.figures import RunningFigures, answer_health
from feeds.web.serving import Serving


def make_routes(web: Serving, figures: RunningFigures) -> list[Route]:
    """Make the routes for who runs the server."""
    running = _Running(web, figures)
    return [
        *([Route(f"/{addresses.ALERTS}.{{form}}", running.feed_of_alerts)] if web.gate else []),
        Route("/healthz", lambda request: answer_health(request, web.archive, web.now)),
        Route("/metrics", running.metrics),
    ]


@dataclass(frozen=True, slots=True)
class _Running:
    web: Serving
    figures: RunningFigures

    def feed_of_alerts(self, request: Request) -> Response:
        """Answer whoever carries the token, and nobody else."""
        form = request.path_params["form"]
        if self.web.gate is None or form not in WRITERS:
            raise not_found("this format")
        if not self.web.gate.admits_reader(request):
            raise BilingualError(401, "token-wanted", headers=ASK_FOR_TOKEN)
        with self.web.archive.read() as reader:
            names, site = self.web.names(reader, request), self.web.site(request)
            feed = build_alerts_feed(reader, names, site, self.web.now())
        private = {"Cache-Control": "private, no-cache"}
        return responses.respond(
            request, WRITERS[form](feed), MEDIA_TYPES[form], modified=feed.updated, headers=private
        )

    def metrics(self, request: Request) -> Response:
        """Answer this machine, and whoever carries the token."""
        if not is_loopback(request):
            if self.web.gate is None:
                raise BilingualError(403, "this-machine-only")
            if not self.web.gate.admits_reader(request):
                raise BilingualError(401, "token-wanted", headers=ASK_FOR_TOKEN)
        return self.figures.answer(request)
