"""What is to become of notices, and what is told of them. Pure: the tracker writes what is decided here.

a page was read | decide_read          a page is missing | decide_missing
a page cannot be read | decide_unread  an attachment went or came back | decide_attachment
a listing's row is new or otherwise | decide_row    a page points on | decide_moved
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Final, Literal

from monitor.facts import compare_facts, turns_outcome
from monitor.track.judge.case import PageOutcome, TextDecision
from monitor.track.judge.decide import is_news, is_withdrawn, says_withdrawn
from monitor.track.judge.listing_rows import RowEvent
from storage.records import (
    ChangeKind,
    Fact,
    FactChange,
    Hunk,
    HunkOp,
    HunkPlace,
    Notice,
    NoticeStatus,
    Page,
    Row,
    Version,
)
from storage.text.urls import place

Happening = Literal["listed", "page-gone", "page-back", "file-gone", "file-back", "file-replaced"]
"""What no difference of texts tells: a row whose page nobody could read, and what came or went whole."""

SAID_BY_TEXT: Final = frozenset[ChangeKind | None](("new", "updated"))
"""What a text makes known, wherever else it stands; that an address went or came back is told of each."""

_STATUS: dict[ChangeKind, NoticeStatus] = {"withdrawn": "withdrawn", "restored": "standing"}


@dataclass(frozen=True, slots=True)
class NoticeIntent:
    """What is to become of one notice.

    ``notice`` is its new state; ``met``: for the first time, so that it has no number yet. ``kind`` and what
    follows is the change that is told, None where nobody hears of it.
    """

    notice: Notice
    kind: ChangeKind | None = None
    material: bool = True
    reasons: tuple[str, ...] = ()
    hunks: tuple[Hunk, ...] = ()
    facts: tuple[FactChange, ...] = ()
    from_version: int | None = None
    to_version: int | None = None
    happened: Happening | None = None
    met: bool = False


@dataclass(frozen=True, slots=True)
class PageIntent:
    """What is to become of a page, where that changes, and of notices, in this order."""

    page: Page | None = None
    notices: tuple[NoticeIntent, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A page that was read, with its attachments and the notices on it.

    ``version`` is its newest text with its ``facts``, whether it is new or not; ``old_facts`` are those of
    the texts that changed. ``baselines`` says of a moment whether what was met then was there before anyone
    looked. ``named_by_row``: a listing, and not the page, says what a notice is called.
    """

    seen: PageOutcome
    attached: tuple[PageOutcome, ...]
    version: Version
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...]
    baselines: Mapping[datetime, bool]
    now: datetime
    url: str
    row: Row | None = None
    old_facts: tuple[Fact, ...] = ()
    named_by_row: bool = False
    belongs: bool = True  # False: off the listing's topic, as far as the row and the page say
    topical: bool = False  # the listing has a topic: a page may come to belong when it changes


@dataclass(frozen=True, slots=True)
class RowCase:
    """A row that is new or otherwise, its page, and the notice that it stands for where one is known.

    ``overlooked``: it stood there before, and our rules of reading left it out. ``corrected``: it is read
    otherwise by our rules, and nothing of the publisher's changed.
    """

    event: RowEvent
    page: Page
    notice: Notice | None
    now: datetime
    version: Version | None = None
    facts: tuple[Fact, ...] = ()
    baseline: bool = False
    overlooked: bool = False
    corrected: bool = False


def decide_read(case: ReadCase) -> PageIntent:
    """Tell notices of a page that was read if they are new, changed or back again."""
    seen, back = case.seen, case.seen.page.gone and case.seen.success
    notices, intents = _back_again(case) if back else (list(case.notices), [])
    met = not notices and is_met(seen, belongs=case.belongs, topical=case.topical)
    if met:
        # what a page came to say in an edit was not there before anyone looked
        baseline = seen.fresh and case.baselines[case.now]
        notice = meet(seen.page, case.row, case.url, case.now, case.version, baseline=baseline)
        page = replace(seen.page, gone=False) if back else None
        return PageIntent(page, (replace(_first_reading(notice, case, baseline=baseline), met=True),))
    for notice in notices:
        if notice.status == "listed":
            intents.append(_first_reading(notice, case, baseline=case.baselines[notice.first_seen]))
        elif seen.fresh:
            intents.append(stand(notice, case.version, case.now))
    stood = [notice for notice in notices if notice.status != "listed"]
    if not seen.fresh and stood and any(item.fresh or item.changed for item in (seen, *case.attached)):
        intents.append(decide_update(max(stood, key=lambda notice: notice.id), case))
    return PageIntent(replace(seen.page, gone=False) if back else None, tuple(intents))


def keep_quiet(intent: PageIntent) -> PageIntent:
    """Write what was decided without a word of what a text says: it was told of another address."""
    quiet = (
        NoticeIntent(one.notice, met=one.met) if one.kind in SAID_BY_TEXT else one for one in intent.notices
    )
    return replace(intent, notices=tuple(quiet))


def is_met(seen: PageOutcome, *, belongs: bool, topical: bool) -> bool:
    """Say whether a page without a notice gets one: read first, or come to belong to the topic."""
    return belongs and (seen.fresh or (topical and seen.changed))


def _back_again(case: ReadCase) -> tuple[list[Notice], list[NoticeIntent]]:
    """Restore what was withdrawn with its page; return all notices as they stand then, and what is told."""
    notices = [
        replace(notice, status="standing") if notice.status == "withdrawn" else notice
        for notice in case.notices
    ]
    version = case.seen.page.version
    intents = [
        NoticeIntent(notice, "restored", to_version=version, happened="page-back")
        for notice, before in zip(notices, case.notices, strict=True)
        if notice is not before
    ]
    return notices, intents


def _first_reading(notice: Notice, case: ReadCase, *, baseline: bool) -> NoticeIntent:
    """Say what becomes of a notice whose page is read for the first time since it was met."""
    listed = notice.status == "listed"
    if listed and _is_told(notice, case.version, baseline=baseline, now=case.now):
        return tell_new(notice, case.version, case.facts, case.now, case.attached)
    return stand(notice, case.version, case.now)


def decide_update(notice: Notice, case: ReadCase) -> NoticeIntent:
    """Tell one change of the page and its attachments together, of the youngest notice on it."""
    seen, attached = case.seen, case.attached
    fresh = [item for item in attached if item.fresh]
    changed = [item for item in (seen, *attached) if item.changed]
    moved = [*changed, *fresh]
    decisions = [item.decision for item in changed if item.decision is not None]
    reasons = list(chain.from_iterable(decision.reasons for decision in decisions))
    if any(item.page.role == "attachment" for item in moved):
        reasons.append("attachment")
    first = moved[0]
    assert first.version is not None
    kind = _kind_of_update(notice, seen, decisions)
    if seen.version is not None:
        retitled = "title" in reasons and not case.named_by_row
        notice = replace(
            notice,
            title=(seen.version.title if retitled else "") or notice.title,
            updated=seen.version.updated or notice.updated,
            status=_STATUS.get(kind, notice.status),
            last_seen=case.now,
        )
    facts = compare_facts(case.old_facts, list(chain.from_iterable(item.facts for item in moved)))
    if "outcome" not in reasons and turns_outcome(facts):
        reasons.append("outcome")
    return NoticeIntent(
        notice,
        kind,
        material=bool(fresh) or any(decision.material for decision in decisions),
        reasons=tuple(dict.fromkeys(reasons)),
        hunks=tuple(chain.from_iterable(map(_hunks, moved))),
        facts=facts,
        from_version=first.last.id if first.last else None,
        to_version=first.version.id,
    )


def decide_unread(
    notices: Iterable[Notice], baselines: Mapping[datetime, bool], now: datetime
) -> tuple[NoticeIntent, ...]:
    """Tell a listed notice whose page cannot be read from its row: silence would be worse."""
    return tuple(
        NoticeIntent(
            replace(notice, status="standing"),
            "new" if _is_told(notice, None, baseline=baselines[notice.first_seen], now=now) else None,
            happened="listed",
        )
        for notice in notices
        if notice.status == "listed"
    )


def decide_missing(
    page: Page,
    notices: Sequence[Notice],
    told: Collection[int],
    baselines: Mapping[datetime, bool],
    now: datetime,
) -> PageIntent:
    """Withdraw the notices of a page that answered 404 or 410 twice, an hour apart.

    ``told`` are the numbers of those of which subscribers heard: a dead link that nobody ever saw alive is
    no news.
    """
    intents = decide_unread(notices, baselines, now)
    if not is_withdrawn(page, now):
        return PageIntent(None, intents)
    heard = {*told, *(intent.notice.id for intent in intents if intent.kind)}
    standing = [*(n for n in notices if n.status == "standing"), *(intent.notice for intent in intents)]
    gone = tuple(
        NoticeIntent(
            replace(notice, status="withdrawn"),
            "withdrawn",
            from_version=page.version,
            happened="page-gone",
        )
        for notice in sorted(standing, key=lambda notice: notice.id)
        if page.version is not None or notice.id in heard
    )
    return PageIntent(replace(page, gone=True), (*intents, *gone))


def decide_attachment(
    item: PageOutcome, text: Version | None, notices: Iterable[Notice], now: datetime
) -> PageIntent:
    """Decide what is told of an attachment that is gone from under its link, or there again, or was replaced.

    Gone is decided by the rule for pages; replaced is told where the file cannot be read. Each is told once.
    ``text`` is what its page says now, with the links that lead from there.
    """
    gone = item.outcome == "missing" and is_withdrawn(item.page, now)
    if item.replaced:
        return _file_replaced(item, notices)
    if not gone and not (item.success and item.page.gone):
        return PageIntent()
    page = replace(item.page, gone=gone)
    links = chain(text.attachments, *(block.links for block in text.blocks)) if text is not None else ()
    linked = {place(link.url) for link in links}  # a file known by its answer alone is linked as a page is
    standing = [notice for notice in notices if notice.status == "standing"]
    if page.version is None or place(page.url) not in linked or not standing:
        return PageIntent(page)
    old, new = (item.name, "") if gone else ("", item.name)
    happened: Literal["file-gone", "file-back"] = "file-gone" if gone else "file-back"
    op: HunkOp = "delete" if gone else "insert"
    hunk = Hunk(op, old, new, reasons=("attachment",), label=item.name, place=happened)
    intent = NoticeIntent(
        max(standing, key=lambda notice: notice.id),
        "updated",
        reasons=("removed" if gone else "added", "attachment"),
        hunks=(hunk,),
        happened=happened,
    )
    return PageIntent(page, (intent,))


def _file_replaced(item: PageOutcome, notices: Iterable[Notice]) -> PageIntent:
    """Tell that a file which nobody can read has other bytes than before."""
    standing = [notice for notice in notices if notice.status == "standing"]
    if not standing:
        return PageIntent()
    hunk = Hunk(
        "change", item.name, item.name, reasons=("attachment",), label=item.name, place="file-replaced"
    )
    intent = NoticeIntent(
        max(standing, key=lambda notice: notice.id),
        "updated",
        reasons=("attachment",),
        hunks=(hunk,),
        happened="file-replaced",
    )
    return PageIntent(None, (intent,))


def decide_moved(notices: Sequence[Notice], before: str, url: str) -> PageIntent:
    """Tell that a page points on to ``url``, where its notices stand now."""
    hunk = Hunk("change", before, url, reasons=("address",), place="address")
    return PageIntent(
        None,
        tuple(
            NoticeIntent(replace(notice, url=url), "moved", reasons=("address",), hunks=(hunk,))
            for notice in notices
            if notice.status == "standing" and place(notice.url) != place(url)
        ),
    )


def decide_row(case: RowCase) -> NoticeIntent | None:
    """Tell what a row says of its notice; None where it says what is known."""
    event, notice, row = case.event, case.notice, case.event.row
    if notice is None:
        notice = meet(
            case.page,
            row,
            row.url,
            case.now,
            case.version,
            baseline=case.baseline or case.overlooked,
            overlooked=case.overlooked,
        )
        return replace(_told_if_read(notice, case), met=True)
    if event.before is None:
        return None  # the same notice in a second listing of this source
    stands_there = event.kind == "moved" and place(notice.url) == place(row.url)  # its page had pointed there
    # a day that the row does not say may be known from the page
    known, day = notice.published, row.published or notice.published
    notice = replace(notice, url=row.url, title=row.title, published=day, page=case.page.id)
    if stands_there or case.corrected or event.kind == "respelled":
        return NoticeIntent(notice)
    if notice.status == "listed":
        return _told_if_read(notice, case)
    if event.kind == "redated" and day == known:
        return NoticeIntent(notice)  # a day that goes could not be read (of 1700, left out), or it is back
    return _told_of_row(notice, event, replace(event.before, published=event.before.published or known))


def meet(
    page: Page,
    row: Row | None,
    url: str,
    now: datetime,
    version: Version | None,
    *,
    baseline: bool,
    overlooked: bool = False,
) -> Notice:
    """Describe a notice met for the first time; ``listed`` means that subscribers may have yet to hear of it.

    ``overlooked``: it stood there before, and is told if it is dated and so young that it would be told on a
    first visit, too.
    """
    notice = Notice(
        source=page.source,
        page=page.id,
        url=row.url if row else url,
        title=(row.title if row else "") or (version.title if version else ""),
        published=(row.published if row else None) or (version.published if version else None),
        first_seen=now,
        last_seen=now,
    )
    if overlooked:
        waits = notice.published is not None and is_news(notice.published, baseline=True, now=now)
    else:
        undated = version is None and notice.published is None  # its page may tell
        waits = undated or _is_told(notice, version, baseline=baseline, now=now)
    return replace(notice, status="listed" if waits else "standing")


def tell_new(
    notice: Notice,
    version: Version,
    facts: Sequence[Fact],
    now: datetime,
    attached: Iterable[PageOutcome] = (),
) -> NoticeIntent:
    """Tell a notice that waited to be read, with the facts of its page and attachments."""
    told = compare_facts((), [*facts, *chain.from_iterable(item.facts for item in attached)])
    return replace(stand(notice, version, now), kind="new", to_version=version.id, facts=told)


def stand(notice: Notice, version: Version, now: datetime) -> NoticeIntent:
    """Note that a notice stands there to be read, without a word to anybody."""
    state = replace(
        notice,
        status="standing",
        title=notice.title or version.title,
        published=notice.published or version.published,
        updated=version.updated,
        last_seen=now,
    )
    return NoticeIntent(state)


def _is_told(notice: Notice, version: Version | None, *, baseline: bool, now: datetime) -> bool:
    dated: date | None = notice.published or (version and (version.published or version.updated)) or None
    return is_news(dated, baseline=baseline, now=now)


def _kind_of_update(notice: Notice, seen: PageOutcome, decisions: Iterable[TextDecision]) -> ChangeKind:
    if any(decision.withdrawn for decision in decisions):
        return "withdrawn"
    if notice.status == "withdrawn" and seen.version and not says_withdrawn(seen.version.text):
        return "restored"
    return "updated"


def _hunks(item: PageOutcome) -> list[Hunk]:
    """List the differences of one page; those of an attachment say whose they are."""
    if item.fresh:
        title = item.version.title if item.version else ""
        return [Hunk("insert", new=title or item.name, reasons=("attachment",), label=item.name)]
    hunks = list(item.decision.hunks) if item.decision else []
    if item.page.role != "attachment":
        return hunks
    return [replace(hunk, label=f"{item.name}: {hunk.label}" if hunk.label else item.name) for hunk in hunks]


def _told_if_read(notice: Notice, case: RowCase) -> NoticeIntent:
    """Tell a notice whose page was read before."""
    if case.version is None or notice.status != "listed":
        return NoticeIntent(notice)
    return tell_new(notice, case.version, case.facts, case.now)


def _told_of_row(notice: Notice, event: RowEvent, before: Row) -> NoticeIntent:
    row = event.row
    places: dict[str, tuple[HunkPlace, str, str]] = {
        "moved": ("address", before.url, row.url),
        "retitled": ("title", before.title, row.title),
        "redated": ("date", str(before.published or ""), str(row.published or "")),
    }
    where, old, new = places[event.kind]
    hunk = Hunk("change", old, new, reasons=(where,), place=where)
    kind: ChangeKind = "moved" if event.kind == "moved" else "updated"
    return NoticeIntent(notice, kind, reasons=(where,), hunks=(hunk,))
