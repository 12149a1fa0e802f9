"""What is downloaded as it is: rosters, stored bytes, looks and scripts, files of a folder beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds import addresses
from feeds.addresses import EPOCH, MEDIA_TYPES
from feeds.course.incident_course import load_course
from feeds.evidence.file_names import make_file_name
from feeds.formats import roster_files
from feeds.views import render
from feeds.web import lookup, responses
from feeds.web.lookup import not_found
from feeds.web.params import MAX_ID
from feeds.web.running.kept import KeptAnswers
from feeds.web.serving import Serving


def make_routes(web: Serving, kept: KeptAnswers, folder: Path | None) -> list[Route]:
    """Make the routes of files. Those of ``folder`` answer whatever nothing else does: they come last."""
    files = _Files(web, folder)
    return [
        Route("/incidents/{slug:slug}/roster.{form}", kept.keep(files.roster)),
        Route("/snapshots/{id:digits}", files.snapshot),
        *(Route(f"/{path}", files.static) for path in (addresses.STYLE, addresses.ICON, *addresses.SCRIPTS)),
        Route("/{path:path}", files.file),
    ]


@dataclass(frozen=True, slots=True)
class _Files:
    web: Serving
    folder: Path | None

    def roster(self, request: Request) -> Response:
        """Answer with the roster of an incident as a file."""
        form = request.path_params["form"]
        if form not in roster_files.FORMS:
            raise not_found("this format")
        with self.web.archive.read() as reader:
            found = lookup.find_incident(reader, request)
            body = roster_files.write_roster(load_course(reader, found), form)
            modified = lookup.find_last_change(reader)
        headers = {"Content-Disposition": f'attachment; filename="{found.slug}-roster.{form}"'}
        headers |= {"Access-Control-Allow-Origin": "*"}
        return responses.respond(request, body, roster_files.FORMS[form], modified=modified, headers=headers)

    def snapshot(self, request: Request) -> Response:
        """Send bytes as they were received: only ever a download, never a page of this site."""
        id = request.path_params["id"]
        with self.web.archive.read() as reader:
            found = reader.snapshot(id, body=True) if id <= MAX_ID else None
            page = reader.page_by_id(found.page) if found else None
        if found is None:
            raise not_found("this snapshot")
        if found.body is None:
            raise HTTPException(410, "these bytes were removed to protect personal data")
        name = make_file_name(page.source if page else "snapshot", id, found.header("Content-Type"))
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return responses.respond(
            request, found.body, "application/octet-stream", modified=found.captured_at, headers=headers
        )

    def static(self, request: Request) -> Response:
        path = request.scope["path"].lstrip("/")
        return responses.respond(request, render.read_static(path), MEDIA_TYPES[path.rpartition(".")[2]])

    def file(self, request: Request) -> Response:
        """Answer with a file of the folder, if there is one and it lies within."""
        path = request.path_params["path"]
        if self.folder is None or "\0" in path:
            raise not_found("this page")
        root = self.folder.resolve()
        hidden = any(part.startswith(".") for part in Path(path).parts)
        try:
            target = (root / path).resolve()
            known = not hidden and target.is_relative_to(root) and target.is_file()
        except OSError:  # a name longer than any file's
            known = False
        if not known:
            raise not_found("this page")
        media = MEDIA_TYPES.get(target.suffix.removeprefix("."), "application/octet-stream")
        modified = datetime.fromtimestamp(int(target.stat().st_mtime), EPOCH.tzinfo)
        return responses.respond(request, target.read_bytes(), media, modified=modified)
