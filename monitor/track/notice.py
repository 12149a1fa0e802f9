"""What a page's new state means for the notices that stand on it: gathered here, decided in judge.intents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor.radar import answer_row, facts_decide
from monitor.track.context import TrackContext
from monitor.track.judge.case import PageOutcome
from monitor.track.judge.intents import (
    SAID_BY_TEXT,
    PageIntent,
    ReadCase,
    decide_attachment,
    decide_missing,
    decide_moved,
    decide_read,
    decide_unread,
    is_met,
    keep_quiet,
)
from storage.archive import Writer
from storage.records import Fact, Notice, Page, Row, Source, Version
from storage.text.urls import place

ENOUGH_TEXT = 200
"""Characters from which on two pages hardly say the same by chance, as "for members only" does."""


def judge_read_page(
    context: TrackContext, seen: PageOutcome, attached: Sequence[PageOutcome], url: str, row: Row | None
) -> PageIntent:
    """Gather what a page that was read is to be judged by, and say what is to become of its notices."""
    writer, notices = context.writer, context.writer.notices_of_page(seen.page.id)
    version = seen.version
    if version is None:
        assert seen.page.version is not None
        version = writer.version(seen.page.version)
        assert version is not None
    changed = [item.last.id for item in (seen, *attached) if item.changed and item.last is not None]
    facts = seen.facts if seen.version else tuple(writer.facts(version.id))
    listing = context.source.listing
    topical = listing is not None and listing.topic != "any"
    belongs = not topical or bool(notices) or _belongs(context.source, row, version, facts)
    if belongs and not notices and listing is not None:  # one address that two lists name is one notice
        belongs = not writer.notices_elsewhere(context.source.id, seen.page.url)
    met = [context.now] if not notices and is_met(seen, belongs=belongs, topical=topical) else []
    intent = decide_read(
        ReadCase(
            seen,
            tuple(attached),
            version,
            facts,
            tuple(notices),
            _baselines(context, seen.page, notices, met),
            context.now,
            url,
            row,
            old_facts=tuple(fact for number in changed for fact in writer.facts(number)),
            named_by_row=listing is not None,
            belongs=belongs,
            topical=topical,
        )
    )
    return _leave_out_known(context, intent, seen, attached, version)


def _leave_out_known(
    context: TrackContext,
    intent: PageIntent,
    seen: PageOutcome,
    attached: Sequence[PageOutcome],
    version: Version,
) -> PageIntent:
    """Leave untold what the notice said at another address, or the page that it points on to."""
    told = [one.notice for one in intent.notices if one.kind in SAID_BY_TEXT]
    pointed = bool(seen.moved_from and told) and _says(context.writer, _onward(context, seen), version)
    by_text = seen.fresh or not any(item.changed or item.fresh for item in attached)
    if pointed or (by_text and any(_said_elsewhere(context.writer, notice, version) for notice in told)):
        return keep_quiet(intent)
    return intent


def _onward(context: TrackContext, seen: PageOutcome) -> Page | None:
    """Return the watched page that a page points on to, where it is one of its source."""
    shown = seen.snapshot
    return context.writer.page(context.source.id, shown.final_url, "page") if shown else None


def _said_elsewhere(writer: Writer, notice: Notice, version: Version) -> bool:
    """Tell whether the same notice stands at another address of its source, where its text was read before.

    Sites show one article under every category it belongs to. Files that differ, or a text so short that a
    page without one may say it, are no sign of that.
    """
    if len(version.text) < ENOUGH_TEXT:
        return False
    return any(
        _says(writer, writer.page_by_id(twin.page), version)
        for twin in writer.namesakes(notice)
        if twin.status == "standing"
    )


def _says(writer: Writer, page: Page | None, version: Version) -> bool:
    """Tell whether another page says now what ``version`` does, files and all."""
    if page is None or page.version is None or page.id == version.page:
        return False
    other = writer.version(page.version)
    return other is not None and other.key == version.key and _files(other) == _files(version)


def _files(version: Version) -> set[str]:
    return {place(link.url) for link in version.attachments}


def _belongs(source: Source, row: Row | None, version: Version, facts: Sequence[Fact]) -> bool:
    """Say whether a page is of the listing's topic: by the row that led to it, or else by what it says."""
    if row is not None and answer_row(source, row).answer == "yes":
        return True
    return facts_decide(version.title, facts, source.kind)


def judge_unread_page(context: TrackContext, page: Page) -> PageIntent:
    """Say what is to become of notices whose page cannot be read."""
    notices = context.writer.notices_of_page(page.id)
    return PageIntent(None, decide_unread(notices, _baselines(context, page, notices), context.now))


def judge_moved_page(context: TrackContext, seen: PageOutcome, url: str) -> PageIntent:
    """Say what is told of notices whose page points on to another address, where the same text was read."""
    return decide_moved(context.writer.notices_of_page(seen.page.id), seen.moved_from, url)


def judge_missing_page(context: TrackContext, page: Page) -> PageIntent:
    """Say what is to become of notices whose page answers 404 or 410."""
    notices = context.writer.notices_of_page(page.id)
    unread = page.version is None  # whether anybody heard of what was read need not be asked
    told = [one.id for one in notices if unread and context.writer.changes_of_notice(one.id)]
    return decide_missing(page, notices, told, _baselines(context, page, notices), context.now)


def judge_attachment(context: TrackContext, page: Page, item: PageOutcome) -> PageIntent:
    """Say what is to become of an attachment of ``page`` that went or came back, and what is told of it."""
    if item.outcome != "missing" and not item.page.gone and not item.replaced:
        return PageIntent()
    text = context.writer.version(page.version) if page.version is not None else None
    return decide_attachment(item, text, context.writer.notices_of_page(page.id), context.now)


def is_baseline(context: TrackContext, page: Page, first_seen: datetime) -> bool:
    """Tell whether a notice was there before anyone looked.

    Then its source, its listing or, of a source without listings, its page was read for the first time when
    it was met, in a run that was killed or not.
    """
    source, writer = context.source, context.writer
    if source.listing is None and place(page.url) in map(place, source.start):
        return not any(check.outcome == "missing" for check in writer.checks(page.id, limit=2)[1:])
    if source.periodic:  # a list that begins with its month is no old one that is read for the first time
        return context.is_first_visit() or writer.lists_began(source.id) in (None, first_seen)
    return context.is_first_visit() or writer.listing_began(source.id, first_seen)


def _baselines(
    context: TrackContext, page: Page, notices: Iterable[Notice], met: Iterable[datetime] = ()
) -> dict[datetime, bool]:
    """Ask of every moment at which a notice was met that subscribers have yet to hear of."""
    moments = {*met, *(notice.first_seen for notice in notices if notice.status == "listed")}
    return {moment: is_baseline(context, page, moment) for moment in moments}
