"""The same tree over HTTP, rendered live, and what only a program can answer.

That is search, filters, comparison of any two versions, feeds by query and an API. Everything here
reads. Every question that makes no sense gets a clear answer, never a traceback.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

import feeds.web.convertors  # noqa: F401 - makes known what may stand in a path
from feeds.formats.channels import WatchList
from feeds.operator import Operator
from feeds.web.gate import Gate
from feeds.web.routes import (
    api,
    feed_routes,
    file_routes,
    list_pages,
    operate,
    record_pages,
    running_routes,
)
from feeds.web.running.figures import RunningFigures
from feeds.web.running.kept import KeptAnswers
from feeds.web.running.processes import Shared
from feeds.web.serving import Now, Serving
from feeds.wording.conditions import BadParameter
from feeds.wording.tables.request_words import REFUSALS
from feeds.wording.words import word
from storage.archive import Archive
from storage.errors import StorageError


def make_app(
    archive: Archive,
    *,
    site: Path | None = None,
    base_url: str = "",
    compare: record_pages.Compare | None = None,
    lang: str = "ja",
    hub: str = "",
    contact: str = "",
    operator: Operator | None = None,
    token: str = "",
    now: Now = lambda: datetime.now(UTC),
    watching: Sequence[WatchList] = (),
    key: bytes = b"",
    as_of: datetime | None = None,
    shared: Shared | None = None,
) -> Starlette:
    """Make the web application.

    ``site`` is a folder whose files are served where nothing is rendered, such as a published tree
    with its numbered archives; ``compare`` compares two versions, which is not for feeds to judge;
    ``contact`` is where whoever runs it is reached;
    ``operator`` acts for whoever holds the token, and without either nothing can be written; ``now``
    is the clock by which it is judged whether a source should have been visited; ``watching`` are the
    watch-lists that have a page; ``key`` signs the marks of visits, which without one end with this
    process; ``as_of`` stands in the place of now, and on the pages that go by it, where the archive tells
    a story of the past; ``shared`` is what several processes that serve it know of each other.
    """
    shared = shared or Shared()
    gate = Gate(token, shared=shared) if operator and token else None
    web = Serving(archive, base_url, lang, hub, contact, now, gate, watching, as_of)
    figures = RunningFigures(archive, now, shared)
    kept = KeptAnswers(archive, web.base)
    decisions = operate.make_routes(operator, gate, archive, web.show) if operator and gate else []
    routes = [
        *list_pages.make_routes(web, kept, key or secrets.token_bytes(32)),
        *record_pages.make_routes(web, kept, compare),
        *feed_routes.make_routes(web, kept),
        *running_routes.make_routes(web, figures),
        *api.make_routes(
            archive,
            compare,
            (lambda: as_of) if as_of else now,
            kept,
            writable=bool(decisions),
            base_url=base_url,
        ),
        *decisions,
        *file_routes.make_routes(web, kept, site),
    ]
    handlers: dict[Any, Any] = {
        HTTPException: web.refusal,
        BadParameter: lambda request, error: web.error(request, 400, str(error), error.ja),
        StorageError: lambda request, error: web.error(
            request, 503, word(REFUSALS, "no-answer", "en"), word(REFUSALS, "no-answer", "ja")
        ),
    }
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False  # no address of ours ends in one
    app.add_middleware(figures.counting)
    return app
