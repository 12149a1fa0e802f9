"""One change as one entry, the same in every format.

A second change of a notice is an entry of its own: readers do not bring an edited entry back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from feeds.addresses import Site, change_anchor, change_tag, notice_page, notice_tag, pair_page
from feeds.wording import diff_html, sanitise
from feeds.wording.headline import Headline, compose_headline, word_of_ours
from feeds.wording.sanitise import cut, one_line, unmarked, web_url
from feeds.wording.summary import say_change
from feeds.wording.tables.change_words import KINDS, PHRASES, REASONS
from feeds.wording.tables.count_words import AMOUNTS
from feeds.wording.tables.fact_words import FIELDS
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import field_name, phrase, say, word
from storage.archive import Reader
from storage.records import THIRD_PARTIES, ChainLink, Change, FactChange, Incident, Source

MAX_ENTRIES = 100
"""Entries in one document of a feed."""
MAX_SUMMARY_CHARS = 1_000
MAX_FACTS = 12
MAX_KEPT = 3_000
"""Entries kept for the next document that has them: the newest stand in all feeds, some 5 KB each."""
_FIELDS = tuple(FIELDS)
_OF_NEW = _FIELDS[:6]  # of all that a new notice states, what the incident is about


@dataclass(frozen=True, slots=True)
class Category:
    """A category of an entry, as Atom and RSS list it."""

    scheme: str  # kind, reason, source, incident, action or step
    term: str
    label: str


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One change as an entry, before it takes a format."""

    tag: str
    notice: str  # tag of the notice: what several entries are about
    kind: str
    title: str
    summary: str  # plain text
    html: str  # clean
    published: datetime
    updated: datetime
    author: str
    url: str  # our page, at this change
    original: str | None  # the publisher's page, where its address is a web address
    notice_url: str  # our page of the notice, with its earlier changes
    pair: str | None  # the two versions side by side, where a program answers that can compare them
    categories: tuple[Category, ...]
    link: ChainLink | None = None
    leads: bool = False  # rewritten in silence, turned round or gone: told before all others
    written: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)  # by format, see there


@dataclass(frozen=True, slots=True)
class Names:
    """Names of what a change knows only by id, and the times of redactions."""

    sources: Mapping[str, Source]
    incidents: Mapping[str, str]
    redacted: Mapping[int, datetime] = field(default_factory=dict)  # notices, and when
    lang: str = "ja"

    def source(self, id: str) -> str:
        """Give the name of a source on one line, in the language if it is declared in it, or its id."""
        found = self.sources.get(id)
        said = (found.name_en if self.lang == "en" else "") or found.name if found else id
        return one_line(said) or id

    def is_third_party(self, id: str) -> bool:
        """Say whether a source tells of others, such as trade press."""
        found = self.sources.get(id)
        return found is not None and found.kind in THIRD_PARTIES

    def incident(self, slug: str) -> str:
        """Give the name of an incident on one line, or its slug."""
        return one_line(self.incidents.get(slug, slug)) or slug


def load_names(reader: Reader, lang: str = "ja") -> Names:
    """Load the names of all sources and incidents in a language, and the times of redactions."""
    return Names(
        {source.id: source for source in reader.sources()},
        {incident.slug: name_incident(incident, lang) for incident in reader.incidents()},
        {trace.notice: trace.redacted_at for trace in reader.redactions()},
        lang,
    )


def name_incident(incident: Incident, lang: str) -> str:
    """Give the name of an incident on one line, in English where that is declared, or its slug."""
    return one_line((incident.name_en if lang == "en" else "") or incident.name) or incident.slug


def make_entries(changes: Iterable[Change], names: Names, site: Site) -> list[FeedEntry]:
    """Make an entry of each change."""
    return [make_entry(change, names, site) for change in changes]


def make_entry(change: Change, names: Names, site: Site) -> FeedEntry:
    """Make the entry of a change, or give the one that was made of the same before."""
    # no change is compared by its link, and no hunk by where it goes on
    passages = tuple(hunk.goes_on for hunk in change.hunks)
    return _make_entry(change, change.link, passages, _select_names(change, names), site)


@dataclass(frozen=True, slots=True)
class _NamesOf:
    """What ``Names`` knows of one change."""

    publisher: str
    third_party: bool
    incidents: tuple[str, ...]
    redacted: datetime | None


def _select_names(change: Change, names: Names) -> _NamesOf:
    return _NamesOf(
        names.source(change.source),
        names.is_third_party(change.source),
        tuple(one_line(names.incidents.get(slug, slug)) for slug in change.incidents),
        names.redacted.get(change.notice),
    )


@lru_cache(MAX_KEPT)
def _make_entry(
    change: Change, link: ChainLink | None, passages: tuple[bool, ...], names: _NamesOf, site: Site
) -> FeedEntry:
    detected = change.detected_at.astimezone(UTC)
    headline = compose_headline(change, names.publisher, site.lang, third_party=names.third_party)
    pair = None
    if site.live and change.from_version and change.to_version:
        pair = site.url(pair_page(change.notice, change.from_version, change.to_version))
    return FeedEntry(
        tag=change_tag(change),
        notice=notice_tag(change),
        kind=change.kind,
        title=headline.line,
        summary=make_summary(change, headline),
        html=make_body(change, headline, site, pair),
        published=detected,
        # What was taken out here must go in readers too: they fetch an entry again if it is newer.
        updated=max(detected, (names.redacted or detected).astimezone(UTC)),
        author=names.publisher,
        url=site.url(change_anchor(change)),
        original=web_url(change.url),
        notice_url=site.url(notice_page(change.notice)),
        pair=pair,
        categories=tuple(_categories(change, names, site.lang)),
        link=link,
        leads=headline.leads,
    )


def make_headline(change: Change, names: Names, lang: str) -> Headline:
    """Make the headline of a change; ``line`` of it is the title of its entry."""
    third_party = names.is_third_party(change.source)
    return compose_headline(change, names.source(change.source), lang, third_party=third_party)


def _by_importance(fact: FactChange) -> tuple[int, bool]:
    """Order facts as ``_FIELDS`` does; values that moved come before values that came or went."""
    rank = _FIELDS.index(fact.field) if fact.field in _FIELDS else len(_FIELDS)
    return rank, not (fact.old and fact.new)


def select_facts(change: Change) -> list[FactChange]:
    """Select the differences worth a line of their own, the most important first.

    Of many, the first of each field comes before the second of any. A new notice states a lot; of
    that only what the incident is about.
    """
    eligible = _eligible_facts(change)
    if len(eligible) < 2:
        return eligible
    nth: Counter[str] = Counter()
    ranked = []
    for fact in sorted(eligible, key=_by_importance):
        nth[fact.field] += 1
        ranked.append((nth[fact.field], fact))
    ranked = sorted(ranked, key=lambda one: one[0])[:MAX_FACTS]
    return sorted((fact for _, fact in ranked), key=_by_importance)


def render_summary(change: Change, lang: str) -> str:
    """Render the summary of a change as an HTML paragraph, or nothing."""
    said = say_change(change, lang)
    return f"<p>{sanitise.mark_japanese(said, lang)}</p>" if said else ""


def render_facts(change: Change, lang: str, *, told: FactChange | None = None) -> str:
    """Render the selected facts as an HTML list that says how many it leaves out.

    ``told`` is said above it already.
    """
    shown = select_facts(change)
    left = len(_eligible_facts(change)) - len(shown)
    return diff_html.fact_list([fact for fact in shown if fact != told], lang, more=left)


def _eligible_facts(change: Change) -> list[FactChange]:
    return [fact for fact in change.facts if change.kind != "new" or fact.field in _OF_NEW]


def make_summary(change: Change, headline: Headline) -> str:
    """Make a plain text for clients that show no HTML: what the headline is too short for, and the facts."""
    lang = headline.lang
    shown = select_facts(change)
    lines = [diff_html.fact_line(fact, lang) for fact in shown]
    whole = say_change(change, lang)
    if whole and (lang == "ja" or whole != change.summary or not lines):
        lines.insert(0, whole)
    if "silent" in change.reasons:
        lines.insert(0, phrase(PHRASES, "date-stood", lang))
    title = one_line(change.title)
    if title != headline.subject:
        lines.insert(0, title)
    if left := len(_eligible_facts(change)) - len(shown):
        lines.append(phrase(AMOUNTS, "more", lang, left))
    said = dict.fromkeys(filter(None, (unmarked(line).strip() for line in lines)))
    return cut("\n".join(said), MAX_SUMMARY_CHARS) or title or change.kind


def render_matter(headline: Headline) -> str:
    """Render what a headline comes to as HTML, what stood there struck out and what stands there marked."""
    told, lang = headline.told, headline.lang
    if told is None or not (told.old and told.new):
        return sanitise.mark_japanese(headline.matter, lang)
    sides = [word_of_ours(told, value, lang) for value in (told.old, told.new)]
    old, new = (sanitise.mark_japanese(value, lang) for value in sides)
    name = "" if told.field == "outcome" else f"{field_name(told.field, told.new, lang)} "
    return f"{sanitise.text(name)}<del>{old}</del> → <ins>{new}</ins>"


def render_mark(headline: Headline) -> str:
    """Render what leads a headline as an HTML paragraph, or nothing: the body of an entry has no badge."""
    if not headline.leads or not headline.matter:
        return ""
    said = sanitise.mark_japanese(headline.matter, headline.lang)
    return f"<p><strong>{sanitise.text(headline.badge)}</strong>: {said}</p>"


def render_silence(change: Change, lang: str) -> str:
    """Render as an HTML paragraph that the page's own date stood still, where it did."""
    return f"<p>{phrase(PHRASES, 'date-stood', lang)}</p>" if "silent" in change.reasons else ""


def make_body(change: Change, headline: Headline, site: Site, pair: str | None) -> str:
    """Make the HTML of an entry: the difference, then links to where to look further."""
    links = [
        sanitise.link(change.url, word(LABELS, "original", site.lang)),
        sanitise.link(site.url(change_anchor(change)), word(LABELS, "record", site.lang)),
    ]
    if pair:
        links.append(sanitise.link(pair, word(LABELS, "two-versions", site.lang)))
    parts = [
        f"<p>{sanitise.link(change.url, one_line(change.title) or change.url)}</p>",
        render_mark(headline),
        render_silence(change, site.lang),
        render_summary(change, site.lang),
        render_facts(change, site.lang),
        diff_html.diff(change.hunks, site.lang),
        f"<p>{' · '.join(links)}</p>",
    ]
    return sanitise.clean("".join(parts))


def _categories(change: Change, names: _NamesOf, lang: str) -> Iterable[Category]:
    yield Category("kind", change.kind, word(KINDS, change.kind, lang))
    for reason in change.reasons:
        yield Category("reason", reason, word(REASONS, reason, lang))
    yield Category("source", change.source, names.publisher)
    for slug, name in zip(change.incidents, names.incidents, strict=True):
        yield Category("incident", slug, name)
    for fact in change.facts:
        if fact.field == "action" and (action := one_line(fact.new or "", 60)):
            yield Category("action", action, say("action", action, lang))
        if fact.field == "step" and fact.new and not fact.new.endswith(")"):  # taken, not planned or denied
            yield Category("step", fact.new, say("step", fact.new, lang))
