"""What people do to incidents: make, edit, link, merge, split, close, remove, and undo each of it.

Each is one step of the trace and one transaction, written by whoever opens it. An operation either does all
of it or says why it did nothing: two people who do the same at once get one result and a clear answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Literal

from feeds.operator import Decision, answer
from feeds.wording.tables.decision_words import DECISIONS
from feeds.wording.tables.incident_words import STEPS_OF_INCIDENTS
from feeds.wording.words import join_words, phrase, say_mistake_of_incident, word
from monitor.incidents.declared import SLUG, make_incident, write_over
from monitor.incidents.incident_draft import draft_incident, propose_slug
from monitor.incidents.incident_links import read_profile, relink
from spiders.mistakes import DeclarationError
from storage.archive import Reader, Writer
from storage.records import (
    BELONGING,
    INCIDENT_KEYS,
    Incident,
    IncidentAction,
    IncidentState,
    IncidentStep,
    LinkStatus,
    RosterEntry,
)
from storage.text.fold import fold
from storage.topics.incidents import dump_edits, load_edits


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose steps are written: the transaction, the time, and the way they came."""

    writer: Writer
    at: datetime
    by: Literal["command", "page"]


@dataclass(frozen=True, slots=True)
class _Turn:
    """What an operation does to one incident; ``before`` None: it makes it."""

    slug: str
    before: IncidentState | None
    after: IncidentState


def add_incident(hand: Hand, new: Incident, notices: Iterable[int] = ()) -> Decision:
    """Make an incident to which these notices belong."""
    made = _make(hand, new, notices)
    if isinstance(made, Decision):
        return made
    _carry_out(hand, "new", [made])
    return answer("done", "incident-made", new.name, new.slug)


def edit_incident(hand: Hand, slug: str, keys: Mapping[str, Any], *, seen: int | None = None) -> Decision:
    """Write keys of an incident anew, as a declaration has them; they go before what is declared.

    ``seen``: the operation that was its last when the person looked, so that nobody overwrites what he has
    not seen; None: as it stands now.
    """
    known = _held(hand, slug)
    if isinstance(known, Decision):
        return known
    if seen is not None and last_operation(hand.writer, slug) != seen:
        return answer("already", "incident-meanwhile", slug)
    try:
        written = write_over(known, keys)
    except DeclarationError as error:
        return broken(error)
    changed = [key for key in INCIDENT_KEYS if getattr(written, key) != getattr(known, key)]
    if not changed:
        return answer("already", "incident-same", slug)
    before = _state(hand.writer, slug)
    _carry_out(hand, "edit", [_Turn(slug, before, replace(before, edits=_edits(before, written, changed)))])
    return answer("done", "incident-edited", slug, ", ".join(changed))


def decide_links(
    hand: Hand,
    slug: str,
    notices: Sequence[int],
    *,
    accept: bool,
    overrules: LinkStatus | None = None,
    seen: int | None = None,
) -> Decision:
    """Say whether notices belong to an incident. The first decision over each stands.

    Another takes its place only where it says which one it ``overrules``, or after which operation the person
    has ``seen`` the incident, so that nobody undoes by chance what somebody else decided meanwhile.
    """
    writer = hand.writer
    incident = writer.incident(slug)
    missing = _missing(writer, notices)
    if len(notices) == 1 and (incident is None or missing):
        return answer("unknown", "link-unknown", slug, notices[0])
    if incident is None:
        return _unknown(writer, slug)
    if missing or not notices:
        return _not_notices(missing)
    writer.hold_incidents([incident.slug])
    before = _state(writer, incident.slug, notices)
    wanted: LinkStatus = "confirmed" if accept else "rejected"
    if seen is not None and last_operation(writer, incident.slug) != seen:
        return answer("already", "incident-meanwhile", incident.slug)
    if seen is None and (refusal := _overruled(before.links, wanted, overrules)):
        return refusal
    after = replace(before, links=tuple((notice, wanted) for notice, _ in before.links))
    _carry_out(hand, "link" if accept else "unlink", [_Turn(incident.slug, before, after)])
    if len(notices) == 1:
        return answer("done", f"link-{wanted}")
    return answer("done", "links-linked" if accept else "links-unlinked", incident.slug, len(notices))


def merge_incidents(hand: Hand, into: str, slug: str) -> Decision:
    """Let one incident take what another has, and answer for it from then on."""
    writer = hand.writer
    if into == slug:
        return answer("refused", "incident-itself", slug)
    writer.hold_incidents([into, slug])
    gone = writer.stored_incident(slug)
    if gone is not None and gone.merged_into == into:
        return answer("already", "incident-merged-before", slug, into)
    taking, known = find_standing(writer, into), find_standing(writer, slug)
    for one in (taking, known):
        if isinstance(one, Decision):
            return one
    assert isinstance(taking, Incident)
    assert isinstance(known, Incident)
    belonging = [link for link in writer.incident_links(slug) if link.status in BELONGING]
    before = _state(writer, into, (link.notice for link in belonging))
    theirs = dict(before.links)
    moved = [link for link in belonging if theirs[link.notice] in (None, "suggested")]
    whole = _union(taking, known)
    changed = [key for key in INCIDENT_KEYS if getattr(whole, key) != getattr(taking, key)]
    statuses = {**theirs, **{link.notice: link.status for link in moved}}
    after = replace(before, edits=_edits(before, whole, changed), links=tuple(sorted(statuses.items())))
    for link in moved:  # with the evidence that tied it
        writer.put_link(replace(link, incident=taking.id))
    turns = [_Turn(into, before, after)]
    for one in (known, *(one for one in writer.removed_incidents() if one.merged_into == slug)):
        old = _state(writer, one.slug)
        turns.append(_Turn(one.slug, old, replace(old, status="removed", merged_into=into)))
    _carry_out(hand, "merge", turns)
    return answer("done", "incident-merged", slug, into)


def split_incident(hand: Hand, slug: str, new: Incident, notices: Sequence[int]) -> Decision:
    """Let a new incident take some of the notices of another, which do not belong there any more."""
    known = _held(hand, slug)
    if isinstance(known, Decision):
        return known
    writer = hand.writer
    missing = _missing(writer, notices)
    if missing or not notices:
        return _not_notices(missing)
    before = _state(writer, slug, notices)
    if foreign := [notice for notice, status in before.links if status not in BELONGING]:
        return answer("refused", "incident-not-of", slug, _listed(foreign))
    made = _make(hand, new, notices)
    if isinstance(made, Decision):
        return made
    after = replace(before, links=tuple((notice, "rejected") for notice, _ in before.links))
    _carry_out(hand, "split", [_Turn(slug, before, after), made])
    return answer("done", "incident-split", slug, new.slug, len(before.links))


def close_incident(hand: Hand, slug: str) -> Decision:
    """Say that nothing more is expected of an incident."""
    known = _held(hand, slug)
    if isinstance(known, Decision):
        return known
    if known.status == "closed":
        return answer("already", "incident-closed-before", slug)
    _set_status(hand, "close", slug, "closed")
    return answer("done", "incident-closed", slug)


def reopen_incident(hand: Hand, slug: str) -> Decision:
    """Say that more is expected of an incident after all."""
    known = _held(hand, slug)
    if isinstance(known, Decision):
        return known
    if known.status == "open":
        return answer("already", "incident-open-before", slug)
    _set_status(hand, "reopen", slug, "open")
    return answer("done", "incident-reopened", slug)


def remove_incident(hand: Hand, slug: str) -> Decision:
    """Take an incident out; its notices and what was decided over them stay on record."""
    hand.writer.hold_incidents([slug])
    stored = hand.writer.stored_incident(slug)
    if stored is not None and stored.status == "removed" and not stored.merged_into:
        return answer("already", "incident-removed-before", slug)
    known = find_standing(hand.writer, slug)
    if isinstance(known, Decision):
        return known
    _set_status(hand, "remove", slug, "removed")
    return answer("done", "incident-removed", slug)


def undo_last(hand: Hand, slug: str, *, seen: int | None = None) -> Decision:
    """Take back the last thing that was done to an incident, in every incident that it touched.

    ``seen``: the operation that is meant; None: whichever is the last.
    """
    writer = hand.writer
    last = writer.last_incident_step(slug)
    if last is None:
        known = writer.stored_incident(slug)
        return answer("already", "incident-nothing-to-undo", slug) if known else _unknown(writer, slug)
    steps = writer.incident_operation(last.operation)
    writer.hold_incidents([step.incident for step in steps])
    if seen not in (None, last.operation) or last_operation(writer, slug) != last.operation:
        return answer("already", "incident-meanwhile", slug)
    for step in steps:
        newest = writer.last_incident_step(step.incident)
        if newest is None or newest.operation != last.operation:
            return answer("already", "incident-undo-blocked", slug, step.incident)
    for step in steps:
        nothing = replace(
            step.after, status="removed", links=tuple((notice, None) for notice, _ in step.after.links)
        )
        writer.put_incident_state(step.incident, step.before or nothing)
    writer.mark_undone(last.operation, hand.at)
    _let_links_follow(writer, [step.incident for step in steps])
    said = [word(STEPS_OF_INCIDENTS, last.action, lang) for lang in ("ja", "en")]
    return answer("done", "incident-undone", slug, *said)


def draft_from(reader: Reader, slug: str, notices: Iterable[int], name: str = "") -> Incident:
    """Draft an incident from stored notices; without a slug one is proposed."""
    profiles = [one for one in (read_profile(reader, notice) for notice in sorted(set(notices))) if one]
    if not slug and profiles:
        taken = [one.slug for one in (*reader.incidents(), *reader.removed_incidents())]
        slug = propose_slug(profiles, taken)
    return draft_incident(profiles, slug, name)


def find_standing(reader: Reader, slug: str) -> Incident | Decision:
    """Return the incident that has this slug itself, or say that there is none and what became of it."""
    stored = reader.stored_incident(slug)
    if stored is None:
        return _unknown(reader, slug)
    if stored.merged_into:
        return answer("already", "incident-went", slug, stored.merged_into)
    return stored if stored.status != "removed" else answer("already", "incident-gone", slug)


def write_new(slug: str, keys: Mapping[str, Any]) -> Incident | Decision:
    """Return a new incident of what a person wrote, or say what is wrong with it."""
    try:
        return make_incident(slug, keys)
    except DeclarationError as error:
        return broken(error)


def last_operation(reader: Reader, slug: str) -> int:
    """Return the number of the last operation on an incident that stands; 0: there is none."""
    last = reader.last_incident_step(slug)
    return last.operation if last else 0


def broken(error: DeclarationError) -> Decision:
    """Answer that what was given cannot be used, with every mistake in it."""
    english = "; ".join(f"{one.where}: {one.message}".lstrip(": ") for one in error.problems)
    japanese = [say_mistake_of_incident(one.where, one.message, "ja") for one in error.problems]
    told = answer("refused", "incident-broken", english)
    return replace(told, ja=phrase(DECISIONS, "incident-broken", "ja", join_words(japanese, "ja")))


# --- how it is done -----------------------------------------------------------------------------


def _carry_out(hand: Hand, action: IncidentAction, turns: Sequence[_Turn]) -> None:
    for turn in turns:
        hand.writer.put_incident_state(turn.slug, turn.after)
    hand.writer.trace_incidents(
        IncidentStep(turn.slug, action, hand.at, hand.by, turn.before, turn.after) for turn in turns
    )
    _let_links_follow(hand.writer, [turn.slug for turn in turns])


def _let_links_follow(writer: Writer, slugs: Iterable[str]) -> None:
    """Let the suggestions of incidents follow from what belongs to them now."""
    for slug in slugs:
        if (incident := writer.stored_incident(slug)) is not None:
            relink(writer, incident)


def _make(hand: Hand, new: Incident, notices: Iterable[int]) -> _Turn | Decision:
    """Store a new incident, or one again whose making was undone; else say why not."""
    writer = hand.writer
    if not SLUG.fullmatch(new.slug):
        return answer("refused", "incident-slug-bad", new.slug)
    if missing := _missing(writer, notices):
        return _not_notices(missing)
    links: tuple[tuple[int, LinkStatus | None], ...]
    links = tuple((notice, "confirmed") for notice in sorted(set(notices)))
    after = IncidentState("open", edits=dump_edits(new, INCIDENT_KEYS), links=links)
    if writer.add_incident(new) is None:
        writer.hold_incidents([new.slug])
        stands = writer.stored_incident(new.slug)
        assert stands is not None
        unmade = stands.status == "removed" and stands.origin == "drafted" and not stands.merged_into
        if not unmade or writer.last_incident_step(new.slug) is not None:
            return answer("already", "incident-slug-taken", new.slug, stands.name)
    return _Turn(new.slug, None, after)


def _overruled(
    links: Sequence[tuple[int, LinkStatus | None]], wanted: LinkStatus, overrules: LinkStatus | None
) -> Decision | None:
    """Say why links cannot be decided, since others were decided before; None: they can."""
    decided = {notice: status for notice, status in links if status in ("confirmed", "rejected")}
    if overrules:
        standing = len(decided) == len(links) and {*decided.values()} == {overrules}
        return None if standing else answer("already", "link-not-overruled", overrules)
    against = [notice for notice, status in decided.items() if status != wanted]
    if len(links) == 1:
        return answer("already", "link-decided-before") if decided else None
    return answer("already", "links-decided-before", _listed(against)) if against else None


def _set_status(hand: Hand, action: IncidentAction, slug: str, status: Any) -> None:
    before = _state(hand.writer, slug)
    _carry_out(hand, action, [_Turn(slug, before, replace(before, status=status))])


def _state(reader: Reader, slug: str, notices: Iterable[int] = ()) -> IncidentState:
    state = reader.incident_state(slug, notices)
    assert state is not None
    return state


def _edits(before: IncidentState, written: Incident, keys: Iterable[str]) -> str:
    """Return the edits of an incident with those of ``keys`` as they are in ``written``."""
    edited = {*load_edits(before.edits), *keys}
    return dump_edits(written, [key for key in INCIDENT_KEYS if key in edited])


def _held(hand: Hand, slug: str) -> Incident | Decision:
    hand.writer.hold_incidents([slug])
    return find_standing(hand.writer, slug)


def _unknown(reader: Reader, slug: str) -> Decision:
    known = (*reader.incidents(), *reader.removed_incidents())
    near = get_close_matches(slug, [one.slug for one in known], n=1)
    return answer("unknown", "incident-near" if near else "incident-unknown", slug, *near)


def _missing(reader: Reader, notices: Iterable[int]) -> list[int]:
    return [notice for notice in notices if reader.notice(notice) is None]


def _not_notices(missing: Sequence[int]) -> Decision:
    if not missing:
        return answer("refused", "incident-none-named")
    return answer("unknown", "notices-unknown", _listed(missing))


def _listed(notices: Iterable[int]) -> str:
    return ", ".join(map(str, notices))


def _union(taking: Incident, other: Incident) -> Incident:
    """Join what is known of two incidents; of one body's two rows the first stays."""
    names = {fold(row.name) for row in taking.roster}
    rows: tuple[RosterEntry, ...] = tuple(row for row in other.roster if fold(row.name) not in names)
    return replace(
        taking,
        summary=taking.summary or other.summary,
        respondents=_joined(taking.respondents, other.respondents),
        aliases=_joined(taking.aliases, other.aliases),
        hotlines=_joined(taking.hotlines, other.hotlines),
        seeds=_joined(taking.seeds, other.seeds),
        window=_wider(taking.window, other.window),
        roster=(*taking.roster, *rows),
    )


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _wider(
    one: tuple[date, date | None] | None, other: tuple[date, date | None] | None
) -> tuple[date, date | None] | None:
    if one is None or other is None:
        return None
    last = max(one[1], other[1]) if one[1] and other[1] else None
    return min(one[0], other[0]), last
