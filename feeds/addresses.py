"""Where everything stands: one set of paths for the published tree and the web application.

Paths are relative to the base URL and never begin with a slash, so that a tree works under any
prefix and from a file system.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

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
    """The whole address of a feed document, without its format."""

    path: str
    query: str = ""

    def to(self, form: str) -> str:
        """Give the address of the document in a format: atom, rss or json."""
        return f"{self.path}.{form}" + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a tree will stand and which language it is written in.

    ``keep`` is a query that keeps a reader in a language other than the site's own while following
    links; ``live`` means that a program answers, so search and comparison can be linked to; ``hub``
    is the address of a WebSub hub that pushes the feeds on; ``contact`` is where whoever runs it is reached.
    """

    base_url: str
    lang: str = "ja"
    keep: str = ""
    live: bool = False
    hub: str = ""
    contact: str = ""

    def url(self, path: str) -> str:
        """Give the absolute address of a path of the tree."""
        return f"{self.base_url.rstrip('/')}/{self.local(path)}"

    def local(self, path: str) -> str:
        """Add the query that must be kept to a path, before its fragment."""
        if not self.keep:
            return path
        address, mark, fragment = path.partition("#")
        return f"{address}{'&' if '?' in address else '?'}{self.keep}{mark}{fragment}"

    def feed(self, path: str, query: str = "") -> FeedAddress:
        """Give the address of a feed by its path, without the format."""
        kept = "&".join(part for part in (query, self.keep) if part)
        return FeedAddress(f"{self.base_url.rstrip('/')}/{path}", kept)


ALL = "feeds/all"
ALERTS = "feeds/alerts"
HOME = "index.html"
SEARCH = "search"
ROWS = "rows"
SEARCH_FEED = "feeds/search"
CHANGES_FILE = "api/changes"
HITS_FILE = "api/search"
NOTICES_FILE = "api/notices"
API = "api/openapi.json"
COVERAGE = "coverage.html"
ABOUT = "about.html"
GLOSSARY = "glossary.html"
ORGANISATIONS = "organisations.html"
OPML = "feeds.opml"
DEADLINES = "feeds/deadlines.ics"
CLOCKS = "feeds/clocks.ics"
STYLE = "static/kohyo.css"
ICON = "static/kohyo.svg"
SCRIPTS = ("static/htmx.min.js", "static/kohyo.js")


def notice_page(notice: int) -> str:
    """Give the path of a notice's page."""
    return f"notices/{notice}.html"


def change_anchor(change: Change) -> str:
    """Give the path of a notice's page at one of its changes."""
    return f"{notice_page(change.notice)}#change-{change.id}"


def pair_page(notice: int, old: int, new: int) -> str:
    """Give the path of the comparison of two versions, by their ids."""
    return f"notices/{notice}/diff?a={old}&b={new}"


def evidence_of_change(change: int) -> str:
    """Give the path of the evidence of a change, where a program answers."""
    return f"api/changes/{change}/evidence.zip"


def evidence_of_notice(notice: int) -> str:
    """Give the path of the evidence of a notice, where a program answers."""
    return f"api/notices/{notice}/evidence.zip"


def incident_page(slug: str) -> str:
    """Give the path of an incident's page."""
    return f"incidents/{slug}.html"


def incident_roster(slug: str) -> str:
    """Give the path of an incident's roster as a file, without its extension."""
    return f"incidents/{slug}/roster"


def incident_changes_page(slug: str) -> str:
    """Give the path that lists all changes of an incident, where a program answers."""
    return f"{HOME}?incident={slug}&material=any"


def source_page(source: str) -> str:
    """Give the path of a source's page."""
    return f"sources/{source}.html"


def source_feed(source: str) -> str:
    """Give the path of a source's feed, without its extension."""
    return f"feeds/source/{source}"


def incident_feed(slug: str) -> str:
    """Give the path of an incident's feed, without its extension."""
    return f"feeds/incident/{slug}"


def roster_feed(slug: str) -> str:
    """Give the path of the feed of bodies newly known of an incident, without its extension."""
    return f"{incident_feed(slug)}/roster"


def organisation_page(key: str) -> str:
    """Give the path of a body's page, by the key of its name."""
    return f"organisations/{quote(key, safe='')}.html"


def organisation_feed(key: str) -> str:
    """Give the path of a body's feed, without its extension."""
    return f"feeds/organisation/{quote(key, safe='')}"


def organisation_changes_page(key: str) -> str:
    """Give the path that lists all changes about a body, where a program answers."""
    return f"{HOME}?body={quote(key, safe='')}&material=any"


def watch_list_page(name: str) -> str:
    """Give the path of the page of a watch-list."""
    return f"watching/{name}.html"


def watch_list_feed(name: str) -> str:
    """Give the path of the feed of a watch-list, without its extension."""
    return f"feeds/watching/{name}"


def original(snapshot: int) -> str:
    """Give the path of a snapshot: the bytes as they were received."""
    return f"snapshots/{snapshot}"


def archive_feed(feed: str, number: int) -> str:
    """Give the path of the n-th archive document of a feed (RFC 5005), without its extension."""
    return f"{feed}/{number}"


def change_tag(change: Change) -> str:
    """Make the identifier of a change's entry (RFC 4151).

    The digest distinguishes changes that two archives number alike. It covers only what is written
    once: neither the site's address nor a title is part of it.
    """
    seen = change.detected_at.astimezone(UTC).isoformat()
    digest = hashlib.blake2b(f"{change.source}\n{seen}".encode(), digest_size=5).hexdigest()
    return f"{TAG}change/{change.id}/{digest}"


def notice_tag(change: Change) -> str:
    """Make the identifier of a change's notice (RFC 4151)."""
    return f"{TAG}notice/{change.notice}"


def body_tag(slug: str, digest: str) -> str:
    """Make the identifier of a body of an incident (RFC 4151); ``digest`` is of its folded name."""
    return f"{TAG}incident/{slug}/body/{digest}"


def feed_tag(feed: str) -> str:
    """Make the identifier of a feed (RFC 4151)."""
    return f"{TAG}{feed}"
