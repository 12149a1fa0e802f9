"""Look up the record that a URL names, or raise a 404 with a message in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request

from feeds.addresses import EPOCH
from feeds.formats.channels import WatchList
from feeds.web.params import MAX_ID, parse_number
from feeds.wording.conditions import BadParameter
from feeds.wording.tables.request_words import REFUSALS, THINGS
from feeds.wording.words import phrase, word
from storage.archive import Reader
from storage.records import Change, Incident, Notice, Source, Version
from storage.text.body_names import name_key
from storage.topics.keys.organisations import is_body


class BilingualError(HTTPException):
    """An HTTP error that is one of ``REFUSALS``; ``ja`` says it in Japanese, for the pages."""

    def __init__(
        self, status: int, name: str, *words: object, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, phrase(REFUSALS, name, "en", *words), headers)
        self.ja = phrase(REFUSALS, name, "ja", *words)


def not_found(what: str) -> BilingualError:
    """Make the 404 for one of ``THINGS``."""
    error = BilingualError(404, "not-on-record", word(THINGS, what, "en"))
    error.ja = phrase(REFUSALS, "not-on-record", "ja", word(THINGS, what, "ja"))
    return error


def find_notice(reader: Reader, request: Request) -> Notice:
    """Find the notice of the path, or raise a 404."""
    id = request.path_params["id"]
    found = reader.notice(id) if id <= MAX_ID else None
    if found is None:
        raise not_found("this notice")
    return found


def find_change(reader: Reader, request: Request) -> Change:
    """Find the change of the path, or raise a 404."""
    id = request.path_params["id"]
    found = reader.change(id) if id <= MAX_ID else None
    if found is None:
        raise not_found("this change")
    return found


def find_source(reader: Reader, request: Request) -> Source:
    """Find the source of the path, or raise a 404."""
    found = reader.source(request.path_params["id"])
    if found is None:
        raise not_found("this source")
    return found


def find_incident(reader: Reader, request: Request) -> Incident:
    """Find the incident of the path, or that it was merged into; raise a 404, or a 410 if it was removed."""
    slug = request.path_params["slug"]
    found = reader.incident(slug)
    if found is None:
        raise (
            BilingualError(410, "incident-gone")
            if reader.stored_incident(slug)
            else not_found("this incident")
        )
    return found


def find_body(reader: Reader, request: Request) -> tuple[str, ...]:
    """Find all names of the body of the path, the one it stands under first; raise a 404 for what is none."""
    key = request.path_params["key"]
    if not is_body(key) or name_key(key) != key:
        raise not_found("this organisation")
    return reader.names_of_bodies([key])[key]


def find_watch_list(watching: Iterable[WatchList], request: Request) -> WatchList:
    """Find the watch-list of the path, or raise a 404."""
    for one in watching:
        if one.name == request.path_params["name"]:
            return one
    raise not_found("this watch-list")


def find_last_change(reader: Reader) -> datetime:
    """Find when the archive last recorded a change."""
    return reader.latest_change()[1] or EPOCH


def find_version(reader: Reader, request: Request) -> Version:
    """Find a version of the notice's page, or of one of its attachments."""
    found = _of_notice(reader, find_notice(reader, request), request.path_params["version"])
    if found is None:
        raise not_found("this version")
    return found


def find_pair(reader: Reader, request: Request) -> tuple[Version, Version]:
    """Find any two versions of a notice's page, or of one of its attachments."""
    a, b = (parse_number(request.query_params, name) for name in ("a", "b"))
    if a is None or b is None:
        raise BadParameter("no-pair")
    told = find_notice(reader, request)
    old, new = _of_notice(reader, told, a), _of_notice(reader, told, b)
    if old is None or new is None or old.page != new.page:
        raise not_found("this pair of versions")
    return old, new


def _of_notice(reader: Reader, notice: Notice, id: int) -> Version | None:
    found = reader.version(id) if id <= MAX_ID else None
    own = {notice.page, *(page.id for page in reader.attachments_of(notice.page))}
    return found if found is not None and found.page in own else None
