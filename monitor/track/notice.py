"""What a page's new state means for the notices that stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from monitor.comparing import summarise
from monitor.facts import compare_facts
from monitor.incidents.incident_links import link_notice
from monitor.track.context import TrackContext
from monitor.track.judge import decide
from monitor.track.judge.judgement import PageOutcome
from monitor.track.page import note_gaps
from storage.records import ChangeKind, Fact, Hunk, Notice, NoticeStatus, Page, Row, Version
from storage.text.urls import place
from storage.topics import health

_STATUS: dict[ChangeKind, NoticeStatus] = {"withdrawn": "withdrawn", "restored": "standing"}


def add_notice(
    context: TrackContext,
    page: Page,
    row: Row | None,
    version: Version | None,
    url: str,
    *,
    overlooked: bool = False,
) -> Notice:
    """Note a notice met for the first time. ``listed`` means that subscribers may have yet to hear of it.
    ``overlooked``: it stood there before, and our rules of reading left it out."""
    published = (row.published if row else None) or (version.published if version else None)
    if overlooked:
        news = published is not None and decide.is_news(published, baseline=True, now=context.now)
    else:
        undated = version is None and published is None  # its page may tell
        news = undated or _news(context, page, published, version, context.now)
    return context.writer.add_notice(
        Notice(
            source=context.source.id,
            page=page.id,
            url=row.url if row else url,
            title=(row.title if row else "") or (version.title if version else ""),
            published=published,
            first_seen=context.now,
            last_seen=context.now,
            status="listed" if news else "standing",
        )
    )


def _news(
    context: TrackContext, page: Page, published: date | None, version: Version | None, first_seen: datetime
) -> bool:
    dated = published or (version and (version.published or version.updated)) or None
    return decide.is_news(dated, baseline=_baseline(context, page, first_seen), now=context.now)


def _baseline(context: TrackContext, page: Page, first_seen: datetime) -> bool:
    """Whether a notice was there before anyone looked: its source, its listing or, of a source without
    listings, its page was read for the first time when it was met, in a run that was killed or not."""
    source, writer = context.source, context.writer
    if source.listing is None and place(page.url) in map(place, source.start):
        return not any(check.outcome == "missing" for check in writer.checks(page.id, limit=2)[1:])
    return writer.is_first_visit(source.id, context.run) or writer.listing_began(source.id, first_seen)


def page_read(
    context: TrackContext, seen: PageOutcome, attached: Sequence[PageOutcome], url: str, row: Row | None
) -> None:
    """The page was read: its notices are told if they are new, changed or back again."""
    writer = context.writer
    version = seen.version or writer.version(seen.page.version or 0)
    assert version is not None
    facts = seen.facts if seen.version else writer.facts(version.id)
    if seen.page.gone and seen.success:
        _restore(context, seen.page)
    notices = writer.notices_of_page(seen.page.id)
    if seen.fresh and not notices:
        notices = [add_notice(context, seen.page, row, version, url)]
    stood = [notice for notice in notices if notice.status != "listed"]
    for notice in notices:
        if notice.status == "listed" and _news(
            context, seen.page, notice.published, version, notice.first_seen
        ):
            tell_new(context, notice, version, facts, attached)
        elif notice.status == "listed" or seen.fresh:
            _stand(context, notice, version, facts)
    writer.touch_notices(seen.page.id, context.now)
    if seen.fresh or not stood:
        return
    if any(item.fresh or item.changed for item in (seen, *attached)):
        _tell_update(context, max(stood, key=lambda notice: notice.id), seen, attached)


def page_unread(context: TrackContext, page: Page) -> None:
    """A listed notice whose page cannot be read is told from its row: silence would be worse."""
    for notice in context.writer.notices_of_page(page.id):
        if notice.status == "listed":
            notice = replace(notice, status="standing")
            context.writer.put_notice(notice)
            if _news(context, page, notice.published, None, notice.first_seen):
                context.tell(notice, "new", summary=notice.title)


def page_missing(context: TrackContext, page: Page) -> None:
    """404 or 410: withdrawn once it has answered so twice, an hour apart; until then an alert."""
    page_unread(context, page)
    if not decide.is_withdrawn(page, context.now):
        return
    context.writer.put_page(replace(page, gone=True))
    note_gaps(context, page, health.WHEN_GONE)
    for notice in context.writer.notices_of_page(page.id):
        told = page.version is not None or context.writer.changes_of_notice(notice.id)
        if notice.status == "standing" and told:  # a dead link that nobody ever saw alive is no news
            notice = replace(notice, status="withdrawn")
            context.writer.put_notice(notice)
            context.tell(notice, "withdrawn", from_version=page.version, summary="ページがなくなりました")


def attachment_stands(context: TrackContext, page: Page, item: PageOutcome) -> None:
    """Tell once of an attachment that is gone from under its link, by the rule for pages, or there again."""
    gone = item.outcome == "missing" and decide.is_withdrawn(item.page, context.now)
    if not gone and not (item.success and item.page.gone):
        return
    context.writer.put_page(replace(item.page, gone=gone))
    version = context.writer.version(page.version) if page.version is not None else None
    linked = {place(link.url) for link in version.attachments} if version else set()
    standing = [n for n in context.writer.notices_of_page(page.id) if n.status == "standing"]
    if item.page.version is None or place(item.page.url) not in linked or not standing:
        return
    hunk = Hunk("insert", new=item.name, reasons=("attachment",), label=item.name)
    if gone:
        hunk = replace(hunk, op="delete", old=item.name, new="")
    context.tell(
        max(standing, key=lambda notice: notice.id),
        "updated",
        reasons=["removed" if gone else "added", "attachment"],
        hunks=[hunk],
        summary=f"添付ファイル{item.name}が{'なくなりました' if gone else '再び掲載されました'}",
    )


def tell_new(
    context: TrackContext,
    notice: Notice,
    version: Version,
    facts: Sequence[Fact],
    attached: Sequence[PageOutcome] = (),
) -> None:
    """A notice that waited to be read is news, with the facts of its page and attachments."""
    notice = _stand(context, notice, version, facts)
    told = compare_facts((), [*facts, *chain.from_iterable(item.facts for item in attached)])
    context.tell(notice, "new", to_version=version.id, summary=summarise((), told), facts=told)


def _stand(context: TrackContext, notice: Notice, version: Version, facts: Sequence[Fact]) -> Notice:
    notice = replace(
        notice,
        status="standing",
        title=notice.title or version.title,
        published=notice.published or version.published,
        updated=version.updated,
        last_seen=context.now,
    )
    context.writer.put_notice(notice)
    link_notice(context.writer, context.source, notice, version, facts)
    return notice


def _restore(context: TrackContext, page: Page) -> None:
    context.writer.put_page(replace(page, gone=False))
    for notice in context.writer.notices_of_page(page.id):
        if notice.status == "withdrawn":
            notice = replace(notice, status="standing")
            context.writer.put_notice(notice)
            context.tell(notice, "restored", to_version=page.version, summary="再び掲載されました")


def _tell_update(
    context: TrackContext, notice: Notice, seen: PageOutcome, attached: Sequence[PageOutcome]
) -> None:
    """One change for the page and its attachments together, told of the youngest notice on it."""
    fresh = [item for item in attached if item.fresh]
    changed = [item for item in (seen, *attached) if item.changed]
    hunks = list(chain.from_iterable(_hunks(item) for item in (*changed, *fresh)))
    reasons = list(chain.from_iterable(item.decision.reasons for item in changed if item.decision))
    if any(item.page.role == "attachment" for item in (*changed, *fresh)):
        reasons.append("attachment")
    old: list[Fact] = []
    for item in changed:
        if item.last is not None:
            old += context.writer.facts(item.last.id)
    told = compare_facts(old, list(chain.from_iterable(item.facts for item in (*changed, *fresh))))
    first = (changed or fresh)[0]
    version = first.version
    assert version is not None
    decisions = [item.decision for item in changed if item.decision is not None]
    kind: ChangeKind = "updated"
    if any(decision.withdrawn for decision in decisions):
        kind = "withdrawn"
    elif notice.status == "withdrawn" and seen.version and not decide.says_withdrawn(seen.version.text):
        kind = "restored"
    if seen.version is not None:
        retitled = "title" in reasons and context.source.listing is None  # else its row names it
        notice = replace(
            notice,
            title=(seen.version.title if retitled else "") or notice.title,
            updated=seen.version.updated or notice.updated,
            status=_STATUS.get(kind, notice.status),
            last_seen=context.now,
        )
        context.writer.put_notice(notice)
        link_notice(context.writer, context.source, notice, seen.version, seen.facts)
    context.tell(
        notice,
        kind,
        summary=summarise(hunks, told),
        material=bool(fresh) or any(decision.material for decision in decisions),
        reasons=reasons,
        hunks=hunks,
        facts=told,
        from_version=first.last.id if first.last else None,
        to_version=version.id,
    )


def _hunks(item: PageOutcome) -> list[Hunk]:
    """The differences of one page; those of an attachment say whose they are."""
    if item.fresh:
        title = item.version.title if item.version else ""
        return [Hunk("insert", new=title or item.name, reasons=("attachment",), label=item.name)]
    hunks = list(item.decision.hunks) if item.decision else []
    if item.page.role != "attachment":
        return hunks
    return [replace(hunk, label=f"{item.name}: {hunk.label}" if hunk.label else item.name) for hunk in hunks]
