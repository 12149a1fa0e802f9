"""The roster of an incident to keep and to follow: CSV, JSON, and a feed of the bodies that became known."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime

from feeds import addresses
from feeds.addresses import Site
from feeds.course.course_json import roster_json
from feeds.course.incident_course import Course
from feeds.course.roster import RosterBody
from feeds.formats.atom_rss import Feed
from feeds.formats.entries import FeedEntry, Names
from feeds.wording import sanitise
from feeds.wording.sanitise import one_line, web_url
from feeds.wording.tables.feed_words import FEEDS
from feeds.wording.tables.incident_words import PARTS_NAMED, STAGES
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import phrase, word
from storage.export import write_csv
from storage.text.body_names import name_key

FORMS = {"csv": "text/csv", "json": "application/json"}
"""Forms of the file, with their media types."""

COLUMNS = (
    "name", "kind", "has_disclosed", "day", "disclosed", "days_after_first", "latest_count", "stage",
    "first_counts", "last_counts", "outcomes", "steps", "edits", "silent_edits", "last_edit", "known_since",
    "source", "notices", "named_by", "declared", "count", "later", "unknown",
)  # fmt: skip
"""Columns of the CSV file, which are fields of the JSON."""

MAX_ENTRIES = 100


def write_roster(known: Course, form: str) -> bytes:
    """Write a roster in one of FORMS."""
    rows = [roster_json(body) for body in known.roster]
    if form == "json":
        about = {"incident": known.incident.slug, "name": known.incident.name}
        counted = {"bodies": known.summary.bodies, "disclosed": known.summary.disclosed}
        said = json.dumps({**about, **counted, "roster": rows}, ensure_ascii=False, indent=1)
        return said.encode("utf-8", "replace") + b"\n"
    out = io.BytesIO()
    named = (
        [f"{one['source']}: {one['part']} (notice {one['notice']})" for one in row["named_by"]]
        for row in rows
    )
    write_csv(({**row, "named_by": said} for row, said in zip(rows, named, strict=True)), out, COLUMNS)
    return out.getvalue()


def build_roster_feed(known: Course, names: Names, site: Site) -> Feed:
    """Build the feed of bodies that became known by a notice, the newest first; declared ones are no news."""
    incident = known.incident
    name = names.incident(incident.slug)
    path = addresses.roster_feed(incident.slug)
    dated = [(since, body) for body in known.roster if (since := body.known_since) is not None]
    newest = sorted(dated, key=lambda pair: (pair[0], name_key(pair[1].entry.name)), reverse=True)
    return Feed(
        tag=addresses.feed_tag(path),
        title=f"kohyo: {phrase(FEEDS, 'roster', site.lang, name)}",
        subtitle=phrase(FEEDS, "roster-about", site.lang, name),
        lang=site.lang,
        address=site.feed(path),
        home=site.url(addresses.incident_page(incident.slug)),
        entries=[_entry(known, body, since, names, site) for since, body in newest[:MAX_ENTRIES]],
        hubs=(site.hub,) if site.hub else (),
    )


def _entry(known: Course, body: RosterBody, since: datetime, names: Names, site: Site) -> FeedEntry:
    slug, lang, body_name = known.incident.slug, site.lang, one_line(body.entry.name)
    own = [(notice, "") for notice in body.notices]
    named = [(one.notice, word(PARTS_NAMED, one.part, lang)) for one in body.named]
    notice, part = min([*own, *named], key=lambda pair: (pair[0].first_seen, pair[0].id))
    by = names.source(notice.source)
    said = f"{by} ({part})" if part else word(LABELS, "own-notice", lang)
    lines = [f"{body_name}: {said}"]
    if body.count and body.stage:
        lines.append(f"{one_line(body.count)} ({word(STAGES, body.stage, lang)})")
    page = site.url(f"{addresses.incident_page(slug)}#roster")
    link = sanitise.link(site.url(addresses.notice_page(notice.id)), one_line(notice.title) or notice.url)
    html = "".join(f"<p>{sanitise.mark_japanese(line, lang)}</p>" for line in lines)
    met = since.astimezone(UTC)
    digest = hashlib.blake2b(name_key(body_name).encode(), digest_size=8).hexdigest()
    return FeedEntry(
        tag=addresses.body_tag(slug, digest),
        notice=f"{addresses.TAG}notice/{notice.id}",
        kind="new",
        title=one_line(lines[0], 240),
        summary="\n".join(lines),
        html=sanitise.clean(f"{html}<p>{link}</p>"),
        published=met,
        updated=met,
        author=by,
        url=page,
        original=web_url(notice.url),
        notice_url=site.url(addresses.notice_page(notice.id)),
        pair=None,
        categories=(),
    )
