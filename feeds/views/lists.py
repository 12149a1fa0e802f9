"""What the pages show, gathered from the archive: joins and grouping, no judgement."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.formats.entries import Names, facts_html, summary_html
from feeds.views.pending import links_of
from feeds.views.timeline_svg import Point, kinds, timeline
from feeds.wording import diff_html
from feeds.wording.sanitise import one_line
from feeds.wording.text_html import marked, record, told
from feeds.wording.words import JST, condition, say_date, say_time
from storage.archive import Reader
from storage.query import Hit
from storage.records import Change, Fact, Link, Notice, VersionHead
from storage.text.fold import fold
from storage.text.phrases import folded, words

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
    summary: Markup  # where the facts do not tell what changed
    facts: Markup
    incidents: list[tuple[str, str]]


def lines(changes: Iterable[Change], names: Names, site: Site, within: str = "") -> list[Line]:
    """``within``: the incident on whose page they stand, which goes without saying."""
    return [_line(change, names, site, within) for change in changes]


def _line(change: Change, names: Names, site: Site, within: str) -> Line:
    facts = markup(facts_html(change, site.lang))
    # with its dates alone, a change would seem to be about nothing else
    summed_up = not facts or (change.kind == "updated" and all(fact.field == "date" for fact in change.facts))
    return Line(
        change,
        one_line(change.title) or one_line(change.url),
        names.source(change.source),
        addresses.change_anchor(change),
        markup(summary_html(change, site.lang) if summed_up else ""),
        facts,
        [(slug, one_line(names.incidents.get(slug, slug))) for slug in change.incidents if slug != within],
    )


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
    file: FeedAddress  # the same rows to keep

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
        _file(action, stated),
    )


def _file(action: str, stated: Sequence[tuple[str, str]]) -> FeedAddress:
    if action == addresses.SEARCH:
        return FeedAddress(addresses.HITS_FILE, urlencode(stated))
    if all(name != "material" for name, _ in stated):  # goes without saying on a page, and not in the API
        stated = [*stated, ("material", "true")]
    return FeedAddress(addresses.CHANGES_FILE, urlencode(stated))


def _has_field(names: Names, action: str, name: str, value: str) -> bool:
    """Whether the form can show this value. Of several values of one name a field shows one."""
    if name in ("q", "order"):
        return action == addresses.SEARCH
    if name == "material":
        return action == addresses.HOME and value == "any"
    known: Mapping[str, Container[str]] = {"source": names.sources, "incident": names.incidents}
    return name not in known or value in known[name]


def _said(names: Names, name: str, value: str, lang: str) -> str:
    if name == "source" and value in names.sources:
        return names.source(value)
    if name == "incident":
        return one_line(names.incidents.get(value, value))
    return condition(name, value, lang)


def _address(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


@dataclass(frozen=True, slots=True)
class Publisher:
    """A source that a search names, and the search for the other words in its notices, if there are any."""

    id: str
    name: str
    words: str
    within: str


def publishers(names: Names, text: str) -> list[Publisher]:
    """Sources whose name holds one of the phrases: publishers seldom write their own name in a notice."""
    asked = [(word, folded(word)) for word in words(text)]
    found = []
    for id, source in names.sources.items():
        name = fold(source.name)
        # a single character is in many names by chance
        if any(len(phrase) > 1 and phrase in name for _, phrase in asked):
            rest = " ".join(word for word, phrase in asked if phrase not in name)
            within = f"{addresses.SEARCH}?{urlencode({'q': rest, 'source': id})}" if rest else ""
            found.append(Publisher(id, names.source(id), rest, within))
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a search, its words marked."""

    notice: Notice
    title: str
    source: str
    snippet: Markup


def found(hits: Sequence[Hit], names: Names) -> list[Found]:
    return [
        Found(
            hit.notice,
            one_line(hit.notice.title) or one_line(hit.notice.url),
            names.source(hit.notice.source),
            _snippet(hit),
        )
        for hit in hits
    ]


def _snippet(hit: Hit) -> Markup:
    """The passage that was found, with a sign at either end where its text goes on."""
    before, behind = ("…" if more else "" for more in hit.goes_on)
    return markup(f"{before}{marked(hit.snippet, 0, hit.spans)}{behind}")


@dataclass(frozen=True, slots=True)
class Told:
    """One change on the page of its notice."""

    change: Change
    claimed: date | None  # the update date the page itself gave in that version
    summary: Markup  # where nothing else tells what changed
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
    changes = list(reversed(reader.changes_of_notice(notice.id)))
    points = _strip(notice, history, site) if len(by_id) > len(history) else []
    return {
        "notice": notice,
        "title": one_line(notice.title) or one_line(notice.url),
        "publisher": names.source(notice.source),
        "links": links_of(reader, notice, names),
        "withdrawal": next((change for change in changes if change.kind == "withdrawn"), None),
        "facts": told((fact for several in facts.values() for fact in several), site.lang),
        "changes": [
            _told(change, by_id, site, in_full=number < IN_FULL) for number, change in enumerate(changes)
        ],
        "strip": timeline(points, "Versions over time" if site.lang == "en" else "版の推移"),
        "kinds": kinds(points),
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
    facts = markup(facts_html(change, site.lang) if in_full else "")
    diff = markup(diff_html.diff(change.hunks, site.lang, limit=limit) if in_full or not pair else "")
    return Told(
        change,
        version.updated if version else None,
        markup("" if facts or diff else summary_html(change, site.lang)),
        facts,
        diff,
        pair,
    )


def _strip(notice: Notice, history: Mapping[int, Sequence[VersionHead]], site: Site) -> list[Point]:
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
    return points


def _document(
    reader: Reader, versions: list[VersionHead], facts: Sequence[Fact], main: bool, lang: str
) -> Document:
    last = reader.version(versions[-1].id)
    assert last is not None, "its head was just read"
    text, attachment = ("Text", "Attachment") if lang == "en" else ("本文", "添付資料")
    heading = text if main else f"{attachment}: {one_line(last.title)}"
    return Document(heading, versions, record(last, facts), [_link(link) for link in last.attachments])


def _link(link: Link) -> Markup:
    return markup(diff_html.link(link.url, one_line(link.text) or link.url))


def markup(html: str) -> Markup:
    return Markup(diff_html.clean(html)) if html else Markup("")  # noqa: S704 - through nh3
