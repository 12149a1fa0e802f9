"""The page of a notice: its changes, the text of its documents, and the versions of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.course.cross_check import check_disclosures
from feeds.formats.entries import Names, make_headline, render_facts, render_matter, render_summary
from feeds.views.deciding.pending import find_links
from feeds.views.following import organisation_page
from feeds.views.render import Context, clean_markup
from feeds.views.timeline_svg import Point, draw_timeline, list_kinds
from feeds.wording import diff_html, sanitise
from feeds.wording.cite import Citation
from feeds.wording.headline import Headline
from feeds.wording.sanitise import one_line
from feeds.wording.tables.page_words import LABELS
from feeds.wording.text_html import NOTHING_SAID, SUPERSEDED, FactsShown, facts_shown, parts_shown, text_html
from feeds.wording.words import phrase, say_time, word
from storage.archive import Reader
from storage.records import THIRD_PARTIES, Change, Fact, Link, Notice, Source, VersionHead
from storage.text.body_names import strip_form

CHANGES_IN_FULL, MAX_HUNKS = 30, 40
"""Changes on the page of a notice that show what differs, and passages of each."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change on the page of its notice."""

    change: Change
    headline: Headline
    matter: Markup  # of the headline
    claimed: date | None  # the update date the page itself gave in that version
    summary: Markup  # where nothing else tells what changed
    facts: Markup  # beside that of the headline
    diff: Markup
    pair: str | None


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """The notice's page or one of its attachments: all its versions, and the text of the newest."""

    heading: str
    versions: list[VersionHead]
    text: Markup
    attachments: list[Markup]
    digests: dict[int, str]  # of the text of the newest


@dataclass(frozen=True, slots=True)
class NamedBody:
    """An organisation that a notice names, and the words by which rows of lists are searched for it."""

    name: str
    words: str


def build_notice_page(reader: Reader, notice: Notice, names: Names, site: Site) -> Context:
    """Build the page of a notice."""
    pages = [notice.page, *(page.id for page in reader.attachments_of(notice.page))]
    history = {page: versions for page in pages if (versions := reader.history(page))}
    by_id = {head.id: head for versions in history.values() for head in versions}
    facts = {page: reader.facts(versions[-1].id) for page, versions in history.items()}
    changes = list(reversed(reader.changes_of_notice(notice.id)))
    points = _version_points(notice, history, site) if len(by_id) > len(history) else []
    source = names.sources.get(notice.source)
    return {
        "notice": notice,
        "reported": source is not None and source.kind in THIRD_PARTIES,
        "originals": _list_originals(reader, notice, source, by_id) if source else [],
        "named": _list_named(reader, source, facts.get(notice.page, ()), names) if source else [],
        "title": one_line(notice.title) or one_line(notice.url),
        "publisher": names.source(notice.source),
        "links": find_links(reader, notice, names),
        "bodies": organisation_page.list_bodies_of(reader, notice, names),
        "withdrawal": next((change for change in changes if change.kind == "withdrawn"), None),
        "facts": _state_facts(reader, facts, len(by_id) > len(history), site.lang),
        "parts": parts_shown(_newest_text(reader, history[notice.page]), facts[notice.page], site.lang)
        if notice.page in history
        else [],
        "changes": [
            _show_change(change, by_id, names, site, in_full=number < CHANGES_IN_FULL)
            for number, change in enumerate(changes)
        ],
        "strip": draw_timeline(points, word(LABELS, "versions-over-time", site.lang)),
        "kinds": list_kinds(points),
        "documents": [
            _show_document(reader, versions, facts[page], page == notice.page, site.lang)
            for page, versions in history.items()
        ],
        "citation": _cite(notice, history.get(notice.page), names, site),
        "redactions": [trace for trace in reader.redactions() if trace.notice == notice.id],
        "feeds": [(names.source(notice.source), FeedAddress(addresses.source_feed(notice.source)))],
    }


def _state_facts(
    reader: Reader, facts: Mapping[int, list[Fact]], edited: bool, lang: str
) -> list[FactsShown]:
    """State what the documents of a notice say, and of edited ones what they said before."""
    since = reader.first_mentions(facts, SUPERSEDED) if edited else NOTHING_SAID
    return facts_shown((fact for several in facts.values() for fact in several), lang, since)


def _cite(
    notice: Notice, versions: Sequence[VersionHead] | None, names: Names, site: Site
) -> Citation | None:
    if not versions:
        return None
    return Citation(
        f"kohyo-notice-{notice.id}",
        names.source(notice.source),
        notice.title or notice.url,
        notice.url,
        notice.published,
        versions[-1].captured_at,
        versions[-1].sha256,
        site.url(addresses.notice_page(notice.id)),
    )


def _newest_text(reader: Reader, versions: Sequence[VersionHead]) -> str:
    last = reader.version(versions[-1].id)
    return last.text if last else ""


def _list_originals(
    reader: Reader, notice: Notice, source: Source, versions: Mapping[int, VersionHead]
) -> list[Markup]:
    """List what a third party's report leads to: the links that were offered when it was read."""
    if source.kind not in THIRD_PARTIES:
        return []
    read = {head.captured_at for head in versions.values()}
    return [
        _show_link(Link(offer.title, offer.url))
        for offer in reader.offers(None)
        if offer.source == notice.source and offer.offered_at in read
    ]


def _list_named(reader: Reader, source: Source, facts: Sequence[Fact], names: Names) -> list[NamedBody]:
    """List the organisations that a regulator names, and of which no notice of their own is watched."""
    if source.kind != "regulator":
        return []
    heard = reader.sources_with_notices()
    others = [one for one in names.sources.values() if one.kind not in ("regulator", *THIRD_PARTIES)]
    found = check_disclosures(facts, [one.name for one in others if one.id in heard])
    return [NamedBody(one_line(name), one_line(strip_form(name))) for name in found.named_only]


def _show_change(
    change: Change, versions: Mapping[int, VersionHead], names: Names, site: Site, *, in_full: bool
) -> ShownChange:
    version = versions.get(change.to_version) if change.to_version is not None else None
    old = versions.get(change.from_version) if change.from_version is not None else None
    pair = None
    if site.live and old and version:
        pair = addresses.pair_page(change.notice, old.id, version.id)
    # where no program can show two versions whole, the page has all there is
    limit = MAX_HUNKS if pair else 1_000
    headline = make_headline(change, names, site.lang)
    facts = clean_markup(render_facts(change, site.lang, told=headline.told) if in_full else "")
    diff = clean_markup(diff_html.diff(change.hunks, site.lang, limit=limit) if in_full or not pair else "")
    return ShownChange(
        change,
        headline,
        clean_markup(render_matter(headline)),
        version.updated if version else None,
        clean_markup("" if headline.matter or facts or diff else render_summary(change, site.lang)),
        facts,
        diff,
        pair,
    )


def _version_points(notice: Notice, history: Mapping[int, Sequence[VersionHead]], site: Site) -> list[Point]:
    """Place the versions in time, on one line each for the page and its attachments."""
    up = "../"  # notice pages stand one folder below the root
    points = []
    for number, versions in enumerate(history.values()):
        lane = word(LABELS, "text", site.lang) if not number else one_line(versions[-1].title) or f"#{number}"
        for before, head in zip([None, *versions], versions, strict=False):
            name = phrase(LABELS, "version", site.lang, head.number)
            href = "#changes"
            if site.live and before:
                href = up + site.local(addresses.pair_page(notice.id, before.id, head.id))
            title = f"{lane} {name} {say_time(head.captured_at, site.lang)}"
            kind = "updated" if before else "new"
            points.append(Point(lane, head.captured_at, kind, name, title, href))
    return points


def _show_document(
    reader: Reader, versions: list[VersionHead], facts: Sequence[Fact], main: bool, lang: str
) -> ShownDocument:
    last = reader.version(versions[-1].id)
    assert last is not None, "its head was just read"
    heading = word(LABELS, "text" if main else "attachment", lang)
    heading += "" if main else f": {one_line(last.title)}"
    return ShownDocument(
        heading,
        versions,
        text_html(last, facts),
        [_show_link(link) for link in last.attachments],
        {} if last.redacted else {last.id: last.text_sha256},
    )


def _show_link(link: Link) -> Markup:
    return clean_markup(sanitise.link(link.url, one_line(link.text) or link.url))
