"""The few addresses that take something: by POST alone, from whoever holds the token."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds.formats.entries import load_names
from feeds.operator import Decision, Operator
from feeds.views.deciding.pending import find_links, find_pending, name_offer
from feeds.web import responses
from feeds.web.gate import COOKIE, SESSION_SECONDS, Gate, is_cross_site
from feeds.web.lookup import BilingualError, not_found
from feeds.web.params import MAX_ID
from feeds.web.routes import operate_incidents
from feeds.wording.conditions import MAX_QUERY_CHARS
from feeds.wording.sanitise import plain
from feeds.wording.tables.decision_words import DECIDED
from feeds.wording.tables.job_words import JOB_LABELS, JOB_TASKS
from feeds.wording.tables.source_words import SOURCE_KINDS
from storage.archive import Archive, Reader
from storage.records import LinkStatus, Source

MAX_BODY_BYTES = 10_000  # bytes of a form
MAX_FIELDS = 20
MAX_URL_CHARS = 2_000
SHOWN_ROWS = 20
SHOWN_INCIDENTS = 100
SHOWN_JOBS = 100
SILENT = timedelta(minutes=2)
"""After which a worker that gives no sign of life is called silent; it gives one every ten seconds."""
STATUS = {"done": 200, "already": 409, "unknown": 404, "refused": 422}

Show = Callable[[Request, str, dict[str, Any], int], Response]
"""Renders a template with a context and a status."""


def make_routes(operator: Operator, gate: Gate, archive: Archive, show: Show) -> list[Route]:
    """Make the routes by which an operator decides, as pages and over the API; ``show`` renders a page."""
    made = _Deciding(operator, gate, archive, show)
    kept = operate_incidents.make_routes(
        operator, archive, show, made.prove, lambda request: bool(gate.proof(request))
    )
    return [
        *kept,
        Route("/operate", made.desk),
        Route("/operate/jobs", made.jobs),
        Route("/operate/enter", made.enter, methods=["POST"]),
        Route("/operate/leave", made.leave, methods=["POST"]),
        Route("/operate/offers/{id:digits}", made.form(_offer, _about_offer), methods=["POST"]),
        Route("/operate/links/{slug:slug}/{id:digits}", made.form(_link, _about_link), methods=["POST"]),
        Route(
            "/operate/notices/{id:digits}/redaction", made.form(_redaction, _about_notice), methods=["POST"]
        ),
        Route("/operate/search", made.search, methods=["POST"]),
        Route("/operate/sources", made.form(_watch, _about_source), methods=["POST"]),
        Route("/operate/sources/{id:slug}/removal", made.form(_drop, _about_source), methods=["POST"]),
        Route("/api/offers/{id:digits}", made.api(_offer), methods=["POST"]),
        Route("/api/incidents/{slug:slug}/links/{id:digits}", made.api(_link), methods=["POST"]),
        Route("/api/notices/{id:digits}/redaction", made.api(_redaction), methods=["POST"]),
    ]


Act = Callable[[Operator, Mapping[str, Any], Mapping[str, str]], Decision]


def _offer(operator: Operator, path: Mapping[str, Any], given: Mapping[str, str]) -> Decision:
    return operator.decide_offer(_id(path), accept=_accepts(given))


def _link(operator: Operator, path: Mapping[str, Any], given: Mapping[str, str]) -> Decision:
    accept = _accepts(given)
    contrary: LinkStatus = "rejected" if accept else "confirmed"
    if given.get("overrules", contrary) != contrary:
        raise BilingualError(400, "overrules")
    overrules = contrary if "overrules" in given else None
    return operator.decide_link(path["slug"], _id(path), accept=accept, overrules=overrules)


def _redaction(operator: Operator, path: Mapping[str, Any], given: Mapping[str, str]) -> Decision:
    reason = " ".join(plain(given.get("reason", "")).split())
    if not reason or len(reason) > MAX_QUERY_CHARS:
        raise BilingualError(400, "redaction-reason", MAX_QUERY_CHARS)
    if given.get("sure") != "yes":
        raise BilingualError(400, "redaction-unsure")
    return operator.redact(_id(path), reason)


def _watch(operator: Operator, path: Mapping[str, Any], given: Mapping[str, str]) -> Decision:
    name, kind = " ".join(plain(given.get("name", "")).split()), given.get("kind", "")
    if not name or len(name) > MAX_QUERY_CHARS or kind not in SOURCE_KINDS:
        raise BilingualError(400, "source-unnamed", MAX_QUERY_CHARS)
    return operator.watch_source(given.get("declaration", ""), name, kind)


def _drop(operator: Operator, path: Mapping[str, Any], given: Mapping[str, str]) -> Decision:
    return operator.drop_source(path["id"])


About = Callable[[Reader, Mapping[str, Any]], dict[str, Any]]
"""What a decision was about, for the page that confirms it."""


def _about_source(reader: Reader, path: Mapping[str, Any]) -> dict[str, Any]:
    return {"accepted": _accepted(reader)}


def _accepted(reader: Reader) -> list[Source]:
    """List the sources that were accepted here, by name; each can be taken back."""
    return sorted((one for one in reader.sources() if one.origin == "accepted"), key=lambda one: one.name)


def _about_offer(reader: Reader, path: Mapping[str, Any]) -> dict[str, Any]:
    offer = next((one for one in reader.offers() if one.id == path["id"]), None)
    return {"offer": name_offer(offer, load_names(reader))} if offer else {}


def _about_link(reader: Reader, path: Mapping[str, Any]) -> dict[str, Any]:
    notice = reader.notice(path["id"])
    links = find_links(reader, notice, load_names(reader)) if notice else []
    return {"link": next((row for row in links if row.slug == path["slug"]), None)}


def _about_notice(reader: Reader, path: Mapping[str, Any]) -> dict[str, Any]:
    return {"notice": reader.notice(path["id"])}


def _id(path: Mapping[str, Any]) -> int:
    if path["id"] > MAX_ID:
        raise not_found("this")
    id: int = path["id"]
    return id


def _accepts(given: Mapping[str, str]) -> bool:
    decision = given.get("decision")
    if decision not in ("accept", "reject"):
        raise BilingualError(400, "choices", "decision", "accept, reject")
    return decision == "accept"


Handler = Callable[[Request], Any]


@dataclass(frozen=True, slots=True)
class _Deciding:
    operator: Operator
    gate: Gate
    archive: Archive
    show: Show

    def desk(self, request: Request) -> Response:
        return self._desk(request, refused=False)

    async def enter(self, request: Request) -> Response:
        given = await _form(request)
        if is_cross_site(request):
            raise BilingualError(403, "other-site")
        if not self.gate.admits(request, given.get("token", "")):
            return await run_in_threadpool(self._desk, request, refused=True)
        return self._onwards(request, self.gate.open_session(), SESSION_SECONDS)

    async def leave(self, request: Request) -> Response:
        await self.prove(request)
        self.gate.end_session(request)
        return self._onwards(request, "", 0)

    def _desk(self, request: Request, *, refused: bool) -> Response:
        context: dict[str, Any] = {"refused": refused}
        if self.gate.proof(request):
            with self.archive.read() as reader:
                names = load_names(reader)
                context["waiting"] = find_pending(reader, names)
                context["accepted"] = _accepted(reader)
                context["kept"] = [
                    *reader.incidents()[: -SHOWN_INCIDENTS - 1 : -1],
                    *reader.removed_incidents()[: -SHOWN_ROWS - 1 : -1],
                ]
        return self.show(request, "operate", context, 403 if refused else 200)

    def jobs(self, request: Request) -> Response:
        """Show what workers do, where there are any."""
        if not self.gate.proof(request):
            return self._desk(request, refused=False)
        with self.archive.read() as reader:
            context: dict[str, Any] = {
                "counts": reader.count_jobs(),
                "resting": reader.resting_hosts(),
                "workers": reader.workers(),
                "jobs": reader.jobs(limit=SHOWN_JOBS),
            }
        silent_since = datetime.now(UTC) - SILENT
        context |= {"silent_since": silent_since, "tasks": JOB_TASKS, "rests": JOB_LABELS}
        return self.show(request, "jobs", context, 200)

    async def search(self, request: Request) -> Response:
        """Answer with what can be watched at an address, and a form to watch it."""
        given = await self.prove(request)
        url = given.get("url", "").strip()
        if not url or len(url) > MAX_URL_CHARS:
            raise BilingualError(400, "no-address", MAX_URL_CHARS)
        if "://" not in url:
            url = f"https://{url}"
        found = await run_in_threadpool(self.operator.find_source, url)
        context: dict[str, Any] = {
            "url": url,
            "failed": "",
            "found": found,
            "shown": SHOWN_ROWS,
            "kinds": tuple(SOURCE_KINDS),
        }
        if isinstance(found, str):
            context |= {"failed": found, "found": {"drafts": [], "tried": [], "remarks": []}}
        return await run_in_threadpool(self.show, request, "watch", context, 200)

    def form(self, act: Act, about: About) -> Handler:
        def confirmed(request: Request, given: Mapping[str, str]) -> Response:
            decision = act(self.operator, request.path_params, given)
            with self.archive.read() as reader:
                context = {**operate_incidents.ABOUT_NOTHING, **about(reader, request.path_params)}
            context |= {"headings": DECIDED[decision.outcome], "decision": decision}
            return self.show(request, "decided", context, STATUS[decision.outcome])

        async def handle(request: Request) -> Response:
            return await run_in_threadpool(confirmed, request, await self.prove(request))

        return handle

    def api(self, act: Act) -> Handler:
        async def handle(request: Request) -> Response:
            if not self.gate.admits_bearer(request):
                headers = {"WWW-Authenticate": "Bearer"}
                raise HTTPException(401, "this needs a token: Authorization: Bearer …", headers)
            given = await _json(request)
            decision = await run_in_threadpool(act, self.operator, request.path_params, given)
            if decision.outcome == "unknown":
                raise HTTPException(404, decision.detail)
            value = {"outcome": decision.outcome, "detail": decision.detail}
            return responses.respond_json(request, value, STATUS[decision.outcome])

        return handle

    async def prove(
        self, request: Request, most_bytes: int = MAX_BODY_BYTES, most_fields: int = MAX_FIELDS
    ) -> Mapping[str, str]:
        """Read a form of a session; refuse it without proof of that."""
        given = await _form(request, most_bytes, most_fields)
        if is_cross_site(request) or not self.gate.admits_form(request, given.get("proof", "")):
            raise BilingualError(403, "needs-token")
        return given

    def _onwards(self, request: Request, session: str, life: int) -> Response:
        language = f"?{request.url.query}" if request.url.query else ""
        headers = {**responses.HEADERS, "Location": f"../operate{language}", "Cache-Control": "no-store"}
        response = Response(status_code=303, headers=headers)
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, session, max_age=life, httponly=True, samesite="strict", secure=secure, path="/"
        )
        return response


async def _body(request: Request, media: str, most: int = MAX_BODY_BYTES) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media:
        raise BilingualError(415, "media", media)
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise BilingualError(413, "too-large", most)
    return body


async def _form(
    request: Request, most_bytes: int = MAX_BODY_BYTES, most_fields: int = MAX_FIELDS
) -> Mapping[str, str]:
    body = await _body(request, "application/x-www-form-urlencoded", most_bytes)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=most_fields)
    except ValueError:
        raise BilingualError(400, "too-many-fields") from None
    given: dict[str, str] = {}
    for name, value in pairs:  # several boxes of one name are ticked
        given[name] = f"{given[name]} {value}" if name == "notices" and name in given else value
    return given


async def _json(request: Request) -> Mapping[str, str]:
    try:
        value = json.loads(await _body(request, "application/json"))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise HTTPException(400, "this takes an object of strings")
    return value
