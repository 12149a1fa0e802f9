"""Captures from before what is known of a page: kept as they come, then placed in its history in one go.

    keep_earlier (bytes and check) | gather_past (archive) | judge.placing | place_past (archive)

What was told stays as it was told. Changes that only come to light here carry the reason ``found-later`` and
the time of their capture, and nobody is notified of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from monitor.track.context import TrackContext
from monitor.track.judge import boilerplate
from monitor.track.judge.case import PageOutcome
from monitor.track.judge.intents import NoticeIntent, ReadCase, decide_update, meet, stand
from monitor.track.judge.placing import PastCase, Placed, Placement, Sighting
from monitor.track.judge.recipe import make_recipe
from monitor.track.page import host_of
from monitor.track.rederive import reread
from storage.archive import Reader, Writer
from storage.records import SUCCESS, Change, Check, Notice, Page, Source, Version

LATE_BYTES = 32 << 20
"""Of late captures that are placed at a time; what is more waits for the next round."""

_READABLE = frozenset((*SUCCESS, "held"))


def find_late_pages(reader: Reader, source: Source) -> list[Page]:
    """Return the pages of a source that captures wait to be placed on, or on a file of theirs."""
    found: dict[int, Page] = {}
    for page in reader.pages_with_late_captures(source.id):
        root = page if page.parent is None else reader.page_by_id(page.parent)
        if root is not None:
            found.setdefault(root.id, root)
    return list(found.values())


def gather_past(writer: Writer, source: Source, root: Page) -> list[PastCase]:
    """Gather what placing needs of a page and its files: of each that has late captures.

    Versions that other rules made are read again first, in silence. What was redacted gets nothing new, and
    neither does what today's rules cannot read.
    """
    cases = []
    for page in (root, *writer.attachments_of(root.id)):
        late = [check for check in writer.sightings(page.id) if _is_late(check)]
        if not late:
            continue
        versions = writer.versions(page.id)
        outdated = [version for version in versions if version.recipe != make_recipe(source)]
        if any(version.redacted for version in versions) or not all(
            reread(writer, source, version) for version in outdated
        ):
            for check in late:
                writer.say_of_check(check.id, "not placed")
            continue
        elsewhere: dict[str, int] = {}
        if boilerplate.is_learned_on(source, page):
            elsewhere = writer.blocks_elsewhere(page.id, host_of(page), boilerplate.RECURS_ON_PAGES - 1)
        versions = writer.versions(page.id) if outdated else versions
        sightings = tuple(_sightings(writer, page, versions))
        cases.append(PastCase(source, page, tuple(versions), sightings, elsewhere))
    return cases


def _is_late(check: Check) -> bool:
    return check.outcome == "earlier" and not check.detail


def _sightings(reader: Reader, page: Page, versions: Sequence[Version]) -> Iterator[Sighting]:
    """Yield what was seen of a page and can matter: bytes only where something came to be judged before."""
    left = LATE_BYTES
    told: int | None = None
    doubted = False
    for check in reader.sightings(page.id):
        outcome = check.detail if check.outcome == "earlier" else check.outcome
        if check.snapshot is None or (outcome and outcome not in _READABLE):
            continue
        stood = next((one.id for one in reversed(versions) if one.captured_at <= check.checked_at), None)
        judged = not outcome or outcome == "held" or stood is None
        if not judged and stood == told and not doubted:
            continue
        shot = reader.snapshot(check.snapshot, body=judged or doubted)
        if shot is None:
            continue
        if not outcome:
            if shot.size > left and left < LATE_BYTES:
                continue
            left -= shot.size
        if judged:
            yield Sighting(check.id, check.checked_at, shot, "held" if outcome else "late")
            doubted = True
        else:
            yield Sighting(check.id, check.checked_at, shot, "stood", stood)
            told, doubted = stood, False


@dataclass(slots=True)
class _Moment:
    """What a page and its files came to say at one time."""

    page: PageOutcome | None = None
    files: list[PageOutcome] = field(default_factory=list)


def place_past(
    context: TrackContext, root: Page, cases: Sequence[PastCase], placements: Sequence[Placement]
) -> None:
    """Write the history of a page and its files as it is now, and the changes that came to light."""
    writer = context.writer
    moments: defaultdict[datetime, _Moment] = defaultdict(_Moment)
    for case, placement in zip(cases, placements, strict=True):
        for item in _apply(context, case, placement):
            assert item.version is not None
            moment = moments[item.version.captured_at]
            if item.page.role == "page":
                moment.page = item
            else:
                moment.files.append(item)
    context.touched.add(root.id)
    page = writer.page_by_id(root.id)
    notices = _notices(context, page) if page is not None else []
    if page is None or not notices:
        return
    began = next((head.captured_at for head in writer.history(page.id)), None)
    for at in sorted(moments):
        moment = moments[at]
        seen = moment.page or PageOutcome(page, "same-text")
        # A page that is read first is no change, nor are the files that came with it.
        files = [file for file in moment.files if not file.fresh or (began is not None and at > began)]
        if seen.changed or files:
            _tell(replace(context, now=at), notices, seen, files)


def _apply(context: TrackContext, case: PastCase, placement: Placement) -> Iterator[PageOutcome]:
    """Write the versions of one page; yield those that came to follow another than they were told against."""
    writer, page = context.writer, case.page
    last: Version | None = None
    for number, placed in enumerate(placement.history, 1):
        version = _put(writer, number, placed)
        fresh = placed.judged is not None and last is None and (placed.moved or not placed.version.id)
        if placed.judged is not None and (last is not None or fresh):
            yield PageOutcome(
                page,
                "version",
                version=version,
                last=last,
                decision=placed.judged.decision,
                facts=placed.judged.facts,
            )
        last = version
    for check, outcome in placement.outcomes:
        writer.say_of_check(check, outcome)
    if last is not None:
        writer.put_page(
            replace(
                page,
                version=last.id,
                snapshot=page.snapshot or last.snapshot,
                last_changed=last.captured_at,
                changes_seen=len(placement.history) - 1,
                volatile=placement.volatile,
                held=placement.held,
            )
        )


def _put(writer: Writer, number: int, placed: Placed) -> Version:
    version, judged = replace(placed.version, number=number), placed.judged
    if not version.id:
        assert judged is not None
        version = writer.add_version(version)
        writer.add_facts(version.id, judged.facts)
    elif placed.moved:
        assert judged is not None
        writer.replace_version(version)
        writer.replace_facts(version.id, judged.facts)
    return version


def _notices(context: TrackContext, page: Page) -> list[Notice]:
    """Return the notices on a page; one that was never read until now gets one without a word.

    A page that a listing leads to has its notice from there.
    """
    writer = context.writer
    known = [one for one in writer.notices_of_page(page.id) if one.status != "listed"]
    if known or context.source.listing is not None or page.version is None:
        return known
    version = writer.versions(page.id)[0]
    notice = meet(page, None, page.url, version.captured_at, version, baseline=True)
    return [context.carry_out(replace(stand(notice, version, version.captured_at), met=True))]


def _tell(
    context: TrackContext, notices: Sequence[Notice], seen: PageOutcome, files: Sequence[PageOutcome]
) -> None:
    """Write the change of one moment, unless one that was told says it already."""
    writer = context.writer
    first = next(item.version for item in (seen, *files) if item.version is not None)
    before = [item.last for item in (seen, *files) if item.last is not None]
    # As it stood then: what became of the notice later is no matter of this change.
    notice = replace(max(notices, key=lambda one: one.id), status="standing")
    intent = decide_update(
        notice,
        ReadCase(
            seen,
            tuple(files),
            first,
            seen.facts,
            tuple(notices),
            {},
            context.now,
            notice.url,
            old_facts=tuple(fact for one in before for fact in writer.facts(one.id)),
            named_by_row=context.source.listing is not None,
        ),
    )
    told = [
        change
        for change in writer.changes_of_notice(notice.id)
        if change.to_version == intent.to_version and change.kind != "new"
    ]
    marked = [change for change in told if "found-later" in change.reasons]
    if any(change not in marked and _says_the_same(writer, change, intent) for change in told):
        return
    title = seen.version.title if seen.version is not None and context.source.listing is None else ""
    found = context.change_of(
        replace(
            intent,
            notice=replace(notice, title=title or notice.title),
            reasons=(*intent.reasons, "found-later"),
        )
    )
    if marked:
        found = replace(found, id=marked[0].id)
        writer.put_change(found)
    else:
        found = writer.add_change(found)
    context.result.changes.append(found)


def _says_the_same(reader: Reader, told: Change, found: NoticeIntent) -> bool:
    """Tell whether a change was told against a version that says the same."""
    versions = reader.versions_by_id(
        number for number in (told.from_version, found.from_version) if number is not None
    )
    return all(one.key == other.key for one, other in pairwise(versions.values()))
