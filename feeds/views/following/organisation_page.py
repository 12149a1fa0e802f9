"""The pages of bodies: each with its notices over the years, its parts in them, incidents and measures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.formats import channels
from feeds.formats.entries import Names
from feeds.views.change_lines import MAX_NOTICES
from feeds.views.render import Context
from feeds.wording.sanitise import one_line
from feeds.wording.tables.incident_words import PARTS_PLAYED
from feeds.wording.tables.page_words import LABELS
from feeds.wording.words import say, word
from storage.archive import Reader
from storage.records import Fact, Incident, Notice
from storage.text.body_names import name_key, publisher_name
from storage.topics.keys.organisations import BodyCount, BodyNotice, is_body

MAX_BODIES = 300
"""Bodies on the page that lists them."""
MAX_PARTS = 500
"""The newest notices in which its parts and what was done to it are looked up."""


@dataclass(frozen=True, slots=True)
class ShownYear:
    """A year with the numbers of notices by what they are to the body, and its parts in them."""

    year: int
    notices: int
    own: int
    parts: str


@dataclass(frozen=True, slots=True)
class ShownMention:
    """A notice that speaks of the body, and as what."""

    notice: int
    day: date
    title: str
    source: str
    source_name: str
    parts: str
    status: str


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """What an authority did to the body, as one notice tells it."""

    day: date
    action: str
    source_name: str
    notice: int
    title: str


@dataclass(frozen=True, slots=True)
class ShownIncident:
    """An incident of which the body is one, or of which notices speak of it."""

    slug: str
    name: str
    status: str
    part: str
    notices: int


@dataclass(frozen=True, slots=True)
class ListedBody:
    """A body in a list of bodies."""

    key: str
    name: str
    count: BodyCount


def build_organisation_page(
    reader: Reader, known_as: Sequence[str], names: Names, site: Site, page: int = 1
) -> Context | None:
    """Build page ``page`` of a body, given the keys of its names; None where no notice speaks of it."""
    found = reader.notices_of_body(known_as)
    shown = found[(page - 1) * MAX_NOTICES : page * MAX_NOTICES]
    if not shown:
        return None
    key = known_as[0]
    asked = [one.notice for one in found[:MAX_PARTS]]
    told = reader.facts_of_notices({*asked, *(one.notice for one in shown)}, ("role", "action"))
    parts = {id: list(_parts(facts, known_as)) for id, facts in told.items()}
    name = find_names(reader, [key], names)[key]
    mentions = _show_mentions(reader, shown, parts, names, site.lang)
    here = addresses.organisation_page(key)
    return {
        "key": key,
        "name": name,
        "also": [said for other, said in sorted(find_names(reader, known_as[1:], names).items())],
        "sources": [(id, names.source(id)) for id in _sources_of(names, known_as)],
        "total": len(found),
        "own": sum("publisher" in one.kinds for one in found),
        "first": found[-1].appeared,
        "last": found[0].appeared,
        "years": _show_years(found, parts, site.lang) if page == 1 else [],
        "incidents": _show_incidents(reader, known_as, found) if page == 1 else [],
        "measures": _show_measures(reader, asked, told, known_as, names, site.lang) if page == 1 else [],
        "cut": len(found) > MAX_PARTS and MAX_PARTS,
        "mentions": mentions,
        "page": page,
        "start": (page - 1) * MAX_NOTICES + 1,
        "newer": (f"{here}?page={page - 1}" if page > 2 else here) if page > 1 else None,
        "older": f"{here}?page={page + 1}" if page * MAX_NOTICES < len(found) and site.live else None,
        "changes": addresses.organisation_changes_page(key) if site.live else None,
        "feeds": [(name, FeedAddress(addresses.organisation_feed(key)))],
    }


def build_organisations_page(
    reader: Reader, bodies: Sequence[BodyCount], names: Names, asked: str = ""
) -> Context:
    """Build the list of bodies, those first with most notices of their own and parts; ``asked``: by name."""
    wanted = name_key(asked)
    found = [body for body in bodies if wanted in body.key]
    found.sort(key=lambda body: (-body.own - body.party, -body.named, body.key))
    said = find_names(reader, [body.key for body in found[:MAX_BODIES]], names)
    return {
        "asked": asked,
        "bodies": [ListedBody(body.key, said[body.key], body) for body in found[:MAX_BODIES]],
        "count": len(found),
    }


def build_led_page(reader: Reader, key: str, into: str, names: Names) -> Context:
    """Build the page at the address of a name that now leads to another, ``into``, or to none."""
    said = find_names(reader, [key, *filter(None, [into])], names)
    return {"name": said[key], "into": into, "into_name": said.get(into, "")}


def channel_of_body(reader: Reader, key: str, names: Names, lang: str) -> channels.Channel:
    """Make the channel of a body by its key."""
    return channels.channel_of_organisation(key, find_names(reader, [key], names)[key], lang)


def find_names(reader: Reader, keys: Sequence[str], names: Names) -> dict[str, str]:
    """Find how bodies are written: as a source of theirs is called, else as notices write it, else folded."""
    written = {**{key: key for key in keys}, **reader.written_names(keys)}
    wanted = set(keys)
    for id in sorted(names.sources, reverse=True):
        called = publisher_name(names.sources[id].name)
        if (key := name_key(called)) in wanted:
            written[key] = called
    return {key: one_line(said) or key for key, said in written.items()}


def list_bodies_of(reader: Reader, notice: Notice, names: Names) -> list[tuple[str, str]]:
    """List who published a notice and whose part in it it tells, by key and name.

    They have pages whatever other notices say; of who is only named that depends on those.
    """
    keys = filter(is_body, reader.bodies_of_notices([notice.id], ("publisher", "party")))
    return sorted(find_names(reader, list(keys), names).items(), key=lambda pair: (pair[1], pair[0]))


def _sources_of(names: Names, known_as: Sequence[str]) -> Iterator[str]:
    for id, source in sorted(names.sources.items()):
        if name_key(publisher_name(source.name)) in known_as:
            yield id


def _parts(facts: Iterable[Fact], known_as: Sequence[str]) -> Iterator[str]:
    """List the parts that facts say a body has; an authority acts on the ``respondent``."""
    for fact in facts:
        if fact.field == "role" and fact.value in PARTS_PLAYED and _is_of(fact, "organisation:", known_as):
            yield str(fact.value)
        elif fact.field == "action" and _is_of(fact, "respondent:", known_as):
            yield "respondent"


def _is_of(fact: Fact, mark: str, known_as: Sequence[str]) -> bool:
    return any(
        name_key(said.removeprefix(mark)) in known_as for said in fact.qualifiers if said.startswith(mark)
    )


def _say_parts(kinds: frozenset[str], parts: Iterable[str], lang: str) -> str:
    """Say as what a notice speaks of a body, the weightiest first."""
    said = [word(LABELS, "own-notice", lang)] if "publisher" in kinds else []
    said += [word(PARTS_PLAYED, part, lang) for part in PARTS_PLAYED if part in set(parts)]
    if not said:
        said = [word(LABELS, "party" if "party" in kinds else "named-only", lang)]
    return ("・" if lang == "ja" else ", ").join(said)


def _show_mentions(
    reader: Reader,
    shown: Sequence[BodyNotice],
    parts: Mapping[int, Sequence[str]],
    names: Names,
    lang: str,
) -> list[tuple[int, list[ShownMention]]]:
    """List notices by year, newest first."""
    by_id = {notice.id: notice for notice in reader.notices_by_id(one.notice for one in shown)}
    years: defaultdict[int, list[ShownMention]] = defaultdict(list)
    for one in shown:
        notice = by_id[one.notice]
        years[one.appeared.year].append(
            ShownMention(
                notice.id,
                one.appeared,
                one_line(notice.title) or one_line(notice.url),
                notice.source,
                names.source(notice.source),
                _say_parts(one.kinds, parts.get(notice.id, ()), lang),
                notice.status,
            )
        )
    return list(years.items())


def _show_years(
    found: Sequence[BodyNotice], parts: Mapping[int, Sequence[str]], lang: str
) -> list[ShownYear]:
    years: defaultdict[int, list[BodyNotice]] = defaultdict(list)
    for one in found:
        years[one.appeared.year].append(one)
    return [
        ShownYear(year, len(of), sum("publisher" in one.kinds for one in of), _count_parts(of, parts, lang))
        for year, of in years.items()
    ]


def _count_parts(of: Sequence[BodyNotice], parts: Mapping[int, Sequence[str]], lang: str) -> str:
    played = Counter(part for one in of for part in set(parts.get(one.notice, ())))
    said = [f"{word(PARTS_PLAYED, part, lang)} {played[part]}" for part in PARTS_PLAYED if played[part]]
    return ("、" if lang == "ja" else ", ").join(said)


def _show_incidents(
    reader: Reader, known_as: Sequence[str], found: Sequence[BodyNotice]
) -> list[ShownIncident]:
    linked = reader.incidents_of_notices(one.notice for one in found)
    shown = []
    for incident in reader.incidents():
        part = _part_in(incident, known_as)
        if part or incident.slug in linked:
            name = one_line(incident.name) or incident.slug
            shown.append(
                ShownIncident(incident.slug, name, incident.status, part, linked.get(incident.slug, 0))
            )
    return shown


def _part_in(incident: Incident, known_as: Sequence[str]) -> str:
    if any(name_key(name) in known_as for name in (*incident.respondents, *incident.aliases)):
        return "party"
    return "roster" if any(name_key(entry.name) in known_as for entry in incident.roster) else ""


def _show_measures(
    reader: Reader,
    asked: Sequence[int],
    told: Mapping[int, Sequence[Fact]],
    known_as: Sequence[str],
    names: Names,
    lang: str,
) -> list[ShownMeasure]:
    """List what authorities did to the body, newest first, each action of a notice once."""
    done = {
        id: list(
            dict.fromkeys(
                str(fact.value)
                for fact in told.get(id, ())
                if fact.field == "action" and _is_of(fact, "respondent:", known_as)
            )
        )
        for id in asked
    }
    by_id = {
        notice.id: notice for notice in reader.notices_by_id(id for id, actions in done.items() if actions)
    }
    return [
        ShownMeasure(
            notice.published or notice.first_seen.date(),
            say("action", action, lang),
            names.source(notice.source),
            notice.id,
            one_line(notice.title) or one_line(notice.url),
        )
        for id, actions in done.items()
        for action in actions
        if (notice := by_id.get(id))
    ]
