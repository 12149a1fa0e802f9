"""Where everything stands: one set of paths for the published tree and the web application.

Paths are relative to the base URL and never begin with a slash, so that a tree works under any
prefix and from a file system.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.records import Change

# RFC 4151. Both are part of every identifier ever published and must never change; the address
# of a site may. The domain is reserved and belongs to nobody, so no one else can coin such tags.
TAG = "tag:kohyo.invalid,2026:"

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FORMATS = ("atom", "rss", "json")
MEDIA_TYPES = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
    "ics": "text/calendar",
    "opml": "text/x-opml",
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """A feed document's whole address, but for the format."""

    path: str
    query: str = ""

    def to(self, form: str) -> str:
        return f"{self.path}.{form}" + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a tree will stand and in which language it speaks.

    ``keep`` is a query that keeps a reader in a language other than the site's own while following
    links; ``live`` says that a program answers, so search and comparison can be linked to; ``hub``
    is the address of a WebSub hub that pushes the feeds on."""

    base_url: str
    lang: str = "ja"
    keep: str = ""
    live: bool = False
    hub: str = ""

    def url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{self.local(path)}"

    def local(self, path: str) -> str:
        """The path with what must be kept in it."""
        if not self.keep:
            return path
        address, mark, fragment = path.partition("#")
        return f"{address}{'&' if '?' in address else '?'}{self.keep}{mark}{fragment}"

    def feed(self, path: str, query: str = "") -> FeedAddress:
        kept = "&".join(part for part in (query, self.keep) if part)
        return FeedAddress(f"{self.base_url.rstrip('/')}/{path}", kept)


ALL = "feeds/all"
HOME = "index.html"
SEARCH = "search"
SEARCH_FEED = "feeds/search"
CHANGES_FILE = "api/changes"
HITS_FILE = "api/search"
API = "api/openapi.json"
COVERAGE = "coverage.html"
OPML = "feeds.opml"
DEADLINES = "feeds/deadlines.ics"
STYLE = "static/kohyo.css"
ICON = "static/kohyo.svg"
SCRIPTS = ("static/htmx.min.js", "static/kohyo.js")


def notice_page(notice: int) -> str:
    return f"notices/{notice}.html"


def change_anchor(change: Change) -> str:
    return f"{notice_page(change.notice)}#change-{change.id}"


def pair_page(notice: int, old: int, new: int) -> str:
    return f"notices/{notice}/diff?a={old}&b={new}"


def incident_page(slug: str) -> str:
    return f"incidents/{slug}.html"


def incident_changes_page(slug: str) -> str:
    """All changes of an incident, where a program answers."""
    return f"{HOME}?incident={slug}&material=any"


def source_page(source: str) -> str:
    return f"sources/{source}.html"


def source_feed(source: str) -> str:
    return f"feeds/source/{source}"


def incident_feed(slug: str) -> str:
    return f"feeds/incident/{slug}"


def original(snapshot: int) -> str:
    """The bytes as they were received."""
    return f"snapshots/{snapshot}"


def archive_feed(feed: str, number: int) -> str:
    """The n-th archive document of a feed (RFC 5005), without its extension."""
    return f"{feed}/{number}"


def change_tag(change: Change) -> str:
    """The entry's identifier. The digest tells apart what two archives number alike, and holds
    only what is written once: neither the site's address nor a title is part of it."""
    seen = change.detected_at.astimezone(UTC).isoformat()
    digest = hashlib.blake2b(f"{change.source}\n{seen}".encode(), digest_size=5).hexdigest()
    return f"{TAG}change/{change.id}/{digest}"


def notice_tag(change: Change) -> str:
    return f"{TAG}notice/{change.notice}"


def feed_tag(feed: str) -> str:
    return f"{TAG}{feed}"
