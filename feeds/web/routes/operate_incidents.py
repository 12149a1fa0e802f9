"""Where operators keep incidents: from a suggestion to a draft, and whatever is done to one afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds.formats.entries import load_names
from feeds.operator import Decision, IncidentInput, Operator
from feeds.views.deciding.incident_fields import keep_fields, read_fields, write_fields
from feeds.views.deciding.kept_page import build_kept_page, list_notices, show_suggestion
from feeds.web.lookup import BilingualError, not_found
from feeds.web.params import MAX_ID
from feeds.wording.tables.decision_words import DECIDED
from storage.archive import Archive
from storage.records import IncidentAction

MAX_BODY_BYTES = 1_000_000  # a roster of 500 bodies, each character written as nine
MAX_FIELDS = 2_000
MAX_NOTICES = 10_000
MAX_SUGGESTIONS = 30
STATUS = {"done": 200, "already": 409, "unknown": 404, "refused": 422}
ACTS: tuple[IncidentAction | Literal["undo"], ...] = (
    "edit",
    "link",
    "unlink",
    "merge",
    "close",
    "reopen",
    "remove",
    "undo",
)

ABOUT_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("offer", "link", "notice", "kept", "published")),
    "accepted": [],
}
"""What a page that confirms a decision may be about."""

Show = Callable[[Request, str, dict[str, Any], int], Response]
Prove = Callable[..., Any]
"""Reads a form, with more room than others have, and refuses it without proof of a session."""


def make_routes(
    operator: Operator, archive: Archive, show: Show, prove: Prove, is_proven: Callable[[Request], bool]
) -> list[Route]:
    """Make the routes by which incidents are kept."""
    made = _Keeping(operator, archive, show, prove, is_proven)
    return [
        Route("/operate/suggestions", made.suggestions),
        Route("/operate/drafts", made.draft, methods=["POST"]),
        Route("/operate/incidents", made.create, methods=["POST"]),
        Route("/operate/incidents/{slug:slug}", made.page),
        Route("/operate/incidents/{slug:slug}/{act}", made.act, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _Keeping:
    operator: Operator
    archive: Archive
    show: Show
    prove: Prove
    is_proven: Callable[[Request], bool]

    def suggestions(self, request: Request) -> Response:
        """Show suggested incidents; looking for them may take a while."""
        if not self.is_proven(request):
            return self.show(request, "operate", {"refused": False}, 200)
        found = self.operator.suggest_incidents()[:MAX_SUGGESTIONS]
        with self.archive.read() as reader:
            names = load_names(reader)
            clusters = [show_suggestion(reader, one.notices, one.evidence, one.score, names) for one in found]
        return self.show(request, "suggestions", {"clusters": clusters}, 200)

    async def draft(self, request: Request) -> Response:
        """Show a draft of an incident of notices, to be changed and saved; nothing is stored yet."""
        given = await self._given(request)
        return await run_in_threadpool(self._draft, request, given)

    def _draft(self, request: Request, given: Mapping[str, str]) -> Response:
        numbers = _numbers(given)
        if not numbers:
            raise BilingualError(400, "no-notices")
        drafted = self.operator.draft_incident(numbers)
        return self._form(request, drafted.slug, write_fields(drafted), given, None)

    async def create(self, request: Request) -> Response:
        """Save a draft, or show it again with what is wrong with it."""
        given = await self._given(request)
        return await run_in_threadpool(self._create, request, given)

    def _create(self, request: Request, given: Mapping[str, str]) -> Response:
        slug, fields, origin = given.get("slug", "").strip(), keep_fields(given), given.get("from", "")
        keys = {**read_fields(fields)}
        if origin:
            split = IncidentInput(keys, _numbers(given), into=slug)
            decision = self.operator.keep_incident("split", origin, split)
        else:
            decision = self.operator.keep_incident("new", slug, IncidentInput(keys, _numbers(given)))
        if decision.outcome != "done":
            return self._form(request, slug, fields, given, decision)
        return self._decided(request, slug, decision)

    def page(self, request: Request) -> Response:
        """Show an incident with all that can be done to it."""
        if not self.is_proven(request):
            return self.show(request, "operate", {"refused": False}, 200)
        return self._page(request, request.path_params["slug"], None)

    async def act(self, request: Request) -> Response:
        """Do something to an incident."""
        given = await self._given(request)
        return await run_in_threadpool(self._act, request, given)

    def _act(self, request: Request, given: Mapping[str, str]) -> Response:
        slug, act = request.path_params["slug"], request.path_params["act"]
        if act not in ACTS:
            raise not_found("this page")
        fields = keep_fields(given)
        told = IncidentInput(
            keys=read_fields(fields) if act == "edit" else {},
            notices=_numbers(given),
            into=given.get("into", ""),
            seen=_number(given.get("seen", "")),
        )
        decision = self.operator.keep_incident(act, slug, told)
        if act == "edit" and decision.outcome != "done":  # what was written is not lost
            return self._page(request, slug, decision, fields=fields)
        return self._decided(request, slug, decision)

    def _page(self, request: Request, slug: str, decision: Decision | None, **kept: Any) -> Response:
        with self.archive.read() as reader:
            known = reader.stored_incident(slug)
            if known is None:
                raise not_found("this incident")
            context = build_kept_page(reader, known, load_names(reader))
        context |= {"decision": decision, **kept}
        return self.show(request, "kept", context, STATUS[decision.outcome] if decision else 200)

    def _form(
        self, request: Request, slug: str, fields: Any, given: Mapping[str, str], decision: Decision | None
    ) -> Response:
        numbers = _numbers(given)
        with self.archive.read() as reader:
            names = load_names(reader)
            notices = list_notices(reader, numbers[:20], names)
            origin = reader.stored_incident(given.get("from", ""))
        context = {
            "slug": slug,
            "fields": fields,
            "numbers": numbers,
            "notices": notices,
            "origin": origin,
            "decision": decision,
        }
        return self.show(request, "draft", context, STATUS[decision.outcome] if decision else 200)

    def _decided(self, request: Request, slug: str, decision: Decision) -> Response:
        with self.archive.read() as reader:
            stored, known = reader.stored_incident(slug), reader.incident(slug)
            last = reader.last_incident_step(slug) if stored else None
        context = {
            **ABOUT_NOTHING,
            "headings": DECIDED[decision.outcome],
            "decision": decision,
            "kept": stored,
            "published": known,
            "seen": last.operation if last else 0,
        }
        return self.show(request, "decided", context, STATUS[decision.outcome])

    async def _given(self, request: Request) -> Mapping[str, str]:
        given: Mapping[str, str] = await self.prove(request, MAX_BODY_BYTES, MAX_FIELDS)
        return given


def _numbers(given: Mapping[str, str]) -> tuple[int, ...]:
    """Read the numbers of notices, which stand apart by blanks or commas, in one field or in several."""
    said = given.get("notices", "").replace(",", " ").split()
    found = dict.fromkeys(number for one in said if (number := _number(one)) is not None)
    if len(said) > MAX_NOTICES or any(_number(one) is None for one in said):
        raise BilingualError(400, "bad-notices", MAX_NOTICES)
    return tuple(found)


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= len(str(MAX_ID)) else None
