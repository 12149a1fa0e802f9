"""What the pages show, gathered from the archive: joins and grouping, no judgement."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from feeds import addresses, marks
from feeds.addresses import FeedAddress, Site
from feeds.clean import one_line
from feeds.entries import Names, facts_html
from feeds.record import marked, record, told
from feeds.timeline import Point, timeline
from feeds.words import JST, condition, say_date, say_summary, say_time
from storage.archive import Reader
from storage.query import Hit
from storage.records import Change, Fact, Link, Notice, Version, VersionHead

NOTICES = 200
"""Notices listed on one page of a source or an incident."""

IN_FULL, HUNKS = 30, 40
"""Changes on the page of a notice that show what differs, and passages of each."""

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One change in a list."""

    change: Change
    title: str
    source: str
    path: str
    summary: Markup
    facts: Markup
    incidents: list[tuple[str, str]]


def lines(changes: Iterable[Change], names: Names, site: Site) -> list[Line]:
    return [
        Line(
            change,
            one_line(change.title) or one_line(change.url),
            names.source(change.source),
            addresses.change_anchor(change),
            markup(marks.spoken(say_summary(change.summary, site.lang), site.lang)),
            markup(facts_html(change, site.lang)),
            [(slug, one_line(names.incidents.get(slug, slug))) for slug in change.incidents],
        )
        for change in changes
    ]


def by_day(rows: Iterable[Line], lang: str) -> list[tuple[str, list[Line]]]:
    """Newest first, under the day in Japan on which the change was seen."""

    def day(row: Line) -> date:
        return row.change.detected_at.astimezone(JST).date()

    return [(say_date(key, lang), list(group)) for key, group in groupby(rows, key=day)]


def home(
    reader: Reader, changes: Sequence[Change], names: Names, site: Site, *, older: str | None = None
) -> Context:
    rows = lines(changes, names, site)
    return {
        "days": by_day(rows, site.lang),
        "incidents": reader.incidents(),
        "feeds": [("kohyo", FeedAddress(addresses.ALL))],
        "choice": None,
        "count": None,
        "older": older,
    }


@dataclass(frozen=True, slots=True)
class Condition:
    """One that the address states and no field of the form holds; ``without``: the address without it."""

    name: str
    value: str
    said: str
    without: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader can choose from, and what was chosen; the choice is a feed, too."""

    action: str
    sources: list[tuple[str, str]]
    incidents: list[tuple[str, str]]
    chosen: dict[str, str]
    others: list[Condition]
    feed: FeedAddress

    @property
    def narrowed(self) -> bool:
        chosen = any(value for name, value in self.chosen.items() if name not in ("q", "order"))
        return chosen or bool(self.others)


def choice(
    names: Names, action: str, chosen: dict[str, str], parameters: Iterable[tuple[str, str]], lang: str
) -> Choice:
    # a feed has its own order, and so has what is new
    parameters = list(parameters)
    said = [(name, value) for name, value in parameters if name != "order"]
    stated = parameters if action == addresses.SEARCH else said
    others = [
        Condition(
            name, value, _said(names, name, value, lang), _address(action, stated[:at] + stated[at + 1 :])
        )
        for at, (name, value) in enumerate(stated)
        if chosen.get(name) != value or not _has_field(names, action, name, value)
    ]
    return Choice(
        action,
        sorted(((id, names.source(id)) for id in names.sources), key=lambda pair: pair[1]),
        [(slug, one_line(name)) for slug, name in names.incidents.items()],
        chosen,
        others,
        FeedAddress(addresses.SEARCH_FEED, urlencode(said)),
    )


def _has_field(names: Names, action: str, name: str, value: str) -> bool:
    """Whether the form can show this value. Of several values of one name a field shows one."""
    if name in ("q", "order"):
        return action == addresses.SEARCH
    if name == "material":
        return action == addresses.HOME and value == "any"
    known: Mapping[str, Container[str]] = {"source": names.sources, "incident": names.incidents}
    return name in ("publisher", "kind", "reason", "action") or value in known.get(name, ())


def _said(names: Names, name: str, value: str, lang: str) -> str:
    if name == "source" and value in names.sources:
        return names.source(value)
    if name == "incident":
        return one_line(names.incidents.get(value, value))
    return condition(name, value, lang)


def _address(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a search, its words marked."""

    notice: Notice
    title: str
    source: str
    snippet: Markup


def found(reader: Reader, hits: Sequence[Hit], names: Names) -> list[Found]:
    versions = reader.versions_by_id(hit.version for hit in hits if hit.version is not None)
    return [
        Found(
            hit.notice,
            one_line(hit.notice.title) or one_line(hit.notice.url),
            names.source(hit.notice.source),
            _snippet(hit, versions.get(hit.version or 0)),
        )
        for hit in hits
    ]


def _snippet(hit: Hit, version: Version | None) -> Markup:
    """The passage that was found, with a sign at either end where its text goes on."""
    texts = [version.text, version.title] if version else [hit.notice.title]
    lines = [text.replace("\n", " ") for text in texts]  # as in the passage
    whole = next((line for line in lines if hit.snippet in line), hit.snippet)
    before, _, after = whole.partition(hit.snippet) if hit.snippet else ("", "", "")
    begun, ended = ("…" if rest.strip() else "" for rest in (before, after))
    return markup(f"{begun}{marked(hit.snippet, 0, hit.spans)}{ended}")


@dataclass(frozen=True, slots=True)
class Told:
    """One change on the page of its notice."""

    change: Change
    claimed: date | None  # the update date the page itself gave in that version
    summary: Markup
    facts: Markup
    diff: Markup
    pair: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """The notice's page or one of its attachments: every version of it, the text of the newest."""

    heading: str
    versions: list[VersionHead]
    text: Markup
    attachments: list[Markup]


def notice(reader: Reader, notice: Notice, names: Names, site: Site) -> Context:
    pages = [notice.page, *(page.id for page in reader.attachments_of(notice.page))]
    history = {page: versions for page in pages if (versions := reader.history(page))}
    by_id = {head.id: head for versions in history.values() for head in versions}
    facts = {page: reader.facts(versions[-1].id) for page, versions in history.items()}
    changes = reversed(reader.changes_of_notice(notice.id))
    slugs = {incident.id: incident.slug for incident in reader.incidents()}
    return {
        "notice": notice,
        "title": one_line(notice.title) or one_line(notice.url),
        "publisher": names.source(notice.source),
        "incidents": [
            (slugs[link.incident], one_line(names.incidents[slugs[link.incident]]), link.status)
            for link in reader.links_of_notice(notice.id)
            if link.status != "rejected"
        ],
        "facts": told((fact for several in facts.values() for fact in several), site.lang),
        "changes": [
            _told(change, by_id, site, in_full=number < IN_FULL) for number, change in enumerate(changes)
        ],
        "strip": _strip(notice, history, site) if len(by_id) > len(history) else None,
        "documents": [
            _document(reader, versions, facts[page], page == notice.page, site.lang)
            for page, versions in history.items()
        ],
        "redactions": [trace for trace in reader.redactions() if trace.notice == notice.id],
        "feeds": [(names.source(notice.source), FeedAddress(addresses.source_feed(notice.source)))],
    }


def _told(change: Change, versions: Mapping[int, VersionHead], site: Site, *, in_full: bool) -> Told:
    version = versions.get(change.to_version or 0)
    old = versions.get(change.from_version or 0)
    pair = None
    if site.live and old and version:
        pair = addresses.pair_page(change.notice, old.id, version.id)
    # where no program can show two versions whole, the page has all there is
    limit = HUNKS if pair else 1_000
    return Told(
        change,
        version.updated if version else None,
        markup(marks.spoken(say_summary(change.summary, site.lang), site.lang)),
        markup(facts_html(change, site.lang) if in_full else ""),
        markup(marks.diff(change.hunks, site.lang, limit=limit) if in_full or not pair else ""),
        pair,
    )


def _strip(notice: Notice, history: Mapping[int, Sequence[VersionHead]], site: Site) -> Markup:
    """The versions over time, a line each for the page and its attachments."""
    up, en = "../", site.lang == "en"  # notice pages stand one folder below the root
    points = []
    for number, versions in enumerate(history.values()):
        lane = ("Text" if en else "本文") if number == 0 else one_line(versions[-1].title) or f"#{number}"
        for before, head in zip([None, *versions], versions, strict=False):
            name = f"Version {head.number}" if en else f"第{head.number}版"
            href = "#changes"
            if site.live and before:
                href = up + site.local(addresses.pair_page(notice.id, before.id, head.id))
            title = f"{lane} {name} {say_time(head.captured_at, site.lang)}"
            kind = "updated" if before else "new"
            points.append(Point(lane, head.captured_at, kind, name, title, href))
    return timeline(points, "Versions over time" if en else "版の推移")


def _document(
    reader: Reader, versions: list[VersionHead], facts: Sequence[Fact], main: bool, lang: str
) -> Document:
    last = reader.version(versions[-1].id)
    assert last is not None, "its head was just read"
    text, attachment = ("Text", "Attachment") if lang == "en" else ("本文", "添付資料")
    heading = text if main else f"{attachment}: {one_line(last.title)}"
    return Document(heading, versions, record(last, facts), [_link(link) for link in last.attachments])


def _link(link: Link) -> Markup:
    return markup(marks.link(link.url, one_line(link.text) or link.url))


def markup(html: str) -> Markup:
    return Markup(marks.clean(html)) if html else Markup("")  # noqa: S704 - through nh3
